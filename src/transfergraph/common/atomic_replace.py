"""A folder made beside the old one, which takes its place when it is complete.

On Linux the two change places in one step (``renameat2`` with ``RENAME_EXCHANGE``): whoever looks finds the
old folder or the new one, whole, at any moment. Elsewhere the old one is renamed and then the new one; a
kill between the two leaves the old one complete beside its place, and the next run puts it back.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transfergraph.common.staging import clear, fresh_folder
from transfergraph.errors import ReleaseError, UsageError

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
_UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


@contextmanager
def replaced_at_once(folder: Path, check: Callable[[Path], None]) -> Iterator[Path]:
    """An empty folder beside ``folder``, which takes its place at the end unless an error came between.

    ``check`` looks at the old folder, where it is there and not empty, and raises what speaks against
    replacing it. What a killed run left behind is cleared away. Raises :class:`ReleaseError` when another run
    writes there or the disk is full; the old folder is then untouched.
    """
    place = folder.resolve()
    if place.exists() and not place.is_dir():
        raise UsageError(f"{folder} is a file; name a folder.")
    old = place.with_name(f".{place.name}.old")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place.with_name(f".{place.name}.lock"), folder):
            if old.is_dir() and not place.exists():
                old.rename(place)
            if place.is_dir() and any(place.iterdir()):
                check(place)
            aside = fresh_folder(place.parent, f".{place.name}.new-")
            try:
                yield aside
                _change_places(aside, place, old)
            finally:
                clear(aside)
                if place.is_dir():
                    clear(old)
    except OSError as error:
        raise ReleaseError(_explain(folder, error)) from error


def _explain(folder: Path, error: OSError) -> str:
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return f"{folder} is the root of a file system and cannot be replaced; name a folder inside it."
    return f"{folder} could not be written: {error.strerror or error}. What was there before is untouched."


def _change_places(aside: Path, place: Path, old: Path) -> None:
    os.sync()
    if not place.exists() or not any(place.iterdir()):
        aside.rename(place)
        return
    shutil.copymode(place, aside)
    if not _exchange(aside, place):
        place.rename(old)
        try:
            aside.rename(place)
        except OSError:
            old.rename(place)
            raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change their names at once; False where the system cannot do that."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), str(other))


@contextmanager
def _locked(file: Path, folder: Path) -> Iterator[None]:
    """Hold a lock for the folder; its file is gone afterwards."""
    while True:
        with file.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError(f"Another run is writing to {folder}; wait until it is done.") from None
            if not _is_same(lock.fileno(), file):
                continue
            try:
                yield
            finally:
                with suppress(FileNotFoundError):
                    file.unlink()
            return


def _is_same(descriptor: int, file: Path) -> bool:
    """False when the file that was opened has been deleted since by whoever held the lock before."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False
