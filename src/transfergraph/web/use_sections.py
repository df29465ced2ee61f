"""Undertakings and organisations of a topic, programme or region, with sums; and what is alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from transfergraph.network.model.stated_amounts import EURO, EXACTLY, Amounts
from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.entity_details import EntityDetails
from transfergraph.web.entity_document import PAGE
from transfergraph.web.entity_record import EntityRecord, ValueGroup, local_part
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref, plain
from transfergraph.web.section_parts import (
    Section,
    SectionRow,
    SourceNumbers,
    by_name,
    cell,
    make_section,
    records_of,
)

_NAMED = 3  # undertakings of an organisation in a row about a topic or region


def used_section(
    view: LocalisedView, numbers: SourceNumbers, group: ValueGroup, details: EntityDetails
) -> Section:
    """The undertakings that have to do with a topic, programme or region; with them what else points here."""
    records = records_of(view, group)
    section = _undertakings(view, numbers, group, view.pointing(group.property), records, details)
    return replace(section, about=_summary(view, details))


def within_sections(
    view: LocalisedView, numbers: SourceNumbers, details: EntityDetails, told: bool
) -> list[Section]:
    """The undertakings of what is within a topic, programme or region; ``told`` where the summary stands
    already."""
    uses = details.uses
    further = sorted(set(uses.undertakings) - uses.direct) if uses and view.document.page == 1 else []
    if not further:
        return []
    group = ValueGroup("within", tuple(map(NamedNode, further[:PAGE])), len(further))
    key = "page.within" if uses and uses.direct else "page.within.alone"
    records = records_of(view, group)
    section = _undertakings(view, numbers, group, view.text(key), records, details)
    return [section if told else replace(section, about=_summary(view, details))]


def _undertakings(
    view: LocalisedView,
    numbers: SourceNumbers,
    group: ValueGroup,
    heading: str,
    records: Sequence[EntityRecord],
    details: EntityDetails,
) -> Section:
    """Undertakings by class, with period, partners and what is stated of their money."""
    uses = details.uses
    assert uses is not None
    ordered = by_name(view, records)
    ordered.sort(key=lambda one: [view.presentation.class_order(name) for name in view.classes(one)[:1]])
    titles = [view.listed_in(one) or view.class_name(one) for one in ordered]
    counts = Counter(titles)
    rows = []
    for one, title in zip(ordered, titles, strict=True):
        partners = len(uses.taking_part.get(one.iri, ()))
        cells = (
            cell((view.ref(one.iri),)),
            cell(view.period(one)),
            cell((phrases.number(str(partners), view.language),) if partners else (), number=True),
            cell(*_amounts(view, uses.amounts.get(one.iri)), number=True),
        )
        named = view.text("page.group", name=title, count=counts[title]) if title and len(counts) > 1 else ""
        rows.append(SectionRow(cells, numbers.of(one), records=(one.iri,), group=named))
    is_undertaking = all(view.role(one.iri) is Role.UNDERTAKING for one in records)
    columns = (
        "page.column.undertaking" if is_undertaking else "page.column.name",
        *("page.column.period", "page.column.partners", "page.column.amount"),
    )
    return make_section(view, group, heading, columns, rows)


def _summary(view: LocalisedView, details: EntityDetails) -> Phrase:
    """How many, how much and since when, in one line."""
    uses = details.uses
    if uses is None:
        return ()
    said = []
    if uses.undertakings:
        said.append(view.text("page.uses.undertakings", count=len(uses.undertakings)))
    if organisations := len(uses.organisations):
        said.append(view.text("page.uses.organisations", count=organisations))
    if uses.elsewhere and not uses.undertakings:
        said.append(view.text("page.uses.elsewhere", count=len(uses.elsewhere)))
    if uses.total.amounts:
        amount = plain(_amounts(view, uses.total)[0])
        said.append(view.text("page.uses.amount", amount=amount, count=len(uses.amounts)))
    if uses.first:
        date = phrases.moment(uses.first, view.language)
        said.append(view.text("page.uses.first", date=date if isinstance(date, str) else date.text))
    return view.phrase("page.uses.all", said=("; ".join(said),))


def _amounts(view: LocalisedView, amounts: Amounts | None) -> list[Phrase]:
    """Amounts in euro with their qualifiers."""
    found: list[Phrase] = []
    for one in amounts.amounts if amounts else ():
        value = phrases.number(str(one.amount), view.language)
        shown = view.text("page.money", value=value, currency=local_part(EURO))
        exact = one.qualifier == EXACTLY
        found.append((shown if exact else f"{view.qualifier(one.qualifier)} {shown}",))
    return found


def organisation_sections(view: LocalisedView, details: EntityDetails) -> list[Section]:
    """Who takes part in the undertakings of a topic, programme or region, or sits there."""
    if details.uses is None or view.document.page > 1 or not details.uses.organisations:
        return []
    folders = tuple(view.document.base + one for one in view.presentation.folders_of(Role.ORGANISATION))
    every = {iri: some for iri, some in details.uses.organisations.items() if iri.startswith(folders)}
    rows = []
    for iri, undertakings in list(every.items())[:PAGE]:
        record = view.document.record(iri)
        named = view.sorted(map(view.ref, undertakings[:_NAMED]))
        lines: list[Phrase] = [(ref,) for ref in named]
        if more := len(undertakings) - _NAMED:
            lines += [(view.text("page.more", count=more),)] if more > 0 else []
        seat = cell(view.refs(record.iris(terms.SEAT)))
        rows.append(SectionRow((cell((view.ref(iri),)), cell((view.kind(record),)), seat, cell(*lines)), ()))
    group = ValueGroup("taking-part", tuple(NamedNode(one) for one in list(every)[:PAGE]), len(every))
    columns = ("page.column.organisation", "page.column.kind", "page.column.seat", "page.column.undertakings")
    section = make_section(view, group, view.text("page.organisations"), columns, rows)
    return [section if details.uses.undertakings else replace(section, about=_summary(view, details))]


def alike_sections(view: LocalisedView, details: EntityDetails) -> list[Section]:
    """Similar entities, each with what it shares."""
    rows = []
    for one in details.alike:
        shared: dict[str, list[Ref]] = {}
        for property_, value in one.shared:
            shared.setdefault(view.property(property_), []).append(view.ref(value))
        lines = [(f"{name}: ", *view.refs_of(refs)) for name, refs in shared.items()]
        kind = view.kind(view.document.record(one.iri))
        rows.append(SectionRow((cell((view.ref(one.iri),)), cell((kind,) if kind else ()), cell(*lines)), ()))
    if not rows:
        return []
    columns = tuple(map(view.text, ("page.column.name", "page.column.kind", "page.column.common")))
    used = [at for at in range(3) if any(row.cells[at].lines for row in rows)]
    cut = tuple(replace(row, cells=tuple(row.cells[at] for at in used)) for row in rows)
    about = (view.text("page.alike.about"),)
    return [Section("alike", view.text("page.alike"), tuple(columns[at] for at in used), cut, about=about)]
