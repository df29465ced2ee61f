"""What curators have decided: ``data/identity/decisions.csv``, read and written.

Each row says that two rows of organisations are the ``same`` or ``different``, when that was decided and why.
A row of a source is called ``source/key``. A decision about a source that is not there holds as well: what it
connects stays connected.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from transfergraph.common.files import replace_file
from transfergraph.config.workspace import Workspace
from transfergraph.findings import Finding, Place
from transfergraph.identity.pair_outcome import Judgement
from transfergraph.tables.csv_reader import Sheet, fault, read_csv

DECISIONS = "data/identity/decisions.csv"
COLUMNS = ("first", "second", "decision", "date", "reason")
_WORDS = {"same": Judgement.SAME, "different": Judgement.DIFFERENT}


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: ``first`` and ``second`` are rows of sources as ``source/key``; ``row`` is its number in the
    file."""

    first: str
    second: str
    judgement: Judgement
    day: date
    reason: str
    row: int

    @property
    def place(self) -> Place:
        """The row in the file."""
        return decision_place(self.row)


def decision_place(row: int | None, column: str | None = None) -> Place:
    """A row or cell of the file of decisions."""
    return Place(None, DECISIONS, row=row, column=column)


def read_decisions(workspace: Workspace) -> tuple[tuple[Decision, ...], list[Finding]]:
    """The decisions of a workspace, and what is wrong with the file; none where there is no file."""
    file = workspace.root / DECISIONS
    if not file.is_file():
        return (), []
    sheet = read_csv(file, "decisions", DECISIONS, "", workspace.settings.limits.file_megabytes, COLUMNS)
    if isinstance(sheet, Finding):
        return (), [sheet]
    missing = [name for name in COLUMNS if name not in sheet.header]
    if missing:
        return (), [
            fault("identity.decision.columns", decision_place(1), missing=missing, columns=list(COLUMNS))
        ]
    found = list(_rows(sheet))
    decided = tuple(one for one in found if isinstance(one, Decision))
    return decided, [one for one in found if isinstance(one, Finding)]


def _rows(sheet: Sheet) -> Iterator[Decision | Finding]:
    for item in sheet.rows():
        if isinstance(item, Finding):
            yield item
            continue
        number, cells = item
        told = {name: cell.strip() for name, cell in zip(sheet.header, cells, strict=False)}
        if any(told.values()):
            yield _decision(number, told)


def _decision(row: int, told: dict[str, str]) -> Decision | Finding:
    for column in COLUMNS:
        if not told.get(column):
            return fault("identity.decision.blank", decision_place(row, column), column=column)
    if (judgement := _WORDS.get(told["decision"].lower())) is None:
        place = decision_place(row, "decision")
        return fault(
            "identity.decision.word", place, told["decision"], value=told["decision"], words=list(_WORDS)
        )
    try:
        day = date.fromisoformat(told["date"])
    except ValueError:
        return fault("identity.decision.date", decision_place(row, "date"), told["date"], value=told["date"])
    return Decision(told["first"], told["second"], judgement, day, told["reason"], row)


def add_decision(root: Path, first: str, second: str, judgement: Judgement, day: date, reason: str) -> Path:
    """Write one decision at the end of the file, which is made where there is none; returns the file.

    What stands there already, other columns included, stays as it is.
    """
    file = root / DECISIONS
    before = file.read_text(encoding="utf-8-sig") if file.is_file() else ""
    header = next(csv.reader(before.splitlines()), list(COLUMNS)) if before else list(COLUMNS)
    told = dict(zip(COLUMNS, (first, second, judgement.value, day.isoformat(), reason), strict=True))
    lines = io.StringIO()
    writer = csv.DictWriter(lines, header, restval="", extrasaction="ignore", lineterminator="\n")
    if not before:
        writer.writeheader()
    writer.writerow(told)
    file.parent.mkdir(parents=True, exist_ok=True)
    end = "" if not before or before.endswith("\n") else "\n"
    with replace_file(file) as target:
        target.write(f"{before}{end}{lines.getvalue()}".encode())
    return file
