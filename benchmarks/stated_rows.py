"""The rows of all stated triples: the dump in RDF 1.2 with its index, and the way from a fact to its cell.

Three figures, each against what it has to reach: CPU seconds for a million stated triples (dump written and
read back, and index, in one process), bytes gzipped for a triple over the dump of the same triples, and
microseconds in which everything that is stated of one subject is led to its cells, warm.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import middle, module, run
from benchmarks.results import Row

CPU_SECONDS, BYTES, MICROSECONDS = 4.0, 10.0, 1000.0


def measure(root: Path, projects: int, scratch: Path, repeat: int) -> Iterator[Row]:
    """Rows for one workspace; the ratio is the share of what is allowed."""
    runs = []
    for _ in range(repeat):
        shutil.rmtree(scratch, ignore_errors=True)
        runs.append(run(module("write_cells", root, scratch)))
    whole, told = middle(runs), runs[-1].said
    triples = told["triples"]
    size = f"{projects} projects, {triples:,} triples"
    yield Row("rows", "whole process, mapping included", size, whole.seconds, whole.cpu, whole.memory)
    cpu = sorted(one.said["index"] + one.said["cells"] for one in runs)[len(runs) // 2]
    share = cpu / triples * 1e6 / CPU_SECONDS
    yield Row("rows", "dump and index", size, cpu, cpu, None, share, f"at most {CPU_SECONDS:.0f} s a million")
    more = (told["bytes"] - told["plain"]) / triples
    yield Row(
        "rows", f"{more:.1f} bytes a triple", size, 0.0, ratio=more / BYTES, goal=f"at most {BYTES:.0f}"
    )
    spent = told["microseconds"]
    goal = f"at most {MICROSECONDS:.0f} µs"
    yield Row("rows", f"{spent:.0f} µs a subject", size, spent / 1e6, ratio=spent / MICROSECONDS, goal=goal)
