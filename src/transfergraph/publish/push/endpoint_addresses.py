"""Where a server takes graphs, updates and queries: three addresses, of which one leads to the others."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from transfergraph.errors import UsageError

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


@dataclass(frozen=True, slots=True)
class EndpointAddresses:
    """The addresses of one data set: of its graph store, for queries, and for updates or None."""

    store: str
    query: str
    update: str | None


def addresses(store: str, query: str | None = None, update: str | None = None) -> EndpointAddresses:
    """The three addresses; those left out follow from the first where its form is known.

    Raises :class:`UsageError` for what is no address, and when the address for queries cannot be told.
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
        raise UsageError(
            f"Where {store} takes queries cannot be told from its address; name it: --query-url, and "
            "--update-url where it takes updates."
        )
    return EndpointAddresses(store, query, update)


def _check(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(
            f"{address!r} is no address of a server: it begins with http:// or https://, for example "
            "https://data.agency.de/graph/data."
        )
    if parts.username or parts.password:
        raise UsageError(
            f"The address of {parts.hostname} holds a name or a password; take them out and put them into "
            "TRANSFERGRAPH_PUSH_USER and TRANSFERGRAPH_PUSH_PASSWORD of the environment."
        )
    if parts.fragment:
        raise UsageError(f"{address!r} has a fragment (#), which no server gets to see; take it out.")
