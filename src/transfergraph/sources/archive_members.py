"""The members of a raw file: what a zip, tar, tar.gz, tar.zst or gz holds, in order, or the file itself.

Nothing is unpacked to disk, and names of members are names only: no path is ever made of them.
"""

from __future__ import annotations

import gzip
import lzma
import re
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, cast

from transfergraph.errors import MissingExtra
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import explained
from transfergraph.tables.csv_reader import MEBIBYTE, fault

_UNSAFE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f]")
_DAMAGE = (EOFError, OSError, zlib.error, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile)
_LEAST = 512  # bytes that a member costs, as in a tar


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a raw file, or the raw file itself: its name for people, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """Unpacked sizes in MiB: of one ``member``, and of all members of one ``archive`` together."""

    member: int
    archive: int


class _TooLarge(Exception):
    """More than the limit in MiB."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


def members_of(
    path: Path, file: str, source: str, wanted: Callable[[str], bool], limits: ArchiveLimits
) -> Iterator[Member | Finding]:
    """Every wanted member; what cannot be taken is a finding, after which the next one follows.

    ``file`` is the name of the raw file for people. A truncated or damaged archive ends with a finding that
    says how many members came before. Raises :class:`MissingExtra` for zstd without its library.
    """
    place = Place(source, file)
    count = 0
    try:
        for found in _unlimited(path, file, wanted, limits):
            count += isinstance(found, Member)
            yield found if isinstance(found, Member) else _unsafe(place, found)
    except _TooLarge as large:
        yield fault("source.too-large", place, limit=large.limit, count=count)
    except _damage() as error:
        yield fault("source.broken-archive", place, count=count, error=str(error) or type(error).__name__)


def matches(name: str, pattern: str) -> bool:
    """Whether a name, or its last part, is of this pattern, or of one of several parted by ``|``."""
    names = (name, name.rpartition("/")[2])
    return any(fnmatchcase(one, part.strip()) for part in pattern.split("|") for one in names)


def _unsafe(place: Place, name: str) -> Finding:
    return fault("source.unsafe-member", place, name, Severity.WARNING, name=name)


def _damage() -> tuple[type[BaseException], ...]:
    """The errors of damaged archives: those of zstd only where something has loaded it."""
    zstd = next((sys.modules[name] for name in _ZSTD if name in sys.modules), None)
    return _DAMAGE if zstd is None else (*_DAMAGE, zstd.ZstdError)


def _unlimited(
    path: Path, file: str, wanted: Callable[[str], bool], limits: ArchiveLimits
) -> Iterator[Member | str]:
    kind = _kind(path)
    if kind == "zip":
        yield from _zip_members(path, file, wanted, limits)
    elif kind.startswith("tar"):
        with _unpacking(path, kind) as stream:
            yield from _tar_members(stream, file, wanted, limits)
    else:
        name = file if kind == "plain" else file.removesuffix(f".{kind}")
        if wanted(name.rpartition("/")[2]):
            with _unpacking(path, kind) as stream:
                yield Member(file, _read(stream, limits.member))


def _kind(path: Path) -> str:
    """What a file is, by its first bytes where they tell it, else by its name."""
    name = path.name.lower()
    with path.open("rb") as stream:
        begin = stream.read(4)
    if begin == b"PK\x03\x04" and not name.endswith((".xlsx", ".ods")):
        return "zip"
    tar = "tar." if name.endswith((".tar.gz", ".tgz", ".tar.zst")) else ""
    if begin[:2] == b"\x1f\x8b":
        return f"{tar}gz"
    if begin == b"\x28\xb5\x2f\xfd":
        return f"{tar}zst"
    return "tar" if is_tar_by_name(name) else "plain"


def is_tar_by_name(name: str) -> bool:
    """Whether a file is a tar by its name; one that is damaged at its beginning as well."""
    return name.endswith((".tar", ".tar.gz", ".tgz", ".tar.zst"))


def _unpacking(path: Path, kind: str) -> AbstractContextManager[BinaryIO]:
    if kind.endswith("gz"):
        return cast("AbstractContextManager[BinaryIO]", gzip.open(path))
    if kind.endswith("zst"):
        return cast("AbstractContextManager[BinaryIO]", _zstd().open(path))
    return path.open("rb")


_ZSTD = ("compression.zstd", "backports.zstd")


def _zstd() -> Any:
    """The zstd of Python 3.14, or the same for the versions before it."""
    for name in _ZSTD:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise MissingExtra(explained("error.extra.sources", what="zstd"))


def _read(stream: BinaryIO, megabytes: int) -> bytes:
    content = stream.read(megabytes * MEBIBYTE + 1)
    if len(content) > megabytes * MEBIBYTE:
        raise _TooLarge(megabytes)
    return content


class _Total:
    """Counts what an archive unpacks to; raises :class:`_TooLarge`."""

    def __init__(self, megabytes: int) -> None:
        self._limit, self._left = megabytes, megabytes * MEBIBYTE

    def add(self, size: int) -> None:
        self._left -= max(size, _LEAST)
        if self._left < 0:
            raise _TooLarge(self._limit)


def _tar_members(
    stream: BinaryIO, file: str, wanted: Callable[[str], bool], limits: ArchiveLimits
) -> Iterator[Member | str]:
    total = _Total(limits.archive)
    with tarfile.open(fileobj=stream, mode="r|", ignore_zeros=False) as archive:
        for entry in archive:
            archive.members.clear()  # type: ignore[attr-defined]  # they would all be kept
            total.add(entry.size)
            if entry.isdir():
                continue
            if _UNSAFE.search(entry.name) or not entry.isfile():
                yield entry.name
            elif wanted(entry.name):
                content = archive.extractfile(entry)
                yield Member(f"{file}!/{entry.name}", _read(cast("BinaryIO", content), limits.member))


def _zip_members(
    path: Path, file: str, wanted: Callable[[str], bool], limits: ArchiveLimits
) -> Iterator[Member | str]:
    total = _Total(limits.archive)
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if entry.is_dir():
                continue
            if _UNSAFE.search(entry.filename) or entry.flag_bits & 1:  # encrypted
                yield entry.filename
            elif wanted(entry.filename):
                with archive.open(entry) as stream:
                    content = _read(cast("BinaryIO", stream), limits.member)
                total.add(len(content))
                yield Member(f"{file}!/{entry.filename}", content)
