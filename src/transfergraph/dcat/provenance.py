"""Where a release comes from, in PROV-O: a build used sources, each with its date and licence."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import DC, DCAT, DCATDE, DCT, FOAF, PROV, RDFS, TG
from transfergraph.common.text import Text
from transfergraph.config.workspace import Source
from transfergraph.dcat import shared_nodes as parties
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.triple_writer import TripleWriter, iri
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
    node = release_of(release, release.identifier)
    out.type(node, PROV + "Entity", PROV + "Collection")
    out.add(node, DCT + "title", both("portal.release", version=release.identifier))
    out.add(node, DCAT + "version", ox.Literal(release.identifier))
    out.add(node, DCT + "issued", release.issued)
    out.add(node, PROV + "hadMember", *(iri(dataset) for dataset in datasets))
    out.add(node, PROV + "wasGeneratedBy", iri(build_activity(release)))
    out.add(node, PROV + "wasAttributedTo", iri(parties.publisher(release)))
    previous = release.history.version
    if previous is not None:
        before = release_of(release, previous)
        out.add(node, PROV + "wasRevisionOf", iri(before))
        out.type(before, PROV + "Entity")
        out.add(before, DCT + "title", both("portal.release", version=previous))
        out.add(before, DCAT + "version", ox.Literal(previous))
    _describe_build(out, release)
    for source in release.sources:
        _describe_source(out, release, source)


def _describe_build(out: TripleWriter, release: DescribedRelease) -> None:
    node = build_activity(release)
    software = release.iri(f"agent/{quote(release.software.replace(' ', '/'))}")
    out.type(node, PROV + "Activity")
    out.add(node, RDFS + "label", both("portal.build", version=release.identifier))
    out.add(node, PROV + "used", *(iri(source_entity(release, source)) for source in release.sources))
    out.add(node, PROV + "wasAssociatedWith", iri(software))
    out.type(software, PROV + "SoftwareAgent")
    out.add(software, FOAF + "name", ox.Literal(release.software))


def _describe_source(out: TripleWriter, release: DescribedRelease, source: Source) -> None:
    node = source_entity(release, source)
    out.type(node, PROV + "Entity")
    out.add(node, DCT + "title", source.title)
    out.add(node, DCT + "source", iri(source.url))
    out.add(node, DC + "publisher", ox.Literal(source.publisher))
    out.add(node, TG + "retrieved", source.retrieved)
    out.add(node, DCT + "license", iri(source.licence))
    out.add(node, DCATDE + "licenseAttributionByText", source.attribution)
    out.add(source.licence, RDFS + "label", Text.same(source.licence))
