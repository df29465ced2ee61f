"""A facet of a list: what it is called, where its values come from, and the same in SPARQL.

The values of a thing are those of a property, of what the property also goes through, or of records that
point at the thing. What has a value that is part of another has that one, too. Of dates a facet has the
years, of numbers ranges, and of periods each year from their beginning to their end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from transfergraph.common.namespaces import DERIVED_GRAPH, XSD
from transfergraph.common.text import Text

NONE = "-"
"""The value of what has none in a facet."""

NEGATIVE = "below-0"
"""The range of the numbers below zero."""

LONGEST_PERIOD = 500
"""Years of a period of which each counts; a longer one has none."""

LARGEST_NUMBER = Decimal(10) ** 18
"""Numbers have less than so much."""

IN_GRAPH = ""
"""The predicate of the facet whose values are the named graphs of the sources that state a thing."""

_YEAR = "^[0-9]{4}"
_NOT_IN_VARIABLES = re.compile("[^A-Za-z0-9]+")


class FacetKind(StrEnum):
    """What the values of a facet are."""

    THING = "thing"
    YEAR = "year"
    PERIOD = "period"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of a list.

    ``key`` stands in addresses. ``predicate`` has the values, of the thing itself or, where ``record`` is a
    property, of what points at the thing with it; it is :data:`IN_GRAPH` in the facet of sources.
    ``through`` are further steps to what has the property,
    backwards where the second is True; what points at the thing may have it through the others. ``upward``
    are the properties that lead to what a value is part of; ``until`` has the end of a period. Numbers are
    those of things or records that have the values of ``conditions``, where an empty one is none at all. With
    ``adds`` they are amounts that may be added. ``shown`` facets are columns unless others are chosen; those
    that are not ``common`` say something of few entities of the list.
    """

    key: str
    label: Text
    kind: FacetKind
    predicate: str
    record: str = ""
    through: tuple[tuple[str, bool], ...] = ()
    upward: tuple[str, ...] = ()
    until: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    adds: bool = False
    shown: bool = False
    common: bool = True

    @property
    def is_column(self) -> bool:
        """False for a period, whose beginning and end are columns."""
        return self.kind is not FacetKind.PERIOD

    @property
    def direct_path(self) -> str:
        """The path in SPARQL from a thing to what is stated."""
        if self.record:
            return f"^<{self.record}>/<{self.predicate}>"
        onward = [f"<{step}>/" for step, back in self.through if not back]
        backward = [f"^<{step}>/" for step, back in self.through if back]
        steps = [*onward, *(each + more for each in backward for more in ("", *onward))]
        paths = [f"{step}<{self.predicate}>" for step in ("", *steps)]
        return paths[0] if len(paths) == 1 else f"({'|'.join(paths)})"

    def pattern(self, values: Sequence[str], number: int) -> str:
        """The part of a query in SPARQL that holds for a ``?thing`` with one of the values.

        Things are given by their IRIs. ``number`` makes variables that no other facet has.
        """
        stated = [one for one in values if one != NONE]
        if self.predicate == IN_GRAPH:
            parts = [f"EXISTS {{ GRAPH <{one}> {{ ?thing a ?type{number} }} }}" for one in stated]
        elif (
            self.kind is FacetKind.THING
        ):  # a test for each: engines follow a path fast to one thing, not to any
            parts = [f"EXISTS {{ ?thing {self._path} <{one}> }}" for one in stated]
        else:
            parts = [f"EXISTS {{ {self._with(stated, number)} }}"] if stated else []
        if NONE in values:
            parts.append(f"NOT EXISTS {{ {self._with((), number)} }}")
        return f"FILTER({' || '.join(parts)})"

    def _with(self, values: Sequence[str], number: int) -> str:
        """What holds where there is one of the values, or, without values, any."""
        match self.kind:
            case FacetKind.THING if self.predicate == IN_GRAPH:
                return _stating_graph(f"?value{number}", number)
            case FacetKind.THING:
                value = f"?value{number}"
                return f"?thing {self.direct_path} {value} FILTER(isIRI({value}))"
            case FacetKind.YEAR:
                date = f"?date{number}"
                chosen = f" && SUBSTR(STR({date}), 1, 4) IN ({', '.join(map(_quoted, values))})"
                test = f'isLiteral({date}) && REGEX(STR({date}), "{_YEAR}"){chosen if values else ""}'
                return f"?thing {self.direct_path} {date} FILTER({test})"
            case FacetKind.PERIOD:
                return self._with_period(values, number)
            case FacetKind.NUMBER:
                return self._with_number(values, number)

    @property
    def _path(self) -> str:
        """The path to what is stated, and to all that this is part of."""
        up = f"/({'|'.join(f'<{one}>' for one in self.upward)})*" if self.upward else ""
        return f"{self.direct_path}{up}"

    def _subject(self, number: int) -> tuple[str, str]:
        """What has the property, and how it is found."""
        if not self.record:
            return "?thing", ""
        return f"?record{number}", f"?record{number} <{self.record}> ?thing . "

    def _with_period(self, values: Sequence[str], number: int) -> str:
        subject, found = self._subject(number)
        begin, end, first, last = (f"?{name}{number}" for name in ("begin", "end", "first", "last"))
        years = " || ".join(f"({first} <= {int(year)} && {last} >= {int(year)})" for year in values)
        return (
            f'{found}{subject} <{self.predicate}> {begin} FILTER(REGEX(STR({begin}), "{_YEAR}")) '
            f'OPTIONAL {{ {subject} <{self.until}> {end} FILTER(REGEX(STR({end}), "{_YEAR}")) }} '
            f"BIND(<{XSD}integer>(SUBSTR(STR({begin}), 1, 4)) AS {first}) "
            f"BIND(COALESCE(<{XSD}integer>(SUBSTR(STR({end}), 1, 4)), {first}) AS {last}) "
            f"FILTER({last} >= {first} && {last} - {first} <= {LONGEST_PERIOD}"
            f"{f' && ({years})' if years else ''})"
        )

    def _with_number(self, values: Sequence[str], number: int) -> str:
        subject, found = self._subject(number)
        amount = f"?number{number}"
        written = f"<{XSD}decimal>(STR({amount}))"
        ranges = " || ".join(_within(written, *bounds(one)) for one in values)
        return (
            f"{found}{subject} <{self.predicate}> {amount}{self.condition(subject, number)} "
            f"FILTER({ranges or f'{written} < {LARGEST_NUMBER:f} && {written} > -{LARGEST_NUMBER:f}'})"
        )

    def condition(self, subject: str, number: int) -> str:
        """What else holds of what has the number."""
        stated = "".join(f" ; <{name}> <{value}>" for name, value in self.conditions if value)
        none = "".join(
            f" FILTER NOT EXISTS {{ {subject} <{name}> ?none{number}x{place} }}"
            for place, (name, value) in enumerate(self.conditions)
            if not value
        )
        return stated + none


