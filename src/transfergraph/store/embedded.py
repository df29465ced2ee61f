"""The embedded store: Oxigraph, in memory or in a folder."""

from __future__ import annotations

import gzip
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, BinaryIO, TypeVar, cast

import pyoxigraph as ox

from transfergraph.errors import QueryError, StoreError
from transfergraph.messages import explained
from transfergraph.store import Solutions
from transfergraph.store.service_guard import refuse_service
from transfergraph.store.sparql_tokens import names_its_graphs, query_form, undeclared_prefixes

T = TypeVar("T")
RdfDataset = tuple[Sequence[ox.NamedNode], Sequence[ox.NamedNode]]
"""The graphs that make the default graph, and the named graphs."""

_PIECE = 150_000_000  # bytes of quads that a store on disk takes at a time: some 1,000 MiB of memory


class EmbeddedStore:
    """A store in this process. Make one with :meth:`in_memory`, :meth:`create` or :meth:`read_only`.

    The default graph of a query is the union of the named graphs, unless the query says FROM. A query
    that asks another server (SERVICE) is refused.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

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
    def read_only(cls, folder: Path) -> EmbeddedStore:
        """A store in this folder, which any number of processes may read at once."""
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, RuntimeError) as error:  # RuntimeError: what it finds damaged
            raise StoreError(explained("error.store.open", folder=folder, error=error)) from error

    def load(self, path: Path, piece: int | None = None) -> None:
        """Add the quads of an N-Quads file (not compressed), quickly and not atomically.

        ``piece`` is how many bytes to take at a time, so that less memory is needed. The file is one that
        this package wrote: that its IRIs and language tags are valid is not checked again.
        """
        try:
            if piece is None:
                self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS, lenient=True)
                return
            with path.open("rb") as stream:
                while lines := stream.readlines(piece):
                    self._store.bulk_load(b"".join(lines), format=ox.RdfFormat.N_QUADS, lenient=True)
        except SyntaxError as error:
            raise StoreError(explained("error.store.quads", path=path, error=error)) from error
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.load", file=path, error=error)) from error

    def finish(self) -> None:
        """Make what was written durable and quick to read."""
        try:
            self._store.optimize()
            self._store.flush()
        except (OSError, RuntimeError) as error:
            raise StoreError(explained("error.store.complete", error=error)) from error

    def empty(self) -> None:
        """Let go of a store in memory, which takes a second per million statements; it is empty then."""
        self._store = ox.Store()

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
            if dataset is not None:
                default, named = dataset
                return self._store.query(query, default_graph=[*default], named_graphs=[*named])
            return self._store.query(query, use_default_graph_as_union=not names_its_graphs(query))
        except SyntaxError as error:
            raise _syntax_error(query, str(error)) from error
        except (OSError, RuntimeError) as error:
            raise _failure(error) from error


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


def write_store(folder: Path, quads: Sequence[Path], complete: bool = True) -> None:
    """Put N-Quads files into the store in this folder, made where it is not there.

    One that is ``complete`` is also made quick to read.
    """
    store = EmbeddedStore.create(folder)
    for file in quads:
        store.load(file, _PIECE)
    if complete:
        store.finish()


def load_dump(dump: Path) -> EmbeddedStore:
    """A store in memory with the quads of a gzip N-Quads dump; raises :class:`StoreError`."""
    store = ox.Store()
    try:
        with gzip.open(dump) as stream:
            store.bulk_load(cast(IO[bytes], stream), format=ox.RdfFormat.N_QUADS)
    except (OSError, EOFError, SyntaxError) as error:
        raise StoreError(explained("error.store.load", file=dump, error=error)) from error
    return EmbeddedStore(store)
