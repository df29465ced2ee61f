"""Files and folders that are made under another name and take their place when they are complete.

On Linux a folder changes places with the old one in one step (``renameat2`` with ``RENAME_EXCHANGE``):
whoever looks finds the old folder or the new one, whole, at any moment. Elsewhere the old one is renamed and
then the new one; a kill between the two leaves the old one complete beside its place, and the next run puts
it back.
"""

from __future__ import annotations

import codecs
import ctypes
import errno
import fcntl
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import BinaryIO

from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained

_SCRATCH = "transfergraph-"
_UNLOCKED = 60  # seconds within which a new folder is locked
_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
_UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP)


@contextmanager
def locked(file: Path, place: Path, keep: bool = False) -> Iterator[None]:
    """Hold a lock, whose file is deleted afterwards unless it is to be kept.

    ``place`` is what is written to; raises :class:`ReleaseError` with it when another run holds the lock.
    """
    while True:
        with file.open("ab") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ReleaseError(explained("error.locked", place=place)) from None
            if not _is_open_file(lock.fileno(), file):
                continue
            try:
                yield
            finally:
                if not keep and _is_open_file(lock.fileno(), file):
                    file.unlink()
            return


def _is_open_file(descriptor: int, file: Path) -> bool:
    """False when the file that was opened has been deleted since, or is not the one of this name any more."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


@contextmanager
def replace_file(file: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of ``file`` when it is complete and on disk.

    An error before that leaves what was there. Raises :class:`ReleaseError` when another run writes the file.
    """
    part = file.with_name(f".{file.name}.part")
    with locked(part, file):
        with part.open("w+b") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)


@contextmanager
def replace_folder(folder: Path, check: Callable[[Path], None]) -> Iterator[Path]:
    """An empty folder beside ``folder``, which takes its place at the end unless an error came between.

    ``check`` looks at the old folder, where it is there and not empty, and raises what speaks against
    replacing it. What a killed run left behind is cleared away. Raises :class:`ReleaseError` when another run
    writes there or the disk is full; the old folder is then untouched.
    """
    place = folder.resolve()
    if place.exists() and not place.is_dir():
        raise UsageError(explained("error.folder.is-file", folder=folder))
    old = place.with_name(f".{place.name}.old")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with locked(place.with_name(f".{place.name}.lock"), folder):
            if old.is_dir() and not place.exists():
                old.rename(place)
            if place.is_dir() and any(place.iterdir()):
                check(place)
            made = fresh_folder(place.parent, f".{place.name}.new-")
            try:
                yield made
                _change_places(made, place, old)
            finally:
                clear(made)
                if place.is_dir():
                    clear(old)
    except OSError as error:
        raise ReleaseError(_explain(folder, error)) from error


def _explain(folder: Path, error: OSError) -> Text:
    if error.errno in (errno.EBUSY, errno.EXDEV):
        return explained("error.folder.root", folder=folder)
    return explained("error.archive.unwritable", file=folder, error=error.strerror or error)


def _change_places(made: Path, place: Path, old: Path) -> None:
    os.sync()
    if not place.exists() or not any(place.iterdir()):
        made.rename(place)
        return
    shutil.copymode(place, made)
    if not _exchange(made, place):
        place.rename(old)
        try:
            made.rename(place)
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


def fresh_folder(parent: Path, beginning: str) -> Path:
    """An empty folder whose name begins so, under a name that no run has: call it with the lock in hand.

    What killed runs left under such names is cleared away as far as it goes. It may go on growing for a
    moment, because their processes end after them; so none gets the folder of another.
    """
    for left in list(parent.iterdir()):
        if left.name.startswith(beginning):
            clear(left)
    number = 0
    while True:
        folder = parent / f"{beginning}{os.getpid()}-{number}"
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
        number += 1


def clear(left: Path) -> None:
    """Delete a file or folder, as far as that goes."""
    if left.is_file() or left.is_symlink():
        left.unlink(missing_ok=True)
    else:
        shutil.rmtree(left, ignore_errors=True)


class ScratchFolder(TemporaryDirectory[str]):
    """A temporary folder of this process, deleted with the context.

    A process that is killed leaves its own behind. The next one clears it away: it is known by the lock that
    its process no longer holds, and by its age, as a new one is not locked yet.
    """

    def __init__(self) -> None:
        _clear_scratch(Path(gettempdir()))
        super().__init__(prefix=_SCRATCH)
        self._lock = os.open(self.name, os.O_RDONLY)
        with suppress(OSError):  # a file system without locks: then none is cleared away there
            fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)

    def cleanup(self) -> None:
        """Delete the folder, and let go of its lock."""
        try:
            super().cleanup()
        finally:
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1


def _clear_scratch(place: Path) -> None:
    """Delete the folders of this user's processes that have been killed."""
    oldest = time.time() - _UNLOCKED
    with suppress(OSError), os.scandir(place) as entries:
        for left in entries:
            if left.name.startswith(_SCRATCH) and left.is_dir(follow_symlinks=False):
                with suppress(OSError):
                    told = left.stat(follow_symlinks=False)
                    if told.st_uid == os.geteuid() and told.st_mtime < oldest and _is_free(left.path):
                        shutil.rmtree(left.path, ignore_errors=True)


def _is_free(folder: str) -> bool:
    """Whether no process holds the lock of a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def read_without_bom(file: Path) -> bytes:
    """The bytes of a text file that a person wrote, without the mark that some editors put before UTF-8."""
    return file.read_bytes().removeprefix(codecs.BOM_UTF8)


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file as it was when it was looked at: equal to any of the same content, wherever that one lies.

    A file that cannot be read has no content here; whoever reads it then tells.
    """

    file: Path = field(compare=False)
    content: bytes

    @staticmethod
    def of(files: Iterable[Path]) -> tuple[FileContent, ...]:
        """Look at these files."""
        return tuple(FileContent(file, _content(file)) for file in files)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file that never changes a second place, as the same file on disk where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
