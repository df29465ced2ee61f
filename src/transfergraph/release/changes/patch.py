"""Patches: the difference between two graphs as files, made and applied.

A patch is two sorted N-Triples files, ``added.nt.gz`` and ``removed.nt.gz``: the old graph without the
removed lines and with the added ones is the new graph, byte for byte.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol

import msgspec

from transfergraph.common.files import ScratchFolder, replace_file
from transfergraph.common.text import Text
from transfergraph.config.declarations import CORE
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.findings import Severity
from transfergraph.messages import explained
from transfergraph.release.changes.change_summary import Changes, ChangeSummary
from transfergraph.release.changes.difference import SubjectChange, subject_changes
from transfergraph.release.dumps import gzip_stream, gzip_writer
from transfergraph.release.manifest import MANIFEST, Manifest, read_manifest
from transfergraph.release.sorted_ntriples import Block, GraphDigest, SortedGraph
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.vocabulary.presentation_reader import released_presentation

FOLDER = "changes"
CHANGES, ADDED, REMOVED = "changes.json", "added.nt.gz", "removed.nt.gz"


class ChangeConsumer(Protocol):
    """Takes the differences of two graphs one by one."""

    def add(self, change: SubjectChange) -> None:
        """Note one of them."""
        ...


def compare(old: Path, new: Path, output: Path | None = None) -> Changes:
    """Compare two releases or sorted dumps; with ``output``, leave the patch in that folder.

    The folder then holds ``added.nt.gz``, ``removed.nt.gz`` and ``changes.json``; a comparison that fails
    leaves it as it was. Raises :class:`UsageError` for what is neither release nor sorted dump,
    :class:`ReleaseError` for a damaged one.
    """
    manifests = [read_manifest(graph) if (graph / MANIFEST).is_file() else None for graph in (old, new)]
    findings = findings_of(manifests[0], None if manifests[1] is None else manifests[1].findings)
    declared = next((graph for graph in (new, old) if (graph / MANIFEST).is_file()), CORE)
    presentation = released_presentation(declared)
    if output is None:
        with ScratchFolder() as folder:
            return find_changes(old, new, Path(folder), findings, presentation)
    with _moved_when_complete(output) as made:
        changes = find_changes(old, new, made, findings, presentation)
        previous, identifier = (None if manifest is None else manifest.id for manifest in manifests)
        (made / CHANGES).write_text(changes.to_json(previous, identifier), encoding="utf-8")
    return changes


@contextmanager
def _moved_when_complete(output: Path) -> Iterator[Path]:
    """A folder whose files go into ``output`` at the end unless an error came between."""
    is_new = not output.exists()
    output.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".patch-", dir=output) as made:
            yield Path(made)
            for file in sorted(Path(made).iterdir()):
                file.replace(output / file.name)
    except BaseException:
        if is_new:
            output.rmdir()
        raise


def find_changes(
    old: Path,
    new: Path,
    folder: Path,
    findings: Mapping[str, tuple[int, int]],
    presentation: Presentation,
    consumers: Sequence[ChangeConsumer] = (),
) -> Changes:
    """Write the patch between two graphs into the folder and sum it up, in one pass over both.

    ``findings`` has the numbers of findings before and after by severity. Each of the ``consumers`` gets
    every difference. Raises as :func:`compare` does.
    """
    before, after = SortedGraph(old), SortedGraph(new)
    summary = ChangeSummary(presentation)
    with PatchWriter(folder) as patch:
        for change in subject_changes(before, after):
            patch.add(change)
            summary.add(change)
            for consumer in consumers:
                consumer.add(change)
    digests = (before.digest, after.digest)
    return summary.finish(SortedGraph(new), (patch.added, patch.removed), digests, findings)


def findings_of(before: Manifest | None, after: Mapping[str, int] | None) -> dict[str, tuple[int, int]]:
    """Findings before and after by severity; empty when one side does not know them."""
    if before is None or after is None:
        return {}
    names = [severity.name.lower() for severity in Severity]
    return {name: (before.findings.get(name, 0), after.get(name, 0)) for name in names}


class PatchWriter:
    """Writes a patch into a folder, change by change; ``added`` and ``removed`` count its triples."""

    def __init__(self, folder: Path) -> None:
        self.added = self.removed = 0
        self._files = ExitStack()
        folder.mkdir(parents=True, exist_ok=True)
        self._plus = self._files.enter_context(gzip_writer(folder / ADDED))
        self._minus = self._files.enter_context(gzip_writer(folder / REMOVED))

    def __enter__(self) -> PatchWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.__exit__(kind, error, trace)

    def add(self, change: SubjectChange) -> None:
        """Write one change."""
        added, removed = change.added, change.removed
        self._plus.writelines(added)
        self._minus.writelines(removed)
        self.added += len(added)
        self.removed += len(removed)


class _Misfit(Exception):
    """What in the dump shows that the patch was made for another graph."""


@dataclass(frozen=True, slots=True)
class Patch:
    """The two files of a patch, and what ``changes.json`` beside them says, None where it does not.

    ``base`` and ``result`` are the graphs before and after, ``previous`` and ``release`` their releases.
    """

    added: Path
    removed: Path
    base: GraphDigest | None = None
    result: GraphDigest | None = None
    previous: str | None = None
    release: str | None = None


class _Digests(msgspec.Struct, frozen=True):
    before: GraphDigest | None = None
    after: GraphDigest | None = None


class _Changes(msgspec.Struct, frozen=True):
    graph: _Digests = _Digests()
    previous: str | None = None
    release: str | None = None


def apply(patch: Path, dump: Path, target: Path) -> GraphDigest:
    """Apply a patch to a dump and write the graph that it leads to; return the digest of that graph.

    ``patch`` is a release, its folder ``changes``, or any folder with ``added.nt.gz`` and
    ``removed.nt.gz`` (also without ``.gz``); ``dump`` is the N-Triples dump of the graph before, or the
    release that holds it. ``target`` ends with ``.nt`` or ``.nt.gz``; it takes its place at once, when it is
    complete, and may be ``dump`` itself.

    Raises :class:`UsageError` when the patch does not lead on from this dump, and :class:`ReleaseError`
    when a file is damaged or the target cannot be written; the target is then as it was.
    """
    found = find_patch(patch)
    if ".nq" in dump.suffixes:
        raise UsageError(explained("error.patch.graphs", dump=dump))
    if not target.name.endswith((".nt", ".nt.gz")):
        raise UsageError(explained("error.patch.ending", target=target))
    base = SortedGraph(dump)
    try:
        with _written(target) as out:
            return _write(found, base, out)
    except _Misfit as error:
        raise UsageError(_reason(found, base, error)) from None


def find_patch(folder: Path) -> Patch:
    """The patch in a release, in its folder ``changes``, or in any other folder.

    Raises :class:`UsageError` when there is none.
    """
    inner = folder / FOLDER
    folder = inner if inner.is_dir() else folder
    files = []
    for name in (ADDED, REMOVED):
        found = [file for file in (folder / name, folder / name.removesuffix(".gz")) if file.is_file()]
        if not found:
            raise UsageError(explained("error.patch.none", folder=folder, name=name, folder2=FOLDER))
        files.append(found[0])
    return _described(files[0], files[1], folder / CHANGES)


def _described(added: Path, removed: Path, changes: Path) -> Patch:
    if not changes.is_file():
        return Patch(added, removed)
    try:
        file = msgspec.json.decode(changes.read_bytes(), type=_Changes)
        return Patch(added, removed, file.graph.before, file.graph.after, file.previous, file.release)
    except (OSError, ValueError, RecursionError) as error:
        raise ReleaseError(explained("error.patch.damaged-changes", changes=changes, error=error)) from error


def _write(patch: Patch, base: SortedGraph, out: BinaryIO) -> GraphDigest:
    count, content = 0, hashlib.sha256()
    for block in _patched(base, SortedGraph(patch.added), SortedGraph(patch.removed)):
        lines = b"".join(block)
        out.write(lines)
        content.update(lines)
        count += len(block)
    if patch.base is not None and base.digest != patch.base:
        raise _Misfit(explained("error.patch.misfit-more"))
    result = GraphDigest(count, content.hexdigest())
    if patch.result is not None and result != patch.result:
        raise ReleaseError(explained("error.patch.damaged", added=patch.added, removed=patch.removed))
    return result


def _patched(base: Iterable[Block], added: Iterable[Block], removed: Iterable[Block]) -> Iterator[Block]:
    """The blocks of the new graph; raises :class:`_Misfit` at what shows that the old one is another."""
    plus, minus = _Queue(added), _Queue(removed)
    for block in base:
        last = block[-1]
        lost, won = minus.up_to(last), plus.up_to(last)
        if lost or won:
            kept = set(block)
            if not kept.issuperset(lost):
                raise _Misfit(explained("error.patch.misfit-lacks"))
            if not kept.isdisjoint(won):
                raise _Misfit(explained("error.patch.misfit-has"))
            block = sorted((kept - set(lost)) | set(won))
        yield block
    if minus.rest():
        raise _Misfit(explained("error.patch.misfit-lacks"))
    yield plus.rest()


class _Queue:
    """Sorted lines, taken from their beginning."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._lines = chain.from_iterable(blocks)
        self._next = next(self._lines, None)

    def up_to(self, last: bytes) -> list[bytes]:
        """The lines that are left up to this one."""
        taken = []
        while self._next is not None and self._next <= last:
            taken.append(self._next)
            self._next = next(self._lines, None)
        return taken

    def rest(self) -> list[bytes]:
        """All lines that are left."""
        return [] if self._next is None else [self._next, *self._lines]


def _reason(patch: Patch, base: SortedGraph, reason: _Misfit) -> Text:
    """The sentence that says why the patch does not fit, and what to do."""
    for _ in base:
        pass
    if base.digest == patch.result:
        if patch.release is None:
            return explained("error.patch.applied", dump=base.file)
        return explained("error.patch.applied-release", dump=base.file, release=patch.release)
    told = {"dump": base.file, "reason": reason}
    if patch.previous is None:
        return explained("error.patch.misfit", **told)
    return explained("error.patch.misfit-release", **told, release=patch.previous)


@contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its place at the end, whole, unless something fails."""
    try:
        with replace_file(target) as plain:
            if target.suffix == ".gz":
                with gzip_stream(plain) as out:
                    yield out
            else:
                yield plain
    except OSError as error:
        raise ReleaseError(
            explained("error.unwritable", file=target, error=error.strerror or error)
        ) from error
