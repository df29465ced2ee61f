"""Sending a whole release to a server, into staging graphs or in place, and resuming a push that broke off.

How far an earlier one came is seen from the server alone: statements go in the order of the dump, so that a
graph with n statements has the first n; what was sent twice is there once. Over several connections there is
no order, and a graph that is not complete is sent anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from transfergraph.common.progress import Progress, Stage
from transfergraph.errors import StoreError
from transfergraph.messages import explained
from transfergraph.publish.push.dump_batches import Batch, GraphCounts
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.parallel_requests import ParallelRequests
from transfergraph.publish.push.push_state import (
    PushNames,
    PushState,
    count_graphs,
    state_loaded,
    state_loading,
    state_parallel,
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A release that is sent to a server: its id, what it holds, what the server holds, and its progress.

    ``connections`` is how many parts are on their way at once.
    """

    store: GraphStore
    names: PushNames
    identifier: str
    wanted: GraphCounts
    state: PushState
    advance: Progress
    connections: int = 1

    @property
    def is_first(self) -> bool:
        """True when there is no release on the server that could be harmed: nothing, or a part of one."""
        nothing = not any(self.names.is_ours(graph) for graph in self.state.counts)
        return self.state.version is None and (nothing or bool(self.state.begun))

    @property
    def obsolete(self) -> list[str]:
        """The graphs on the server that the release does not have, staging graphs too, sorted."""
        return sorted(graph for graph in self.state.counts if graph not in self.wanted.counts)

    @property
    def loaded(self) -> bytes:
        """The statements that the release is there, as N-Triples."""
        return state_loaded(self.names, self.identifier, self.wanted.counts)

    def is_held(self, state: PushState) -> bool:
        """True when a server in this state holds exactly the release."""
        return state.holds(self.identifier, self.wanted.counts, self.names)

    def load_staged(self, batches: Iterable[Batch]) -> int:
        """Load every graph into its staging graph; return how many batches were there already.

        The staging graphs of other pushes are deleted. Raises :class:`StoreError` when the server does not
        hold in the end what was sent.
        """
        self.store.post(self.names.state_graph, state_loading(self.names, self.identifier))
        places = {graph: self.names.staging(self.identifier, graph) for graph in self.wanted.counts}
        for graph in self.state.counts:
            if self.names.is_staging(graph) and graph not in places.values():
                self.store.delete(graph)
        resumed = self._send(batches, places, self.state.counts)
        wrong = self._miscounted(places)
        for graph in wrong:
            self.store.delete(places[graph])
        self._refuse(wrong)
        return resumed

    def load_in_place(self, batches: Iterable[Batch]) -> int:
        """Replace every graph where it is; return how many batches were there already.

        Until it is done the server states no version. Raises as :meth:`load_staged` does.
        """
        names, begun = self.names, self.state.begun
        if self.state.following != names.release(self.identifier) or self.state.version is not None:
            self.store.put(names.state_graph, state_loading(names, self.identifier))
            begun = frozenset()
        known = {graph: self.state.counts.get(graph, 0) for graph in begun}

        def note(graph: str) -> None:
            self.store.post(names.state_graph, state_loading(names, self.identifier, graph))

        places = {graph: graph for graph in self.wanted.counts}
        resumed = self._send(batches, places, known, note)
        for graph in self.obsolete:
            self.store.delete(graph)
        wrong = self._miscounted(places)
        if wrong:
            self.store.put(names.state_graph, state_loading(names, self.identifier))
        self._refuse(wrong)
        self.store.put(names.state_graph, self.loaded)
        return resumed

    def _send(
        self,
        batches: Iterable[Batch],
        places: Mapping[str, str],
        held: Mapping[str, int],
        begin: Callable[[str], None] = lambda _: None,
    ) -> int:
        there = {graph: held.get(place, 0) for graph, place in places.items()}
        wanted = self.wanted.counts
        if self.state.parallel:
            there = {graph: n if n == wanted[graph] else 0 for graph, n in there.items()}
        there = {graph: n if n <= wanted[graph] else 0 for graph, n in there.items()}
        if self.connections > 1:
            self.store.post(self.names.state_graph, state_parallel(self.names))
        sent: Counter[str] = Counter()
        resumed = 0
        with ParallelRequests(self.connections) as requests:
            for batch in batches:
                first = sent[batch.graph] == 0
                sent[batch.graph] += batch.count
                if sent[batch.graph] <= there[batch.graph]:
                    resumed += 1
                elif first:
                    self.store.put(places[batch.graph], batch.triples)
                    begin(batch.graph)
                else:
                    requests.run(partial(self.store.post, places[batch.graph], batch.triples))
                self.advance(Stage.SEND, sent.total(), self.wanted.total)
        return resumed

    def _miscounted(self, places: Mapping[str, str]) -> dict[str, int]:
        """The graphs that have another number of statements than they should, each with that number."""
        held = count_graphs(self.store, self.names)
        counts = {graph: held.get(place, 0) for graph, place in places.items()}
        return {graph: n for graph, n in counts.items() if n != self.wanted.counts[graph]}

    def _refuse(self, wrong: Mapping[str, int]) -> None:
        for graph, count in sorted(wrong.items()):
            raise StoreError(
                explained(
                    "error.push.lost",
                    store=self.store.where.store,
                    count=count,
                    graph=graph,
                    counts=self.wanted.counts[graph],
                )
            )
