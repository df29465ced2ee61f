"""A class more is a table, a class and a shape more, and no line of Python: patents, as a class of each kind."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
from pages_fixture import SITE, Read
from workspaces import REPOSITORY, TABLES, copied, declare, edited, make_workspace

from transfergraph import Outcome, WorkspaceError, build
from transfergraph import open as open_release
from transfergraph.cli import show_findings
from transfergraph.common.namespaces import DCT, DQV, RDF, TG, VOID
from transfergraph.config.declarations import declarations_of
from transfergraph.network.output.network_lists import organisation_rows, undertaking_rows
from transfergraph.network.output.picture import symbols_of
from transfergraph.release.release_facts import read_facts
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.presentation_reader import read_presentation
from transfergraph.web.addresses import Site
from transfergraph.web.entity_document import Document, find_document
from transfergraph.web.entity_lists import read_listing, read_page_paths
from transfergraph.web.entity_page import render_entity
from transfergraph.web.ontology_page import read_ontology, read_vocabulary, render_ontology
from transfergraph.web.site_pages import render_list
from transfergraph.web.summary_sentence import check_sentences

MY = "https://example.org/my#"
PATENT = MY + "Patent"
PREFIXES = f"""@prefix my: <{MY}> . @prefix tg: <{TG}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tgsh: <https://w3id.org/transfergraph/shapes#> .
"""
CLASS = """
my:Patent a owl:Class ; rdfs:label "Patent"@de , "Patent"@en ;
    skos:definition "Ein geschütztes Verfahren."@de , "A protected process."@en .
my:number a owl:DatatypeProperty ; rdfs:label "Aktenzeichen"@de , "file number"@en .
my:holder a owl:ObjectProperty ; rdfs:range tg:Organisation ; rdfs:label "Inhaber"@de , "holder"@en .
"""
SHAPES = """
my:Shape a sh:NodeShape ; sh:targetClass my:Patent ; sh:property my:NumberOnce , my:HolderIsKnown .
my:Right a sh:PropertyGroup ; sh:order 0 ; rdfs:label "Schutzrecht"@de , "Property right"@en .
my:NumberOnce a sh:PropertyShape ; sh:path my:number ; sh:maxCount 1 ; sh:group my:Right ; sh:order 2 ;
    sh:severity sh:Violation ; sh:message "Zwei Aktenzeichen."@de , "Two file numbers."@en .
my:HolderIsKnown a sh:PropertyShape ; sh:path my:holder ; sh:class tg:Organisation ; sh:group my:Right ; sh:order 1 .
my:Held a sh:PropertyShape ; sh:path [ sh:inversePath my:holder ] ; sh:name "Schutzrechte"@de , "Property rights"@en .
"""
TABLE = """{"@context": "http://www.w3.org/ns/csvw", "tables": [{"url": "patents.csv",
 "dc:title": [{"@value": "Patente", "@language": "de"}, {"@value": "Patents", "@language": "en"}],
 "tableSchema": {"aboutUrl": "patent/{id}", "primaryKey": "id", "columns": [
  {"name": "id", "suppressOutput": true, "required": true},
  {"name": "name_de", "lang": "de", "propertyUrl": "http://www.w3.org/2004/02/skos/core#prefLabel"},
  {"name": "name_en", "lang": "en", "propertyUrl": "http://www.w3.org/2004/02/skos/core#prefLabel"},
  {"name": "kind", "propertyUrl": "http://www.w3.org/ns/org#classification",
   "valueUrl": "https://w3id.org/transfergraph/scheme/organisation-kind/{kind}"},
  {"name": "number", "propertyUrl": "https://example.org/my#number"},
  {"name": "holder", "propertyUrl": "https://example.org/my#holder", "valueUrl": "organisation/{holder}"},
  {"name": "source", "propertyUrl": "http://purl.org/dc/terms/source", "valueUrl": "source/{source}"},
  {"name": "type", "virtual": true, "propertyUrl": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
   "valueUrl": "https://example.org/my#Patent"}]}}]}
