"""Many SELECT queries on one store, two at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from transfergraph.errors import TransfergraphError
from transfergraph.store import Solutions, Store

_AT_ONCE = 2


def select_all(store: Store, queries: Sequence[str]) -> Iterator[Solutions]:
    """The solutions of each query, in the order of the queries, each read whole.

    A query that fails raises when its turn comes, as if it had been asked alone.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for query, answer in zip(queries, pool.map(partial(_aside, store), queries), strict=True):
            yield answer or _whole(store, query)


def _aside(store: Store, query: str) -> Solutions | None:
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
