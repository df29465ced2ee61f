"""The lists of all entities of a kind, and the overview for the start page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.text import Text
from transfergraph.config.own_pages import PAGES
from transfergraph.queries import NamedQuery
from transfergraph.store import Store
from transfergraph.store.bulk_properties import values_of
from transfergraph.vocabulary.presentation import ListedTable
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import ABOUT_PAGE, DATA_PAGE, Site
from transfergraph.web.entity_record import EntityRecord, record_of

PAGE = 300
"""How many entries of a list stand on a page."""

MANY = 10_000
"""Up to so many entries are read with their names and sorted by them."""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """An entity in a list; ``kind`` is None where its kind is not stated."""

    iri: str
    label: Text
    kind: Text | None
    about: Text | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Entities of a kind; ``key`` is one of the lists of the workspace.

    ``total`` is None when ``entries`` holds all of them; otherwise it holds those of one page, in the order
    of their IRIs.
    """

    key: str
    entries: tuple[ListEntry, ...]
    total: int | None = None

    @property
    def count(self) -> int:
        """How many entities there are of the kind."""
        return len(self.entries) if self.total is None else self.total

    @property
    def pages(self) -> int:
        """How many pages the list has; an empty one has one."""
        return max(1, -(-self.count // PAGE))

    def on_page(self, page: int, language: str) -> list[ListEntry]:
        """What stands on a page, in the order of the alphabet where all entries are known."""
        if self.total is not None:
            return list(self.entries)
        return self.sorted(language)[(page - 1) * PAGE : page * PAGE]

    def sorted(self, language: str) -> list[ListEntry]:
        """The entries in the order of the alphabet."""

        def order(entry: ListEntry) -> tuple[str, str, str]:
            name = entry.label.in_language(language)
            return sort_key(name), name, entry.iri

        return sorted(self.entries, key=order)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the start page shows.

    ``counts`` are the rows of the canonical tables and the ``triples``, as the manifest of a release has
    them; ``first`` is the first list of the workspace with what its entities are about, None where there is
    no list.
    """

    counts: Mapping[str, int]
    first: Listing | None
    questions: Sequence[NamedQuery] = field(default=())


def read_overview(
    store: Store, site: Site, counts: Mapping[str, int], questions: Sequence[NamedQuery]
) -> Overview:
    """What the start page shows of a release."""
    first = next(iter(site.presentation.lists), None)
    listing = read_listing(store, site, first, described=True) if first else None
    return Overview(counts, listing, questions)


def read_page_paths(store: Store, site: Site, datasets: Iterable[str]) -> list[str]:
    """The paths of all pages of a site below its start page, in the order of the sitemap.

    ``datasets`` are the paths of those about the datasets.
    """
    own = (f"{PAGES}/{name}" for name, _ in site.own_pages)
    fixed = ["", "questions/", ABOUT_PAGE, DATA_PAGE, *own, "ontology", *datasets]
    if not site.documents:
        return fixed
    lists = site.presentation.lists
    iris = sorted(set().union(*(_members(store, table) for table in lists.values())))
    paths = (site.local(iri) for iri in iris)
    return [*fixed, *(f"{key}/" for key in lists), *(path for path in paths if path is not None)]


def read_listing(store: Store, site: Site, key: str, page: int = 1, described: bool = False) -> Listing:
    """The entities of a list: all of them, or of more than :data:`MANY` those of the page.

    ``described`` reads what each is about. Raises :class:`KeyError` for a key that is none of a list.
    """
    return _read_page(store, key, sorted(_members(store, site.presentation.lists[key])), page, described)


def read_listings(store: Store, site: Site, key: str) -> Iterator[Listing]:
    """The same list page by page, as :func:`read_listing` gives each."""
    things = sorted(_members(store, site.presentation.lists[key]))
    first = _read_page(store, key, things, 1)
    yield first
    for page in range(2, first.pages + 1):
        yield first if first.total is None else _read_page(store, key, things, page)


def _read_page(store: Store, key: str, things: Sequence[str], page: int, described: bool = False) -> Listing:
    total = len(things) if len(things) > MANY else None
    shown = things if total is None else things[(page - 1) * PAGE : page * PAGE]
    asked = [terms.PREF_LABEL, terms.KIND, terms.CLASSIFICATION]
    if described:
        asked.append(terms.DESCRIPTION)
    found = values_of(store, ((thing, property_) for thing in shown for property_ in asked))
    records = [record_of(thing, found.get(thing, {})) for thing in shown]
    kinds = {one for record in records for one in _kinds(record)}
    names = {
        one: record_of(one, stated).label
        for one, stated in values_of(store, ((one, terms.PREF_LABEL) for one in kinds)).items()
    }
    entries = (
        ListEntry(
            record.iri,
            record.label,
            next((names[one] for one in _kinds(record) if one in names), None),
            _about(record),
        )
        for record in records
    )
    return Listing(key, tuple(entries), total)


def _members(store: Store, table: ListedTable) -> set[str]:
    link = terms.IN_SCHEME if table.is_scheme else terms.TYPE
    rows = store.select(f"SELECT ?thing WHERE {{ ?thing <{link}> {NamedNode(table.kind)} }}").rows
    return {thing.value for (thing,) in rows if isinstance(thing, NamedNode)}


def _kinds(record: EntityRecord) -> tuple[str, ...]:
    return (*record.iris(terms.CLASSIFICATION), *record.iris(terms.KIND))


def _about(record: EntityRecord) -> Text | None:
    texts = {one.language or "": one.value for one in record.literals(terms.DESCRIPTION)}
    return Text(texts) if texts else None
