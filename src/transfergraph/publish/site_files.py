"""The files of a site: how they are named and written, and the list by which an earlier site is known."""

from __future__ import annotations

import errno
import filecmp
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import unquote

from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained
from transfergraph.release.manifest import FileEntry

INVENTORY = ".transfergraph-site"

_FIRST_LINE = "transfergraph site 1"
_NAMED = 3  # files that a message names
_LONGEST_NAME = 200  # bytes of a name, before the endings of its documents; file systems allow 255
_LONGEST_PATH = 1000  # bytes of a path below the start page
_CHUNK = 1 << 20
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


def place_of(local: str) -> str | None:
    """The path of a file for what has this address below the start page, percent-decoded as web servers do.

    None when it cannot be the name of a file, or would lie outside.
    """
    try:
        path = unquote(local, errors="strict")
    except UnicodeDecodeError:
        return None
    parts = path.split("/")
    encoded = path.encode("utf-8", "surrogatepass")
    too_long = len(encoded) > _LONGEST_PATH or any(len(p.encode()) > _LONGEST_NAME for p in parts)
    if too_long or "\0" in path or not path or any(part.startswith(".") or not part for part in parts):
        return None
    return path


def write(folder: Path, path: str, content: bytes) -> None:
    """Write a file and the folders above it; raises :class:`FileExistsError` where there is one already."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as stream:
        stream.write(content)


def same(folder: Path, path: str, other: str) -> None:
    """Give a file a second path: a hard link, or a copy where the file system has none."""
    try:
        os.link(folder / other, folder / path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        write(folder, path, (folder / other).read_bytes())


def checked_chunks(release: Path, entry: FileEntry) -> Iterator[bytes]:
    """The bytes of a file of a release, piece by piece.

    Raises :class:`ReleaseError`, at the end at the latest, when it is not the file that the manifest lists.
    """
    digest = hashlib.sha256()
    try:
        with (release / entry.path).open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
                yield chunk
    except FileNotFoundError:
        raise ReleaseError(explained("error.release.file-missing", release=release / entry.path)) from None
    if digest.hexdigest() != entry.sha256:
        raise ReleaseError(explained("error.release.file-changed", release=release / entry.path))


def copy(folder: Path, release: Path, entry: FileEntry) -> None:
    """Copy a file of a release; raises as :func:`checked_chunks` does."""
    target = folder / entry.path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as stream:
        stream.writelines(checked_chunks(release, entry))


def refuse_foreign(folder: Path) -> None:
    """Raise :class:`UsageError` when the folder holds anything that no earlier site of ours put there."""
    try:
        lines = (folder / INVENTORY).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if lines[:1] != [_FIRST_LINE]:
        raise UsageError(explained("error.site.other-folder", folder=folder))
    known = {INVENTORY, *lines[3:]}
    foreign = sorted(path for path in _files(folder) if path not in known)
    if foreign:
        named, rest = ", ".join(foreign[:_NAMED]), len(foreign) - _NAMED
        files = explained("error.site.foreign-more", files=named, count=rest) if rest > 0 else named
        raise UsageError(explained("error.site.foreign-files", folder=folder, foreign=files))


def write_inventory(folder: Path, before: Path, release: str, url: str) -> tuple[int, int]:
    """List the files of the finished site; return how many there are, and their bytes.

    A file that is the same in the site before keeps its time, and another one is later, so that those who ask
    whether it has been modified since get a true answer.
    """
    paths = sorted(_files(folder))
    lines = [_FIRST_LINE, f"release {release}", f"url {url}", *paths]
    write(folder, INVENTORY, "".join(f"{line}\n" for line in lines).encode())
    size = 0
    for path in [*paths, INVENTORY]:
        state = (folder / path).stat()
        size += state.st_size
        with suppress(OSError):
            old = (before / path).stat()
            if filecmp.cmp(folder / path, before / path, shallow=False):
                os.utime(folder / path, ns=(old.st_atime_ns, old.st_mtime_ns))
            elif int(state.st_mtime) <= int(old.st_mtime):  # of the same second, or the clock was ahead
                os.utime(folder / path, (old.st_mtime + 1, old.st_mtime + 1))
    return len(paths) + 1, size


def _files(folder: Path) -> Iterator[str]:
    for root, _, names in os.walk(folder):
        for name in names:
            yield (Path(root) / name).relative_to(folder).as_posix()
