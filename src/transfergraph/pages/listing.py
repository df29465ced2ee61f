"""The lists of all entities of a kind, and the overview for the start page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from transfergraph.findings import Text
from transfergraph.network.listing import sort_key
from transfergraph.pages import terms
from transfergraph.pages.documents import Record, record_of
from transfergraph.pages.site import SCHEMES
from transfergraph.queries import NamedQuery
from transfergraph.store import Store, Term

LISTS: Mapping[str, str] = {
    "alliances": terms.TG + "Alliance",
    "projects": terms.TG + "Project",
    "labs": terms.TG + "Lab",
    "organisations": terms.TG + "Organisation",
    "programmes": terms.TG + "FundingProgramme",
    "regions": terms.TG + "Region",
    "places": terms.TG + "Place",
    "topics": SCHEMES + "topic",
    "events": terms.TG + "Event",
    "sources": terms.TG + "Source",
}
"""The lists by the names of the canonical tables, each with the class or scheme of what it holds."""

PAGE = 300
"""How many entries of a list stand on a page."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entity in a list; ``kind`` is None where its kind is not stated."""

    iri: str
    label: Text
    kind: Text | None
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """All entities of a kind; ``key`` is one of :data:`LISTS`."""

    key: str
    entries: tuple[Entry, ...]

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty one has one."""
        return max(1, -(-len(self.entries) // PAGE))

    def sorted(self, language: str) -> list[Entry]:
        """The entries in the order of the alphabet."""

        def order(entry: Entry) -> tuple[str, str, str]:
            name = entry.label.in_language(language)
            return sort_key(Text(name, name)), name, entry.iri

        return sorted(self.entries, key=order)


@dataclass(frozen=True, slots=True)
class File:
    """A file of the release: its path below the start page and its size in bytes."""

    path: str
    size: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the start page shows.

    ``counts`` are the rows of the canonical tables and the ``triples``, as the manifest of a release has
    them; ``alliances`` the list of the alliances with what they are about; ``files`` what can be loaded.
    """

    counts: Mapping[str, int]
    alliances: Listing
    questions: Sequence[NamedQuery] = field(default=())
    files: Sequence[File] = field(default=())


def read_listing(store: Store, key: str) -> Listing:
    """All entities of a list of :data:`LISTS`; raises :class:`KeyError` for another key."""
    asked = [terms.PREF_LABEL, terms.KIND, terms.CLASSIFICATION]
    if key == "alliances":
        asked.append(terms.DESCRIPTION)
    records = list(_members(store, LISTS[key], asked))
    kinds = {one for record in records for one in _kinds(record)}
    names = _names(store, kinds)
    entries = (
        Entry(
            record.iri, record.label, next((names.get(one) for one in _kinds(record)), None), _about(record)
        )
        for record in records
    )
    return Listing(key, tuple(sorted(entries, key=lambda entry: entry.iri)))


def _members(store: Store, kind: str, properties: Sequence[str]) -> Iterator[Record]:
    link = terms.IN_SCHEME if kind.startswith(SCHEMES) else terms.TYPE
    wanted = " ".join(f"<{one}>" for one in properties)
    query = (
        f"SELECT ?thing ?property ?value WHERE {{ ?thing <{link}> {NamedNode(kind)} "
        f"VALUES ?property {{ {wanted} }} ?thing ?property ?value }}"
    )
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for thing, property_, value in store.select(query).rows:
        if isinstance(thing, NamedNode) and property_ is not None and value is not None:
            found[thing.value][property_.value].add(value)
    for iri, stated in found.items():
        yield record_of(iri, stated)


def _names(store: Store, things: set[str]) -> dict[str, Text]:
    if not things:
        return {}
    nodes = " ".join(str(NamedNode(one)) for one in sorted(things))
    query = f"SELECT ?thing ?name WHERE {{ VALUES ?thing {{ {nodes} }} ?thing <{terms.PREF_LABEL}> ?name }}"
    found: defaultdict[str, set[Term]] = defaultdict(set)
    for thing, name in store.select(query).rows:
        if thing is not None and isinstance(name, Literal):
            found[thing.value].add(name)
    return {one: record_of(one, {terms.PREF_LABEL: names}).label for one, names in found.items()}


def _kinds(record: Record) -> tuple[str, ...]:
    return (*record.iris(terms.CLASSIFICATION), *record.iris(terms.KIND))


def _about(record: Record) -> Text | None:
    texts = {one.language or "": one.value for one in record.literals(terms.DESCRIPTION)}
    some = next(iter(texts.values()), None)
    return None if some is None else Text(texts.get("de", some), texts.get("en", some))
