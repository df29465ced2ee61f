"""What a page shows of money: grants, what sources state of the whole, and the money of parts."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pyoxigraph import NamedNode

from transfergraph.common.edtf_order import chronological
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_details import EntityDetails
from transfergraph.web.entity_document import PAGE
from transfergraph.web.entity_record import EntityRecord, ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, capital
from transfergraph.web.section_parts import (
    Section,
    SectionRow,
    SourceNumbers,
    cell,
    make_section,
    record_ref,
    records_of,
)


def money_sections(view: LocalisedView, numbers: SourceNumbers, details: EntityDetails) -> list[Section]:
    """The money of an undertaking or programme, and apart from it that of the parts."""
    return [*_own(view, numbers), *_of_parts(view, numbers, details)]


def latest_first(view: LocalisedView, record: EntityRecord) -> tuple[object, ...]:
    """By measure; the latest statement first, and those without a date last."""
    date = [-part for part in chronological(record.first(terms.AS_OF))]
    value = (record.first(terms.VALUE) or record.first(terms.AMOUNT)).partition(".")[0]
    size = -int(value) if value.isdecimal() else 0
    return view.order(view.refs(record.iris(terms.MEASURE))), date, size, record.iri


def _own(view: LocalisedView, numbers: SourceNumbers) -> list[Section]:
    """The grants for an undertaking, and what sources state of it, or of a programme, as a whole."""
    group = view.document.subjects(terms.FUNDS)
    grants = sorted(records_of(view, group), key=lambda one: (one.first(terms.START), one.iri))
    stated = [one for one in records_of(view, view.document.subjects(terms.ABOUT)) if view.amount(one)]
    stated.sort(key=lambda one: latest_first(view, one))
    rows = [_money_row(view, numbers, one, view.period(one)) for one in grants]
    rows += [_money_row(view, numbers, one, view.as_of(one)) for one in stated]
    columns = ["page.column.grant", "page.column.amount", "page.column.period", "page.column.programme"]
    if not stated:
        columns.append("page.column.funder")
        return [make_section(view, group, view.pointing(terms.FUNDS), columns, rows)] if group.total else []
    if grants:
        headings = [view.pointing(terms.FUNDS)] * len(grants) + [view.text("page.money.stated")] * len(stated)
        named = zip(rows, headings, strict=True)
        counts = Counter(headings)
        rows = [
            replace(row, group=view.text("page.group", name=name, count=counts[name])) for row, name in named
        ]
    else:
        group = ValueGroup("money", tuple(NamedNode(one.iri) for one in stated), len(stated))
    columns[0] = "page.column.money"
    columns.append("page.column.funder")
    return [make_section(view, group, view.text("page.money.heading"), columns, rows)]


def _money_row(view: LocalisedView, numbers: SourceNumbers, record: EntityRecord, when: Phrase) -> SectionRow:
    measure = record.first(terms.MEASURE)
    named = capital(view.name(measure).text) if measure else view.class_name(record)
    cells = (
        cell((record_ref(view, record.first(terms.GRANT_NUMBER) or named, record),)),
        cell(view.money(record), number=True),
        cell(when),
        cell(view.refs(record.iris(terms.FUNDED_UNDER))),
        cell(view.refs(record.iris(terms.FUNDER))),
    )
    return SectionRow(cells, numbers.of(record), view.texts(record, terms.NOTE), (record.iri,))


def _of_parts(view: LocalisedView, numbers: SourceNumbers, details: EntityDetails) -> list[Section]:
    """The grants of the parts, the earliest first, and what is stated of these; not added up."""
    money = details.part_money
    if not money.pairs:
        return []

    def begins(iri: str) -> tuple[object, ...]:
        record = money.records[iri]
        return chronological(record.first(terms.START) or record.first(terms.AS_OF) or "9999"), iri

    firsts: dict[str, tuple[object, ...]] = {}
    for part, iri in money.pairs:
        firsts[part] = min(firsts.get(part, begins(iri)), begins(iri))
    pairs = sorted(money.pairs, key=lambda one: (firsts[one[0]], one[0], begins(one[1])))
    counts = Counter(part for part, _ in pairs)
    rows = []
    for part, iri in pairs[:PAGE]:
        record = money.records[iri]
        row = _money_row(view, numbers, record, view.period(record) or view.as_of(record))
        named = view.text("page.group", name=view.name(part).text, count=counts[part])
        rows.append(replace(row, group=named))
    columns = (
        *("page.column.money", "page.column.amount", "page.column.period", "page.column.programme"),
        "page.column.funder",
    )
    group = ValueGroup("money-of-parts", tuple(NamedNode(iri) for _, iri in pairs[:PAGE]), len(pairs))
    section = make_section(view, group, view.text("page.money.parts"), columns, rows)
    return [replace(section, about=(view.text("page.money.parts.about"),))]
