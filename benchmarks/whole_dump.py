"""All of CORDIS end to end, stage by stage, against its limits; growth; an update with a newer dump; peers.

``python -m benchmarks.whole_dump DATA``, where ``DATA`` has ``cordis-horizon/horizon-projects-xml_*.tar.zst``
(the largest counts) and ``nuts-ags/nuts_2024.csv``; ``--parts`` chooses. Everything lies below
``build/bench/whole-dump`` afterwards.

The workspace is the curated one with the two as further sources, so that organisations are resolved as well.
Each stage tells seconds, CPU seconds, and the greatest sum of memory over all processes; the CPU seconds of a
child process count in the stage in which it ends. The newer dump has 200 projects changed, 50 new and 20 gone
(:mod:`benchmarks.newer_dump`); its build begins with the first release as the current one. The peers get the
tables and the graph of a sample, morph-kgc to map and pySHACL to validate, and at most the seconds that the
whole build of that sample took us.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import shutil
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import transfergraph as tg
from benchmarks import mapping, validation
from benchmarks.newer_dump import Newer, make_newer, sample
from benchmarks.processes import Run, module, run
from benchmarks.results import Row, table, write_json

REPOSITORY = Path(__file__).parent.parent
BENCH = REPOSITORY / "build" / "bench" / "whole-dump"
SECONDS, MIB, UPDATE = 300.0, 6144.0, 0.5


def bring(archive: Path, nuts: Path, root: Path) -> None:
    """The curated workspace with these raw files."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    shutil.copy(REPOSITORY / "transfergraph.toml", root)
    shutil.copytree(REPOSITORY / "data", root / "data")
    tg.add_source(root, "cordis", str(archive))
    tg.add_source(root, "nuts", str(nuts))


def update(archive: Path, root: Path, before: Run) -> Iterator[Row]:
    """Rows of a build with a newer dump over the first release; prints what it touched."""
    newer = archive.with_name("newer.tar.zst")
    made = make_newer(archive, newer)
    release = root / "build" / "current"
    known = {name: keys(release, name) for name in ("projects", "organisations")}
    replace_raw(root, newer)
    yield from rows_of(build(root), "newer dump over the first", UPDATE * before.seconds)
    print(f"  touched: {json.dumps(touched(release, known, made))}")


def build(root: Path) -> Run:
    """A build of a workspace, as a process of its own."""
    return run(module("build_release", root, root / "build"))


def replace_raw(root: Path, archive: Path) -> None:
    """Let the newer dump take the place of the older one."""
    (root / "data" / "cordis" / "files.toml").unlink()
    tg.add_source(root, "cordis", str(archive))


def touched(release: Path, before: dict[str, set[str]], made: Newer) -> dict[str, int]:
    """What differs in a release, and how many keys of the release before are lost."""
    changes = json.loads((release / "changes" / "changes.json").read_text(encoding="utf-8"))
    lost = before["projects"] - keys(release, "projects") - {f"cordis-{one}" for one in made.gone}
    with gzip.open(release / "changes" / "added.nt.gz") as lines:
        subjects = {line.split(b" ", 1)[0] for line in lines}
    return {
        "triples added": changes["triples"]["added"],
        "triples removed": changes["triples"]["removed"],
        "subjects with something added": len(subjects),
        "projects that lost their address": len(lost),
        "organisations gone": len(before["organisations"] - keys(release, "organisations")),
    }


def keys(release: Path, name: str) -> set[str]:
    """The keys of a table in a release, of all sources."""
    found: set[str] = set()
    for file in sorted(release.glob(f"data/tables/*/{name}.csv")):
        with file.open(encoding="utf-8", newline="") as rows:
            found |= {row["id"] for row in csv.DictReader(rows)}
    return found


def rows_of(done: Run, size: str, limit: float) -> Iterator[Row]:
    """A row for each stage, and the whole with its share of the limits."""
    for (name, begin, before), (_, end, after) in pairwise(done.said["stages"]):
        peak = max((mib for at, mib in done.samples if begin <= at <= end), default=None)
        yield Row("  stage", name, size, end - begin, after - before, peak)
    size = f"{size}, {done.said['triples']:,} triples"
    goal = f"at most {limit:.0f} s and {MIB:.0f} MiB"
    yield Row("dump", "transfergraph", size, done.seconds, done.cpu, done.memory, done.seconds / limit, goal)
    print(f"  findings: {done.said['findings']}")


def peers(release: Path, root: Path, projects: int, seconds: float) -> Iterator[Row]:
    """Rows of mapping and validating the tables that a release has of the dump, beside the peers."""
    source = root / "data" / "cordis"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(release / "data" / "tables" / "cordis", source)
    shutil.copy(REPOSITORY / "transfergraph.toml", root)
    declared = (REPOSITORY / "src/transfergraph/ready_sources/cordis/source.toml").read_text(encoding="utf-8")
    told = declared.partition("\n[raw.")[0]
    (source / "source.toml").write_text(told, encoding="utf-8")
    yield from mapping.measure(root, projects, BENCH / "mapping", 1, seconds)
    yield from validation.measure(root, projects, BENCH / "graph", 1, seconds)


def main() -> None:
    """Measure what was asked for, and show it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_dump")
    parser.add_argument("data", type=Path, help="the folder with the open data")
    parser.add_argument("--small", type=int, default=1000, help="projects of the sample (1000); 0: no sample")
    parser.add_argument("--peer-projects", type=int, default=200, help="projects that the peers get (200)")
    parser.add_argument("--parts", default="small,all,update,peers", help="small,all,update,peers")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for row in _measured(
        arguments.data, arguments.small, arguments.peer_projects, arguments.parts.split(",")
    ):
        rows.append(row)
        print(f"  {'  '.join(cell for cell in row.cells() if cell)}", flush=True)
    print(f"\n{table(rows)}")
    write_json(rows, BENCH / "results.json")


def _measured(data: Path, small: int, peer_projects: int, parts: Sequence[str]) -> Iterator[Row]:
    BENCH.mkdir(parents=True, exist_ok=True)
    dumps = (data / "cordis-horizon").glob("horizon-projects-xml_*.tar.zst")
    whole = max(dumps, key=lambda file: file.stat().st_size)
    nuts = data / "nuts-ags" / "nuts_2024.csv"
    for part, projects in (("small", small), ("all", 0), ("peers", peer_projects)):
        if part not in parts:
            continue
        root, archive = BENCH / part, BENCH / f"{part}.tar.zst"
        if projects:
            sample(whole, archive, projects)
        else:
            shutil.copy(whole, archive)
        bring(archive, nuts, root)
        done = build(root)
        if part == "peers":
            release = root / "build" / "current"
            yield from peers(release, BENCH / "peers-tables", projects, done.seconds)
            continue
        yield from rows_of(done, f"{projects or 'all'} projects", SECONDS)
        if part == "all" and "update" in parts:
            yield from update(archive, root, done)


if __name__ == "__main__":
    main()
