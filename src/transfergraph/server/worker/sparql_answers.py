"""How a worker answers a query: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from transfergraph.common.formats import GraphFormat
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.errors import QueryError, UsageError
from transfergraph.queries import GraphAnswer, run_text
from transfergraph.server.content_types import GRAPH_OFFERS, RESULT_OFFERS, choose, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, SparqlRequest
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.result_limits import LimitReached, ResultLimits, RowLimit, notice
from transfergraph.server.worker.result_target import as_file
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, RdfDataset

Fields = Sequence[tuple[str, str]]

CUT = "transfergraph-cut"
"""The header field of an answer that was cut: the limit that cut it."""

_COMMENTS = {"rdf-xml": "<!-- {} -->\n", "turtle": "# {}\n", "n-triples": "# {}\n", "n-quads": "# {}\n"}


def answer_sparql(context: WorkerContext, request: SparqlRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the answer; raises :class:`QueryError` or :class:`NotAcceptable` before the first byte."""
    return answer_query(context, request.query, request.preferences, writer, _dataset(context.store, request))


def answer_query(
    context: WorkerContext,
    query: str,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    dataset: RdfDataset | None = None,
    headers: Fields = (),
) -> ResponseEnd:
    """Write the answer to any query text in the format that the client wishes, with further fields."""
    if not isinstance(context.store, EmbeddedStore):
        return _relay(context, query, preferences, writer, headers)
    allowance = allowed(context)
    result = context.store.evaluate(query, dataset)
    try:
        match result:
            case ox.QuerySolutions():
                return _write_solutions(result, preferences, allowance, writer, headers)
            case ox.QueryTriples():
                return _write_triples(result, preferences, allowance, writer, headers)
            case _:
                media_type, form = choose(preferences.accept, preferences.form, RESULT_OFFERS)
                writer.begin(200, ("content-type", content_type(media_type)), *headers)
                writer.write(result.serialize(format=form.oxigraph) or b"")
                return ResponseEnd()
    except RuntimeError as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error


def allowed(context: WorkerContext) -> ResultLimits:
    """What an answer that begins now may not exceed."""
    task = context.task
    return ResultLimits(task.rows, task.megabytes << 20, time.monotonic() + task.seconds)


def _dataset(store: Store, request: SparqlRequest) -> RdfDataset | None:
    if not (request.default_graphs or request.named_graphs):
        return None
    if not isinstance(store, EmbeddedStore):
        raise UsageError("This server passes queries on and takes no graphs beside them: write FROM.")
    return _graphs(store, request.default_graphs), _graphs(store, request.named_graphs)


def _graphs(store: EmbeddedStore, iris: tuple[str, ...]) -> list[ox.NamedNode]:
    graphs = []
    for iri in iris:
        try:
            graph = ox.NamedNode(iri)
        except ValueError as error:
            raise UsageError(f"{iri[:200]!r} is no IRI of a graph: {error}.") from error
        if not store.ask(f"ASK {{ GRAPH {graph} {{ ?s ?p ?o }} }}"):
            raise UsageError(f"The release has no graph {graph}.")
        graphs.append(graph)
    return graphs


def _write_solutions(
    result: ox.QuerySolutions,
    preferences: ClientPreferences,
    allowance: ResultLimits,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    media_type, form = choose(preferences.accept, preferences.form, RESULT_OFFERS)
    writer.begin(200, ("content-type", content_type(media_type)), *headers)
    gate = RowLimit(form, allowance, writer.write)
    try:
        result.serialize(as_file(gate), format=form.oxigraph)
        gate.close()
        return ResponseEnd()
    except LimitReached as enough:
        writer.add_header(CUT, enough.limit)
        gate.cut(enough.limit)
        return ResponseEnd(enough.limit)


def _write_triples(
    result: ox.QueryTriples,
    preferences: ClientPreferences,
    allowance: ResultLimits,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    media_type, form = choose(preferences.accept, preferences.form, GRAPH_OFFERS)
    # JSON-LD has no place for a notice: its header says that it was cut, and so it waits for the end.
    writer.begin(200, ("content-type", content_type(media_type)), *headers, whole=form.name == "json-ld")
    tap = _Tap(result, allowance, writer)
    ox.serialize(tap, as_file(writer), form.oxigraph, prefixes=GRAPH_PREFIXES)
    return _close(form, tap, writer)


class _Tap:
    """The triples up to a limit, counted."""

    def __init__(self, triples: ox.QueryTriples, allowance: ResultLimits, writer: ResponseWriter) -> None:
        self._triples = triples
        self._allowance = allowance
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


def _close(form: GraphFormat, tap: _Tap, writer: ResponseWriter) -> ResponseEnd:
    if tap.limit:
        writer.add_header(CUT, tap.limit)
        comment = _COMMENTS.get(form.name)
        if comment is not None:
            writer.write(comment.format(notice(tap.limit, tap.count)).encode())
    return ResponseEnd(tap.limit)


def _relay(
    context: WorkerContext,
    query: str,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    headers: Fields,
) -> ResponseEnd:
    """The answer of another server, read whole and written in the format that the client wishes."""
    result = run_text(context.store, query, context.task.rows)
    if isinstance(result, GraphAnswer):
        media_type, graph_form = choose(preferences.accept, preferences.form, GRAPH_OFFERS)
        text = result.write(graph_form.name, GRAPH_PREFIXES)
    else:
        media_type, form = choose(preferences.accept, preferences.form, RESULT_OFFERS)
        text = result.write(form.name)
    writer.begin(200, ("content-type", content_type(media_type)), *headers, whole=True)
    writer.write(text.encode())
    cut = "rows" if getattr(result, "cut", False) else ""
    if cut:
        writer.add_header(CUT, cut)
    return ResponseEnd(cut)
