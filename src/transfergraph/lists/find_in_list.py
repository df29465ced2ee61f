"""The rows of a list under choices in its facets, with counts and sums, from the tables of a release.

The choice of several values in a facet means any of them, choices in several facets mean all. The counts of a
facet are those of its values under the choices in the other facets, so that what else could be chosen keeps
its count. ``script/lists.js`` finds by the same steps.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import compress, islice
from pathlib import Path
from typing import Any

from transfergraph.common.namespaces import SKOS, TYPE, local_name
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError
from transfergraph.lists.facets import NONE, Facet, FacetKind, is_range, members_query
from transfergraph.lists.list_index_file import FORMAT, NAMES, bits, read_numbers
from transfergraph.lists.list_query import NAME, ListQuery, is_summed_by
from transfergraph.lists.list_result import (
    ON_PAGE,
    FacetValue,
    FoundFacet,
    FoundRow,
    FoundSum,
    FoundSums,
    ListResult,
)
from transfergraph.lists.value_rows import FacetValues, ValueRows, flags_of
from transfergraph.messages import explained

FREQUENT = 10
"""Values of a facet that are shown: the most frequent."""

MOST_SHOWN = 2000
"""Values of a facet that are shown where all are asked for."""


class FacetedList:
    """One list of an index; what was read of it is kept."""

    def __init__(
        self, index: ListIndex, database: sqlite3.Connection, key: str, about: Mapping[str, Any]
    ) -> None:
        self._index = index  # closes the database when nobody has it any more
        self._asked, self.key = database, key
        self.kind, self.is_scheme = about["kind"], about["scheme"]
        self.count: int = about["count"]
        self.facets = {one["key"]: _facet(one) for one in about["facets"]}
        self.filled = {one["key"]: int(one["filled"]) for one in about["facets"]}
        self._places = {facet: number for number, facet in enumerate(self.facets)}
        self._values: dict[str, FacetValues] = {}
        self._orders: dict[tuple[int, str], Sequence[int]] = {}
        self._known_amounts: dict[str, Sequence[tuple[int, Decimal | None, str, Sequence[int]]]] = {}
        self._known_sums: dict[tuple[str, str], FoundSums] = {}

    @cached_property
    def _all(self) -> int:
        return int(1 << self.count) - 1

    def values(self, facet: str) -> FacetValues:
        """The values of a facet."""
        if facet not in self._values:
            rows = self._asked.execute(
                "SELECT value, names, rows, bits, members FROM value WHERE list = ? AND facet = ?"
                " ORDER BY number",
                (self.key, self._places[facet]),
            ).fetchall()
            is_thing = self.facets[facet].kind is FacetKind.THING
            keys = [row[0] for row in rows]
            names = [_names(row[1], row[0]) if is_thing else Text.same(row[0]) for row in rows]
            members = [ValueRows(count, bool(kind), written) for *_, count, kind, written in rows]
            none = self._all
            for one in members:
                none &= ~one.whole(self.count)
            self._values[facet] = FacetValues(
                keys,
                names,
                members,
                none,
                {one: place for place, one in enumerate(keys)},
                sorted(range(len(members)), key=lambda place: -members[place].count),
            )
        return self._values[facet]

    def value_of(self, facet: str, iri: str) -> str | None:
        """The value that this is in the facet, if it is one; years and ranges need not occur."""
        if iri == NONE:
            return NONE
        match self.facets[facet].kind:
            case FacetKind.THING:
                return iri if iri in self.values(facet).places else None
            case FacetKind.NUMBER:
                return iri if is_range(iri) else None
        return iri if len(iri) == 4 and iri.isascii() and iri.isdecimal() else None

    def names(self, facet: str, value: str) -> Text:
        """The names of a value."""
        values = self.values(facet)
        place = values.places.get(value)
        return values.names[place] if place is not None else Text.same(value)

    def columns(self, query: ListQuery) -> list[Facet]:
        """The facets that are columns."""
        if query.columns is None:
            return [one for one in self.facets.values() if one.shown]
        return [self.facets[key] for key in query.columns]

    def query_text(self, query: ListQuery) -> str:
        """The same list in SPARQL, in the order of IRIs and without pages."""
        chosen = ((self.facets[key], values) for key, values in query.chosen.items())
        link = f"{SKOS}inScheme" if self.is_scheme else TYPE
        return members_query(self.kind, link, chosen, self.columns(query))

    # What is found

    def find(self, query: ListQuery, languages: Sequence[str], most: int = ON_PAGE) -> ListResult:
        """The page that is asked for; with more rows than there are on a page, all up to ``most``.

        ``languages`` are that of the reader, and the first of the release.
        """
        each, chosen = self._chosen(query)
        flags = flags_of(chosen, self.count)
        ordered = self._ordered(query, languages)
        rows = compress(ordered, map(flags.__getitem__, ordered))
        start = (query.page - 1) * ON_PAGE if most == ON_PAGE else 0
        shown = [*islice(rows, start, start + most)]
        return ListResult(
            chosen.bit_count(),
            tuple(self._rows(shown)),
            tuple(self._facets(query, each)),
            tuple(self._sums(query, chosen, flags)),
        )

    def total(self, query: ListQuery) -> int:
        """How many rows fit."""
        return int.bit_count(self._chosen(query)[1])

    def _chosen(self, query: ListQuery) -> tuple[Mapping[str, int], int]:
        """The rows that fit in each facet, and in all of them, a bit each."""
        each = {key: self._any(key, values) for key, values in query.chosen.items()}
        chosen = self._all
        for one in each.values():
            chosen &= one
        return each, chosen

    def _any(self, facet: str, keys: Sequence[str]) -> int:
        values = self.values(facet)
        found = 0
        for key in keys:
            place = values.places.get(key)
            if key == NONE:
                found |= values.none
            elif place is not None:
                found |= values.members[place].whole(self.count)
        return found

    def _ordered(self, query: ListQuery, languages: Sequence[str]) -> Sequence[int]:
        if query.sort == NAME:
            language, first = languages[0], languages[-1]
            rows = range(self.count) if language == first else self._order(NAMES, language)
            return rows[::-1] if query.descending else rows
        rows = self._order(self._places[query.sort], "")
        others = compress(range(self.count), flags_of(self._without(rows), self.count))
        return [*(rows[::-1] if query.descending else rows), *others]

    def _without(self, rows: Sequence[int]) -> int:
        return self._all & ~int.from_bytes(bits(rows, self.count), "little")

    def _order(self, facet: int, language: str) -> Sequence[int]:
        known = self._orders.get((facet, language))
        if known is None:
            row = self._asked.execute(
                "SELECT rows FROM ordered WHERE list = ? AND facet = ? AND language = ?",
                (self.key, facet, language),
            ).fetchone()
            known = read_numbers(row[0]) if row is not None else range(self.count)
            self._orders[facet, language] = known
        return known

    def _rows(self, numbers: Sequence[int]) -> Iterator[FoundRow]:
        facets = list(self.facets.values())
        for number in numbers:
            iri, names, written = self._asked.execute(
                "SELECT iri, names, cells FROM entity WHERE list = ? AND row = ?", (self.key, number)
            ).fetchone()
            cells = dict(zip(self.facets, json.loads(written), strict=True))
            for facet in facets:
                cell = cells[facet.key]
                if cell and facet.kind is FacetKind.THING:
                    values = self.values(facet.key)
                    cells[facet.key] = [(values.keys[one], values.names[one]) for one in cell]
            yield FoundRow(iri, _names(names, iri), {key: cell for key, cell in cells.items() if cell})

    def _facets(self, query: ListQuery, each: Mapping[str, int]) -> Iterator[FoundFacet]:
        for key, facet in self.facets.items():
            others = [one for other, one in each.items() if other != key]
            under = self._all
            for one in others:
                under &= one
            yield self._facet(facet, query, under, narrowed=bool(others))

    def _facet(self, facet: Facet, query: ListQuery, under: int, narrowed: bool) -> FoundFacet:
        values, picked = self.values(facet.key), query.chosen.get(facet.key, ())
        flags = flags_of(under, self.count) if narrowed else b""
        if narrowed:
            few = facet.kind is FacetKind.THING and query.whole != facet.key
            counts, is_cut = values.counts(under, flags, FREQUENT if few else 0, picked)
        else:
            counts, is_cut = [one.count for one in values.members], False
        found = [
            FacetValue(key, names, count, key in picked)
            for key, names, count in zip(values.keys, values.names, counts, strict=True)
            if count or key in picked
        ]
        known = {one.key for one in found}
        found += [FacetValue(key, Text.same(key), 0, True) for key in picked if key not in {*known, NONE}]
        none = (values.none & under).bit_count()
        if none or NONE in picked:
            found.append(FacetValue(NONE, Text(), none, NONE in picked))
        most = MOST_SHOWN if query.whole == facet.key else FREQUENT
        if facet.kind is not FacetKind.THING and len(found) <= 2 * FREQUENT:
            most = max(most, len(found))  # years and ranges in their order
        ranked = sorted(found, key=lambda one: (not one.chosen, one.key == NONE, -one.count, one.key))
        keep = {one.key for one in ranked[:most]} | {NONE, *picked}
        shown = tuple(one for one in ranked if one.key in keep)
        if facet.kind is not FacetKind.THING:
            shown = tuple(one for one in found if one.key in keep)
        return FoundFacet(facet, shown, is_cut or len(shown) < len(found), bool(picked))

    # Sums

    def _amounts(self, facet: str) -> Sequence[tuple[int, Decimal | None, str, Sequence[int]]]:
        if facet not in self._known_amounts:
            self._known_amounts[facet] = self._read_amounts(facet)
        return self._known_amounts[facet]

    def _read_amounts(self, facet: str) -> Sequence[tuple[int, Decimal | None, str, Sequence[int]]]:
        row = self._asked.execute(
            "SELECT amounts FROM amounts WHERE list = ? AND facet = ?", (self.key, self._places[facet])
        ).fetchone()
        return [
            (number, Decimal(total) if total else None, qualifier, within)
            for number, total, qualifier, within in (json.loads(row[0]) if row else ())
        ]

    def _sums(self, query: ListQuery, chosen: int, flags: bytes) -> Iterator[FoundSums]:
        for key, facet in self.facets.items():
            if not facet.adds:
                continue
            if not query.chosen and (key, query.sums) in self._known_sums:
                yield self._known_sums[key, query.sums]
                continue
            amounts = {
                number: (total, qualifier, within)
                for number, total, qualifier, within in self._amounts(key)
                if flags[number]
            }
            if not amounts:
                continue
            whole = _sum(Text(), "", chosen.bit_count(), amounts, amounts)
            sums = FoundSums(facet, whole, tuple(self._parts(query.sums, amounts, chosen, flags)))
            if not query.chosen:
                self._known_sums[key, query.sums] = sums
            yield sums

    def _parts(
        self,
        by: str,
        amounts: Mapping[int, tuple[Decimal | None, str, Sequence[int]]],
        chosen: int,
        flags: bytes,
    ) -> Iterator[FoundSum]:
        if not by or not is_summed_by(self.facets[by]):
            return
        values = self.values(by)
        marked = int.from_bytes(bits(amounts, self.count), "little")
        stated = flags_of(marked, self.count)
        for key, names, members in zip(values.keys, values.names, values.members, strict=True):
            own = {row: amounts[row] for row in members.rows(stated)}
            if own:
                yield _sum(names, key, members.among(chosen, flags), own, own)


def _sum(
    names: Text,
    value: str,
    rows: int,
    amounts: Mapping[int, tuple[Decimal | None, str, Sequence[int]]],
    listed: Mapping[int, Any],
) -> FoundSum:
    """Add what counts nothing twice; ``listed`` are the rows with an amount that stand together."""
    total, added, overlapping, inside = Decimal(0), 0, 0, 0
    qualifiers: set[str] = set()
    for amount, qualifier, within in amounts.values():
        if any(one in listed for one in within):
            inside += 1
        elif amount is None:
            overlapping += 1
        else:
            total, added = total + amount, added + 1
            qualifiers.add(qualifier)
    return FoundSum(
        names, value, rows, len(amounts), added, total, overlapping, inside, tuple(sorted(qualifiers))
    )


class ListIndex:
    """The lists of a release, opened to be read until they are closed or nobody has one of them any more.

    They can be used by one thread at a time.
    """

    def __init__(self, file: Path) -> None:
        """Raises :class:`ReleaseError` when there are none that can be read."""
        try:
            self._asked = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._closed = weakref.finalize(self, self._asked.close)
            if self._asked.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                raise ReleaseError(_unreadable(file, ValueError(FORMAT)))
            rows = self._asked.execute("SELECT key, about FROM list").fetchall()
        except sqlite3.Error as error:
            raise ReleaseError(_unreadable(file, error)) from error
        self.lists = {key: FacetedList(self, self._asked, key, json.loads(about)) for key, about in rows}

    def close(self) -> None:
        """Close the file."""
        self._closed()


def _unreadable(file: Path, error: Exception) -> Text:
    return explained("error.unreadable", file=file, error=error)


def _facet(about: Mapping[str, Any]) -> Facet:
    return Facet(
        about["key"],
        Text(about["label"]),
        FacetKind(about["kind"]),
        about["property"],
        about["record"],
        tuple((step, bool(back)) for step, back in about["through"]),
        tuple(about["upward"]),
        about["until"],
        tuple((name, value) for name, value in about["conditions"]),
        about["adds"],
        about["shown"],
        about["common"],
    )


def _names(written: str, iri: str) -> Text:
    names = json.loads(written)
    return Text(dict(sorted(names.items()))) if names else Text.same(local_name(iri) or iri)
