"""The list of the files of a site, by which an earlier site of ours is known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from transfergraph.errors import UsageError
from transfergraph.publish.site_files import write

INVENTORY = ".transfergraph-site"
_FIRST = "transfergraph site 1"
_CHUNK = 1 << 20
_NAMED = 3


def refuse_foreign(folder: Path) -> None:
    """Raise :class:`UsageError` when the folder holds anything that no earlier site of ours put there."""
    try:
        lines = (folder / INVENTORY).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if lines[:1] != [_FIRST]:
        raise UsageError(
            f"{folder} holds something that is not a site written by transfergraph, and would be replaced "
            "as a whole; name a new or an empty folder."
        )
    known = {INVENTORY, *lines[3:]}
    foreign = sorted(path for path in _files(folder) if path not in known)
    if foreign:
        more = f" and {len(foreign) - _NAMED} more" if len(foreign) > _NAMED else ""
        raise UsageError(
            f"{folder} is a site written by transfergraph, but something else lies in it, which would be "
            f"lost: {', '.join(foreign[:_NAMED])}{more}. Move that elsewhere."
        )


def finish(folder: Path, before: Path, release: str, url: str) -> tuple[int, int]:
    """List the files of the finished site; return how many there are, and their bytes.

    A file that is the same in the site before keeps its time, so that those who ask whether it has been
    modified since get a true answer.
    """
    paths = sorted(_files(folder))
    lines = [_FIRST, f"release {release}", f"url {url}", *paths]
    write(folder, INVENTORY, "".join(f"{line}\n" for line in lines).encode())
    size = 0
    for path in [*paths, INVENTORY]:
        state = (folder / path).stat()
        size += state.st_size
        with suppress(OSError):
            old = (before / path).stat()
            if old.st_size == state.st_size and _same(folder / path, before / path):
                os.utime(folder / path, ns=(old.st_atime_ns, old.st_mtime_ns))
    return len(paths) + 1, size


def _files(folder: Path) -> Iterator[str]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield (Path(root) / name).relative_to(folder).as_posix()


def _same(one: Path, other: Path) -> bool:
    with one.open("rb") as left, other.open("rb") as right:
        while True:
            part = left.read(_CHUNK)
            if part != right.read(_CHUNK):
                return False
            if not part:
                return True
