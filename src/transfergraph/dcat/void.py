"""The VoID description of the graph (W3C Interest Group Note, 2011): what it holds and where to get it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.namespaces import DCT, FOAF, RDFS, VOID, name_in_key
from transfergraph.dcat import shared_nodes as parties
from transfergraph.dcat.datasets import Dataset
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.triple_writer import TripleWriter, iri, typed
from transfergraph.messages import both

EXAMPLES = 5
"""How many example resources are named at most: one for each of the classes with the fewest entities."""


def describe_void(out: TripleWriter, release: DescribedRelease, dataset: Dataset) -> None:
    """State a ``void:Dataset`` for the graph with counts true of its dumps, and its partitions."""
    node, statistics, settings = dataset.iri, release.statistics, release.settings
    document = f"{release.url}void.ttl"
    out.type(document, VOID + "DatasetDescription")
    out.add(document, DCT + "title", dataset.title)
    out.add(document, FOAF + "primaryTopic", iri(node))
    out.type(node, VOID + "Dataset")
    out.add(node, DCT + "title", dataset.title)
    out.add(node, DCT + "description", dataset.about)
    out.add(node, DCT + "license", iri(settings.licence))
    out.add(node, DCT + "publisher", iri(parties.publisher(release)))
    out.add(node, FOAF + "homepage", iri(parties.landing_page(release)))
    out.add(node, VOID + "uriSpace", ox.Literal(settings.base))
    out.add(node, VOID + "triples", typed(statistics.triples, "integer"))
    out.add(node, VOID + "entities", typed(statistics.entities, "integer"))
    out.add(node, VOID + "distinctSubjects", typed(statistics.entities, "integer"))
    out.add(node, VOID + "classes", typed(len(statistics.classes), "integer"))
    out.add(node, VOID + "properties", typed(len(statistics.properties), "integer"))
    out.add(node, VOID + "dataDump", *(iri(distribution.url) for distribution in dataset.distributions))
    out.add(node, VOID + "feature", *(iri(known.iri) for known in GRAPH_FORMATS))
    out.add(node, VOID + "vocabulary", *(iri(name) for name in _namespaces(statistics.properties)))
    rare = sorted(statistics.examples, key=lambda name: (statistics.classes[name], name))
    examples = [
        statistics.examples[name] for name in rare if statistics.examples[name].startswith(settings.base)
    ]
    out.add(node, VOID + "exampleResource", *(iri(example) for example in examples[:EXAMPLES]))
    if settings.catalogue.public_url is not None:
        out.add(node, VOID + "sparqlEndpoint", iri(f"{settings.catalogue.public_url}sparql"))
    _describe_partitions(out, release, node)
    _describe_links(out, release, node)


def _describe_partitions(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    for name, count in release.statistics.classes.items():
        part = f"{node}/class/{_key(name)}"
        out.add(node, VOID + "classPartition", iri(part))
        out.type(part, VOID + "Dataset")
        out.add(part, VOID + "class", iri(name))
        out.add(part, VOID + "entities", typed(count, "integer"))
    for name, count in release.statistics.properties.items():
        part = f"{node}/property/{_key(name)}"
        out.add(node, VOID + "propertyPartition", iri(part))
        out.type(part, VOID + "Dataset")
        out.add(part, VOID + "property", iri(name))
        out.add(part, VOID + "triples", typed(count, "integer"))


def _describe_links(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    for links in release.statistics.links:
        part = f"{node}/links/{links.target.lower()}/{_key(links.predicate)}"
        out.add(node, VOID + "subset", iri(part))
        out.type(part, VOID + "Linkset")
        out.add(part, DCT + "title", both("portal.linked-to", target=links.target))
        out.add(part, VOID + "linkPredicate", iri(links.predicate))
        out.add(part, VOID + "triples", typed(links.triples, "integer"))
        out.add(part, VOID + "subjectsTarget", iri(node))
        out.add(part, VOID + "objectsTarget", iri(links.prefix))
        out.type(links.prefix, VOID + "Dataset")
        out.add(links.prefix, VOID + "uriSpace", ox.Literal(links.prefix))
        out.add(links.prefix, RDFS + "label", ox.Literal(links.target))


def _key(iri_text: str) -> str:
    """A short name where the IRI has a known prefix, else a checksum, so that no two are the same."""
    name = name_in_key(iri_text)
    return name if "-" in name else hashlib.sha256(iri_text.encode()).hexdigest()[:12]


def _namespaces(iris: Iterable[str]) -> list[str]:
    """The namespaces of the properties: up to the last ``#`` or ``/``."""
    return sorted({name[: max(name.rfind("#"), name.rfind("/")) + 1] for name in iris})
