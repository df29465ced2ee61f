"""The rows of the raw tables in one member of a raw file, whatever its format."""

from __future__ import annotations

import csv
import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergraph.config.raw_files import RawTable
from transfergraph.findings import Finding, Place, Severity
from transfergraph.sources.archive_members import Member
from transfergraph.sources.xml_records import UnsafeXml, XmlFault, read_xml
from transfergraph.tables.csv_reader import UnreadableRow, csv_rows, fault, lines_of

RawRow = tuple[str, int, Sequence[str]]
"""The name of the raw table, the row as the raw file counts it, and a cell for each column."""

_CONFLICT = re.compile(r"(<{7}|>{7})( |$)|={7}$")
_DELIMITERS = ",;\t|"
_CELL_LIKE_FORMULA = re.compile(r'(?<![^;,\t|\r\n])=("(?:[^"]|"")*")(?=[;,\t|\r\n]|\Z)')
_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


@dataclass(frozen=True, slots=True)
class RawReader:
    """Reads the rows of these tables, all of one format, from members; ``source`` is for findings."""

    source: str
    tables: Mapping[str, RawTable]

    def rows(self, member: Member, path: Path) -> Iterator[RawRow | Finding]:
        """The rows of one member; ``path`` is the raw file, for formats that are read from it."""
        kind = next(iter(self.tables.values())).format
        if kind == "xml":
            yield from self._xml(member)
            return
        for name, table in self.tables.items():
            for found in _READERS[kind](member, table, Place(self.source, member.name), path):
                if isinstance(found, Finding):
                    yield found
                else:
                    yield name, found[0], _tidied(found[1], table)

    def _xml(self, member: Member) -> Iterator[RawRow | Finding]:
        """All tables of a document at once; one that cannot be read is one finding."""
        place = Place(self.source, member.name)
        try:
            rows = read_xml(member.content, self.tables)
        except UnsafeXml:
            yield fault("source.unsafe-xml", place, severity=Severity.WARNING)
        except XmlFault as error:
            yield fault("source.unreadable-member", place, severity=Severity.WARNING, error=str(error))
        else:
            for name, number, cells in rows:
                yield name, number, _tidied(cells, self.tables[name])


def _tidied(cells: Sequence[str], table: RawTable) -> Sequence[str]:
    if table.entities:
        cells = [html.unescape(cell) if "&" in cell else cell for cell in cells]
    return cells


Rows = Iterator[tuple[int, Sequence[str]] | Finding]


def _lines(member: Member, table: RawTable, place: Place, _: Path) -> Rows:
    """Each line that is not blank as a row of one column, with which files of fixed width are read."""
    text = _text(member.content, table, place)
    if isinstance(text, Finding):
        yield text
        return
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield number, [line] * len(table.columns)


def _json_lines(member: Member, table: RawTable, place: Place, _: Path) -> Rows:
    """Each line as a JSON object; what is no text is given as JSON."""
    paths = [path.split(".") for path in table.columns.values()]
    for number, line in enumerate(member.content.splitlines(), 1):
        if not line.strip():
            continue
        at = Place(place.source, place.file, row=number)
        try:
            record = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield fault("source.unreadable-member", at, severity=Severity.WARNING, error=str(error))
            continue
        yield number, [_json_text(_json_value(record, path)) for path in paths]


def _json_value(record: object, path: Sequence[str]) -> object:
    for name in path:
        if name == "":
            return record
        record = record.get(name) if isinstance(record, dict) else None
    return record


def _json_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _text(content: bytes, table: RawTable, place: Place) -> str | Finding:
    try:
        return content.decode("utf-8-sig" if table.encoding == "utf-8" else table.encoding)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        at, byte = Place(place.source, place.file, row=row), f"{content[error.start]:02X}"
        return fault("source.encoding", at, row=row, byte=byte, encoding=table.encoding)


def _csv(member: Member, table: RawTable, place: Place, _: Path) -> Rows:
    text = _text(member.content, table, place)
    if isinstance(text, Finding):
        yield text
        return
    if table.formulas:
        text = _CELL_LIKE_FORMULA.sub(r"\1", text)
    lines = list(lines_of(text[: 1 << 16]))[: table.header]
    declared = table.delimiter or _likely(lines)
    delimiter = _fitting(lines, table, declared)
    if delimiter != declared and table.delimiter is not None:
        names = {"typed": _shown(delimiter), "declared": _shown(declared)}
        yield fault("source.other-delimiter", place, severity=Severity.WARNING, **names)
    yield from _of_rows(_csv_rows(text, delimiter, place), table, place)


