"""What the page of an entity tells beside its document: partners through parts, what is alike, sums.

Each of these asks the store a question or two more, whose work is bounded: where there is too much to go
through for a page, nothing is told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import log2

from pyoxigraph import NamedNode

from transfergraph.common.edtf_order import chronological
from transfergraph.network.model.stated_amounts import EXACTLY, SUM, Amounts, StatedAmount, read_amounts_of
from transfergraph.store import Store
from transfergraph.store.bulk_properties import numbered_batches, numbered_terms, values_of
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.web import document_queries as queries
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_document import PAGE, Document
from transfergraph.web.entity_record import EntityRecord, record_of
from transfergraph.web.known_things import KnownThings
from transfergraph.web.part_money import NO_PART_MONEY, PartMoney, read_part_money

ALIKE = 5
"""Entities that are shown as similar."""

_COMPARED = 8  # values of an entity, in the order of the page
_NOT_COMPARED = frozenset({terms.SOURCE, terms.COOPERATES, terms.TYPE, terms.SAME_AS, terms.EXACT_MATCH})

COMMON = 60
"""What more entities share says nothing of two of them."""

MOST = 300
"""Up to so many undertakings that have to do with a topic, programme or region are counted and summed up."""

MOST_PARTICIPATIONS = 10_000
"""Up to so many participations of its partners are looked through for what else they do together."""

_NETWORK_ROLES = (Role.UNDERTAKING, Role.ORGANISATION, Role.PARTICIPATION)


@dataclass(frozen=True, slots=True)
class AlikeEntity:
    """An entity that shares values with the one at hand: properties with their values, the rarest first."""

    iri: str
    shared: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RelatedThrough:
    """Whom or what an entity is related to through others: a partner of an undertaking in its parts, or the
    whole that an organisation's undertakings are part of."""

    iri: str
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JointUndertaking:
    """An undertaking in which several partners of another one take part as well, and the sources of it."""

    iri: str
    partners: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UseSummary:
    """What has to do with a topic, programme, region or the like, all of it.

    ``undertakings`` are those that state it or what is within it; ``direct`` are those that state itself.
    ``taking_part`` are the organisations in each of them, ``seated`` those that sit in its places, each with
    what it takes part in anywhere, if that is no more than :data:`MOST` of all.
    ``amounts`` are stated for an undertaking (of a programme, the grants under it), and ``total`` is made of
    those that are no part of another one here. ``first`` is the earliest stated beginning (EDTF) of them, or,
    where there are none, of those that the seated take part in; empty where none is stated.
    """

    undertakings: tuple[str, ...]
    direct: frozenset[str]
    taking_part: Mapping[str, tuple[str, ...]]
    seated: Mapping[str, frozenset[str]]
    amounts: Mapping[str, Amounts]
    total: Amounts
    first: str

    @property
    def organisations(self) -> Mapping[str, tuple[str, ...]]:
        """The organisations, each with its undertakings here, or else those that it takes part in anywhere;
        those with most of them here first."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for undertaking, several in self.taking_part.items():
            for one in several:
                found[one].add(undertaking)
        for one in self.seated:
            found.setdefault(one, set())
        ordered = sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))
        return {one: tuple(sorted(several or self.seated[one])) for one, several in ordered}

    @property
    def elsewhere(self) -> frozenset[str]:
        """What those who sit here take part in."""
        return frozenset().union(*self.seated.values())


@dataclass(frozen=True, slots=True)
class EntityDetails:
    """What the page of an entity tells beside its document, on this page of it.

    ``names`` are records of what is mentioned here and not in the document. ``through`` counts ``total``;
    ``joint`` are the first of ``all_joint``, those of most partners first; ``part_money`` is that of the
    parts of an undertaking;
    ``uses`` is None where the page is no topic, programme, region or the like, or too much has to do with it.
    """

    names: Mapping[str, EntityRecord] = field(default_factory=dict)
    through: tuple[RelatedThrough, ...] = ()
    total: int = 0
    joint: tuple[JointUndertaking, ...] = ()
    all_joint: int = 0
    alike: tuple[AlikeEntity, ...] = ()
    uses: UseSummary | None = None
    part_money: PartMoney = NO_PART_MONEY

    def within(self, document: Document) -> Document:
        """The document with the records of what is mentioned here."""
        return replace(document, others={**self.names, **document.others})


NO_DETAILS = EntityDetails()
"""What is told of an entity by its document alone."""


def read_details(
    store: Store, document: Document, presentation: Presentation, known: KnownThings | None = None
) -> EntityDetails:
    """What the page of the document tells beside it."""
    role = presentation.role(document.classes)
    through, total = _through(store, document, role)
    joint, all_joint = _joint(store, document, role)
    known = known or KnownThings()
    alike = _alike(store, document, presentation, known)
    uses = None if role in _NETWORK_ROLES else _uses(store, document, presentation)
    has_parts = role is Role.UNDERTAKING and document.page == 1 and document.subjects(terms.PART_OF).total
    money = read_part_money(store, document.iri) if has_parts else NO_PART_MONEY
    mentioned = {one.iri for one in through} | {one.iri for one in alike} | money.mentioned
    mentioned = mentioned.union(*(one.through for one in through))
    mentioned = mentioned.union(*((one.iri, *one.partners, *one.sources) for one in joint))
    if uses is not None:
        mentioned.update(uses.undertakings, uses.elsewhere, list(uses.organisations)[:PAGE])
    unknown = mentioned - document.others.keys() - {document.iri}
    stated = known.described(store, document.base, unknown)
    names = {one: known.record(one, some) for one, some in stated.items()}
    kinds = {
        kind
        for record in names.values()
        for property_ in (terms.CLASSIFICATION, terms.KIND, terms.SEAT, terms.LOCATION)
        for kind in record.iris(property_)
    }
    further = known.described(store, document.base, kinds - names.keys() - document.others.keys())
    names.update({one: known.record(one, some) for one, some in further.items()})
    records = {**names, **money.records}
    return EntityDetails(records, through, total, joint, all_joint, alike, uses, money)


def _through(store: Store, document: Document, role: Role | None) -> tuple[tuple[RelatedThrough, ...], int]:
    """Partners of an undertaking in its parts alone; what an organisation's undertakings are part of."""
    node = NamedNode(document.iri)
    found: defaultdict[str, set[str]] = defaultdict(set)
    if role is Role.UNDERTAKING:
        partners = sorted(document.partners.with_parts - document.partners.direct)
        shown = partners[(document.page - 1) * PAGE : document.page * PAGE]
        for partner, part in queries.parts_of_partners(store, node, shown) if shown else ():
            found[partner].add(part)
        total = len(partners)
    else:
        own = document.subjects(terms.PARTICIPANT)
        if own.total != len(own.values):
            return (), 0
        records = [document.record(str(one.value)) for one in own.values]
        undertakings = {iri for record in records for iri in record.iris(terms.PARTICIPATES_IN)}
        for part, whole in queries.wholes_above(store, node, undertakings):
            found[whole].add(part)
        total = len(found)
    through = (RelatedThrough(one, tuple(sorted(several))) for one, several in sorted(found.items()))
    return tuple(through)[:PAGE], total


