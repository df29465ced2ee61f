"""Weights, backbone and measures: against the table of ties, against networkx, against igraph."""

from __future__ import annotations

import csv
import math
import random
from decimal import Decimal
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, EURO, SCHEME, TG, Tables, five_alliances, with_background
from workspaces import LANGUAGES

import transfergraph as tg
from transfergraph.errors import UsageError
from transfergraph.network.model import measures
from transfergraph.network.model.measures import broker, constraint, measure, reach, significance, thin
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.projection import project_partners, tying_limit
from transfergraph.network.model.sentences import amounts_of
from transfergraph.network.model.stated_amounts import StatedAmount, together
from transfergraph.network.model.subnetworks import ego, of_alliances, of_years


def organisation(key: str) -> str:
    return f"{BASE}organisation/{key}"


def undertaking(key: str) -> str:
    return f"{BASE}undertaking/{key}"


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> nx.Graph:
    return build_network(
        with_background(five_alliances()).store(tmp_path_factory.mktemp("store")), LANGUAGES, CLASSES
    )


def random_partners(seed: int, nodes: int, consortia: int) -> nx.Graph:
    """A projected network as it comes from consortia of two to seven, in parts and with isolates."""
    chance = random.Random(seed)
    graph = nx.Graph(limit=40)
    graph.add_nodes_from(f"o{number:03}" for number in range(nodes))
    for _ in range(consortia):
        field = chance.randrange(4)
        members = sorted({f"o{field * nodes // 5 + chance.randrange(nodes // 3):03}" for _ in range(7)})
        members = members[: chance.randint(2, 7)]
        for a, b in combinations(members, 2):
            weight = graph.edges[a, b]["newman"] if graph.has_edge(a, b) else 0
            graph.add_edge(a, b, newman=weight + 1 / (len(members) - 1))
    return graph


