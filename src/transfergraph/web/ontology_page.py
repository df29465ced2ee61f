"""The documentation of the ontology: its classes, properties, schemes, alignments and versions, as a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.namespaces import (
    ONTOLOGY_PREFIXES,
    OWL,
    RDFS,
    SCHEMA,
    VOCABULARY_GRAPH,
    prefixed_name,
)
from transfergraph.common.text import ENGLISH
from transfergraph.config.declarations import declarations_in
from transfergraph.messages import text
from transfergraph.store import Store, Term
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import ONTOLOGY, SCHEMES, Site
from transfergraph.web.entity_record import EntityRecord, local_part, record_of
from transfergraph.web.page_template import PageTemplate, licence_name, render_template
from transfergraph.web.phrases import Ref

ONTOLOGY_FILE = Path("ontology", "transfergraph.ttl")
"""Where a release has its ontology."""

_CLASS = OWL + "Class"
OBJECT_PROPERTY = OWL + "ObjectProperty"
_DATATYPE = OWL + "DatatypeProperty"
_SUBCLASS = RDFS + "subClassOf"
_SUBPROPERTY = RDFS + "subPropertyOf"
_DOMAINS = (RDFS + "domain", SCHEMA + "domainIncludes")
_RANGES = (RDFS + "range", SCHEMA + "rangeIncludes", RDFS + "seeAlso")


@dataclass(frozen=True, slots=True)
class Relations:
    """A class or property with everything that relates to it; all are IRIs.

    ``wider`` are its superclasses or superproperties in the ontology, ``aligned`` those elsewhere.
    """

    record: EntityRecord
    wider: tuple[str, ...] = ()
    narrower: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    properties: tuple[str, ...] = ()
    disjoint: tuple[str, ...] = ()
    aligned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scheme:
    """A SKOS scheme with its concepts, in the order of their IRIs; ``elsewhere`` when they are data."""

    record: EntityRecord
    concepts: tuple[EntityRecord, ...]


@dataclass(frozen=True, slots=True)
class Ontology:
    """The ontology, its terms in the order of their names, its schemes, and the terms of others it uses."""

    record: EntityRecord
    classes: tuple[Relations, ...]
    properties: tuple[Relations, ...]
    schemes: tuple[Scheme, ...]
    reused: tuple[EntityRecord, ...]
    records: Mapping[str, EntityRecord]
    versions: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version, such as ``0.1.0``; empty when none is stated."""
        return self.record.first(OWL + "versionInfo")


def vocabulary(store: Store, base: str) -> Iterable[Triple]:
    """The triples of ontology and schemes in a release."""
    graph = NamedNode(base + VOCABULARY_GRAPH)
    return store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}")


def own_terms(store: Store) -> Iterable[Triple]:
    """The lists and terms that a workspace has of its own, in tables: what the graph states of them."""
    schemes, kinds = f'FILTER(STRSTARTS(STR(?s), "{SCHEMES}"))', f"<{terms.TYPE}> <{terms.SKOS}ConceptScheme>"
    found = f"{{ ?s {kinds} }} UNION {{ ?s <{terms.IN_SCHEME}> ?list }} {schemes}"
    return store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {found} ?s ?p ?o }}")


def read_ontology(
    triples: Iterable[Triple], alignments: Iterable[Triple] = (), versions: Sequence[str] = ()
) -> Ontology:
    """The ontology that these triples state.

    ``alignments`` say what other vocabularies call its terms; ``versions`` are the numbers of all versions
    that can be had, the latest first.
    """
    records = _records(triples)
    aligned = _records(alignments)
    own = [one for one in records.values() if _is_own(one)]
    classes = [one for one in own if _CLASS in one.iris(terms.TYPE)]
    properties = [one for one in own if _CLASS not in one.iris(terms.TYPE)]
    concepts = [one for one in records.values() if one.iris(terms.IN_SCHEME)]
    schemes = (one for iri, one in records.items() if terms.SKOS + "ConceptScheme" in one.iris(terms.TYPE))
    return Ontology(
        records.get(ONTOLOGY, EntityRecord(ONTOLOGY, ())),
        tuple(_class(one, classes, properties, aligned) for one in classes),
        tuple(_property(one, properties, aligned) for one in properties),
        tuple(
            Scheme(one, tuple(c for c in concepts if one.iri in c.iris(terms.IN_SCHEME))) for one in schemes
        ),
        tuple(one for one in records.values() if one.literals(terms.SKOS + "scopeNote")),
        records,
        tuple(versions),
    )


