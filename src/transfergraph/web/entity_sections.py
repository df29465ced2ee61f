"""What a page shows of an entity, as values: facts, tables and lists, each statement with its sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import name_in_key
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.entity_document import PAGE, CitedSource, EntityRecord, ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref, capital

LABEL, DESCRIPTION = "LabelRole", "DescriptionRole"
"""The roles of DASH that a page shows in places of their own."""

_NOT_FACTS = frozenset(
    (terms.TYPE, terms.SOURCE, terms.COOPERATES, terms.LAT, terms.LONG, terms.HAS_GEOMETRY, *terms.NAMES)
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values; ``chips`` for keywords, ``anchor`` names the place on the page.

    ``group`` is the name of the group that it belongs to, where that has one.
    """

    label: str
    values: tuple[Phrase, ...]
    chips: bool = False
    anchor: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class SectionCell:
    """A cell of a table: a phrase, or several, one below the other; ``number`` is set to the right."""

    lines: tuple[Phrase, ...]
    number: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of a table or list: its cells, of which the first names it, its sources by number, and a note."""

    cells: tuple[SectionCell, ...]
    sources: tuple[int, ...]
    note: tuple[Ref, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A table, or a list when it has no ``columns``.

    ``shown`` says which part of how many is on this page, where that is not all.
    """

    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[SectionRow, ...]
    shown: str = ""


@dataclass(frozen=True, slots=True)
class EntitySections:
    """Everything that a page shows, in order; ``sources`` are numbered from 1."""

    facts: tuple[Fact, ...]
    texts: tuple[Ref, ...]
    sections: tuple[Section, ...]
    sources: tuple[CitedSource, ...]


def entity_sections(view: LocalisedView) -> EntitySections:
    """The facts, texts, sections and sources of a document."""
    record = view.document.own
    numbers = _Numbers(view)
    numbers.of(record)
    sections = [section for make in _SECTIONS for section in make(view, numbers)]
    done = {terms.PARTICIPATES_IN, terms.PARTICIPANT, terms.ABOUT, terms.FUNDS, terms.AIM_OF}
    done |= {terms.CONCERNS, terms.ORGANISER, terms.PART_OF, terms.UNIT_OF}
    sections.extend(_others(view, numbers, done))
    texts = [text for one in view.presentation.in_role(DESCRIPTION) for text in view.texts(record, one)]
    return EntitySections(_facts(view, record), tuple(texts), tuple(sections), numbers.sources)


class _Numbers:
    """Numbers the sources as they come up."""

    def __init__(self, view: LocalisedView) -> None:
        self._view = view
        self._number: dict[str, int] = {}

    def of(self, record: EntityRecord) -> tuple[int, ...]:
        others = (one for one in record.iris(terms.SOURCE) if one != self._view.document.iri)
        found = self._view.sorted_iris(others)
        return tuple(sorted(self._number.setdefault(one, len(self._number) + 1) for one in found))

    @property
    def sources(self) -> tuple[CitedSource, ...]:
        return tuple(self._view.document.source(iri) for iri in self._number)


def _facts(view: LocalisedView, record: EntityRecord) -> tuple[Fact, ...]:
    facts = []
    is_one = len(record.literals(terms.AMOUNT)) == len(record.iris(terms.CURRENCY)) == 1
    money = view.money(record) if is_one else ()
    elsewhere = {*view.presentation.in_role(LABEL), *view.presentation.in_role(DESCRIPTION)}
    for group in view.groups(record):
        if group.property in _NOT_FACTS | elsewhere or (group.property == terms.CURRENCY and money):
            continue
        values = tuple(one for value in group.values if (one := view.value(group.property, value)))
        if group.property == terms.AMOUNT and money:
            values = (money,)
        literals = record.literals(group.property)
        if len(literals) == len(group.values) and any(one.language for one in literals):
            values = tuple((text,) for text in view.texts(record, group.property))
        if group.property == terms.SUBJECT or len(values) > 1:
            values = tuple(sorted(values, key=view.order))
        if values:
            chips = group.property == terms.SUBJECT
            name = view.group_name(group.property)
            facts.append(Fact(view.property(group.property), values, chips, group=name))
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


