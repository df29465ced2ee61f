"""What a document holds: own statements, what points here, names, sources, pages; and its RDF."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from pages_fixture import BASE, store_of

import transfergraph as tg
from transfergraph import Text
from transfergraph.common.formats import GraphFormat
from transfergraph.store import Solutions
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import DOCUMENT_FORMATS
from transfergraph.web.document_queries import SORTED
from transfergraph.web.entity_document import PAGE, CooperationEvidence, Document, find_document

RECOMINE = BASE + "undertaking/recomine"
ROLE = "https://w3id.org/transfergraph/scheme/role/"


def known(store: EmbeddedStore, iri: str, page: int = 1) -> Document:
    document = find_document(store, BASE, iri, page)
    assert document is not None
    return document


class Counting:
    """A store that counts what it is asked."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self.asked: list[str] = []

    def select(self, query: str) -> Solutions:
        self.asked.append(query)
        return self._store.select(query)

    def ask(self, query: str) -> bool:
        raise AssertionError(query)

    def construct(self, query: str) -> Iterator[ox.Triple]:
        raise AssertionError(query)


@pytest.fixture(scope="module")
def recomine(saxony: tg.Release) -> Document:
    return known(saxony.store, RECOMINE)


def test_own_statements_are_complete_and_in_order(saxony: tg.Release, recomine: Document) -> None:
    found = {
        (str(property_), str(value))
        for property_, value in saxony.store.select(f"SELECT ?p ?o {{ <{RECOMINE}> ?p ?o }}").rows
    }
    assert {
        (f"<{group.property}>", str(value)) for group in recomine.own.groups for value in group.values
    } == found
    names = [group.property for group in recomine.own.groups]
    assert names == sorted(names)
    assert terms.TG + "Alliance" in recomine.classes
    assert recomine.label == Text(de="recomine", en="recomine")
    assert recomine.graphs[-1] == BASE + "graph/saxony"


def test_what_points_here_is_complete_and_counted(saxony: tg.Release, recomine: Document) -> None:
    query = f"SELECT ?p (COUNT(DISTINCT ?s) AS ?n) {{ ?s ?p <{RECOMINE}> }} GROUP BY ?p"
    counted = {str(p.value): int(n.value) for p, n in saxony.store.select(query).rows if p and n}
    assert {group.property: group.total for group in recomine.incoming} == counted
    assert counted[terms.PARTICIPATES_IN] == 8
    assert all(len(group.values) == group.total for group in recomine.incoming)
    assert recomine.pages == 1


def test_everything_mentioned_has_its_names_in_both_languages(saxony: tg.Release, recomine: Document) -> None:
    mentioned = {t.object.value for t in recomine.triples if isinstance(t.object, ox.NamedNode)}
    mentioned |= {str(t.subject.value) for t in recomine.triples if isinstance(t.subject, ox.NamedNode)}
    checked = 0
    for iri in sorted(mentioned):
        rows = saxony.store.select(f"SELECT ?name {{ <{iri}> <{terms.PREF_LABEL}> ?name }}").rows
        names = {row[0] for row in rows}
        if names:
            assert set(recomine.record(iri).values(terms.PREF_LABEL)) == names, iri
            checked += 1
    assert checked > 40
    assert recomine.labels(ROLE + "coordinator") == Text(de="Koordination", en="Coordinator")
    assert recomine.labels(terms.FUNDED_UNDER) == Text(de="gefördert im Programm", en="funded under")


def test_a_source_says_when_it_was_read_and_under_which_licence(
    saxony: tg.Release, recomine: Document
) -> None:
    source = next(one for one in recomine.sources("de") if one.iri == BASE + "source/futuresax-projects")
    assert source.publisher == "futureSAX"
    assert source.retrieved == "2025-03-12"
    assert source.page.startswith("https://futuresax.de/")
    hszg = known(saxony.store, BASE + "organisation/hszg")
    licences = {one.iri: one.licence for one in hszg.sources("de")}
    assert licences[BASE + "source/ror"] == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_partners_come_with_what_is_shared(saxony: tg.Release) -> None:
    document = known(saxony.store, BASE + "organisation/hszg")
    partners = next(group for group in document.own.groups if group.property == terms.COOPERATES)
    assert partners.total == len(partners.values) == 14
    assert terms.COOPERATES not in {group.property for group in document.incoming}
    assert {one.partner for one in document.evidence} == {value.value for value in partners.values}
    assert BASE + "graph/derived" in document.graphs
    for one in document.evidence:
        assert saxony.store.ask(
            f"ASK {{ <{one.participation}> <{terms.PARTICIPATES_IN}> <{one.undertaking}> ; "
            f"<{terms.PARTICIPANT}> <{one.partner}> . ?own <{terms.PARTICIPATES_IN}> <{one.undertaking}> ; "
            f"<{terms.PARTICIPANT}> <{document.iri}> }}"
        )


