"""Who takes part in an undertaking, in what an organisation takes part, and with whom it works together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from transfergraph.common.edtf_order import chronological
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.entity_details import EntityDetails
from transfergraph.web.entity_document import CooperationEvidence
from transfergraph.web.entity_record import EntityRecord, ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, plain
from transfergraph.web.section_parts import (
    Section,
    SectionRow,
    SourceNumbers,
    by_name,
    cell,
    make_section,
    record_ref,
    records_of,
)

_NAMED = 6  # partners in a row about what else they do together


def participation_sections(
    view: LocalisedView, numbers: SourceNumbers, details: EntityDetails
) -> list[Section]:
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
            for others, records in _by_other(view, records_of(view, group), other)
        ]
        columns = (
            "page.column.organisation" if other == terms.PARTICIPANT else "page.column.undertaking",
            "page.column.kind",
            "page.column.role",
            "page.column.period",
            "page.column.amount",
        )
        section = make_section(view, group, view.pointing(incoming), columns, rows)
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
    view: LocalisedView, numbers: SourceNumbers, others: Sequence[str], records: Sequence[EntityRecord]
) -> SectionRow:
    """All that is stated of one partner in one undertaking: its roles one below the other, each with its
    period where these differ."""
    kinds = [kind for one in others if (kind := view.kind(view.document.record(one)))]
    periods = [view.period(one) for one in records]
    differ = len({plain(one) for one in periods}) > 1
    roles: list[Phrase] = []
    for record, period in zip(records, periods, strict=True):
        names = [view.name(role).text for role in record.iris(terms.ROLE)]
        role = record_ref(view, ", ".join(names) or view.class_name(record), record)
        roles.append((role, ", ", *period) if differ and period else (role,))
    sources = sorted({number for record in records for number in numbers.of(record)})
    return SectionRow(
        (
            cell(view.refs(others)),
            cell(*((kind,) for kind in kinds)),
            cell(*roles),
            cell(() if differ else periods[0]),
            cell(*(view.money(record) for record in records), number=True),
        ),
        tuple(sources),
        records=tuple(record.iri for record in records),
    )


def _through(view: LocalisedView, details: EntityDetails, incoming: str) -> Section | None:
    """Partners of an undertaking in its parts alone, or what an organisation's undertakings are part of."""
    if not details.through:
        return None
    of_undertaking = incoming == terms.PARTICIPATES_IN
    heading = "page.through.partners" if of_undertaking else "page.through.wholes"
    about = "page.through.partners.about" if of_undertaking else "page.through.wholes.about"
    ordered = sorted(details.through, key=lambda one: (view.order((view.name(one.iri),)), one.iri))
    rows = [
        SectionRow(
            (
                cell((view.ref(one.iri),)),
                cell((view.kind(view.document.record(one.iri)),)),
                cell(*((ref,) for ref in view.sorted(map(view.ref, one.through)))),
            ),
            (),
        )
        for one in ordered
    ]
    group = ValueGroup("through", tuple(NamedNode(one.iri) for one in ordered), details.total)
    first = "page.column.organisation" if of_undertaking else "page.column.undertaking"
    columns = (first, "page.column.kind", "page.column.through")
    section = make_section(view, group, view.text(heading), columns, rows)
    return replace(section, about=(view.text(about),))


def joint_sections(view: LocalisedView, numbers: SourceNumbers, details: EntityDetails) -> list[Section]:
    """What else partners of an undertaking do together, those of most partners first."""
    if not details.joint:
        return []
    rows = []
    for one in details.joint:
        record = view.document.record(one.iri)
        partners: list[Phrase] = [(ref,) for ref in view.sorted(map(view.ref, one.partners[:_NAMED]))]
        more = len(one.partners) - _NAMED
        partners += [(view.text("page.more", count=more),)] if more > 0 else []
        kind = view.kind(record)
        cells = (
            cell((view.ref(one.iri),)),
            cell((kind,) if kind else ()),
            cell(view.period(record)),
            cell(*partners),
        )
        rows.append(SectionRow(cells, numbers.of_iris(one.sources), records=(one.iri,)))
    group = ValueGroup("joint", tuple(NamedNode(one.iri) for one in details.joint), details.all_joint)
    columns = ("page.column.undertaking", "page.column.kind", "page.column.period", "page.column.together")
    section = make_section(view, group, view.text("page.joint"), columns, rows)
    return [replace(section, about=(view.text("page.joint.about"),))]


def cooperation_sections(
    view: LocalisedView, numbers: SourceNumbers, details: EntityDetails
) -> list[Section]:
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
        partners = by_name(view, records_of(view, group))
        is_whole = len(partners) == group.total  # on one page
        if is_whole:
            partners.sort(key=lambda one: -len(shared.get(one.iri, {})))
        for one in partners:
            undertakings = shared.get(one.iri, {})
            begins = [min(some, key=_date_order) for some in undertakings.values() if some]
            earliest = min(begins, key=_date_order, default="")
            rows.append(
                SectionRow(
                    (
                        cell((view.ref(one.iri),)),
                        cell((view.kind(one),)),
                        cell(*((ref,) for ref in view.sorted(map(view.ref, undertakings)))),
                        cell((phrases.moment(earliest, view.language),) if earliest else ()),
                    ),
                    (),
                )
            )
        columns = (
            *("page.column.partner", "page.column.kind", "page.column.shared"),
            "page.column.since",
        )
        section = make_section(view, group, view.property(terms.COOPERATES), columns, rows)
        said = view.text("page.partners.ordered", count=group.total) if is_whole and len(rows) > 1 else ""
        found.append(replace(section, about=(said,) if said else ()))
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
