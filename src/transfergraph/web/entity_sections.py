"""What a page shows of an entity, as values: facts, tables and lists, each statement with its sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from transfergraph.common.edtf_order import chronological
from transfergraph.common.namespaces import name_in_key
from transfergraph.network.model.stated_amounts import EURO, EXACTLY, Amounts
from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.entity_cells import ColumnLine, EntityCells, OwnSources
from transfergraph.web.entity_details import NO_DETAILS, EntityDetails
from transfergraph.web.entity_document import (
    PAGE,
    CitedSource,
    CooperationEvidence,
    EntityRecord,
    ValueGroup,
    local_part,
)
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref, capital, plain

_NAMED = 3  # undertakings of an organisation in a row about a topic or region

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
class SectionCell:
    """A cell of a table: a phrase, or several, one below the other; ``number`` is set to the right."""

    lines: tuple[Phrase, ...]
    number: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of a table or list: its cells, of which the first names it, its sources by number, and a note.

    ``records`` are the IRIs of the records which the row shows; ``group`` is the heading of the rows from
    here to those of another group, empty where there are no groups.
    """

    cells: tuple[SectionCell, ...]
    sources: tuple[int, ...]
    note: tuple[Ref, ...] = ()
    records: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table, or a list when it has no ``columns``.

    ``shown`` says which part of how many is on this page, where that is not all; ``about`` what the section
    holds, where its heading does not.
    """

    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[SectionRow, ...]
    shown: str = ""
    about: Phrase = ()


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
    numbers = _Numbers(view)
    numbers.of(record)
    named = OwnSources(record.iris(terms.SOURCE), cells, numbers.of_iris)
    facts = _facts(view, record, named)
    sections = [section for make in _SECTIONS for section in make(view, numbers, details)]
    done = {terms.PARTICIPATES_IN, terms.PARTICIPANT, terms.ABOUT, terms.FUNDS, terms.AIM_OF}
    done |= {terms.CONCERNS, terms.ORGANISER, terms.PART_OF, terms.UNIT_OF}
    sections.extend(_others(view, numbers, done, details))
    sections.extend(_alike(view, details))
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


class _Numbers:
    """Numbers the sources as they come up."""

    def __init__(self, view: LocalisedView) -> None:
        self._view = view
        self._number: dict[str, int] = {}

    def of(self, record: EntityRecord) -> tuple[int, ...]:
        return self.of_iris(record.iris(terms.SOURCE))

    def of_iris(self, sources: Iterable[str]) -> tuple[int, ...]:
        others = (one for one in sources if one != self._view.document.iri)
        found = self._view.sorted_iris(others)
        return tuple(sorted(self._number.setdefault(one, len(self._number) + 1) for one in found))

    @property
    def sources(self) -> tuple[CitedSource, ...]:
        return tuple(self._view.document.source(iri) for iri in self._number)


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


def _section(
    view: LocalisedView, group: ValueGroup, heading: str, columns: Sequence[str], rows: Sequence[SectionRow]
) -> Section:
    """A section with those of its columns in which something stands."""
    used = [
        index for index in range(len(columns)) if index == 0 or any(row.cells[index].lines for row in rows)
    ]
    kept = used if columns else list(range(max((len(row.cells) for row in rows), default=0)))
    cut = tuple(replace(row, cells=tuple(row.cells[i] for i in kept)) for row in rows)
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


def _participations(view: LocalisedView, numbers: _Numbers, details: EntityDetails) -> list[Section]:
    """Who takes part in an undertaking, and what an organisation takes part in."""
    found = []
    for incoming, other in (
        (terms.PARTICIPATES_IN, terms.PARTICIPANT),
        (terms.PARTICIPANT, terms.PARTICIPATES_IN),
    ):
        group = view.document.subjects(incoming)
        if not group.total:
            continue
        rows = [
            _participations_row(view, numbers, others, records)
            for others, records in _by_other(view, _records(view, group), other)
        ]
        columns = (
            "page.column.organisation" if other == terms.PARTICIPANT else "page.column.undertaking",
            "page.column.kind",
            "page.column.role",
            "page.column.period",
            "page.column.amount",
        )
        section = _section(view, group, view.pointing(incoming), columns, rows)
        apart = _through(view, details, incoming)
        if apart is not None:
            key = "page.direct.partners" if other == terms.PARTICIPANT else "page.direct.undertakings"
            section = replace(section, about=(view.text(key),))
        found += [section] if apart is None else [section, apart]
    if not found and details.through:
        apart = _through(view, details, terms.PARTICIPATES_IN)
        found += [apart] if apart else []
    return found


def _by_other(
    view: LocalisedView, records: Sequence[EntityRecord], other: str
) -> list[tuple[tuple[str, ...], list[EntityRecord]]]:
    """The participations by the undertaking or organisation at their other end, the leading ones first."""
    found: dict[tuple[str, ...], list[EntityRecord]] = {}
    for record in sorted(records, key=lambda one: (view.rank(one), one.iri)):
        found.setdefault(record.iris(other), []).append(record)

    def order(item: tuple[tuple[str, ...], list[EntityRecord]]) -> tuple[object, ...]:
        return view.rank(item[1][0]), view.order(view.refs(item[0])), item[1][0].iri

    return sorted(found.items(), key=order)


def _participations_row(
    view: LocalisedView, numbers: _Numbers, others: Sequence[str], records: Sequence[EntityRecord]
) -> SectionRow:
    """All that is stated of one partner in one undertaking: its roles one below the other, each with its
    period where these differ."""
    kinds = [kind for one in others if (kind := view.kind(view.document.record(one)))]
    periods = [view.period(one) for one in records]
    differ = len({plain(one) for one in periods}) > 1
    roles: list[Phrase] = []
    for record, period in zip(records, periods, strict=True):
        names = [view.name(role).text for role in record.iris(terms.ROLE)]
        role = _record_ref(view, ", ".join(names) or view.class_name(record), record)
        roles.append((role, ", ", *period) if differ and period else (role,))
    sources = sorted({number for record in records for number in numbers.of(record)})
    return SectionRow(
        (
            _cell(view.refs(others)),
            _cell(*((kind,) for kind in kinds)),
            _cell(*roles),
            _cell(() if differ else periods[0]),
            _cell(*(view.money(record) for record in records), number=True),
        ),
        tuple(sources),
        records=tuple(record.iri for record in records),
    )


def _through(view: LocalisedView, details: EntityDetails, incoming: str) -> Section | None:
    """Partners of an undertaking in its parts alone, or what an organisation's undertakings are part of."""
    if not details.through:
        return None
    side = "partners" if incoming == terms.PARTICIPATES_IN else "wholes"
    ordered = sorted(details.through, key=lambda one: (view.order((view.name(one.iri),)), one.iri))
    rows = [
        SectionRow(
            (
                _cell((view.ref(one.iri),)),
                _cell((view.kind(view.document.record(one.iri)),)),
                _cell(*((ref,) for ref in view.sorted(map(view.ref, one.through)))),
            ),
            (),
        )
        for one in ordered
    ]
    group = ValueGroup("through", tuple(NamedNode(one.iri) for one in ordered), details.total)
    first = "page.column.organisation" if side == "partners" else "page.column.undertaking"
    columns = (first, "page.column.kind", "page.column.through")
    section = _section(view, group, view.text(f"page.through.{side}"), columns, rows)
    return replace(section, about=(view.text(f"page.through.{side}.about"),))


