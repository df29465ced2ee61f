"""What a writer of queries must know of the graph, on a page of text."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.release.ontology_versions import read_vocabulary
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.document_terms import LABEL, SKOS
from transfergraph.web.entity_document import EntityRecord
from transfergraph.web.ontology_page import Ontology, Relations, curie, read_ontology

_DEFINITION = SKOS + "definition"


def describe_schema(context: WorkerContext) -> str:
    """Prefixes, named graphs, classes with how many members each has, properties and schemes, in English."""
    versions = context.common.versions
    ontology = read_ontology(read_vocabulary(next(iter(versions.values()))), (), list(versions))
    return "\n".join(_lines(context, ontology)) + "\n"


def _lines(context: WorkerContext, ontology: Ontology) -> Iterator[str]:
    site = context.task.site
    yield f"# {site.title.english}\n\n{site.description.english} Entities have IRIs below {site.base}\n"
    yield "## Prefixes\n"
    yield from (f"PREFIX {prefix}: <{iri}>" for prefix, iri in sorted(GRAPH_PREFIXES.items()))
    yield "\n## Named graphs (the default graph is their union)\n"
    for row in context.store.select("SELECT DISTINCT ?graph { GRAPH ?graph { } } ORDER BY ?graph").rows:
        yield f"- {row[0]}"
    counts = _counts(context)
    yield "\n## Classes\n"
    for one in ontology.classes:
        count = counts.get(one.record.iri, 0)
        yield f"- {curie(one.record.iri)} ({count}): {_text(one.record)}"
    yield "\n## Properties\n"
    for one in ontology.properties:
        yield f"- {curie(one.record.iri)}{_signature(one)}: {_text(one.record)}"
    yield "\n## Properties of other vocabularies that are used\n"
    used = sorted(_predicates(context) - {one.record.iri for one in ontology.properties})
    yield from (f"- {curie(iri)}" for iri in used)
    yield "\n## Schemes\n"
    for scheme in ontology.schemes:
        keys = ", ".join(one.iri.rpartition("/")[2] for one in scheme.concepts[:40])
        yield f"- <{scheme.record.iri}>: {_text(scheme.record)} Keys: {keys or '(concepts of the sources)'}"


def _signature(one: Relations) -> str:
    domains = " or ".join(map(curie, one.domains))
    ranges = " or ".join(map(curie, one.ranges))
    return f" [{domains or 'any'} -> {ranges or 'any'}]" if domains or ranges else ""


def _text(record: EntityRecord) -> str:
    """The definition or else the name, in English where there is one."""
    for property_ in (_DEFINITION, LABEL, SKOS + "prefLabel"):
        found = record.literals(property_)
        english = [one.value for one in found if one.language == "en"]
        if found:
            return english[0] if english else found[0].value
    return ""


def _counts(context: WorkerContext) -> dict[str, int]:
    query = "SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) { ?thing a ?class } GROUP BY ?class"
    return {
        name.value: int(number.value)
        for name, number in context.store.select(query).rows
        if isinstance(name, NamedNode) and isinstance(number, Literal)
    }


def _predicates(context: WorkerContext) -> set[str]:
    rows = context.store.select("SELECT DISTINCT ?p { ?s ?p ?o }").rows
    return {row[0].value for row in rows if isinstance(row[0], NamedNode)}
