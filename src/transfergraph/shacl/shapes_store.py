"""A copy of the data beside the shapes, for ``sh:sparql`` constraints that use ``$shapesGraph``."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transfergraph.common.files import ScratchFolder
from transfergraph.common.processes import QueryLimits
from transfergraph.shacl.rdf_terms import from_rdflib
from transfergraph.shacl.shape_model import Shapes
from transfergraph.shacl.sparql_constraints import DATA_GRAPH, SHAPES_GRAPH
from transfergraph.store import Store, WorkingStore
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.supervised import SupervisedStore


@contextmanager
def store_with_shapes(store: Store, shapes: Shapes, limits: QueryLimits | None) -> Iterator[Store]:
    """A store in memory, until the block ends, with the union of the store's graphs as one graph and the
    shapes as another; with ``limits`` in a process of its own, and each query within them."""
    both: WorkingStore = EmbeddedStore.in_memory() if limits is None else SupervisedStore(limits)
    with ScratchFolder() as folder:
        file = Path(folder) / "both.nq"
        with file.open("w", encoding="utf-8") as lines:
            for terms in store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").rows:
                lines.write(f"{' '.join(map(str, terms))} <{DATA_GRAPH}> .\n")
            for nodes in shapes.graph:
                lines.write(f"{' '.join(str(from_rdflib(node)) for node in nodes)} <{SHAPES_GRAPH}> .\n")
        both.load(file)
        try:
            yield both
        finally:
            both.empty()
