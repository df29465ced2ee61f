"""What changes in the findings of a workspace while somebody works on its tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from transfergraph.check_workspace import check
from transfergraph.common.progress import Progress, silent
from transfergraph.config.workspace import SETTINGS_FILE
from transfergraph.errors import TransfergraphError
from transfergraph.findings import Finding, Report

WAIT = 1.0
"""Seconds between two looks at the files."""

_WATCHED = "data", "ontology", "queries"

_Stamps = Mapping[Path, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Look:
    """What a check found, compared with the look before: ``new``, ``gone`` and ``still`` there.

    A finding is the same wherever its row has moved. ``error`` is what stopped the check; then ``report`` is
    that of the last check that came to its end.
    """

    report: Report
    new: Report
    gone: Report
    still: Report
    error: TransfergraphError | None = None


def watch(
    root: Path,
    output: Path,
    progress: Progress = silent,
    store_url: str | None = None,
    seconds: float = WAIT,
    stopped: Event | None = None,
) -> Iterator[Look]:
    """A look at once, and one after each change of the files, until ``stopped`` is set.

    Every so many seconds the times and sizes of the files are looked at; the check begins when they have
    stayed as they are in between, so that a program has finished writing.
    """
    stopped = stopped or Event()
    before = Report()
    while not stopped.is_set():
        seen = _stamps(root)
        look = _look(root, output, progress, store_url, before)
        yield look
        before = look.report
        _wait_for_change(root, seen, seconds, stopped)


def _look(root: Path, output: Path, progress: Progress, store_url: str | None, before: Report) -> Look:
    try:
        report = check(root, output, progress, store_url)
    except TransfergraphError as error:
        return Look(before, Report(), Report(), before, error)
    left = Counter(map(_identity, before.findings))
    new, still = [], []
    for one in report.findings:
        if left[_identity(one)]:
            left[_identity(one)] -= 1
            still.append(one)
        else:
            new.append(one)
    gone = []
    for one in reversed(before.findings):
        if left[_identity(one)]:
            left[_identity(one)] -= 1
            gone.append(one)
    return Look(report, Report.of(new), Report.of(gone), Report.of(still))


def _identity(finding: Finding) -> tuple[object, ...]:
    """All but row and letter, which change when a row or column is inserted before."""
    place = finding.place
    where = place.file, place.sheet, place.column, finding.focus, finding.path_text
    return finding.severity, finding.code, *where, finding.value, finding.message.english


def _wait_for_change(root: Path, seen: _Stamps, seconds: float, stopped: Event) -> None:
    last = seen
    while not stopped.wait(seconds):
        now = _stamps(root)
        if now != seen and now == last:
            return
        last = now


def _stamps(root: Path) -> _Stamps:
    """Time and size of each file that a check reads."""
    folders = (root / name for name in _WATCHED)
    files = [root / SETTINGS_FILE, *(file for folder in folders for file in folder.rglob("*"))]
    found = {}
    for file in files:
        try:
            stat = file.stat()
        except OSError:
            continue
        if not file.name.startswith((".", "~$")):
            found[file] = stat.st_mtime_ns, stat.st_size
    return found
