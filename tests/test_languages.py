"""A further language is a further file: texts, tables, queries, shapes and a whole workspace in Polish and English."""

from __future__ import annotations

import csv
import dataclasses
import gzip
import json
import pickle
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib import RDFS, SKOS
from server_fixture import Served, served
from workspaces import REPOSITORY, core_text, declare, make_polish_workspace

import transfergraph as tg
from transfergraph import messages
from transfergraph.common.text import Text, is_language, nearest
from transfergraph.config.workspace import open_workspace
from transfergraph.messages import both, complete_languages, interface_languages, text, texts_of
from transfergraph.queries import Answer, load_checks, load_queries
from transfergraph.queries.query_languages import query_in
from transfergraph.release.release_facts import read_facts
from transfergraph.shacl.shape_languages import shapes_in, shapes_text
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.tables.csvw import read_table_group
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_lists import read_listing, read_page_paths
from transfergraph.web.entity_page import render_entity
from transfergraph.web.site_pages import render_list, render_question, render_questions, render_sparql

TG = "https://w3id.org/transfergraph/ontology#"
TGSH = "https://w3id.org/transfergraph/shapes#"
POLISH = ("pl", "en")
SETS = [POLISH, ("en",), ("de", "en", "pl"), ("cs", "sk"), ("pt-br", "en")]


def tags_in(terms: Iterable[rdflib.term.Node]) -> set[str | None]:
    """The languages of the literals among these terms."""
    return {one.language for one in terms if isinstance(one, rdflib.Literal)}


def test_a_text_falls_back_to_english_then_to_no_language_then_to_the_first() -> None:
    assert Text(de="Haus", en="house").in_language("de") == "Haus"
    assert Text(de="Haus", en="house").in_language("pl") == "house"
    assert Text({"": "H", "de": "Haus"}).in_language("pl") == "H"
    assert Text(cs="dům", de="Haus").in_language("pl") == "dům"
    assert Text().in_language("pl") == "" and not Text(pl="")
    assert Text.same("x").by_language(("pl", "de")) == {"pl": "x", "de": "x"}
    assert Text(de="Haus", en="house").tagged(POLISH) == {"en": "house"}
    assert Text(de="Haus").tagged(POLISH) == {"pl": "Haus"}
    assert Text.made(str.upper, POLISH).to_columns("name", POLISH) == {"name_pl": "PL", "name_en": "EN"}
    assert Text.from_columns({"name_pl": "a", "name_en": "b"}, "name", POLISH) == Text(pl="a", en="b")


def test_a_message_is_a_text_in_any_language() -> None:
    said = both("answer.rows", count=2)
    assert said == Text(de="2 Zeilen", en="2 rows", pl="2 wiersze") != Text(pl="2 rows")
    assert hash(said) == hash(Text(en="2 rows")) and pickle.loads(pickle.dumps(said)) == said
    assert said.has("pl") and not both("table.empty").has("pl")
    joined = Text(pl="Sieć", en="Network").each("{}: {}".format, said)
    assert joined.by_language(POLISH) == {"pl": "Sieć: 2 wiersze", "en": "Network: 2 rows"}
    assert "pl" in interface_languages() and complete_languages() == ("de", "en")
    for missing in ({}, {"number": 2}):
        with pytest.raises(KeyError, match="count"):
            both("answer.rows", **missing)


def test_tags_and_columns() -> None:
    assert all(map(is_language, ("pl", "hsb", "pt-br", "zh-hant", "de-1996", "es-419")))
    assert not any(map(is_language, ("", "PL", "p", "polski", "pl_pl", "pl-", "x-own", "en-a-b")))
    assert [nearest("pl", one) for one in (POLISH, ("de", "en"), ("cs", "sk"))] == ["pl", "en", "cs"]


