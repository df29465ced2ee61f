"""From checked tables to the whole graph: mapped, joined with the vocabulary, and derived by rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.iris import predicate_fault
from transfergraph.common.namespaces import DERIVED_GRAPH, VOCABULARY_GRAPH, source_graph
from transfergraph.common.nquads import write_sorted
from transfergraph.config.workspace import Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.messages import explained
from transfergraph.queries.parameters import bind
from transfergraph.queries.query_files import NamedQuery, load_queries, naming
from transfergraph.store import WorkingStore
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.tables.load import Tables
from transfergraph.vocabulary.term_lists import Vocabulary

_PIECE = 16 << 20  # bytes of triples that are looked at together
_BLANK = re.compile(rb"^(_:.*|<[^>]*> <[^>]*> _:.*)$", re.MULTILINE)
_PREDICATES = re.compile(rb"^[^ ]+ <([^>]*)>", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DerivedGraph:
    """The graph as sorted N-Quads files, those of what the sources state, one for the vocabulary and one for
    what the rules derive; and the store that holds all of it in memory."""

    store: WorkingStore
    stated: tuple[Path, ...]
    vocabulary: Path
    derived: Path

    @property
    def files(self) -> tuple[Path, ...]:
        """All files."""
        return (*self.stated, self.vocabulary, self.derived)


def map_tables(
    tables: Tables, vocabulary: Vocabulary, scratch: Path, store: WorkingStore | None = None
) -> DerivedGraph:
    """Map the tables and write the result and the vocabulary; the store, one in memory, is still empty."""
    stated = write_quads(tables, scratch)
    store = store or EmbeddedStore.in_memory()
    graph = DerivedGraph(store, stated, scratch / "vocabulary.nq", scratch / "derived.nq")
    statements = ox.serialize(vocabulary.triples, format=ox.RdfFormat.N_TRIPLES) or b""
    write_sorted([statements], tables.group.base + VOCABULARY_GRAPH, graph.vocabulary)
    return graph


def load(graph: DerivedGraph, workspace: Workspace) -> None:
    """Load what is stated, and the vocabulary, into the store."""
    for file in (*graph.stated, graph.vocabulary):
        graph.store.load(file)
    base, (_, *others) = workspace.settings.base, workspace.sources
    graph.store.merge_graphs([base + VOCABULARY_GRAPH, *(source_graph(base, one.name) for one in others)])


def derive(graph: DerivedGraph, workspace: Workspace) -> bool:
    """Run the rules of the workspace over what is stated; no rule sees what another derived.

    Returns whether the store is merged: some triple stands in several graphs.

    The parameter ``limit`` of a rule, where it has one, is the greatest consortium that still ties its
    partners to each other.
    """
    write_sorted(_derived(graph, workspace), workspace.settings.base + DERIVED_GRAPH, graph.derived)
    graph.store.load(graph.derived)
    return graph.store.merge_graphs([workspace.settings.base + DERIVED_GRAPH])


def _derived(graph: DerivedGraph, workspace: Workspace) -> Iterator[bytes]:
    for rule in load_queries(workspace.declarations.rules, workspace.settings.languages):
        limits = {p.name: workspace.settings.limits.consortium for p in rule.parameters if p.name == "limit"}
        answer = graph.derived.with_suffix(".nt")
        with naming(rule.file):
            graph.store.write_triples(bind(graph.store, rule, workspace.settings.base, limits), answer)
        with answer.open("rb") as stream:
            while lines := b"".join(stream.readlines(_PIECE)):
                _refuse_unpublishable(lines, rule)
                yield lines
        answer.unlink()


def _refuse_unpublishable(lines: bytes, rule: NamedQuery) -> None:
    """Raise :class:`WorkspaceError` for what cannot be published, or not twice with the same bytes."""
    if b"_:" in lines and (blank := _BLANK.search(lines)):
        example = "IRI(CONCAT(STR(?thing), '/note'))"
        told = explained("error.rule.blank", rule=rule.file, blank=blank[0].decode(), example=example)
        raise WorkspaceError(told)
    for predicate in set(_PREDICATES.findall(lines)):
        if (fault := predicate_fault(predicate.decode())) is not None:
            raise WorkspaceError(
                explained("error.rule.property", rule=rule.file, predicate=predicate.decode(), fault=fault)
            )
