"""The search of a release: its files, written in a process as a build does, and searches in the index.

A keystroke is one search for the beginning of a name; the figures are CPU milliseconds of the 50th and the
99th of a hundred. The ratio is the share of the limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.generator import BASE
from benchmarks.processes import middle, module, run
from benchmarks.results import Row

SECONDS, MIB, MILLISECONDS = 8.0, 205.0, 20.0  # for 100,000 projects
_PROJECTS = 100_000


def measure(root: Path, projects: int, scratch: Path, repeat: int) -> Iterator[Row]:
    """Rows for one workspace."""
    scratch.mkdir(parents=True, exist_ok=True)
    run(module("make_graph", root, scratch))
    command = [*module("write_search", scratch / "graph.nt", scratch / "search"), BASE]
    done = middle([run(command) for _ in range(repeat)])
    told, size = done.said, f"{projects} projects"
    limit = SECONDS * projects / _PROJECTS
    share, goal = told["cpu"] / limit, f"at most {limit:.1f} CPU s"
    yield Row("search", "its files", size, done.seconds, told["cpu"], done.memory, share, goal)
    print(f"  {told['bytes'] / 1e6:.1f} MB, {told['index'] / 1e6:.1f} MB of them the index")
    for who, times in (("a keystroke", told["keystrokes"]), ("with an error", told["errors"])):
        half, most = _of_hundred(times, 50), _of_hundred(times, 99)
        print(f"  {who}: {half:.2f} ms, the 99th of a hundred {most:.2f} ms")
        share, goal = most / MILLISECONDS, f"at most {MILLISECONDS:.0f} ms"
        yield Row("search", f"{who}, 99th of 100", size, most / 1000, most / 1000, None, share, goal)


def _of_hundred(times: Sequence[float], which: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * which // 100)]
