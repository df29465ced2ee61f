"""The rows of the published tables by the subjects that they state something of: ``data/rows.tsv``.

A sorted text file, in which a subject is found by halving: nothing of it is held in memory.
"""

from __future__ import annotations

import csv
import mmap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.tables.csv_reader import long_fields

TABLES = "data/tables/"
"""Where a release has its tables: ``data/tables/<source>/<table>.csv``."""

ROWS = "data/rows.tsv"
"""The file of a release: ``subject`` (below the base IRI, or whole), ``table``, ``row``, ``byte``,
``input_row``.

The subjects are sorted by their bytes; a row of the table of claims is found by what it is about. ``table``
is ``<source>/<table>``; ``row`` counts the rows of the published table, the header as row 1, ``byte`` says
where in that file it begins. ``input_row`` is the row as a spreadsheet counts it in the input, and left out
where it is the same; behind an ``@`` stand the number of a raw file in :data:`RAW_FILES`, from 0, and the row
there, parted by a colon, of a row that SQL has derived from it.
"""

ORIGINS = "data/origins.tsv"
"""The file of a release: ``table``, and ``file`` and ``sheet`` of the input that it was read from."""

RAW_FILES = "data/raw_files.txt"
"""The file of a release with the names of the raw files that rows are derived from, a line each."""

RAW = "@"
ROWS_HEADER = "subject\ttable\trow\tbyte\tinput_row\n"
ORIGINS_HEADER = "table\tfile\tsheet\n"


@dataclass(frozen=True, slots=True)
class IndexedRow:
    """A row of a published table, and where it begins there; ``input_row`` is its number in the input,
    ``raw`` the raw file and the row there that it is derived from."""

    table: str
    row: int
    byte: int
    input_row: int
    raw: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class TableOrigin:
    """The input of a published table: its file, from the root of the workspace, and its sheet or None."""

    file: str
    sheet: str | None


@contextmanager
def _telling(path: str) -> Iterator[None]:
    """Say of what cannot be read in which file of the release it stands."""
    try:
        yield
    except (ValueError, LookupError, StopIteration, csv.Error) as error:
        raise ReleaseError(explained("error.unreadable", file=path, error=error)) from error


class RowIndex:
    """The rows of a release, found by subject; any number of processes may read the same file."""

    def __init__(self, folder: Path, base: str) -> None:
        self._folder, self._base = folder, base
        self._files: dict[str, mmap.mmap] = {}

    def rows_of(self, subject: str) -> tuple[IndexedRow, ...]:
        """The rows that state something of this IRI; none where no row does, or the release has no index.

        Raises :class:`ReleaseError` when the index is damaged, as all that reads it.
        """
        with _telling(ROWS):
            return tuple(self._found(f"{subject.removeprefix(self._base)}\t".encode()))

    def cells(self, row: IndexedRow) -> dict[str, str]:
        """The cells of a row by the names of their columns."""
        path = f"{TABLES}{row.table}.csv"
        table = self._file(path)
        with long_fields(), _telling(path):
            header, cells = next(csv.reader(_lines(table, 0))), next(csv.reader(_lines(table, row.byte)))
        return dict(zip(header, cells, strict=True))

    def open(self) -> None:
        """Open all files now: whoever is closed off later can still read them."""
        for table in self.origins:
            self._file(f"{TABLES}{table}.csv")
        self._file(ROWS)
        _ = self._raw_files

    @property
    def exists(self) -> bool:
        """False for a release that an older version made."""
        return bool(self._file(ROWS))

    def check(self) -> None:
        """Read all of it; raises :class:`ReleaseError` for a line that does not lead to a row."""
        lines, before = self._file(ROWS), b""
        starts = {table: self._file(f"{TABLES}{table}.csv") for table in self.origins}
        with _telling(ROWS):
            number = 1
            for number, line in enumerate(_lines(lines, len(ROWS_HEADER)), 2):
                subject, table, row, byte, origin = line.removesuffix("\n").split("\t")
                input_row, _ = self._origin(origin)
                ends_before = starts[table][int(byte) - 1 : int(byte)] == b"\n"
                key = subject.encode()
                if key < before or not ends_before or int(row) < 2 or int(input_row or row) < int(row):
                    raise ValueError(explained("error.readback.rows", line=number))
                before = key
            if not lines[-1:] == b"\n":
                raise ValueError(explained("error.readback.rows", line=number + 1))

    @cached_property
    def origins(self) -> Mapping[str, TableOrigin]:
        """The inputs of the tables."""
        file = self._folder / ORIGINS
        with _telling(ORIGINS):
            lines = file.read_text(encoding="utf-8").splitlines()[1:] if file.is_file() else ()
            found = (line.split("\t") for line in lines)
            return {table: TableOrigin(file, sheet or None) for table, file, sheet in found}

    @cached_property
    def _raw_files(self) -> Sequence[str]:
        file = self._folder / RAW_FILES
        return file.read_text(encoding="utf-8").split("\n") if file.is_file() else ()

    def _origin(self, origin: str) -> tuple[str, tuple[str, int] | None]:
        """The row in the input, empty where it is that of the published table; the place in a raw file."""
        input_row, derived, raw = origin.partition(RAW)
        if not derived:
            return input_row, None
        number, _, row = raw.partition(":")
        return input_row, (self._raw_files[int(number)], int(row))

    def _file(self, path: str) -> mmap.mmap | bytes:
        """A file in memory, as far as it is read; nothing where there is none."""
        if path not in self._files:
            file = self._folder / path
            if not file.is_file():
                return b""
            with file.open("rb") as stream:
                self._files[path] = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        return self._files[path]

    def _found(self, key: bytes) -> Iterator[IndexedRow]:
        lines = self._file(ROWS)
        low, high = len(ROWS_HEADER), len(lines)
        while low < high:
            middle = (low + high) // 2
            begin = lines.rfind(b"\n", 0, middle) + 1
            if lines[begin : begin + len(key)] < key:
                low = lines.find(b"\n", middle) + 1
            else:
                high = begin
        while lines[low : low + len(key)] == key:
            end = lines.find(b"\n", low)
            _, table, row, byte, origin = lines[low:end].decode().split("\t")
            input_row, raw = self._origin(origin)
            yield IndexedRow(table, int(row), int(byte), int(input_row or row), raw)
            low = end + 1


def _lines(table: mmap.mmap | bytes, start: int) -> Iterator[str]:
    """The lines of a table from there on."""
    while (end := table.find(b"\n", start) + 1) > start:
        yield table[start:end].decode()
        start = end
