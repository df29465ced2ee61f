"""The difference of two dumps of which one in a hundred triples differs, and its way back.

``transfergraph diff`` reads both compressed dumps, writes the patch and sums up what changed; ``transfergraph
apply`` makes the new dump out of the old one and the patch. Beside them: ``comm`` on the same dumps, unpacked
in pipes, which finds the lines that differ, not compressed and with nothing else known of them. The
stream of events that a release adds is measured for the whole graph, as its first release has it. The ratio
is the share of the limit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.processes import Middle, interleaved, module, run
from benchmarks.results import Row
from transfergraph.release.dumps import gzip_writer

SECONDS, MIB = 15.0, 1024.0
DIFF, APPLY, EVENTS, PEER = "transfergraph diff", "transfergraph apply", "first stream of events", "comm"
_SHARE_OF_LITERALS = 0.06  # a sixth of the triples have one


def measure(root: Path, projects: int, scratch: Path, repeat: int) -> Iterator[Row]:
    """Rows for one workspace."""
    scratch.mkdir(parents=True, exist_ok=True)
    triples = run(module("make_graph", root, scratch)).said["quads"]
    old, new = scratch / "old.nt.gz", scratch / "new.nt.gz"
    changed = write_dumps(scratch / "graph.nt", old, new)
    size = f"{projects} projects, {triples:,} triples, {changed:,} of them changed"
    found = interleaved(
        {
            DIFF: module("diff_transfergraph", old, new, scratch / "patch"),
            PEER: ["bash", "-c", f"LC_ALL=C comm -3 <(zcat {old}) <(zcat {new}) > {scratch / 'comm.txt'}"],
        },
        repeat,
    )
    found |= interleaved(
        {APPLY: module("apply_patch", scratch / "patch", old, scratch / "made.nt.gz")}, repeat
    )
    if (scratch / "made.nt.gz").read_bytes() != new.read_bytes():
        raise RuntimeError("The patch does not lead to the new dump.")
    found |= interleaved({EVENTS: module("write_events", scratch / "graph.nt", scratch / "events")}, repeat)
    yield from _rows(DIFF, size, found[DIFF], limited=True)
    for who in (PEER, APPLY, EVENTS):
        yield from _rows(who, size, found[who], limited=False)


def _rows(who: str, size: str, middle: Middle, limited: bool) -> Iterator[Row]:
    if not limited:
        yield Row("diff", who, size, middle.seconds, middle.cpu, middle.memory)
        return
    share = middle.seconds / SECONDS
    yield Row("diff", who, size, middle.seconds, middle.cpu, middle.memory, share, f"at most {SECONDS:.0f} s")
    share = middle.memory / MIB
    yield Row(
        "diff", "its memory", size, middle.seconds, None, middle.memory, share, f"at most {MIB:.0f} MiB"
    )


def write_dumps(graph: Path, old: Path, new: Path) -> int:
    """Write the graph as one dump, and with some of its literals changed as another; return how many."""
    chance = random.Random(1)
    changed = 0
    lines = []
    with graph.open("rb") as stream, gzip_writer(old) as out:
        for line in stream:
            out.write(line)
            if b'> "' in line and chance.random() < _SHARE_OF_LITERALS:
                line = line.replace(b'> "', b'> "9', 1)
                changed += 1
            lines.append(line)
    with gzip_writer(new) as out:
        out.writelines(sorted(lines))
    return changed
