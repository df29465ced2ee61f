"""Where a release comes from, in PROV-O: a build used sources, each with its date and licence."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import DERIVED_GRAPH, DESCRIPTION_GRAPH, TG, VOCABULARY_GRAPH
from transfergraph.common.text import Text
from transfergraph.config.workspace import Source
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.shared_nodes import PUBLISHER
from transfergraph.dcat.triple_writer import Properties, TripleWriter
from transfergraph.messages import both


def release_of(release: DescribedRelease, identifier: str) -> str:
    """The IRI of the release of that id."""
    return release.iri(f"release/{quote(identifier)}")


def build_activity(release: DescribedRelease) -> str:
    """The IRI of the build that made the release."""
    return f"{release_of(release, release.identifier)}/build"


def source_entity(release: DescribedRelease, source: Source) -> str:
    """The IRI of a source: that of the named graph which holds what it says."""
    return release.iri(f"graph/{quote(source.name)}")


def describe_provenance(out: TripleWriter, release: DescribedRelease, datasets: Iterable[str]) -> None:
    """State which release this is, what came before it, and what it was made from and with."""
    previous = release.history.version
    properties: Properties = {
        **_release_properties(release.identifier),
        "dct:issued": release.issued,
        "prov:hadMember": datasets,
        "prov:wasGeneratedBy": build_activity(release),
        "prov:wasAttributedTo": release.iri(PUBLISHER),
        "prov:wasRevisionOf": previous and release_of(release, previous),
    }
    out.describe(release_of(release, release.identifier), "prov:Entity prov:Collection", properties)
    if previous is not None:
        out.describe(release_of(release, previous), "prov:Entity", _release_properties(previous))
    _describe_build(out, release)
    for source in release.sources:
        _describe_source(out, release, source)
    sources = [source_entity(release, source) for source in release.sources]
    for graph, title, origin in (
        (VOCABULARY_GRAPH, both("portal.vocabulary-graph"), TG.rstrip("#")),
        (DERIVED_GRAPH, both("portal.derived-graph"), sources),
        (DESCRIPTION_GRAPH, both("portal.description-graph"), list(datasets)),
    ):
        out.describe(release.iri(graph), "prov:Entity", {"dct:title": title, "prov:wasDerivedFrom": origin})


def _release_properties(identifier: str) -> Properties:
    title = both("portal.release", version=identifier)
    return {"dct:title": title, "dcat:version": ox.Literal(identifier)}


def _describe_build(out: TripleWriter, release: DescribedRelease) -> None:
    software = release.iri(f"agent/{quote(release.software.replace(' ', '/'))}")
    properties: Properties = {
        "rdfs:label": both("portal.build", version=release.identifier),
        "prov:used": [source_entity(release, source) for source in release.sources],
        "prov:wasAssociatedWith": software,
    }
    out.describe(build_activity(release), "prov:Activity", properties)
    out.describe(software, "prov:SoftwareAgent", {"foaf:name": ox.Literal(release.software)})


def _describe_source(out: TripleWriter, release: DescribedRelease, source: Source) -> None:
    properties: Properties = {
        "dct:title": source.title,
        "dct:source": source.url,
        "dc:publisher": ox.Literal(source.publisher),
        "tg:retrieved": source.retrieved,
        "dct:license": source.licence,
        "dcatde:licenseAttributionByText": source.attribution,
    }
    out.describe(source_entity(release, source), "prov:Entity", properties)
    out.describe(source.licence, "", {"rdfs:label": Text.same(source.licence)})
