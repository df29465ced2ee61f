"""The questions of the workspace: exact answers over the curated data, on more than one engine."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import fuseki
import golden_answers
import pytest
from golden_answers import BASE, EXAMPLES, GOLDEN
from pyoxigraph import Literal
from real_servers import NotAtHand
from workspaces import REPOSITORY

from transfergraph import UsageError
from transfergraph.messages import has_text
from transfergraph.queries import Answer, load_queries, run
from transfergraph.store import Row, Store
from transfergraph.store.remote import RemoteStore
from transfergraph.store.retries import RetryPolicy

QUESTIONS = {question.name: question for question in load_queries(REPOSITORY / "queries" / "questions")}
NUMBERS = ("http://www.w3.org/2001/XMLSchema#integer", "http://www.w3.org/2001/XMLSchema#decimal")

Graph = tuple[Store, list[Path]]
Value = str | Decimal | None

names = pytest.mark.parametrize("name", sorted(QUESTIONS))


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Graph:
    return golden_answers.curated_graph(tmp_path_factory.mktemp("graph"))


@pytest.fixture(scope="module")
def store(graph: Graph) -> Store:
    return graph[0]


@pytest.fixture(scope="module")
def remote(graph: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteStore]:
    try:
        with fuseki.running(tmp_path_factory.mktemp("fuseki")) as address:
            for file in graph[1]:
                fuseki.load(address, "union", file.read_bytes())
            yield RemoteStore(f"{address}/union", RetryPolicy(timeout=60))
    except NotAtHand as reason:
        pytest.skip(str(reason))


def comparable(rows: tuple[Row, ...]) -> list[tuple[Value, ...]]:
    """Rows without what engines may write differently: 57056 and 57056.00 are one number."""
    return [tuple(_value(term) for term in row) for row in rows]


def _value(term: object) -> Value:
    if term is None:
        return None
    if isinstance(term, Literal) and term.datatype.value in NUMBERS:
        return Decimal(term.value).normalize()
    return str(term)


def answer(store: Store, question: str, **values: str) -> list[tuple[str, ...]]:
    found = run(store, QUESTIONS[question], BASE, values)
    assert isinstance(found, Answer)
    return [tuple("" if t is None else str(t.value).removeprefix(BASE) for t in row) for row in found.rows]


def test_every_question_has_a_golden_answer() -> None:
    assert len(QUESTIONS) >= 15
    expected = {f"{name}.tsv" for name in QUESTIONS} | {"findings-of-checks.tsv"}
    assert {file.name for file in GOLDEN.iterdir()} == expected


@names
def test_the_answer_is_exact(store: Store, name: str) -> None:
    found = run(store, QUESTIONS[name], BASE, EXAMPLES.get(name, {}))
    assert isinstance(found, Answer)
    assert found.write("tsv") == (GOLDEN / f"{name}.tsv").read_text(encoding="utf-8")
    assert found.rows


def test_the_findings_of_the_checks_are_exact(store: Store) -> None:
    golden = (GOLDEN / "findings-of-checks.tsv").read_text(encoding="utf-8")
    assert golden_answers.findings(store) == golden
    assert golden


@names
def test_a_question_is_put_in_two_languages(name: str) -> None:
    question = QUESTIONS[name]
    assert question.description is not None
    assert question.summary.in_language("de").endswith("?")
    assert question.summary.english.endswith("?")
    assert "ORDER BY" in question.text.rpartition("}")[2]


@names
def test_labels_come_in_two_languages(store: Store, name: str) -> None:
    found = run(store, QUESTIONS[name], BASE, EXAMPLES.get(name, {}))
    assert isinstance(found, Answer)
    german = [v for v in found.variables if v.endswith("_de")]
    assert german
    columns = {variable.removesuffix("_de").removesuffix("_en") for variable in found.variables}
    assert [one for one in sorted(columns) if not has_text(f"page.variable.{one}")] == []
    for variable in german:
        english = variable.removesuffix("_de") + "_en"
        for row in found.rows:
            pair = [row[found.variables.index(v)] for v in (variable, english)]
            assert [getattr(term, "language", None) for term in pair] in (["de", "en"], [None, None])


@names
def test_fuseki_answers_the_same(store: Store, remote: RemoteStore, name: str) -> None:
    expected = run(store, QUESTIONS[name], BASE, EXAMPLES.get(name, {}))
    found = run(remote, QUESTIONS[name], BASE, EXAMPLES.get(name, {}))
    assert isinstance(expected, Answer)
    assert isinstance(found, Answer)
    assert comparable(found.rows) == comparable(expected.rows)


class TestParameters:
    def test_partners_of_another_organisation(self, store: Store) -> None:
        found = answer(store, "partners-of", organisation="wfe")
        assert {(row[0], row[3]) for row in found} >= {
            ("organisation/hif", "undertaking/recomine"),
            ("organisation/tu-chemnitz", "undertaking/smarterz-s1"),
        }
        since = {row[8] for row in found if row[0] == "organisation/tu-chemnitz"}
        assert since == {"2019-04-01", "2019-10"}

    def test_cooperation_is_mutual(self, store: Store) -> None:
        there = {row[0] for row in answer(store, "partners-of", organisation="hif")}
        assert "organisation/geos" in there
        assert "organisation/hif" in {row[0] for row in answer(store, "partners-of", organisation="geos")}

    def test_an_organisation_without_partners_has_an_empty_answer(self, store: Store) -> None:
        assert answer(store, "partners-of", organisation="futuresax") == []

    def test_a_misspelt_organisation(self, store: Store) -> None:
        with pytest.raises(UsageError, match="Near it: htw-dresden"):
            answer(store, "partners-of", organisation="htw-dreden")

    def test_years(self, store: Store) -> None:
        running = {
            row[0].removeprefix("undertaking/") for row in answer(store, "running-in-year", year="2024")
        }
        assert {"saxony5-sustained-university-grid", "wir-lat-strategie", "smarterz"} <= running
        assert not {"smarterz-s1", "saxony5-smart-university-grid"} & running
        assert answer(store, "running-in-year", year="1999") == []

    def test_what_has_no_end_of_its_own_ends_with_its_whole_or_its_last_part(self, store: Store) -> None:
        running = {row[0] for row in answer(store, "running-in-year", year="2021")}
        assert {
            "undertaking/recomine",
            "undertaking/smartstrat",
            "undertaking/life-and-technology",
        } <= running
        last = {row[0] for row in answer(store, "running-in-year", year="2025")}
        assert {"undertaking/smartstrat", "undertaking/life-and-technology"} <= last
        assert answer(store, "running-in-year", year="2030") == []

    def test_what_ends_in_a_year(self, store: Store) -> None:
        ended = {(row[0], row[6]) for row in answer(store, "ending-in-year", year="2022")}
        assert ("2022-12", "undertaking/recomine-sn-cz") in ended
        assert ("2022-09", "participation/smarterz-s1~wfe~partner") in ended
        assert answer(store, "ending-in-year", year="1999") == []

    def test_historical_regions_are_regions_too(self, store: Store) -> None:
        lusatia = {row[3] for row in answer(store, "organisations-in-a-region", region="lausitz")}
        assert {"organisation/ult", "organisation/atn-hoelzel", "organisation/landkreis-goerlitz"} <= lusatia
        assert "organisation/htw-dresden" not in lusatia
        sites = {row[0] for row in answer(store, "organisations-in-a-region", region="kreis-goerlitz")}
        assert {"place/zittau", "place/goerlitz", "place/weisswasser"} <= sites

    def test_partners_of_partners_are_no_partners(self, store: Store) -> None:
        partners = {row[0] for row in answer(store, "partners-of", organisation="ult")}
        introduced = {row[0] for row in answer(store, "partners-of-partners", organisation="ult")}
        assert "organisation/htw-dresden" in introduced
        assert not introduced & (partners | {"organisation/ult"})
        assert answer(store, "partners-of-partners", organisation="futuresax") == []

    def test_who_works_on_a_topic_outside_the_alliances(self, store: Store) -> None:
        outside = {row[0] for row in answer(store, "topic-outside-the-alliances", topic="smart-composites")}
        assert "organisation/komitec" in outside
        assert not {"organisation/wfe", "organisation/tu-chemnitz"} & outside

    def test_names_are_found_in_any_spelling(self, store: Store) -> None:
        for spelling in ("TUBAF", "bergakademie FREIBERG", "Technische Universität Berg"):
            (row,) = answer(store, "find-organisation", name=spelling)
            assert row[0] == "organisation/tu-bergakademie-freiberg"

    def test_the_timeline_of_a_part(self, store: Store) -> None:
        found = answer(store, "timeline-of", undertaking="smarterz-s1")
        assert [(row[0], row[2]) for row in found] == [("2019-10", "Beginning"), ("2022-09", "End")]

    def test_the_records_of_every_source_add_up(self, store: Store) -> None:
        counted = answer(store, "records-by-source")
        source = "source/terzinn-euwid-2021"
        expected = sum(int(row[6]) for row in counted if row[0] == source)
        assert len(answer(store, "records-of-source", source="terzinn-euwid-2021")) == expected > 0