def test_rdf_says_nothing_that_the_release_does_not(saxony: tg.Release, recomine: Document) -> None:
    document = BASE + "undertaking/recomine.ttl"
    about_itself = {t for t in recomine.triples if t.subject == ox.NamedNode(document)}
    for triple in set(recomine.triples) - about_itself:
        assert saxony.store.ask(f"ASK {{ {triple.subject} {triple.predicate} {triple.object} }}"), triple
    assert {(t.predicate.value, str(t.object)) for t in about_itself} >= {
        ("http://rdfs.org/ns/void#inDataset", f"<{BASE}dataset/graph>"),
        ("http://xmlns.com/foaf/0.1/primaryTopic", f"<{RECOMINE}>"),
    }
    assert len(recomine.triples) == len(set(recomine.triples)) > 300


def test_rdf_names_its_release_when_it_is_told(saxony: tg.Release) -> None:
    document = find_document(saxony.store, BASE, RECOMINE, release="2026.11-0123456789ab")
    assert document is not None
    release = ox.NamedNode(BASE + "release/2026.11-0123456789ab")
    part_of = [t for t in document.triples if t.object == release]
    assert [t.predicate.value for t in part_of] == [terms.PART_OF]


@pytest.mark.parametrize("form", DOCUMENT_FORMATS, ids=lambda form: str(form.name))
def test_rdf_survives_each_format(recomine: Document, form: GraphFormat) -> None:
    written = ox.serialize(recomine.triples, format=form.oxigraph) or b""
    assert {quad.triple for quad in ox.parse(written, format=form.oxigraph)} == set(recomine.triples)


def test_a_thing_with_a_fragment_stands_in_the_document_of_what_it_belongs_to(saxony: tg.Release) -> None:
    place = known(saxony.store, BASE + "place/freiberg")
    geometry = place.record(BASE + "place/freiberg#geometry")
    assert geometry.first("http://www.opengis.net/ont/geosparql#asWKT").startswith("POINT(13.")


def test_a_participation_is_told_with_its_ends(saxony: tg.Release) -> None:
    document = known(saxony.store, BASE + "participation/recomine~hif~coordinator")
    assert not document.own.has_name
    assert document.labels(RECOMINE) == Text(de="recomine", en="recomine")
    assert document.own.iris(terms.ROLE) == (ROLE + "coordinator",)


def test_a_concept_is_told_with_what_uses_it(saxony: tg.Release) -> None:
    document = known(saxony.store, ROLE + "coordinator")
    uses = document.subjects(terms.ROLE)
    assert uses.total == 5
    first = document.record(str(uses.values[0].value))
    assert document.record(first.first(terms.PARTICIPANT)).has_name


@pytest.mark.parametrize("iri", [BASE + "undertaking/nothing", "no iri", "", "https://example.org/x>y"])
def test_what_is_not_known_has_no_document(saxony: tg.Release, iri: str) -> None:
    assert find_document(saxony.store, BASE, iri) is None


@pytest.mark.parametrize("page", [-1, 0, 2, 10**6])
def test_a_page_that_is_not_there_is_no_document(saxony: tg.Release, page: int) -> None:
    assert find_document(saxony.store, BASE, RECOMINE, page) is None


def participations(count: int) -> str:
    return "".join(
        f"<participation/{n:05}> a tg:Participation ; tg:participatesIn <undertaking/big> ; "
        f"tg:participant <organisation/{n:05}> .\n"
        f'<organisation/{n:05}> a tg:Organisation ; skos:prefLabel "Organisation {n}"@de .\n'
        for n in range(count)
    )


