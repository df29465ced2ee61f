"""The server that is written to: its addresses, of which one leads to the others, and who writes to it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from transfergraph.errors import UsageError
from transfergraph.messages import explained

USER, PASSWORD, TOKEN = (f"TRANSFERGRAPH_PUSH_{name}" for name in ("USER", "PASSWORD", "TOKEN"))

# How the address of the graph store ends, and what stands instead at the end of that for updates and
# queries. The first that fits counts.
_LAYOUTS = (
    ("/rdf-graphs/service", "/statements", ""),  # RDF4J, GraphDB
    ("/sparql-graph-crud-auth", None, "/sparql"),  # Virtuoso; it takes updates under another login
    ("/sparql/gsp/", "/sparql", "/sparql"),  # Amazon Neptune
    ("/sparql/gsp", "/sparql", "/sparql"),
    ("/data", "/update", "/query"),  # Apache Jena Fuseki
    ("/store", "/update", "/query"),  # Oxigraph
)


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A name with its password, or a token; all empty where the server asks for nothing."""

    user: str = ""
    password: str = ""
    token: str = ""

    @property
    def authorization(self) -> str:
        """The value of the field ``Authorization``: Basic (RFC 7617) or Bearer (RFC 6750); perhaps empty."""
        if self.token:
            return f"Bearer {self.token}"
        if self.user:
            pair = f"{self.user}:{self.password}".encode()
            return f"Basic {base64.b64encode(pair).decode('ascii')}"
        return ""


def read_credentials(environment: Mapping[str, str]) -> Credentials:
    """The credentials that the environment has; raises :class:`UsageError` for half of them."""
    user, password, token = (environment.get(name, "") for name in (USER, PASSWORD, TOKEN))
    if token and (user or password):
        raise UsageError(explained("error.push.token-and-user", token=TOKEN, user=USER))
    if bool(user) != bool(password):
        raise UsageError(explained("error.push.user-and-password", user=USER, password=PASSWORD))
    if any(ord(character) < 32 or ord(character) == 127 for character in user + password + token):
        raise UsageError(explained("error.push.lines", user=USER, password=PASSWORD, token=TOKEN))
    return Credentials(user, password, token)


@dataclass(frozen=True, slots=True)
class EndpointAddresses:
    """The addresses of one data set: of its graph store, for queries, and for updates or None."""

    store: str
    query: str
    update: str | None


def addresses(store: str, query: str | None = None, update: str | None = None) -> EndpointAddresses:
    """The three addresses; those left out follow from the first where its form is known.

    Raises :class:`UsageError` for what is no address, and when the address for queries is not known.
    """
    for address in (store, query, update):
        if address is not None:
            _check(address)
    for ending, updates, queries in _LAYOUTS:
        if store.endswith(ending):
            stem = store.removesuffix(ending)
            known = None if updates is None else stem + updates
            return EndpointAddresses(store, query or stem + queries, update or known)
    if query is None:
        raise UsageError(explained("error.push.query-url", store=store))
    return EndpointAddresses(store, query, update)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(explained("error.push.address", address=address))
    if parts.username or parts.password:
        raise UsageError(explained("error.push.credentials-in-address", hostname=parts.hostname))
    if parts.fragment:
        raise UsageError(explained("error.push.fragment", address=address))
