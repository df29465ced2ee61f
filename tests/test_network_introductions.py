"""Whom to introduce to whom: the formula, the reasons, the firms that stand alone, and hindsight."""

from __future__ import annotations

import math
from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, DCT, TG, Tables
from workspaces import LANGUAGES

import transfergraph as tg
from benchmarks.cordis import FOLDER, read_cordis
from transfergraph.network.model.backtest import backtest, hide_each
from transfergraph.network.model.introductions import (
    by_common_neighbours,
    introduce,
    introduction_reason,
    rank,
)
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.projection import project_partners


def organisation(key: str) -> str:
    return f"{BASE}organisation/{key}"


def names(*pairs: tuple[str, str]) -> set[tuple[str, str]]:
    return {(organisation(a), organisation(b)) for a, b in pairs}


def example() -> Tables:
    """a and b share the partners m and n and a rare topic; c shares m only; x and y share a topic only."""
    t = Tables()
    for key in ("a", "b", "c", "m", "n", "x", "y", "z", "alone", "ministry"):
        t.organisation(key, "government" if key == "ministry" else "company", key.upper())
    rare = t.concept("topic/rare", "Seltenes", "Rarity")
    region = t.concept("region/here", "Hier", "Here")
    place = t.concept("place/town", "Stadt", "Town")
    programme = t.concept("programme/p", "Programm", "Programme")
    t.fact("place/town", TG + "inRegion", region)
    for key in ("a", "b", "alone"):
        t.fact(f"organisation/{key}", TG + "seat", place)
    for number, members in enumerate(("am", "bm", "cm", "an", "bn")):
        t.undertaking(f"u{number}", "Project", f"U {number}", start=str(2015 + number))
        t.takes_part(f"u{number}", *members)
    t.undertaking("with", "Project", "With", start="2014")
    t.takes_part("with", "m", "ministry")
    for key, member in (("ta", "a"), ("tb", "b"), ("tx", "x"), ("ty", "y"), ("talone", "alone")):
        t.undertaking(key, "Project", key.upper())
        t.takes_part(key, member)
        t.fact(f"undertaking/{key}", DCT + "subject", rare)
        t.fact(f"undertaking/{key}", TG + "fundedUnder", programme)
    t.undertaking("z", "Project", "Z", start="2016")
    t.takes_part("z", "z", "x")
    return t


@pytest.fixture(scope="module")
def partners(tmp_path_factory: pytest.TempPathFactory) -> nx.Graph:
    return project_partners(
        build_network(example().store(tmp_path_factory.mktemp("s")), LANGUAGES, CLASSES), 40
    )


def test_the_score_is_the_documented_one(partners: nx.Graph) -> None:
    first, *rest = rank(partners, 100)
    assert (first.a, first.b) == (organisation("a"), organisation("b"))
    assert sorted(dict(partners.degree([organisation(key) for key in "abmn"])).values()) == [2, 2, 2, 4]
    most = 2 / math.log(2), 1  # of m and n, who share a and b
    aa, ra = 1 / math.log(4) + 1 / math.log(2), 1 / 4 + 1 / 2
    assert first.score == pytest.approx(0.45 * aa / most[0] + 0.1 * ra / most[1] + 0.4 + 0.05, abs=1e-4)
    scores = {(one.a, one.b): one for one in rest}
    third = scores[organisation("a"), organisation("c")]
    assert third.score == pytest.approx(0.45 / math.log(4) / most[0] + 0.1 / 4 / most[1], abs=1e-4)
    assert third.neighbours == (organisation("m"),)
    by_topic = scores[organisation("x"), organisation("y")]
    assert by_topic.score == pytest.approx(0.4 + 0.025, abs=1e-4)
    assert by_topic.neighbours == ()
    assert [one.score for one in rest] == sorted((one.score for one in rest), reverse=True)


def test_who_is_tied_or_funds_is_not_suggested(partners: nx.Graph) -> None:
    pairs = {(one.a, one.b) for one in rank(partners, 100)}
    assert not pairs & set(partners.edges())
    assert not any(organisation("ministry") in pair for pair in pairs)
    assert by_common_neighbours(partners, 1) == [(organisation("a"), organisation("b"))]


def test_a_part_is_not_introduced_to_its_whole(tmp_path: Path) -> None:
    t = example()
    t.fact("organisation/a", "http://www.w3.org/ns/org#unitOf", f"<{organisation('b')}>")
    pairs = {
        (one.a, one.b)
        for one in rank(project_partners(build_network(t.store(tmp_path), LANGUAGES, CLASSES), 40), 100)
    }
    assert not pairs & names(("a", "b"))
    assert pairs & names(("a", "c"))


