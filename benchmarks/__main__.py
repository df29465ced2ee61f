"""One command for all measurements: ``python -m benchmarks [PART ...]``.

Workspaces are invented anew by the seeded generator under ``build/bench``. Every figure is of whole
processes, and the median of several runs in which the contestants take turns; the table shows seconds of
the wall clock, CPU seconds, memory of all processes together, and the ratio to a peer or a limit. Use a
machine that does nothing else. The same figures are written to ``build/bench/results.json``.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

from benchmarks import building, cellbench, diff, listing, mapping, searching, stated_rows, validation
from benchmarks.generator import generate
from benchmarks.results import Row, table, write_json

REPOSITORY = Path(__file__).parent.parent
BENCH = REPOSITORY / "build" / "bench"
PARTS = ("mapping", "validation", "build", "diff", "cells", "rows", "search", "lists")


def main() -> None:
    """Measure the parts that were asked for, and show them."""
    arguments = _arguments()
    rows: list[Row] = []
    for part in arguments.parts or PARTS:
        for row in _measure(part, arguments):
            rows.append(row)
            print(f"  {'  '.join(cell for cell in row.cells() if cell)}", flush=True)
    print(f"\n{table(rows)}")
    write_json(rows, BENCH / "results.json")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all by default")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each process (3)")
    parser.add_argument("--small", type=int, default=10_000, help="projects of the smaller network (10000)")
    parser.add_argument("--large", type=int, default=100_000, help="projects of the larger network (100000)")
    parser.add_argument(
        "--peers", type=float, default=900, help="seconds after which a peer is given up (900)"
    )
    arguments = parser.parse_args()
    unknown = [part for part in arguments.parts if part not in PARTS]
    if unknown:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    return arguments


def _measure(part: str, arguments: argparse.Namespace) -> Iterator[Row]:
    repeat, peers = arguments.repeat, arguments.peers
    small, large = arguments.small, arguments.large
    if part == "mapping":
        for size in (small, large):
            yield from mapping.measure(_workspace(size), size, BENCH / f"mapping-{size}", repeat, peers)
    elif part == "validation":
        for size in (1_000, small, large):
            limit = peers if size == 1_000 else 0.0
            yield from validation.measure(_workspace(size), size, BENCH / f"graph-{size}", repeat, limit)
    elif part == "diff":
        for size in (small, large):
            yield from diff.measure(_workspace(size), size, BENCH / f"diff-{size}", repeat)
    elif part == "rows":
        for size in (small, large):
            yield from stated_rows.measure(_workspace(size), size, BENCH / f"rows-{size}", repeat)
    elif part == "search":
        for size in (small, large):
            yield from searching.measure(_workspace(size), size, BENCH / f"search-{size}", repeat)
    elif part == "lists":
        for size in (small, large):
            yield from listing.measure(_workspace(size), size, BENCH / f"lists-{size}", repeat)
    elif part == "cells":
        yield from cellbench.measured(BENCH / "cellbench")
    else:
        yield from building.measure_curated(REPOSITORY, BENCH / "curated", repeat)
        yield from building.measure_stages(_workspace(large), large, BENCH / f"release-{large}", repeat)


def _workspace(projects: int) -> Path:
    """A fresh workspace of that many projects."""
    folder = BENCH / f"workspace-{projects}"
    shutil.rmtree(folder, ignore_errors=True)
    generate(REPOSITORY, folder, projects)
    return folder


if __name__ == "__main__":
    main()