def _is_own(record: EntityRecord) -> bool:
    """True for a class or property that is named here; one of another vocabulary is only declared."""
    kinds = {_CLASS, OBJECT_PROPERTY, _DATATYPE}
    return not kinds.isdisjoint(record.iris(terms.TYPE)) and bool(record.literals(terms.LABEL))


def curie(iri: str) -> str:
    """The IRI with a prefix where one is known: ``tg:Alliance``."""
    return prefixed_name(iri, ONTOLOGY_PREFIXES) or iri.removeprefix(SCHEMES)


def _records(triples: Iterable[Triple]) -> dict[str, EntityRecord]:
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, Triple):
            found[triple.subject.value][triple.predicate.value].add(triple.object)
    return {iri: record_of(iri, found[iri]) for iri in sorted(found)}


def _class(
    record: EntityRecord,
    classes: Sequence[EntityRecord],
    properties: Sequence[EntityRecord],
    aligned: Mapping[str, EntityRecord],
) -> Relations:
    iri = record.iri
    symmetric = [one.iri for one in classes if iri in one.iris(OWL + "disjointWith")]
    return Relations(
        record,
        wider=record.iris(_SUBCLASS),
        narrower=tuple(one.iri for one in classes if iri in one.iris(_SUBCLASS)),
        properties=tuple(one.iri for one in properties if iri in _all(one, _DOMAINS)),
        disjoint=tuple(sorted({*record.iris(OWL + "disjointWith"), *symmetric})),
        aligned=_aligned(aligned, iri, _SUBCLASS),
    )


def _property(
    record: EntityRecord, properties: Sequence[EntityRecord], aligned: Mapping[str, EntityRecord]
) -> Relations:
    return Relations(
        record,
        wider=record.iris(_SUBPROPERTY),
        narrower=tuple(one.iri for one in properties if record.iri in one.iris(_SUBPROPERTY)),
        domains=_all(record, _DOMAINS),
        ranges=_all(record, _RANGES),
        aligned=_aligned(aligned, record.iri, _SUBPROPERTY),
    )


def _all(record: EntityRecord, properties: Iterable[str]) -> tuple[str, ...]:
    return tuple(iri for one in properties for iri in record.iris(one))


def _aligned(aligned: Mapping[str, EntityRecord], iri: str, property_: str) -> tuple[str, ...]:
    return aligned.get(iri, EntityRecord(iri, ())).iris(property_)


