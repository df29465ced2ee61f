"""Faults in data as values: what is wrong, where, and how to mend it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import quote

from transfergraph.common.namespaces import DOCS, SH
from transfergraph.common.property_paths import Path, path_text
from transfergraph.common.text import Text


class Severity(Enum):
    """How grave a finding is, in the words of SHACL (section 2.1.4); the value is its IRI."""

    VIOLATION = SH + "Violation"
    WARNING = SH + "Warning"
    INFO = SH + "Info"

    @property
    def rank(self) -> int:
        """0 for the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, row, column or file of the input.

    ``row`` counts as a spreadsheet does: the header is row 1. ``file`` is relative to the workspace.
    ``column`` is the column's name and ``letter`` its spreadsheet letter. What is not known is None.
    """

    source: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    letter: str | None = None

    @property
    def table(self) -> str | None:
        """The name of the table: that of the sheet, or of the file without its ending."""
        if self.sheet is not None:
            return self.sheet.strip()
        return None if self.file is None else self.file.rsplit("/", 1)[-1].split(".", 1)[0]

    def __str__(self) -> str:
        sheet = f" [{self.sheet}]" if self.sheet else ""
        row = f":{self.row}" if self.row is not None else ""
        column = f":{self.column}" if self.column else ""
        return f"{self.file or '-'}{sheet}{row}{column}"


NOWHERE = Place()
_LETTER = re.compile(r"[A-Z]{1,3}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in the data.

    ``code`` is a stable name of the kind of fault (``table.missing-reference``, or the local name of a
    shape or check); findings of one code have one cause. ``focus`` is an IRI, ``component`` that of the
    SHACL constraint component. ``proposals`` are the values that the remedy offers to enter. In a
    ``contradiction`` two statements disagree, and both may stand.
    """

    severity: Severity
    code: str
    message: Text
    remedy: Text
    place: Place = NOWHERE
    value: str | None = None
    focus: str | None = None
    path: Path | None = None
    shape: str | None = None
    component: str | None = None
    proposals: tuple[str, ...] = field(default=(), compare=False)
    contradiction: bool = False

    @property
    def path_text(self) -> str | None:
        """The path as a SPARQL property path with whole IRIs."""
        return None if self.path is None else path_text(self.path)

    @property
    def page(self) -> str:
        """Where the documentation says what findings of this code mean, and how they are mended."""
        return f"{DOCS}reference/findings.html#{quote(self.code, errors='replace')}"

    def sort_key(self) -> tuple[object, ...]:
        """Gravest first, then by place, then by everything else, so that the order never varies."""
        place = self.place
        known = (
            *(place.sheet, place.row, place.column),
            *(self.code, self.focus, self.path_text, self.value, self.message, self.remedy),
            *(self.shape, self.component, place.source, place.letter),
        )
        return (
            self.severity.rank,
            place.file is None,
            place.file or "",
            *((part is not None, part) for part in known),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """All findings of one run, in stable order, each once."""

    findings: tuple[Finding, ...] = field(default=())

    @classmethod
    def of(cls, findings: Iterable[Finding]) -> Report:
        """A report of these findings, sorted and without repetition."""
        return cls(tuple(sorted(set(findings), key=Finding.sort_key)))

    def __len__(self) -> int:
        return len(self.findings)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return Counter(finding.severity for finding in self.findings)[severity]

    def select(
        self,
        severities: Collection[Severity] = (),
        tables: Collection[str] = (),
        causes: Collection[str] = (),
    ) -> Report:
        """The findings of these severities, in these tables, with these codes; what is empty selects all."""
        return Report(
            tuple(
                finding
                for finding in self.findings
                if (not severities or finding.severity in severities)
                and (not tables or finding.place.table in tables)
                and (not causes or finding.code in causes)
            )
        )

    @property
    def contradictions(self) -> tuple[Finding, ...]:
        """Where statements disagree."""
        return tuple(finding for finding in self.findings if finding.contradiction)

    @property
    def rows_to_enrich(self) -> int:
        """How many rows have a hint that is no contradiction: they are right, and could be richer."""
        hints = (
            one.place for one in self.findings if one.severity is Severity.INFO and not one.contradiction
        )
        return len({(place.file, place.sheet, place.row) for place in hints if place.row is not None})

    @property
    def conforms(self) -> bool:
        """True when no finding is a violation, so that a release may become current."""
        return self.count(Severity.VIOLATION) == 0


def column_number(letter: str | None) -> int | None:
    """1 for ``A``, 27 for ``AA``; None for what is not the letter of a spreadsheet column."""
    if letter is None or not _LETTER.fullmatch(letter):
        return None
    number = 0
    for character in letter:
        number = number * 26 + ord(character) - ord("A") + 1
    return number


def cell_iri(place: Place, base: str) -> str | None:
    """The IRI of the cell, or of the row, column, sheet or file when no more is known, else None.

    ``base`` ends with a slash; the file is named under it. A part of a CSV file is named by RFC 7111:
    ``#cell=17,4``, ``#row=17`` or ``#col=4``, counted from 1 with the header as row 1. Workbooks have no
    such standard; their parts are named as spreadsheet programs link to them: ``#projects!D17``.
    """
    if place.file is None:
        return None
    file = base + quote(place.file, errors="replace")
    column = column_number(place.letter)
    if place.sheet is not None:
        return f"{file}#{_sheet(place.sheet)}{_range(place.row, place.letter if column else None)}"
    if place.row is not None:
        return f"{file}#cell={place.row},{column}" if column else f"{file}#row={place.row}"
    return f"{file}#col={column}" if column else file


def _sheet(name: str) -> str:
    plain = name if re.fullmatch(r"[A-Za-z_]\w*", name) else "'" + name.replace("'", "''") + "'"
    return quote(plain, errors="replace")


def _range(row: int | None, letter: str | None) -> str:
    if row is not None:
        return f"!{letter}{row}" if letter else f"!{row}:{row}"
    return f"!{letter}:{letter}" if letter else ""
