"""Whether a release is whole: every file as its manifest states, and a store that can be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from transfergraph.common.files import ScratchFolder
from transfergraph.common.json_text import json_text
from transfergraph.common.processes import ProcessCall
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError, TransfergraphError
from transfergraph.messages import explained
from transfergraph.release.manifest import (
    STORE,
    FileEntry,
    describe,
    read_manifest,
    release_files,
    sha256,
)
from transfergraph.store.embedded import EmbeddedStore

SUMS = "sums.json"
"""The file in the store that lists the others; the bytes of a store cannot be foretold, only kept."""

_CHANGING = ("LOCK", "LOG", SUMS)


class _Sums(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quads: int
    files: tuple[FileEntry, ...]


def verify(release: Path) -> list[Text]:
    """One sentence for each fault of a release, none when it is whole.

    Size and SHA-256 of every file are compared; the store is opened and counted in a process of its own,
    because what is damaged can end the process. Raises :class:`ReleaseError` when the manifest is missing or
    damaged.
    """
    manifest = read_manifest(release)
    faults = [fault for _, fault in file_faults(release, manifest.files)]
    known = {entry.path for entry in manifest.files}
    paths = (file.relative_to(release).as_posix() for file in release_files(release))
    faults += [explained("verify.unknown", path=path) for path in paths if path not in known]
    return [*faults, *_store_faults(release / STORE, manifest.counts.get("triples"))]


def file_faults(folder: Path, entries: Iterable[FileEntry], inside: str = "") -> Iterator[tuple[str, Text]]:
    """The path, and a sentence, for each of these files that is missing or has another content.

    ``inside`` is what the path begins with in the sentence.
    """
    for entry in entries:
        file, path = folder / entry.path, inside + entry.path
        try:
            if not file.is_file():
                yield entry.path, explained("verify.missing", path=path)
            elif file.stat().st_size != entry.size:
                yield (
                    entry.path,
                    explained("verify.size", path=path, found=file.stat().st_size, size=entry.size),
                )
            elif sha256(file) != entry.sha256:
                yield entry.path, explained("verify.checksum", path=path)
        except OSError as error:
            yield entry.path, explained("error.unreadable", file=path, error=error.strerror or error)


def seal_store(folder: Path, quads: int) -> None:
    """Read a finished store of so many quads back, and list its files with their checksums in it.

    It may hold fewer, because it takes 1.50 and 1.5 for one; raises :class:`ReleaseError` when it holds more,
    or none.
    """
    found = count_quads(folder)
    if found > quads or (quads and not found):
        raise ReleaseError(explained("error.store.count", found=found, quads=quads))
    entries = describe(folder, (file for file in folder.iterdir() if file.name not in _CHANGING))
    values = msgspec.to_builtins(_Sums(found, entries))
    (folder / SUMS).write_text(json_text(values), encoding="utf-8")


def count_quads(folder: Path) -> int:
    """The number of quads in a store on disk, opened as servers do; raises :class:`StoreError`."""
    return len(EmbeddedStore.read_only(folder))


def _store_faults(store: Path, quads: int | None) -> Iterator[Text]:
    """A release of an older version has no list of the files in its store, which is then only counted."""
    try:
        if (store / SUMS).is_file():
            sums = _sums(store / SUMS)
            quads = sums.quads
            faults = [fault for _, fault in file_faults(store, sums.files, f"{STORE}/")]
            if faults:
                yield from faults
                return
        with (
            ScratchFolder() as scratch,
            ProcessCall(Path(scratch), count_quads, store) as counting,
        ):
            found = counting.result("error.process.reading")
        if found != quads:
            yield explained("verify.store-count", path=STORE, found=found, quads=quads)
    except TransfergraphError as error:
        yield explained("verify.store-damaged", path=STORE, error=error)


def _sums(file: Path) -> _Sums:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Sums)
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(explained("error.unreadable", file=file.name, error=error)) from error
