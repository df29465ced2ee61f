"""What a page shows of an entity, as values: facts, tables and lists, each statement with its sources."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.entity_cells import ColumnLine, EntityCells, OwnSources
from transfergraph.web.entity_details import NO_DETAILS, EntityDetails
from transfergraph.web.entity_document import CitedSource
from transfergraph.web.entity_record import EntityRecord, ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.money_sections import latest_first, money_sections
from transfergraph.web.partner_sections import cooperation_sections, joint_sections, participation_sections
from transfergraph.web.phrases import Phrase, Ref, capital, plain
from transfergraph.web.section_parts import (
    Section,
    SectionCell,
    SectionRow,
    SourceNumbers,
    by_name,
    cell,
    make_section,
    record_ref,
    records_of,
)
from transfergraph.web.use_sections import (
    alike_sections,
    organisation_sections,
    used_section,
    within_sections,
)

LABEL, DESCRIPTION = "LabelRole", "DescriptionRole"
"""The roles of DASH that a page shows in places of their own."""


_NOT_FACTS = frozenset(
    (terms.TYPE, terms.SOURCE, terms.COOPERATES, terms.LAT, terms.LONG, terms.HAS_GEOMETRY, *terms.NAMES)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values; ``chips`` for keywords, ``anchor`` names the place on the page.

    ``group`` is the name of the group that it belongs to, where that has one. ``sources`` are the numbers of
    those of each value, where they are not those of the entity.
    """

    label: str
    values: tuple[Phrase, ...]
    chips: bool = False
    anchor: str = ""
    group: str = ""
    sources: tuple[tuple[int, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class EntitySections:
    """Everything that a page shows, in order; ``sources`` are numbered from 1.

    A text has the numbers of its sources where they are not those of the entity. ``rows`` are those that
    state something of the entity, each with the numbers of its sources and, line by line, of claims.
    """

    facts: tuple[Fact, ...]
    texts: tuple[tuple[Ref, tuple[int, ...]], ...]
    sections: tuple[Section, ...]
    sources: tuple[CitedSource, ...]
    rows: tuple[SourcedRow, ...]


@dataclass(frozen=True, slots=True)
class SourcedRow:
    """A row of a table, the numbers of its sources, and its lines, each with those of claims."""

    place: Ref
    sources: tuple[int, ...]
    lines: tuple[tuple[ColumnLine, tuple[int, ...]], ...]


def entity_sections(
    view: LocalisedView, cells: EntityCells, details: EntityDetails = NO_DETAILS
) -> EntitySections:
    """The facts, texts, sections and sources of a document."""
    record = view.document.own
    numbers = SourceNumbers(view)
    numbers.of(record)
    named = OwnSources(record.iris(terms.SOURCE), cells, numbers.of_iris)
    facts = _facts(view, record, named)
    sections = [section for make in _SECTIONS for section in make(view, numbers, details)]
    done = {terms.PARTICIPATES_IN, terms.PARTICIPANT, terms.ABOUT, terms.FUNDS, terms.AIM_OF}
    done |= {terms.CONCERNS, terms.ORGANISER, terms.PART_OF, terms.UNIT_OF}
    sections.extend(_others(view, numbers, done, details))
    sections.extend(alike_sections(view, details))
    texts = [
        (text, named.of_text(one, text.text))
        for one in view.presentation.in_role(DESCRIPTION)
        for text in view.texts(record, one)
    ]
    rows = [
        SourcedRow(
            one.place,
            numbers.of_iris(one.sources),
            tuple((line, numbers.of_iris(line.sources)) for line in one.lines),
        )
        for one in cells.own_rows(view)
    ]
    return EntitySections(facts, tuple(texts), tuple(sections), numbers.sources, tuple(rows))


def _facts(view: LocalisedView, record: EntityRecord, named: OwnSources) -> tuple[Fact, ...]:
    facts = []
    is_one = len(record.literals(terms.AMOUNT)) == len(record.iris(terms.CURRENCY)) == 1
    money = view.money(record) if is_one else ()
    elsewhere = {*view.presentation.in_role(LABEL), *view.presentation.in_role(DESCRIPTION)}
    for group in view.groups(record):
        if group.property in _NOT_FACTS | elsewhere or (group.property == terms.CURRENCY and money):
            continue
        name = group.property
        values = [(one, named.of(name, value)) for value in group.values if (one := view.value(name, value))]
        if name == terms.AMOUNT and money:
            values = [(money, values[0][1] if values else ())]
        literals = record.literals(group.property)
        if len(literals) == len(group.values) and any(one.language for one in literals):
            values = [((text,), named.of_text(name, text.text)) for text in view.texts(record, name)]
        if name == terms.SUBJECT or len(values) > 1:
            values.sort(key=lambda value: view.order(value[0]))
        if values:
            shown, sources = zip(*values, strict=True)
            chips, within = name == terms.SUBJECT, view.group_name(name)
            facts.append(Fact(view.property(name), shown, chips, group=within, sources=sources))
    if place := _coordinates(view, record):
        facts.append(place)
    return tuple(facts)


def _coordinates(view: LocalisedView, record: EntityRecord) -> Fact | None:
    latitude, longitude = record.first(terms.LAT), record.first(terms.LONG)
    if not (latitude and longitude):
        return None
    shown = view.text(
        "page.coordinates",
        latitude=phrases.number(latitude, view.language),
        longitude=phrases.number(longitude, view.language),
    )
    anchors = (one.rpartition("#")[2] for one in record.iris(terms.HAS_GEOMETRY) if "#" in one)
    return Fact(view.text("page.coordinates.name"), ((shown,),), anchor=next(anchors, ""))


def _sizes(view: LocalisedView, numbers: SourceNumbers, details: EntityDetails) -> list[Section]:
    """Statements of size, each as a sentence that leads to the statement; amounts stand with the grants."""
    every = view.document.subjects(terms.ABOUT)
    records = [one for one in records_of(view, every) if not view.amount(one)]
    rows = []
    for one in sorted(records, key=lambda one: latest_first(view, one)):
        said = plain(view.size(one)) or view.name(one.iri).text
        statement = record_ref(view, capital(said), one)
        rows.append(
            SectionRow((cell((statement,)),), numbers.of(one), view.texts(one, terms.NOTE), (one.iri,))
        )
    values = tuple(NamedNode(one.iri) for one in records)
    group = replace(every, values=values, total=every.total - len(every.values) + len(values))
    return [make_section(view, group, view.pointing(terms.ABOUT), (), rows)] if group.total else []


def _parts(view: LocalisedView, numbers: SourceNumbers, details: EntityDetails) -> list[Section]:
    """What belongs to an undertaking, programme, region or organisation; aims and events."""
    found = []
    for property_ in (terms.PART_OF, terms.UNIT_OF, terms.AIM_OF, terms.CONCERNS, terms.ORGANISER):
        group = view.document.subjects(property_)
        if group.total:
            found.append(_list(view, numbers, group, details))
    return found


def _others(
    view: LocalisedView, numbers: SourceNumbers, done: set[str], details: EntityDetails
) -> list[Section]:
    """Whatever else points here."""
    groups = (group for group in view.document.incoming if group.property not in done)
    order = view.presentation.property_order
    sections: list[Section] = []
    told = False  # the summary, once
    for group in sorted(groups, key=lambda one: order(one.property, True)):
        is_used = details.uses is not None and any(
            view.role(str(one.value)) is Role.UNDERTAKING for one in group.values
        )
        section = (used_section if is_used else _list)(view, numbers, group, details)
        sections.append(replace(section, about=()) if told else section)
        told = told or bool(section.about)
    within = within_sections(view, numbers, details, told)
    sections = [*sections, *within] if told else [*within, *sections]
    return [*sections, *organisation_sections(view, details)]


def _list(view: LocalisedView, numbers: SourceNumbers, group: ValueGroup, details: EntityDetails) -> Section:
    """What points here, the more special classes first, or, of events, the earliest."""
    records = by_name(view, records_of(view, group))
    if group.property in (terms.CONCERNS, terms.ORGANISER):
        records.sort(key=lambda one: one.first(terms.START) or "9999")
    else:
        records.sort(key=lambda one: [view.presentation.class_order(name) for name in view.classes(one)[:1]])
    whole = set(view.document.classes if group.property == terms.PART_OF else ())
    heading = view.pointing(group.property)
    rows = []
    for one in records:
        told = not view.stated_kinds(one) and view.list_title(one.classes) == heading
        has_kind = one.has_name and not told and whole.isdisjoint(view.classes(one)[:1])
        kind = view.kind(one) if has_kind else ""
        cells = (cell((view.ref(one.iri),)), cell((kind,) if kind else ()), cell(view.period(one)))
        rows.append(SectionRow(cells, numbers.of(one), records=(one.iri,)))
    return make_section(view, group, heading, (), rows)


_SECTIONS: tuple[Callable[[LocalisedView, SourceNumbers, EntityDetails], list[Section]], ...] = (
    participation_sections,
    cooperation_sections,
    _sizes,
    money_sections,
    _parts,
    joint_sections,
)


__all__ = ["EntitySections", "Fact", "Section", "SectionCell", "SectionRow", "entity_sections"]