@dataclass(frozen=True, slots=True)
class _TermEntry:
    """A term as the page shows it; ``also`` is its name in the other language."""

    anchor: str
    name: str
    also: str
    curie: str
    kind: str
    definition: str
    examples: tuple[Ref, ...]
    relations: tuple[tuple[str, tuple[Ref, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Scheme:
    anchor: str
    name: str
    iri: Ref
    definition: str
    concepts: tuple[tuple[Ref, str, str, str], ...]


def render_ontology(ontology: Ontology, site: Site, language: str, local: str = "ontology") -> str:
    """The documentation of the ontology in one language, each term also with its other name.

    ``local`` is where it is shown: a version also has an address of its own.
    """
    page = _Page(ontology, site, language)
    record = ontology.record
    title = page.text(record, (terms.DCT + "title", terms.LABEL)) or text("page.ontology", language)
    about = page.text(record, (terms.DESCRIPTION,))
    layout = PageTemplate(site, language, title, local, summary=about, active="ontology", rdf=True)
    return render_template(
        "ontology.html",
        layout,
        about=about,
        other=page.other,
        iri=ONTOLOGY,
        namespace=terms.TG,
        version=ontology.version,
        versions=[Ref(one, layout.href(f"ontology/{one}")) for one in ontology.versions],
        licence=page.ref(record.first(terms.LICENCE)) if record.first(terms.LICENCE) else None,
        classes=page.by_name(page.entry(one) for one in ontology.classes),
        properties=page.by_name(page.entry(one) for one in ontology.properties),
        schemes=page.schemes(),
        reused=[(page.ref(one.iri), page.text(one, (terms.SKOS + "scopeNote",))) for one in ontology.reused],
    )


class _Page:
    def __init__(self, ontology: Ontology, site: Site, language: str) -> None:
        self._ontology = ontology
        self._site = site
        self._language = language
        self.other = next((one for one in site.languages if one != language), language)

    def by_name(self, entries: Iterable[_TermEntry]) -> list[_TermEntry]:
        return sorted(entries, key=lambda one: (sort_key(one.name), one.curie))

    def entry(self, term: Relations) -> _TermEntry:
        record = term.record
        is_class = terms.OWL + "Class" in record.iris(terms.TYPE)
        wider = "ontology.subclass" if is_class else "ontology.subproperty"
        related = (
            (wider, term.wider),
            ("ontology.narrower", term.narrower),
            ("ontology.domain", term.domains),
            ("ontology.range", term.ranges),
            ("ontology.class-properties", term.properties),
            ("ontology.disjoint", term.disjoint),
            ("ontology.aligned", term.aligned),
        )
        kind = ""
        if not is_class:
            linking = OBJECT_PROPERTY in record.iris(terms.TYPE)
            kind = text("ontology.kind.object" if linking else "ontology.kind.value", self._language)
        return _TermEntry(
            local_part(record.iri),
            self._name(record),
            record.label.in_language(self.other),
            curie(record.iri),
            kind,
            self.text(record, (terms.DEFINITION,)),
            self._examples(record),
            tuple((text(key, self._language), tuple(map(self.ref, iris))) for key, iris in related if iris),
        )

    def schemes(self) -> list[_Scheme]:
        found = []
        for scheme in self._ontology.schemes:
            name = scheme.record.iri.removeprefix(terms.SCHEMES)
            concepts = tuple(
                (
                    self.ref(one.iri),
                    one.label.in_language(self.other),
                    self.text(one, (terms.DEFINITION,)),
                    one.first(terms.SKOS + "notation"),
                )
                for one in sorted(
                    scheme.concepts,
                    key=lambda one: (sort_key(one.label.in_language(self._site.languages[0])), one.iri),
                )
            )
            found.append(
                _Scheme(
                    f"scheme-{name}",
                    self._name(scheme.record),
                    self.ref(scheme.record.iri),
                    self.text(scheme.record, (terms.DEFINITION,)),
                    concepts,
                )
            )
        return sorted(found, key=lambda one: (sort_key(one.name), one.anchor))

    def ref(self, iri: str) -> Ref:
        """A term of ours by its name, leading to its place; another's by its short form."""
        link = self._site.link(iri, self._language)
        record = self._ontology.records.get(iri)
        if record is not None and _is_own(record):
            return Ref(self._name(record), f"#{local_part(iri)}")
        if iri.startswith(f"{ONTOLOGY}#"):
            return Ref(curie(iri), f"#{local_part(iri)}")
        if record is not None and record.has_name:
            return Ref(self._name(record), link.target)
        shown = curie(iri)
        return Ref(licence_name(iri) if shown == iri else shown, link.target, link.external)

    def text(self, record: EntityRecord, properties: Iterable[str]) -> str:
        """The first text in the language of the page, or else in English, or in any."""
        for property_ in properties:
            for one in self._in_language(record.literals(property_)):
                return phrases.cut(one.value, phrases.TEXT_LENGTH)
        return ""

    def _in_language(self, literals: Sequence[Literal]) -> Sequence[Literal]:
        """Those of the language of the page and of none, or else the English ones, or else all."""
        for language in (self._language, ENGLISH):
            if kept := [one for one in literals if one.language in (language, None)]:
                return kept
        return literals

    def _name(self, record: EntityRecord) -> str:
        return phrases.cut(record.label.in_language(self._language), phrases.NAME_LENGTH)

    def _examples(self, record: EntityRecord) -> tuple[Ref, ...]:
        kept = self._in_language(record.literals(terms.SKOS + "example"))
        shown = (phrases.cut(one.value, phrases.TEXT_LENGTH) for one in kept)
        return tuple(
            Ref(one, "" if " " in one else self._site.link(one, self._language).target) for one in shown
        )


def read_vocabulary(folder: Path) -> Iterator[Triple]:
    """The triples of ontology and schemes in a release."""
    for file in declarations_in(folder).vocabulary:
        yield from read_triples(file)


def read_alignments(folder: Path) -> Iterator[Triple]:
    """The triples that say what other vocabularies call the terms, in a release; perhaps none."""
    for file in declarations_in(folder).alignments:
        yield from read_triples(file)


def read_triples(file: Path) -> Iterator[Triple]:
    """The triples of a Turtle file."""
    return (quad.triple for quad in parse(path=str(file), format=RdfFormat.TURTLE))
