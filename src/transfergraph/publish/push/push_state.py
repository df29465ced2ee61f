"""What a server states of the release that it holds: a small graph of its own, ``<base>push``.

::

    <base>dataset/graph dcat:version "2026.11-0123456789ab" .    the release that is there, whole
    <base>graph/saxony void:triples 4321 .                       and how many statements each graph has
    <base>dataset/graph adms:next <base>release/2026.12-... .    a release that is being loaded
    <base>graph/saxony adms:next <base>release/2026.12-... .     in place, and this graph has been begun
    <base>push adms:status <base>push/parallel .                 over several connections, in no order

While a release is loaded into staging graphs, these are ``<base>push/<id>/...`` and the old one is there,
whole; while one is loaded in place there is no version. So nobody can take a mixture for a release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import ADMS, DCAT, VOID, XSD
from transfergraph.publish.push.graph_store import GraphStore

_VERSION, _NEXT, _TRIPLES = DCAT + "version", ADMS + "next", VOID + "triples"
_ORDER = ADMS + "status"


@dataclass(frozen=True, slots=True)
class PushNames:
    """The IRIs that a push uses, all below the base IRI."""

    base: str

    @property
    def state_graph(self) -> str:
        """The graph that states what the server holds."""
        return f"{self.base}push"

    @property
    def dataset(self) -> str:
        """The dataset whose version is stated."""
        return f"{self.base}dataset/graph"

    def release(self, identifier: str) -> str:
        """The release of that id."""
        return f"{self.base}release/{quote(identifier)}"

    def staging(self, identifier: str, graph: str) -> str:
        """The graph in which a graph of the release is loaded before it takes its place."""
        return f"{self.base}push/{quote(identifier)}/{graph.removeprefix(self.base)}"

    def is_staging(self, graph: str) -> bool:
        """True for a graph in which some release is being loaded, or was when the push ended."""
        return graph.startswith(f"{self.base}push/")

    def is_ours(self, graph: str) -> bool:
        """True for a graph that belongs to the releases of this base IRI."""
        return graph.startswith(f"{self.base}graph/")


@dataclass(frozen=True, slots=True)
class PushState:
    """What a server holds: which release, whole; which one is being loaded; and the statements by graph.

    ``begun`` are the graphs of which the loading in place has begun; with ``parallel`` the parts of a graph
    are not sent in their order.
    """

    version: str | None = None
    following: str | None = None
    begun: frozenset[str] = field(default=frozenset())
    parallel: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)

    def holds(self, identifier: str, counts: Mapping[str, int], names: PushNames) -> bool:
        """True when exactly this release is there, as far as it can be counted, and nothing is under way."""
        ours = {graph: count for graph, count in self.counts.items() if names.is_ours(graph)}
        staged = any(names.is_staging(graph) for graph in self.counts)
        return self.version == identifier and ours == counts and self.following is None and not staged


def read_state(store: GraphStore, names: PushNames) -> PushState:
    """Ask a server what it holds below the base IRI."""
    rows = store.select(f"SELECT ?s ?p ?o WHERE {{ GRAPH <{names.state_graph}> {{ ?s ?p ?o }} }}")
    values = {
        (str(s.value), p.value): str(o.value)
        for s, p, o in rows
        if s is not None and isinstance(p, ox.NamedNode) and o is not None
    }
    begun = {subject for (subject, predicate) in values if predicate == _NEXT and subject != names.dataset}
    return PushState(
        version=values.get((names.dataset, _VERSION)),
        following=values.get((names.dataset, _NEXT)),
        begun=frozenset(begun),
        parallel=(names.state_graph, _ORDER) in values,
        counts=count_graphs(store, names),
    )


def count_graphs(store: GraphStore, names: PushNames) -> dict[str, int]:
    """The statements by graph, of those that belong to this base IRI or to a push."""
    rows = store.select(
        "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } "
        f"FILTER(STRSTARTS(STR(?g), {ox.Literal(names.base)})) }} GROUP BY ?g"
    )
    counts = {str(graph.value): int(count.value) for graph, count in rows if graph and count}
    return {graph: n for graph, n in counts.items() if names.is_ours(graph) or names.is_staging(graph)}


def state_loaded(names: PushNames, identifier: str, counts: Mapping[str, int]) -> bytes:
    """The statements that a release is there, whole, as N-Triples."""
    lines = [f"<{names.dataset}> <{_VERSION}> {ox.Literal(identifier)} .\n"]
    lines += [f'<{graph}> <{_TRIPLES}> "{count}"^^<{XSD}integer> .\n' for graph, count in counts.items()]
    return "".join(lines).encode()


def state_loading(names: PushNames, identifier: str, graph: str | None = None) -> bytes:
    """The statement that a release is being loaded, or that this graph of it has been begun."""
    return f"<{graph or names.dataset}> <{_NEXT}> <{names.release(identifier)}> .\n".encode()


def state_parallel(names: PushNames) -> bytes:
    """The statement that the parts of a graph do not come in the order of the dump."""
    return f"<{names.state_graph}> <{_ORDER}> <{names.state_graph}/parallel> .\n".encode()
