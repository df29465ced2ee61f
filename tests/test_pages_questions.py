"""Questions and SPARQL as pages: forms with typed fields, answers as tables, links to everything else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pyoxigraph as ox
import pytest
from pages_fixture import BASE, SITE, Read, store_of

import transfergraph as tg
from transfergraph import Text
from transfergraph.queries import Answer, BooleanAnswer, GraphAnswer, NamedQuery, load_queries, run
from transfergraph.web import answer_tables as answers
from transfergraph.web import site_pages as html
from transfergraph.web.answer_tables import AskedQuestion, ParameterChoice
from transfergraph.web.page_scripts import BrowserStore
from transfergraph.web.phrases import plain

QUERY = """#+ summary_de: Wer war wann dabei?
#+ summary_en: Who took part when?
#+ parameter: organisation organisation/ | die Organisation | the organisation
#+ parameter: role https://w3id.org/transfergraph/scheme/role/ | die Rolle | the role
#+ parameter: year year | das Jahr | the year
#+ parameter: least integer | mindestens | at least
#+ parameter: name text | ein Name | a name
SELECT ?organisation ?organisation_de ?organisation_en ?start ?n {
  VALUES ?organisation { <https://w3id.org/transfergraph/saxony/organisation/m%C3%BCller> }
  VALUES ?role { <https://w3id.org/transfergraph/scheme/role/partner> }
  VALUES ?year { "2021" }
  VALUES ?least { 3 }
  VALUES ?name { "x<y" }
}
"""


def question(release: tg.Release, name: str) -> NamedQuery:
    return next(one for one in release.questions if one.name == name)


@pytest.fixture
def typed(tmp_path: Path) -> NamedQuery:
    (tmp_path / "typed.rq").write_text(QUERY, encoding="utf-8")
    return load_queries(tmp_path)[0]


def test_the_list_leads_to_every_question(saxony: tg.Release) -> None:
    read = Read(html.render_questions(saxony.questions, SITE, "en"))
    assert len(saxony.questions) >= 20
    for one in saxony.questions:
        assert f"/graph/questions/{one.name}.en.html" in read.links
        assert " ".join(one.summary.english.split()) in read.words
    assert "Parameters: the organisation whose partners are wanted" in read.words


def test_an_answer_is_a_table_in_the_language_of_the_page(saxony: tg.Release) -> None:
    partners = question(saxony, "partners-of")
    answer = run(saxony.store, partners, BASE, {})
    asked = AskedQuestion(choices=answers.choices(saxony.store, SITE, partners))
    german = Read(html.render_question(partners, answer, SITE, "de", asked))
    english = Read(html.render_question(partners, answer, SITE, "en", asked))
    assert isinstance(answer, Answer)
    assert f"{len(answer.rows)} Zeilen" in german.words and f"{len(answer.rows)} rows" in english.words
    assert "Partner Vorhaben Rolle Seit" in german.words and "Partner Undertaking Role Since" in english.words
    assert "Hochschule Mittweida Saxony5 Partner 2018" in german.words
    assert "/graph/organisation/hs-mittweida.de.html" in german.links
    assert "organisation_de" not in german.text.partition("Abfrage")[0]
    assert german.text.count("tg:participatesIn") >= 1


def test_an_answer_links_its_other_forms_its_query_and_its_citation(saxony: tg.Release) -> None:
    partners = question(saxony, "partners-of")
    asked = AskedQuestion(values={"organisation": ["hs-mittweida", "a b&c"]})
    page = html.render_question(partners, Answer((), ()), SITE, "de", asked)
    read = Read(page)
    query = "?organisation=hs-mittweida&organisation=a%20b%26c"
    for ending, language in (("csv", ""), ("json", ""), ("xlsx", "&language=de")):
        assert f"/graph/questions/partners-of.{ending}{query}{language}" in read.links
    assert {"rel": "canonical", "href": f"{SITE.url}questions/partners-of.de.html{query}"} in read.all("link")
    assert f"/graph/questions/partners-of.en.html{query}" in read.links
    assert any(link.startswith("/graph/sparql.de.html?query=%23%2B%20summary_de") for link in read.links)
    assert SITE.citation.in_language("de") in read.words and SITE.citation.english not in read.words
    assert "Dazu steht nichts im Graphen." in read.words


def test_every_question_has_its_page(saxony: tg.Release) -> None:
    for one in saxony.questions:
        answer = run(saxony.store, one, BASE, {})
        for language in ("de", "en"):
            read = Read(html.render_question(one, answer, SITE, language))
            assert " ".join(one.summary.in_language(language).split()) in read.words
            headings = [cell for cell in read.all("th") if cell.get("scope") == "col"]
            assert headings or not getattr(answer, "rows", ()), one.name


def test_fields_are_typed_and_hold_what_was_asked(typed: NamedQuery) -> None:
    choices = {
        "role": (
            ParameterChoice("partner", Text(de="Partner", en="Partner")),
            ParameterChoice("lead", Text(de="Leitung", en="Lead")),
        )
    }
    asked = AskedQuestion(values={"year": ["2019"], "organisation": ["a&b"]}, choices=choices)
    read = Read(html.render_question(typed, None, SITE, "de", asked))
    fields = {field["name"]: field for field in (*read.all("input"), *read.all("select"))}
    assert fields["organisation"]["value"] == "a&b"
    assert fields["year"] | {"pattern": "[0-9]{4}", "value": "2019", "inputmode": "numeric"} == fields["year"]
    assert (fields["least"]["type"], fields["least"]["value"]) == ("number", "3")
    assert fields["name"]["value"] == "x<y"
    options = {option["value"]: "selected" in option for option in read.all("option")}
    assert options == {"partner": True, "lead": False}
    labels = {label["for"] for label in read.all("label")}
    assert labels == {field["id"] for field in fields.values()}
    described = {field["aria-describedby"] for field in fields.values() if "aria-describedby" in field}
    assert described <= {hint["id"] for hint in read.all("span") if "id" in hint}
    form = read.all("form")[0]
    assert (form["method"], form["action"]) == ("get", "/graph/questions/typed.de.html")


def test_an_example_is_shown_as_its_key(typed: NamedQuery) -> None:
    parameters = {one.name: one for one in typed.parameters}
    assert answers.example(parameters["organisation"], BASE) == "müller"
    assert answers.example(parameters["role"], BASE) == "partner"
    assert answers.example(parameters["year"], BASE) == "2021"
    assert answers.example(parameters["least"], BASE) == "3"


def test_what_can_be_chosen_is_offered_by_name(saxony: tg.Release, typed: NamedQuery) -> None:
    found = answers.choices(saxony.store, SITE, typed)
    assert set(found) == {"organisation", "role"}
    assert len(found["organisation"]) == saxony.manifest.counts["organisations"]
    assert ParameterChoice("partner", Text(de="Partner", en="Partner")) in found["role"]
    names = [one.label.in_language("de") for one in found["organisation"]]
    assert names.index("bemorrow GmbH") < names.index("Bosecker/Walther-Werke")


def test_too_many_to_choose_from_are_not_offered(tmp_path: Path, typed: NamedQuery) -> None:
    many = "".join(
        f'<organisation/{n}> a tg:Organisation ; skos:prefLabel "{n}"@de, "{n}"@en .\n'
        for n in range(answers.CHOICES + 1)
    )
    assert answers.choices(store_of(tmp_path, many), SITE, typed) == {}


def test_a_value_that_is_not_on_offer_stays_visible(typed: NamedQuery) -> None:
    choices = {"organisation": (ParameterChoice("a", Text(de="A", en="A")),)}
    asked = AskedQuestion(
        values={"organisation": ["nobody"]}, choices=choices, problem=Text(en="Nothing is known of 'nobody'.")
    )
    read = Read(html.render_question(typed, None, SITE, "en", asked))
    assert {"value": "nobody", "selected": ""} in read.all("option")
    assert "Nothing is known of 'nobody'." in read.words
    assert read.all("section")[0]["role"] == "alert"


def own_scripts(page: Read) -> bool:
    """Whether the page has no script but files of its site, and one block of data."""
    scripts = page.all("script")
    data = [one for one in scripts if one.get("type") == "application/json"]
    return len(data) == 1 and all(
        one in data or one["src"].startswith(("/graph/workbench/", "/graph/scheme.js")) for one in scripts
    )


def test_truths_and_graphs_are_shown_too(typed: NamedQuery) -> None:
    assert "nein" in Read(html.render_question(typed, BooleanAnswer(False), SITE, "de")).words
    triple = ox.Triple(
        ox.NamedNode(BASE + "a"), ox.NamedNode(BASE + "p"), ox.Literal("</pre><script>x</script>")
    )
    read = Read(html.render_question(typed, GraphAnswer((triple,) * 1), SITE, "de"))
    assert own_scripts(read) and "</pre><script>" in read.text


def test_an_answer_that_was_cut_says_so(typed: NamedQuery) -> None:
    answer = Answer(("n",), ((ox.Literal("1"),),), cut=True)
    assert (
        "Nach 1 Zeile abgeschnitten: Es gibt mehr."
        in Read(html.render_question(typed, answer, SITE, "de")).words
    )


def test_terms_of_every_kind_stand_in_a_readable_table() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    row = (
        ox.NamedNode("javascript:alert(1)"),
        ox.NamedNode("https://ror.org/1"),
        ox.NamedNode(BASE + "place/x"),
        ox.Literal("15000000", datatype=ox.NamedNode(xsd + "integer")),
        ox.Literal("2019-10", datatype=ox.NamedNode("http://id.loc.gov/datatypes/edtf/EDTF")),
        ox.Literal("true", datatype=ox.NamedNode(xsd + "boolean")),
        ox.Literal("fremd", language="fr"),
        None,
        ox.BlankNode("b"),
    )
    answer = Answer(tuple("abcdefghi"), (row,))
    table = answers.readable_table(answer, SITE, "de")
    cells = [plain(cell.lines[0]) if cell.lines else "" for cell in table.rows[0].cells]
    assert cells == [
        "javascript:alert(1)",
        "ror.org/1",
        "Ort",  # it has no name
        "15.000.000",
        "Oktober 2019",
        "ja",
        "fremd",
        "",
        "_:b",
    ]
    assert table.numeric == (False, False, False, True, False, False, False, False, False)
    raw = answers.raw_table(answer, SITE, "de")
    assert raw.columns[:2] == ("?a", "?b")
    assert [plain(cell.lines[0]) for cell in raw.rows[0].cells][3:7] == [
        "15000000",
        "2019-10",
        "true",
        "fremd @fr",
    ]


def test_the_sparql_page_works_without_a_script(saxony: tg.Release) -> None:
    page = html.render_sparql(SITE, "de", saxony.questions)
    read = Read(page)
    form = read.all("form")[0]
    assert (form["method"], form["action"]) == ("get", "/graph/sparql.de.html")
    assert read.all("textarea")[0]["name"] == "query"
    assert own_scripts(read)
    assert "https://data.agency.example/graph/sparql" in read.words
    assert {f"/graph/questions/{one.name}.de.html" for one in saxony.questions} <= set(read.links)


def test_the_sparql_page_shows_result_and_fault() -> None:
    query = "SELECT * {\n  ?s ?p '</textarea><script>x</script>'\n}"
    result = Answer(("s",), ((ox.NamedNode(BASE + "place/x"),),))
    shown = Read(html.render_sparql(SITE, "en", (), query, result))
    assert own_scripts(shown) and "1 row" in shown.words and BASE + "place/x" in shown.words
    assert query in shown.text
    fault = Read(
        html.render_sparql(SITE, "en", (), query, problem=Text(en="The query is not valid SPARQL at line 1."))
    )
    assert "The query is not valid SPARQL at line 1." in fault.words


def test_a_graph_that_no_browser_can_load_is_said_to_be_so_with_what_answers(saxony: tg.Release) -> None:
    without, store = dataclasses.replace(SITE, endpoint=False), BrowserStore(3_700_000, 0)
    told = Read(html.render_sparql(without, "en", saxony.questions, store=store))
    assert "3,700,000 statements" in told.words and "up to 500,000" in told.words
    assert any(link.endswith("data/graph.nq.gz") for link in told.links)
    assert not [link for link in told.links if "?query=" in link]
    named = dataclasses.replace(without, other_endpoint="https://sparql.agency.example/query")
    told = Read(html.render_sparql(named, "en", saxony.questions, store=store))
    assert "https://sparql.agency.example/query" in told.links
    question = Read(html.render_question(saxony.questions[0], None, without, "en", store=store))
    assert not [one for one in question.all("div") if one.get("id") == "result"]
