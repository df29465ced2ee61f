"""A release as files for bulk loaders: N-Quads in parts of a stated size, with a list of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from transfergraph.common.files import replace_folder
from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.json_text import json_text
from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained
from transfergraph.publish.push.dump_batches import QUADS, quad_lines, split
from transfergraph.publish.site_files import checked_chunks
from transfergraph.release.dumps import gzip_writer
from transfergraph.release.manifest import FileEntry, describe_file, read_manifest
from transfergraph.release.publish_release import release_folder

LIST = "bulk.json"
PART = 256 << 20
"""Bytes of N-Quads in one part, before it is compressed."""


@dataclass(frozen=True, slots=True)
class BulkFiles:
    """Parts that were written: their folder, the id of the release, how many, their quads and bytes."""

    folder: Path
    release: str
    parts: int
    quads: int
    size: int


@dataclass(frozen=True, slots=True)
class _Part:
    file: FileEntry
    quads: int
    unpacked: int  # bytes


def write_bulk_files(
    release: str | Path, folder: str | Path, part_bytes: int = PART, advance: Progress = silent
) -> BulkFiles:
    """Write the graph of a release as parts that bulk loaders take, each for itself and in any order.

    ``release`` is its folder, or the folder of builds. ``folder`` is new, empty, or holds earlier parts of
    ours, which stay whole until the new ones take their place. A part is N-Quads, compressed with gzip, and
    has ``part_bytes`` before that, or a line more; the lines are those of the dump. ``bulk.json`` lists the
    parts with their quads, bytes and SHA-256, and the quads of each graph. Raises :class:`UsageError` for a
    folder that holds something else, and :class:`ReleaseError` when the release is damaged or the disk is
    full.
    """
    source = release_folder(release)
    manifest = read_manifest(source)
    entry = next((one for one in manifest.files if one.path == QUADS), None)
    if entry is None:
        raise ReleaseError(explained("error.push.no-dump", folder=source, quads=QUADS))
    for _ in checked_chunks(source, entry):
        pass
    target, graphs, parts = Path(folder), Counter[str](), list[_Part]()
    with replace_folder(target, _refuse_foreign) as staged:
        lines = quad_lines(source)
        while (first := next(lines, None)) is not None:
            name = f"part-{len(parts) + 1:05}.nq.gz"
            count, size = _write(staged / name, chain((first,), lines), part_bytes, graphs)
            parts.append(_Part(describe_file(name, staged / name), count, size))
            advance(Stage.PACK, graphs.total(), manifest.counts.get("triples", 0))
        listed = {
            "release": manifest.id,
            "base": manifest.base,
            "format": MEDIA_TYPES["nq"],
            "compression": "gzip",
            "quads": graphs.total(),
            "graphs": dict(sorted(graphs.items())),
            "parts": [
                {
                    "path": one.file.path,
                    "quads": one.quads,
                    "bytes": one.file.size,
                    "unpacked": one.unpacked,
                    "sha256": one.file.sha256,
                }
                for one in parts
            ],
        }
        (staged / LIST).write_text(json_text(listed), "utf-8")
    packed = sum(one.file.size for one in parts)
    return BulkFiles(target, manifest.id, len(parts), graphs.total(), packed)


def _write(file: Path, lines: Iterator[bytes], most: int, graphs: Counter[str]) -> tuple[int, int]:
    """Write lines up to that many bytes; return how many, and their bytes. ``graphs`` counts by graph."""
    count = size = 0
    with gzip_writer(file) as stream:
        for line in lines:
            stream.write(line)
            graphs[split(line)[0].decode()] += 1
            count, size = count + 1, size + len(line)
            if size >= most:
                break
    return count, size


def _refuse_foreign(folder: Path) -> None:
    """Raise :class:`UsageError` when the folder holds anything but parts of ours."""
    names = sorted(path.name for path in folder.iterdir())
    foreign = [name for name in names if name != LIST and not name.startswith("part-")]
    if LIST not in names or foreign:
        raise UsageError(explained("error.bulk.other-folder", folder=folder))
