"""One list made from the values of a graph: its entities by name, their cells, and who has each value."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import TYPE, local_name
from transfergraph.common.text import Text
from transfergraph.lists.facets import (
    IN_GRAPH,
    LARGEST_NUMBER,
    LONGEST_PERIOD,
    Facet,
    FacetKind,
    range_of,
    year_of,
)
from transfergraph.lists.further_values import FurtherValues
from transfergraph.lists.graph_values import LITERAL, GraphValues, Values, facet_properties, grouped
from transfergraph.lists.list_table import FacetTable, FilledFacet, ListTable, RowAmount
from transfergraph.messages import both
from transfergraph.network.model.stated_amounts import StatedAmount, qualifier_of, together
from transfergraph.vocabulary.presentation import ListedTable, Presentation

SHOWN_COLUMNS = 5
"""Columns of a list unless others are chosen: the first of those that are common."""

COMMON = 3
"""One in so many entities of a list has a value of a facet that is common there."""

FEW = 2
"""Values that a cell has on average at most where its column is shown unless others are chosen."""

RESERVED = frozenset({"page", "sort", "columns", "sums", "all", "language", "format"})
"""Parameters of a list that are no facets."""

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def make_list(key: str, graph: GraphValues, shown: Presentation, languages: Sequence[str]) -> ListTable:
    """Make a list of a workspace; ``languages`` are those of its content, the first one orders the rows."""
    table = shown.lists[key]
    members = graph.members.pop(key)
    names = {iri: Text(graph.name(iri) or {"": local_name(iri) or iri}) for iri, _ in members}

    def order(language: str) -> list[tuple[str, str, str]]:
        return sorted((sort_key(name), name, iri) for iri, name in _in(language, names))

    first = [iri for *_, iri in order(languages[0])]
    places = {iri: row for row, iri in enumerate(first)}
    others = {one: array("I", (places[iri] for *_, iri in order(one))) for one in languages[1:]}
    members.sort(key=lambda one: places[one[0]])
    maker = _FacetMaker(graph, shown, table, members, places, languages)
    return ListTable(key, table.kind, table.is_scheme, first, others, maker.make())


def _in(language: str, names: Mapping[str, Text]) -> Iterator[tuple[str, str]]:
    return ((iri, text.in_language(language)) for iri, text in names.items())


@dataclass(frozen=True, slots=True)
class _Source:
    """Where the values of a facet come from: the entity, or what points at it with a property."""

    property: str
    number: int
    record: str = ""
    kind: FacetKind | None = None


class _FacetMaker:
    """Fills the facets of a list, row by row."""

    def __init__(
        self,
        graph: GraphValues,
        shown: Presentation,
        table: ListedTable,
        members: Sequence[tuple[str, Values]],
        places: Mapping[str, int],
        languages: Sequence[str],
    ) -> None:
        self._graph, self._shown, self._table = graph, shown, table
        self._languages = tuple(languages)
        self._members, self._places = members, places
        self._rules = shown.facet_rules
        self._numbers = graph.properties
        self._slots: dict[tuple[Any, ...], FilledFacet] = {}
        self._further = FurtherValues(graph, self._rules)
        self._upward = self._rules.upward

    def make(self) -> list[FacetTable]:
        """All facets that any entity of the list has a value of."""
        own = self._own_sources()
        steps = self._steps()
        records = {step: self._record_sources(step, own) for step in steps}
        for row, (iri, values) in enumerate(self._members):
            stated = grouped(values)
            for source in own:
                self._fill(row, iri, source, stated)
            if graphs := self._graph.stating.get(iri):
                self._things(row, _Source(IN_GRAPH, 0), graphs)
            for step in steps:
                for record in self._graph.records[step].get(iri, ()):
                    told = grouped(record)
                    for source in records[step]:
                        self._fill(row, iri, source, told)
        return self._finished()

    # Which facets there are

    def _own_sources(self) -> list[_Source]:
        known = set(facet_properties(self._shown))
        present = Counter(number for _, values in self._members for number in values[::2])
        found = []
        for iri, number in self._numbers.items():
            if iri in known and (number in present or self._is_reached(iri)):
                found.append(_Source(iri, number))
        for begin, end in sorted(self._rules.until.items()):
            if begin in known and self._numbers[begin] in present:
                found.append(_Source(begin, self._numbers[end], "", FacetKind.PERIOD))
        return found

    def _is_reached(self, property_: str) -> bool:
        """Whether an entity has values of the property through another one."""
        return any(
            any(True for _ in self._further.of(iri, grouped(values), property_))
            for iri, values in self._members
        )

    def _steps(self) -> list[str]:
        """The properties by which records point at the list."""
        of = self._graph.records
        return [
            step for step in self._rules.records if any(iri in of[step] for iri, _ in self._members)
        ]  # fmt: skip

    def _record_sources(self, step: str, own: Sequence[_Source]) -> list[_Source]:
        """What records say that is neither said of the entity itself nor reached through them."""
        taken = {one.property for one in own} | {step, TYPE}
        known = set(facet_properties(self._shown)) - taken
        of = self._graph.records[step]
        present = Counter(
            number for iri, _ in self._members for record in of.get(iri, ()) for number in record[::2]
        )
        found = [_Source(iri, n, step) for iri, n in self._numbers.items() if iri in known and n in present]
        for begin, end in sorted(self._rules.until.items()):
            if begin in known and self._numbers[begin] in present:
                found.append(_Source(begin, self._numbers[end], step, FacetKind.PERIOD))
        amounts = [one for one in self._rules.added if self._numbers[one] in present and one not in taken]
        return found + [_Source(one, self._numbers[one], step) for one in amounts if one not in known]

    # Values

    def _fill(self, row: int, iri: str, source: _Source, stated: Mapping[int, Sequence[str]]) -> None:
        property_ = source.property
        if source.kind is FacetKind.PERIOD:
            self._period(row, source, stated)
            return
        values = list(stated.get(source.number, ()))
        if not source.record:
            values += self._further.of(iri, stated, property_)
        if not values:
            return
        things = [one for one in values if not one.startswith(LITERAL)]
        if things:
            self._things(row, source, dict.fromkeys(things))
        texts = [one[1:] for one in values if one.startswith(LITERAL)]
        if not texts:
            return
        presented = self._shown.property(property_, [self._table.kind])
        if presented is not None and presented.numeric:
            self._number(row, source, stated, texts)
        else:
            self._dates(row, source, texts)

    def _things(self, row: int, source: _Source, things: Iterable[str]) -> None:
        slot = self._slot(source, FacetKind.THING)
        cell = slot.cells.setdefault(row, [])
        for thing in things:
            if thing not in cell:
                cell.append(thing)
            slot.put(row, self._graph.with_wholes(thing))

    def _dates(self, row: int, source: _Source, texts: Sequence[str]) -> None:
        dated = [(year, text) for text in texts if (year := year_of(text)) is not None]
        if not dated:
            return
        slot = self._slot(source, FacetKind.YEAR)
        cell = slot.cells.setdefault(row, [])
        cell += [text for _, text in dated if text not in cell]
        slot.put(row, (f"{year:04d}" for year, _ in dated))
        least = min((chronological(text), text) for _, text in dated)
        slot.least[row] = min(least, slot.least.get(row, least))

    def _period(self, row: int, source: _Source, stated: Mapping[int, Sequence[str]]) -> None:
        begins = [one[1:] for one in stated.get(self._numbers[source.property], ())]
        ends = [one[1:] for one in stated.get(source.number, ()) if year_of(one[1:]) is not None]
        for begin in begins:
            first = year_of(begin)
            for end in ends or [begin]:
                last = year_of(end)
                if first is None or last is None or not 0 <= last - first <= LONGEST_PERIOD:
                    continue
                slot = self._slot(source, FacetKind.PERIOD)
                slot.cells.setdefault(row, []).append([first, last])
                slot.put(row, (f"{year:04d}" for year in range(first, last + 1)))

    def _number(
        self, row: int, source: _Source, stated: Mapping[int, Sequence[str]], texts: Sequence[str]
    ) -> None:
        rules, property_ = self._rules, source.property
        within = rules.within.get(property_, ())
        unit = (rules.added[property_],) if property_ in rules.added else ()
        conditions = tuple((one, self._first(stated, one)) for one in (*within, *unit))
        qualifier = self._first(stated, rules.qualified.get(property_, ""))
        for text in texts:
            value = _decimal(text)
            if value is None:
                continue
            slot = self._slot(source, FacetKind.NUMBER, conditions)
            slot.cells.setdefault(row, []).append([text, qualifier])
            slot.put(row, (range_of(value),))
            slot.least[row] = min((value, ""), slot.least.get(row, (value, "")))
            if unit and conditions[-1][1]:
                slot.amounts.setdefault(row, []).append(self._amount(source, stated, value, qualifier))

    def _amount(
        self, source: _Source, stated: Mapping[int, Sequence[str]], value: Decimal, qualifier: str
    ) -> tuple[tuple[int, int, int], StatedAmount]:
        """What tells an amount from others of the same entity, after the date of which it is."""
        rules, property_ = self._rules, source.property
        apart = (self._first(stated, one) for one in rules.apart.get(property_, ()) if one != source.record)
        matter = next(filter(None, apart), "")
        begin, end = next(iter(rules.until.items()), ("", ""))
        dated = self._first(stated, rules.dated.get(property_, ""))
        amount = StatedAmount(
            value,
            qualifier_of(qualifier),
            self._graph.with_wholes(matter) if matter else (),
            self._first(stated, begin),
            self._first(stated, end),
            self._first(stated, rules.numbered.get(property_, "")),
        )
        return chronological(dated) if dated else (0, 0, 0), amount

    def _first(self, stated: Mapping[int, Sequence[str]], property_: str) -> str:
        values = stated.get(self._numbers[property_], ()) if property_ else ()
        return min(values, default="").removeprefix(LITERAL)

    # Facets

    def _slot(
        self, source: _Source, kind: FacetKind, conditions: tuple[tuple[str, str], ...] = ()
    ) -> FilledFacet:
        key = (source.property, source.record, kind, conditions)
        slot = self._slots.get(key)
        if slot is None:
            slot = self._slots[key] = self._new_slot(source, kind, conditions)
        return slot

    def _new_slot(
        self, source: _Source, kind: FacetKind, conditions: tuple[tuple[str, str], ...]
    ) -> FilledFacet:
        property_, record, shown = source.property, source.record, self._shown
        if property_ == IN_GRAPH:
            label = Text(both("list.facet.source").by_language(self._languages))
            facet = Facet("data", label, kind, IN_GRAPH)
            return FilledFacet(facet, (-1, kind.value, conditions))
        presented = shown.property(property_, [self._table.kind])
        label = presented.label if presented else Text.same(local_name(property_))
        name = local_name(property_)
        until = self._rules.until.get(property_, "") if kind is FacetKind.PERIOD else ""
        order: tuple[Any, ...] = (0, *shown.property_order(property_))
        if until:
            name = f"{name}-{local_name(until)}"
            ending = shown.property(until, [self._table.kind])
            label = label.each(_dashed, ending.label if ending else Text.same(local_name(until)))
        if record:
            name = f"{local_name(record)}.{name}"
            pointing = shown.property(record, [self._table.kind], inverse=True)
            order = (1, *shown.property_order(record, inverse=True), *order[1:])
            if pointing is not None:
                label = pointing.label.each(_of, label)
        for _, value in conditions:
            if value:
                name = f"{name}.{local_name(value)}"
                label = label.each(_and, Text(self._graph.name(value) or {"": local_name(value)}))
        facet = Facet(
            name,
            label,
            kind,
            property_,
            record,
            (),
            self._upward if kind is FacetKind.THING else (),
            until,
            conditions,
            adds=kind is FacetKind.NUMBER and property_ in self._rules.added and bool(conditions[-1][1]),
        )
        return FilledFacet(facet, (*order, kind.value, conditions))

    def _finished(self) -> list[FacetTable]:
        slots = sorted(self._slots.values(), key=lambda one: (one.order, one.facet.key))
        slots = [one for one in slots if self._is_useful(one)]
        most = len(self._members)
        listed = [one for one in slots if one.facet.is_column and not one.facet.record]
        own = [one for one in listed if one.facet.predicate != IN_GRAPH]
        near = [one for one in own if len({back for _, back in self._further.steps_of(one.facet)}) < 2]
        filled = [one for one in near if COMMON * len(one.cells) >= most]
        short = [one for one in filled if sum(map(len, one.cells.values())) <= FEW * len(one.cells)]
        shown = {id(one) for one in short[:SHOWN_COLUMNS]}
        taken = set(RESERVED)
        tables = []
        for slot in slots:
            key, number = slot.facet.key, 1
            while key in taken:
                number += 1
                key = f"{slot.facet.key}-{number}"
            taken.add(key)
            tables.append(
                self._table_of(
                    slot,
                    replace(
                        slot.facet,
                        key=key,
                        shown=id(slot) in shown,
                        common=COMMON * len(slot.cells) >= most,
                        through=self._further.steps_of(slot.facet),
                    ),
                )
            )
        return tables

    def _is_useful(self, slot: FilledFacet) -> bool:
        """Whether things are known here, or at least several entities have one in common."""
        if slot.facet.kind is not FacetKind.THING:
            return True
        names = self._graph.names
        return any(value in names or len(rows) > 1 for value, rows in slot.members.items())

    def _table_of(self, slot: FilledFacet, facet: Facet) -> FacetTable:
        order = None
        if slot.least:
            order = array("I", sorted(slot.least, key=lambda row: (slot.least[row], row)))
        values = sorted(slot.members, key=_value_order)
        return FacetTable(facet, values, slot.members, slot.cells, order, self._amounts(slot))

    def _amounts(self, slot: FilledFacet) -> list[RowAmount]:
        found = []
        for row, stated in sorted(slot.amounts.items()):
            latest = max(date for date, _ in stated)
            amounts = together(amount for date, amount in stated if date == latest).amounts
            alone = amounts[0] if len(amounts) == 1 else None
            iri = self._members[row][0]
            wholes = (self._places.get(one, row) for one in self._graph.with_wholes(iri))
            within = sorted({one for one in wholes if one != row and one in slot.amounts})
            found.append(
                RowAmount(
                    row,
                    alone.amount if alone else None,
                    alone.qualifier if alone else "",
                    tuple(within),
                )
            )
        return found


def _decimal(text: str) -> Decimal | None:
    if not _DECIMAL.fullmatch(text) or len(text) > 40:
        return None
    value = Decimal(text)
    return value if abs(value) < LARGEST_NUMBER else None


def _value_order(value: str) -> tuple[Any, ...]:
    return (0, int(value), value) if value.isascii() and value.isdecimal() else (-1, 0, value)


def _dashed(begin: str, end: str) -> str:
    return f"{begin} – {end}"


def _of(record: str, said: str) -> str:
    return record if record.casefold() == said.casefold() else f"{record}: {said}"


def _and(label: str, value: str) -> str:
    return f"{label}, {value}"
