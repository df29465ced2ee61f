"""Completeness of partners: how many the sources state, and how many are named in the graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import DCT, FOAF, SKOS, TG
from transfergraph.common.text import Languages, Text
from transfergraph.network.model.node_classes import NodeClasses
from transfergraph.network.model.partner_counts import NamedPartners, read_partners
from transfergraph.store import Store
from transfergraph.store.bulk_properties import plain, read_properties, values_clause

_PARTNERS = "https://w3id.org/transfergraph/scheme/measure/partners"
_STATEMENTS_QUERY = (
    "SELECT DISTINCT ?statement ?undertaking WHERE { "
    f"?statement <{TG}measure> <{_PARTNERS}> ; <{TG}about> ?undertaking }}"
)


@dataclass(frozen=True, slots=True)
class Size:
    """One statement of a source about the number of partners.

    ``qualifier`` reads "at least", "about"; ``as_of`` is EDTF level 0 or empty; ``source`` and ``url`` name
    the page that says so.
    """

    qualifier: Text
    value: int
    as_of: str
    source: Text
    url: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The stated and the named partners of one undertaking.

    ``sizes`` are the statements of the sources, the latest first; those without a date come last.
    """

    undertaking: str
    label: Text
    named: NamedPartners
    sizes: tuple[Size, ...]


def read_coverage(store: Store, languages: Languages, classes: NodeClasses) -> tuple[Coverage, ...]:
    """The coverage of what gathers others, by label, then of all other undertakings whose size is stated."""
    about: defaultdict[str, list[str]] = defaultdict(list)
    for statement, undertaking in store.select(_STATEMENTS_QUERY).rows:
        about[plain(undertaking)].append(plain(statement))
    centres = {node for one in classes.centres for node in _instances(store, one.members)}
    subjects = centres | about.keys()
    first = languages[0]

    def latest_first(size: Size) -> tuple[object, ...]:
        date = [-part for part in chronological(size.as_of)]
        return date, -size.value, size.qualifier.in_language(first), size.source.in_language(first), size.url

    labels = read_properties(store, subjects, (SKOS + "prefLabel",))
    named = read_partners(store, subjects)
    sizes = _sizes(store, [one for statements in about.values() for one in statements])
    found = [
        Coverage(
            undertaking,
            labels.label(undertaking),
            named[undertaking],
            tuple(sorted((sizes[one] for one in about[undertaking] if one in sizes), key=latest_first)),
        )
        for undertaking in subjects
    ]
    return tuple(
        sorted(
            found,
            key=lambda one: (
                one.undertaking not in centres,
                one.label.in_language(first).casefold(),
                one.undertaking,
            ),
        )
    )


def _instances(store: Store, classes: Collection[str]) -> set[str]:
    query = f"SELECT DISTINCT ?node WHERE {{ {values_clause('class', classes)} ?node a ?class }}"
    return {plain(node) for (node,) in store.select(query).rows}


def _sizes(store: Store, statements: list[str]) -> dict[str, Size]:
    wanted = (TG + "qualifier", TG + "value", TG + "asOf", DCT + "source")
    found = read_properties(store, statements, wanted)
    concepts = {found.first(one, TG + "qualifier") for one in statements}
    sources = {found.first(one, DCT + "source") for one in statements}
    names = read_properties(store, (concepts | sources) - {""}, (SKOS + "prefLabel", FOAF + "page"))
    sizes: dict[str, Size] = {}
    for one in statements:
        value = found.first(one, TG + "value")
        if not value.isdecimal():
            continue
        source = found.first(one, DCT + "source")
        sizes[one] = Size(
            names.label(found.first(one, TG + "qualifier")),
            int(value),
            found.first(one, TG + "asOf"),
            names.label(source),
            names.first(source, FOAF + "page"),
        )
    return sizes