@pytest.mark.parametrize(
    ("languages", "told"),
    [
        ('["pl", "Polski"]', "“Polski”, which is no language tag"),
        ('["pl", "EN"]', "“EN”, which is no language tag"),
        ("[]", "languages must be a list of different texts"),
        ('["pl", "pl"]', "languages must be a list of different texts"),
        ('"pl"', "languages must be a list of different texts"),
        ('["pl", "cs"]', "graph.title_cs is missing"),
        ('["en"]', "unknown key: graph.title_pl; did you mean graph.title_en?"),
    ],
)
def test_the_languages_of_the_settings_are_checked(tmp_path: Path, languages: str, told: str) -> None:
    root = make_polish_workspace(tmp_path)
    file = root / "transfergraph.toml"
    content = file.read_text(encoding="utf-8").replace('["pl", "en"]', languages, 1)
    file.write_text(content, encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match=re.escape(told)):
        open_workspace(root)


@pytest.mark.parametrize("languages", SETS, ids="-".join)
def test_columns_stand_in_each_language(languages: tuple[str, ...]) -> None:
    group = read_table_group([REPOSITORY / "ontology" / "tables.json"], "https://e.org/", languages)
    endings = [one.replace("-", "_") for one in languages]
    for table in group.tables:
        for stem in ("name", "description", "note"):
            found = [one for one in table.file_columns if one.name.startswith(f"{stem}_")]
            assert not found or [one.name for one in found] == [f"{stem}_{ending}" for ending in endings]
            assert not found or [one.language for one in found] == list(languages)
            assert len({(one.required, one.property) for one in found}) <= 1
    names = [column.name for column in group.table("alliances").file_columns]
    assert names[: 1 + len(endings)] == ["id", *(f"name_{ending}" for ending in endings)]
    assert not names[1 + len(endings)].startswith("name_")
    added = next(iter(set(languages) - {"de", "en"}), None)
    if added is not None:
        columns = [c for c in group.table("topics").file_columns if c.language == added]
        assert [one.description["en"] for one in columns] == [
            f"As {name}_en, in the language {added}" for name in ("name", "alternative_names")
        ]


@pytest.mark.parametrize("languages", SETS, ids="-".join)
def test_the_queries_of_the_core_ask_in_each_language(languages: tuple[str, ...]) -> None:
    questions = load_queries(REPOSITORY / "queries" / "questions", languages)
    checks = [one.query for one in load_checks(REPOSITORY / "queries" / "checks", languages)]
    endings = tuple(f"_{one.replace('-', '_')}" for one in languages)
    for query in (*questions, *checks):
        if query.form == "SELECT":
            variables = EmbeddedStore.in_memory().select(query.text).variables
            stems = {name.removesuffix(endings[0]) for name in variables if name.endswith(endings[0])}
            assert stems or not re.search(r"\?\w+_en\b", query.file.read_text(encoding="utf-8")), query.name
            for stem in stems:
                assert {stem + ending for ending in endings} <= set(variables)
        used = set(re.findall(r"\?\w+_(de|en)\b", query.text))
        assert used <= set(languages), query.name


def test_in_german_and_english_nothing_changes() -> None:
    shapes = core_text("ontology/shapes.ttl")
    assert shapes_text(("de", "en"), shapes.encode()) == shapes.encode()
    assert query_in(("de", "en"), core_text("queries/questions/partners-of.rq")) == core_text(
        "queries/questions/partners-of.rq"
    )


@pytest.mark.parametrize("languages", SETS, ids="-".join)
def test_shapes_ask_for_each_language_and_for_no_other(languages: tuple[str, ...]) -> None:
    before = rdflib.Graph().parse(REPOSITORY / "ontology" / "shapes.ttl")
    shapes = shapes_in(languages, before)
    published = rdflib.Graph().parse(shapes_text(languages, core_text("ontology/shapes.ttl").encode()))
    for graph in (shapes, published):
        found = {
            tuple(str(tag) for tag in graph.items(head)) for head in graph.objects(None, rdflib.SH.languageIn)
        }
        assert found == {languages, *((one,) for one in languages)}
        names = [one for one in graph.subjects(rdflib.SH.qualifiedValueShape) if "NameIn" in str(one)]
        assert len(names) == len(languages)
        for name in names:
            assert (None, rdflib.SH.property, name) in graph
            assert tags_in(graph.objects(name, rdflib.SH.message)) >= {"de", "en"}
    assert len(before) == len(rdflib.Graph().parse(REPOSITORY / "ontology" / "shapes.ttl"))


