"""The ontology as its documentation shows it: classes, properties, schemes, alignments, versions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from transfergraph.common.namespaces import (
    ONTOLOGY_PREFIXES,
    OWL,
    RDFS,
    SCHEMA,
    VOCABULARY_GRAPH,
    prefixed_name,
)
from transfergraph.store import Store, Term
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import ONTOLOGY, SCHEMES
from transfergraph.web.entity_document import EntityRecord, record_of

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


def read_ontology(
    triples: Iterable[Triple], alignments: Iterable[Triple] = (), versions: Sequence[str] = ()
) -> Ontology:
    """The ontology that these triples state.

    ``alignments`` say what other vocabularies call its terms; ``versions`` are the numbers of all versions
    that can be had, the latest first.
    """
    records = _records(triples)
    aligned = _records(alignments)
    own = {iri: one for iri, one in records.items() if iri.startswith(f"{ONTOLOGY}#")}
    classes = [one for one in own.values() if _CLASS in one.iris(terms.TYPE)]
    properties = [one for one in own.values() if {OBJECT_PROPERTY, _DATATYPE} & set(one.iris(terms.TYPE))]
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
