"""A list as a value: its rows, the cells and values of its facets, and amounts."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from transfergraph.lists.facets import Facet
from transfergraph.network.model.stated_amounts import StatedAmount

Cell = list[Any]
"""What an entity has in a column: numbers of values, dates, pairs of a date and the end, or pairs of a number
and what qualifies it."""


@dataclass(frozen=True, slots=True)
class RowAmount:
    """An amount of the entity in a row: ``total`` is None where what is stated may be the same money twice.

    ``within`` are the rows of the list that the entity is part of and that have an amount, too.
    """

    row: int
    total: Decimal | None
    qualifier: str
    within: tuple[int, ...] = ()


@dataclass(slots=True)
class FacetTable:
    """Who has which value of a facet.

    ``values`` are the keys of the values, in order: IRIs of things, years, ranges. ``members`` are the rows
    that have each, ascending; ``cells`` are by row. ``order`` has the rows that have a date or a number, from
    the least to the greatest. ``amounts`` are by row.
    """

    facet: Facet
    values: list[str]
    members: dict[str, array[int]]
    cells: dict[int, Cell]
    order: array[int] | None = None
    amounts: list[RowAmount] = field(default_factory=list)


@dataclass(slots=True)
class ListTable:
    """A list: its IRIs in the order of their names in the first language, the names by IRI, its facets.

    ``name_orders`` are the numbers of rows in the order of the names in each other language.
    """

    key: str
    kind: str
    is_scheme: bool
    rows: list[str]
    name_orders: dict[str, array[int]]
    facets: list[FacetTable]


@dataclass(slots=True)
class FilledFacet:
    """A facet that is being filled."""

    facet: Facet
    order: tuple[Any, ...]
    members: dict[str, array[int]] = field(default_factory=dict)
    cells: dict[int, Cell] = field(default_factory=dict)
    least: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    amounts: dict[int, list[tuple[tuple[int, int, int], StatedAmount]]] = field(default_factory=dict)

    def put(self, row: int, keys: Iterable[str]) -> None:
        """Say that a row, the last so far, has these values."""
        for key in keys:
            rows = self.members.get(key)
            if rows is None:
                self.members[key] = array("I", (row,))
            elif rows[-1] != row:
                rows.append(row)
