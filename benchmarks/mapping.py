"""Tables to N-Quads: transfergraph beside morph-kgc, an rdflib loop and DuckDB's bare writing.

Every contestant is a whole process that begins with the CSV files and ends with the written file; ours are
several files, sorted one after the other. Each is spared what it cannot do or need not: morph-kgc and the
loop neither sort the triples nor look for faults in the files, morph-kgc gets cells of several values
already split (RML cannot split them), and DuckDB gets the finished lines in a table of its own.

The ratio of morph-kgc and of the loop is their time divided by ours; that of DuckDB is ours divided by its.
"""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.contestants import map_duckdb
from benchmarks.processes import Middle, interleaved, module, run
from benchmarks.results import Row
from benchmarks.rml import write_rml
from transfergraph.common.nquads import triple_lines
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.csvw import read_table_group

OURS, MORPH, LOOP, BARE = "transfergraph", "morph-kgc", "rdflib loop", "DuckDB bare"
PEER = "morph-kgc==2.10.0"
GOALS = {MORPH: "at least 5", LOOP: "at least 30", BARE: "at most 3"}
_COMPARED = 1_000_000


def measure(root: Path, projects: int, scratch: Path, repeat: int, seconds: float) -> Iterator[Row]:
    """Rows for one workspace; a contestant that takes longer than ``seconds`` is left out, and it is said."""
    scratch.mkdir(parents=True, exist_ok=True)
    files = {OURS: "ours", MORPH: "morph.nq", LOOP: "loop.nt", BARE: "bare.nq"}
    outputs = {name: scratch / file for name, file in files.items()}
    database = scratch / "lines.duckdb"
    database.unlink(missing_ok=True)
    commands = {
        OURS: module("map_transfergraph", root, outputs[OURS]),
        MORPH: [
            str(_peer(scratch.parent)),
            "-m",
            "morph_kgc",
            str(_configure(root, scratch, outputs[MORPH])),
        ],
        LOOP: module("map_rdflib", root, outputs[LOOP]),
        BARE: module("map_duckdb", database, outputs[BARE]),
    }
    own = [outputs[OURS] / name for name in run(commands[OURS]).said["files"]]
    map_duckdb.prepare(own, database)
    middles = interleaved(commands, repeat, seconds)
    _compare(own, {name: outputs[name] for name in middles if name != OURS})
    for name, middle in middles.items():
        ratio = _ratio(name, middles[OURS], middle)
        size = f"{projects} projects"
        yield Row(
            "mapping", name, size, middle.seconds, middle.cpu, middle.memory, ratio, GOALS.get(name, "")
        )
    told = middles[OURS].said
    yield Row("mapping", "of it reading", size, told["read"])
    yield Row("mapping", "of it mapping", size, told["map"])


def _ratio(name: str, own: Middle, peer: Middle) -> float | None:
    if name == OURS:
        return None
    return own.seconds / peer.seconds if name == BARE else peer.seconds / own.seconds


def _peer(folder: Path) -> Path:
    """The interpreter of a virtual environment with morph-kgc, whose requirements exclude those of ours."""
    environment = folder / "peer"
    python = environment / "bin" / "python"
    if not python.exists():
        venv.create(environment, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
    return python


def _configure(root: Path, scratch: Path, output: Path) -> Path:
    """The configuration of morph-kgc, with as many processes as it takes by itself on this machine."""
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    (source,) = workspace.sources
    mapping = write_rml(group, source.folder, scratch)
    file = scratch / "morph.ini"
    file.write_text(
        "[CONFIGURATION]\n"
        f"output_file: {output}\noutput_format: N-QUADS\nlogging_level: WARNING\n"
        f"[Source]\nmappings: {mapping}\n",
        encoding="utf-8",
    )
    return file


def _compare(own: Sequence[Path], others: Mapping[str, Path]) -> None:
    """Say whether all made the same triples as we; of files too large to be held, only how many."""
    count = sum(map(_count, own))
    exact = count <= _COMPARED
    triples = set[bytes]().union(*map(_triples, own)) if exact else set()
    for name, file in others.items():
        theirs = _count(file)
        different = len(triples ^ _triples(file)) if exact else abs(theirs - count)
        kind = "triples differ from ours" if exact else "triples more or fewer than ours"
        print(f"  {name}: {theirs:,} triples, {different:,} {kind}")


def _count(file: Path) -> int:
    with file.open("rb") as stream:
        return sum(1 for _ in stream)


def _triples(file: Path) -> set[bytes]:
    with file.open("rb") as stream:
        if file.suffix == ".nt":
            return {line.strip() for line in stream if line.strip()}
        return {line.strip() for line in triple_lines(stream)}