def _stating_graph(graph: str, number: int) -> str:
    """The graphs in which a source states the class of a thing, that of what rules derive apart."""
    derived = f'STRENDS(STR({graph}), "/{DERIVED_GRAPH}")'
    return f"GRAPH {graph} {{ ?thing a ?type{number} }} FILTER(!{derived})"


def year_of(date: str) -> int | None:
    """The year of a date that begins with one."""
    return int(date[:4]) if len(date) >= 4 and date[:4].isascii() and date[:4].isdecimal() else None


def range_of(value: Decimal) -> str:
    """The range of a number: from 1, 2, 5, 10, 20, 50 and so on to the next; named by where it begins."""
    if value < 0:
        return NEGATIVE
    if value < 1:
        return "0"
    power = 10 ** value.adjusted()
    return str(next(step * power for step in (5, 2, 1) if value >= step * power))


def bounds(name: str) -> tuple[Decimal | None, Decimal]:
    """Where a range begins, and before what it ends; None for one without a beginning."""
    if name == NEGATIVE:
        return None, Decimal(0)
    if name == "0":
        return Decimal(0), Decimal(1)
    first = Decimal(name)
    return first, first * (Decimal("2.5") if name.startswith("2") else 2)


def is_range(name: str) -> bool:
    """Whether a text names a range."""
    plain = name.isascii() and name.isdecimal() and len(name) <= 18
    return name in (NEGATIVE, "0") or (plain and name[0] in "125" and not name[1:].strip("0"))


def _within(written: str, first: Decimal | None, end: Decimal) -> str:
    beginning = "" if first is None else f"{written} >= {first:f} && "
    return f"({beginning}{written} < {end:f})"


def _quoted(text: str) -> str:
    return f'"{text}"'


def members_query(
    kind: str, link: str, chosen: Iterable[tuple[Facet, Sequence[str]]], columns: Sequence[Facet]
) -> str:
    """The query for the things of a list, with what they have in the columns.

    ``link`` leads from a thing to the ``kind``: its class or its scheme.
    """
    filters = "".join(f"  {facet.pattern(values, n)}\n" for n, (facet, values) in enumerate(chosen, 1))
    variables = _variables(columns)
    if not columns:
        return f"SELECT ?thing\nWHERE {{\n  ?thing <{link}> <{kind}> .\n{filters}}}\nORDER BY ?thing\n"
    selected = "".join(f"\n  ({_joined(name)} AS ?{name})" for name in variables)
    branches = "".join(
        f"  UNION {{ {_stated(facet, n, name)} }}\n"
        for n, (facet, name) in enumerate(zip(columns, variables, strict=True), 1)
    )
    return (
        f"SELECT ?thing{selected}\nWHERE {{\n  ?thing <{link}> <{kind}> .\n{filters}  {{ }}\n{branches}}}\n"
        "GROUP BY ?thing\nORDER BY ?thing\n"
    )


def _variables(columns: Sequence[Facet]) -> list[str]:
    """A variable for each column that says what is in it."""
    names: list[str] = []
    for facet in columns:
        name = _NOT_IN_VARIABLES.sub("_", facet.key)
        names.append(f"{name}_{len(names) + 1}" if name in (*names, "thing") else name)
    return names


def _joined(name: str) -> str:
    """All values of a column: the others of the union, which have none, leave a blank behind."""
    values = f'GROUP_CONCAT(DISTINCT COALESCE(STR(?{name}_value), ""); separator=" ")'
    return f'REPLACE(REPLACE({values}, "  ", " "), "^ | $", "")'


def _stated(facet: Facet, number: int, name: str) -> str:
    """What things have in a column, as a branch of a union, so that columns do not multiply each other."""
    value = f"?{name}_value"
    if facet.predicate == IN_GRAPH:
        return _stating_graph(value, number)
    if not facet.conditions:
        return f"?thing {facet.direct_path} {value}"
    subject = f"?{name}_record" if facet.record else "?thing"
    found = f"{subject} <{facet.record}> ?thing . " if facet.record else ""
    return f"{found}{subject} <{facet.predicate}> {value}{facet.condition(subject, 100 + number)}"
