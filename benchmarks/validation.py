"""Validation: the shapes compiled to SPARQL beside pySHACL, and how ours grows with the graph.

Both get the graph that a build validates (stated, derived, vocabulary) and all of ``shapes.ttl``. The
time compared is that of validating alone, with the shapes read and compiled; the whole process, loading
included, stands in a line of its own. pySHACL takes minutes and runs once, after the repeated runs of
ours. Both must come to the same number of results.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Middle, interleaved, module, run
from benchmarks.results import Row

OURS, PEER = "transfergraph", "pySHACL"


def measure(root: Path, projects: int, scratch: Path, repeat: int, seconds: float) -> Iterator[Row]:
    """Rows for one workspace; pySHACL takes part when ``seconds``, its limit, is not 0."""
    scratch.mkdir(parents=True, exist_ok=True)
    quads = run(module("make_graph", root, scratch)).said["quads"]
    shapes = Path(__file__).parent.parent / "ontology" / "shapes.ttl"
    size = f"{projects} projects, {quads:,} triples"
    ours = interleaved({OURS: module("shapes_transfergraph", scratch / "graph.nq", shapes)}, repeat)[OURS]
    yield from _rows(OURS, size, ours)
    if not seconds:
        return
    peer = interleaved({PEER: module("shapes_pyshacl", scratch / "graph.nt", shapes)}, 1, seconds).get(PEER)
    if peer is None:
        yield Row("validation", PEER, size, seconds, goal="given up")
        return
    ratio = peer.said["validate"] / ours.said["validate"]
    yield from _rows(PEER, size, peer, ratio)


def _rows(who: str, size: str, middle: Middle, ratio: float | None = None) -> Iterator[Row]:
    told = middle.said
    goal = "" if ratio is None else "at least 25"
    yield Row("validation", who, size, told["validate"], None, None, ratio, goal)
    yield Row("  with loading", who, size, middle.seconds, middle.cpu, middle.memory)
    print(f"  {who}: {told['results']:,} results at {size}")
