"""The graph on a page, as text for those who write queries: what it has, in which words."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.store import Store
from transfergraph.web.addresses import Site
from transfergraph.web.document_terms import LABEL, SKOS
from transfergraph.web.entity_record import EntityRecord
from transfergraph.web.ontology_page import Ontology, Relations, curie

_DEFINITION = SKOS + "definition"


def describe_schema(store: Store, site: Site, ontology: Ontology) -> bytes:
    """Prefixes, named graphs, classes with how many members each has, properties and schemes, in English."""
    return ("\n".join(_lines(store, site, ontology)) + "\n").encode()


def _lines(store: Store, site: Site, ontology: Ontology) -> Iterator[str]:
    yield f"# {site.title.english}\n\n{site.description.english} Entities have IRIs below {site.base}\n"
    yield "## Prefixes\n"
    yield from (f"PREFIX {prefix}: <{iri}>" for prefix, iri in sorted(GRAPH_PREFIXES.items()))
    yield "\n## Named graphs (the default graph is their union)\n"
    for row in store.select("SELECT DISTINCT ?graph { GRAPH ?graph { } } ORDER BY ?graph").rows:
        yield f"- {row[0]}"
    counts = _counts(store)
    yield "\n## Classes\n"
    for one in ontology.classes:
        count = counts.get(one.record.iri, 0)
        yield f"- {curie(one.record.iri)} ({count}): {_definition(one.record)}"
    yield "\n## Properties\n"
    for one in ontology.properties:
        yield f"- {curie(one.record.iri)}{_signature(one)}: {_definition(one.record)}"
    yield "\n## Properties of other vocabularies that are used\n"
    used = sorted(_predicates(store) - {one.record.iri for one in ontology.properties})
    yield from (f"- {curie(iri)}" for iri in used)
    yield "\n## Schemes\n"
    for scheme in ontology.schemes:
        keys = ", ".join(one.iri.rpartition("/")[2] for one in scheme.concepts[:40])
        keys = keys or "(concepts of the sources)"
        yield f"- <{scheme.record.iri}>: {_definition(scheme.record)} Keys: {keys}"


def _signature(one: Relations) -> str:
    domains = " or ".join(map(curie, one.domains))
    ranges = " or ".join(map(curie, one.ranges))
    return f" [{domains or 'any'} -> {ranges or 'any'}]" if domains or ranges else ""


def _definition(record: EntityRecord) -> str:
    """The definition or else the name, preferably in English."""
    for property_ in (_DEFINITION, LABEL, SKOS + "prefLabel"):
        found = record.literals(property_)
        english = [one.value for one in found if one.language == "en"]
        if found:
            return english[0] if english else found[0].value
    return ""


def _counts(store: Store) -> dict[str, int]:
    query = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) { ?thing a ?class } GROUP BY ?class"
    return {
        name.value: int(number.value)
        for name, number in store.select(query).rows
        if isinstance(name, NamedNode) and isinstance(number, Literal)
    }


def _predicates(store: Store) -> set[str]:
    rows = store.select("SELECT DISTINCT ?p { ?s ?p ?o }").rows
    return {row[0].value for row in rows if isinstance(row[0], NamedNode)}
