"""The embedded store: Oxigraph, in memory or in a folder."""

from __future__ import annotations

import gzip
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import IO, BinaryIO, TypeVar, cast

import pyoxigraph as ox

from transfergraph.errors import QueryError, StoreError
from transfergraph.messages import explained
from transfergraph.store import RdfDataset, Solutions
from transfergraph.store.service_guard import refuse_service
from transfergraph.store.sparql_tokens import graph_clauses, query_form, undeclared_prefixes

T = TypeVar("T")
_Chosen = tuple[tuple[ox.NamedNode, ...], tuple[ox.NamedNode, ...]]
_DEFAULT = ox.DefaultGraph()
_NAMES = "SELECT DISTINCT ?graph { GRAPH ?graph { } }"
_SIZES = "SELECT ?graph { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY COUNT(*) ?graph"

DESCRIPTION = "description.nq.gz"
"""The file beside a dump with the graph that describes it."""

_PIECE = 150_000_000  # bytes of quads that a store on disk takes at a time: some 1,000 MiB of memory


class EmbeddedStore:
    """A store in this process. Make one with :meth:`in_memory`, :meth:`create` or :meth:`read_only`.

    The default graph of a query is the union of the named graphs, unless the query says FROM. It is a set
    once :meth:`merge_graphs` was called. A query that asks another server (SERVICE) is refused. Relative IRIs
    of a query without BASE are resolved against ``base``; without one they are errors.
    """

    def __init__(self, store: ox.Store, base: str | None = None) -> None:
        self._store = store
        self._base = base
        self._chosen: tuple[_Chosen, ox.Store] | None = None

    @classmethod
    def in_memory(cls) -> EmbeddedStore:
        """An empty store that lives as long as the object."""
        return cls(ox.Store())

    @classmethod
    def create(cls, folder: Path) -> EmbeddedStore:
        """A store kept in this folder, opened for writing by this process alone."""
        try:
            return cls(ox.Store(str(folder)))
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.write", folder=folder, error=error)) from error

    @classmethod
    def read_only(cls, folder: Path, base: str | None = None) -> EmbeddedStore:
        """A store in this folder, which any number of processes may read at once."""
        try:
            return cls(ox.Store.read_only(str(folder)), base)
        except (OSError, RuntimeError) as error:  # RuntimeError: what it finds damaged
            raise StoreError(explained("error.store.open", folder=folder, error=error)) from error

    def load(self, path: Path, piece: int | None = None, form: ox.RdfFormat = ox.RdfFormat.N_QUADS) -> None:
        """Add the quads of an N-Quads file (not compressed), quickly and not atomically.

        ``piece`` is how many bytes to take at a time, so that less memory is needed. The file is one that
        this package wrote: that its IRIs and language tags are valid is not checked again.
        """
        try:
            if piece is None:
                self._store.bulk_load(path=str(path), format=form, lenient=True)
                return
            with path.open("rb") as stream:
                while lines := stream.readlines(piece):
                    self._store.bulk_load(b"".join(lines), format=form, lenient=True)
        except SyntaxError as error:
            raise StoreError(explained("error.store.quads", path=path, error=error)) from error
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.load", file=path, error=error)) from error

    def merge_graphs(self, added: Sequence[str] | None = None) -> bool:
        """Let the default graph be a set: where a triple stands in several graphs, keep each triple once
        more, in the default graph of the engine, which from then on answers for the union.

        The engine finds a triple of the union once for each of its graphs. Where no triple stands in two, the
        union is a set, and nothing is kept. ``added`` are the graphs that were loaded since the last call,
        None for all. Returns whether the store is merged now. Call it when everything is loaded.
        """
        try:
            graphs = self._graphs(_SIZES)[:-1] if added is None else [ox.NamedNode(name) for name in added]
            if self.is_merged or any(map(self._shares, graphs)):
                for graph in graphs if self.is_merged and added is not None else self._graphs(_NAMES):
                    self._store.update(f"ADD {graph} TO DEFAULT")
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.failed", error=error)) from error
        self._forget()
        return self.is_merged

    @cached_property
    def is_merged(self) -> bool:
        """Whether the engine's own default graph holds each triple of the named graphs once."""
        return next(self._store.quads_for_pattern(None, None, None, _DEFAULT), None) is not None

    def _forget(self) -> None:
        """Let go of what is known of the store: it has changed."""
        self.__dict__.pop("is_merged", None)
        self._chosen = None

    def _graphs(self, query: str) -> list[ox.NamedNode]:
        solutions = self._store.query(query)
        assert isinstance(solutions, ox.QuerySolutions)
        return [row[0] for row in solutions if isinstance(row[0], ox.NamedNode)]

    def _shares(self, graph: ox.NamedNode) -> bool:
        """Whether another graph has a triple of this one; asked by predicate, as most are of one graph."""
        for predicate in self._graphs(f"SELECT DISTINCT ?p {{ GRAPH {graph} {{ ?s ?p ?o }} }}"):
            pattern = f"?s {predicate} ?o"
            other = f"GRAPH ?other {{ {pattern} }} FILTER(?other != {graph})"
            if self._store.query(f"ASK {{ {other} }}") and self._store.query(
                f"ASK {{ GRAPH {graph} {{ {pattern} }} {other} }}"
            ):
                return True
        return False

    def finish(self, compact: bool = True) -> None:
        """Make what was written durable and, where it is much, quick to read (``compact``)."""
        try:
            if compact:
                self._store.optimize()
            self._store.flush()
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.complete", error=error)) from error

    def empty(self) -> None:
        """Let go of a store in memory, which takes a second per million statements; it is empty then."""
        self._store = ox.Store()
        self._forget()

    def __len__(self) -> int:
        try:
            return len(self._store)
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.failed", error=error)) from error

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query, computed while they are taken."""
        result = self.evaluate(query)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError(explained("error.query.select"))
        variables = tuple(variable.value for variable in result.variables)
        return Solutions(variables, map(tuple, _translated(result)))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        result = self.evaluate(query)
        if not isinstance(result, ox.QueryBoolean):
            raise QueryError(explained("error.query.ask"))
        return bool(result)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query; the same triple may come more than once."""
        result = self.evaluate(query)
        if not isinstance(result, ox.QueryTriples):
            raise QueryError(explained("error.query.construct"))
        return _translated(result)

    def write_triples(self, query: str, file: Path) -> None:
        """Write the same as canonical N-Triples, which costs a third of the time and no memory."""
        result = self.evaluate(query)
        if not isinstance(result, ox.QueryTriples):
            raise QueryError(explained("error.query.construct"))
        with file.open("wb") as stream:
            deque(_translated(_serialised(result, stream)), maxlen=0)

    def evaluate(
        self, query: str, dataset: RdfDataset | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        """The engine's own result, for those who serialise it at once.

        ``dataset`` replaces what the query says with FROM (SPARQL 1.1 Protocol, section 2.1.4). While the
        result is taken, :class:`RuntimeError` and :class:`OSError` may come out of it.
        """
        refuse_service(query)
        try:
            chosen = _dataset_of(query, self._base) if dataset is None else _once_each(dataset)
            if chosen is None:
                union = not self.is_merged
                return self._store.query(query, base_iri=self._base, use_default_graph_as_union=union)
            store, default = self._default_graph(chosen)
            named: list[ox.NamedNode | ox.BlankNode] = [*chosen[1]]
            return store.query(query, base_iri=self._base, default_graph=[*default], named_graphs=named)
        except SyntaxError as error:
            raise _syntax_error(query, str(error)) from error
        except (OSError, RuntimeError) as error:
            raise _failure(error) from error

    def _default_graph(self, chosen: _Chosen) -> tuple[ox.Store, Sequence[ox.NamedNode | ox.DefaultGraph]]:
        """The store to ask for these graphs, and those of its graphs that make the default graph, as a set.

        Some of the graphs, but not all, may have triples in common that the engine would find twice: they are
        copied, and the copy is kept until others are chosen.
        """
        default, _ = chosen
        if not self.is_merged or len(default) < 2:
            return self._store, default
        if not set(self._graphs(_NAMES)).difference(default):
            return self._store, [_DEFAULT]
        if self._chosen is None or self._chosen[0] != chosen:
            self._chosen = None
            self._chosen = chosen, self._copy_of(chosen)
        return self._chosen[1], [_DEFAULT]

    def _copy_of(self, chosen: _Chosen) -> ox.Store:
        default, named = chosen
        copy = ox.Store()
        targets: list[tuple[ox.NamedNode, ox.NamedNode | ox.DefaultGraph]]
        targets = [*((one, _DEFAULT) for one in default), *((one, one) for one in named)]
        for graph, target in targets:
            quads = self._store.quads_for_pattern(None, None, None, graph)
            copy.extend(ox.Quad(quad.subject, quad.predicate, quad.object, target) for quad in quads)
        return copy


def _dataset_of(query: str, base: str | None) -> _Chosen | None:
    """The graphs that a query names, as the engine reads them; None when it names none, or is wrong."""
    clauses = graph_clauses(query)
    if clauses is None:
        return None
    names = [*clauses.default, *clauses.named]
    row = [f"({name} AS ?g{number})" for number, name in enumerate(names)]
    try:
        solutions = ox.Store().query(f"{clauses.prologue} SELECT {' '.join(row)} {{ }}", base_iri=base)
    except SyntaxError:
        return None
    assert isinstance(solutions, ox.QuerySolutions)
    graphs = [graph for graph in next(solutions) if isinstance(graph, ox.NamedNode)]
    return _once_each((graphs[: len(clauses.default)], graphs[len(clauses.default) :]))


def _once_each(dataset: RdfDataset) -> _Chosen:
    """The same graphs, each once: the engine would find the triples of a graph as often as it is given."""
    default, named = dataset
    return tuple(dict.fromkeys(default)), tuple(dict.fromkeys(named))


def _translated(results: Iterable[T]) -> Iterator[T]:
    """The results, with the errors of evaluation as this package's own."""
    try:
        yield from results
    except (OSError, RuntimeError) as error:
        raise _failure(error) from error


def _failure(error: OSError | RuntimeError) -> StoreError | QueryError:
    """The error for one of the engine: of the store, or of a query that cannot be computed."""
    if isinstance(error, OSError) or str(error).startswith("Corruption"):
        return StoreError(explained("error.store.answering", error=error))
    return QueryError(explained("error.query.not-answered", error=error))


def _serialised(triples: ox.QueryTriples, stream: BinaryIO) -> Iterator[object]:
    yield triples.serialize(cast(IO[bytes], stream), format=ox.RdfFormat.N_TRIPLES)


def _syntax_error(query: str, message: str) -> QueryError:
    """The error with the line and column where parsing ended, and with prefixes that are not declared."""
    try:
        query_form(query)
    except QueryError as error:
        return error
    found = re.match(r"error at (\d+):(\d+)", message)
    if found is None:
        return QueryError(explained("error.query.syntax", message=message))
    line, column = int(found[1]), int(found[2])
    lines = re.split(r"\r\n|\n", query)
    near = lines[line - 1][max(0, column - 21) : column + 19].strip() if line <= len(lines) else ""
    told = (
        explained("error.query.syntax-near", line=line, column=column, near=near)
        if near
        else explained("error.query.syntax-end", line=line, column=column)
    )
    if "IRI parsing failed" in message:
        told = explained("error.query.iri", error=told)
    if unknown := undeclared_prefixes(query):
        told = explained("error.query.prefixes", error=told, unknown=", ".join(unknown))
    return QueryError(told, (line, column))


def write_store(
    folder: Path, quads: Sequence[Path], complete: bool = True, triples: Path | None = None
) -> None:
    """Put N-Quads files into the store in this folder, made where it is not there.

    One that is ``complete`` is also made quick to read. ``triples`` are N-Triples, each triple of all graphs
    once, for a store that is to be merged (:meth:`EmbeddedStore.merge_graphs`).
    """
    store = EmbeddedStore.create(folder)
    for file in quads:
        store.load(file, _PIECE)
    if triples is not None:
        store.load(triples, _PIECE, ox.RdfFormat.N_TRIPLES)
    if complete:
        store.finish()


def add_graph(folder: Path, quads: Path, graph: str) -> bool:
    """Add a graph that is small beside the others to a complete store; ``quads`` is an N-Quads file that has
    it alone. Return whether the store is merged now."""
    store = EmbeddedStore.create(folder)
    store.load(quads)
    is_merged = store.merge_graphs([graph])
    store.finish(compact=False)
    return is_merged


def load_dump(dump: Path, base: str | None = None) -> EmbeddedStore:
    """A store in memory with the quads of a gzip N-Quads dump, and with those of the graph that describes it
    (:data:`DESCRIPTION`), where that lies beside it; raises :class:`StoreError`."""
    store, described = ox.Store(), dump.with_name(DESCRIPTION)
    for file in (dump, described) if described.exists() else (dump,):
        try:
            with gzip.open(file) as stream:
                store.bulk_load(cast(IO[bytes], stream), format=ox.RdfFormat.N_QUADS)
        except (OSError, EOFError, SyntaxError) as error:
            raise StoreError(explained("error.store.load", file=file, error=error)) from error
    loaded = EmbeddedStore(store, base)
    loaded.merge_graphs()
    return loaded
