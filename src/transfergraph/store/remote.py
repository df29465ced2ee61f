"""A store behind a SPARQL 1.1 server (SPARQL 1.1 Protocol, section 2.1)."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from http.client import HTTPException, HTTPResponse
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox
from SPARQLWrapper import ASK, CONSTRUCT, POST, SELECT, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, SPARQLWrapperException

from transfergraph.common.formats import graph_format, result_format
from transfergraph.common.namespaces import GSP, VIRTUOSO_GEOMETRY
from transfergraph.errors import QueryError, StoreError, StoreUnavailable, UsageError
from transfergraph.messages import explained
from transfergraph.store import RdfDataset, Row, Solutions
from transfergraph.store.retries import PATIENT, RetryLater, RetryPolicy, busy, first_words, user_agent
from transfergraph.store.sparql_tokens import query_form

_TRUTH = "__ASK_RETVAL"
_BUSY = (429, 502, 503, 504)
_CHUNK = 1 << 16
_WKT = f"{GSP}wktLiteral"
_TWICE_IN_DEFAULT_GRAPH = """\
SELECT ?s ?p ?o {
  { SELECT DISTINCT ?s ?p ?o {
    { SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } } LIMIT 1000 }
    GRAPH ?h { ?s ?p ?o }
    FILTER(?g != ?h && !ISBLANK(?s) && !ISBLANK(?o))
  } LIMIT 1 }
  ?s ?p ?o
}"""
_NOT_IN_DEFAULT_GRAPH = """\
ASK {
  { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } LIMIT 1000 }
  FILTER NOT EXISTS { ?s ?p ?o }
}"""


class RemoteStore:
    """A SPARQL server whose default graph is the union of its named graphs (see :meth:`require_union`).

    ``dataset`` are the graphs of every query, in place of those of the server and of the query (SPARQL 1.1
    Protocol, section 2.1.4). Relative IRIs are resolved against ``base``. Which addresses SERVICE may reach
    is for the server to decide.
    """

    def __init__(
        self,
        url: str,
        patience: RetryPolicy = PATIENT,
        dataset: RdfDataset | None = None,
        base: str | None = None,
    ) -> None:
        if urlsplit(url).scheme not in ("http", "https"):
            raise UsageError(explained("error.server.address", url=url))
        self._url = url
        self._patience = patience
        self._dataset = dataset
        self._base = base

    def choosing(self, dataset: RdfDataset) -> RemoteStore:
        """The same server, asked for these graphs alone."""
        return RemoteStore(self._url, self._patience, dataset, self._base)

    def require_union(self) -> None:
        """Raise :class:`StoreError` when the default graph is not the union of the named graphs, as a set.

        Looks at no more than 1,000 triples.
        """
        if self.ask(_NOT_IN_DEFAULT_GRAPH):
            raise StoreError(explained("error.server.union", url=self._url))
        if len(list(self.select(_TWICE_IN_DEFAULT_GRAPH).rows)) > 1:
            raise StoreError(explained("error.server.twice", url=self._url))

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query, read whole before the first is given out."""
        _require_form(query, "error.query.select", "SELECT")
        return self._solutions(self._answer(query, SELECT, result_format("json").media_type))

    def _solutions(self, body: bytes) -> Solutions:
        """The rows of an answer; apart from who asks, as ``publish/push/graph_store.py`` says why."""
        results = self._results(body)
        if not isinstance(results, ox.QuerySolutions):
            raise StoreError(explained("error.server.truth", url=self._url))
        variables = tuple(variable.value for variable in results.variables)
        rows: list[Row] = []
        try:
            rows.extend(tuple(row[i] for i in range(len(variables))) for row in results)
        except (SyntaxError, OSError) as error:
            raise StoreError(explained("error.server.results", url=self._url, error=error)) from error
        return Solutions(variables, iter(rows))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query.

        Virtuoso 7 may answer with solutions of one variable, of which there are none where it means no.
        """
        _require_form(query, "error.query.ask", "ASK")
        return self._truth(self._answer(query, ASK, result_format("json").media_type))

    def _truth(self, body: bytes) -> bool:
        results = self._results(body)
        if isinstance(results, ox.QuerySolutions) and [one.value for one in results.variables] == [_TRUTH]:
            return any(getattr(row[0], "value", "0") != "0" for row in results)
        if not isinstance(results, ox.QueryBoolean):
            raise StoreError(explained("error.server.solutions", url=self._url))
        return bool(results)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query, read whole before the first is given out."""
        _require_form(query, "error.query.construct", "CONSTRUCT", "DESCRIBE")
        turtle = graph_format("turtle")
        body = self._answer(query, CONSTRUCT, turtle.media_type)
        try:
            triples = [quad.triple for quad in ox.parse(body, format=turtle.oxigraph)]
        except SyntaxError as error:
            raise StoreError(explained("error.server.turtle", url=self._url, error=error)) from error
        return map(_standard, triples)

    def _results(self, body: bytes) -> ox.QuerySolutions | ox.QueryBoolean:
        try:
            return ox.parse_query_results(body, format=result_format("json").oxigraph)
        except SyntaxError as error:
            raise StoreError(explained("error.server.results", url=self._url, error=error)) from error

    def _answer(self, query: str, form: str, media_type: str) -> bytes:
        """The body of the answer, after as many attempts as the policy allows."""
        return self._patience.repeat(lambda: self._attempt(query, form, media_type))

    def _attempt(self, query: str, form: str, media_type: str) -> bytes:
        deadline = time.monotonic() + self._patience.timeout
        try:
            response = self._client(query, form, media_type).query().response
            with response:
                return self._body(response, deadline, media_type)
        except SPARQLWrapperException as error:
            raise self._refused(error) from error
        except HTTPError as error:
            with error:
                raise self._http_error(error) from error
        except TimeoutError as error:
            raise self._too_late() from error
        except URLError as error:
            raise self._unreachable(error) from error
        except (HTTPException, ConnectionError) as error:
            raise RetryLater(
                explained("error.server.broke-off", url=self._url, error=type(error).__name__)
            ) from error

    def _client(self, query: str, form: str, media_type: str) -> SPARQLWrapper:
        client = SPARQLWrapper(self._url, agent=user_agent())
        client.setMethod(POST)
        client.setOnlyConneg(True)
        client.addCustomHttpHeader("Accept", media_type)
        client.setTimeout(self._patience.timeout)
        client.queryString, client.queryType = query, form
        if self._base is not None:
            client.queryString = f"BASE <{self._base}> {query}"
        default, named = self._dataset or ((), ())
        for graph in dict.fromkeys(default):
            client.addDefaultGraph(graph.value)
        for graph in dict.fromkeys(named):
            client.addNamedGraph(graph.value)
        return client

    def _body(self, response: HTTPResponse, deadline: float, media_type: str) -> bytes:
        if response.geturl() != self._url:
            raise StoreError(explained("error.server.redirects", url=self._url, target=response.geturl()))
        chunks = []
        while chunk := response.read1(_CHUNK):
            chunks.append(chunk)
            if time.monotonic() > deadline:
                raise self._too_late()
        if response.length:
            raise RetryLater(explained("error.server.cut", url=self._url))
        found = response.headers.get_content_type()
        if found == "text/html":
            raise StoreError(
                explained("error.server.web-page", url=self._url, found=found, media_type=media_type)
            )
        return b"".join(chunks).replace(VIRTUOSO_GEOMETRY.encode(), _WKT.encode())

    def _refused(self, error: SPARQLWrapperException) -> Exception:
        """What the client read from an answer that it leaves open (400, 401, 404, 414, 500)."""
        status, answer = "with an error", error.__context__
        if isinstance(answer, HTTPError):
            status = f"{answer.code} {answer.reason}"
            answer.close()
        if isinstance(error, QueryBadFormed):
            return QueryError(explained("error.server.refused", url=self._url, error=_said(error)))
        return StoreError(
            explained("error.server.answered", url=self._url, status=status, error=_said(error))
        )

    def _http_error(self, error: HTTPError) -> Exception:
        if error.code in _BUSY:
            return busy(self._url, f"{error.code} {error.reason}", error.headers["Retry-After"])
        return StoreError(
            explained(
                "error.server.answered-reason",
                url=self._url,
                code=error.code,
                reason=error.reason,
                error=first_words(error.read()),
            )
        )

    def _unreachable(self, error: URLError) -> Exception:
        if isinstance(error.reason, TimeoutError):
            return self._too_late()
        if isinstance(error.reason, ConnectionError):
            return RetryLater(explained("error.server.refuses", url=self._url))
        return StoreError(explained("error.server.unreachable", url=self._url, error=error.reason))

    def _too_late(self) -> StoreUnavailable:
        return StoreUnavailable(explained("error.server.late", url=self._url, timeout=self._patience.timeout))


def open_remote(url: str, patience: RetryPolicy = PATIENT, base: str | None = None) -> RemoteStore:
    """The store at this address, after a look whether it can be worked with.

    Raises :class:`UsageError` for what is no address, and :class:`StoreError` when the server does not
    answer or its default graph is not the union of its named graphs.
    """
    store = RemoteStore(url, patience, base=base)
    store.require_union()
    return store


def _standard(triple: ox.Triple) -> ox.Triple:
    """The triple with the type of well-known text in place of Virtuoso's."""
    value = triple.object
    if isinstance(value, ox.Literal) and value.datatype.value == VIRTUOSO_GEOMETRY:
        return ox.Triple(
            triple.subject, triple.predicate, ox.Literal(value.value, datatype=ox.NamedNode(_WKT))
        )
    return triple


def _require_form(query: str, key: str, *forms: str) -> None:
    if query_form(query) not in forms:
        raise QueryError(explained(key))


def _said(error: SPARQLWrapperException) -> str:
    """What the server wrote: the client keeps it as the printed form of bytes at the end of its message."""
    _, _, body = str(error).partition("Response:\n")
    return first_words(ast.literal_eval(body) if body else b"")