def test_the_core_has_polish_names_of_all_its_concepts_and_no_others() -> None:
    concepts, named = rdflib.Graph(), rdflib.Graph()
    for file in (REPOSITORY / "ontology" / "schemes").glob("*.ttl"):
        concepts.parse(file)
    named.parse(REPOSITORY / "ontology" / "languages" / "pl.ttl")
    assert set(named.subjects(SKOS.prefLabel)) == set(concepts.subjects(SKOS.prefLabel))
    ontology = rdflib.Graph().parse(REPOSITORY / "ontology" / "transfergraph.ttl")
    assert {*named.subjects(RDFS.label)} == {
        one for one in ontology.subjects(RDFS.label) if str(one).startswith(TG)
    }
    shapes = rdflib.Graph().parse(REPOSITORY / "ontology" / "presentation.shapes.ttl")
    names = rdflib.Graph().parse(REPOSITORY / "ontology" / "languages" / "pl.shapes.ttl")
    sentence = rdflib.URIRef(TGSH + "sentence")
    assert set(names.subjects(rdflib.SH.name)) <= set(shapes.subjects(rdflib.SH.name))
    for said in (sentence, RDFS.label):
        assert set(names.subjects(said)) <= set(shapes.subjects(said))
    assert set(names.predicates()) == {rdflib.SH.name, sentence, RDFS.label}
    assert set(named.predicates()) == {SKOS.prefLabel, RDFS.label}
    assert tags_in(named.objects()) == {"pl"}


