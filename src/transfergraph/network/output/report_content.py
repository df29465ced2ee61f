"""What a report says: sentences, figures, tables and places of one subject and its part of the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.date_words import date_words
from transfergraph.common.displayed_values import visible
from transfergraph.messages import text
from transfergraph.network.layout.network_layout import Layout
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import alliances_of
from transfergraph.network.model.sentences import (
    amount_words,
    amounts_of,
    begin,
    euros,
    join,
    kind_of,
    name_of,
    named_words,
    say,
    whole_words,
    words_of,
)
from transfergraph.network.model.stated_amounts import EXACTLY
from transfergraph.network.output.file_notes import sources_of
from transfergraph.network.output.place_map import PlaceCount

_NAMES = 5
_PARTNER_HEAD = (
    "report.column.organisation",
    "report.column.role",
    "report.column.town",
    "report.column.since",
    "report.column.undertakings",
)
_UNDERTAKING_HEAD = (
    "report.column.undertaking",
    "report.column.kind",
    "report.column.period",
    "report.column.amount",
)
_CONCEPTS = {
    "regions": ("report.about.region", "report.sentence.regions"),
    "programmes": ("report.about.programme", "report.sentence.programmes"),
    "topics": ("report.about.topic", "report.sentence.topics"),
}
_LONGEST = 24  # names of others in one sentence


@dataclass(frozen=True, slots=True)
class ReportSubject:
    """What a report is about, and its part of the network.

    ``whole`` is the network that the part was taken from, ``partners`` the projection of the part with its
    measures. ``coverage`` is that of the subject, None where no number of partners is counted for it.
    """

    iri: str
    whole: nx.Graph
    part: nx.Graph
    partners: nx.Graph
    layout: Layout
    coverage: Coverage | None


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with all of its rows; the columns of ``right_aligned`` hold figures."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right_aligned: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything that a report says, in one language.

    ``figures`` are numbers with their unit, ``bridges`` a sentence for each organisation that takes part
    elsewhere, ``sources`` names and addresses. ``places`` holds those whose position is known, and ``nuts``
    the beginnings of the codes of the subject's own districts.
    """

    heading: str
    subtitle: str
    sentences: tuple[str, ...]
    figures: tuple[tuple[str, str], ...]
    tables: tuple[ReportTable, ...]
    bridges: tuple[str, ...]
    completeness: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    places: tuple[PlaceCount, ...]
    nuts: tuple[str, ...]
    picture_words: str
    picture_caption: str
    map_words: str
    map_caption: str


def report_content(subject: ReportSubject, language: str) -> ReportContent:
    """What the report of a subject says."""
    organisations = _side(subject.part, 0)
    undertakings = [one for one in _side(subject.part, 1) if one != subject.iri]
    heading = name_of(subject.whole, subject.iri, language)
    counted = {"organisations": len(organisations), "undertakings": len(undertakings)}
    places = _places(subject.part, organisations, language)
    placed = sum(one.count for one in places)
    map_words = say("report.map", language, placed=placed, organisations=len(organisations))
    return ReportContent(
        heading=heading,
        subtitle=_subtitle(subject, language),
        sentences=tuple(_sentences(subject, language)),
        figures=_figures(subject, organisations, undertakings, language),
        tables=(
            _partner_table(subject, organisations, language),
            _undertaking_table(subject, undertakings, language),
        ),
        bridges=tuple(_bridges(subject, organisations, language)),
        completeness=tuple(_completeness(subject, organisations, undertakings, language)),
        sources=sources_of(subject.part, language),
        places=places,
        nuts=_nuts(subject),
        picture_words=say("report.picture.words", language, name=heading, **counted),
        picture_caption=text("report.picture.caption", language),
        map_words=map_words,
        map_caption=begin(map_words),
    )


def _side(network: nx.Graph, side: int) -> list[str]:
    return [node for node, data in network.nodes(data=True) if data["bipartite"] == side]


def _subtitle(subject: ReportSubject, language: str) -> str:
    """What the subject is, and its period and seat as far as they are known."""
    if subject.iri not in subject.part:
        return text(_concept_kind(subject), language)
    data = subject.part.nodes[subject.iri]
    place = words_of(subject.part, data, "place").in_language(language) if data["place"] else ""
    period = _period(data["start"], data["end"], language)
    return " · ".join(
        one for one in (kind_of(subject.part, data).in_language(language), period, place) if one
    )


