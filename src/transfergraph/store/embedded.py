"""The embedded store: Oxigraph, in memory or in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from transfergraph.errors import QueryError, StoreError
from transfergraph.store import Solutions, Term


class EmbeddedStore:
    """A store in this process. Make one with :meth:`in_memory`, :meth:`create` or :meth:`read_only`."""

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
        except OSError as error:
            raise StoreError(f"The store in {folder} cannot be written: {error}") from error

    @classmethod
    def read_only(cls, folder: Path) -> EmbeddedStore:
        """A store in this folder, which any number of processes may read at once."""
        try:
            return cls(ox.Store.read_only(str(folder)))
        except OSError as error:
            raise StoreError(f"The store in {folder} cannot be opened: {error}") from error

    def load(self, path: Path) -> None:
        """Add the quads of an N-Quads file (not compressed), quickly and not atomically."""
        self._store.bulk_load(path=str(path), format=ox.RdfFormat.N_QUADS)

    def finish(self) -> None:
        """Make what was written durable and quick to read."""
        self._store.optimize()
        self._store.flush()

    def __len__(self) -> int:
        return len(self._store)

    def select(self, query: str) -> Solutions:
        result = self._query(query)
        if not isinstance(result, ox.QuerySolutions):
            raise QueryError("A SELECT query was expected.")
        variables = tuple(variable.value for variable in result.variables)
        width = range(len(variables))
        rows: Iterator[tuple[Term | None, ...]] = (tuple(row[i] for i in width) for row in result)
        return Solutions(variables, rows)

    def ask(self, query: str) -> bool:
        result = self._query(query)
        if not isinstance(result, ox.QueryBoolean):
            raise QueryError("An ASK query was expected.")
        return bool(result)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        result = self._query(query)
        if not isinstance(result, ox.QueryTriples):
            raise QueryError("A CONSTRUCT or DESCRIBE query was expected.")
        return iter(result)

    def _query(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._store.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            raise QueryError(f"The query is not valid SPARQL: {error}") from error
        except OSError as error:
            raise StoreError(f"The store failed: {error}") from error
