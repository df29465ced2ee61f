"""The Store behaviour: SPARQL over the union of all named graphs, wherever the graph lives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Term = NamedNode | BlankNode | Literal

Row = tuple[Term | None, ...]


@dataclass(frozen=True, slots=True)
class Solutions:
    """The answer to a SELECT query: its variables in order and, lazily, one tuple per solution.

    An unbound variable is None in the tuple.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


class Store(Protocol):
    """What can be asked of any store.

    The default graph of every query is the union of the named graphs. All methods raise
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