def _section(
    view: LocalisedView, group: ValueGroup, heading: str, columns: Sequence[str], rows: Sequence[SectionRow]
) -> Section:
    """A section with those of its columns in which something stands."""
    used = [
        index for index in range(len(columns)) if index == 0 or any(row.cells[index].lines for row in rows)
    ]
    kept = used if columns else list(range(max((len(row.cells) for row in rows), default=0)))
    cut = tuple(SectionRow(tuple(row.cells[i] for i in kept), row.sources, row.note) for row in rows)
    names = tuple(view.text(columns[i]) for i in kept) if columns else ()
    return Section(name_in_key(group.property), heading, names, cut, _shown(view, group))


def _shown(view: LocalisedView, group: ValueGroup) -> str:
    if len(group.values) == group.total:
        return ""
    if not group.values:
        return view.text("page.shown.none", total=group.total)
    first = (view.document.page - 1) * PAGE + 1
    return view.text("page.shown", first=first, last=first + len(group.values) - 1, total=group.total)


def _records(view: LocalisedView, group: ValueGroup) -> list[EntityRecord]:
    return [view.document.record(str(value.value)) for value in group.values]


def _record_ref(view: LocalisedView, name: str, record: EntityRecord) -> Ref:
    return Ref(name, view.site.link(record.iri, view.language).target)


def _cell(*lines: Phrase, number: bool = False) -> SectionCell:
    return SectionCell(tuple(line for line in lines if line), number)


def _participations(view: LocalisedView, numbers: _Numbers) -> list[Section]:
    """Who takes part in an undertaking, and what an organisation takes part in."""
    found = []
    for incoming, other in (
        (terms.PARTICIPATES_IN, terms.PARTICIPANT),
        (terms.PARTICIPANT, terms.PARTICIPATES_IN),
    ):
        group = view.document.subjects(incoming)
        if not group.total:
            continue
        records = sorted(
            _records(view, group),
            key=lambda one: (view.rank(one), view.order(view.refs(one.iris(other))), one.iri),
        )
        rows = [_participation(view, numbers, one, other) for one in records]
        columns = (
            "page.column.organisation" if other == terms.PARTICIPANT else "page.column.undertaking",
            "page.column.kind",
            "page.column.role",
            "page.column.period",
            "page.column.amount",
        )
        found.append(_section(view, group, view.pointing(incoming), columns, rows))
    return found


def _participation(view: LocalisedView, numbers: _Numbers, record: EntityRecord, other: str) -> SectionRow:
    others = record.iris(other)
    roles = [view.name(role).text for role in record.iris(terms.ROLE)]
    role = _record_ref(view, ", ".join(roles) or view.class_name(record), record)
    return SectionRow(
        (
            _cell(view.refs(others)),
            _cell(
                *(
                    (view.kind(view.document.record(one)),)
                    for one in others
                    if view.kind(view.document.record(one))
                )
            ),
            _cell((role,)),
            _cell(view.period(record)),
            _cell(view.money(record), number=True),
        ),
        numbers.of(record),
    )


def _partners(view: LocalisedView, numbers: _Numbers) -> list[Section]:
    """With whom an organisation cooperates, and in which undertakings."""
    groups = [group for group in view.document.own.groups if group.property == terms.COOPERATES]
    shared: dict[str, set[str]] = {}
    for one in view.document.evidence:
        shared.setdefault(one.partner, set()).add(one.undertaking)
    found = []
    for group in groups:
        rows = [
            SectionRow(
                (
                    _cell((view.ref(one.iri),)),
                    _cell((view.kind(one),)),
                    _cell(*((ref,) for ref in view.sorted(map(view.ref, shared.get(one.iri, ()))))),
                ),
                (),
            )
            for one in _by_name(view, _records(view, group))
        ]
        columns = ("page.column.partner", "page.column.kind", "page.column.shared")
        found.append(_section(view, group, view.property(terms.COOPERATES), columns, rows))
    return found


