"""The release before: what a new one may read of it, when it is whole and when it is not."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergraph.common.files import link_or_copy
from transfergraph.common.iris import is_reserved
from transfergraph.errors import ReleaseError
from transfergraph.findings import Finding, Severity
from transfergraph.messages import advice, explained
from transfergraph.release.manifest import MANIFEST, Manifest, read_manifest
from transfergraph.release.publish_release import CURRENT, RELEASES, current_release
from transfergraph.release.sorted_ntriples import DUMPS
from transfergraph.release.verify import file_faults

_READ = ("changes/", "feed", "catalog", "network/layout.json", *DUMPS)
_STREAMS = ("feed", "catalog-feed")


@dataclass(frozen=True, slots=True)
class PreviousRelease:
    """The folder of the release before, None when there is none that can be read; and what was not whole.

    Of a damaged release the folder is another one, which has only the files of it that are whole.
    """

    folder: Path | None
    findings: tuple[Finding, ...] = ()


def is_trial(release: Path) -> bool:
    """Whether the addresses of a release are below one that is reserved for examples, and belongs to nobody.

    Nobody has cited them or harvested it, so the next release may leave out what it likes.
    """
    try:
        return is_reserved(read_manifest(release).base)
    except ReleaseError:
        return False


def find_previous(output: Path, identifier: str, scratch: Path) -> PreviousRelease:
    """The release that a new one with this id follows.

    It is the current one. When that cannot be read, or has no dump left to compare with, it is the one
    before it, and then the latest of all others. A release that is built anew follows the one that it
    followed. ``scratch`` is where a folder for the whole files of a damaged release may lie.
    """
    lost = os.path.lexists(output / CURRENT) and _current(output) is None
    passed = [CURRENT] if lost else []
    for folder in _candidates(output, identifier):
        try:
            manifest = _manifest_of(folder)
        except ReleaseError:
            passed.append(folder.name)
            continue
        read = [entry for entry in manifest.files if entry.path.startswith(_READ)]
        faulty = {path for path, _ in file_faults(folder, read)}
        if not ({entry.path for entry in read} - faulty) & set(DUMPS):
            passed.append(folder.name)
            continue
        findings = [_finding("release.before-passed-over", folder.name, names=passed)] if passed else []
        if faulty:
            findings.append(_finding("release.before-damaged", folder.name, files=sorted(faulty)))
            folder = _whole(folder, manifest, faulty | _broken_streams(manifest, faulty), scratch)
        return PreviousRelease(folder, tuple(findings))
    return PreviousRelease(None, (_finding("release.before-lost", "", names=passed),) if passed else ())


def _candidates(output: Path, identifier: str) -> Iterator[Path]:
    """The releases that a new one may follow, the likeliest first, each once."""
    releases = output / RELEASES
    folder: Path | None = releases / identifier
    found = {folder}
    try:
        previous = read_manifest(releases / identifier).previous
        if previous is None:
            return
        folder = releases / previous
    except ReleaseError:
        folder = _current(output)
    while folder is not None and folder not in found:
        found.add(folder)
        yield folder
        folder = _followed(folder)
    others = [one for one in releases.iterdir() if one not in found and one.name[0] != "."]
    yield from sorted(others, key=_age, reverse=True)


def _current(output: Path) -> Path | None:
    """The release that is current, when it lies where releases do."""
    release = current_release(output)
    inside = release is not None and release.parent == (output / RELEASES).resolve()
    return output / RELEASES / release.name if release is not None and inside else None


def readable_current(output: Path) -> Path | None:
    """The release that is current, when it lies where releases do and its manifest can be read."""
    release = _current(output)
    with suppress(ReleaseError):
        if release is not None:
            read_manifest(release)
            return release
    return None


def _followed(release: Path) -> Path | None:
    try:
        previous = read_manifest(release).previous
    except ReleaseError:
        return None
    return None if previous is None else release.parent / previous


def _age(folder: Path) -> tuple[str, float]:
    try:
        return read_manifest(folder).created.isoformat(), (folder / MANIFEST).stat().st_mtime
    except (ReleaseError, OSError):
        return "", 0.0


def _manifest_of(folder: Path) -> Manifest:
    manifest = read_manifest(folder)
    if manifest.id != folder.name:
        raise ReleaseError(explained("error.release.other", folder=folder / MANIFEST, id=manifest.id))
    return manifest


def _broken_streams(manifest: Manifest, faulty: set[str]) -> set[str]:
    """Root and pages of each stream that is not whole."""
    broken: set[str] = set()
    for name in _STREAMS:
        files = {one.path for one in manifest.files if one.path.startswith(f"{name}/")}
        files = {path for path in files if path.endswith(".trig")} | {f"{name}.ttl"}
        broken |= files if files & faulty else set()
    return broken


def _whole(folder: Path, manifest: Manifest, lost: set[str], scratch: Path) -> Path:
    """A folder with those files of a release that are read and are whole; its older ones lie beside it."""
    copies = scratch / "before"
    whole = copies / folder.name
    entries = [one for one in manifest.files if one.path.startswith(_READ) and one.path not in lost]
    for entry in entries:
        link_or_copy(folder / entry.path, whole / entry.path)
    whole.mkdir(parents=True, exist_ok=True)
    described = msgspec.structs.replace(manifest, files=tuple(entries))
    (whole / MANIFEST).write_text(described.to_json(), encoding="utf-8")
    for other in folder.parent.iterdir():
        if other != folder and other.name[0] != ".":
            (copies / other.name).symlink_to(other.resolve())
    return whole


def _finding(code: str, release: str, **named: Sequence[str]) -> Finding:
    return Finding(Severity.WARNING, code, *advice(code, release=release, **named))
