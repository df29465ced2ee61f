"""How a worker answers a query: SPARQL 1.1 Protocol, section 2.1."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from transfergraph.errors import QueryError, UsageError
from transfergraph.formats import GraphFormat
from transfergraph.queries import Graph, run_text
from transfergraph.release.dumps import PREFIXES
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.gate import Allowance, Enough, RowGate, notice
from transfergraph.server.jobs import SparqlJob, Wishes
from transfergraph.server.offers import GRAPH_OFFERS, RESULT_OFFERS, choose, content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.sink import as_file
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, RdfDataset

Fields = Sequence[tuple[str, str]]

CUT = "transfergraph-cut"
"""The header field of an answer that was cut: the limit that cut it."""

_COMMENTS = {"rdf-xml": "<!-- {} -->\n", "turtle": "# {}\n", "n-triples": "# {}\n", "n-quads": "# {}\n"}


def answer_sparql(desk: Desk, job: SparqlJob, outlet: Outlet) -> End:
    """Write the answer; raises :class:`QueryError` or :class:`NotAcceptable` before the first byte."""
    return answer_query(desk, job.query, job.wishes, outlet, _dataset(desk.store, job))


def answer_query(
    desk: Desk,
    query: str,
    wishes: Wishes,
    outlet: Outlet,
    dataset: RdfDataset | None = None,
    headers: Fields = (),
) -> End:
    """Write the answer to any query text in the format that the client wishes, with further fields."""
    if not isinstance(desk.store, EmbeddedStore):
        return _relay(desk, query, wishes, outlet, headers)
    allowance = allowed(desk)
    result = desk.store.evaluate(query, dataset)
    try:
        match result:
            case ox.QuerySolutions():
                return _write_solutions(result, wishes, allowance, outlet, headers)
            case ox.QueryTriples():
                return _write_triples(result, wishes, allowance, outlet, headers)
            case _:
                media_type, form = choose(wishes.accept, wishes.form, RESULT_OFFERS)
                outlet.begin(200, ("content-type", content_type(media_type)), *headers)
                outlet.write(result.serialize(format=form.oxigraph) or b"")
                return End()
    except RuntimeError as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error


def allowed(desk: Desk) -> Allowance:
    """What an answer that begins now may not exceed."""
    task = desk.task
    return Allowance(task.rows, task.megabytes << 20, time.monotonic() + task.seconds)


def _dataset(store: Store, job: SparqlJob) -> RdfDataset | None:
    if not (job.default_graphs or job.named_graphs):
        return None
    if not isinstance(store, EmbeddedStore):
        raise UsageError("This server passes queries on and takes no graphs beside them: write FROM.")
    return _graphs(store, job.default_graphs), _graphs(store, job.named_graphs)


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
    result: ox.QuerySolutions, wishes: Wishes, allowance: Allowance, outlet: Outlet, headers: Fields
) -> End:
    media_type, form = choose(wishes.accept, wishes.form, RESULT_OFFERS)
    outlet.begin(200, ("content-type", content_type(media_type)), *headers)
    gate = RowGate(form, allowance, outlet.write)
    try:
        result.serialize(as_file(gate), format=form.oxigraph)
        gate.close()
        return End()
    except Enough as enough:
        outlet.add_header(CUT, enough.limit)
        gate.cut(enough.limit)
        return End(enough.limit)


def _write_triples(
    result: ox.QueryTriples, wishes: Wishes, allowance: Allowance, outlet: Outlet, headers: Fields
) -> End:
    media_type, form = choose(wishes.accept, wishes.form, GRAPH_OFFERS)
    # JSON-LD has no place for a notice: its header says that it was cut, and so it waits for the end.
    outlet.begin(200, ("content-type", content_type(media_type)), *headers, whole=form.name == "json-ld")
    tap = _Tap(result, allowance, outlet)
    ox.serialize(tap, as_file(outlet), form.oxigraph, prefixes=PREFIXES)
    return _close(form, tap, outlet)


class _Tap:
    """The triples up to a limit, counted."""

    def __init__(self, triples: ox.QueryTriples, allowance: Allowance, outlet: Outlet) -> None:
        self._triples = triples
        self._allowance = allowance
        self._outlet = outlet
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
        if self._outlet.written > self._allowance.bytes:
            return "bytes"
        if self.count % 256 == 0 and time.monotonic() > self._allowance.deadline:
            return "time"
        return ""


def _close(form: GraphFormat, tap: _Tap, outlet: Outlet) -> End:
    if tap.limit:
        outlet.add_header(CUT, tap.limit)
        comment = _COMMENTS.get(form.name)
        if comment is not None:
            outlet.write(comment.format(notice(tap.limit, tap.count)).encode())
    return End(tap.limit)


def _relay(desk: Desk, query: str, wishes: Wishes, outlet: Outlet, headers: Fields) -> End:
    """The answer of another server, read whole and written in the format that the client wishes."""
    result = run_text(desk.store, query, desk.task.rows)
    if isinstance(result, Graph):
        media_type, graph_form = choose(wishes.accept, wishes.form, GRAPH_OFFERS)
        text = result.write(graph_form.name, PREFIXES)
    else:
        media_type, form = choose(wishes.accept, wishes.form, RESULT_OFFERS)
        text = result.write(form.name)
    outlet.begin(200, ("content-type", content_type(media_type)), *headers, whole=True)
    outlet.write(text.encode())
    cut = "rows" if getattr(result, "cut", False) else ""
    if cut:
        outlet.add_header(CUT, cut)
    return End(cut)