def _shown(delimiter: str) -> str:
    return "TAB" if delimiter == "\t" else delimiter


def _likely(lines: Sequence[str]) -> str:
    last = lines[-1] if lines else ""
    return max(_DELIMITERS, key=last.count)


def _fitting(lines: Sequence[str], table: RawTable, declared: str) -> str:
    """The declared separator, unless only another one parts the header into the titles that are asked for."""

    def known(delimiter: str) -> int:
        cells = next(csv.reader(lines[-1:], delimiter=delimiter), [])
        return len(set(_numbered(cells, table)) & set(_titles(table)))

    return declared if known(declared) > 1 else max((declared, *_DELIMITERS), key=known)


def _titles(table: RawTable) -> list[str]:
    return [title for titles in table.columns.values() for title in _alternatives(titles)]


def _alternatives(titles: str) -> list[str]:
    return [one.strip() for one in titles.split("|")]


def _csv_rows(text: str, delimiter: str, place: Place) -> Rows:
    for found in csv_rows(text, delimiter):
        if isinstance(found, UnreadableRow):
            at = Place(place.source, place.file, row=found.row)
            yield fault("source.broken-rows", at, row=found.row, error=found.error)
        else:
            yield found


def _sheet(member: Member, table: RawTable, place: Place, path: Path) -> Rows:
    from transfergraph.sources.spreadsheets import sheet_rows  # needs an extra

    yield from _of_rows(sheet_rows(member, table, place), table, place)


_READERS: Mapping[str, Callable[[Member, RawTable, Place, Path], Rows]] = {
    "csv": _csv,
    "jsonl": _json_lines,
    "lines": _lines,
    "sheet": _sheet,
}


def _of_rows(rows: Rows, table: RawTable, place: Place) -> Rows:
    """The asked cells of each row below the header; a row of another width is left out with a finding."""
    picks: list[int] | None = None
    width = 0
    for found in rows:
        if isinstance(found, Finding):
            yield found
            continue
        number, cells = found
        if picks is None:
            if number < table.header:
                continue
            picks, missing = _picked(_numbered(cells, table), table)
            width = len(cells)
            yield from _missing(missing, cells, table, Place(place.source, place.file, row=number))
            if not all(name in table.optional for name in missing):
                return
        elif any(cells):
            unfit = _unfit(number, cells, width, place)
            yield unfit or (number, _picked_cells(cells, picks, table))


def _picked_cells(cells: Sequence[str], picks: Sequence[int], table: RawTable) -> list[str]:
    taken = [cells[index] if 0 <= index < len(cells) else "" for index in picks]
    return [_unwrapped(cell) for cell in taken] if table.formulas else taken


def _unwrapped(cell: str) -> str:
    found = _FORMULA.fullmatch(cell.strip())
    return (found[1].replace('""', '"') if found else cell).strip()


def _unfit(number: int, cells: Sequence[str], width: int, place: Place) -> Finding | None:
    at = Place(place.source, place.file, row=number)
    if _CONFLICT.match(cells[0]):
        return fault("source.merge-conflict", at, cells[0][:80], row=number)
    if len(cells) == width or (len(cells) > width and not any(cells[width:])):
        return None
    return fault(
        "source.ragged-row", at, severity=Severity.WARNING, row=number, cells=len(cells), width=width
    )


def _numbered(cells: Sequence[str], table: RawTable) -> list[str]:
    """The titles of a header, the second of one title with ``#2`` behind it."""
    seen: dict[str, int] = {}
    titles = []
    for cell in cells:
        title = " ".join((_unwrapped(cell) if table.formulas else cell).replace("\ufeff", "").split())
        seen[title] = seen.get(title, 0) + 1
        titles.append(title if seen[title] == 1 else f"{title}#{seen[title]}")
    return titles


def _picked(titles: Sequence[str], table: RawTable) -> tuple[list[int], list[str]]:
    """Where each column stands, -1 for one that is missing, and the names of those."""
    picks = [
        next((titles.index(one) for one in _alternatives(asked) if one in titles), -1)
        for asked in table.columns.values()
    ]
    return picks, [name for name, index in zip(table.columns, picks, strict=True) if index < 0]


def _missing(
    missing: Sequence[str], cells: Sequence[str], table: RawTable, place: Place
) -> Iterator[Finding]:
    for name in missing:
        severity = Severity.INFO if name in table.optional else Severity.VIOLATION
        title = _alternatives(table.columns[name])[0]
        there = [cell.strip() for cell in cells if cell.strip()]
        yield fault("source.missing-column", place, severity=severity, column=name, title=title, there=there)
