"""What a page tells about an entity, as values: facts, tables and lists, each statement with its sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transfergraph.catalogue.names import local_name
from transfergraph.messages import CATALOGUE
from transfergraph.pages import terms, wording
from transfergraph.pages.documents import PAGE, Group, Record, Source, local_part
from transfergraph.pages.voice import Voice
from transfergraph.pages.wording import Phrase, Ref, capital

_NOT_FACTS = frozenset(
    {
        terms.TYPE,
        *terms.NAMES,
        terms.DESCRIPTION,
        terms.DEFINITION,
        terms.NOTE,
        terms.SOURCE,
        terms.COOPERATES,
        terms.LAT,
        terms.LONG,
        terms.HAS_GEOMETRY,
    }
)


@dataclass(frozen=True, slots=True)
class Fact:
    """A property and its values; ``chips`` for keywords, ``anchor`` names the place on the page."""

    label: str
    values: tuple[Phrase, ...]
    chips: bool = False
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: a phrase, or several, one below the other; ``number`` is set to the right."""

    lines: tuple[Phrase, ...]
    number: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table or list: its cells, of which the first names it, its sources by number, and a note."""

    cells: tuple[Cell, ...]
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
    rows: tuple[Row, ...]
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a page tells, in order; ``sources`` are numbered from 1."""

    facts: tuple[Fact, ...]
    texts: tuple[Ref, ...]
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]


def tell(voice: Voice) -> Told:
    """The facts, texts, sections and sources of a document."""
    record = voice.document.own
    numbers = _Numbers(voice)
    numbers.of(record)
    sections = [section for make in _SECTIONS for section in make(voice, numbers)]
    done = {terms.PARTICIPATES_IN, terms.PARTICIPANT, terms.ABOUT, terms.FUNDS, terms.AIM_OF}
    done |= {terms.CONCERNS, terms.ORGANISER, terms.PART_OF, terms.UNIT_OF}
    sections.extend(_others(voice, numbers, done))
    texts = [
        text for one in (terms.DESCRIPTION, terms.DEFINITION, terms.NOTE) for text in voice.texts(record, one)
    ]
    return Told(_facts(voice, record), tuple(texts), tuple(sections), numbers.sources)