def _partners(view: LocalisedView, numbers: _Numbers, details: EntityDetails) -> list[Section]:
    """With whom an organisation cooperates, and in which undertakings."""
    groups = [group for group in view.document.own.groups if group.property == terms.COOPERATES]
    shared: dict[str, dict[str, list[str]]] = {}
    begins_here = _beginnings(view)
    for evidence in view.document.evidence:
        since = _since(view, evidence, begins_here.get(evidence.undertaking, ""))
        through = shared.setdefault(evidence.partner, {}).setdefault(evidence.undertaking, [])
        through.extend([since] if since else [])
    found = []
    for group in groups:
        rows = []
        for one in _by_name(view, _records(view, group)):
            undertakings = shared.get(one.iri, {})
            begins = [min(some, key=_date_order) for some in undertakings.values() if some]
            earliest = min(begins, key=_date_order, default="")
            rows.append(
                SectionRow(
                    (
                        _cell((view.ref(one.iri),)),
                        _cell((view.kind(one),)),
                        _cell(*((ref,) for ref in view.sorted(map(view.ref, undertakings)))),
                        _cell((phrases.moment(earliest, view.language),) if earliest else ()),
                    ),
                    (),
                )
            )
        columns = (
            *("page.column.partner", "page.column.kind", "page.column.shared"),
            "page.column.since",
        )
        found.append(_section(view, group, view.property(terms.COOPERATES), columns, rows))
    return found


def _beginnings(view: LocalisedView) -> dict[str, str]:
    """When the organisation's part in each of its undertakings begins, where that is stated."""
    found: dict[str, str] = {}
    for value in view.document.subjects(terms.PARTICIPANT).values:
        record = view.document.record(str(value.value))
        if start := record.first(terms.START):
            for one in record.iris(terms.PARTICIPATES_IN):
                found[one] = min(found.get(one, start), start, key=_date_order)
    return found