"""
ROWS = """id,name_de,name_en,kind,number,holder,source
laugung,Laugung von Halden,Leaching of heaps,{kind},DE 10 2020 1,müller-ag,page
sieb,Feines Sieb,Fine sieve,{kind},DE 10 2021 2,htw-dresden,page
"""


@dataclass(frozen=True)
class Built:
    """A release with patents, after one without; and the superclass of theirs, empty for none."""

    outcome: Outcome
    output: Path
    superclass: str
    site: Site

    @property
    def folder(self) -> Path:
        """Where the release lies."""
        return (self.output / "current").resolve()

    @property
    def store(self) -> EmbeddedStore:
        """The graph."""
        return open_release(self.folder).store

    def page(self, local: str, language: str) -> tuple[Document, str]:
        """A document and its page."""
        document = find_document(self.store, self.site.base, self.site.base + local)
        assert document is not None
        return document, render_entity(document, self.site, language)


@pytest.fixture(scope="module", params=["", "Organisation", "Undertaking"], ids=lambda one: one or "none")
def built(
    request: pytest.FixtureRequest, first_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Built:
    """The small workspace with patents, after a release without."""
    root, output = copied(first_release, tmp_path_factory.mktemp("patents"))
    superclass = request.param
    more = f"my:Patent rdfs:subClassOf tg:{superclass} .\n" if superclass else ""
    declare(root, "ontology/patents.ttl", PREFIXES + CLASS + more)
    declare(root, "ontology/patents.shapes.ttl", PREFIXES + SHAPES)
    declare(root, "ontology/tables.json", TABLE)
    declare(root, "data/source/patents.csv", ROWS.format(kind="company" * (superclass == "Organisation")))
    outcome = build(root, output)
    assert outcome.manifest is not None, outcome.report.findings
    site = replace(read_facts(output / "current").site(SITE.url, documents=True), endpoint=True)
    return Built(outcome, output, superclass, site)


def test_patents_have_iris_and_rdf(built: Built) -> None:
    base = built.site.base
    document, _ = built.page("patent/laugung", "en")
    stated = {
        (one.predicate.value, str(one.object))
        for one in document.triples
        if f"{base}patent/laugung>" in str(one)
    }
    assert (RDF + "type", f"<{PATENT}>") in stated
    assert (MY + "holder", f"<{base}organisation/m%C3%BCller-ag>") in stated
    types = set(document.own.iris(RDF + "type"))
    assert types == {PATENT} | ({TG + built.superclass} if built.superclass else set())


def test_patents_have_a_page_in_each_language(built: Built) -> None:
    for language, words in {
        "de": ("Laugung von Halden", "Patent", "Schutzrecht", "Inhaber", "Aktenzeichen", "Patente"),
        "en": ("Leaching of heaps", "Patent", "Property right", "Holder", "File number", "Patents"),
    }.items():
        page = Read(built.page("patent/laugung", language)[1])
        for word in words:
            assert word in page.words, word
        assert page.words.index(words[3]) < page.words.index(words[4])
        assert f"{built.site.prefix}patents/index.{language}.html" in page.links
        assert any("organisation/m" in link for link in page.links)
    assert "network.html#ego=" in built.page("patent/laugung", "en")[1]
    told = Read(built.page("organisation/m%C3%BCller-ag", "de")[1]).words
    assert "Schutzrechte Laugung von Halden" in told


def test_the_sentence_of_a_patent_is_that_of_its_superclass_or_names_its_class(built: Built) -> None:
    expected = {
        "": "Patent: Fine sieve.",
        "Organisation": "Fine sieve (Company) is listed as an organisation.",
        "Undertaking": "Fine sieve is an undertaking.",
    }
    assert expected[built.superclass] in Read(built.page("patent/sieb", "en")[1]).words


def test_patents_have_a_list(built: Built) -> None:
    listing = read_listing(built.store, built.site, "patents")
    page = Read(render_list(listing, built.site, "de"))
    assert listing.count == 2 and "Patente" in page.words and "Feines Sieb" in page.words
    paths = read_page_paths(built.store, built.site, [])
    assert {"patents/", "patent/sieb"} <= set(paths)
    if not built.superclass:
        assert listing.entries[0].kind is None


def test_patents_have_their_line_in_summary_and_note(
    built: Built, capsys: pytest.CaptureFixture[str]
) -> None:
    show_findings.built(built.outcome, "en", built.output, built.output.parent)
    assert "2 Patents" in capsys.readouterr().out
    for language, line in {"de": "2 Patente neu", "en": "2 Patents new"}.items():
        note = (built.folder / "changes" / f"note.{language}.md").read_text(encoding="utf-8")
        assert line in note


def test_patents_stand_in_void_and_in_completeness(built: Built) -> None:
    void = set(ox.parse(path=str(built.folder / "void.ttl"), format=ox.RdfFormat.TURTLE))
    (part,) = (
        one.subject
        for one in void
        if one.predicate.value == VOID + "class" and one.object == ox.NamedNode(PATENT)
    )
    (count,) = (one for one in void if one.subject == part and one.predicate.value == VOID + "entities")
    assert str(count.object).startswith('"2"')
    stated = list(ox.parse(path=str(built.folder / "catalog.ttl"), format=ox.RdfFormat.TURTLE))
    rows = ox.NamedNode(f"{built.site.base}quality/rows-known/source/source/patents")
    assert [
        one.predicate.value for one in stated if one.subject == rows and one.predicate.value == DQV + "value"
    ]
    filled = (one for one in stated if one.predicate.value == DCT + "subject")
    assert ox.NamedNode(PATENT) in {one.object for one in filled}


def test_patents_stand_on_the_page_of_the_vocabulary(built: Built) -> None:
    html = render_ontology(read_ontology(read_vocabulary(built.folder)), built.site, "de")
    page = Read(html)
    assert "Ein geschütztes Verfahren." in page.words and "Aktenzeichen" in page.words
    assert 'id="Patent"' in html and 'id="number"' in html


def test_patents_that_are_undertakings_or_organisations_stand_in_the_network(built: Built) -> None:
    network = open_release(built.folder).network()
    patent = f"{built.site.base}patent/laugung"
    assert (patent in network) == bool(built.superclass)
    written = json.loads((built.folder / "network.json").read_text(encoding="utf-8"))
    assert ("Patent" in written["graph"]["classes"]) == bool(built.superclass)
    page = (built.folder / "network.html").read_text(encoding="utf-8")
    assert ("Leaching of heaps" in Read(page).words) == bool(built.superclass)
    if not built.superclass:
        return
    side = 1 if built.superclass == "Undertaking" else 0
    labels = {"label_de": "Patent", "label_en": "Patent", "bipartite": side, "gathers": 0}
    assert written["graph"]["classes"]["Patent"] == labels
    assert network.nodes[patent]["class"] == "Patent" and network.nodes[patent]["bipartite"] == side
    data = json.loads((built.folder / "network" / "explorer.json").read_text(encoding="utf-8"))
    number = data["classes"].index("Patent")
    assert data["nodes"]["class"][data["nodes"]["key"].index("patent/laugung")] == number
    assert data["class_details"][number] == {
        "de": "Patent",
        "en": "Patent",
        "organisation": side == 0,
        "gathers": False,
        **dict(zip(("shape", "colour"), ("octagon", "u3") if side else (None, None), strict=True)),
    }
    legend, of_node = symbols_of(network)
    meant = legend[of_node[patent]]
    assert meant.label.english == ("Patent" if side else "Company")
    assert (meant.shape, meant.colour) == ("octagon", "u3") or not side
    rows = undertaking_rows(network, built.site.base) if side else organisation_rows(network, built.site.base)
    (row,) = (row for row in rows if row.anchor == "patent/laugung")
    assert row.kind.english == ("Patent" if side else "Company")


def test_the_questions_offer_them_where_they_fit(built: Built) -> None:
    assert [one.key for one in built.site.presentation.lists.values() if one.folder == "patent/"] == [
        "patents"
    ]
    assert (
        json.loads((built.folder / "ontology" / "tables.json").read_text(encoding="utf-8"))["tables"][-1][
            "url"
        ]
        == "patents.csv"
    )


def test_a_landscape_shows_the_centres_of_any_table_and_filters_go_by_what_points(tmp_path: Path) -> None:
    """Consortia instead of alliances, fields instead of topics: other tables, other names of columns."""
    core = (REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8")
    tables = {one["url"]: one for one in json.loads(core)["tables"]}
    own = json.dumps({"tables": [tables["alliances.csv"], tables["topics.csv"]]})
    for old, new in (
        *(("alliances.csv", "consortia.csv"), ("topics.csv", "subjects.csv"), ("{topics}", "{subjects}")),
        *(('"topics"', '"subjects"'), ("topic/", "subject/"), (f"{TG}Alliance", f"{MY}Consortium")),
    ):
        own = own.replace(old, new)
    consortia = edited("alliances", "topics,source", "subjects,source").replace("sachsen,", "erzgebirge,")
    regions = TABLES["regions"] + "erzgebirge,historical-region,Erzgebirge,Ore Mountains,,,page\n"
    projects = edited("projects", ",grubenwasser,", ",,")
    changed = {"regions": regions, "alliances": None, "topics": None, "projects": projects}
    root = make_workspace(tmp_path / "workspace", **changed)
    declare(
        root, "ontology/tables.json", json.dumps({"@context": "http://www.w3.org/ns/csvw", **json.loads(own)})
    )
    label = 'rdfs:label "Konsortium"@de , "Consortium"@en'
    declare(
        root,
        "ontology/own.ttl",
        f"{PREFIXES}my:Consortium a owl:Class ; {label} .\nmy:Consortium rdfs:subClassOf tg:Alliance .",
    )
    declare(root, "data/source/consortia.csv", consortia)
    declare(root, "data/source/subjects.csv", TABLES["topics"])
    outcome = build(root, tmp_path / "build")
    assert outcome.manifest is not None, outcome.report.findings
    site = replace(read_facts(tmp_path / "build" / "current").site(SITE.url, documents=True), endpoint=True)
    made = Built(outcome, tmp_path / "build", "", site)
    assert "network.html#alliances=undertaking/recomine&" in unescape(made.page("region/erzgebirge", "en")[1])
    assert "network.html#topics=subject/grubenwasser&" in unescape(made.page("subject/grubenwasser", "en")[1])


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("{name} [is open", "is not closed"),
        ("{name} is closed]", "closes what is not open"),
        ("{name}, {nummer}", "nummer"),
        ("{nowhere, plural, one {#} other {#}}", "nowhere"),
    ],
)
def test_a_sentence_that_cannot_be_said_stops_the_build(tmp_path: Path, sentence: str, told: str) -> None:
    declare(tmp_path, "ontology/patents.ttl", PREFIXES + CLASS + f'my:Patent tgsh:sentence "{sentence}"@en .')
    with pytest.raises(WorkspaceError, match=told):
        check_sentences(read_presentation(declarations_of(tmp_path)))
