"""Sending a whole release to a server, aside or in place, and going on where an earlier push ended.

How far an earlier one came is seen from the server alone: statements go in the order of the dump, so that a
graph with n statements has the first n; what was sent twice is there once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from transfergraph.common.progress import Progress, Stage
from transfergraph.errors import StoreError
from transfergraph.publish.push.batching import Batch, GraphCounts
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.push_state import PushNames, PushState, complete, count_graphs, under_way


@dataclass(frozen=True, slots=True)
class Upload:
    """A release on its way to a server: its id, what it holds, what the server holds, and who is told."""

    store: GraphStore
    names: PushNames
    identifier: str
    wanted: GraphCounts
    state: PushState
    advance: Progress

    @property
    def is_first(self) -> bool:
        """True when there is no release on the server that could be harmed: nothing, or a part of one."""
        nothing = not any(self.names.is_ours(graph) for graph in self.state.counts)
        return self.state.version is None and (nothing or bool(self.state.begun))

    def aside(self, parts: Iterable[Batch]) -> int:
        """Load every graph aside, so that it can take its place; return how many parts were there already.

        What other pushes left aside is cleared away. Raises :class:`StoreError` when the server does not hold
        in the end what was sent.
        """
        self.store.post(self.names.marker, under_way(self.names, self.identifier))
        places = {graph: self.names.aside(self.identifier, graph) for graph in self.wanted.counts}
        for graph in self.state.counts:
            if self.names.is_aside(graph) and graph not in places.values():
                self.store.delete(graph)
        resumed = self._send(parts, places, self.state.counts)
        held = count_graphs(self.store, self.names)
        wrong = {p: held.get(p, 0) for g, p in places.items() if held.get(p, 0) != self.wanted.counts[g]}
        for place in wrong:
            self.store.delete(place)
        self._refuse({graph: wrong[place] for graph, place in places.items() if place in wrong})
        return resumed

    def in_place(self, parts: Iterable[Batch]) -> int:
        """Replace every graph where it is; return how many parts were there already.

        Until it is done the marker names no version. Raises as :meth:`aside` does.
        """
        names, begun = self.names, self.state.begun
        if self.state.following != names.release(self.identifier) or self.state.version is not None:
            self.store.put(names.marker, under_way(names, self.identifier))
            begun = frozenset()
        known = {graph: self.state.counts.get(graph, 0) for graph in begun}

        def note(graph: str) -> None:
            self.store.post(names.marker, under_way(names, self.identifier, graph))

        resumed = self._send(parts, {graph: graph for graph in self.wanted.counts}, known, note)
        for graph in self.obsolete:
            self.store.delete(graph)
        held = count_graphs(self.store, names)
        wrong = {g: held.get(g, 0) for g, n in self.wanted.counts.items() if held.get(g, 0) != n}
        if wrong:
            self.store.put(names.marker, under_way(names, self.identifier))
            self._refuse(wrong)
        self.store.put(names.marker, complete(names, self.identifier, self.wanted.counts))
        return resumed

    @property
    def obsolete(self) -> list[str]:
        """The graphs on the server that the release does not have, also what lies aside, sorted."""
        return sorted(graph for graph in self.state.counts if graph not in self.wanted.counts)

    def _send(
        self,
        parts: Iterable[Batch],
        places: Mapping[str, str],
        held: Mapping[str, int],
        begin: Callable[[str], None] = lambda _: None,
    ) -> int:
        there = {graph: held.get(place, 0) for graph, place in places.items()}
        there = {graph: n if n <= self.wanted.counts[graph] else 0 for graph, n in there.items()}
        sent: Counter[str] = Counter()
        resumed = 0
        for part in parts:
            first = sent[part.graph] == 0
            sent[part.graph] += part.count
            if sent[part.graph] <= there[part.graph]:
                resumed += 1
            elif first:
                self.store.put(places[part.graph], part.triples)
                begin(part.graph)
            else:
                self.store.post(places[part.graph], part.triples)
            self.advance(Stage.SEND, sent.total(), self.wanted.total)
        return resumed

    def _refuse(self, wrong: Mapping[str, int]) -> None:
        for graph, count in sorted(wrong.items()):
            raise StoreError(
                f"{self.store.where.store} holds {count} statements of {graph} instead of "
                f"{self.wanted.counts[graph]}. It lost some, or takes different spellings of a value for "
                "one; push again, and use another server if that does not help."
            )