def _since(view: LocalisedView, evidence: CooperationEvidence, own: str) -> str:
    """When two begin to work together in an undertaking: as soon as both take part in it and it has begun;
    empty where nothing is stated."""
    whole = view.document.record(evidence.undertaking).first(terms.START)
    stated = [one for one in (own, evidence.since, whole) if one]
    return max(stated, key=_date_order) if len(stated) > 1 else "".join(stated)


def _date_order(edtf: str) -> tuple[object, ...]:
    return chronological(edtf), edtf


def _sizes(view: LocalisedView, numbers: _Numbers, details: EntityDetails) -> list[Section]:
    """Statements of size, each as a sentence that leads to the statement."""
    group = view.document.subjects(terms.ABOUT)
    records = sorted(_records(view, group), key=lambda one: _latest_first(view, one))
    rows = []
    for one in records:
        said = plain(view.size(one)) or view.name(one.iri).text
        statement = _record_ref(view, capital(said), one)
        rows.append(
            SectionRow((_cell((statement,)),), numbers.of(one), view.texts(one, terms.NOTE), (one.iri,))
        )
    return [_section(view, group, view.pointing(terms.ABOUT), (), rows)] if group.total else []


def _latest_first(view: LocalisedView, record: EntityRecord) -> tuple[object, ...]:
    """By measure; the latest statement first, and those without a date last."""
    date = [-part for part in chronological(record.first(terms.AS_OF))]
    value = (record.first(terms.VALUE) or record.first(terms.AMOUNT)).partition(".")[0]
    size = -int(value) if value.isdecimal() else 0
    return view.order(view.refs(record.iris(terms.MEASURE))), date, size, record.iri


def _grants(view: LocalisedView, numbers: _Numbers, details: EntityDetails) -> list[Section]:
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
        rows.append(SectionRow(cells, numbers.of(one), view.texts(one, terms.NOTE), (one.iri,)))
    columns = ("page.column.grant", "page.column.amount", "page.column.period", "page.column.programme")
    return [_section(view, group, view.pointing(terms.FUNDS), columns, rows)] if group.total else []


def _parts(view: LocalisedView, numbers: _Numbers, details: EntityDetails) -> list[Section]:
    """What belongs to an undertaking, programme, region or organisation; aims and events."""
    found = []
    for property_ in (terms.PART_OF, terms.UNIT_OF, terms.AIM_OF, terms.CONCERNS, terms.ORGANISER):
        group = view.document.subjects(property_)
        if group.total:
            found.append(_list(view, numbers, group, details))
    return found


def _others(view: LocalisedView, numbers: _Numbers, done: set[str], details: EntityDetails) -> list[Section]:
    """Whatever else points here."""
    groups = (group for group in view.document.incoming if group.property not in done)
    order = view.presentation.property_order
    sections = []
    for group in sorted(groups, key=lambda one: order(one.property, True)):
        is_used = details.uses is not None and any(
            view.role(str(one.value)) is Role.UNDERTAKING for one in group.values
        )
        sections.append((_used if is_used else _list)(view, numbers, group, details))
    told = any(one.about for one in sections)
    within = _within(view, numbers, details, told)
    sections = [*sections, *within] if told else [*within, *sections]
    return [*sections, *_organisations(view, details)]


def _used(view: LocalisedView, numbers: _Numbers, group: ValueGroup, details: EntityDetails) -> Section:
    """The undertakings that have to do with a topic, programme or region; with them what else points here."""
    records = _records(view, group)
    section = _undertakings(view, numbers, group, view.pointing(group.property), records, details)
    return replace(section, about=_summary(view, details))


def _within(view: LocalisedView, numbers: _Numbers, details: EntityDetails, told: bool) -> list[Section]:
    """The undertakings of what is within a topic, programme or region; ``told`` where the summary stands
    already."""
    uses = details.uses
    further = sorted(set(uses.undertakings) - uses.direct) if uses and view.document.page == 1 else []
    if not further:
        return []
    group = ValueGroup("within", tuple(map(NamedNode, further[:PAGE])), len(further))
    key = "page.within" if uses and uses.direct else "page.within.alone"
    records = _records(view, group)
    section = _undertakings(view, numbers, group, view.text(key), records, details)
    return [section if told else replace(section, about=_summary(view, details))]


