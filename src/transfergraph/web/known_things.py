"""Names, classes, periods and places of things that documents mention, kept for the next document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from transfergraph.store import Store
from transfergraph.store.bulk_properties import Statements, values_of
from transfergraph.web import document_queries as queries
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import ONTOLOGY, SCHEMES
from transfergraph.web.entity_record import EntityRecord, record_of


class KnownThings:
    """What is known of things that many documents mention: terms, sources, places; one for each release.

    It keeps what was read of so many things, and begins anew when there are more.
    """

    def __init__(self, most: int = 4000) -> None:
        self._most = most
        self._stated: dict[str, Statements] = {}
        self._records: dict[str, EntityRecord] = {}
        self._sharing: dict[tuple[str, str], tuple[str, ...]] = {}

    def described(self, store: Store, base: str, things: Iterable[str]) -> dict[str, Statements]:
        """As :func:`described`, which is asked for what is not kept."""
        wanted = set(things)
        found = {one: self._stated[one] for one in wanted & self._stated.keys()}
        unknown = wanted - found.keys()
        read = described(store, base, unknown) if unknown else {}
        if len(self._stated) + len(unknown) > self._most:
            self._stated, self._records = {}, {}
        self._stated.update({one: read.get(one, {}) for one in unknown})
        return {one: stated for one, stated in (*found.items(), *read.items()) if stated}

    def sharing(self, store: Store, pairs: Sequence[tuple[str, str]], most: int) -> list[tuple[str, ...]]:
        """As :func:`queries.sharing`, which is asked for what is not kept; ``most`` is always the same."""
        unknown = [one for one in pairs if one not in self._sharing]
        if len(self._sharing) + len(unknown) > self._most:
            self._sharing, unknown = {}, list(pairs)
        self._sharing.update(zip(unknown, queries.sharing(store, unknown, most), strict=True))
        return [self._sharing[one] for one in pairs]

    def record(self, iri: str, stated: Statements) -> EntityRecord:
        """What is stated as a record, which is made once for what is kept."""
        if self._stated.get(iri) is not stated:
            return record_of(iri, stated)
        if iri not in self._records:
            self._records[iri] = record_of(iri, stated)
        return self._records[iri]


_ALL = (terms.PREF_LABEL, terms.TITLE, terms.TYPE, terms.CLASSIFICATION, terms.KIND)


_PROPERTIES = {
    "organisation": (terms.PREF_LABEL, terms.CLASSIFICATION, terms.SEAT),
    "undertaking": (terms.PREF_LABEL, terms.TYPE, terms.START, terms.END, terms.LOCATION),
    "place": (terms.PREF_LABEL, terms.TYPE, terms.LAT, terms.LONG),
    "programme": (terms.PREF_LABEL, terms.TYPE),
    "region": (terms.PREF_LABEL, terms.TYPE),
    "source": (terms.PREF_LABEL, terms.WEB_PAGE, terms.PUBLISHER, terms.RETRIEVED, terms.LICENCE),
    "topic": (terms.PREF_LABEL,),
}
"""The properties that are read of a thing that is mentioned, by the folder of its IRI."""


def described(store: Store, base: str, things: Iterable[str]) -> dict[str, Statements]:
    """Name, class and kind of things of the graph; only the name of terms and of things elsewhere."""
    wanted: list[tuple[str, str]] = []
    for thing in things:
        if thing.startswith(base):
            kinds = _PROPERTIES.get(thing.removeprefix(base).partition("/")[0], _ALL)
        elif thing.startswith(ONTOLOGY):
            kinds = (terms.LABEL,)
        elif thing.startswith(SCHEMES):
            kinds = (terms.PREF_LABEL,)
        else:
            kinds = terms.NAMES
        wanted.extend((thing, kind) for kind in kinds)
    return values_of(store, wanted)
