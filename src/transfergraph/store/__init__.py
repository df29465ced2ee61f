"""The Store behaviour: SPARQL over the union of all named graphs, a set, wherever the graph lives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from transfergraph.errors import TransfergraphError

Term = NamedNode | BlankNode | Literal

Row = tuple[Term | None, ...]

RdfDataset = tuple[Sequence[NamedNode], Sequence[NamedNode]]
"""The graphs that make the default graph, and the named graphs."""


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT query: its variables in order and, lazily, one tuple per solution.

    An unbound variable is None in the tuple.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


class Store(Protocol):
    """What can be asked of any store.

    The default graph of every query is the union of the named graphs, which has each triple once, unless the
    query names others. All methods raise
    :class:`~transfergraph.errors.QueryError` for a query that is refused and
    :class:`~transfergraph.errors.StoreError` when the store fails.
    """

    def select(self, query: str) -> Solutions:
        """Run a SELECT query."""
        ...

    def ask(self, query: str) -> bool:
        """Run an ASK query."""
        ...

    def construct(self, query: str) -> Iterator[Triple]:
        """Run a CONSTRUCT or DESCRIBE query."""
        ...


class WorkingStore(Store, Protocol):
    """A store in memory to which files are added."""

    def load(self, path: Path) -> None:
        """Add the quads of an N-Quads file that this package wrote."""
        ...

    def merge_graphs(self, added: Sequence[str] | None = None) -> bool:
        """Let the default graph be a set, once everything is loaded.

        ``added`` are the graphs loaded since the last call, None for all. Returns whether each triple had to
        be kept once more for this.
        """
        ...

    def write_triples(self, query: str, file: Path) -> None:
        """Run a CONSTRUCT or DESCRIBE query; write its triples as canonical N-Triples, some perhaps twice."""
        ...

    def empty(self) -> None:
        """Let go of everything."""
        ...


def select_all(store: Store, queries: Sequence[str]) -> Iterator[Solutions]:
    """The solutions of each query, in the order of the queries, each read whole.

    Two are asked at a time. A query that fails raises when its turn comes, as if it had been asked alone.
    """
    with ThreadPoolExecutor(2) as pool:
        for query, answer in zip(queries, pool.map(partial(_select_or_none, store), queries), strict=True):
            yield answer or _whole(store, query)


def _select_or_none(store: Store, query: str) -> Solutions | None:
    """The solutions, for another thread; None for a query that fails, which that thread asks itself.

    An error would take the engine's iterator with it, and only the iterator's own thread may end that.
    """
    try:
        return _whole(store, query)
    except TransfergraphError:
        return None


def _whole(store: Store, query: str) -> Solutions:
    solutions = store.select(query)
    return Solutions(solutions.variables, iter(list(solutions.rows)))
