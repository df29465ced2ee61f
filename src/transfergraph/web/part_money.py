"""The money of what is part of an undertaking: told beside its own, and never added to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from transfergraph.store import Store
from transfergraph.store.bulk_properties import numbered_batches, numbered_terms, values_of
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_record import EntityRecord, record_of

MOST_PARTS = 300
"""Of an undertaking with more parts nothing is told of their money."""

_TOLD = (
    *(terms.TYPE, terms.GRANT_NUMBER, terms.MEASURE, terms.QUALIFIER, terms.AMOUNT, terms.CURRENCY),
    *(terms.START, terms.END, terms.AS_OF, terms.FUNDED_UNDER, terms.FUNDER, terms.NOTE, terms.SOURCE),
)
_MENTIONED = (
    *(terms.MEASURE, terms.QUALIFIER, terms.CURRENCY),
    *(terms.FUNDED_UNDER, terms.FUNDER, terms.SOURCE),
)


@dataclass(frozen=True, slots=True)
class PartMoney:
    """Grants for parts, and amounts that are stated of them: pairs of a part and the IRI of the record, whose
    ``records`` are here."""

    pairs: tuple[tuple[str, str], ...] = ()
    records: Mapping[str, EntityRecord] = field(default_factory=dict)

    @property
    def mentioned(self) -> set[str]:
        """The parts, and what the records lead to."""
        led = (iri for one in self.records.values() for name in _MENTIONED for iri in one.iris(name))
        return {part for part, _ in self.pairs}.union(led)


NO_PART_MONEY = PartMoney()


def read_part_money(store: Store, iri: str) -> PartMoney:
    """The money of all parts of an undertaking, those of its parts too."""
    below = f"?part <{terms.PART_OF}>+ {NamedNode(iri)}"
    query = f"SELECT DISTINCT ?part WHERE {{ {below} }} LIMIT {MOST_PARTS + 1}"
    parts = sorted({one.value for (one,) in store.select(query).rows if isinstance(one, NamedNode)} - {iri})
    if len(parts) > MOST_PARTS:
        return NO_PART_MONEY
    pairs = sorted({*_records(store, parts, terms.FUNDS), *_records(store, parts, terms.ABOUT)})
    stated = values_of(store, ((record, name) for _, record in pairs for name in _TOLD))
    records = {record: record_of(record, stated.get(record, {})) for _, record in pairs}
    return PartMoney(tuple(pair for pair in pairs if records[pair[1]].first(terms.AMOUNT)), records)


def _records(store: Store, parts: Sequence[str], link: str) -> list[tuple[str, str]]:
    found = []
    for some, values in numbered_batches(parts, "part"):
        query = f"SELECT DISTINCT ?number ?record WHERE {{ {values} ?record <{link}> ?part }}"
        for number, record in numbered_terms(store, query):
            if isinstance(record, NamedNode):
                found.append((some[number], record.value))
    return found
