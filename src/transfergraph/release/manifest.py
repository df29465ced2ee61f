"""The manifest of a release: what it is, what it was made from, and every file with its checksum."""

from __future__ import annotations

import collections.abc
import hashlib
import json
import types
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
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
    """Read the manifest of a release; raises :class:`ReleaseError` when there is none, or a damaged one."""
    file = release / MANIFEST
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        values["created"] = date.fromisoformat(values["created"])
        for key in ("inputs", "files"):
            values[key] = read_entries(values[key])
        manifest = Manifest(**values)
        hints = get_type_hints(Manifest)
        for key, value in values.items():
            if not _fits(value, hints[key]):
                raise ValueError(f"{key} is {value!r:.60}")
        for name in (manifest.id, manifest.previous or "-"):
            if "/" in name or name.startswith("."):
                raise ValueError(f"{name!r} is no id of a release")
        return manifest
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseError(f"{release} is no release: it has no {MANIFEST}.") from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(
            f"{file} is damaged: {error}. Build the release anew, or restore it from a backup."
        ) from error


def read_entries(values: Iterable[Mapping[str, Any]]) -> tuple[FileEntry, ...]:
    """Entries as JSON has them; raises :class:`ValueError` or :class:`TypeError` for what is none.

    A path that leads out of its folder is none.
    """
    entries = []
    hints = get_type_hints(FileEntry)
    for value in values:
        entry = FileEntry(**value)
        if not all(_fits(getattr(entry, key), hint) for key, hint in hints.items()):
            raise ValueError(f"{value!r:.60} describes no file")
        if entry.path.startswith("/") or ".." in entry.path.split("/"):
            raise ValueError(f"{entry.path} leads out of its folder")
        entries.append(entry)
    return tuple(entries)


def _fits(value: object, hint: Any) -> bool:
    """True for a value of that type, looked at to its bottom."""
    kinds = get_args(hint)
    match get_origin(hint):
        case None:
            return isinstance(value, hint) and not isinstance(value, bool)
        case collections.abc.Mapping:
            return isinstance(value, dict) and all(_fits(one, kinds[1]) for one in value.values())
        case types.UnionType:
            return any(_fits(value, kind) for kind in kinds)
    return isinstance(value, tuple) and all(_fits(one, kinds[0]) for one in value)


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