def test_the_reason_says_what_they_have_in_common(partners: nx.Graph) -> None:
    said = introduction_reason(partners, rank(partners, 1)[0])
    assert said.in_language("de") == (
        "Beide arbeiten mit N und M zusammen; gemeinsame Themen ihrer Vorhaben: Seltenes; in derselben Region: Hier; "
        "aus demselben Programm gefördert: Programm."
    )
    assert said.english == (
        "Both work with N and M; topics that their undertakings have in common: Rarity; in the same region: Here; "
        "funded by the same programme: Programme."
    )


def test_many_reasons_are_counted(tmp_path: Path) -> None:
    t = Tables()
    for key in ("a", "b", *"klmno"):
        t.organisation(key, "company", key.upper())
    for middle in "klmno":
        for end in "ab":
            t.undertaking(f"{end}{middle}", "Project", end + middle)
            t.takes_part(f"{end}{middle}", end, middle)
    partners = project_partners(build_network(t.store(tmp_path), LANGUAGES, CLASSES), 40)
    (one,) = [one for one in rank(partners, 100) if one.a == organisation("a") and one.b == organisation("b")]
    assert introduction_reason(partners, one).english == "Both work with K, L, M and 2 other organisations."


def test_a_firm_that_stands_alone_gets_three_bridges(partners: nx.Graph) -> None:
    found = introduce(partners, dict.fromkeys(partners, 0.0))
    assert [one.node for one in found.isolates] == [organisation("alone"), organisation("y")]
    alone = found.isolates[0]
    assert [one.b for one in alone.bridges] == [organisation(key) for key in "abx"]
    assert [one.score for one in alone.bridges] == [0.6, 0.6, 0.4]
    assert introduction_reason(partners, alone.bridges[0]).english.startswith(
        "Topics that their undertakings have in common: Rarity; in the same region: Here"
    )
    broker = {**dict.fromkeys(partners, 0.0), organisation("b"): 1.0}
    assert introduce(partners, broker).isolates[0].bridges[0].b == organisation("b")


def test_those_of_one_alliance_leave_room_for_others(partners: nx.Graph) -> None:
    first, *others = rank(partners, 100)
    same = partners.copy()
    for node in (first.a, first.b):
        same.nodes[node]["alliances"] = ["alliance"]
    found = introduce(same, dict.fromkeys(same, 0.0), at_most=1).pairs
    assert [(one.a, one.b) for one in found] == [(first.a, first.b), (others[0].a, others[0].b)]
    assert len(introduce(partners, dict.fromkeys(partners, 0.0), at_most=1).pairs) == 1


def test_who_has_nothing_in_common_is_led_to_the_brokers(tmp_path: Path) -> None:
    t = Tables()
    for key in ("a", "b", "alone"):
        t.organisation(key, "company", key)
    t.undertaking("p", "Project", "P")
    t.takes_part("p", "a", "b")
    partners = project_partners(build_network(t.store(tmp_path), LANGUAGES, CLASSES), 40)
    (isolate,) = introduce(partners, dict.fromkeys(partners, 0.0)).isolates
    assert [one.b for one in isolate.bridges] == [organisation("a"), organisation("b")]
    assert (
        introduction_reason(partners, isolate.bridges[0]).in_language("de")
        == "Gehört zu denen, die am meisten vermitteln."
    )


def test_nothing_to_suggest() -> None:
    empty = nx.Graph(names={})
    assert introduce(empty, {}).pairs == ()
    assert rank(empty, 10) == []
    assert by_common_neighbours(empty, 10) == []


def test_hindsight_counts_what_came_later(tmp_path: Path) -> None:
    t = example()
    t.undertaking("later", "Project", "Later", start="2024-05")
    t.takes_part("later", "a", "b", "y")
    network = build_network(t.store(tmp_path), LANGUAGES, CLASSES)
    (one,) = backtest(network, 40, 2024, (1,))
    assert (one.suggestions, one.hits, one.neighbours, one.later) == (1, 1, 1, 1)
    assert one.chance == pytest.approx(1 / one.pairs)
    assert backtest(network, 40, 2030, (1,))[0].later == 0
    assert backtest(nx.Graph(names={}, wholes={}), 40, 2030, (5,))[0].chance == 0
    (summed,) = hide_each(network, 40, (1,))
    assert summed.later >= 1
    assert summed.hits >= 1


def test_hindsight_on_the_curated_graph(saxony: tg.Release) -> None:
    network = build_network(saxony.store, LANGUAGES, CLASSES)
    for one in backtest(network, saxony.manifest.consortium, 2021, (10, 20)):
        assert one.later == 0, "partners of before were not tied anew: nothing can be hit"
        assert one.hits == 0


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the CORDIS files are not beside the repository")
def test_hindsight_on_real_projects_beats_chance_and_shared_partners() -> None:
    network = read_cordis()
    assert network is not None
    (found,) = backtest(network, 40, 2023, (100,))
    assert found.later > 4_000
    assert found.hits > found.neighbours > 10 * found.chance
