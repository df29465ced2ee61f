"""A document: everything that is known about one entity, read from a store in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.namespaces import DERIVED_GRAPH, local_name
from transfergraph.common.text import Text
from transfergraph.network.model.partner_counts import NamedPartners, read_partners
from transfergraph.store import Store, Term
from transfergraph.store.bulk_properties import Statements, statements_of, values_of
from transfergraph.web import document_queries as queries
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import ONTOLOGY, SCHEMES, Address

PAGE = 50
"""How many subjects of one property are shown on a page."""


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The values of one property, or the subjects that point here with it, on this page.

    ``total`` counts them all; it is greater than the number of ``values`` when they are paged.
    """

    property: str
    values: tuple[Term, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """What is stated of one thing, by property in the order of their IRIs."""

    iri: str
    groups: tuple[ValueGroup, ...]
    _values: Mapping[str, tuple[Term, ...]] = field(init=False, repr=False, compare=False)
    _label: Text | None = field(init=False, repr=False, compare=False)
    classes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The classes of the thing."""
    has_name: bool = field(init=False, repr=False, compare=False)
    """False for a thing without a name of its own, such as a participation."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {group.property: group.values for group in self.groups})
        object.__setattr__(self, "_label", None)
        object.__setattr__(self, "classes", self.iris(terms.TYPE))
        object.__setattr__(self, "has_name", any(map(self.literals, terms.NAMES)))

    def values(self, property_: str) -> tuple[Term, ...]:
        """The values of a property, sorted; empty where nothing is stated."""
        return self._values.get(property_, ())

    def iris(self, property_: str) -> tuple[str, ...]:
        """The values of a property that are IRIs."""
        return tuple(value.value for value in self.values(property_) if isinstance(value, NamedNode))

    def literals(self, property_: str) -> tuple[Literal, ...]:
        """The values of a property that are literals."""
        return tuple(value for value in self.values(property_) if isinstance(value, Literal))

    def first(self, property_: str) -> str:
        """The text of the first value, or an empty string."""
        return next((str(value.value) for value in self.values(property_)), "")

    @property
    def label(self) -> Text:
        """The name, or else a part of the IRI."""
        if self._label is None:
            object.__setattr__(self, "_label", self._made_label())
        assert self._label is not None
        return self._label

    def _made_label(self) -> Text:
        found = next((literals for name in terms.NAMES if (literals := self.literals(name))), ())
        texts: dict[str, str] = {}
        for literal in found:
            texts.setdefault(literal.language or "", literal.value)
        return Text(dict(sorted(texts.items()))) if texts else Text.same(local_part(self.iri))

    @property
    def triples(self) -> Iterator[Triple]:
        """The statements as RDF."""
        subject = NamedNode(self.iri)
        for group in self.groups:
            for value in group.values:
                yield Triple(subject, NamedNode(group.property), value)


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


def local_part(iri: str) -> str:
    """What a reader is shown of an IRI without a name: its last part."""
    return local_name(iri) or iri


class KnownThings:
    """What is known of things that many documents mention: terms, sources, places; one for each release.

    It keeps what was read of so many things, and begins anew when there are more.
    """

    def __init__(self, most: int = 4000) -> None:
        self._most = most
        self._stated: dict[str, Statements] = {}
        self._records: dict[str, EntityRecord] = {}
        self._sharing: dict[tuple[str, str], tuple[str, ...]] = {}

    def described(self, store: Store, base: str, things: Iterable[str]) -> dict[str, Statements]:
        """As :func:`described`, which is asked for what is not kept."""
        wanted = set(things)
        found = {one: self._stated[one] for one in wanted & self._stated.keys()}
        unknown = wanted - found.keys()
        read = described(store, base, unknown) if unknown else {}
        if len(self._stated) + len(unknown) > self._most:
            self._stated, self._records = {}, {}
        self._stated.update({one: read.get(one, {}) for one in unknown})
        return {one: stated for one, stated in (*found.items(), *read.items()) if stated}

    def sharing(self, store: Store, pairs: Sequence[tuple[str, str]], most: int) -> list[tuple[str, ...]]:
        """As :func:`queries.sharing`, which is asked for what is not kept; ``most`` is always the same."""
        unknown = [one for one in pairs if one not in self._sharing]
        if len(self._sharing) + len(unknown) > self._most:
            self._sharing, unknown = {}, list(pairs)
        self._sharing.update(zip(unknown, queries.sharing(store, unknown, most), strict=True))
        return [self._sharing[one] for one in pairs]

    def record(self, iri: str, stated: Statements) -> EntityRecord:
        """What is stated as a record, which is made once for what is kept."""
        if self._stated.get(iri) is not stated:
            return record_of(iri, stated)
        if iri not in self._records:
            self._records[iri] = record_of(iri, stated)
        return self._records[iri]


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


_ALL = (terms.PREF_LABEL, terms.TITLE, terms.TYPE, terms.CLASSIFICATION, terms.KIND)
_PROPERTIES = {
    "organisation": (terms.PREF_LABEL, terms.CLASSIFICATION, terms.SEAT),
    "undertaking": (terms.PREF_LABEL, terms.TYPE, terms.START, terms.END, terms.LOCATION),
    "place": (terms.PREF_LABEL, terms.TYPE, terms.LAT, terms.LONG),
    "programme": (terms.PREF_LABEL, terms.TYPE),
    "region": (terms.PREF_LABEL, terms.TYPE),
    "source": (terms.PREF_LABEL, terms.WEB_PAGE, terms.PUBLISHER, terms.RETRIEVED, terms.LICENCE),
    "topic": (terms.PREF_LABEL,),
}
"""The properties that are read of a thing that is mentioned, by the folder of its IRI."""


def described(store: Store, base: str, things: Iterable[str]) -> dict[str, Statements]:
    """Name, class and kind of things of the graph; only the name of terms and of things elsewhere."""
    wanted: list[tuple[str, str]] = []
    for thing in things:
        if thing.startswith(base):
            kinds = _PROPERTIES.get(thing.removeprefix(base).partition("/")[0], _ALL)
        elif thing.startswith(ONTOLOGY):
            kinds = (terms.LABEL,)
        elif thing.startswith(SCHEMES):
            kinds = (terms.PREF_LABEL,)
        else:
            kinds = terms.NAMES
        wanted.extend((thing, kind) for kind in kinds)
    return values_of(store, wanted)


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


def record_of(
    iri: str, stated: Mapping[str, AbstractSet[Term]], partners: ValueGroup | None = None
) -> EntityRecord:
    """The values of each property as a record; ``partners`` is a group that is paged."""
    groups = [
        ValueGroup(name, tuple(sorted(values, key=_term_order)), len(values))
        for name, values in stated.items()
    ]
    if partners is not None:
        groups.append(partners)
    return EntityRecord(iri, tuple(sorted(groups, key=lambda group: group.property)))


def _term_order(term: Term) -> tuple[str, str]:
    return str(term.value), str(term)


def _iris(stated: Statements, property_: str) -> set[str]:
    return {value.value for value in stated.get(property_, ()) if isinstance(value, NamedNode)}


def _mentioned(stated: Statements) -> set[str]:
    return {value.value for values in stated.values() for value in values if isinstance(value, NamedNode)}


def _named(stated: Statements) -> bool:
    return any(name in stated for name in terms.NAMES)
