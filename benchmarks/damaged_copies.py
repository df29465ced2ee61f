"""Copies of sound linked tables in which faults are planted, and what of them is told to nobody.

A :class:`Fault` knows where it stands and, where there is one, the right value. It knows nothing of how
anybody may find it.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl

Grid = list[list[str]]


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A cell of a table; the whole row where the column is blank. The header is row 1."""

    table: str
    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a kind; where it stands in several ``cells``, each of them is the right one to name."""

    kind: str
    cells: tuple[Cell, ...]
    right: str | None = None


@dataclass(frozen=True, slots=True)
class Typed:
    """What a cell of a workbook stores, where it is no text, and its number format."""

    value: str | float | date
    format: str = "General"


class DamagedCopy:
    """A copy of a sound source; no two faults get the same row.

    ``lines`` are the bytes of rows that no writer of CSV would write, ``typed`` and ``merged`` what only
    workbooks have.
    """

    def __init__(self, sound: Mapping[str, Grid], chance: random.Random) -> None:
        self.sound = sound
        self.tables: dict[str, Grid] = deepcopy(dict(sound))
        self.chance = chance
        self.lines: dict[tuple[str, int], bytes] = {}
        self.typed: dict[Cell, Typed] = {}
        self.merged: list[tuple[Cell, Cell]] = []
        self.is_workbook = False
        self.faults: list[Fault] = []
        self._taken: set[tuple[str, int]] = set()

    def header(self, table: str) -> list[str]:
        """The names of the columns, as they were."""
        return self.sound[table][0]

    def get(self, cell: Cell) -> str:
        """The text of a cell."""
        return self.tables[cell.table][cell.row - 1][self.header(cell.table).index(cell.column)]

    def put(self, cell: Cell, text: str) -> None:
        """Change a cell."""
        self.tables[cell.table][cell.row - 1][self.header(cell.table).index(cell.column)] = text

    def beside(self, cell: Cell, column: str) -> Cell:
        """Another cell of the row."""
        return Cell(cell.table, cell.row, column)

    def pick(
        self, columns: Sequence[tuple[str, str]], fits: Callable[[Cell], bool] = lambda cell: True
    ) -> Cell:
        """A filled cell of one of these columns that fits, in a row that no fault has; the row is taken.

        Raises :class:`LookupError` when there is none.
        """
        for table, column in self.chance.sample(columns, len(columns)):
            index = self.header(table).index(column)
            rows = [
                number
                for number, row in enumerate(self.sound[table][1:], 2)
                if row[index] and (table, number) not in self._taken
            ]
            for number in self.chance.sample(rows, len(rows)):
                cell = Cell(table, number, column)
                if fits(cell):
                    self.take(cell)
                    return cell
        raise LookupError("no row is left for this fault")

    def is_taken(self, table: str, row: int) -> bool:
        """Whether a fault has this row."""
        return (table, row) in self._taken

    def take(self, cell: Cell) -> None:
        """Keep the row from other faults."""
        self._taken.add((cell.table, cell.row))

    def take_table(self, table: str) -> None:
        """Keep the table from other faults."""
        self._taken |= {(table, row) for row in range(1, len(self.tables[table]) + 1)}

    def add_row(self, model: Cell, changes: Mapping[str, str]) -> int:
        """A new row at the end, like that of ``model`` with some changes; its number."""
        grid = self.tables[model.table]
        row = dict(zip(self.header(model.table), grid[model.row - 1], strict=True))
        grid.append(list({**row, **changes}.values()))
        self._taken.add((model.table, len(grid)))
        return len(grid)

    def mended(self, fault: Fault) -> None:
        """Take a fault back: its rows are as they were, and a row that was added is blank."""
        for table, row in {(cell.table, cell.row) for cell in fault.cells}:
            sound = self.sound[table]
            self.tables[table][row - 1] = [*sound[row - 1]] if row <= len(sound) else []
            self.lines.pop((table, row), None)
            self.typed = {c: v for c, v in self.typed.items() if (c.table, c.row) != (table, row)}
            self.merged = [pair for pair in self.merged if pair[0] not in fault.cells]

    def write(self, folder: Path) -> None:
        """Write the tables as CSV files, or as one workbook."""
        if self.is_workbook:
            self._write_workbook(folder / "tables.xlsx")
            return
        for table, grid in self.tables.items():
            lines = [self.lines.get((table, row), line(cells)) for row, cells in enumerate(grid, 1)]
            (folder / f"{table}.csv").write_bytes(b"".join(lines))

    def _write_workbook(self, file: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.worksheets[0])
        for table, grid in self.tables.items():
            sheet = workbook.create_sheet(table)
            for cells in grid:
                sheet.append([text or None for text in cells])
        for cell, typed in self.typed.items():
            stored = workbook[cell.table].cell(cell.row, self.header(cell.table).index(cell.column) + 1)
            stored.value, stored.number_format = typed.value, typed.format
        for first, last in self.merged:
            columns = self.header(first.table).index(first.column), self.header(last.table).index(last.column)
            workbook[first.table].merge_cells(None, first.row, columns[0] + 1, last.row, columns[1] + 1)
        workbook.save(file)


def line(cells: Sequence[str]) -> bytes:
    """A row as RFC 4180 has it, with a line feed."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue().encode()


def read_grids(folder: Path) -> dict[str, Grid]:
    """The CSV files of a source by table, header first."""
    grids = {}
    for file in sorted(folder.glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            grids[file.stem] = list(csv.reader(stream))
    return grids