@pytest.fixture(scope="module")
def polish(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A workspace in Polish and English with its release below ``build``."""
    root = make_polish_workspace(tmp_path_factory.mktemp("polish"))
    outcome = tg.build(root, root / "build")
    assert outcome.release is not None, [one.message.english for one in outcome.report.findings]
    assert outcome.report.conforms
    yield root


@pytest.fixture(scope="module")
def release(polish: Path) -> tg.Release:
    return tg.open(polish / "build")


def test_a_workspace_in_polish_and_english_builds(release: tg.Release) -> None:
    assert release.manifest.languages == POLISH
    manifest = json.loads((release.path / "manifest.json").read_bytes())
    assert [key for key in manifest if key.startswith("title")] == ["title_pl", "title_en"]
    tags = {one.object.language for one in quads_of(release) if isinstance(one.object, ox.Literal)}
    assert tags - {None} == {"pl", "en"}


def quads_of(release: tg.Release) -> Iterator[ox.Quad]:
    with gzip.open(release.path / "data" / "graph.nq.gz") as stream:
        yield from ox.parse(stream.read(), format=ox.RdfFormat.N_QUADS)


def test_what_a_release_says_of_itself_is_in_its_languages(release: tg.Release) -> None:
    report = json.loads((release.path / "report.json").read_bytes())
    assert report["findings"]
    assert all(one["message"].keys() == one["remedy"].keys() == {"pl", "en"} for one in report["findings"])
    described = json.loads((release.path / "data" / "tables" / "source" / "csvw-metadata.json").read_bytes())
    (alliances,) = (one for one in described["tables"] if one["url"] == "alliances.csv")
    named = {c["name"]: c["lang"] for c in alliances["tableSchema"]["columns"] if "lang" in c}
    assert {"name_pl": "pl", "name_en": "en", "description_pl": "pl"}.items() <= named.items()
    assert set(named.values()) == {"pl", "en"}
    with (release.path / "data/tables/source/projects.csv").open(encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["name_pl"] == "Projekt pilotażowy"
    catalogue = rdflib.Graph().parse(release.path / "catalog.ttl")
    ours = release.manifest.base
    tags = {
        one.language
        for subject, _, one in catalogue
        if isinstance(one, rdflib.Literal) and str(subject).startswith(ours)
    }
    assert tags - {None} == {"pl", "en"}
    languages = "http://publications.europa.eu/resource/authority/language/"
    spoken = set(catalogue.objects(None, rdflib.DCTERMS.language))
    assert spoken & {rdflib.URIRef(languages + code) for code in ("POL", "ENG", "DEU")} == {
        rdflib.URIRef(languages + code) for code in ("POL", "ENG")
    }
    assert {file.name for file in (release.path / "changes").glob("note.*")} == {"note.pl.md", "note.en.md"}


def test_each_question_finds_in_polish_what_it_finds_in_german(
    release: tg.Release, first_release: tuple[Path, Path]
) -> None:
    german = tg.open(first_release[1])
    assert [one.name for one in german.questions] == [one.name for one in release.questions]
    answered = 0
    for question in release.questions:
        if question.form == "SELECT":
            here, there = release.question(question.name), german.question(question.name)
            assert isinstance(here, Answer) and isinstance(there, Answer)
            assert len(here.rows) == len(there.rows), question.name
            assert here.variables == tuple(re.sub("_de$", "_pl", one) for one in there.variables)
            answered += bool(here.rows)
    assert answered > 10
    partners = release.question("partners-of", organisation="htw-dresden")
    assert isinstance(partners, Answer)
    table = partners.write("table", "pl")
    assert "Projekt pilotażowy" in table and "Pilot " not in table and "2 wiersze" in table


def test_the_network_is_named_in_both_languages(release: tg.Release) -> None:
    network = release.network()
    node = network.nodes[f"{release.manifest.base}undertaking/pilot"]
    assert (node["label_pl"], node["label_en"]) == ("Projekt pilotażowy", "Pilot")
    explorer = json.loads((release.path / "network" / "explorer.json").read_bytes())
    assert {"pl", "en"} <= explorer["nodes"].keys() and "de" not in explorer["nodes"]
    page = (release.path / "network.html").read_text(encoding="utf-8")
    assert '<html lang="pl"' in page and 'id="language-en"' in page and 'id="language-de"' not in page
    assert '<span lang="pl">Projekt pilotażowy</span><span lang="en">Pilot</span>' in page
    assert 'for="language-pl">Polski</label>' in page


def test_a_static_site_has_polish_pages(release: tg.Release, tmp_path: Path) -> None:
    tg.site(release.path, tmp_path / "site", "https://example.org/graph/")
    page = (tmp_path / "site" / "undertaking" / "pilot.pl.html").read_text(encoding="utf-8")
    assert '<html lang="pl"' in page and "<h1" in page and "Projekt pilotażowy" in page
    assert (
        text("page.sources", "pl") in page
        and "Uczestnicy" in page
        and 'hreflang="en"' in page
        and ">Polski</a>" in page
    )
    assert texts_of("pl").keys() < texts_of("en").keys()
    assert text("dataset.attribution", "en") == text("dataset.attribution", "pl")  # stands in
    assert (tmp_path / "site" / "index.pl.html").is_file()
    assert not list((tmp_path / "site").rglob("*.de.html"))
    assert (tmp_path / "site" / "index.html").read_bytes() == (
        tmp_path / "site" / "index.pl.html"
    ).read_bytes()


def test_pages_that_visitors_see_first_say_nothing_in_english(
    release: tg.Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lists, questions, the form for queries, and an entity of each table have all their texts in Polish."""
    lacking: set[str] = set()
    found = messages._found

    def noted(key: str, language: str) -> tuple[str, str]:
        if language == "pl" and key not in texts_of("pl"):
            lacking.add(key)
        return found(key, language)

    monkeypatch.setattr(messages, "_found", noted)
    for compiled in (messages._message, messages._places):
        compiled.cache_clear()
    site = dataclasses.replace(
        read_facts(release.path).site("https://example.org/", documents=True), endpoint=True
    )
    shown = [render_sparql(site, "pl", release.questions), render_questions(release.questions, site, "pl")]
    question = next(one for one in release.questions if one.name == "partners-of")
    answer = release.question("partners-of", organisation="htw-dresden")
    shown.append(render_question(question, answer, site, "pl"))
    for key in site.presentation.lists:
        shown.append(render_list(read_listing(release.store, site, key), site, "pl"))
    for path in read_page_paths(release.store, site, []):
        if (document := find_document(release.store, site.base, site.base + path)) is not None:
            shown.append(render_entity(document, site, "pl"))
    assert len(shown) > 15 and all('<html lang="pl">' in page for page in shown)
    assert sorted(lacking) == []


@pytest.fixture(scope="module")
def server(polish: Path) -> Iterator[Served]:
    with served(polish / "build", polish) as running:
        yield running


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("pl", "pl"), ("pl-PL, en;q=0.5", "pl"), ("en", "en"), ("de, en;q=0.5", "en"), ("de", "pl"), ("", "pl")],
)
def test_the_server_answers_in_the_languages_of_the_release(
    server: Served, wanted: str, language: str
) -> None:
    answer = server.get("undertaking/pilot.html", "text/html", **{"Accept-Language": wanted})
    assert (answer.status, answer.field("content-language")) == (200, language)
    assert f'<html lang="{language}">' in answer.text


