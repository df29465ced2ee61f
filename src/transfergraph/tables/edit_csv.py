"""Cells of a CSV file replaced in its text, and not a character beside them."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping

from transfergraph.tables.csv_reader import lines_of, long_fields, text_of

Cells = Mapping[tuple[int, int], str]
"""New values by row and column, both from 1; rows are counted as the reader counts them."""


def cells_of(content: bytes, known: Collection[str]) -> dict[tuple[int, int], str]:
    """The value of every cell as it stands in the file, by row and column.

    ``known`` are the columns that the table may have. Raises as :func:`with_cells` does.
    """
    text, start, delimiter = text_of(content, known)
    return {
        (row, column): _value(text[begin:end]) for row, column, begin, end in _fields(text, start, delimiter)
    }


def with_cells(content: bytes, known: Collection[str], cells: Cells) -> bytes:
    """The file with these values in place of those of their cells.

    A cell keeps its quotes, and gets them where its value needs some. Raises :class:`ValueError` for a file
    that the reader does not understand in the same way.
    """
    text, start, delimiter = text_of(content, known)
    parts, done = [], 0
    for row, column, begin, end in _fields(text, start, delimiter):
        if (row, column) in cells:
            parts += [text[done:begin], _written(cells[row, column], text[begin:end], delimiter)]
            done = end
    edited = "".join([*parts, text[done:]])
    bom = "\ufeff" if content.startswith(b"\xef\xbb\xbf") else ""
    return f"{bom}{edited}".encode()


def _fields(text: str, start: int, delimiter: str) -> Iterator[tuple[int, int, int, int]]:
    """Row, column, begin and end of each field, its quotes within; checked against the reader."""
    found: list[list[tuple[int, int]]] = [[]]
    place, length = start, len(text)
    ends = re.compile(f"[{re.escape(delimiter)}\r\n]")
    while place < length:
        end = _end_of_field(text, place, ends)
        found[-1].append((place, end))
        if text.startswith(delimiter, end):
            place = end + 1
            if place == length:
                found[-1].append((place, place))
            continue
        place = end + (2 if text.startswith("\r\n", end) else 1)
        if place < length:
            found.append([])
    try:
        with long_fields():
            read = list(csv.reader(lines_of(text[start:]), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if [[_value(text[a:b]) for a, b in row] for row in found] != [row or [""] for row in read]:
        raise ValueError(len(read))
    for row, fields in enumerate(found, start=1):
        for column, (begin, end) in enumerate(fields, start=1):
            yield row, column, begin, end


def _end_of_field(text: str, place: int, ends: re.Pattern[str]) -> int:
    if text.startswith('"', place):
        place += 1
        while True:
            place = text.find('"', place)
            if place < 0:
                raise ValueError(place)
            if not text.startswith('""', place):
                return place + 1
            place += 2
    found = ends.search(text, place)
    return found.start() if found else len(text)


def _value(field: str) -> str:
    return field[1:-1].replace('""', '"') if field.startswith('"') else field


def _written(value: str, before: str, delimiter: str) -> str:
    if before.startswith('"') or any(mark in value for mark in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value