@pytest.mark.parametrize("count", [PAGE, PAGE + 1, 2 * PAGE, 2 * PAGE + 1, SORTED + PAGE + 1])
def test_much_is_paged_and_every_page_holds_its_part(tmp_path: Path, count: int) -> None:
    store = store_of(tmp_path, f"<undertaking/big> a tg:Project .\n{participations(count)}")
    first = known(store, BASE + "undertaking/big")
    assert first.pages == -(-count // PAGE)
    seen: list[str] = []
    for page in range(1, first.pages + 1):
        document = known(store, BASE + "undertaking/big", page)
        assert document.own == first.own
        group = document.subjects(terms.PARTICIPATES_IN)
        assert group.total == count
        assert len(group.values) == min(PAGE, count - (page - 1) * PAGE)
        assert list(group.values) == sorted(group.values, key=str)
        assert document.record(BASE + f"organisation/{str(group.values[0].value)[-5:]}").has_name
        seen.extend(str(value.value) for value in group.values)
        steps = {
            t.predicate.value.rpartition("#")[2]: str(t.object)
            for t in document.triples
            if t.predicate.value.startswith(terms.XHV)
        }
        assert ("prev" in steps, "next" in steps) == (page > 1, page < first.pages)
    assert len(seen) == len(set(seen)) == count
    if count <= SORTED:
        assert seen == sorted(seen)


def test_partners_are_paged_too(tmp_path: Path) -> None:
    many = 3 * PAGE
    partners = "".join(f"<organisation/a> tg:cooperatesWith <organisation/{n}> .\n" for n in range(many))
    back = "".join(f"<organisation/{n}> tg:cooperatesWith <organisation/a> .\n" for n in range(many))
    store = store_of(tmp_path, f"<organisation/a> a tg:Organisation .\n{partners}{back}")
    pages = [known(store, BASE + "organisation/a", page) for page in (1, 2, 3)]
    groups = [next(g for g in one.own.groups if g.property == terms.COOPERATES) for one in pages]
    assert [group.total for group in groups] == [many] * 3
    assert len({value.value for group in groups for value in group.values}) == many
    assert pages[0].graphs == (BASE + "graph/source",)


def test_a_statement_of_two_sources_counts_once(tmp_path: Path) -> None:
    turtle = "<undertaking/a> a tg:Project . <undertaking/b> dct:isPartOf <undertaking/a> ."
    one = store_of(tmp_path, turtle)
    store_of(tmp_path, turtle, "graph/other")
    one.load(tmp_path / "graph.nq")
    document = known(one, BASE + "undertaking/a")
    assert document.subjects(terms.PART_OF).total == 1
    assert document.graphs == (BASE + "graph/other", BASE + "graph/source")
    assert document.own.iris(terms.TYPE) == (terms.TG + "Project",)


def test_names_fall_back_from_one_language_to_the_other_and_to_the_iri(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """<a> dct:subject <german>, <english>, <plain>, <nameless>, <labelled>, <https://else.example/thing/> .
        <german> skos:prefLabel "Deutsch"@de . <english> skos:prefLabel "English"@en .
        <plain> skos:prefLabel "Plain" . <labelled> rdfs:label "Label"@en . <nameless> dct:type <x> .""",
    )
    document = known(store, BASE + "a")
    assert document.labels(BASE + "german") == Text(de="Deutsch", en="Deutsch")
    assert document.labels(BASE + "english") == Text(de="English", en="English")
    assert document.labels(BASE + "plain") == Text(de="Plain", en="Plain")
    assert document.labels(BASE + "nameless") == Text(de="nameless", en="nameless")
    assert document.labels("https://else.example/thing/") == Text(de="thing", en="thing")


def test_a_thing_that_is_only_pointed_at_has_a_document(tmp_path: Path) -> None:
    store = store_of(tmp_path, "<undertaking/a> tg:seat <place/p> .")
    document = known(store, BASE + "place/p")
    assert document.own.groups == ()
    assert document.subjects(terms.SEAT).total == 1


def test_circles_end(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """<participation/p> a tg:Participation ; tg:participatesIn <participation/p> ; tg:participant <participation/p> ;
        dct:source <participation/p> ; dct:isPartOf <participation/p> ; tg:cooperatesWith <participation/p> .""",
    )
    document = known(store, BASE + "participation/p")
    assert document.subjects(terms.SOURCE).total == 1
    assert document.evidence in ((), (CooperationEvidence(document.iri, document.iri, document.iri),))


def test_a_document_asks_few_questions_however_much_is_linked(saxony: tg.Release, tmp_path: Path) -> None:
    for store, iri in (
        (saxony.store, RECOMINE),
        (saxony.store, BASE + "organisation/hszg"),
        (saxony.store, BASE + "source/futuresax-projects"),
        (store_of(tmp_path, participations(400)), BASE + "undertaking/big"),
    ):
        counting = Counting(store)
        assert find_document(counting, BASE, iri) is not None
        assert len(counting.asked) <= 8, counting.asked


def test_a_document_is_quick(saxony: tg.Release) -> None:
    known(saxony.store, RECOMINE)
    times = []
    for _ in range(7):
        begin = time.process_time()
        known(saxony.store, RECOMINE)
        times.append(time.process_time() - begin)
    assert min(times) < 0.05


def test_the_same_entity_gives_the_same_document(saxony: tg.Release, recomine: Document) -> None:
    again = tg.open(saxony.path).store
    assert known(again, RECOMINE) == recomine
    assert known(again, RECOMINE).triples == recomine.triples
