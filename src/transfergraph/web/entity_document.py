"""A document: everything that is known about one entity, read from a store in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Triple

from transfergraph.common.namespaces import DERIVED_GRAPH
from transfergraph.common.text import Text
from transfergraph.network.model.partner_counts import NamedPartners, read_partners
from transfergraph.store import Store, Term
from transfergraph.store.bulk_properties import Statements, statements_of
from transfergraph.web import document_queries as queries
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import Address
from transfergraph.web.entity_record import EntityRecord, ValueGroup, record_of
from transfergraph.web.known_things import KnownThings

PAGE = 50
"""How many subjects of one property are shown on a page."""


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Where the entity's statements come from; what the source does not say of itself is empty.

    ``retrieved`` is a day, ``licence`` and ``page`` are addresses.
    """

    iri: str
    label: Text
    page: str
    publisher: str
    retrieved: str
    licence: str


@dataclass(frozen=True, slots=True)
class CooperationEvidence:
    """That another organisation takes part in an undertaking of this one; ``since`` is when its part begins,
    empty where that is not stated."""

    participation: str
    undertaking: str
    partner: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is known about one entity, with the names of everything that it mentions.

    ``own`` is what is stated of the entity and ``incoming`` what points at it, each by property. Of more
    than :data:`PAGE` subjects of one property, ``page`` (from 1 to ``pages``) shows a part in the order of
    their IRIs. ``others`` has what is known of the things mentioned: of participations, sources and the like
    everything, of all others name, class and kind. ``evidence`` says what an organisation and its partners
    share, ``partners`` who counts as a partner of an undertaking. ``graphs`` are the named graphs that state
    what is ``own``; ``derived`` are those of these statements that rules have derived, each with None for all
    partners of an organisation. ``release`` is the id of the release, empty where none was given.
    """

    iri: str
    base: str
    release: str
    page: int
    pages: int
    own: EntityRecord
    incoming: tuple[ValueGroup, ...]
    graphs: tuple[str, ...]
    others: Mapping[str, EntityRecord]
    evidence: tuple[CooperationEvidence, ...] = field(default=())
    partners: NamedPartners = field(default=NamedPartners())
    derived: tuple[tuple[str, Term | None], ...] = field(default=())

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the entity."""
        return self.own.classes

    @property
    def label(self) -> Text:
        """The name of the entity."""
        return self.own.label

    @property
    def successor(self) -> str | None:
        """The IRI of what has replaced the entity; None when nothing is stated to."""
        return next(iter(self.own.iris(terms.REPLACED_BY)), None)

    @property
    def is_gone(self) -> bool:
        """True for an entity of which nothing is stated any more but what has replaced it."""
        return self.successor is not None and not self.classes

    def record(self, iri: str) -> EntityRecord:
        """What is known of anything mentioned; perhaps nothing."""
        return self.own if iri == self.iri else self.others.get(iri) or EntityRecord(iri, ())

    def labels(self, iri: str) -> Text:
        """The name of anything mentioned."""
        return self.record(iri).label

    def subjects(self, property_: str) -> ValueGroup:
        """What points here with that property; empty where nothing does."""
        found = (group for group in self.incoming if group.property == property_)
        return next(found, ValueGroup(property_, (), 0))

    def sources(self, language: str) -> tuple[CitedSource, ...]:
        """The sources of what is stated of the entity, by name in that language."""
        found = [self.source(iri) for iri in self.own.iris(terms.SOURCE)]
        return tuple(sorted(found, key=lambda one: (one.label.in_language(language).casefold(), one.iri)))

    def source(self, iri: str) -> CitedSource:
        """What is known of a source that is mentioned."""
        record = self.record(iri)
        kinds = (terms.WEB_PAGE, terms.PUBLISHER, terms.RETRIEVED, terms.LICENCE)
        return CitedSource(iri, record.label, *(record.first(kind) for kind in kinds))

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Everything that the document says, sorted, each triple once.

        Beside what is shown it says of itself which dataset (VoID, section 6.3 of its specification) and
        release it belongs to, and which page follows it.
        """
        found = {triple for record in (self.own, *self.others.values()) for triple in record.triples}
        for group in self.incoming:
            for subject in group.values:
                if isinstance(subject, NamedNode):
                    found.add(Triple(subject, NamedNode(group.property), NamedNode(self.iri)))
        for one in self.evidence:
            other = NamedNode(one.participation)
            found.add(Triple(other, NamedNode(terms.PARTICIPATES_IN), NamedNode(one.undertaking)))
            found.add(Triple(other, NamedNode(terms.PARTICIPANT), NamedNode(one.partner)))
        found.update(self._of_itself())
        return tuple(sorted(found, key=lambda triple: (triple.subject != NamedNode(self.iri), str(triple))))

    def _of_itself(self) -> Iterator[Triple]:
        stated = [
            (terms.TYPE, terms.FOAF + "Document"),
            (terms.FOAF + "primaryTopic", self.iri),
            (terms.VOID + "inDataset", f"{self.base}dataset/graph"),
            *((terms.SOURCE, graph) for graph in self.graphs),
        ]
        if self.release:
            stated.append((terms.PART_OF, f"{self.base}release/{self.release}"))
        if self.page > 1:
            stated.append((terms.XHV + "prev", self._document(self.page - 1)))
        if self.page < self.pages:
            stated.append((terms.XHV + "next", self._document(self.page + 1)))
        document = NamedNode(self._document(self.page))
        return (Triple(document, NamedNode(property_), NamedNode(value)) for property_, value in stated)

    def _document(self, page: int) -> str:
        return str(Address(self.iri.partition("#")[0], "ttl", "", page))


def find_document(
    store: Store,
    base: str,
    iri: str,
    page: int = 1,
    release: str = "",
    cited: AbstractSet[str] = frozenset(),
    known: KnownThings | None = None,
) -> Document | None:
    """The document about an entity; None when the store does not know it or has no such page.

    ``release`` is the id of the release that the store holds; the document then says so in RDF. What is
    ``cited`` for a statement is described, too. ``known`` keeps what many documents mention.
    """
    try:
        node = NamedNode(iri)
    except ValueError:
        return None
    own, graphs = queries.own_statements(store, node)
    counted = queries.counts(store, node)
    named = _partners(store, iri, counted)
    longest = max([*counted.values(), len(named.with_parts - named.direct)])
    pages = max(1, -(-longest // PAGE))
    if not (own or counted) or not 1 <= page <= pages:
        return None
    groups = _groups(counted, queries.subjects(store, node, counted, page, PAGE))
    partners = groups.pop(terms.COOPERATES, None)
    incoming = tuple(groups.values())
    known = known or KnownThings()
    others, evidence = _follow(store, base, iri, own, incoming, partners, cited, known)
    return Document(
        iri=iri,
        base=base,
        release=release,
        page=page,
        pages=pages,
        own=record_of(iri, own, partners),
        incoming=incoming,
        graphs=tuple(sorted(graphs)),
        others={one: known.record(one, others[one]) for one in sorted(others)},
        evidence=evidence,
        partners=named,
        derived=tuple(sorted(graphs.get(base + DERIVED_GRAPH, ()), key=str)),
    )


def _partners(store: Store, iri: str, counted: Mapping[str, int]) -> NamedPartners:
    """The partners of an undertaking; nothing of what neither has participations nor parts."""
    has_some = terms.PARTICIPATES_IN in counted or terms.PART_OF in counted
    return read_partners(store, (iri,))[iri] if has_some else NamedPartners()


def _groups(counted: Mapping[str, int], subjects: Mapping[str, tuple[str, ...]]) -> dict[str, ValueGroup]:
    return {
        name: ValueGroup(name, tuple(map(NamedNode, subjects.get(name, ()))), counted[name])
        for name in sorted(counted)
    }


def _follow(
    store: Store,
    base: str,
    iri: str,
    own: Statements,
    incoming: Iterable[ValueGroup],
    partners: ValueGroup | None,
    cited: AbstractSet[str],
    kept: KnownThings,
) -> tuple[dict[str, Statements], tuple[CooperationEvidence, ...]]:
    """What a reader needs to know of the things mentioned, and of what partners share.

    Participations and the like are read in full and followed one step further; so is everything that has
    no name of its own, and what has its IRI in the entity's document. Of all others name, class and kind
    are read, and the names of these.
    """
    subjects = {group.property: {str(value.value) for value in group.values} for group in incoming}
    in_full = {one for name in terms.RECORDS for one in subjects.get(name, ())}
    in_full.update(one for one in _mentioned(own) if one.startswith(f"{iri}#"))
    known: dict[str, Statements] = dict(statements_of(store, in_full, queries.PLAIN))
    own_part = [known[one] for one in subjects.get(terms.PARTICIPANT, ()) if one in known]
    evidence = _shared(store, partners, own_part)
    mentioned = {iri, *cited}.union(
        *subjects.values(), subjects, own, *map(_mentioned, (own, *known.values()))
    )
    mentioned.update(value.value for value in (partners.values if partners else ()))
    for one in evidence:
        mentioned.update((one.undertaking, one.partner))
    found_names = kept.described(store, base, mentioned - known.keys() - {iri})
    nameless = {one for one in found_names if not _named(found_names[one]) and one.startswith(base)}
    found = statements_of(store, nameless, queries.PLAIN)
    known.update({one: stated for one, stated in found_names.items() if _named(stated)})
    known.update(found)
    further = set().union(*map(_mentioned, (*found_names.values(), *found.values())))
    last = kept.described(store, base, further - mentioned - known.keys())
    known.update({one: stated for one, stated in last.items() if _named(stated)})
    return known, evidence


def _shared(
    store: Store, partners: ValueGroup | None, participations: Sequence[Statements]
) -> tuple[CooperationEvidence, ...]:
    """What partners on this page share with the organisation; nothing when its participations are paged."""
    if partners is None or len(participations) >= PAGE:
        return ()
    shown = {value.value for value in partners.values}
    undertakings = {one for stated in participations for one in _iris(stated, terms.PARTICIPATES_IN)}
    found = {one for one in queries.participations(store, undertakings) if one[2] in shown}
    return tuple(CooperationEvidence(*one) for one in sorted(found))


def _iris(stated: Statements, property_: str) -> set[str]:
    return {value.value for value in stated.get(property_, ()) if isinstance(value, NamedNode)}


def _mentioned(stated: Statements) -> set[str]:
    return {value.value for values in stated.values() for value in values if isinstance(value, NamedNode)}


def _named(stated: Statements) -> bool:
    return any(name in stated for name in terms.NAMES)