def _period(start: str, end: str, language: str) -> str:
    """From when to when, in words; empty when neither end is known."""
    first, last = date_words(start, language), date_words(end, language)
    if start and end:
        return say("network.period", language, start=first, end=last)
    if start:
        return say("network.period.since", language, start=first)
    return say("network.period.until", language, end=last) if end else ""


def _concept_kind(subject: ReportSubject) -> str:
    """The key of the word for what the concept is: nodes state it, or one that it is the whole of."""
    for name, (key, _) in _CONCEPTS.items():
        stated = {one for _, data in subject.whole.nodes(data=True) for one in data[name]}
        wholes = {above for one in stated for above in subject.whole.graph["wholes"].get(one, ())}
        if subject.iri in stated | wholes:
            return key
    raise KeyError(subject.iri)


def _sentences(subject: ReportSubject, language: str) -> Iterator[str]:
    """Who pays for it, where it is, what about, how many take part, and what is stated of money."""
    data = subject.part.nodes[subject.iri] if subject.iri in subject.part else None
    if data is not None:
        for name, (_, key) in _CONCEPTS.items():
            if data[name]:
                names = [name_of(subject.whole, one, language) for one in data[name]]
                yield begin(say(key, language, names=_listed(names, language)))
    organisations, undertakings = _side(subject.part, 0), _side(subject.part, 1)
    yield begin(
        say(
            "report.sentence.size",
            language,
            organisations=len([one for one in organisations if one != subject.iri]),
            undertakings=len([one for one in undertakings if one != subject.iri]),
        )
    )
    kinds = Counter(
        kind_of(subject.part, subject.part.nodes[one]).in_language(language)
        for one in organisations
        if one != subject.iri
    )
    ranked = [f"{kind} ({count})" for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))]
    if ranked:
        yield begin(say("report.kinds", language, kinds=", ".join(ranked[:_NAMES])))
    if data is not None and data["bipartite"] == 1 and data["amounts"]:
        yield begin(whole_words(amounts_of(data), data["amount_basis"], language))


def _listed(names: Sequence[str], language: str) -> str:
    rest = len(names) - _NAMES
    if rest <= 0:
        return join(names, language)
    return join([*names[:_NAMES], text("report.others", language, count=rest)], language)


def _figures(
    subject: ReportSubject, organisations: Sequence[str], undertakings: Sequence[str], language: str
) -> tuple[tuple[str, str], ...]:
    """Numbers with their units: partners, undertakings, ties, and the money stated as a whole."""
    if subject.coverage is None:
        count = len([one for one in organisations if one != subject.iri])
        counted = [(count, "report.organisations")]
    else:
        named = subject.coverage.named
        counted = [(len(named.direct), "report.partners"), (len(named.with_parts), "report.partners.all")]
    counted += [
        (len(undertakings), "report.undertakings"),
        (subject.partners.number_of_edges(), "report.ties"),
        (len(_bridging(subject, organisations)), "report.bridges"),
    ]
    figures = [(say("report.number", language, n=number), text(key, language)) for number, key in counted]
    data = subject.part.nodes[subject.iri] if subject.iri in subject.part else None
    if data is not None and data["bipartite"] == 1:
        figures.append(_money(amounts_of(data), language))
    return tuple(figures)


def _money(stated: Sequence[tuple[float, str]], language: str) -> tuple[str, str]:
    """What is stated for the undertaking as a whole, or how many amounts are, with the unit."""
    if not stated:
        return text("report.unknown", language), text(f"report.funding.{EXACTLY}", language)
    if len(stated) > 1:
        return say("report.number", language, n=len(stated)), text("report.funding.several", language)
    ((amount, qualifier),) = stated
    return euros(amount, language), text(f"report.funding.{qualifier}", language)


def _partner_table(subject: ReportSubject, organisations: Sequence[str], language: str) -> ReportTable:
    """Who takes part, those in most undertakings first, with role, town, and since when."""
    part = subject.part
    ranked = sorted(
        (one for one in organisations if one != subject.iri),
        key=lambda one: (-part.degree(one), name_of(part, one, language).casefold(), one),
    )
    rows = []
    for one in ranked:
        edges = [data for data in part[one].values() if data["relation"] == "participation"]
        roles = sorted({role for edge in edges for role in edge[f"roles_{language}"]})
        since = min((str(edge["start"]) for edge in edges if edge["start"]), default="")
        data = part.nodes[one]
        town = words_of(part, data, "place").in_language(language) if data["place"] else ""
        name = name_of(part, one, language)
        rows.append((name, ", ".join(roles), town, since[:4], say("report.number", language, n=len(edges))))
    words = tuple(text(key, language) for key in _PARTNER_HEAD)
    return ReportTable(text("report.table.organisations", language), words, tuple(rows), (3, 4))


