"""A client of the SPARQL 1.1 Graph Store HTTP Protocol; updates and queries after the SPARQL 1.1 Protocol."""

from __future__ import annotations

import hashlib
import http.client
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from typing import IO, Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

import pyoxigraph as ox

from transfergraph.common.formats import graph_format, result_format
from transfergraph.errors import StoreError, UsageError
from transfergraph.publish.push.endpoint import PASSWORD, TOKEN, USER, Credentials, EndpointAddresses
from transfergraph.store.retries import PATIENT, RetryLater, RetryPolicy, busy, first_words, user_agent

_BUSY = (408, 429, 502, 503, 504)
_N_TRIPLES = graph_format("n-triples").media_type
_JSON = result_format("json")

_ALGORITHMS = {"MD5": "md5", "SHA-256": "sha256"}
_Hash = Callable[[str], str]

Rows = list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]]


class _Digest(HTTPDigestAuthHandler):
    """Answers a server that asks for Digest; any other refusal is reported as it is."""

    def http_error_401(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: http.client.HTTPMessage
    ) -> Any:
        """Try again with the answer to the challenge."""
        asked = (headers.get("WWW-Authenticate") or "").partition(" ")[0]
        if asked.lower() != "digest":
            return None
        with fp:
            return super().http_error_401(req, fp, code, msg, headers)

    def get_algorithm_impls(self, algorithm: str) -> tuple[_Hash, Callable[[str, str], str]]:
        """The functions H and KD of the standard, for names and passwords in any script (its section 4)."""
        if algorithm not in _ALGORITHMS:
            raise StoreError(f"The server asks for the digest {algorithm[:20]!r}, which is not known here.")

        def digest(text: str) -> str:
            return hashlib.new(_ALGORITHMS[algorithm], text.encode(), usedforsecurity=False).hexdigest()

        return digest, lambda secret, data: digest(f"{secret}:{data}")


class _NoRedirect(HTTPRedirectHandler):
    """Follows no redirection, so that data is sent to the address that was given alone."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return


class _Call(NamedTuple):
    method: str
    url: str
    body: bytes | None
    fields: Mapping[str, str]
    absent_is_fine: bool = False


class GraphStore:
    """A data set on a server: its graphs are replaced and added to, and it is queried.

    ``patience.timeout`` is for one request; what can be repeated without harm is, as patience allows.
    """

    def __init__(
        self, where: EndpointAddresses, credentials: Credentials, patience: RetryPolicy = PATIENT
    ) -> None:
        self.where = where
        self._credentials = credentials
        self.patience = patience
        self._opener = _opener(where, credentials)

    def put(self, graph: str, triples: bytes) -> None:
        """Replace the content of a graph by these N-Triples (section 5.3)."""
        self._repeat(_Call("PUT", self._of(graph), triples, {"Content-Type": _N_TRIPLES}))

    def post(self, graph: str, triples: bytes) -> None:
        """Add N-Triples to a graph (section 5.5); idempotent, because there are no blank nodes."""
        self._repeat(_Call("POST", self._of(graph), triples, {"Content-Type": _N_TRIPLES}))

    def delete(self, graph: str) -> None:
        """Delete a graph (section 5.4); nothing happens where there is none."""
        self._repeat(_Call("DELETE", self._of(graph), None, {}, absent_is_fine=True))

    def update(self, text: str) -> None:
        """Run an update, once: whether one that broke off has happened can only be found out by asking.

        Raises :class:`RetryLater` for one that broke off.
        """
        if self.where.update is None:
            raise UsageError(f"Where {self.where.store} takes updates is not known; name it: --update-url.")
        fields = {"Content-Type": "application/sparql-update; charset=utf-8"}
        self._once(_Call("POST", self.where.update, text.encode(), fields))

    def select(self, query: str) -> Rows:
        """The rows of a SELECT query, in its own order of variables; the answer is read whole."""
        fields = {"Content-Type": "application/sparql-query; charset=utf-8", "Accept": _JSON.media_type}
        body = self._repeat(_Call("POST", self.where.query, query.encode(), fields))
        try:
            solutions = ox.parse_query_results(body, format=_JSON.oxigraph)
            assert isinstance(solutions, ox.QuerySolutions)
            width = range(len(solutions.variables))
            return [tuple(_plain(row[index]) for index in width) for row in solutions]
        except (SyntaxError, AssertionError, OSError) as error:
            raise StoreError(
                f"{self.where.query} answered with something that is no result: {error}"
            ) from error

    def _of(self, graph: str) -> str:
        """The address of a graph, named indirectly (section 4.2)."""
        join = "&" if "?" in self.where.store else "?"
        return f"{self.where.store}{join}graph={quote(graph, safe='')}"

    def _repeat(self, call: _Call) -> bytes:
        """Send a request as often as patience allows."""
        return self.patience.repeat(lambda: self._once(call))

    def _once(self, call: _Call) -> bytes:
        shown = call.url.partition("?graph=")[0]
        try:
            request = Request(call.url, call.body, {**self._fields(), **call.fields}, method=call.method)
            with self._opener.open(request, timeout=self.patience.timeout) as response:
                return bytes(response.read())
        except HTTPError as error:
            with closing(error):
                if call.absent_is_fine and error.code == 404:
                    return b""
                raise _refusal(error, shown) from error
        except URLError as error:
            raise _unreachable(error, shown, self.patience.timeout) from error
        except TimeoutError as error:
            raise RetryLater(f"{shown} did not answer within {self.patience.timeout} s") from error
        except (http.client.HTTPException, ConnectionError) as error:
            raise RetryLater(f"{shown} broke off the connection ({type(error).__name__})") from error

    def _fields(self) -> dict[str, str]:
        fields = {"User-Agent": user_agent()}
        if self._credentials.authorization:
            fields["Authorization"] = self._credentials.authorization
        return fields


def _opener(where: EndpointAddresses, credentials: Credentials) -> OpenerDirector:
    """Digest (RFC 7616) is answered when a server asks for it; Basic and Bearer are sent at once."""
    known: HTTPPasswordMgrWithDefaultRealm = HTTPPasswordMgrWithDefaultRealm()
    if credentials.user:
        places = [one for one in (where.store, where.query, where.update) if one is not None]
        known.add_password(None, places, credentials.user, credentials.password)
    return build_opener(_NoRedirect, _Digest(known))


def _refusal(error: HTTPError, shown: str) -> StoreError:
    if error.code in (401, 403):
        return StoreError(
            f"{shown} refuses the credentials ({error.code} {error.reason}): set {USER} and {PASSWORD}, or "
            f"{TOKEN}, in the environment."
        )
    if error.code in _BUSY:
        return busy(error, shown)
    if 300 <= error.code < 400:
        return StoreError(f"{shown} redirects to {error.headers['Location']}: use that address.")
    reason = first_words(error.read()[:4000] if error.fp is not None else b"")
    return StoreError(f"{shown} answered {error.code} {error.reason}: {reason}")


def _unreachable(error: URLError, shown: str, timeout: int) -> StoreError:
    if isinstance(error.reason, TimeoutError):
        return RetryLater(f"{shown} did not answer within {timeout} s")
    if isinstance(error.reason, ssl.SSLError):
        return StoreError(f"{shown} cannot be trusted: {error.reason}.")
    if isinstance(error.reason, ConnectionError):
        return RetryLater(f"{shown} refuses the connection or broke it off")
    return StoreError(f"{shown} cannot be reached: {error.reason}.")


def _plain(term: object) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    return term if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else None
