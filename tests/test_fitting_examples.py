"""Examples of questions: they are in the graph at hand, and have an answer there."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from test_new_workspace import WITHOUT_AN_ANSWER
from workspaces import REPOSITORY, TABLES, core_text, declare, make_workspace

import transfergraph as tg
from transfergraph.common.namespaces import SKOS, TYPE
from transfergraph.config.workspace import open_workspace
from transfergraph.queries import Answer, NamedQuery, load_queries
from transfergraph.queries.fitting_examples import fitting_text
from transfergraph.store.embedded import EmbeddedStore

BASE = "https://przyklad.pl/"
HEADER = "#+ summary_de: Frage\n#+ summary_en: Question\n#+ parameter: x {kind} | Wert | value\n"


def store(*names: str) -> EmbeddedStore:
    """Ships with names; each but the first carries the one before."""
    graph = ox.Store()
    for number, name in enumerate(names):
        ship = ox.NamedNode(f"{BASE}ship/{name.lower()}")
        statements: list[tuple[str, ox.NamedNode | ox.Literal]] = [
            (TYPE, ox.NamedNode(f"{BASE}Ship")),
            (f"{SKOS}prefLabel", ox.Literal(name)),
        ]
        if number:
            statements.append((f"{BASE}carries", ox.NamedNode(f"{BASE}ship/{names[number - 1].lower()}")))
        statements.append((f"{BASE}built", ox.Literal(str(1990 + number))))
        for predicate, value in statements:
            graph.add(ox.Quad(ship, ox.NamedNode(predicate), value, ox.NamedNode(f"{BASE}graph")))
    return EmbeddedStore(graph)


def question(folder: Path, kind: str, body: str) -> NamedQuery:
    (folder / "q.rq").write_text(HEADER.format(kind=kind) + body, encoding="utf-8")
    return load_queries(folder)[0]


FOREIGN = "<https://w3id.org/transfergraph/saxony/ship/ark>"
CARRIED = f"SELECT ?y WHERE {{ VALUES ?x {{ {FOREIGN} }} ?x <{BASE}carries> ?y }}"


@pytest.mark.parametrize(
    ("kind", "body", "example"),
    [
        ("ship/", CARRIED, f"<{BASE}ship/bark>"),  # the first by IRI carries nothing
        (f"{BASE}ship/", CARRIED, f"<{BASE}ship/bark>"),
        ("ship/", CARRIED.replace("carries", "misses"), f"<{BASE}ship/ark>"),
        ("ship/", CARRIED.replace(FOREIGN, f"<{BASE}ship/ark>"), f"<{BASE}ship/ark>"),  # it is known
        ("ship/", f"ASK {{ VALUES ?x {{ {FOREIGN} }} ?x <{BASE}carries> ?y }}", f"<{BASE}ship/bark>"),
        ("ship/", "CONSTRUCT { ?x a ?x } WHERE { " + CARRIED.partition("{ ")[2], f"<{BASE}ship/bark>"),
        ("whale/", CARRIED, FOREIGN),  # there is none of the kind
        ("year", f'SELECT ?s WHERE {{ VALUES ?x {{ "2014" }} ?s <{BASE}built> ?x }}', '"2009"'),
        ("year", f'SELECT ?s WHERE {{ VALUES ?x {{ "1991" }} ?s <{BASE}built> ?x }}', '"1991"'),
        ("year", f'SELECT ?s WHERE {{ VALUES ?x {{ "1850" }} ?s <{BASE}built> ?x }}', '"1850"'),
        (
            "text",
            f'SELECT ?s WHERE {{ VALUES ?x {{ "fraunhofer" }} ?s <{SKOS}prefLabel> ?n '
            "FILTER(CONTAINS(LCASE(?n), ?x)) }",
            '"bark"',
        ),
        ("integer", "SELECT ?s WHERE { VALUES ?x { 7 } ?s ?p ?x }", "7"),
    ],
)
def test_an_example_that_the_graph_does_not_hold_gives_way(
    tmp_path: Path, kind: str, body: str, example: str
) -> None:
    graph = store("Ark", "Bark", *(f"Ship{number:02}" for number in range(18)))
    asked = question(tmp_path, kind, body)
    text = fitting_text(graph, asked, BASE)
    assert text == asked.text.replace(asked.parameters[0].example, example)
    (tmp_path / "q.rq").write_text(text, encoding="utf-8")
    assert load_queries(tmp_path)[0].parameters[0].example == example


def test_every_question_of_a_release_shows_an_example_that_it_answers(tmp_path: Path) -> None:
    topics = TABLES["topics"].replace("Mine water", "Water in old mines")
    alone = "alone,research-and-development,Allein,Alone,,,,,grubenwasser,,,page\n"
    partners = "".join(f"alone,{one},partner,,,,,,page\n" for one in ("bund", "müller-ag"))
    root = make_workspace(
        tmp_path / "ws",
        topics=topics,
        projects=TABLES["projects"] + alone,
        participations=TABLES["participations"] + partners,
    )
    settings = (root / "transfergraph.toml").read_text("utf-8")
    declare(root, "transfergraph.toml", settings.replace("w3id.org/transfergraph/saxony/", "przyklad.pl/"))
    release = tg.open(tg.build(root, tmp_path / "build").release or "")
    asked = [question for question in release.questions if question.parameters]
    assert len(asked) > 4
    for one in asked:
        answer = release.question(one.name)
        assert isinstance(answer, Answer) and (answer.rows or one.name in WITHOUT_AN_ANSWER), one.name
        assert "example.org" not in one.text and one.text.count("\n") == core_text(
            f"queries/questions/{one.name}.rq"
        ).count("\n")


def test_the_workspace_chooses_examples(saxony: tg.Release) -> None:
    chosen = open_workspace(REPOSITORY).settings.examples
    assert chosen["partners-of"] == {"organisation": "htw-dresden"}
    for one in saxony.questions:
        text = core_text(f"queries/questions/{one.name}.rq")
        for parameter in one.parameters:
            if parameter.name in chosen.get(one.name, {}):
                key = chosen[one.name][parameter.name]
                assert parameter.example == f"<{saxony.manifest.base}{parameter.kind}{key}>"
                text = text.replace(f"<https://example.org/{parameter.kind}example>", parameter.example)
        assert one.text == text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ('partner-of = { organisation = "htw-dresden" }', "examples names no question: partner-of"),
        (
            'partners-of = { organization = "htw-dresden" }',
            "examples.partners-of: .* no parameter “organization”",
        ),
        ('partners-of = { organisation = "htw-dresdn" }', "examples.partners-of: .* Near it: htw-dresden"),
        ("partners-of = { organisation = 5 }", "examples.partners-of.organisation must be a text"),
    ],
)
def test_a_chosen_example_that_there_is_not_is_told(tmp_path: Path, given: str, told: str) -> None:
    root = make_workspace(tmp_path / "ws")
    with (root / "transfergraph.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[examples]\n{given}\n")
    with pytest.raises(tg.WorkspaceError, match=told):
        tg.build(root, tmp_path / "build")
    assert not (tmp_path / "build" / "current").exists()
