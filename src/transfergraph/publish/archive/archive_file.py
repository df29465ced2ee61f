"""A release as one file for a repository such as Zenodo: the same bytes for the same release."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.files import replace_file
from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained
from transfergraph.publish.archive.description_files import (
    CHECKSUMS,
    CITATION,
    LICENCE,
    METADATA,
    README,
    citation_file,
    licence_note,
    readme,
    ro_crate,
)
from transfergraph.publish.archive.repository_records import repository_records
from transfergraph.publish.archive.signature import SIGNATURE, SigningKey
from transfergraph.publish.site_files import checked_chunks
from transfergraph.release.manifest import MANIFEST, FileEntry, describe
from transfergraph.release.release_facts import ReleaseFacts, read_facts

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: the bytes do not depend on the clock
_UNIX = 3
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Archived:
    """An archive that was written: its file, the id of the release in it, its files and its own bytes.

    ``public_key`` is that which the signature can be checked with, in Base64; empty where nothing is signed.
    """

    file: Path
    release: str
    files: int
    size: int
    public_key: str = ""


def archive_release(
    release: str | Path,
    target: str | Path | None = None,
    advance: Progress = silent,
    key: str | Path | None = None,
    password: str | None = None,
) -> Archived:
    """Write the archive of a release; return where.

    ``release`` is its folder, or the folder of builds. ``target`` is a file, or a folder in which the file is
    named ``<id>.zip``; without one it is the working folder. In the archive everything lies in one folder,
    with ``CITATION.cff``, ``ro-crate-metadata.json``, what repositories read by themselves, a readme, a note
    about the licence, and checksums for ``sha256sum -c``. ``key`` is a file with a secret key of minisign
    that signs the checksums, ``password`` that of the key where it has one.

    The file is there when it is complete, and what was there before until then. Raises
    :class:`UsageError` for a target that is something else than an archive and for a key that signs
    nothing, :class:`ReleaseError` when the release is damaged or the disk is full, and
    :class:`WorkspaceError` when it does not say what portals ask for.
    """
    facts = read_facts(release)
    facts.demand_portal_settings("archive")
    file = _target(facts, target)
    own = describe(facts.folder, [facts.folder / MANIFEST])
    entries = tuple(sorted((*facts.manifest.files, *own), key=lambda entry: entry.path))
    signer = None if key is None else SigningKey(Path(key), password)
    written, public = _written(facts, entries, signer)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replace_file(file) as stream, zipfile.ZipFile(stream, "w") as packed:
            folder = facts.manifest.id
            for path, content in sorted(written.items()):
                packed.writestr(_member(f"{folder}/{path}", len(content)), content)
            for number, entry in enumerate(entries):
                advance(Stage.PACK, number, len(entries))
                with packed.open(_member(f"{folder}/{entry.path}", entry.size), "w") as member:
                    for chunk in checked_chunks(facts.folder, entry):
                        member.write(chunk)
    except OSError as error:
        raise ReleaseError(
            explained("error.archive.unwritable", file=file, error=error.strerror or error)
        ) from error
    return Archived(file, facts.manifest.id, len(entries) + len(written), file.stat().st_size, public)


def _target(facts: ReleaseFacts, target: str | Path | None) -> Path:
    file = Path() if target is None else Path(target)
    if file.is_dir():
        file = file / f"{facts.manifest.id}.zip"
    if file.is_dir() or (file.exists() and not zipfile.is_zipfile(file)):
        raise UsageError(explained("error.archive.other-file", file=file))
    if file.suffix != ".zip":
        raise UsageError(explained("error.archive.ending", file=file))
    return file


def _written(
    facts: ReleaseFacts, entries: tuple[FileEntry, ...], signer: SigningKey | None
) -> tuple[dict[str, bytes], str]:
    """What the archive has beside the files of the release, and the public key of its signature."""
    texts = {CITATION: citation_file(facts), README: readme(facts), LICENCE: licence_note(facts)}
    texts |= repository_records(facts)
    sealed = (CHECKSUMS,) if signer is None else (CHECKSUMS, SIGNATURE)
    texts[METADATA] = ro_crate(facts, entries, sorted((*texts, *sealed)))
    written = {path: content.encode() for path, content in texts.items()}
    sums = {entry.path: entry.sha256 for entry in entries}
    sums |= {path: hashlib.sha256(content).hexdigest() for path, content in written.items()}
    written[CHECKSUMS] = "".join(f"{sums[path]}  {path}\n" for path in sorted(sums)).encode()
    if signer is None:
        return written, ""
    written[SIGNATURE], public = signer.sign(written[CHECKSUMS], facts.manifest.id)
    return written, public


def _member(path: str, size: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _MOMENT)
    info.create_system = _UNIX
    info.external_attr = _MODE
    info.file_size = size
    info.compress_type = zipfile.ZIP_STORED if path.endswith(".gz") else zipfile.ZIP_DEFLATED
    return info
