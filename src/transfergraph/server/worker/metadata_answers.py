"""Answers about the release and the endpoint: service description, VoID, saved questions as RDF, schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.namespaces import DCT, FORMATS, GRAPH_PREFIXES, SCHEMA, SD, TYPE, XSD
from transfergraph.common.text import ENGLISH
from transfergraph.messages import both, complete_languages, explained, text
from transfergraph.server.negotiation import (
    GRAPH_TYPES,
    ContentType,
    choose,
    choose_language,
    content_type,
)
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, MetadataRequest
from transfergraph.server.problems import KINDS, Problem, title
from transfergraph.server.worker.question_api import query_catalogue
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import PAGE_TYPE, write_graph_answer
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML
from transfergraph.web.document_terms import LABEL, SKOS
from transfergraph.web.entity_document import EntityRecord
from transfergraph.web.ontology_page import (
    Ontology,
    Relations,
    curie,
    read_ontology,
    read_triples,
    read_vocabulary,
)
from transfergraph.web.resources import VOID_FILE


def answer_metadata(context: WorkerContext, request: MetadataRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the description that is requested."""
    match request.subject:
        case "service":
            _service(context, request.preferences, writer)
        case "examples":
            _graph(
                query_catalogue(
                    context.shared.content.questions,
                    f"{request.preferences.url}questions/",
                    context.shared.site.languages,
                ),
                request.preferences,
                writer,
            )
        case "void":
            _void(context, request.preferences, writer)
        case "schema":
            writer.begin(200, ("content-type", "text/markdown; charset=utf-8"))
            writer.write(describe_schema(context).encode())
        case _:
            _problems(request.preferences, writer)
    return ResponseEnd()


def _graph(triples: Iterable[ox.Triple], preferences: ClientPreferences, writer: ResponseWriter) -> None:
    form = choose(preferences.accept, preferences.form, GRAPH_TYPES)[1]
    write_graph_answer(triples, form.ending, writer)


