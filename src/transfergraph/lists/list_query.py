"""What is asked of a list, read from the parameters of an address and written into one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import quote

from transfergraph.lists.facets import Facet, FacetKind

NAME = "name"
"""The column of names, in orders."""

LONGEST = 2000
"""Characters of a value of a parameter."""

MOST_VALUES = 100
"""Values that may be chosen in one list."""

_FURTHEST = 9


@dataclass(frozen=True, slots=True)
class Misunderstood:
    """A part of an address that a list has no use for: the parameter, and its value."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What is asked of a list.

    ``chosen`` are values of facets, by their keys: one of each facet has to hold; things are given by their
    IRIs. ``sort`` is the key of a facet or :data:`NAME`; ``columns`` are keys of facets, None for those that
    the list shows unless it is asked; ``sums`` is the facet by whose values amounts are added; ``whole`` the
    facet of which all values are shown. ``page`` counts from 1.
    """

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: str = NAME
    descending: bool = False
    page: int = 1
    columns: tuple[str, ...] | None = None
    sums: str = ""
    whole: str = ""

    @property
    def is_plain(self) -> bool:
        """True for the list as it is without parameters but that of the page."""
        return replace(self, page=1) == ListQuery()

    def toggled(self, facet: str, value: str) -> ListQuery:
        """The same with a value chosen, or no longer chosen."""
        values = self.chosen.get(facet, ())
        now = tuple(one for one in values if one != value) if value in values else (*values, value)
        chosen = {**self.chosen, facet: now}
        return replace(self, chosen={key: several for key, several in chosen.items() if several}, page=1)

    def without(self, facet: str) -> ListQuery:
        """The same without a choice in the facet."""
        chosen = {key: several for key, several in self.chosen.items() if key != facet}
        return replace(self, chosen=chosen, page=1)

    def parameters(self, key_of: Callable[[str], str]) -> list[tuple[str, str]]:
        """The parameters of an address; ``key_of`` shortens the IRI of a thing."""
        found = [
            (facet, key_of(value)) for facet, values in self.chosen.items() for value in values
        ]  # fmt: skip
        if self.sort != NAME or self.descending:
            found.append(("sort", f"{'-' if self.descending else ''}{self.sort}"))
        if self.columns is not None:
            found.append(("columns", ",".join(self.columns or (NAME,))))
        if self.sums:
            found.append(("sums", self.sums))
        if self.whole:
            found.append(("all", self.whole))
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found


def query_string(parameters: Iterable[tuple[str, str]]) -> str:
    """The parameters with a question mark before them; empty for none."""
    written = "&".join(f"{quote(name, safe='')}={quote(value, safe='/:,~')}" for name, value in parameters)
    return f"?{written}" if written else ""


def read_query(
    parameters: Iterable[tuple[str, str]],
    facets: Mapping[str, Facet],
    value_of: Callable[[str, str], str | None],
) -> tuple[ListQuery, Sequence[Misunderstood]]:
    """What parameters ask for, and those that say nothing here.

    ``value_of`` tells the value that a text stands for in a facet, None for none.
    """
    query, strange = ListQuery(), list[Misunderstood]()
    chosen: dict[str, list[str]] = {}
    for name, text in parameters:
        known: ListQuery | None = query
        if name in facets:
            value = value_of(name, text) if len(text) <= LONGEST else None
            several = chosen.setdefault(name, [])
            if value is None or sum(map(len, chosen.values())) >= MOST_VALUES:
                known = None
            elif value not in several:
                several.append(value)
        elif text:
            known = _other(query, name, text, facets)
        if known is None:
            strange.append(Misunderstood(name, text))
        else:
            query = known
    return replace(query, chosen={key: tuple(several) for key, several in chosen.items() if several}), strange


def _other(query: ListQuery, name: str, text: str, facets: Mapping[str, Facet]) -> ListQuery | None:
    match name:
        case "page" if text.isascii() and text.isdecimal() and len(text) <= _FURTHEST and int(text) > 0:
            return replace(query, page=int(text))
        case "sort":
            key = text.removeprefix("-")
            if key == NAME or (key in facets and is_sortable(facets[key])):
                return replace(query, sort=key, descending=text.startswith("-"))
        case "columns":
            keys = [key for key in text[:LONGEST].split(",") if key != NAME]
            if all(key in facets and facets[key].is_column for key in keys):
                return replace(query, columns=tuple(dict.fromkeys((*(query.columns or ()), *keys))))
        case "sums" if text in facets and is_summed_by(facets[text]):
            return replace(query, sums=text)
        case "all" if text in facets:
            return replace(query, whole=text)
        case "language" | "format":
            return query
    return None


def is_sortable(facet: Facet) -> bool:
    """Whether rows can be put in the order of a facet: dates and numbers."""
    return facet.kind in (FacetKind.YEAR, FacetKind.NUMBER)


def is_summed_by(facet: Facet) -> bool:
    """Whether amounts are added by the values of a facet: not by the years of a period, in each of which an
    amount would count."""
    return facet.kind in (FacetKind.THING, FacetKind.YEAR) and not facet.record
