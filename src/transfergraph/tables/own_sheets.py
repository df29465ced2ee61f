"""Sheets that this program adds to workbooks, which are no tables when the workbook comes back as data."""

from __future__ import annotations

from collections.abc import Sequence

from transfergraph.messages import interface_languages, text

LISTS = "_lists"
"""The sheet of a template that holds the lists of its drop-downs."""

LISTING = "report.severity", "report.cell", "report.file"
"""What the header of the list of findings begins with, by the keys of the texts."""


def is_own_sheet(title: str, header: Sequence[str]) -> bool:
    """Whether this program has added the sheet, and not somebody who keeps a table in it."""
    if title == LISTS:
        return True
    begin = tuple(header[: len(LISTING)])
    return any(begin == tuple(text(key, one) for key in LISTING) for one in interface_languages())
