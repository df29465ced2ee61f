"""The difference between any two releases or dumps, for readers and as a patch."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from transfergraph.findings import Severity
from transfergraph.release.changes.change_summary import Changes, ChangeSummary
from transfergraph.release.changes.difference import PatchWriting, SubjectChange, subject_changes
from transfergraph.release.manifest import MANIFEST, Manifest, read_manifest
from transfergraph.release.sorted_ntriples import SortedGraph

CHANGES = "changes.json"


class ChangeConsumer(Protocol):
    """Takes the differences of two graphs one by one."""

    def take(self, change: SubjectChange) -> None:
        """Note one of them."""
        ...


def compare(old: Path, new: Path, output: Path | None = None) -> Changes:
    """Compare two releases or sorted dumps; with ``output``, leave the patch in that folder.

    The folder then holds ``added.nt.gz``, ``removed.nt.gz`` and ``changes.json``. Raises
    :class:`UsageError` for what is neither release nor sorted dump, :class:`ReleaseError` for a damaged one.
    """
    manifests = [read_manifest(graph) if (graph / MANIFEST).is_file() else None for graph in (old, new)]
    findings = findings_of(manifests[0], None if manifests[1] is None else manifests[1].findings)
    if output is None:
        with tempfile.TemporaryDirectory(prefix="transfergraph-") as folder:
            return find_changes(old, new, Path(folder), findings)
    changes = find_changes(old, new, output, findings)
    previous, identifier = (None if manifest is None else manifest.id for manifest in manifests)
    (output / CHANGES).write_text(changes.to_json(previous, identifier), encoding="utf-8")
    return changes


def find_changes(
    old: Path,
    new: Path,
    folder: Path,
    findings: Mapping[str, tuple[int, int]],
    takers: Sequence[ChangeConsumer] = (),
) -> Changes:
    """Write the patch between two graphs into the folder and sum it up, in one pass over both.

    ``findings`` has the numbers of findings before and after by severity. Each of the ``takers`` is shown
    every difference. Raises as :func:`compare` does.
    """
    before, after = SortedGraph(old), SortedGraph(new)
    summary = ChangeSummary()
    with PatchWriting(folder) as patch:
        for change in subject_changes(before, after):
            patch.take(change)
            summary.take(change)
            for taker in takers:
                taker.take(change)
    digests = (before.digest, after.digest)
    return summary.finish(SortedGraph(new), (patch.added, patch.removed), digests, findings)


def findings_of(before: Manifest | None, after: Mapping[str, int] | None) -> dict[str, tuple[int, int]]:
    """Findings before and after by severity; empty when one side does not know them."""
    if before is None or after is None:
        return {}
    names = [severity.name.lower() for severity in Severity]
    return {name: (before.findings.get(name, 0), after.get(name, 0)) for name in names}
