"""Answers to SPARQL queries (SPARQL 1.1 Protocol, section 2.1), and the page with the form for queries."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from transfergraph.common.formats import GraphFormat
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.errors import QueryError, UsageError
from transfergraph.messages import explained
from transfergraph.queries import GraphAnswer, Result, run_text
from transfergraph.server.negotiation import GRAPH_TYPES, RESULT_TYPES, choose, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, SparqlRequest
from transfergraph.server.problems import told
from transfergraph.server.worker.response_writer import ResponseWriter, as_file
from transfergraph.server.worker.responses import begin_page
from transfergraph.server.worker.result_limits import LimitReached, ResultLimits, RowLimit, notice
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.store import RdfDataset, Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web.addresses import Address
from transfergraph.web.site_pages import render_sparql

Fields = Sequence[tuple[str, str]]

CUT = "transfergraph-cut"
"""The header field of a cut answer: which limit was reached."""

_COMMENTS = {"rdf-xml": "<!-- {} -->\n", "turtle": "# {}\n", "n-triples": "# {}\n", "n-quads": "# {}\n"}


def answer_sparql(context: WorkerContext, request: SparqlRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the answer; raises :class:`QueryError` or :class:`NotAcceptable` before the first byte."""
    return answer_query(context, request.query, request.preferences, writer, _dataset(request))


def answer_query(
    context: WorkerContext,
    query: str,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    dataset: RdfDataset | None = None,
    headers: Fields = (),
) -> ResponseEnd:
    """Write the answer to a query in the format that the client prefers, with further header fields."""
    if not isinstance(context.store, EmbeddedStore):
        store = _choosing(context.store, dataset)
        return _relay(store, context.config.rows, query, preferences, writer, headers)
    limits = limits_now(context)
    result = context.store.evaluate(query, dataset)
    try:
        match result:
            case ox.QuerySolutions():
                return _write_solutions(result, preferences, limits, writer, headers)
            case ox.QueryTriples():
                return _write_triples(result, preferences, limits, writer, headers)
            case _:
                media_type, form = choose(preferences.accept, preferences.form, RESULT_TYPES)
                writer.begin(200, ("content-type", content_type(media_type)), *headers)
                writer.write(result.serialize(format=form.oxigraph) or b"")
                return ResponseEnd()
    except RuntimeError as error:
        raise QueryError(explained("error.query.not-answered", error=error)) from error


def limits_now(context: WorkerContext) -> ResultLimits:
    """The limits of an answer that begins now."""
    config = context.config
    return ResultLimits(config.rows, config.megabytes << 20, time.monotonic() + config.seconds)


def _choosing(store: Store, dataset: RdfDataset | None) -> Store:
    """The remote store, asked for these graphs alone."""
    from transfergraph.store.remote import RemoteStore  # loads rdflib: 7 MiB that few servers need

    assert isinstance(store, RemoteStore)
    return store if dataset is None else store.choosing(dataset)


def _dataset(request: SparqlRequest) -> RdfDataset | None:
    if not (request.default_graphs or request.named_graphs):
        return None
    return _graphs(request.default_graphs), _graphs(request.named_graphs)


def _graphs(iris: tuple[str, ...]) -> list[ox.NamedNode]:
    """The graphs with these names; one that the release does not have is empty, as it is after FROM."""
    graphs = []
    for iri in iris:
        try:
            graphs.append(ox.NamedNode(iri))
        except ValueError as error:
            raise UsageError(explained("error.query.graph-iri", iri=iri[:200], error=error)) from error
    return graphs


def _write_solutions(
    result: ox.QuerySolutions,
    preferences: ClientPreferences,
    limits: ResultLimits,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    media_type, form = choose(preferences.accept, preferences.form, RESULT_TYPES)
    writer.begin(200, ("content-type", content_type(media_type)), *headers)
    limiter = RowLimit(form, limits, writer.write)
    try:
        result.serialize(as_file(limiter), format=form.oxigraph)
        limiter.close()
        return ResponseEnd()
    except LimitReached as enough:
        writer.add_header(CUT, enough.limit)
        limiter.cut(enough.limit)
        return ResponseEnd(enough.limit)


def _write_triples(
    result: ox.QueryTriples,
    preferences: ClientPreferences,
    limits: ResultLimits,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    media_type, form = choose(preferences.accept, preferences.form, GRAPH_TYPES)
    # JSON-LD has no place for a notice but the header, which therefore waits for the end.
    writer.begin(200, ("content-type", content_type(media_type)), *headers, until_end=form.name == "json-ld")
    limited = _LimitedTriples(result, limits, writer)
    ox.serialize(limited, as_file(writer), form.oxigraph, prefixes=GRAPH_PREFIXES)
    return _close(form, limited, writer)


class _LimitedTriples:
    """The triples up to a limit, counted."""

    def __init__(self, triples: ox.QueryTriples, limits: ResultLimits, writer: ResponseWriter) -> None:
        self._triples = triples
        self._allowance = limits
        self._writer = writer
        self.count = 0
        self.limit = ""

    def __iter__(self) -> Iterator[ox.Triple]:
        for triple in self._triples:
            self.limit = self._reached()
            if self.limit:
                return
            self.count += 1
            yield triple

    def _reached(self) -> str:
        if self.count >= self._allowance.rows:
            return "rows"
        if self._writer.written > self._allowance.bytes:
            return "bytes"
        if self.count % 256 == 0 and time.monotonic() > self._allowance.deadline:
            return "time"
        return ""


def _close(form: GraphFormat, limited: _LimitedTriples, writer: ResponseWriter) -> ResponseEnd:
    if limited.limit:
        writer.add_header(CUT, limited.limit)
        comment = _COMMENTS.get(form.name)
        if comment is not None:
            writer.write(comment.format(notice(limited.limit, limited.count)).encode())
    return ResponseEnd(limited.limit)


def _relay(
    store: Store,
    rows: int,
    query: str,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    """The complete answer of a remote store, in the format that the client prefers."""
    result = run_text(store, query, rows)
    if isinstance(result, GraphAnswer):
        media_type, graph_form = choose(preferences.accept, preferences.form, GRAPH_TYPES)
        text = result.write(graph_form.name, GRAPH_PREFIXES)
    else:
        media_type, form = choose(preferences.accept, preferences.form, RESULT_TYPES)
        text = result.write(form.name)
    writer.begin(200, ("content-type", content_type(media_type)), *headers, until_end=True)
    writer.write(text.encode())
    cut = "rows" if getattr(result, "cut", False) else ""
    if cut:
        writer.add_header(CUT, cut)
    return ResponseEnd(cut)


_SHOWN = 1000  # rows on a page


def answer_sparql_page(context: WorkerContext, request: SparqlRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the page with the form and, when there is a query, its result or error."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    result: Result | None = None
    problem, status = None, 200
    if request.query:
        try:
            result = run_text(context.store, request.query, min(_SHOWN, context.config.rows))
        except (QueryError, UsageError) as error:
            problem, status = told(error), 400
    address = Address("sparql", "html", request.preferences.form)
    language = begin_page(site, address, request.preferences, writer, status=status)
    page = render_sparql(site, language, context.shared.content.questions, request.query, result, problem)
    writer.write(page.encode())
    return ResponseEnd()
