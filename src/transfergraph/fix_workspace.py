"""The remedies that leave no doubt, applied to the cells of the tables and to nothing beside them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.files import replace_file
from transfergraph.common.text import Text
from transfergraph.errors import InputError, UsageError
from transfergraph.findings import Finding, Place, column_number
from transfergraph.messages import explained
from transfergraph.read_workspace import OpenedTables, opened_tables
from transfergraph.tables import edit_csv, edit_workbook
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import Column, TableGroup

CERTAIN = frozenset(
    (
        *("table.german-date", "table.other-date", "table.decimal-comma", "table.number-notation"),
        *("table.other-separator", "table.invisible-character"),
        *("table.dot-steps", "table.forbidden-character.url"),
    )
)
"""The findings whose only proposal says the same as what stands in the cell, written as it has to be."""

_SHORT_YEAR = re.compile(r"\d{1,2}\D\s?\d{1,2}\D\s?\d{2}")  # 1.2.19 may be of this century or the last one
_SHOWN = 200  # characters of a cell that a finding keeps
_BLANKS = " \t\r\n\xa0"


@dataclass(frozen=True, slots=True)
class CellChange:
    """The text of a cell before and after."""

    place: Place
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Corrections:
    """What would change in the files of a workspace, and what is ``refused``, with the reason.

    ``contents`` are the files as they were read, by their path.
    """

    changes: tuple[CellChange, ...]
    refused: tuple[tuple[Place, Text], ...]
    root: Path
    contents: Mapping[Path, bytes]
    columns: Mapping[str, tuple[str, ...]]

    def apply(self) -> None:
        """Write the changes, each file at once or not at all; rights and links stay.

        Raises :class:`InputError` for a file that has changed since it was read, and :class:`UsageError` for
        one that cannot be written; files before it are changed then.
        """
        written = {path: self._with_changes(path) for path in self.contents}
        for path, content in written.items():
            if path.read_bytes() != self.contents[path]:
                raise InputError(explained("fix.changed", file=path))
            try:
                with replace_file(path) as stream:
                    stream.write(content)
                    os.fchmod(stream.fileno(), path.stat().st_mode & 0o7777)
            except OSError as error:
                raise UsageError(explained("error.unwritable", file=path, error=error.strerror)) from error

    def _with_changes(self, path: Path) -> bytes:
        own = [one for one in self.changes if _path(self.root, one.place) == path]
        cells: dict[str, dict[tuple[int, int], str]] = {}
        for one in own:
            cells.setdefault(one.place.sheet or "", {})[_cell(one.place)] = one.new
        if path.suffix.lower() == ".xlsx":
            return edit_workbook.with_cells(path, cells)
        return edit_csv.with_cells(self.contents[path], self.columns[own[0].place.table or ""], cells[""])


def fix(root: Path) -> Corrections:
    """What can be mended for certain: to be looked at, and then applied.

    A cell in which an item cannot be found again, or that has a formula, is refused by name, and so is a file
    of which the other cells could not be kept. Raises :class:`WorkspaceError` as a check does.
    """
    with opened_tables(root) as opened:
        limit = opened.workspace.settings.limits.cell_length
        found = check_tables(opened.tables, opened.concepts, limit, opened.findings)
        certain = [one for one in (*opened.findings, *found) if _is_certain(one)]
        return _corrections(opened, certain)


def _is_certain(finding: Finding) -> bool:
    value = finding.value or ""
    is_whole = len(value) < _SHOWN and finding.place.row is not None and finding.place.letter is not None
    if finding.code not in CERTAIN or len(finding.proposals) != 1 or not is_whole:
        return False
    return "date" not in finding.code or not _SHORT_YEAR.fullmatch(value)


def _corrections(opened: OpenedTables, findings: list[Finding]) -> Corrections:
    workspace, group = opened.workspace, opened.tables.group
    by_table: dict[tuple[str, str | None], list[Finding]] = {}
    for one in findings:
        by_table.setdefault((one.place.file or "", one.place.sheet), []).append(one)
    changes: list[CellChange] = []
    refused: list[tuple[Place, Text]] = []
    for (file, sheet), members in sorted(by_table.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        try:
            cells = _stored(workspace.root / file, sheet, _known(group, members[0].place))
        except ValueError:
            refused.append((Place(file=file, sheet=sheet), explained("fix.not-found")))
            continue
        if cells is None:
            refused.append((Place(file=file, sheet=sheet), explained("fix.gzip")))
            continue
        for done in _changes(group, members, cells):
            if isinstance(done, CellChange):
                changes.append(done)
            else:
                refused.append(done)
    paths = {_path(workspace.root, one.place) for one in changes}
    columns = {table.name: _names(group, table.name) for table in group.tables}
    contents = {path: path.read_bytes() for path in sorted(paths)}
    return Corrections(tuple(changes), tuple(refused), workspace.root, contents, columns)


def _stored(
    path: Path, sheet: str | None, known: tuple[str, ...]
) -> Mapping[tuple[int, int], str | None] | None:
    """The cells as they stand; None for a file that is not written."""
    if path.suffix == ".gz":
        return None
    if sheet is not None:
        return edit_workbook.cells_of(path, sheet)
    return {**edit_csv.cells_of(path.read_bytes(), known)}


def _changes(
    group: TableGroup, findings: list[Finding], cells: Mapping[tuple[int, int], str | None]
) -> Iterator[CellChange | tuple[Place, Text]]:
    """A change for each cell, with all its items mended."""
    by_cell: dict[tuple[int, int], list[Finding]] = {}
    for one in findings:
        by_cell.setdefault(_cell(one.place), []).append(one)
    for cell, members in sorted(by_cell.items()):
        place = members[0].place
        stored = cells.get(cell, "")
        if stored is None:
            yield place, explained("fix.formula")
            continue
        column = group.table(_table(group, place)).column(place.column or "")
        new = stored
        for one in members:
            mended = _mended(new, one.value or "", one.proposals[0], column)
            if mended is None:
                yield place, explained("fix.not-found")
                break
            new = mended
        else:
            if new != stored:
                yield CellChange(place, stored, new)


def _mended(stored: str, value: str, proposal: str, column: Column) -> str | None:
    """The cell with the item replaced, its blanks kept; None where the item is not there."""
    items = stored.split(column.separator) if column.separator else [stored]
    plain = [unicodedata.normalize("NFC", item.strip(_BLANKS)) for item in items]
    if value not in plain:
        return None
    for index, item in enumerate(items):
        if plain[index] == value:
            core = item.strip(_BLANKS)
            items[index] = item.replace(core, proposal, 1)
    return (column.separator or "").join(items)


def _cell(place: Place) -> tuple[int, int]:
    return place.row or 0, column_number(place.letter) or 0


def _path(root: Path, place: Place) -> Path:
    """The file itself, wherever a link leads."""
    return (root / (place.file or "")).resolve()


def _table(group: TableGroup, place: Place) -> str:
    """The table of a place, whose sheet may be named after its source, too."""
    name = place.table or ""
    return name if any(table.name == name for table in group.tables) else name.rpartition(" ")[2]


def _known(group: TableGroup, place: Place) -> tuple[str, ...]:
    return _names(group, _table(group, place))


def _names(group: TableGroup, table: str) -> tuple[str, ...]:
    """The names that the columns of a table may have in a header."""
    return tuple(name for column in group.table(table).file_columns for name in (column.name, *column.titles))
