"""The lists of a release: their files, written in a process as a build does, and pages of the longest list.

The figures of pages are CPU milliseconds of the 50th and the 99th of a hundred, with a choice in no facet, in
one and in two. The ratio is the share of the limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks.generator import BASE
from benchmarks.processes import middle, module, run
from benchmarks.results import Row

SECONDS, MILLISECONDS = 45.0, 50.0  # for 100,000 projects
_PROJECTS = 100_000


def measure(root: Path, projects: int, scratch: Path, repeat: int) -> Iterator[Row]:
    """Rows for one workspace."""
    scratch.mkdir(parents=True, exist_ok=True)
    run(module("make_graph", root, scratch))
    command = [*module("write_lists", scratch / "graph.nt", scratch / "lists"), BASE]
    done = middle([run(command) for _ in range(repeat)])
    told, size = done.said, f"{projects} projects"
    limit = SECONDS * projects / _PROJECTS
    share, goal = told["cpu"] / limit, f"at most {limit:.1f} CPU s"
    yield Row("lists", "their files", size, done.seconds, told["cpu"], done.memory, share, goal)
    print(f"  {told['bytes'] / 1e6:.1f} MB, {told['index'] / 1e6:.1f} MB of them the tables; {told['list']}")
    print(f"  the first page of a worker: {told['first']:.1f} ms")
    for choices, who in (("0", "no choice"), ("1", "one choice"), ("2", "two choices")):
        times = sorted(told[choices])
        half, most = times[len(times) // 2], times[len(times) * 99 // 100]
        print(f"  a page with {who}: {half:.1f} ms, the 99th of a hundred {most:.1f} ms")
        share, goal = half / MILLISECONDS, f"at most {MILLISECONDS:.0f} ms"
        yield Row("lists", f"a page, {who}, p50", size, half / 1000, half / 1000, None, share, goal)
