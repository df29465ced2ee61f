"""Whether a release is whole: every file as its manifest states, and a store that can be read."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from transfergraph.common.processes import ProcessCall
from transfergraph.errors import ReleaseError, TransfergraphError
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


def verify(release: Path) -> list[str]:
    """One sentence for each fault of a release, none when it is whole.

    Size and SHA-256 of every file are compared; the store is opened and counted in a process of its own,
    because what is damaged can end the process. Raises :class:`ReleaseError` when the manifest is missing or
    damaged.
    """
    manifest = read_manifest(release)
    faults = [f"{path} {fault}" for path, fault in file_faults(release, manifest.files)]
    known = {entry.path for entry in manifest.files}
    paths = (file.relative_to(release).as_posix() for file in release_files(release))
    faults += [f"{path} is not in the manifest." for path in paths if path not in known]
    return [*faults, *_store_faults(release / STORE, manifest.counts.get("triples"))]


def file_faults(folder: Path, entries: Iterable[FileEntry]) -> Iterator[tuple[str, str]]:
    """The path and the rest of a sentence for each of these files that is missing or has another content."""
    for entry in entries:
        file = folder / entry.path
        try:
            if not file.is_file():
                yield entry.path, "is missing."
            elif file.stat().st_size != entry.size:
                yield entry.path, f"has {file.stat().st_size} bytes instead of {entry.size}."
            elif sha256(file) != entry.sha256:
                yield entry.path, "has another checksum than the manifest states."
        except OSError as error:
            yield entry.path, f"cannot be read: {error.strerror or error}."


def seal_store(folder: Path, quads: int) -> None:
    """Read a finished store of so many quads back, and list its files with their checksums in it.

    It may hold fewer, because it takes 1.50 and 1.5 for one; raises :class:`ReleaseError` when it holds more,
    or none.
    """
    found = count_quads(folder)
    if found > quads or (quads and not found):
        raise ReleaseError(f"The store holds {found} statements instead of {quads}; build again.")
    entries = describe(folder, (file for file in folder.iterdir() if file.name not in _CHANGING))
    values = msgspec.to_builtins(_Sums(found, entries))
    (folder / SUMS).write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def count_quads(folder: Path) -> int:
    """The number of quads in a store on disk, opened as servers do; raises :class:`StoreError`."""
    return len(EmbeddedStore.read_only(folder))


def _store_faults(store: Path, quads: int | None) -> Iterator[str]:
    """A release of an older version has no list of the files in its store, which is then only counted."""
    try:
        if (store / SUMS).is_file():
            sums = _sums(store / SUMS)
            quads = sums.quads
            faults = [f"{STORE}/{path} {fault}" for path, fault in file_faults(store, sums.files)]
            if faults:
                yield from faults
                return
        with (
            tempfile.TemporaryDirectory(prefix="transfergraph-") as scratch,
            ProcessCall(Path(scratch), count_quads, store) as counting,
        ):
            found = counting.result("Reading it")
        if found != quads:
            yield f"{STORE} holds {found} statements instead of {quads}."
    except TransfergraphError as error:
        yield f"{STORE} is damaged: {error}"


def _sums(file: Path) -> _Sums:
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Sums)
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(f"{file.name} cannot be read: {error}.") from error
