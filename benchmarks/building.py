"""The whole build, stage by stage, against its limits of time and memory.

``transfergraph build`` makes and publishes a release from the tables: read, check, map, derive, validate,
write the dumps and all other files, publish. Each run begins without any release. The memory of a stage
is the greatest sum over all processes while it lasted; the CPU seconds of a child process count in the
stage in which it ends. The ratio is the share of the limit.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from benchmarks.processes import Run, middle, module, run
from benchmarks.results import Row

LARGE_SECONDS, LARGE_MIB, CURATED_SECONDS = 120.0, 4096.0, 3.0


def measure_stages(root: Path, projects: int, scratch: Path, repeat: int) -> Iterator[Row]:
    """Rows for each stage of the last run and for the medians of the whole."""
    runs = []
    for _ in range(repeat):
        shutil.rmtree(scratch, ignore_errors=True)
        runs.append(run(module("build_release", root, scratch)))
    told = runs[-1].said
    size = f"{projects} projects"
    yield from _stages(runs[-1], size)
    whole = middle(runs)
    size = f"{projects} projects, {told['triples']:,} triples"
    share = whole.seconds / LARGE_SECONDS
    goal = f"at most {LARGE_SECONDS:.0f} s"
    yield Row("build", "transfergraph", size, whole.seconds, whole.cpu, whole.memory, share, goal)
    share = whole.memory / LARGE_MIB
    yield Row(
        "build", "its memory", size, whole.seconds, None, whole.memory, share, f"at most {LARGE_MIB:.0f} MiB"
    )
    print(f"  findings: {told['findings']}")


def _stages(done: Run, size: str) -> Iterator[Row]:
    marks = done.said["stages"]
    for (name, begin, before), (_, end, after) in pairwise(marks):
        peak = max((mib for at, mib in done.samples if begin <= at <= end), default=None)
        yield Row("  stage", name, size, end - begin, after - before, peak)


def measure_curated(repository: Path, scratch: Path, repeat: int) -> Iterator[Row]:
    """A row for the command ``transfergraph build`` on the repository's own data."""
    command = [sys.executable, "-m", "transfergraph", "build", "-w", str(repository), "-o", str(scratch)]
    runs = []
    for _ in range(repeat):
        shutil.rmtree(scratch, ignore_errors=True)
        runs.append(run(command))
    whole = middle(runs)
    share = whole.seconds / CURATED_SECONDS
    goal = f"at most {CURATED_SECONDS:.0f} s"
    yield Row(
        "build", "transfergraph", "the curated data", whole.seconds, whole.cpu, whole.memory, share, goal
    )