def test_the_server_has_polish_addresses_and_no_german_ones(server: Served) -> None:
    assert server.get("undertaking/pilot.pl.html", "text/html").status == 200
    assert server.get("undertaking/pilot.de.html", "text/html").status == 404
    assert server.get("sparql.pl.html", "text/html").status == 200
    assert server.get("sparql.de.html", "text/html").status == 404
    asked = server.get("questions/partners-of.pl.html?organisation=htw-dresden", "text/html")
    assert "Projekt pilotażowy" in asked.text and "role_en</th>" not in asked.text
    listed = server.get("questions/", "application/json").json
    assert all(one["summary"].keys() == {"pl", "en"} for one in listed["questions"])


def test_a_concept_without_a_name_in_a_language_is_told(tmp_path: Path) -> None:
    """The core has no Czech names: a workspace brings them along, or is told which are missing."""
    root = make_polish_workspace(tmp_path)
    for file in (root / "transfergraph.toml", *(root / "data" / "source").iterdir()):
        file.write_text(re.sub(r'_pl\b|"pl"', _in_czech, file.read_text(encoding="utf-8")), encoding="utf-8")
    outcome = tg.build(root, root / "build")
    assert outcome.release is None
    missing = [one for one in outcome.report.findings if one.code == "NameIn-cs"]
    assert missing and all("in the language cs" in one.message.english for one in missing)
    assert all("/scheme/" in str(one.focus) for one in missing)
    names = core_text("ontology/languages/pl.ttl").replace("@pl", "@cs")
    declare(root, "ontology/languages/cs.ttl", names)
    assert tg.build(root, root / "build").release is not None


def _in_czech(found: re.Match[str]) -> str:
    return found[0].replace("pl", "cs")


def test_tombstones_and_notes_go_on_in_the_languages_of_the_release(polish: Path, tmp_path: Path) -> None:
    root = tmp_path / "again"
    shutil.copytree(polish, root, symlinks=True)
    table = root / "data" / "source" / "topics.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace("grubenwasser,Grubenwasser,Mine water", "woda,Woda,Water"),
        encoding="utf-8",
    )
    for name in ("alliances", "projects"):
        file = root / "data" / "source" / f"{name}.csv"
        file.write_text(file.read_text(encoding="utf-8").replace("grubenwasser", "woda"), encoding="utf-8")
    settings = root / "transfergraph.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace("loss = 10", "loss = 100"), encoding="utf-8"
    )
    outcome = tg.build(root, root / "build")
    assert outcome.release is not None
    (gone,) = json.loads((outcome.release / "changes" / "gone.json").read_bytes())
    assert gone["label"] == {"pl": "Grubenwasser", "en": "Mine water"}
    changes = json.loads((outcome.release / "changes" / "changes.json").read_bytes())
    assert {"pl": "Woda", "en": "Water"} in [one.get("label") for one in changes["changes"]]
    assert "Woda" in (outcome.release / "changes" / "note.pl.md").read_text(encoding="utf-8")


def test_a_problem_is_told_in_any_language_that_has_the_text() -> None:
    from transfergraph.common.process_endings import Ending
    from transfergraph.server.problems import ended

    problem = ended(Ending.TIME, seconds=2)
    assert problem.languages[0] == "en" and "de" in problem.languages
    assert json.loads(problem.to_json("/", "de"))["detail"] == problem.detail.in_language("de")
    assert set(dataclasses.replace(problem, detail=Text(en="x")).languages) == {"en"}
