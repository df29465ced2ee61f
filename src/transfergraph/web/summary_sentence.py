"""One sentence that says what an entity is, made from what is stated of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transfergraph.messages import pieces
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases as wording
from transfergraph.web.addresses import SCHEMES
from transfergraph.web.entity_document import EntityRecord, ValueGroup, local_part
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Piece, plain


class SummarySentence:
    """A sentence that grows by clauses; a clause without a value is left out."""

    def __init__(self, view: LocalisedView) -> None:
        self._view = view
        self._pieces: list[Piece] = []

    def begin(self, key: str, **fills: Phrase) -> SummarySentence:
        """What the entity is."""
        self._pieces.extend(self._view.phrase(key, **fills))
        return self

    def add(self, key: str, **fills: Phrase) -> SummarySentence:
        """A clause, when each of its places is filled."""
        if all(fills.values()):
            self._join(self._view.phrase(key, **fills))
        return self

    def count(self, key: str, number: int) -> SummarySentence:
        """A clause that counts, when there is something to count."""
        if number:
            self._join(tuple(before for before, _ in pieces(key, self._view.language, count=number)))
        return self

    def end(self) -> Phrase:
        """The sentence with its full stop, unless a name at its end brings a mark of its own."""
        said = tuple(self._pieces)
        return said if not said or plain(said).endswith((".", "!", "?", "…")) else (*said, ".")

    def _join(self, clause: Phrase) -> None:
        if not plain(clause).startswith((",", ";")):
            self._pieces.append(" ")
        self._pieces.extend(clause)


def summary_sentence(view: LocalisedView) -> Phrase:
    """What the entity is, in one sentence with links; empty for what nothing can be said of."""
    record = view.document.own
    if record.iri.startswith(SCHEMES) or record.iris(terms.IN_SCHEME):
        return _concept(view, record)
    for one in record.classes:
        tell = _TELLERS.get(local_part(one)) if one.startswith(terms.TG) else None
        if tell is not None:
            return tell(view, record)
    return ()


def _refs(view: LocalisedView, record: EntityRecord, property_: str) -> Phrase:
    return view.refs(record.iris(property_))


def _whole(group: ValueGroup) -> bool:
    """True when the page shows all of the group, so that what it leads to can be counted."""
    return len(group.values) == group.total


def _distinct(view: LocalisedView, group: ValueGroup, property_: str) -> int:
    """How many different things the records of a group lead to."""
    records = (view.document.record(str(value.value)) for value in group.values)
    return len({one for record in records for one in record.iris(property_)})


def _undertaking(view: LocalisedView, record: EntityRecord) -> Phrase:
    kinds = {
        terms.TG + "Alliance": "page.is.alliance",
        terms.TG + "Project": "page.is.project",
        terms.TG + "Lab": "page.is.lab",
    }
    kind = next((kinds[one] for one in record.classes if one in kinds), "page.is.undertaking")
    said = SummarySentence(view).begin(kind, name=(view.name(record.iri),))
    wholes = record.iris(terms.PART_OF)
    alliances = [one for one in wholes if terms.TG + "Alliance" in view.document.record(one).classes]
    said.add("page.with.alliance", whole=view.refs(alliances))
    said.add("page.with.whole", whole=view.refs(one for one in wholes if one not in alliances))
    said.add("page.with.seat", place=_refs(view, record, terms.SEAT))
    said.add("page.with.location", place=_refs(view, record, terms.LOCATION))
    said.add("page.with.programme", programme=_refs(view, record, terms.FUNDED_UNDER))
    said.add("page.with.value", value=view.period(record))
    group = view.document.subjects(terms.PARTICIPATES_IN)
    if _whole(group):
        return said.count("page.with.participants", _distinct(view, group, terms.PARTICIPANT)).end()
    return said.count("page.with.participations", group.total).end()


def _organisation(view: LocalisedView, record: EntityRecord) -> Phrase:
    kinds: list[Phrase] = [(view.name(one),) for one in record.iris(terms.CLASSIFICATION)]
    seats: list[Phrase] = [(view.ref(one),) for one in record.iris(terms.SEAT)]
    what: list[Piece] = []
    for number, part in enumerate((*kinds, *seats)):
        what.extend((", ", *part) if number else part)
    name = (view.name(record.iri),)
    whom = (*name, " ", *view.phrase("page.with.kind", kind=tuple(what))) if what else name
    does = _deeds(view, record)
    if not does:
        return SummarySentence(view).begin("page.is.organisation", name=whom).end()
    return (*whom, " ", *wording.joined(does, view.language), ".")


def _deeds(view: LocalisedView, record: EntityRecord) -> list[Phrase]:
    document = view.document
    found: list[Phrase] = []
    if wholes := record.iris(terms.UNIT_OF):
        found.append(view.phrase("page.does.unit", whole=view.refs(wholes)))
    group = document.subjects(terms.PARTICIPANT)
    partners = next((one.total for one in record.groups if one.property == terms.COOPERATES), 0)
    counted = (
        ("page.does.undertakings", _distinct(view, group, terms.PARTICIPATES_IN))
        if _whole(group)
        else ("page.does.participations", group.total),
        ("page.does.partners", partners),
        ("page.does.funds", document.subjects(terms.FUNDER).total),
    )
    found.extend((view.say(key, count=count),) for key, count in counted if count)
    return found


def _programme(view: LocalisedView, record: EntityRecord) -> Phrase:
    said = SummarySentence(view).begin("page.is.programme", name=(view.name(record.iri),))
    said.add("page.with.whole", whole=_refs(view, record, terms.PART_OF))
    said.add("page.with.funders", funders=_refs(view, record, terms.FUNDER))
    return said.count("page.with.funded", view.document.subjects(terms.FUNDED_UNDER).total).end()


def _region(view: LocalisedView, record: EntityRecord) -> Phrase:
    said = SummarySentence(view).begin("page.is.region", name=(view.name(record.iri),))
    said.add("page.with.kind", kind=tuple(view.name(one) for one in record.iris(terms.KIND)[:1]))
    said.add("page.with.location", place=_refs(view, record, terms.PART_OF))
    return said.count("page.with.within", view.document.subjects(terms.IN_REGION).total).end()


def _place(view: LocalisedView, record: EntityRecord) -> Phrase:
    said = SummarySentence(view).begin("page.is.place", name=(view.name(record.iri),))
    said.add("page.with.region", region=_refs(view, record, terms.IN_REGION))
    return said.count("page.with.seats", view.document.subjects(terms.SEAT).total).end()


def _concept(view: LocalisedView, record: EntityRecord) -> Phrase:
    name: Phrase = (view.name(record.iri),)
    schemes = record.iris(terms.IN_SCHEME)
    if not schemes:
        total = view.document.subjects(terms.IN_SCHEME).total
        return (
            SummarySentence(view).begin("page.is.scheme", name=name).count("page.with.concepts", total).end()
            if total
            else ()
        )
    if SCHEMES + "topic" in schemes:
        said = SummarySentence(view).begin("page.is.topic", name=name)
        said.add("page.with.field", field=_refs(view, record, terms.BROAD_MATCH))
        return said.count("page.with.on-topic", view.document.subjects(terms.SUBJECT).total).end()
    uses = {terms.ROLE, terms.MEASURE, terms.QUALIFIER, terms.KIND, terms.CLASSIFICATION, terms.BROAD_MATCH}
    total = sum(group.total for group in view.document.incoming if group.property in uses)
    said = SummarySentence(view).begin("page.is.concept", name=name, scheme=view.refs(schemes))
    return said.count("page.with.uses", total).end()


def _event(view: LocalisedView, record: EntityRecord) -> Phrase:
    said = SummarySentence(view).begin("page.is.event", name=(view.name(record.iri),))
    said.add("page.with.kind", kind=tuple(view.name(one) for one in record.iris(terms.KIND)[:1]))
    said.add("page.with.concerns", undertaking=_refs(view, record, terms.CONCERNS))
    said.add("page.with.organiser", organiser=_refs(view, record, terms.ORGANISER))
    return said.add("page.with.value", value=view.period(record)).end()


def _aim(view: LocalisedView, record: EntityRecord) -> Phrase:
    undertakings = _refs(view, record, terms.AIM_OF)
    return SummarySentence(view).begin("page.is.aim", undertaking=undertakings).end() if undertakings else ()


def _participation(view: LocalisedView, record: EntityRecord) -> Phrase:
    participant = _refs(view, record, terms.PARTICIPANT)
    undertaking = _refs(view, record, terms.PARTICIPATES_IN)
    if not (participant and undertaking):
        return ()
    said = SummarySentence(view).begin(
        "page.is.participation", participant=participant, undertaking=undertaking
    )
    said.add("page.with.role", role=_refs(view, record, terms.ROLE)).add(
        "page.with.value", value=view.period(record)
    )
    return said.add("page.with.value", value=view.money(record)).end()


def _funding(view: LocalisedView, record: EntityRecord) -> Phrase:
    undertaking = _refs(view, record, terms.FUNDS)
    if not undertaking:
        return ()
    said = SummarySentence(view).begin("page.is.funding", undertaking=undertaking)
    said.add("page.with.from", programme=_refs(view, record, terms.FUNDED_UNDER))
    said.add("page.with.value", value=view.money(record)).add("page.with.value", value=view.period(record))
    number = record.first(terms.GRANT_NUMBER)
    return said.add("page.with.number", number=(number,) if number else ()).end()


def _statement(view: LocalisedView, record: EntityRecord) -> Phrase:
    about = _refs(view, record, terms.ABOUT)
    size = view.size(record)
    return (*about, ", " if ":" in plain(size) else ": ", *size, ".") if about else ()


def _source(view: LocalisedView, record: EntityRecord) -> Phrase:
    said = SummarySentence(view).begin("page.is.source", name=(view.name(record.iri),))
    publisher, retrieved = record.first(terms.PUBLISHER), record.first(terms.RETRIEVED)
    said.add(
        "page.with.publisher", publisher=(wording.cut(publisher, wording.NAME_LENGTH),) if publisher else ()
    )
    said.add("page.with.retrieved", date=(wording.moment(retrieved, view.language),) if retrieved else ())
    return said.count("page.with.rests", view.document.subjects(terms.SOURCE).total).end()


_TELLERS: Mapping[str, Callable[[LocalisedView, EntityRecord], Phrase]] = {
    "Undertaking": _undertaking,
    "Alliance": _undertaking,
    "Project": _undertaking,
    "Lab": _undertaking,
    "Organisation": _organisation,
    "University": _organisation,
    "UniversityOfAppliedSciences": _organisation,
    "FundingProgramme": _programme,
    "Region": _region,
    "Place": _place,
    "Event": _event,
    "Aim": _aim,
    "Participation": _participation,
    "Funding": _funding,
    "Statement": _statement,
    "Source": _source,
}
