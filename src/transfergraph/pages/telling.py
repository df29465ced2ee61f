"""One sentence that says what an entity is, made from what is stated of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from transfergraph.messages import pieces
from transfergraph.pages import terms, wording
from transfergraph.pages.documents import Group, Record, local_part
from transfergraph.pages.site import SCHEMES
from transfergraph.pages.voice import Voice
from transfergraph.pages.wording import Phrase, Piece, plain


class Sentence:
    """A sentence that grows by clauses; a clause without a value is left out."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._pieces: list[Piece] = []

    def begin(self, key: str, **fills: Phrase) -> Sentence:
        """What the entity is."""
        self._pieces.extend(self._voice.phrase(f"page.is.{key}", **fills))
        return self

    def add(self, key: str, **fills: Phrase) -> Sentence:
        """A clause, when each of its places is filled."""
        if all(fills.values()):
            self._join(self._voice.phrase(f"page.with.{key}", **fills))
        return self

    def count(self, key: str, number: int) -> Sentence:
        """A clause that counts, when there is something to count."""
        if number:
            self._join(
                tuple(before for before, _ in pieces(f"page.with.{key}", self._voice.language, count=number))
            )
        return self

    def end(self) -> Phrase:
        """The sentence with its full stop, unless a name at its end brings a mark of its own."""
        said = tuple(self._pieces)
        return said if not said or plain(said).endswith((".", "!", "?", "…")) else (*said, ".")

    def _join(self, clause: Phrase) -> None:
        if not plain(clause).startswith((",", ";")):
            self._pieces.append(" ")
        self._pieces.extend(clause)


def sentence(voice: Voice) -> Phrase:
    """What the entity is, in one sentence with links; empty for what nothing can be said of."""
    record = voice.document.own
    if record.iri.startswith(SCHEMES) or record.iris(terms.IN_SCHEME):
        return _concept(voice, record)
    for one in record.classes:
        tell = _TELLERS.get(local_part(one)) if one.startswith(terms.TG) else None
        if tell is not None:
            return tell(voice, record)
    return ()


def _refs(voice: Voice, record: Record, property_: str) -> Phrase:
    return voice.refs(record.iris(property_))


def _whole(group: Group) -> bool:
    """True when the page shows all of the group, so that what it leads to can be counted."""
    return len(group.values) == group.total


def _distinct(voice: Voice, group: Group, property_: str) -> int:
    """How many different things the records of a group lead to."""
    records = (voice.document.record(str(value.value)) for value in group.values)
    return len({one for record in records for one in record.iris(property_)})


def _undertaking(voice: Voice, record: Record) -> Phrase:
    kinds = {terms.TG + "Alliance": "alliance", terms.TG + "Project": "project", terms.TG + "Lab": "lab"}
    kind = next((kinds[one] for one in record.classes if one in kinds), "undertaking")
    said = Sentence(voice).begin(kind, name=(voice.name(record.iri),))
    wholes = record.iris(terms.PART_OF)
    alliances = [one for one in wholes if terms.TG + "Alliance" in voice.document.record(one).classes]
    said.add("alliance", whole=voice.refs(alliances))
    said.add("whole", whole=voice.refs(one for one in wholes if one not in alliances))
    said.add("seat", place=_refs(voice, record, terms.SEAT))
    said.add("location", place=_refs(voice, record, terms.LOCATION))
    said.add("programme", programme=_refs(voice, record, terms.FUNDED_UNDER))
    said.add("value", value=voice.period(record))
    group = voice.document.subjects(terms.PARTICIPATES_IN)
    if _whole(group):
        return said.count("participants", _distinct(voice, group, terms.PARTICIPANT)).end()
    return said.count("participations", group.total).end()


def _organisation(voice: Voice, record: Record) -> Phrase:
    kinds: list[Phrase] = [(voice.name(one),) for one in record.iris(terms.CLASSIFICATION)]
    seats: list[Phrase] = [(voice.ref(one),) for one in record.iris(terms.SEAT)]
    what: list[Piece] = []
    for number, part in enumerate((*kinds, *seats)):
        what.extend((", ", *part) if number else part)
    name = (voice.name(record.iri),)
    whom = (*name, " ", *voice.phrase("page.with.kind", kind=tuple(what))) if what else name
    does = _deeds(voice, record)
    if not does:
        return Sentence(voice).begin("organisation", name=whom).end()
    return (*whom, " ", *wording.joined(does, voice.language), ".")


def _deeds(voice: Voice, record: Record) -> list[Phrase]:
    document = voice.document
    found: list[Phrase] = []
    if wholes := record.iris(terms.UNIT_OF):
        found.append(voice.phrase("page.does.unit", whole=voice.refs(wholes)))
    group = document.subjects(terms.PARTICIPANT)
    partners = next((one.total for one in record.groups if one.property == terms.COOPERATES), 0)
    counted = (
        ("undertakings", _distinct(voice, group, terms.PARTICIPATES_IN))
        if _whole(group)
        else ("participations", group.total),
        ("partners", partners),
        ("funds", document.subjects(terms.FUNDER).total),
    )
    found.extend((voice.say(f"page.does.{key}", count=count),) for key, count in counted if count)
    return found


