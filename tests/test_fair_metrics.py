"""What F-UJI asks of a dataset (FAIRsFAIR metrics 0.8), each of its tests asked again of a running server.

F-UJI reads what it finds from the identifier on: the page, what is embedded in it, its typed links, and what
content negotiation gives. What it looks up in registries of others cannot be asked here; it is listed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
import pytest
from server_fixture import BASE, Served
from test_signposting import Link, links
from workspaces import REPOSITORY

from transfergraph.common.namespaces import ADMS, DCAT, DCT, FOAF, PROV, TYPE

DATASETS = ("graph", "tables", "ontology")


@dataclass(frozen=True)
class Harvested:
    """What a program learns of a dataset from its identifier alone."""

    server: Served
    iri: str
    page: str
    links: frozenset[Link]
    embedded: Mapping[str, Any]
    rdf: tuple[ox.Triple, ...]

    def values(self, predicate: str) -> set[str]:
        """What the negotiated RDF states of the dataset."""
        node = ox.NamedNode(self.iri)
        return {
            getattr(t.object, "value", "")
            for t in self.rdf
            if t.subject == node and t.predicate.value == predicate
        }

    def of_files(self, predicate: str) -> list[str]:
        """What it states of each of the files."""
        files = {ox.NamedNode(one) for one in self.values(DCAT + "distribution")}
        return [
            getattr(t.object, "value", "")
            for t in self.rdf
            if t.subject in files and t.predicate.value == predicate
        ]

    @property
    def namespaces(self) -> set[str]:
        """The namespaces of the properties that describe it."""
        return {re.sub(r"[^/#]*\Z", "", triple.predicate.value) for triple in self.rdf}

    def answers(self, address: str) -> bool:
        """Whether an address of the server, or of what it answers for, leads to something."""
        path = address.removeprefix(self.server.url).removeprefix(BASE)
        return self.server.ask(f"/{path}", "HEAD").status in (200, 303)


@pytest.fixture(scope="module", params=DATASETS)
def harvested(server: Served, request: pytest.FixtureRequest) -> Harvested:
    """A dataset as it is found from its identifier, which leads to its page."""
    local = f"dataset/{request.param}"
    first = server.get(local)
    assert first.status == 303
    page = server.get(first.field("location").removeprefix(server.url))
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.DOTALL)
    turtle = server.get(server.get(local, "text/turtle").field("location").removeprefix(server.url))
    return Harvested(
        server,
        BASE + local,
        page.text,
        frozenset(links(page.field("link"))),
        json.loads(block),
        tuple(quad.triple for quad in ox.parse(turtle.body, format=ox.RdfFormat.TURTLE)),
    )


def unique_identifier(one: Harvested) -> bool:
    return bool(one.embedded["identifier"] == one.iri) and one.iri.startswith("https://")


def persistent_syntax(one: Harvested) -> bool:
    """w3id.org is one of the schemes that F-UJI takes for persistent; others have what their base IRI is."""
    cited = {target for relation, target, _ in one.links if relation == "cite-as"}
    return cited == {one.iri} and one.iri.startswith("https://w3id.org/")


def core_citation(one: Harvested) -> bool:
    wanted = ("creator", "name", "identifier", "datePublished", "publisher", "@type")
    return all(one.embedded.get(name) for name in wanted)


def core_description(one: Harvested) -> bool:
    return core_citation(one) and bool(one.embedded["description"] and one.embedded["keywords"])


def data_identifier(one: Harvested) -> bool:
    told = {each["contentUrl"] for each in one.embedded["distribution"]}
    return bool(told) and len(told) == len(one.of_files(DCAT + "downloadURL"))


def search_engines(one: Harvested) -> bool:
    return (one.embedded["@context"], one.embedded["@type"]) == ("https://schema.org", "Dataset")


def access_level(one: Harvested) -> bool:
    public = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
    return one.embedded["isAccessibleForFree"] is True and one.values(DCT + "accessRights") == {public}


def metadata_retrievable(one: Harvested) -> bool:
    described = [target for relation, target, _ in one.links if relation == "describedby"]
    return len(described) == 4 and all(map(one.answers, described)) and len(one.rdf) > 50


def data_retrievable(one: Harvested) -> bool:
    return all(one.answers(each["contentUrl"]) for each in one.embedded["distribution"])


def standard_protocol(one: Harvested) -> bool:
    addresses = [one.iri, *(each["contentUrl"] for each in one.embedded["distribution"])]
    return all(re.match(r"https?://", address) for address in addresses)


def embedded_metadata(one: Harvested) -> bool:
    return bool(one.embedded)


def negotiated_metadata(one: Harvested) -> bool:
    return bool(one.values(TYPE)) and one.server.get("sparql", "text/turtle").status == 200


def known_vocabularies(one: Harvested) -> bool:
    return {DCAT, DCT, FOAF, PROV, ADMS} <= one.namespaces


def related_resources(one: Harvested) -> bool:
    return bool(one.values(DCT + "relation") and one.values(DCT + "conformsTo"))


def resource_type(one: Harvested) -> bool:
    return DCAT + "Dataset" in one.values(TYPE)


def size_and_type(one: Harvested) -> bool:
    count = len(one.values(DCAT + "distribution"))
    stated = ("byteSize", "mediaType", "downloadURL")
    return count > 0 and all(len(one.of_files(DCAT + name)) == count for name in stated)


def licence(one: Harvested) -> bool:
    told = {target for relation, target, _ in one.links if relation == "license"}
    return told == {one.embedded["license"]} and bool(one.of_files(DCT + "license"))


def provenance_elements(one: Harvested) -> bool:
    return bool(one.values(DCT + "publisher") and one.values(DCT + "issued") and one.values(DCT + "modified"))


def provenance_ontology(one: Harvested) -> bool:
    return PROV in one.namespaces and bool(one.values(PROV + "wasAttributedTo"))


def open_format(one: Harvested) -> bool:
    kinds = {value.rpartition("media-types/")[2] for value in one.of_files(DCAT + "mediaType")}
    known = {"text/csv", "text/turtle", "application/ld+json", "application/n-quads"}
    return bool(kinds) and kinds <= known | {"application/n-triples", "application/rdf+xml"}


TESTED: Mapping[str, Callable[[Harvested], bool]] = {
    "FsF-F1-01MD-1": unique_identifier,
    "FsF-F1-02MD-1": persistent_syntax,
    "FsF-F2-01M-2": core_citation,
    "FsF-F2-01M-3": core_description,
    "FsF-F3-01M-2": data_identifier,
    "FsF-F4-01M-1": search_engines,
    "FsF-A1-01M-1": access_level,
    "FsF-A1-02MD-1": metadata_retrievable,
    "FsF-A1-02MD-2": data_retrievable,
    "FsF-A1.1-01MD-1": standard_protocol,
    "FsF-A1.1-01MD-2": standard_protocol,
    "FsF-A1.2-01MD-1": standard_protocol,
    "FsF-A1.2-01MD-2": standard_protocol,
    "FsF-I1-01M-1": embedded_metadata,
    "FsF-I1-01M-2": negotiated_metadata,
    "FsF-I2-01M-2": known_vocabularies,
    "FsF-I3-01M-2": related_resources,
    "FsF-R1-01M-1": resource_type,
    "FsF-R1-01M-2": size_and_type,
    "FsF-R1.1-01M-1": licence,
    "FsF-R1.2-01M-1": provenance_elements,
    "FsF-R1.2-01M-2": provenance_ontology,
    "FsF-R1.3-02D-1": open_format,
}
UNTESTED: Mapping[str, str] = {
    "FsF-F1-02MD-2": "whether the identifier is registered: asks the resolver",
    "FsF-R1.3-01M-1": "standards of a community: compares with FAIRsharing",
    "FsF-R1.3-01M-3": "standards of many communities: compares with the catalogue of the RDA",
}


@pytest.mark.parametrize("name", TESTED)
def test_a_metric_is_met(harvested: Harvested, name: str) -> None:
    assert TESTED[name](harvested), harvested.iri


def test_the_page_for_portals_lists_every_metric_and_what_is_not_tested() -> None:
    text = (REPOSITORY / "docs" / "portals.md").read_text("utf-8")
    for name in (*TESTED, *UNTESTED):
        assert f"`{name}`" in text, name
    untested = text.partition("not tested here")[2]
    assert all(f"`{name}`" in untested for name in UNTESTED)
    assert not TESTED.keys() & UNTESTED.keys()
