"""The manifest of a release: what it is, what it was made from, and every file with its checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec

from transfergraph.common.json_text import json_text
from transfergraph.common.text import ENGLISH, Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained, in_full

MANIFEST = "manifest.json"
STORE = "store"
_CHUNK = 1 << 20
_TITLE = "title_"


class FileEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file by its path (with forward slashes), size in bytes and SHA-256 in hexadecimal digits."""

    path: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if self.path.startswith("/") or ".." in self.path.split("/"):
            raise ValueError(explained("error.manifest.path", path=self.path))


class AnswerLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an answer over the release is cut: rows or triples, seconds of computing, MiB before compression.

    The values here are those of a release that an older version made.
    """

    rows: int = 100_000
    seconds: int = 30
    megabytes: int = 64


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What ``manifest.json`` says.

    ``titles`` are by language, in the order of the languages of the content; in the file each has a key of
    its own, ``title_de`` and its like. ``id`` is made from ``inputs`` alone; ``created`` is the date that
    the workspace states, not that of the clock; ``consortium`` is the number of partners above which an
    undertaking ties nobody to anybody; ``counts`` are rows by table, and triples. The embedded store is not
    among ``files``: it is a cache of the dump, whose bytes are not reproducible.

    ``rows`` counts by source and table, ``entities`` by class (those under the base IRI), and ``datasets``
    the files of each dataset of the catalogue; all three are empty in a release that an older version made.
    ``describing`` counts the triples of the graph that describes the release (``graph/description``), which
    are in the store beside those of ``counts``, and in no dump.
    ``limits`` hold for who answers from the release, whatever the settings of the workspace say by then.
    """

    id: str
    version: str
    created: date
    software: str
    base: str
    titles: Annotated[Mapping[str, str], msgspec.Meta(min_length=1)]
    licence: str
    consortium: int
    previous: str | None
    counts: Mapping[str, int]
    findings: Mapping[str, int]
    inputs: tuple[FileEntry, ...]
    files: tuple[FileEntry, ...]
    rows: Mapping[str, Mapping[str, int]] = msgspec.field(default_factory=dict)
    entities: Mapping[str, int] = msgspec.field(default_factory=dict)
    datasets: Mapping[str, int] = msgspec.field(default_factory=dict)
    limits: AnswerLimits = AnswerLimits()
    describing: int = 0

    def __post_init__(self) -> None:
        for name in (self.id, self.previous or "-"):
            if "/" in name or name.startswith("."):
                raise ValueError(explained("error.manifest.id", name=name))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the content."""
        return tuple(self.titles)

    @property
    def title(self) -> Text:
        """The title of the graph."""
        return Text(self.titles)

    @property
    def citation(self) -> str:
        """How to cite the release, in one line."""
        return citation_line(self.title, self.id, self.created, self.base, self.licence)

    def to_json(self) -> str:
        """JSON text, ending with a line break."""
        values: dict[str, object] = {}
        for name, value in msgspec.to_builtins(self).items():
            titles = {f"{_TITLE}{language}": title for language, title in self.titles.items()}
            values |= titles if name == "titles" else {name: value}
        return json_text(values)


def citation_in(languages: Iterable[str], manifest: Manifest) -> Text:
    """The same in each of the languages, and as it is in English."""
    told = {
        language: in_full(
            "page.citation.release",
            language,
            title=manifest.title.in_language(language),
            release=manifest.id,
            date=manifest.created.isoformat(),
            address=manifest.base,
            licence=manifest.licence,
        )
        for language in languages
    }
    return Text({**told, ENGLISH: manifest.citation})


def citation_line(title: Text, release: str, issued: date, base: str, licence: str) -> str:
    """How to cite a release, in one line: what, which, of when, where, and under which licence."""
    return f"{title.english}, release {release}, {issued.isoformat()}. {base}. Licence: {licence}"


def read_manifest(release: Path) -> Manifest:
    """Read the manifest of a release; raises :class:`ReleaseError` when there is none, or a damaged one."""
    file = release / MANIFEST
    try:
        values = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
        titles = {
            name.removeprefix(_TITLE): values.pop(name) for name in [*values] if name.startswith(_TITLE)
        }
        return msgspec.convert({**values, "titles": titles}, Manifest)
    except (FileNotFoundError, NotADirectoryError):
        raise ReleaseError(explained("error.release.none", release=release, manifest=MANIFEST)) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(explained("error.release.damaged-manifest", file=file, error=error)) from error


def describe(root: Path, files: Iterable[Path]) -> tuple[FileEntry, ...]:
    """Entries for files, by their path from the root, sorted."""
    entries = [describe_file(file.relative_to(root).as_posix(), file) for file in files]
    return tuple(sorted(entries, key=lambda entry: entry.path))


def describe_file(path: str, file: Path) -> FileEntry:
    """The entry of a file under this path."""
    return FileEntry(path, file.stat().st_size, sha256(file))


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