def test_the_projection_is_the_table_of_ties(saxony: tg.Release) -> None:
    partners = project_partners(build_network(saxony.store, LANGUAGES, CLASSES), saxony.manifest.consortium)
    with (saxony.path / "data" / "ties.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == partners.number_of_edges() > 50
    base = saxony.manifest.base
    for row in rows:
        a, b = (f"{base}organisation/{row[f'organisation_{side}']}" for side in "ab")
        tie = partners.edges[a, b]
        assert tie["shared"] == int(row["shared"])
        assert tie["newman"] == pytest.approx(float(row["newman"]), abs=2e-6)
        assert tie["undertakings"] == [f"{base}undertaking/{key}" for key in row["evidence"].split(";")]
        assert [tie["first_year"], tie["last_year"]] == [
            int(row[name]) if row[name] else None for name in ("first_year", "last_year")
        ]


def with_amounts(key: str, *amounts: tuple[str, int]) -> Tables:
    """The undertaking ``key`` with a, b and c and facts of the given subjects."""
    tables = Tables()
    tables.undertaking(key, "Project", key.upper())
    for one in "abc":
        tables.organisation(one, "company", one)
    tables.takes_part(key, *"abc")
    for subject, amount in amounts:
        tables.fact(subject, TG + "amount", amount)
        tables.fact(subject, TG + "currency", f"<{EURO}>")
        if subject.startswith("funding"):
            tables.fact(subject, TG + "funds", f"<{BASE}undertaking/{key}>")
    return tables


def test_what_an_undertaking_gets_is_not_divided_among_its_partners(tmp_path: Path) -> None:
    tables = with_amounts("p", ("funding/1", 1_000_000), ("participation/p~a~partner", 400_000))
    tables.fact("participation/p~a~partner", TG + "qualifier", f"<{SCHEME}qualifier/at-most>")
    network = build_network(tables.store(tmp_path), LANGUAGES, CLASSES)
    partners = project_partners(network, 40)
    a, b, c = map(organisation, "abc")
    assert {one: partners.nodes[one]["funding"] for one in (a, b, c)} == {a: 400_000, b: None, c: None}
    assert partners.nodes[a]["funding_qualifiers"] == ["at-most"]
    assert [partners.edges[pair]["funding"] for pair in ((a, b), (a, c), (b, c))] == [400_000, 400_000, None]
    assert partners.graph["weights"] == ("shared", "newman", "funding")
    assert amounts_of(network.edges[a, undertaking("p")]) == ((400_000, "at-most"),)


def test_without_a_stated_share_there_is_no_weight_of_funding(tmp_path: Path) -> None:
    tables = with_amounts("p", ("funding/1", 1_000_000))
    partners = project_partners(build_network(tables.store(tmp_path), LANGUAGES, CLASSES), 40)
    assert partners.graph["weights"] == ("shared", "newman")
    for choose in (thin, significance):
        with pytest.raises(UsageError, match="There is: shared, newman"):
            choose(partners, weight="funding")


def test_a_share_in_a_part_is_not_added_to_that_in_the_whole(tmp_path: Path) -> None:
    tables = with_amounts("p", ("participation/p~a~partner", 400_000), ("participation/q~a~partner", 100_000))
    tables.undertaking("q", "Project", "Q", part_of="p")
    tables.takes_part("q", *"ab")
    partners = project_partners(build_network(tables.store(tmp_path), LANGUAGES, CLASSES), 40)
    assert partners.nodes[organisation("a")]["funding"] == 400_000
    assert partners.edges[organisation("a"), organisation("b")]["funding"] == 400_000


WIR, ROUND, OTHER = ("wir",), ("round", "wir"), ("other",)


@pytest.mark.parametrize(
    ("stated", "amounts", "basis"),
    [
        ([], [], ""),
        ([StatedAmount(Decimal(5), "at-most")], [(5, "at-most")], "stated"),
        ([StatedAmount(Decimal(5), start="2019"), StatedAmount(Decimal(6), end="2025")], [(6, "exactly"), (5, "exactly")], "stated"),
        ([StatedAmount(Decimal(5), end="2020"), StatedAmount(Decimal(6), start="2021")], [(11, "exactly")], "sum"),
        ([StatedAmount(Decimal(5), end="2020"), StatedAmount(Decimal(6), start="2020-06")], [(5, "exactly"), (6, "exactly")], "stated"),
        ([StatedAmount(Decimal(5), programmes=WIR), StatedAmount(Decimal(6), programmes=OTHER)], [(11, "exactly")], "sum"),
        ([StatedAmount(Decimal(5), programmes=WIR), StatedAmount(Decimal(6), programmes=ROUND)], [(6, "exactly"), (5, "exactly")], "stated"),
        ([StatedAmount(Decimal(5), number="A"), StatedAmount(Decimal(5), number="B")], [(10, "exactly")], "sum"),
        ([StatedAmount(Decimal(5), "at-most"), StatedAmount(Decimal(5))], [(5, "at-most"), (5, "exactly")], "stated"),
        ([StatedAmount(Decimal("396868.99")), StatedAmount(Decimal(396869))], [(396868.99, "exactly")], "stated"),
        ([StatedAmount(Decimal("1.25"), number="A"), StatedAmount(Decimal("1.5"), "about", number="B")], [(2.75, "about")], "sum"),
        ([StatedAmount(Decimal(5), "at-most", number="A"), StatedAmount(Decimal(6), "about", number="B")], [(6, "about"), (5, "at-most")], "stated"),
    ],
)  # fmt: skip
def test_amounts_are_added_only_where_they_cannot_overlap(
    stated: list[StatedAmount], amounts: list[tuple[float, str]], basis: str
) -> None:
    columns = together(stated).columns()
    assert list(amounts_of(columns)) == amounts
    assert columns["amount_basis"] == basis


def test_a_stated_total_goes_before_grants_and_the_latest_before_earlier_ones(tmp_path: Path) -> None:
    tables = with_amounts("p", ("funding/1", 9_000_000), ("funding/2", 6_000_000))
    stated = (8, "about", "2022", "EUR"), (7, "at-least", "2025", "EUR"), (190, "exactly", "2026", "CZK")
    for number, (amount, qualifier, date, currency) in enumerate(stated):
        statement = f"statement/{number}"
        tables.fact(statement, TG + "about", f"<{BASE}undertaking/p>")
        tables.fact(statement, TG + "measure", f"<{SCHEME}measure/funding-total>")
        tables.fact(statement, TG + "amount", amount)
        code = f"<http://publications.europa.eu/resource/authority/currency/{currency}>"
        tables.fact(statement, TG + "currency", code)
        tables.fact(statement, TG + "qualifier", f"<{SCHEME}qualifier/{qualifier}>")
        tables.fact(statement, TG + "asOf", date)
    data = build_network(tables.store(tmp_path), LANGUAGES, CLASSES).nodes[undertaking("p")]
    assert (amounts_of(data), data["amount_basis"]) == (((7, "at-least"),), "total")


def test_other_currencies_are_not_added_up(tmp_path: Path) -> None:
    tables = five_alliances()
    tables.fact("funding/1", TG + "funds", f"<{BASE}undertaking/tevlis>")
    tables.fact("funding/1", TG + "amount", 7)
    tables.fact(
        "funding/1", TG + "currency", "<http://publications.europa.eu/resource/authority/currency/CZK>"
    )
    node = build_network(tables.store(tmp_path), LANGUAGES, CLASSES).nodes[undertaking("tevlis")]
    assert node["amounts"] == []


def test_a_qualifier_of_ones_own_is_read_as_about(tmp_path: Path) -> None:
    tables = with_amounts("p", ("funding/1", 7))
    tables.fact("funding/1", TG + "qualifier", f"<{SCHEME}qualifier/nearly>")
    node = build_network(tables.store(tmp_path), LANGUAGES, CLASSES).nodes[undertaking("p")]
    assert amounts_of(node) == ((7, "about"),)


def test_ties_known_only_from_large_rounds_are_marked(tmp_path: Path) -> None:
    tables = Tables()
    tables.undertaking("big", "Alliance", "Big")
    tables.undertaking("small", "Project", "Small")
    for number in range(12):
        tables.organisation(f"o{number:02}", "company", str(number))
    tables.takes_part("big", *tables.organisations)
    tables.takes_part("small", "o00", "o01")
    partners = project_partners(build_network(tables.store(tmp_path), LANGUAGES, CLASSES), 40)
    large = {(a[-3:], b[-3:]) for a, b, tie in partners.edges(data=True) if tie["large"]}
    assert len(large) == 65
    assert ("o00", "o01") not in large
    assert partners.edges[organisation("o00"), organisation("o01")]["smallest"] == 2
    assert project_partners(build_network(tables.store(tmp_path), LANGUAGES, CLASSES), 11).graph[
        "untied"
    ] == {undertaking("big"): 12}


def test_the_limit_falls_when_a_picture_could_not_hold_the_ties(tmp_path: Path) -> None:
    network = build_network(five_alliances().store(tmp_path), LANGUAGES, CLASSES)
    assert tying_limit(network, 40) == 40
    huge = nx.Graph()
    huge.add_nodes_from([f"o{number:03}" for number in range(300)], bipartite=0)
    huge.add_nodes_from([f"u{number}" for number in range(40)], bipartite=1)
    for number in range(40):
        for member in range(30):
            edge: dict[str, object] = {
                "relation": "participation",
                "amounts": [],
                "first_year": None,
                "last_year": None,
            }
            huge.add_edge(f"o{(number * 7 + member) % 300:03}", f"u{number}", **edge)
    assert tying_limit(huge, 40) == 29
    assert tying_limit(huge, 20) == 20


@pytest.mark.parametrize("seed", range(5))
def test_the_measures_are_those_of_networkx(seed: int) -> None:
    partners = random_partners(seed, 120, 70)
    found = measure(partners)
    assert found.pivots == 0
    betweenness = nx.betweenness_centrality(partners)
    constraints = nx.constraint(partners, weight="newman")
    for node in partners:
        one = found.of[node]
        assert one.ties == partners.degree(node)
        assert one.reach == len(nx.single_source_shortest_path_length(partners, node, cutoff=2)) - 1
        assert one.broker == pytest.approx(betweenness[node], abs=1e-6)
        if one.ties:
            assert one.constraint == pytest.approx(constraints[node], abs=1e-6)
        else:
            assert one.constraint is None
            assert math.isnan(constraints[node])


@pytest.mark.skipif(find_spec("igraph") is None, reason="igraph is not installed (the extra fast)")
def test_igraph_gives_the_same_betweenness(monkeypatch: pytest.MonkeyPatch) -> None:
    partners = random_partners(9, 300, 150)
    plain, _ = broker(partners)
    monkeypatch.setattr(measures, "EXACT_STEPS", 0)
    compiled, pivots = broker(partners)
    assert pivots == 0
    assert compiled == pytest.approx(plain, abs=2e-6)


def test_an_estimate_says_so_and_is_near(monkeypatch: pytest.MonkeyPatch) -> None:
    partners = random_partners(4, 300, 150)
    exact, _ = broker(partners)
    monkeypatch.setattr(measures, "EXACT_STEPS", 0)
    monkeypatch.setattr(measures, "SAMPLED_STEPS", partners.number_of_edges() * 100)
    monkeypatch.setattr(measures, "find_spec", lambda name: None)
    estimate, pivots = broker(partners)
    assert pivots == 100
    best = sorted(exact, key=lambda node: -exact[node])[:10]
    assert len(set(best) & set(sorted(estimate, key=lambda node: -estimate[node])[:20])) >= 8
    assert broker(partners) == (estimate, pivots)


def test_measures_of_nothing_one_and_a_star() -> None:
    assert measure(nx.Graph()).of == {}
    one = nx.Graph()
    one.add_node("a")
    assert vars_of(one) == {"a": (0, 0, 0.0, None)}
    star = nx.relabel_nodes(nx.star_graph(5_000), str)
    nx.set_edge_attributes(star, 1.0, "newman")
    assert broker(nx.relabel_nodes(nx.star_graph(50), str))[0]["0"] == 1.0
    assert reach(star)["0"] == reach(star)["77"] == 5_000
    found = constraint(star)
    assert found["0"] == pytest.approx(1 / 5_000, abs=1e-6)
    assert found["77"] == 1.0


def vars_of(partners: nx.Graph) -> dict[str, tuple[int, int, float, float | None]]:
    found = measure(partners).of
    return {node: (one.ties, one.reach, one.broker, one.constraint) for node, one in found.items()}


def test_the_disparity_filter() -> None:
    graph = nx.Graph()
    for number in range(4):
        graph.add_edge("a", f"b{number}", newman=10.0 if number == 0 else 1.0)
    graph.add_edge("b0", "c", newman=10.0)
    found = significance(graph)
    assert found["a", "b0"] == pytest.approx((1 - 10 / 13) ** 3, abs=1e-6)
    assert found["a", "b1"] == pytest.approx((1 - 1 / 13) ** 3, abs=1e-6)
    assert found["b0", "c"] == pytest.approx(0.5)
    kept = thin(graph, level=0.2)
    assert ("a", "b0") in kept.ties
    assert kept.of == 5


def test_thinning_leaves_nobody_alone_and_says_what_it_hides(network: nx.Graph) -> None:
    partners = project_partners(network, 40)
    assert len(thin(partners).ties) == partners.number_of_edges()
    thinned = thin(partners, level=0.1)
    ends = {end for tie in thinned.ties for end in tie}
    assert ends == {node for node in partners if partners.degree(node)}
    assert 0 < len(thinned.ties) < thinned.of
    assert thinned.sentence.english == f"{len(thinned.ties)} of {thinned.of} ties are drawn"
    heavy = thin(partners, weight="shared", minimum=2)
    assert {partners.edges[tie]["shared"] for tie in heavy.ties} == {2}
    assert thin(partners, weight="funding", minimum=1).ties < thin(partners).ties


def test_a_part_of_the_network_by_alliance(network: nx.Graph) -> None:
    part = of_alliances(network, {undertaking("smarterz")})
    assert undertaking("smartstrat") in part
    assert organisation("mogatec") in part
    assert undertaking("recomine") not in part
    assert {node for node, name in part.nodes(data="class") if name == "Alliance"} == {
        undertaking("smarterz")
    }
    assert list(part) == [node for node in network if node in part]
    assert len(of_alliances(network, set())) == 0


def test_a_part_of_the_network_by_years(network: nx.Graph) -> None:
    early = of_years(network, (2010, 2012))
    assert undertaking("smarterz") not in early
    assert organisation("mogatec") not in early
    assert organisation("bmbf") in early, "who never took part is not hidden by years"
    assert undertaking("lt-strategie") in early, "what is not known is not denied"
    running = of_years(network, (2020, 2020))
    assert undertaking("smartstrat") in running
    assert undertaking("tevlis") not in running


def test_an_ego_network_grows_by_steps_and_is_cut_at_its_far_end(network: nx.Graph) -> None:
    partners = project_partners(network, 40)
    one, two = (ego(partners, organisation("wfe"), depth) for depth in (1, 2))
    assert set(one) == {organisation("wfe"), *partners[organisation("wfe")]}
    assert set(one) <= set(two)
    cut = ego(partners, organisation("wfe"), 2, at_most=len(one))
    assert set(cut) == set(one)
    assert list(ego(partners, organisation("bmbf"), 3)) == [organisation("bmbf")]
