"""The manifest of a release: what it is, what it was made from, and every file with its checksum."""

from __future__ import annotations

import builtins
import collections.abc
import hashlib
import json
import types
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from transfergraph.errors import ReleaseError

MANIFEST = "manifest.json"
STORE = "store"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file by its path (with forward slashes), size in bytes and SHA-256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` says.

    ``id`` is made from ``inputs`` alone; ``created`` is the date that the workspace states, not that
    of the clock; ``consortium`` is the
    number of partners above which an undertaking ties nobody to anybody; ``counts`` are rows by table, and
    triples. The embedded store is not among ``files``:
    it is a cache of the dump, whose bytes are not reproducible.

    ``rows`` counts by source and table, ``entities`` by class (those under the base IRI), and ``datasets``
    the files of each dataset of the catalogue; all three are empty in a release that an older version made.
    """

    id: str
    version: str
    created: date
    software: str
    base: str
    title_de: str
    title_en: str
    licence: str
    consortium: int
    previous: str | None
    counts: Mapping[str, int]
    findings: Mapping[str, int]
    inputs: tuple[FileEntry, ...]
    files: tuple[FileEntry, ...]
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    entities: Mapping[str, int] = field(default_factory=dict)
    datasets: Mapping[str, int] = field(default_factory=dict)

    @property
    def citation(self) -> str:
        """How to cite the release, in one line."""
        return f"{self.title_en}, release {self.id}, {self.created.isoformat()}. {self.licence}"

    def to_json(self) -> str:
        """JSON text, ending with a line break."""
        values = {**asdict(self), "created": self.created.isoformat()}
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"


def read_manifest(release: Path) -> Manifest:
    """Read the manifest of a release; raises :class:`ReleaseError` when there is none, or it is damaged."""
    file = release / MANIFEST
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        values["created"] = date.fromisoformat(values["created"])
        for key in ("inputs", "files"):
            values[key] = tuple(FileEntry(**entry) for entry in values[key])
        manifest = Manifest(**values)
        for name, kind in _kinds(Manifest).items():
            if not _fits(getattr(manifest, name), kind):
                raise TypeError(f"{name!r} has a value of a wrong type")
        return manifest
    except FileNotFoundError:
        raise ReleaseError(f"{release} is no release: it has no {MANIFEST}.") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(f"{file} is damaged: {error}") from error


_kinds = cache(get_type_hints)


def _fits(value: object, kind: Any) -> bool:
    """Whether a value is of the type that an annotation in this module states."""
    parts = get_args(kind)
    match get_origin(kind) or kind:
        case types.UnionType:
            return any(_fits(value, part) for part in parts)
        case builtins.tuple:
            return isinstance(value, tuple) and all(_fits(one, parts[0]) for one in value)
        case collections.abc.Mapping:
            return isinstance(value, dict) and all(_fits(one, parts[1]) for one in value.values())
    if isinstance(value, FileEntry):
        return all(_fits(getattr(value, name), part) for name, part in _kinds(FileEntry).items())
    return isinstance(value, kind) and not isinstance(value, bool)


def describe(root: Path, files: Iterable[Path]) -> tuple[FileEntry, ...]:
    """Entries for files, by their path from the root, sorted."""
    entries = [FileEntry(f.relative_to(root).as_posix(), f.stat().st_size, sha256(f)) for f in files]
    return tuple(sorted(entries, key=lambda entry: entry.path))


def sha256(file: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def content_id(version: str, software: str, inputs: Iterable[FileEntry]) -> str:
    """The id of the release that these inputs give: ``<version>-<12 hexadecimal digits>``."""
    digest = hashlib.sha256(software.encode())
    for entry in inputs:
        digest.update(f"\n{entry.path}\t{entry.sha256}".encode())
    return f"{version}-{digest.hexdigest()[:12]}"


def release_files(release: Path) -> list[Path]:
    """All files of a release that its manifest lists: not the manifest, not the store."""
    return sorted(
        file
        for file in release.rglob("*")
        if file.is_file() and file != release / MANIFEST and file.relative_to(release).parts[0] != STORE
    )


def verify(release: Path) -> list[str]:
    """Check size and SHA-256 of every file; return one sentence for each fault, none when all is well."""
    manifest = read_manifest(release)
    faults = []
    for entry in manifest.files:
        file = release / entry.path
        if not file.is_file():
            faults.append(f"{entry.path} is missing.")
        elif file.stat().st_size != entry.size:
            faults.append(f"{entry.path} has {file.stat().st_size} bytes instead of {entry.size}.")
        elif sha256(file) != entry.sha256:
            faults.append(f"{entry.path} has another checksum than the manifest states.")
    known = {entry.path for entry in manifest.files}
    for file in release_files(release):
        path = file.relative_to(release).as_posix()
        if path not in known:
            faults.append(f"{path} is not in the manifest.")
    return faults