def _undertaking_table(subject: ReportSubject, undertakings: Sequence[str], language: str) -> ReportTable:
    """What belongs to it, the latest first, with period and stated money."""
    nodes = subject.part.nodes
    by_name = sorted(undertakings, key=lambda one: (name_of(subject.part, one, language).casefold(), one))
    ranked = sorted(by_name, key=lambda one: str(nodes[one]["start"])[:4], reverse=True)
    rows = [
        (
            name_of(subject.part, one, language),
            kind_of(subject.part, nodes[one]).in_language(language),
            _period(nodes[one]["start"], nodes[one]["end"], language),
            amount_words(amounts_of(nodes[one]), language),
        )
        for one in ranked
    ]
    words = tuple(text(key, language) for key in _UNDERTAKING_HEAD)
    return ReportTable(text("report.table.undertakings", language), words, tuple(rows), (3,))


def _bridging(subject: ReportSubject, organisations: Sequence[str]) -> dict[str, list[str]]:
    """The organisations that take part in other alliances, and in which; those in most first."""
    alliance_of = alliances_of(subject.whole)
    own = subject.iri if subject.iri in subject.whole and gathers(subject.whole, subject.iri) else None
    least = 1 if own else 2
    found: dict[str, list[str]] = {}
    for one in organisations:
        others = {alliance_of[other] for other in subject.whole[one] if other in alliance_of} - {own}
        if len(others) >= least and one != subject.iri:
            found[one] = sorted(others)
    return dict(sorted(found.items(), key=lambda one: (-len(one[1]), -subject.whole.degree(one[0]), one[0])))


def _bridges(subject: ReportSubject, organisations: Sequence[str], language: str) -> Iterator[str]:
    for one, alliances in _bridging(subject, organisations).items():
        names = join([name_of(subject.whole, other, language) for other in alliances[:_LONGEST]], language)
        name = name_of(subject.whole, one, language)
        yield begin(say("report.bridge", language, name=name, alliances=names))


def _completeness(
    subject: ReportSubject, organisations: Sequence[str], undertakings: Sequence[str], language: str
) -> Iterator[str]:
    """What sources say of the number of partners, and how many records have what a reader looks for."""
    if subject.coverage is not None:
        words = named_words(subject.coverage.named, language)
        for size in subject.coverage.sizes:
            qualifier = size.qualifier.in_language(language).lower()
            yield begin(say("report.known", language, named=words, qualifier=qualifier, value=size.value))
            break
        else:
            yield begin(words)
    part = subject.part
    placed = sum(bool(part.nodes[one]["place"]) for one in organisations)
    yield begin(say("report.complete.towns", language, count=placed, total=len(organisations)))
    if undertakings:
        dated = sum(bool(part.nodes[one]["start"]) for one in undertakings)
        paid = sum(bool(part.nodes[one]["amounts"]) for one in undertakings)
        total = len(undertakings)
        yield begin(say("report.complete.undertakings", language, dated=dated, paid=paid, total=total))


def _places(network: nx.Graph, organisations: Iterable[str], language: str) -> tuple[PlaceCount, ...]:
    counted: Counter[str] = Counter()
    first: dict[str, str] = {}
    for one in organisations:
        data = network.nodes[one]
        if data["place"] and data["latitude"] is not None and data["longitude"] is not None:
            counted[data["place"]] += 1
            first.setdefault(data["place"], one)
    found = []
    for place, count in sorted(counted.items()):
        data = network.nodes[first[place]]
        name = visible(words_of(network, data, "place").in_language(language))
        found.append(PlaceCount(name, (float(data["longitude"]), float(data["latitude"])), count))
    return tuple(found)


def _nuts(subject: ReportSubject) -> tuple[str, ...]:
    """The NUTS codes of the region that the report is about, or of those that its subject states."""
    codes = subject.whole.graph["nuts"]
    regions = [subject.iri]
    if subject.iri in subject.part:
        regions = list(subject.part.nodes[subject.iri]["regions"])
    return tuple(sorted({codes[one] for one in regions if codes.get(one)}))