def _undertakings(
    view: LocalisedView,
    numbers: _Numbers,
    group: ValueGroup,
    heading: str,
    records: Sequence[EntityRecord],
    details: EntityDetails,
) -> Section:
    """Undertakings by class, with period, partners and what is stated of their money."""
    uses = details.uses
    assert uses is not None
    ordered = _by_name(view, records)
    ordered.sort(key=lambda one: [view.presentation.class_order(name) for name in view.classes(one)[:1]])
    titles = [view.list_title(one.classes) or view.class_name(one) for one in ordered]
    counts = Counter(titles)
    rows = []
    for one, title in zip(ordered, titles, strict=True):
        partners = len(uses.taking_part.get(one.iri, ()))
        cells = (
            _cell((view.ref(one.iri),)),
            _cell(view.period(one)),
            _cell((phrases.number(str(partners), view.language),) if partners else (), number=True),
            _cell(*_amounts(view, uses.amounts.get(one.iri)), number=True),
        )
        named = view.text("page.group", name=title, count=counts[title]) if title and len(counts) > 1 else ""
        rows.append(SectionRow(cells, numbers.of(one), records=(one.iri,), group=named))
    columns = ("page.column.undertaking", "page.column.period", "page.column.partners", "page.column.amount")
    return _section(view, group, heading, columns, rows)


def _summary(view: LocalisedView, details: EntityDetails) -> Phrase:
    """How many, how much and since when, in one line."""
    uses = details.uses
    if uses is None:
        return ()
    said = [view.text("page.uses.undertakings", count=len(uses.undertakings))]
    if organisations := len(uses.organisations):
        said.append(view.text("page.uses.organisations", count=organisations))
    if uses.total.amounts:
        amount = plain(_amounts(view, uses.total)[0])
        said.append(view.text("page.uses.amount", amount=amount, count=len(uses.amounts)))
    if uses.first:
        date = phrases.moment(uses.first, view.language)
        said.append(view.text("page.uses.first", date=date if isinstance(date, str) else date.text))
    return (f"{'; '.join(said)}.",)


def _amounts(view: LocalisedView, amounts: Amounts | None) -> list[Phrase]:
    """Amounts in euro with their qualifiers."""
    found: list[Phrase] = []
    for one in amounts.amounts if amounts else ():
        value = phrases.number(str(one.amount), view.language)
        shown = view.text("page.money", value=value, currency=local_part(EURO))
        exact = one.qualifier == EXACTLY
        found.append((shown if exact else f"{view.text(f'page.qualifier.{one.qualifier}')} {shown}",))
    return found


def _organisations(view: LocalisedView, details: EntityDetails) -> list[Section]:
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
        seat = _cell(view.refs(record.iris(terms.SEAT)))
        rows.append(
            SectionRow((_cell((view.ref(iri),)), _cell((view.kind(record),)), seat, _cell(*lines)), ())
        )
    group = ValueGroup("organisations", tuple(NamedNode(one) for one in list(every)[:PAGE]), len(every))
    columns = ("page.column.organisation", "page.column.kind", "page.column.seat", "page.column.undertakings")
    return [_section(view, group, view.text("page.organisations"), columns, rows)]


def _alike(view: LocalisedView, details: EntityDetails) -> list[Section]:
    """Similar entities, each with what it shares."""
    rows = []
    for one in details.alike:
        shared: dict[str, list[Ref]] = {}
        for property_, value in one.shared:
            shared.setdefault(view.property(property_), []).append(view.ref(value))
        lines = [(f"{name}: ", *view.refs_of(refs)) for name, refs in shared.items()]
        kind = view.kind(view.document.record(one.iri))
        rows.append(
            SectionRow((_cell((view.ref(one.iri),)), _cell((kind,) if kind else ()), _cell(*lines)), ())
        )
    if not rows:
        return []
    columns = tuple(map(view.text, ("page.column.name", "page.column.kind", "page.column.common")))
    used = [at for at in range(3) if any(row.cells[at].lines for row in rows)]
    cut = tuple(replace(row, cells=tuple(row.cells[at] for at in used)) for row in rows)
    about = (view.text("page.alike.about"),)
    return [Section("alike", view.text("page.alike"), tuple(columns[at] for at in used), cut, about=about)]


def _list(view: LocalisedView, numbers: _Numbers, group: ValueGroup, details: EntityDetails) -> Section:
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
        rows.append(SectionRow(cells, numbers.of(one), records=(one.iri,)))
    return _section(view, group, heading, (), rows)


def _by_name(view: LocalisedView, records: Sequence[EntityRecord]) -> list[EntityRecord]:
    return sorted(records, key=lambda one: (view.order((view.name(one.iri),)), one.iri))


_SECTIONS: tuple[Callable[[LocalisedView, _Numbers, EntityDetails], list[Section]], ...] = (
    _participations,
    _partners,
    _sizes,
    _grants,
    _parts,
)

__all__ = ["EntitySections", "Fact", "Section", "SectionCell", "SectionRow", "entity_sections"]