def _service(context: WorkerContext, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The description of the endpoint (SPARQL 1.1 Service Description, section 2), or its HTML form."""
    types = (*(ContentType(o.form.ending, o.media_types, o.names) for o in GRAPH_TYPES), PAGE_TYPE)
    ending = choose(preferences.accept, preferences.form, types)[1]
    if ending == HTML:
        writer.begin(303, ("location", f"{preferences.url}sparql.html"))
    else:
        write_graph_answer(describe_service(context, preferences.url), ending, writer)


def _void(context: WorkerContext, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The description of the data set (VoID, section 7.2), which is a file of the release."""
    file = context.config.release / VOID_FILE
    if not file.is_file():
        problem = Problem(404, "not-found", explained("problem.no-void"))
        language = choose_language(preferences.languages, problem.languages)
        fields = (("content-type", "application/problem+json"), ("content-language", language))
        writer.begin(404, *fields)
        writer.write(problem.to_json(context.shared.site.prefix, language))
        return
    media_type, form = choose(preferences.accept, preferences.form, GRAPH_TYPES)
    if form.name == "turtle":
        writer.begin(200, ("content-type", content_type(media_type)))
        writer.write(file.read_bytes())
    else:
        write_graph_answer(read_triples(file), form.ending, writer)


def _problems(preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The titles of the types to which problem details refer."""
    language = choose_language(preferences.languages, (ENGLISH, *complete_languages()))
    entries = "".join(
        f'<dt id="{escape(kind)}">{escape(kind)}</dt><dd>{escape(title(kind, language))}</dd>\n'
        for kind in KINDS
    )
    heading = escape(text("problem.page", language))
    writer.begin(200, ("content-type", "text/html; charset=utf-8"), ("content-language", language))
    writer.write(
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{heading}</title></head>\n"
        f"<body><h1>{heading}</h1>\n<dl>\n{entries}</dl></body></html>\n".encode()
    )


_RDF_TYPE = NamedNode(TYPE)
_XSD_INTEGER = NamedNode(XSD + "integer")
_RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")


def describe_service(context: WorkerContext, url: str) -> Iterator[Triple]:
    """The triples about the endpoint below the start page ``url``; every node has an IRI."""
    config = context.config
    endpoint = url + "sparql"
    service = f"{endpoint}#service"
    yield _link(service, _RDF_TYPE.value, SD + "Service")
    yield _link(service, SD + "endpoint", endpoint)
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield _link(service, SD + "supportedLanguage", SD + language)
    yield _link(service, SD + "feature", SD + "UnionDefaultGraph")
    for name in _RESULT_FORMATS:
        yield _link(service, SD + "resultFormat", FORMATS + name)
    for known in GRAPH_FORMATS:
        yield _link(service, SD + "resultFormat", known.iri)
    yield _link(service, DCT + "license", context.shared.site.licence)
    languages = context.shared.site.languages
    yield from _texts(service, DCT + "title", context.shared.site.title.tagged(languages))
    limits = {"seconds": config.seconds, "rows": config.rows, "megabytes": config.megabytes}
    yield from _texts(service, DCT + "description", both("served.limits", **limits).tagged(languages))
    for name, value in limits.items():
        limit = f"{endpoint}#limit-{name}"
        yield _link(service, SCHEMA + "additionalProperty", limit)
        yield _link(limit, _RDF_TYPE.value, SCHEMA + "PropertyValue")
        yield _text(limit, SCHEMA + "name", Literal(f"greatest number of {name}", language="en"))
        yield _text(limit, SCHEMA + "value", Literal(str(value), datatype=_XSD_INTEGER))
    yield from _dataset(context, service, f"{endpoint}#dataset")


def _dataset(context: WorkerContext, service: str, dataset: str) -> Iterator[Triple]:
    """The default graph and the named graphs; the default one is their union."""
    union = f"{dataset}-union"
    yield _link(service, SD + "defaultDataset", dataset)
    yield _link(dataset, _RDF_TYPE.value, SD + "Dataset")
    yield _link(dataset, SD + "defaultGraph", union)
    yield _link(union, _RDF_TYPE.value, SD + "Graph")
    for row in context.store.select("SELECT DISTINCT ?graph { GRAPH ?graph { } } ORDER BY ?graph").rows:
        graph = row[0]
        if isinstance(graph, NamedNode):
            named = f"{dataset}-{graph.value.rpartition('/')[2]}"
            yield _link(dataset, SD + "namedGraph", named)
            yield _link(named, _RDF_TYPE.value, SD + "NamedGraph")
            yield _link(named, SD + "name", graph.value)


def _link(subject: str, predicate: str, target: str) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), NamedNode(target))


def _text(subject: str, predicate: str, value: Literal) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)


def _texts(subject: str, predicate: str, value: Mapping[str, str]) -> Iterator[Triple]:
    for language, words in value.items():
        yield _text(subject, predicate, Literal(words, language=language))


_DEFINITION = SKOS + "definition"


def describe_schema(context: WorkerContext) -> str:
    """Prefixes, named graphs, classes with how many members each has, properties and schemes, in English."""
    versions = context.shared.content.versions
    ontology = read_ontology(read_vocabulary(next(iter(versions.values()))), (), list(versions))
    return "\n".join(_lines(context, ontology)) + "\n"


def _lines(context: WorkerContext, ontology: Ontology) -> Iterator[str]:
    site = context.shared.site
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
        yield f"- {curie(one.record.iri)} ({count}): {_definition(one.record)}"
    yield "\n## Properties\n"
    for one in ontology.properties:
        yield f"- {curie(one.record.iri)}{_signature(one)}: {_definition(one.record)}"
    yield "\n## Properties of other vocabularies that are used\n"
    used = sorted(_predicates(context) - {one.record.iri for one in ontology.properties})
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