def _joint(store: Store, document: Document, role: Role | None) -> tuple[tuple[JointUndertaking, ...], int]:
    """What else at least two of the partners of an undertaking take part in, whatever source says so."""
    partners = document.partners.with_parts
    if role is not Role.UNDERTAKING or document.page > 1 or len(partners) < 2:
        return (), 0
    found = queries.taking_part(store, NamedNode(document.iri), sorted(partners), MOST_PARTICIPATIONS)
    joint = {one: some for one, some in found.items() if len(some) > 1}
    shown = sorted(joint, key=lambda one: (-len(joint[one]), one))[:PAGE]
    stated = values_of(store, ((one, terms.SOURCE) for one in shown))
    sources = {one: record_of(one, stated.get(one, {})).iris(terms.SOURCE) for one in shown}
    return tuple(JointUndertaking(one, tuple(sorted(joint[one])), sources[one]) for one in shown), len(joint)


def _alike(
    store: Store, document: Document, presentation: Presentation, known: KnownThings
) -> tuple[AlikeEntity, ...]:
    """What shares most of the values that few others have, of the entities in the same table.

    A value weighs the more the fewer have it; two that share a single value are alike where at most a third
    of :data:`COMMON` have it.
    """
    table = presentation.table_at(document.iri.removeprefix(document.base))
    if table is None or not table.named:
        return ()
    groups = sorted(document.own.groups, key=lambda one: presentation.property_order(one.property))
    pairs = [
        (group.property, str(value.value))
        for group in groups
        if group.property not in _NOT_COMPARED
        and (shown := presentation.property(group.property, document.classes)) is not None
        and shown.facet
        for value in group.values
        if isinstance(value, NamedNode)
    ][:_COMPARED]
    related = {document.iri, *document.own.iris(terms.PART_OF), *document.own.iris(terms.BROADER)}
    for property_ in (terms.PART_OF, terms.BROADER):
        related.update(str(one.value) for one in document.subjects(property_).values)
    shared: defaultdict[str, list[tuple[float, tuple[str, str]]]] = defaultdict(list)
    for pair, subjects in zip(pairs, known.sharing(store, pairs, COMMON), strict=True):
        for subject in subjects:
            if subject not in related and subject.startswith(document.base + table.folder):
                shared[subject].append((1 / log2(1 + len(subjects)), pair))
    ranked = sorted(shared.items(), key=lambda item: (-sum(weight for weight, _ in item[1]), item[0]))
    least = 1 / log2(1 + COMMON / 3)
    return tuple(
        AlikeEntity(iri, tuple(pair for _, pair in sorted(values, key=lambda one: (-one[0], one[1]))))
        for iri, values in ranked[:ALIKE]
        if sum(weight for weight, _ in values) >= least
    )


