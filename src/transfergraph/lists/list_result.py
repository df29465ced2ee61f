"""What is found in a list: rows, facets with their counts, sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from transfergraph.common.text import Text
from transfergraph.lists.facets import Facet

ON_PAGE = 100
"""Rows of a page."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet: its key, its names, how many rows have it, and whether it is chosen.

    The key is the IRI of a thing, a year, or the beginning of a range.
    """

    key: str
    names: Text
    count: int
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FoundFacet:
    """A facet with values; there are ``more`` that are not among them."""

    facet: Facet
    values: tuple[FacetValue, ...]
    more: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A row: what an entity is called, and its cells by the keys of facets.

    A cell has names with IRIs, dates, or pairs of a number and the local name of what qualifies it.
    """

    iri: str
    names: Text
    cells: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class FoundSum:
    """Amounts that were added.

    ``names`` are empty for the sum of all rows. Of so many ``rows``, ``stated`` have an amount; ``added``
    were added, ``overlapping`` were not, because what is stated of them may be the same money twice, and
    ``within`` neither, because what they are part of is listed with an amount. ``qualifiers`` are those of
    what was added.
    """

    names: Text
    value: str
    rows: int
    stated: int
    added: int
    total: Decimal
    overlapping: int
    within: int
    qualifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundSums:
    """The sums of one kind of amounts: that of all rows, and those by the values of a facet."""

    facet: Facet
    whole: FoundSum
    parts: tuple[FoundSum, ...]


@dataclass(frozen=True, slots=True)
class ListResult:
    """What was found; ``total`` rows fit, of which ``rows`` are those asked for."""

    total: int
    rows: tuple[FoundRow, ...]
    facets: tuple[FoundFacet, ...]
    sums: tuple[FoundSums, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.total // ON_PAGE))
