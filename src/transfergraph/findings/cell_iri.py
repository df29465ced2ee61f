"""A cell as an IRI, so that a finding or a published fact can cite it."""

from __future__ import annotations

import re
from urllib.parse import quote

from transfergraph.findings import Place

_LETTER = re.compile(r"[A-Z]{1,3}")


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
