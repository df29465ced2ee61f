"""Shapes compiled to SPARQL on the embedded store: ``python -m ... GRAPH SHAPES``.

Prints as JSON how long it took to load the N-Quads, to read and compile the shapes and run them, how many
shapes had to be handed to pySHACL, and the number of results.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import rdflib

from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.store.embedded import EmbeddedStore


def main(quads: Path, shapes: Path) -> None:
    """Load, compile, validate."""
    start = time.perf_counter()
    store = EmbeddedStore.in_memory()
    store.load(quads)
    loaded = time.perf_counter()
    plan = compile_shapes(read_shapes(rdflib.Graph().parse(shapes)))
    results = run_plan(store, plan)
    done = time.perf_counter()
    told = {
        "load": loaded - start,
        "validate": done - loaded,
        "results": len(results),
        "handed over": len(plan.handed_over),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
