"""A client of the SPARQL 1.1 Graph Store HTTP Protocol; updates and queries after the SPARQL 1.1 Protocol."""

from __future__ import annotations

import ssl
from collections.abc import Generator, Mapping
from typing import NamedTuple
from urllib.parse import quote, urlencode

import httpx2
import pyoxigraph as ox

from transfergraph.common.formats import graph_format, result_format
from transfergraph.errors import StoreError, UsageError
from transfergraph.messages import explained
from transfergraph.publish.push.endpoint import PASSWORD, TOKEN, USER, Credentials, EndpointAddresses
from transfergraph.store.retries import PATIENT, RetryLater, RetryPolicy, busy, first_words, user_agent

_BUSY = (408, 429, 502, 503, 504)
_CONNECT = 10  # seconds for a connection
_FIRST = 20  # seconds for the first answer
_N_TRIPLES = graph_format("n-triples").media_type
_JSON = result_format("json")

Rows = list[tuple[ox.NamedNode | ox.BlankNode | ox.Literal | None, ...]]


class _Call(NamedTuple):
    method: str
    url: str
    body: bytes | None
    fields: Mapping[str, str]
    absent_is_fine: bool = False
    seconds: int | None = None


class GraphStore:
    """A data set on a server: its graphs are replaced and added to, and it is queried.

    ``patience.timeout`` is for one request; what can be repeated without harm is, as patience allows.
    """

    def __init__(
        self, where: EndpointAddresses, credentials: Credentials, patience: RetryPolicy = PATIENT
    ) -> None:
        self.where = where
        self.patience = patience
        self._client = _client(credentials)

    def require_answer(self) -> None:
        """Ask the least there is to ask; raises :class:`StoreError` when no answer comes within seconds.

        What follows may take as long as patience allows: the server is there, and answers.
        """
        fields = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _JSON.media_type}
        body = urlencode({"query": "SELECT (1 AS ?n) WHERE {}"}).encode()
        seconds = min(self.patience.timeout, _FIRST)
        self._repeat(_Call("POST", self.where.query, body, fields, seconds=seconds))

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
            raise UsageError(explained("error.push.update-url", store=self.where.store))
        fields = {"Content-Type": "application/sparql-update; charset=utf-8"}
        self._once(_Call("POST", self.where.update, text.encode(), fields))

    def select(self, query: str) -> Rows:
        """The rows of a SELECT query, in its own order of variables; the answer is read whole.

        It goes out as a form (SPARQL 1.1 Protocol, section 2.1.2): Virtuoso never answers the direct POST.
        """
        fields = {"Content-Type": "application/x-www-form-urlencoded", "Accept": _JSON.media_type}
        call = _Call("POST", self.where.query, urlencode({"query": query}).encode(), fields)
        return self._rows(self._repeat(call))

    def _rows(self, body: bytes) -> Rows:
        """The rows of an answer.

        Read apart from who asks: what an HTTP client leaves behind when a connection breaks off may hold on
        to all that asked, and to what they hold, and results must end in their own thread.
        """
        try:
            solutions = ox.parse_query_results(body, format=_JSON.oxigraph)
            assert isinstance(solutions, ox.QuerySolutions)
            width = range(len(solutions.variables))
            return [tuple(_plain(row[index]) for index in width) for row in solutions]
        except (SyntaxError, AssertionError, OSError) as error:
            raise StoreError(
                explained("error.server.no-result", query=self.where.query, error=error)
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
        seconds = call.seconds or self.patience.timeout
        connect = min(seconds, _CONNECT)
        limits = httpx2.Timeout(seconds, connect=connect)
        try:
            answer = self._client.request(
                call.method, call.url, content=call.body, headers=call.fields, timeout=limits
            )
        except httpx2.ConnectTimeout as error:
            raise StoreError(explained("error.server.no-answer", url=shown, seconds=connect)) from error
        except httpx2.TimeoutException as error:
            silent = explained("error.server.no-answer", url=shown, seconds=seconds)
            raise (RetryLater if call.seconds is None else StoreError)(silent) from error
        except httpx2.ConnectError as error:
            raise _unreachable(error, shown) from error
        except httpx2.LocalProtocolError as error:
            raise StoreError(explained("error.server.not-asked", shown=shown, error=error)) from error
        except httpx2.TransportError as error:
            raise RetryLater(
                explained("error.server.broke-off", url=shown, error=type(error).__name__)
            ) from error
        if answer.is_success:
            return answer.content
        if call.absent_is_fine and answer.status_code == 404:
            return b""
        raise _refusal(answer, shown)


class _BasicOrDigest(httpx2.Auth):
    """Basic (RFC 7617) at once, and Digest (RFC 7616) for a server that refuses it.

    Virtuoso refuses Basic without a word; it asks for Digest only who brings nothing.
    """

    def __init__(self, credentials: Credentials) -> None:
        self._basic = credentials.authorization
        self._digest = httpx2.DigestAuth(credentials.user, credentials.password)
        self._is_refused = False

    def auth_flow(self, request: httpx2.Request) -> Generator[httpx2.Request, httpx2.Response, None]:
        if not self._is_refused:
            request.headers["Authorization"] = self._basic
            answer = yield request
            if answer.status_code != 401:
                return
            self._is_refused = True
            del request.headers["Authorization"]
        yield from self._digest.auth_flow(request)


def _client(credentials: Credentials) -> httpx2.Client:
    """A client that follows no redirect: what is written goes to the address that was named."""
    fields = {"User-Agent": user_agent(), "Accept-Encoding": "identity"}
    if credentials.token:
        fields["Authorization"] = credentials.authorization
    return httpx2.Client(
        headers=fields,
        auth=_BasicOrDigest(credentials) if credentials.user else None,
        limits=httpx2.Limits(max_keepalive_connections=0),
    )


def _refusal(answer: httpx2.Response, shown: str) -> StoreError:
    status = f"{answer.status_code} {answer.reason_phrase}"
    if answer.status_code in (401, 403):
        return StoreError(
            explained(
                "error.push.refused", shown=shown, status=status, user=USER, password=PASSWORD, token=TOKEN
            )
        )
    if answer.status_code in _BUSY:
        return busy(shown, status, answer.headers.get("Retry-After"))
    if answer.status_code == 500:  # whatever a push asks for may be asked again
        said = first_words(answer.content[:4000])
        return RetryLater(explained("error.server.answered", url=shown, status=status, error=said))
    if answer.is_redirect:
        return StoreError(
            explained("error.server.redirects", url=shown, target=answer.headers.get("Location"))
        )
    return StoreError(
        explained("error.server.answered", url=shown, status=status, error=first_words(answer.content[:4000]))
    )


def _unreachable(error: httpx2.ConnectError, shown: str) -> StoreError:
    cause: BaseException = error
    while further := cause.__cause__ or cause.__context__:
        cause = further
    if isinstance(cause, ssl.SSLError):
        return StoreError(explained("error.server.untrusted", shown=shown, cause=cause))
    if isinstance(cause, ConnectionError):
        return RetryLater(explained("error.server.refuses-or-broke", url=shown))
    return StoreError(explained("error.server.unreachable", url=shown, error=cause))


def _plain(term: object) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
    return term if isinstance(term, ox.NamedNode | ox.BlankNode | ox.Literal) else None
