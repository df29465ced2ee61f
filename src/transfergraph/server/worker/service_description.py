"""The endpoint described in RDF: SPARQL 1.1 Service Description, with its limits."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.namespaces import DCT, FORMATS, SCHEMA, SD, TYPE, XSD
from transfergraph.common.text import Text
from transfergraph.messages import both
from transfergraph.server.worker.worker_context import WorkerContext

_RDF_TYPE = NamedNode(TYPE)
_XSD_INTEGER = NamedNode(XSD + "integer")
_RESULT_FORMATS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")


def describe_service(context: WorkerContext, url: str) -> Iterator[Triple]:
    """The triples about the endpoint below the start page ``url``; every node has an IRI."""
    task = context.task
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
    yield _link(service, DCT + "license", task.site.licence)
    yield from _texts(service, DCT + "title", task.site.title)
    limits = {"seconds": task.seconds, "rows": task.rows, "megabytes": task.megabytes}
    yield from _texts(service, DCT + "description", both("served.limits", **limits))
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


def _texts(subject: str, predicate: str, value: Text) -> Iterator[Triple]:
    for language, text in value.by_language().items():
        yield _text(subject, predicate, Literal(text, language=language))
