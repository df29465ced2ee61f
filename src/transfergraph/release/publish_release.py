"""Publication of a release: written into a temporary folder, then made current by one rename.

At any moment ``current`` is the old release or the new one, whole: the folder is complete and on disk
before it gets its name, and ``current`` is a symbolic link that is replaced atomically (POSIX rename).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transfergraph.common.files import clear, fresh_folder, locked, sync
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.release.manifest import MANIFEST, read_manifest

CURRENT = "current"
RELEASES = "releases"
DAMAGED = ".damaged"
_STAGING = ".staging-"
_LOCK = ".lock"


@contextmanager
def writing_to(output: Path) -> Iterator[Path]:
    """An empty folder in which a release is made; deleted at the end unless it was published.

    Only one build at a time may write to an output folder: a second one gets a :class:`ReleaseError`.
    What a killed build left behind is cleared away. A full disk is a :class:`ReleaseError`, too.
    """
    releases = output / RELEASES
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with locked(output / _LOCK, output, keep=True):
            folder = fresh_folder(releases, _STAGING)
            try:
                yield folder
            finally:
                clear(folder)
    except OSError as error:
        raise ReleaseError(
            explained("error.release.unwritable", output=output, error=error.strerror or error)
        ) from error


def publish(folder: Path, output: Path, identifier: str) -> Path:
    """Give the finished folder its name and make it current; return where it lies."""
    release = output / RELEASES / identifier
    _set_after_others(folder / MANIFEST, output)
    for path in [*folder.rglob("*"), folder]:
        sync(path)
    move_damaged(release, output)
    folder.rename(release)
    sync(release.parent)
    make_current(output, identifier)
    return release


def _set_after_others(manifest: Path, output: Path) -> None:
    """Let a release be later than all others, in whole seconds, as clients take its time for its version.

    The clock may have been ahead when one of them was written, or two may be of the same second.
    """
    others = [one.stat().st_mtime for one in (output / RELEASES).glob(f"[!.]*/{MANIFEST}")]
    latest = int(max(others, default=0))
    if int(manifest.stat().st_mtime) <= latest:
        os.utime(manifest, (latest + 1, latest + 1))


def make_current(output: Path, identifier: str) -> None:
    """Let ``current`` point to a release that lies in the output folder."""
    link = output / f".{CURRENT}"
    with suppress(FileNotFoundError):
        link.unlink()
    link.symlink_to(Path(RELEASES) / identifier)
    if not (output / CURRENT).is_symlink():
        move_damaged(output / CURRENT, output)
    link.replace(output / CURRENT)
    sync(output)


def move_damaged(path: Path, output: Path) -> None:
    """Move what stands in the way of a release, if anything does, to ``.damaged`` in the output folder.

    There it may be looked into, and is never taken for a release; what lay there before is removed.
    """
    if os.path.lexists(path):
        clear(output / DAMAGED)
        path.rename(output / DAMAGED)


def current_release(output: Path) -> Path | None:
    """The folder of the release that is current, or None before the first."""
    current = output / CURRENT
    if not (current / MANIFEST).is_file():
        return None
    return current.resolve()


def release_folder(path: str | Path) -> Path:
    """The folder of a release, given by itself or by the output folder of builds: then the current one.

    Raises :class:`ReleaseError` when there is no such folder.
    """
    folder = Path(path)
    if (folder / CURRENT).is_dir():
        folder = folder / CURRENT
    if not folder.is_dir():
        raise ReleaseError(explained("error.release.nowhere", folder=folder))
    return folder.resolve()


def faults_of(release: Path) -> list[Text]:
    """What is wrong with the folder of a finished release, none when it is whole: see :mod:`~.verify`."""
    from transfergraph.release.verify import verify  # loads the store: a server only follows releases

    try:
        manifest = read_manifest(release)
        if manifest.id != release.name:
            return [explained("error.release.other", folder=MANIFEST, id=manifest.id)]
        return verify(release)
    except ReleaseError as error:
        return [explained("verify.store-damaged", path=release.name, error=error)]