def _programme(voice: Voice, record: Record) -> Phrase:
    said = Sentence(voice).begin("programme", name=(voice.name(record.iri),))
    said.add("whole", whole=_refs(voice, record, terms.PART_OF))
    said.add("funders", funders=_refs(voice, record, terms.FUNDER))
    return said.count("funded", voice.document.subjects(terms.FUNDED_UNDER).total).end()


def _region(voice: Voice, record: Record) -> Phrase:
    said = Sentence(voice).begin("region", name=(voice.name(record.iri),))
    said.add("kind", kind=tuple(voice.name(one) for one in record.iris(terms.KIND)[:1]))
    said.add("location", place=_refs(voice, record, terms.PART_OF))
    return said.count("within", voice.document.subjects(terms.IN_REGION).total).end()


def _place(voice: Voice, record: Record) -> Phrase:
    said = Sentence(voice).begin("place", name=(voice.name(record.iri),))
    said.add("region", region=_refs(voice, record, terms.IN_REGION))
    return said.count("seats", voice.document.subjects(terms.SEAT).total).end()


def _concept(voice: Voice, record: Record) -> Phrase:
    name: Phrase = (voice.name(record.iri),)
    schemes = record.iris(terms.IN_SCHEME)
    if not schemes:
        total = voice.document.subjects(terms.IN_SCHEME).total
        return Sentence(voice).begin("scheme", name=name).count("concepts", total).end() if total else ()
    if SCHEMES + "topic" in schemes:
        said = Sentence(voice).begin("topic", name=name)
        said.add("field", field=_refs(voice, record, terms.BROAD_MATCH))
        return said.count("on-topic", voice.document.subjects(terms.SUBJECT).total).end()
    uses = {terms.ROLE, terms.MEASURE, terms.QUALIFIER, terms.KIND, terms.CLASSIFICATION, terms.BROAD_MATCH}
    total = sum(group.total for group in voice.document.incoming if group.property in uses)
    said = Sentence(voice).begin("concept", name=name, scheme=voice.refs(schemes))
    return said.count("uses", total).end()


def _event(voice: Voice, record: Record) -> Phrase:
    said = Sentence(voice).begin("event", name=(voice.name(record.iri),))
    said.add("kind", kind=tuple(voice.name(one) for one in record.iris(terms.KIND)[:1]))
    said.add("concerns", undertaking=_refs(voice, record, terms.CONCERNS))
    said.add("organiser", organiser=_refs(voice, record, terms.ORGANISER))
    return said.add("value", value=voice.period(record)).end()


def _aim(voice: Voice, record: Record) -> Phrase:
    undertakings = _refs(voice, record, terms.AIM_OF)
    return Sentence(voice).begin("aim", undertaking=undertakings).end() if undertakings else ()


def _participation(voice: Voice, record: Record) -> Phrase:
    participant = _refs(voice, record, terms.PARTICIPANT)
    undertaking = _refs(voice, record, terms.PARTICIPATES_IN)
    if not (participant and undertaking):
        return ()
    said = Sentence(voice).begin("participation", participant=participant, undertaking=undertaking)
    said.add("role", role=_refs(voice, record, terms.ROLE)).add("value", value=voice.period(record))
    return said.add("value", value=voice.money(record)).end()


def _funding(voice: Voice, record: Record) -> Phrase:
    undertaking = _refs(voice, record, terms.FUNDS)
    if not undertaking:
        return ()
    said = Sentence(voice).begin("funding", undertaking=undertaking)
    said.add("from", programme=_refs(voice, record, terms.FUNDED_UNDER))
    said.add("value", value=voice.money(record)).add("value", value=voice.period(record))
    number = record.first(terms.GRANT_NUMBER)
    return said.add("number", number=(number,) if number else ()).end()


def _statement(voice: Voice, record: Record) -> Phrase:
    about = _refs(voice, record, terms.ABOUT)
    size = voice.size(record)
    return (*about, ", " if ":" in plain(size) else ": ", *size, ".") if about else ()


def _source(voice: Voice, record: Record) -> Phrase:
    said = Sentence(voice).begin("source", name=(voice.name(record.iri),))
    publisher, retrieved = record.first(terms.PUBLISHER), record.first(terms.RETRIEVED)
    said.add("publisher", publisher=(wording.cut(publisher, wording.NAME_LENGTH),) if publisher else ())
    said.add("retrieved", date=(wording.moment(retrieved, voice.language),) if retrieved else ())
    return said.count("rests", voice.document.subjects(terms.SOURCE).total).end()


_TELLERS: Mapping[str, Callable[[Voice, Record], Phrase]] = {
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
