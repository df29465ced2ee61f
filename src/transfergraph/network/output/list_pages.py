"""The complete list of a large network as pages of a few hundred rows, by letter, without any script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.text import Languages, Text
from transfergraph.messages import both
from transfergraph.network.output.network_lists import ListRow

ROWS = 300
"""Rows of a page, more only where an undertaking has more parts."""

INDEX = "list.html"


@dataclass(frozen=True, slots=True)
class ListPage:
    """A page of the list: its file, what it lists (``kind`` is ``organisations`` or ``undertakings``), the
    letter with which its names begin, and its rows."""

    file: str
    kind: str
    title: Text
    letter: Text
    rows: tuple[ListRow, ...]

    @property
    def first(self) -> Text:
        """The name in the first row."""
        return self.rows[0].label

    @property
    def last(self) -> Text:
        """The last name of a row that is not part of another."""
        return next((row.label for row in reversed(self.rows) if not row.depth), self.rows[-1].label)


def list_pages(kind: str, title: Text, rows: Sequence[ListRow], languages: Languages) -> Iterator[ListPage]:
    """The rows on pages, in their order: a new page begins with each letter and after :data:`ROWS` rows."""
    number = 0
    for letter, families in groupby(_families(rows), key=lambda family: _letter(family[0], languages)):
        for page in _filled(families):
            number += 1
            yield ListPage(f"list-{kind}-{number}.html", kind, title, letter, tuple(page))


def files_of(pages: Iterable[ListPage]) -> Mapping[str, str]:
    """The file in which each row is, by its anchor."""
    return {row.anchor: page.file for page in pages for row in page.rows}


def _families(rows: Sequence[ListRow]) -> Iterator[list[ListRow]]:
    """Each row that is not part of another, with its parts, which follow it."""
    family: list[ListRow] = []
    for row in rows:
        if family and not row.depth:
            yield family
            family = []
        family.append(row)
    if family:
        yield family


def _filled(families: Iterable[list[ListRow]]) -> Iterator[list[ListRow]]:
    page: list[ListRow] = []
    for family in families:
        if page and len(page) + len(family) > ROWS:
            yield page
            page = []
        page += family
    yield page


def _letter(row: ListRow, languages: Languages) -> Text:
    """What a page is found by: the kind of what gathers others, else the first letter of the name."""
    if row.gathers:
        return row.kind
    first = sort_key(row.label.in_language(languages[0])).lstrip()[:1].upper()
    return Text.same(first) if first.isalpha() else both("network.list.other-letters")