class _Numbers:
    """Numbers the sources as they come up."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._number: dict[str, int] = {}

    def of(self, record: Record) -> tuple[int, ...]:
        others = (one for one in record.iris(terms.SOURCE) if one != self._voice.document.iri)
        found = self._voice.sorted_iris(others)
        return tuple(sorted(self._number.setdefault(one, len(self._number) + 1) for one in found))

    @property
    def sources(self) -> tuple[Source, ...]:
        return tuple(self._voice.document.source(iri) for iri in self._number)


def _facts(voice: Voice, record: Record) -> tuple[Fact, ...]:
    facts = []
    for group in record.groups:
        if group.property in _NOT_FACTS:
            continue
        values = tuple(one for value in group.values if (one := voice.value(group.property, value)))
        literals = record.literals(group.property)
        if len(literals) == len(group.values) and any(one.language for one in literals):
            values = tuple((text,) for text in voice.texts(record, group.property))
        if group.property == terms.SUBJECT or len(values) > 1:
            values = tuple(sorted(values, key=voice.order))
        if values:
            facts.append(Fact(voice.property(group.property), values, group.property == terms.SUBJECT))
    if place := _coordinates(voice, record):
        facts.append(place)
    return tuple(facts)


def _coordinates(voice: Voice, record: Record) -> Fact | None:
    latitude, longitude = record.first(terms.LAT), record.first(terms.LONG)
    if not (latitude and longitude):
        return None
    shown = voice.say(
        "page.coordinates",
        latitude=wording.number(latitude, voice.language),
        longitude=wording.number(longitude, voice.language),
    )
    anchors = (one.rpartition("#")[2] for one in record.iris(terms.HAS_GEOMETRY) if "#" in one)
    return Fact(voice.say("page.property.coordinates"), ((shown,),), anchor=next(anchors, ""))


def _section(
    voice: Voice, group: Group, heading: str, columns: Sequence[str], rows: Sequence[Row]
) -> Section:
    """A section with those of its columns in which something stands."""
    used = [
        index for index in range(len(columns)) if index == 0 or any(row.cells[index].lines for row in rows)
    ]
    kept = used if columns else list(range(max((len(row.cells) for row in rows), default=0)))
    cut = tuple(Row(tuple(row.cells[i] for i in kept), row.sources, row.note) for row in rows)
    names = tuple(voice.say(f"page.column.{columns[i]}") for i in kept) if columns else ()
    return Section(local_name(group.property), heading, names, cut, _shown(voice, group))


def _shown(voice: Voice, group: Group) -> str:
    if len(group.values) == group.total:
        return ""
    if not group.values:
        return voice.say("page.shown.none", total=group.total)
    first = (voice.document.page - 1) * PAGE + 1
    return voice.say("page.shown", first=first, last=first + len(group.values) - 1, total=group.total)


def _records(voice: Voice, group: Group) -> list[Record]:
    return [voice.document.record(str(value.value)) for value in group.values]


def _cell(*lines: Phrase, number: bool = False) -> Cell:
    return Cell(tuple(line for line in lines if line), number)


def _participations(voice: Voice, numbers: _Numbers) -> list[Section]:
    """Who takes part in an undertaking, and what an organisation takes part in."""
    found = []
    for here, there in (
        (terms.PARTICIPATES_IN, terms.PARTICIPANT),
        (terms.PARTICIPANT, terms.PARTICIPATES_IN),
    ):
        group = voice.document.subjects(here)
        if not group.total:
            continue
        records = sorted(
            _records(voice, group),
            key=lambda one: (voice.rank(one), voice.order(voice.refs(one.iris(there))), one.iri),
        )
        rows = [_participation(voice, numbers, one, there) for one in records]
        columns = (
            "organisation" if there == terms.PARTICIPANT else "undertaking",
            "kind",
            "role",
            "period",
            "amount",
        )
        found.append(_section(voice, group, _heading(voice, here), columns, rows))
    return found


def _participation(voice: Voice, numbers: _Numbers, record: Record, there: str) -> Row:
    others = record.iris(there)
    roles = [voice.name(role).text for role in record.iris(terms.ROLE)]
    link = voice.site.link(record.iri, voice.language)
    role = Ref(", ".join(roles) or voice.say("page.class.Participation"), link.target if link else "")
    return Row(
        (
            _cell(voice.refs(others)),
            _cell(
                *(
                    (voice.kind(voice.document.record(one)),)
                    for one in others
                    if voice.kind(voice.document.record(one))
                )
            ),
            _cell((role,)),
            _cell(voice.period(record)),
            _cell(voice.money(record), number=True),
        ),
        numbers.of(record),
    )


def _partners(voice: Voice, numbers: _Numbers) -> list[Section]:
    """With whom an organisation cooperates, and in which undertakings."""
    groups = [group for group in voice.document.own.groups if group.property == terms.COOPERATES]
    shared: dict[str, set[str]] = {}
    for one in voice.document.evidence:
        shared.setdefault(one.partner, set()).add(one.undertaking)
    found = []
    for group in groups:
        rows = [
            Row(
                (
                    _cell((voice.ref(one.iri),)),
                    _cell((voice.kind(one),)),
                    _cell(*((ref,) for ref in voice.sorted(map(voice.ref, shared.get(one.iri, ()))))),
                ),
                (),
            )
            for one in _by_name(voice, _records(voice, group))
        ]
        columns = ("partner", "kind", "shared")
        found.append(_section(voice, group, voice.say("page.section.partners"), columns, rows))
    return found


def _sizes(voice: Voice, numbers: _Numbers) -> list[Section]:
    """Statements of size, each as a sentence that leads to the statement."""
    group = voice.document.subjects(terms.ABOUT)
    records = sorted(_records(voice, group), key=lambda one: _latest_first(voice, one))
    rows = []
    for one in records:
        link = voice.site.link(one.iri, voice.language)
        said = Ref(capital(wording.plain(voice.size(one))), link.target if link else "")
        rows.append(Row((_cell((said,)),), numbers.of(one), voice.texts(one, terms.NOTE)))
    return [_section(voice, group, _heading(voice, terms.ABOUT), (), rows)] if group.total else []


def _latest_first(voice: Voice, record: Record) -> tuple[object, ...]:
    """By measure; the latest statement first, and those without a date last."""
    date = [-int(part) for part in record.first(terms.AS_OF).split("-") if part.isdecimal()] or [0]
    value = record.first(terms.VALUE)
    size = -int(value) if value.isdecimal() else 0
    return voice.order(voice.refs(record.iris(terms.MEASURE))), date, size, record.iri


def _grants(voice: Voice, numbers: _Numbers) -> list[Section]:
    """The money for an undertaking."""
    group = voice.document.subjects(terms.FUNDS)
    rows = []
    for one in sorted(_records(voice, group), key=lambda one: (one.first(terms.START), one.iri)):
        link = voice.site.link(one.iri, voice.language)
        name = one.first(terms.GRANT_NUMBER) or voice.say("page.class.Funding")
        cells = (
            _cell((Ref(name, link.target if link else ""),)),
            _cell(voice.money(one), number=True),
            _cell(voice.period(one)),
            _cell(voice.refs(one.iris(terms.FUNDED_UNDER))),
        )
        rows.append(Row(cells, numbers.of(one), voice.texts(one, terms.NOTE)))
    columns = ("grant", "amount", "period", "programme")
    return [_section(voice, group, _heading(voice, terms.FUNDS), columns, rows)] if group.total else []


def _parts(voice: Voice, numbers: _Numbers) -> list[Section]:
    """What belongs to an undertaking, programme, region or organisation; aims and events."""
    found = []
    for property_ in (terms.PART_OF, terms.UNIT_OF, terms.AIM_OF, terms.CONCERNS, terms.ORGANISER):
        group = voice.document.subjects(property_)
        if group.total:
            found.append(_list(voice, numbers, group))
    return found


def _others(voice: Voice, numbers: _Numbers, done: set[str]) -> list[Section]:
    """Whatever else points here."""
    return [_list(voice, numbers, group) for group in voice.document.incoming if group.property not in done]


def _list(voice: Voice, numbers: _Numbers, group: Group) -> Section:
    """What points here, the more special classes first, or, of events, the earliest."""
    records = _by_name(voice, _records(voice, group))
    if group.property in (terms.CONCERNS, terms.ORGANISER):
        records.sort(key=lambda one: one.first(terms.START) or "9999")
    else:
        records.sort(key=lambda one: [terms.class_order(name) for name in one.classes[:1]])
    plain_classes = {terms.TG + "Aim", *(voice.document.classes if group.property == terms.PART_OF else ())}
    rows = []
    for one in records:
        told = one.has_name and plain_classes.isdisjoint(one.classes[:1])
        kind = voice.kind(one) if told else ""
        cells = (_cell((voice.ref(one.iri),)), _cell((kind,) if kind else ()), _cell(voice.period(one)))
        rows.append(Row(cells, numbers.of(one)))
    return _section(voice, group, _heading(voice, group.property), (), rows)


def _by_name(voice: Voice, records: Sequence[Record]) -> list[Record]:
    return sorted(records, key=lambda one: (voice.order((voice.name(one.iri),)), one.iri))


def _heading(voice: Voice, property_: str) -> str:
    """What the group of all that points here with this property is called."""
    names = [local_part(one) for one in voice.document.classes]
    for key in (
        *(f"page.incoming.{local_name(property_)}.{name}" for name in names),
        f"page.incoming.{local_name(property_)}",
    ):
        if key in CATALOGUE:
            return voice.say(key)
    return voice.say("page.incoming", property=voice.property(property_))


_SECTIONS: tuple[Callable[[Voice, _Numbers], list[Section]], ...] = (
    _participations,
    _partners,
    _sizes,
    _grants,
    _parts,
)

__all__ = ["Cell", "Fact", "Row", "Section", "Told", "tell"]
