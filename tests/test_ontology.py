"""The ontology and its alignments: complete, self-contained, consistent, and used."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections.abc import Iterator

import pytest
from example_graphs import (
    ONTOLOGY,
    TG,
    alignments,
    data_graph,
    example_graph,
    examples,
    iris,
    ontology,
    schemes,
)
from owlready2 import OwlReadyInconsistentOntologyError, World, sync_reasoner_hermit
from rdflib import (
    DCAT,
    DCTERMS,
    FOAF,
    ORG,
    OWL,
    PROV,
    RDF,
    RDFS,
    SDO,
    SKOS,
    VANN,
    BNode,
    Graph,
    Literal,
    Namespace,
    URIRef,
)
from rdflib.namespace import GEO, DefinedNamespace
from rdflib.term import Node
from workspaces import REPOSITORY

IRI = URIRef(TG.removesuffix("#"))
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TERMS = [
    term
    for term in iris(node for kind in KINDS for node in ontology().subjects(RDF.type, kind))
    if term.startswith(TG)
]
STORED_ONTOLOGIES = REPOSITORY.parent / "shared" / "data" / "ontologies"
OBO = Namespace("http://purl.obolibrary.org/obo/")

# Vocabularies that rdflib does not list: the terms that are linked to, each found in the vocabulary's own documentation.
OTHERS = {
    "http://data.europa.eu/m8g/": {"PublicOrganisation"},
    "http://www.w3.org/ns/regorg#": {"orgType"},
    "https://w3id.org/cerif2/": {"Funding", "Organisation_Unit", "Project"},
    "http://data.europa.eu/s66#": {
        "FundingScheme",
        "Grant",
        "HigherOrSecondaryEducation",
        "Organisation",
        "OrganisationRole",
        "Project",
        "funds",
        "isInvolvedIn",
        "isRoleOf",
    },
    "http://purl.org/cerif/frapo/": {
        "FundingProgramme",
        "Grant",
        "University",
        "collaboratesWith",
        "funds",
        "hasFundingAgency",
        "hasGrantNumber",
    },
    "http://vivoweb.org/ontology/core#": {
        "Consortium",
        "GeographicRegion",
        "Grant",
        "Project",
        "University",
        "fundingVehicleFor",
    },
    "http://www.w3.org/2003/01/geo/wgs84_pos#": {"SpatialThing"},
}
# Terms of schema.org that rdflib does not know yet.
SCHEMA_ORG = {"observationAbout"}
VOCABULARIES: dict[str, type[DefinedNamespace]] = {
    str(namespace): namespace for namespace in (DCAT, DCTERMS, FOAF, GEO, ORG, PROV, SDO)
}


def _local(node: Node) -> str:
    return str(node).removeprefix(TG)


def test_header_names_version_licence_and_prefix() -> None:
    graph = ontology()
    assert (IRI, RDF.type, OWL.Ontology) in graph
    version = str(graph.value(IRI, OWL.versionInfo))
    assert str(graph.value(IRI, OWL.versionIRI)) == f"{IRI}/{version}"
    assert graph.value(IRI, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert str(graph.value(IRI, VANN.preferredNamespacePrefix)) == "tg"
    assert str(graph.value(IRI, VANN.preferredNamespaceUri)) == TG
    for predicate in (DCTERMS.title, DCTERMS.description):
        assert _languages(graph, IRI, predicate) == ["de", "en"]


@pytest.mark.parametrize("term", TERMS, ids=_local)
def test_every_term_is_labelled_defined_and_shown_in_both_languages(term: URIRef) -> None:
    graph = ontology()
    assert _languages(graph, term, RDFS.label) == ["de", "en"]
    assert _languages(graph, term, SKOS.definition) == ["de", "en"]
    assert all(str(text).endswith(".") for text in graph.objects(term, SKOS.definition))
    assert list(graph.objects(term, SKOS.example))
    assert list(graph.objects(term, RDFS.isDefinedBy)) == [IRI]


def _languages(graph: Graph, subject: Node, predicate: Node) -> list[str]:
    return sorted(
        str(text.language) for text in graph.objects(subject, predicate) if isinstance(text, Literal)
    )


@pytest.mark.parametrize("graph", [ontology(), alignments()], ids=["ontology", "alignments"])
def test_there_is_no_blank_node(graph: Graph) -> None:
    assert not [node for node in graph.all_nodes() if isinstance(node, BNode)]


def test_terms_say_where_they_are_used() -> None:
    scoped = {RDFS.domain, SDO.domainIncludes}
    classes = set(ontology().subjects(RDF.type, OWL.Class))
    for term in TERMS:
        if term not in classes:
            assert scoped & set(ontology().predicates(term)), term
    for predicate in scoped | {RDFS.range, SDO.rangeIncludes}:
        for value in ontology().objects(None, predicate):
            assert value in classes or str(value).startswith("http://www.w3.org/2001/XMLSchema#"), value


# Who uses a term, and whether each term that is used is declared.


def _table_terms() -> Iterator[URIRef]:
    """Properties and classes of tables.json."""
    for table in json.loads((ONTOLOGY / "tables.json").read_text(encoding="utf-8"))["tables"]:
        for column in table["tableSchema"]["columns"]:
            if "propertyUrl" in column:
                yield URIRef(column["propertyUrl"])
            if column.get("propertyUrl") == str(RDF.type):
                yield URIRef(column["valueUrl"])


def _query_terms() -> Iterator[URIRef]:
    """Terms of tg: in the rules, if there are any."""
    for file in sorted((REPOSITORY / "queries" / "rules").glob("*.rq")):
        for name in re.findall(r"\btg:(\w+)", file.read_text(encoding="utf-8")):
            yield URIRef(TG + name)


def _example_terms() -> Iterator[URIRef]:
    """Predicates and types of the examples."""
    for example in examples("valid.ttl") + examples("invalid.ttl"):
        graph = example_graph(example)
        for node in {*graph.predicates(), *graph.objects(None, RDF.type)}:
            assert isinstance(node, URIRef)
            yield node


def test_every_term_is_used_by_a_table_a_rule_a_scheme_or_an_example() -> None:
    used = {*_table_terms(), *_query_terms(), *_example_terms(), *iris(schemes().predicates())}
    superclasses = {node for term in used for node in ontology().transitive_objects(term, RDFS.subClassOf)}
    assert set(TERMS) <= used | superclasses


@pytest.mark.parametrize("terms", [_table_terms, _query_terms, _example_terms])
def test_every_term_that_is_used_is_declared(terms: object) -> None:
    assert callable(terms)
    built_in = {RDF.type, OWL.sameAs}
    declared = {node for kind in KINDS for node in ontology().subjects(RDF.type, kind)}
    assert set(terms()) - built_in <= declared


def test_every_predicate_of_the_vocabulary_is_declared() -> None:
    built_in = (str(RDF), str(RDFS), str(OWL))
    declared = {node for kind in KINDS for node in ontology().subjects(RDF.type, kind)}
    for graph in (ontology(), alignments(), schemes()):
        foreign = {node for node in graph.predicates() if not str(node).startswith(built_in)}
        assert foreign <= declared


def test_every_term_is_of_one_kind() -> None:
    both = ontology() + alignments()
    for term in iris(both.subjects(RDF.type, None)):
        kinds = set(both.objects(term, RDF.type)) & {*KINDS, OWL.Ontology}
        assert len(kinds) == 1, term


# Alignments.


def test_alignments_link_our_terms_to_declared_foreign_ones() -> None:
    graph = alignments()
    declared = {node for kind in KINDS for node in graph.subjects(RDF.type, kind)}
    links = [*graph.subject_objects(RDFS.subClassOf), *graph.subject_objects(RDFS.subPropertyOf)]
    assert links
    for own, foreign in links:
        assert own in TERMS
        assert foreign in declared
    assert {foreign for _, foreign in links} == declared


def test_foreign_terms_exist_in_their_vocabularies() -> None:
    graph = alignments()
    for term in {node for kind in KINDS for node in graph.subjects(RDF.type, kind)}:
        namespace, name = _split(str(term))
        if namespace in VOCABULARIES:
            assert name in VOCABULARIES[namespace] or name in SCHEMA_ORG, term
        else:
            assert name in OTHERS[namespace], term


def _split(iri: str) -> tuple[str, str]:
    match = re.fullmatch(r"(.*[/#])([^/#]+)", iri)
    assert match
    return match[1], match[2]


def _stored(*names: str) -> Graph:
    """Copies of other ontologies, which lie beside the repository where it is developed."""
    if not STORED_ONTOLOGIES.is_dir():
        pytest.skip("no copies of other ontologies in ../shared/data/ontologies")
    graph = Graph()
    for name in names:
        graph.parse(STORED_ONTOLOGIES / name, format="xml" if name.endswith(".owl") else "turtle")
    return graph


def test_foreign_terms_exist_in_copies_of_their_ontologies() -> None:
    stored = _stored(
        "org.ttl", "vivo.owl", "frapo.ttl", "schemaorg-30.0-current-https.ttl", "cerif2-core.ttl"
    )
    namespaces = (
        str(ORG),
        str(SDO),
        "http://vivoweb.org/ontology/core#",
        "http://purl.org/cerif/frapo/",
        "https://w3id.org/cerif2/",
    )
    terms = {node for kind in KINDS for node in alignments().subjects(RDF.type, kind)}
    checked = {term for term in terms if str(term).startswith(namespaces)}
    assert checked
    assert checked <= set(stored.subjects(RDF.type, None))


# Consistency under an OWL 2 DL reasoner. Dates in EDTF and xsd:date are outside the datatypes of OWL 2, so the
# reasoner is told to pass over them.


def _unsatisfiable(graph: Graph) -> list[str]:
    """The classes that can have no member; raises when the whole is inconsistent."""
    if shutil.which("java") is None:
        pytest.skip("no java, which HermiT needs")
    graph.remove((None, OWL.imports, None))
    world = World()
    world.get_ontology("https://example.org/all#").load(
        fileobj=io.BytesIO(graph.serialize(format="nt").encode())
    )
    sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
    return sorted(str(cls) for cls in world.inconsistent_classes())


def test_ontology_is_consistent() -> None:
    assert _unsatisfiable(ontology() + Graph()) == []


def test_ontology_with_alignments_schemes_and_examples_is_consistent() -> None:
    graph = ontology() + alignments() + schemes()
    for example in examples("valid.ttl"):
        graph += data_graph(example)
    assert _unsatisfiable(graph) == []


def test_reasoner_finds_what_is_two_disjoint_things() -> None:
    graph = ontology() + Graph()
    thing = URIRef("https://example.org/thing")
    graph.add((thing, RDF.type, URIRef(TG + "Organisation")))
    graph.add((thing, RDF.type, URIRef(TG + "Alliance")))
    with pytest.raises(OwlReadyInconsistentOntologyError):
        _unsatisfiable(graph)


def test_alignments_are_consistent_with_the_ontologies_themselves() -> None:
    graph = ontology() + alignments() + _stored("org.ttl", "vivo.owl", "frapo.ttl")
    # What VIVO takes from BFO without repeating it: processes are not things, and kinds of things are apart.
    continuant, occurrent = OBO.BFO_0000002, OBO.BFO_0000003
    independent, specific, generic = OBO.BFO_0000004, OBO.BFO_0000020, OBO.BFO_0000031
    for one, other in (
        (continuant, occurrent),
        (independent, specific),
        (independent, generic),
        (specific, generic),
    ):
        graph.add((one, OWL.disjointWith, other))
    assert _unsatisfiable(graph) == []