def _sizes(view: LocalisedView, numbers: _Numbers) -> list[Section]:
    """Statements of size, each as a sentence that leads to the statement."""
    group = view.document.subjects(terms.ABOUT)
    records = sorted(_records(view, group), key=lambda one: _latest_first(view, one))
    rows = []
    for one in records:
        said = phrases.plain(view.size(one)) or view.name(one.iri).text
        statement = _record_ref(view, capital(said), one)
        rows.append(SectionRow((_cell((statement,)),), numbers.of(one), view.texts(one, terms.NOTE)))
    return [_section(view, group, view.pointing(terms.ABOUT), (), rows)] if group.total else []


def _latest_first(view: LocalisedView, record: EntityRecord) -> tuple[object, ...]:
    """By measure; the latest statement first, and those without a date last."""
    date = [-part for part in chronological(record.first(terms.AS_OF))]
    value = (record.first(terms.VALUE) or record.first(terms.AMOUNT)).partition(".")[0]
    size = -int(value) if value.isdecimal() else 0
    return view.order(view.refs(record.iris(terms.MEASURE))), date, size, record.iri


def _grants(view: LocalisedView, numbers: _Numbers) -> list[Section]:
    """The money for an undertaking."""
    group = view.document.subjects(terms.FUNDS)
    rows = []
    for one in sorted(_records(view, group), key=lambda one: (one.first(terms.START), one.iri)):
        name = one.first(terms.GRANT_NUMBER) or view.class_name(one)
        cells = (
            _cell((_record_ref(view, name, one),)),
            _cell(view.money(one), number=True),
            _cell(view.period(one)),
            _cell(view.refs(one.iris(terms.FUNDED_UNDER))),
        )
        rows.append(SectionRow(cells, numbers.of(one), view.texts(one, terms.NOTE)))
    columns = ("page.column.grant", "page.column.amount", "page.column.period", "page.column.programme")
    return [_section(view, group, view.pointing(terms.FUNDS), columns, rows)] if group.total else []


def _parts(view: LocalisedView, numbers: _Numbers) -> list[Section]:
    """What belongs to an undertaking, programme, region or organisation; aims and events."""
    found = []
    for property_ in (terms.PART_OF, terms.UNIT_OF, terms.AIM_OF, terms.CONCERNS, terms.ORGANISER):
        group = view.document.subjects(property_)
        if group.total:
            found.append(_list(view, numbers, group))
    return found


def _others(view: LocalisedView, numbers: _Numbers, done: set[str]) -> list[Section]:
    """Whatever else points here."""
    groups = (group for group in view.document.incoming if group.property not in done)
    order = view.presentation.property_order
    return [_list(view, numbers, one) for one in sorted(groups, key=lambda one: order(one.property, True))]


def _list(view: LocalisedView, numbers: _Numbers, group: ValueGroup) -> Section:
    """What points here, the more special classes first, or, of events, the earliest."""
    records = _by_name(view, _records(view, group))
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
        cells = (_cell((view.ref(one.iri),)), _cell((kind,) if kind else ()), _cell(view.period(one)))
        rows.append(SectionRow(cells, numbers.of(one)))
    return _section(view, group, heading, (), rows)


def _by_name(view: LocalisedView, records: Sequence[EntityRecord]) -> list[EntityRecord]:
    return sorted(records, key=lambda one: (view.order((view.name(one.iri),)), one.iri))


_SECTIONS: tuple[Callable[[LocalisedView, _Numbers], list[Section]], ...] = (
    _participations,
    _partners,
    _sizes,
    _grants,
    _parts,
)

__all__ = ["EntitySections", "Fact", "Section", "SectionCell", "SectionRow", "entity_sections"]
