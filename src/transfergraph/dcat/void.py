"""The VoID description of the graph (W3C Interest Group Note, 2011): what it holds and where to get it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.namespaces import name_in_key
from transfergraph.dcat.datasets import Dataset
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.shared_nodes import PUBLISHER
from transfergraph.dcat.triple_writer import Properties, TripleWriter
from transfergraph.messages import both

GRAPH_DATASET = "dataset/graph"
"""Where the dataset of the graph lies below the base IRI."""

EXAMPLES = 5
"""How many example resources are named at most: one for each of the classes with the fewest entities."""


def describe_void(out: TripleWriter, release: DescribedRelease, dataset: Dataset) -> None:
    """State a ``void:Dataset`` for the graph with counts true of its dumps, and its partitions.

    A partition is named by a fragment of the dataset, so that its address is that of the dataset's page.
    """
    node, settings = dataset.iri, release.settings
    public_url = settings.public_url
    document: Properties = {"dct:title": dataset.title, "foaf:primaryTopic": node}
    out.describe(release.address("void.ttl"), "void:DatasetDescription", document)
    properties: Properties = {
        "dct:title": dataset.title,
        "dct:description": dataset.about,
        "dct:license": settings.licence,
        "dct:publisher": release.iri(PUBLISHER),
        "foaf:homepage": release.landing_page,
        "void:dataDump": [release.address(file.path) for file in release.dumps],
        "void:feature": [known.iri for known in GRAPH_FORMATS],
        "void:exampleResource": _examples(release),
        "void:sparqlEndpoint": public_url and f"{public_url}sparql",
    }
    out.describe(node, "void:Dataset", properties)
    describe_contents(out, release, node)


def describe_contents(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    """State of the dataset ``node`` what the graph holds: its counts, its partitions and its links.

    Nothing of it points at an entity, so that it may stand beside the data.
    """
    statistics = release.statistics
    properties: Properties = {
        "void:triples": statistics.triples,
        "void:entities": statistics.entities,
        "void:distinctSubjects": statistics.entities,
        "void:classes": len(statistics.classes),
        "void:properties": len(statistics.properties),
        "void:vocabulary": _namespaces(statistics.properties),
    }
    out.describe(node, "void:Dataset", properties)
    _describe_records(out, release, node)
    _describe_partitions(out, release, node)
    _describe_links(out, release, node)


def _describe_records(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    """State the part whose entities all begin with the base IRI; the graph holds vocabularies as well."""
    records, base = f"{node}#records", release.settings.base
    out.describe(node, "", {"void:subset": records})
    properties: Properties = {
        "dct:title": both("portal.records"),
        "void:uriSpace": ox.Literal(base),
        "void:entities": release.statistics.own,
    }
    out.describe(records, "void:Dataset", properties)


def _examples(release: DescribedRelease) -> list[str]:
    statistics = release.statistics
    rare = sorted(statistics.examples, key=lambda name: (statistics.classes[name], name))
    examples = [statistics.examples[name] for name in rare]
    return [example for example in examples if example.startswith(release.settings.base)][:EXAMPLES]


def _describe_partitions(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    for name, count in release.statistics.classes.items():
        part = f"{node}#class-{_key(name)}"
        out.describe(node, "", {"void:classPartition": part})
        out.describe(part, "void:Dataset", {"void:class": name, "void:entities": count})
        for used, triples in release.statistics.within.get(name, {}).items():
            inner = f"{part}/{_key(used)}"
            out.describe(part, "", {"void:propertyPartition": inner})
            out.describe(inner, "void:Dataset", {"void:property": used, "void:triples": triples})
    for name, count in release.statistics.properties.items():
        part = f"{node}#property-{_key(name)}"
        out.describe(node, "", {"void:propertyPartition": part})
        out.describe(part, "void:Dataset", {"void:property": name, "void:triples": count})


def _describe_links(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    for links in release.statistics.links:
        part = f"{node}#links-{links.target.lower()}-{_key(links.predicate)}"
        out.describe(node, "", {"void:subset": part})
        properties: Properties = {
            "dct:title": both("portal.linked-to", target=links.target),
            "void:linkPredicate": links.predicate,
            "void:triples": links.triples,
            "void:subjectsTarget": node,
            "void:objectsTarget": links.prefix,
        }
        out.describe(part, "void:Linkset", properties)
        target = {"void:uriSpace": ox.Literal(links.prefix), "rdfs:label": ox.Literal(links.target)}
        out.describe(links.prefix, "void:Dataset", target)


def _key(iri_text: str) -> str:
    """A short name where the IRI has a known prefix, else a checksum, so that no two are the same."""
    name = name_in_key(iri_text)
    return name if "-" in name else hashlib.sha256(iri_text.encode()).hexdigest()[:12]


def _namespaces(iris: Iterable[str]) -> set[str]:
    """The namespaces of the properties: up to the last ``#`` or ``/``."""
    return {name[: max(name.rfind("#"), name.rfind("/")) + 1] for name in iris}
