"""How many records the graph has, against how many the sources say there are.

A count of 0 has two meanings that must not be confused: collected and nothing found, or not collected. A
table is collected when some ``source.toml`` says how many rows to expect in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import pyoxigraph as ox
from pyoxigraph import Literal

from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import DCT, ORG, TG
from transfergraph.common.text import Text
from transfergraph.config.workspace import Source, Workspace
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.messages import both
from transfergraph.store import Store
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.vocabulary.presentation_reader import read_presentation

_PREFIXES = f"PREFIX tg: <{TG}> PREFIX dct: <{DCT}> PREFIX org: <{ORG}> "


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

    ``kind`` is ``year`` or ``source``, and ``subject`` a year or the name of a source; or else ``kind`` says
    what kind of entity ``subject`` is the IRI of. ``noun`` says what is counted, and ``label`` what that is
    called, where it is not rows of a table. ``known`` is None when nothing was collected; ``stated`` is the
    latest number that a source gives, None when none does.
    """

    kind: str
    subject: str
    noun: str
    known: int | None
    stated: int | None
    label: Text | None = None

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


def count_known(
    store: Store, sources: Sequence[Source], years: Years, presentation: Presentation
) -> list[RecordCount]:
    """The counts that the workspace asks for, and those for each year.

    A statement with no record at all, although the table was collected, counts as not collected: the
    source speaks of records that are nowhere named.
    """
    collected = {table for source in sources for table in source.rows}
    stated = _stated(store)
    found: list[RecordCount] = []
    for one in presentation.stated:
        subjects = f"?subject a {ox.NamedNode(one.of_class)}"
        counts = _count(store, "?subject", f"{subjects} . {one.pattern}")
        everyone = f"{_PREFIXES} SELECT DISTINCT ?subject WHERE {{ {subjects} }}"
        for subject in sorted(_text(row[0]) for row in store.select(everyone).rows):
            number = stated.get((subject, one.measure))
            known = counts.get(subject, 0)
            missing = known == 0 and (one.table not in collected or bool(number))
            found.append(
                RecordCount(one.kind, subject, one.noun, None if missing else known, number, one.label)
            )
    return [*found, *_by_year(store, collected, years, presentation)]


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
    return count_known(store, workspace.sources, years, read_presentation(workspace.declarations))


def count_tables(release: DescribedRelease) -> list[RecordCount]:
    """The counts of rows against those that the sources expect, for all canonical tables."""
    rows = {(table.source, table.table): table.rows for table in release.tables}
    return count_rows(rows, release.sources, [table.name for table in release.group.tables])


def _by_year(
    store: Store, collected: set[str], years: Years, presentation: Presentation
) -> list[RecordCount]:
    """Undertakings by the year in which they begin; outside of the years collected 0 is no result."""
    undertakings = presentation.of_role(Role.UNDERTAKING)
    tables = {one.key for one in presentation.tables.values() if one.kind in undertakings}
    begun = (
        f"VALUES ?class {{ {' '.join(f'<{one}>' for one in undertakings)} }} ?record a ?class ; "
        "tg:start ?start . BIND(SUBSTR(STR(?start), 1, 4) AS ?year)"
    )
    counts = _count(store, "?year", begun)
    label = both("quality.undertakings")
    known = [int(year) for year in counts if year.isdecimal()]
    if years is None and not known:
        return []
    years = years or (min(known), max(known))
    found = []
    for year in range(min([years[0], *known]), max([years[1], *known]) + 1):
        count = counts.get(f"{year:04}", 0)
        missing = count == 0 and (collected.isdisjoint(tables) or not years[0] <= year <= years[1])
        known_count = None if missing else count
        found.append(RecordCount("year", f"{year:04}", "undertakings", known_count, None, label))
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
    values: dict[tuple[str, str], list[tuple[tuple[int, int, int], int]]] = defaultdict(list)
    for subject, measure, value, as_of in store.select(query).rows:
        if isinstance(value, Literal) and value.value.isdecimal():
            values[_text(subject), _text(measure)].append((chronological(_text(as_of)), int(value.value)))
    return {key: max(numbers)[1] for key, numbers in values.items()}


def _text(term: object) -> str:
    return str(getattr(term, "value", ""))
