"""Answers about the server itself: the description of its endpoint, and what its problems mean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from markupsafe import escape
from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.namespaces import DCT, FORMATS, SCHEMA, SD, TYPE, XSD
from transfergraph.common.text import ENGLISH
from transfergraph.messages import both, complete_languages, text
from transfergraph.server.negotiation import GRAPH_TYPES, ContentType, choose, choose_language
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, MetadataRequest
from transfergraph.server.problems import KINDS, title
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import PAGE_TYPE, write_graph_answer
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML


def answer_metadata(context: WorkerContext, request: MetadataRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the description that is requested."""
    if request.subject == "service":
        _service(context, request.preferences, writer)
    else:
        _problems(request.preferences, writer)
    return ResponseEnd()


def _service(context: WorkerContext, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The description of the endpoint (SPARQL 1.1 Service Description, section 2), or its HTML form."""
    types = (*(ContentType(o.form.ending, o.media_types, o.names) for o in GRAPH_TYPES), PAGE_TYPE)
    ending = choose(preferences.accept, preferences.form, types)[1]
    if ending == HTML:
        writer.begin(303, ("location", f"{preferences.url}sparql.html"))
    else:
        write_graph_answer(describe_service(context, preferences.url), ending, writer)


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
