"""Reading raw files into tables, stage by stage: seconds and peak memory, and how both grow with the file.

``python -m benchmarks.raw_sources SMALL LARGE`` takes two archives of CORDIS, of few projects and of all.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import transfergraph as tg
from transfergraph.config.workspace import open_workspace
from transfergraph.sources.archive_members import ArchiveLimits
from transfergraph.sources.derivation import read_raw
from transfergraph.sources.raw_reading import RawTask
from transfergraph.sources.read_sources import read_sources
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect


def peak() -> str:
    """The most memory of this process so far, and of the largest of those that it has run, in MiB."""
    own, others = (
        resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own} MiB here, {others} MiB in the largest process beside"


def measure(file: Path, folder: Path) -> tuple[float, int]:
    """Seconds of reading and deriving, and the projects; tells each stage."""
    root = tg.init(folder / "ws")
    tg.add_source(root, "cordis", str(file))
    workspace = open_workspace(root, ["cordis"])
    (source,) = workspace.sources
    (raw,) = workspace.raw_files(source)
    target = folder / "raw"
    target.mkdir()
    begun = time.perf_counter()
    limits = ArchiveLimits(
        workspace.settings.limits.file_megabytes, workspace.settings.limits.archive_megabytes
    )
    shares = read_raw(RawTask("cordis", {raw.name: workspace.root / raw.cached}, source.raw, limits, target))
    members = sum(sum(one.members.values()) for one in shares)
    rows = sum(sum(one.rows.values()) for one in shares)
    print(f"  read: {time.perf_counter() - begun:.1f} s, {members} documents, {rows} rows; {peak()}")
    group = read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )
    scratch = folder / "scratch"
    scratch.mkdir()
    begun = time.perf_counter()
    with closing(connect(scratch)) as connection:
        tables, findings = read_sources(workspace, group, connection, scratch)
        seconds, projects = time.perf_counter() - begun, tables.count("projects")
    told = f"{projects} projects, {len(findings)} findings; {peak()}"
    print(f"  read, derived and loaded: {seconds:.1f} s, {told}")
    return seconds, projects


def main() -> None:
    """Measure both files, the small one first."""
    found = []
    for name in sys.argv[1:3]:
        print(name)
        with tempfile.TemporaryDirectory() as folder:
            found.append(measure(Path(name), Path(folder)))
    (small, few), (large, many) = found
    print(f"{many / few:.1f} times the projects take {large / small:.1f} times the time")


if __name__ == "__main__":
    main()