def _uses(store: Store, document: Document, presentation: Presentation) -> UseSummary | None:
    """What has to do with the entity, if it is no more than :data:`MOST` of each kind."""
    folders = tuple(document.base + one for one in presentation.folders_of(Role.UNDERTAKING))
    pointing = presentation.pointing_at(document.iri.removeprefix(document.base))
    direct: set[str] = set()
    for group in document.incoming:
        is_cited = group.property == terms.SOURCE
        if folders and not is_cited and any(str(value.value).startswith(folders) for value in group.values):
            if group.total > MOST:
                return None
            subjects = queries.sharing(store, [(group.property, document.iri)], MOST)[0]
            direct.update(one for one in subjects if one.startswith(folders))
    within: set[str] = set()
    node = NamedNode(document.iri)
    for property_, narrower in terms.WITHIN.items():
        is_used = document.subjects(property_).total or document.subjects(narrower).total
        if folders and property_ in pointing and is_used:
            within.update(queries.within(store, node, property_, narrower, folders, MOST + 1))
    organisations = tuple(document.base + one for one in presentation.folders_of(Role.ORGANISATION))
    seated = tuple(one for one in _seated(store, document) if one.startswith(organisations))
    if not direct | within | set(seated) or len(within) > MOST:
        return None
    programme = document.iri if terms.FUNDED_UNDER in pointing else ""
    return _summed_up(store, direct, within, seated, programme)


def _summed_up(
    store: Store, direct: set[str], within: set[str], seats: tuple[str, ...], programme: str
) -> UseSummary:
    ordered = tuple(sorted(direct | within))
    joined: defaultdict[str, set[str]] = defaultdict(set)
    for organisation, undertaking in queries.undertakings_of(store, seats, MOST + 1):
        joined[organisation].add(undertaking)
    elsewhere: set[str] = set().union(*joined.values())
    if len(elsewhere) > MOST:
        joined.clear()
        elsewhere.clear()
    dated = ordered or tuple(sorted(elsewhere))
    taking_part: defaultdict[str, set[str]] = defaultdict(set)
    for _, undertaking, organisation, _ in queries.participations(store, ordered):
        taking_part[undertaking].add(organisation)
    stated = values_of(store, ((one, name) for one in dated for name in (terms.START, terms.PART_OF)))
    records = [record_of(one, stated.get(one, {})) for one in dated]
    starts = [one.first(terms.START) for one in records if one.first(terms.START)]
    amounts = read_amounts_of(store, ordered, programme)
    apart = [one.iri for one in records if not amounts.keys() & set(one.iris(terms.PART_OF))]
    return UseSummary(
        ordered,
        frozenset(direct),
        {one: tuple(sorted(taking_part[one])) for one in ordered},
        {one: frozenset(joined.get(one, ())) for one in seats},
        amounts,
        _sum(amounts[one] for one in apart if one in amounts),
        min(starts, key=lambda one: (chronological(one), one), default=""),
    )


def _sum(amounts: Iterable[Amounts]) -> Amounts:
    """The sum of what several undertakings get, where each has one amount and a qualifier holds for all."""
    several = list(amounts)
    inexact = {one.qualifier for stated in several for one in stated.amounts} - {EXACTLY}
    if not several or len(inexact) > 1 or any(len(stated.amounts) != 1 for stated in several):
        return Amounts()
    added = sum((stated.amounts[0].amount for stated in several), Decimal(0))
    return Amounts((StatedAmount(added, inexact.pop() if inexact else EXACTLY),), SUM)


def _seated(store: Store, document: Document) -> tuple[str, ...]:
    """The organisations that sit in a place, or in the places of a region and its parts."""
    if document.subjects(terms.SEAT).total:
        pattern = f"?organisation <{terms.SEAT}> ?thing"
    elif document.subjects(terms.IN_REGION).total or document.subjects(terms.PART_OF).total:
        pattern = (
            f"?part <{terms.PART_OF}>* ?thing . ?place <{terms.IN_REGION}> ?part . "
            f"?organisation <{terms.SEAT}> ?place"
        )
    else:
        return ()
    for _, values in numbered_batches([document.iri], "thing"):
        query = f"SELECT DISTINCT ?number ?organisation WHERE {{ {values} {pattern} }} LIMIT {MOST + 1}"
        found = {one.value for _, one in numbered_terms(store, query) if isinstance(one, NamedNode)}
        return tuple(sorted(found)) if len(found) <= MOST else ()
    return ()
