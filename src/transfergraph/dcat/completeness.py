"""How many records the graph has, against how many the sources say there are.

A count of 0 has two meanings that must not be confused: collected and nothing found, or not collected. A
table is collected when some ``source.toml`` says how many rows to expect in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from pyoxigraph import Literal

from transfergraph.common.namespaces import DCT, TG
from transfergraph.config.workspace import Source, Workspace
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.store import Store

_MEASURE = "https://w3id.org/transfergraph/scheme/measure/"
_PREFIXES = f"PREFIX tg: <{TG}> PREFIX dct: <{DCT}> "
_ALLIANCE, _PROGRAMME = "alliance", "programme"
_PARTNERS = "?part dct:isPartOf* ?subject . ?participation tg:participatesIn ?part ; tg:participant ?record"
# What can be counted: by kind of subject and noun, the table that must be collected and a query part that
# binds ?record for a ?subject. Nouns are keys of the scheme of measures where sources state such numbers.
_COUNTED: Mapping[tuple[str, str], tuple[str, str]] = {
    (_ALLIANCE, "partners"): ("participations", _PARTNERS),
    (_ALLIANCE, "universities"): ("participations", f"{_PARTNERS} . ?record a tg:University"),
    (_ALLIANCE, "projects"): ("projects", "?record dct:isPartOf+ ?subject ; a tg:Project"),
    (_ALLIANCE, "labs"): ("labs", "?record dct:isPartOf+ ?subject ; a tg:Lab"),
    (_PROGRAMME, "undertakings"): ("projects", "?record tg:fundedUnder/dct:isPartOf* ?subject"),
    (_PROGRAMME, "alliances"): (
        "alliances",
        "?record tg:fundedUnder/dct:isPartOf* ?subject ; a tg:Alliance",
    ),
}
_STATED_AS = {"alliances": "selected-alliances"}
_SUBJECTS = {_ALLIANCE: "tg:Alliance", _PROGRAMME: "tg:FundingProgramme"}


class CountStatus(Enum):
    """What a count means; the value is the last part of its IRI."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    NOT_STATED = "not-stated"
    NO_RESULT = "no-result"
    NOT_COLLECTED = "not-collected"


@dataclass(frozen=True, slots=True)
class RecordCount:
    """A count of records.

    ``kind`` is ``alliance``, ``programme``, ``year`` or ``source``; ``subject`` the IRI of the first two, a
    year, or the name of a source; ``noun`` says what is counted. ``known`` is None when nothing was
    collected; ``stated`` is the latest number that a source gives, None when none does.
    """

    kind: str
    subject: str
    noun: str
    known: int | None
    stated: int | None

    @property
    def status(self) -> CountStatus:
        """What the count means."""
        if self.known is None:
            return CountStatus.NOT_COLLECTED
        if self.known == 0 and not self.stated:
            return CountStatus.NO_RESULT
        if self.stated is None:
            return CountStatus.NOT_STATED
        return CountStatus.COMPLETE if self.known >= self.stated else CountStatus.PARTIAL


Years = tuple[int, int] | None
"""The first and the last year that were collected; None where those are meant that have an undertaking."""


def count_known(store: Store, sources: Sequence[Source], years: Years) -> list[RecordCount]:
    """Counts for each alliance, programme and year.

    A statement with no record at all, although the table was collected, counts as not collected: the
    source speaks of records that are nowhere named.
    """
    collected = {table for source in sources for table in source.rows}
    stated = _stated(store)
    found: list[RecordCount] = []
    for (kind, noun), (table, pattern) in _COUNTED.items():
        subjects = f"?subject a {_SUBJECTS[kind]}"
        counts = _count(store, "?subject", f"{subjects} . {pattern}")
        everyone = f"{_PREFIXES} SELECT DISTINCT ?subject WHERE {{ {subjects} }}"
        for subject in sorted(_text(row[0]) for row in store.select(everyone).rows):
            number = stated.get((subject, _STATED_AS.get(noun, noun)))
            known = counts.get(subject, 0)
            missing = known == 0 and (table not in collected or bool(number))
            found.append(RecordCount(kind, subject, noun, None if missing else known, number))
    return [*found, *_by_year(store, collected, years)]


def count_rows(
    rows: Mapping[tuple[str, str], int], sources: Iterable[Source], tables: Iterable[str]
) -> list[RecordCount]:
    """Rows of each table of each source, against the least number that its ``source.toml`` expects."""
    names = list(tables)
    found = []
    for source in sources:
        for table in names:
            expected = source.rows.get(table)
            known = rows.get((source.name, table), 0)
            missing = known == 0 and expected is None
            least = expected[0] if expected else None
            found.append(RecordCount("source", source.name, table, None if missing else known, least))
    return found


def count_records(store: Store, workspace: Workspace) -> list[RecordCount]:
    """Every count of known against stated records that the graph in this store gives."""
    catalogue = workspace.settings.catalogue
    years = None if catalogue is None else (catalogue.period_start.year, catalogue.period_end.year)
    return count_known(store, workspace.sources, years)


def count_tables(release: DescribedRelease) -> list[RecordCount]:
    """The counts of rows against those that the sources expect, for all canonical tables."""
    rows = {(table.source, table.table): table.rows for table in release.tables}
    return count_rows(rows, release.sources, [table.name for table in release.group.tables])


def _by_year(store: Store, collected: set[str], years: Years) -> list[RecordCount]:
    """Undertakings by the year in which they begin; outside of the years collected 0 is no result."""
    begun = (
        "VALUES ?class { tg:Alliance tg:Project tg:Lab } ?record a ?class ; tg:start ?start . "
        "BIND(SUBSTR(STR(?start), 1, 4) AS ?year)"
    )
    counts = _count(store, "?year", begun)
    known = [int(year) for year in counts if year.isdecimal()]
    if years is None and not known:
        return []
    years = years or (min(known), max(known))
    found = []
    for year in range(min(years[0], *known), max(years[1], *known) + 1):
        count = counts.get(f"{year:04}", 0)
        missing = count == 0 and ("projects" not in collected or not years[0] <= year <= years[1])
        found.append(RecordCount("year", f"{year:04}", "undertakings", None if missing else count, None))
    return found


def _count(store: Store, variable: str, pattern: str) -> dict[str, int]:
    """How many ?record there are for each value of the variable."""
    query = (
        f"{_PREFIXES} SELECT {variable} (COUNT(DISTINCT ?record) AS ?count) "
        f"WHERE {{ {pattern} }} GROUP BY {variable}"
    )
    return {_text(value): int(_text(count)) for value, count in store.select(query).rows}


def _stated(store: Store) -> dict[tuple[str, str], int]:
    """The latest number stated of each subject and measure; of one date the greatest."""
    query = (
        f"{_PREFIXES} SELECT ?subject ?measure ?value ?date WHERE {{ ?statement tg:about ?subject ; "
        "tg:measure ?measure ; tg:value ?value . OPTIONAL { ?statement tg:asOf ?date } }"
    )
    values: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for subject, measure, value, as_of in store.select(query).rows:
        if isinstance(value, Literal) and value.value.isdecimal():
            noun = _text(measure).removeprefix(_MEASURE)
            values[_text(subject), noun].append((_text(as_of), int(value.value)))
    return {key: max(numbers)[1] for key, numbers in values.items()}


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))
