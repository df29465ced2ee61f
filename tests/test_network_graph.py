"""The network in networkx, its projection, its coverage and its export."""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest
from golden_answers import curated_tables
from network_fixture import BASE, CLASSES, SCHEME, Tables, core_of, five_alliances, with_background
from tables_fixture import load
from workspaces import LANGUAGES, SOURCE, TABLES, make_workspace

from transfergraph import Text
from transfergraph.findings import Severity
from transfergraph.network.layout.network_layout import lay_out
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.partner_completeness import read_coverage
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.subnetworks import find_core
from transfergraph.network.output.graph_files import network_json
from transfergraph.store.embedded import EmbeddedStore

NODE_ATTRIBUTES = {
    "id", "class", "bipartite", "label_de", "label_en", "alternative_labels", "kind", "kind_de", "kind_en",
    "place", "place_de", "place_en", "latitude", "longitude", "regions", "topics", "programmes",
    "amounts", "amount_qualifiers", "amount_basis", "url", "start", "end", "unit_of", "sources",
}  # fmt: skip


def undertaking(key: str) -> str:
    return f"{BASE}undertaking/{key}"


def organisation(key: str) -> str:
    return f"{BASE}organisation/{key}"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    return with_background(five_alliances()).store(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def network(store: EmbeddedStore) -> nx.Graph:
    return build_network(store, LANGUAGES, CLASSES)


def test_every_organisation_and_undertaking_is_there(network: nx.Graph) -> None:
    tables = five_alliances()
    assert list(network) == sorted(
        [organisation(key) for key in tables.organisations]
        + [undertaking(key) for key in tables.undertakings]
    )
    assert network.graph["organisations"] == len(tables.organisations)
    assert network.graph["undertakings"] == len(tables.undertakings)
    assert network.graph["participations"] == len(tables.participations)


def test_nodes_are_described_in_both_languages(network: nx.Graph) -> None:
    for node, data in network.nodes(data=True):
        assert set(data) == NODE_ATTRIBUTES
        assert data["id"] == node
    assert network.nodes[organisation("hszg")] == {
        "id": organisation("hszg"),
        "class": "Organisation",
        "bipartite": 0,
        "label_de": "Hochschule Zittau/Görlitz",
        "label_en": "Zittau/Görlitz University of Applied Sciences",
        "alternative_labels": [],
        "kind": SCHEME + "organisation-kind/university-of-applied-sciences",
        "kind_de": "Hochschule für angewandte Wissenschaften",
        "kind_en": "University of applied sciences",
        "place": BASE + "place/zittau",
        "place_de": "Zittau",
        "place_en": "Zittau",
        "latitude": 50.896,
        "longitude": 14.807,
        "regions": [BASE + "region/goerlitz"],
        "topics": [],
        "programmes": [],
        "amounts": [],
        "amount_qualifiers": [],
        "amount_basis": "",
        "url": "https://www.hszg.de/",
        "start": "",
        "end": "",
        "unit_of": [],
        "sources": [BASE + "source/futuresax"],
    }
    lab = network.nodes[undertaking("fabrik")]
    assert (lab["class"], lab["bipartite"], lab["label_en"]) == ("Lab", 1, "Factory of the future")


def test_several_roles_of_one_partner_all_stay(network: nx.Graph) -> None:
    edge = network.edges[organisation("hif"), undertaking("recomine")]
    assert edge == {
        "relation": "participation",
        "roles": [SCHEME + "role/coordinator", SCHEME + "role/partner"],
        "roles_de": ["Koordination", "Partner"],
        "roles_en": ["Coordinator", "Partner"],
        "participations": [
            BASE + "participation/recomine~hif~coordinator",
            BASE + "participation/recomine~hif~partner",
        ],
        "start": "2019",
        "end": "",
        "sources": [BASE + "source/futuresax"],
        "amounts": [],
        "amount_qualifiers": [],
        "amount_basis": "",
        "first_year": 2019,
        "last_year": None,
    }
    merged = [data["participations"] for *_, data in network.edges(data=True) if "participations" in data]
    assert sum(map(len, merged)) == network.graph["participations"]


def test_money_is_what_the_fundings_and_the_participations_state(network: nx.Graph) -> None:
    def money(data: dict[str, object]) -> tuple[object, ...]:
        return data["amounts"], data["amount_qualifiers"], data["amount_basis"]

    # Of neither an end is known, so that they may overlap; 100,000 is 99,999 rounded.
    grants = [500_000, 99_999], ["exactly", "exactly"], "stated"
    assert money(network.nodes[undertaking("reminingplus")]) == grants
    assert money(network.nodes[undertaking("recomine")]) == ([], [], "")
    share = network.edges[organisation("hif"), undertaking("reminingplus")]
    assert money(share) == ([200_000], ["exactly"], "stated")


def test_regions_and_programmes_name_what_is_above_them(network: nx.Graph) -> None:
    assert network.graph["wholes"] == {
        BASE + "programme/wir": [BASE + "programme/strukturwandel"],
        BASE + "region/goerlitz": [BASE + "region/sachsen"],
    }
    assert network.graph["nuts"] == {BASE + "region/goerlitz": "DED2D"}
    assert network.graph["names"][BASE + "region/sachsen"] == ("Sachsen", "Saxony")
    assert network.nodes[undertaking("greenheater")]["programmes"] == [BASE + "programme/wir"]


def test_parts_and_wholes(network: nx.Graph) -> None:
    edge = network.edges[undertaking("saxony5"), undertaking("fabrik")]
    assert edge == {"relation": "part-of", "part": undertaking("fabrik"), "whole": undertaking("saxony5")}


def test_sources_can_be_reached(network: nx.Graph) -> None:
    assert network.graph["sources"] == {
        BASE + "source/futuresax": {
            "label_de": "futureSAX",
            "label_en": "futureSAX",
            "url": "https://futuresax.de/en/transfer",
        }
    }


def test_organisations_without_participation_stay_alone(network: nx.Graph) -> None:
    assert sorted(nx.isolates(network)) == [organisation("bmbf"), organisation("futuresax")]


def test_the_network_is_bipartite_but_for_parts(network: nx.Graph) -> None:
    for a, b, data in network.edges(data=True):
        sides = {network.nodes[a]["bipartite"], network.nodes[b]["bipartite"]}
        assert sides == ({1} if data["relation"] == "part-of" else {0, 1})


def test_what_is_not_described_is_left_out(tmp_path: Path) -> None:
    tables = Tables()
    tables.undertaking("p", "Project", "P")
    tables.organisation("o", "company", "O")
    tables.takes_part("p", "o", "nobody")
    tables.takes_part("nothing", "o")
    network = build_network(tables.store(tmp_path), LANGUAGES, CLASSES)
    assert list(network.edges()) == [(organisation("o"), undertaking("p"))]
    assert network.graph["participations"] == 1


def test_a_core_is_drawn_and_the_whole_is_told(store: EmbeddedStore, network: nx.Graph) -> None:
    kept = core_of(network, 20)
    core = build_network(store, LANGUAGES, CLASSES, kept)
    assert organisation("hszg") in core
    assert set(core) == {node for node in kept.nodes if set(network[node]) & kept.nodes}
    assert core.graph["organisations"] == network.graph["organisations"]
    assert core.graph["undertakings"] == network.graph["undertakings"]
    assert core.graph["participations"] == network.graph["participations"]
    assert all(core.nodes[node] == network.nodes[node] for node in core)
    assert all(core.edges[edge] == network.edges[edge] for edge in core.edges)


def test_the_core_is_who_takes_part_in_most(tmp_path: Path) -> None:
    with curated_tables(tmp_path) as (tables, graph):
        whole = build_network(graph.store, LANGUAGES, CLASSES)
        assert find_core(tables, CLASSES, len(whole)) is None
        core = find_core(tables, CLASSES, 40)
    assert core is not None
    assert len(core.nodes) == 40
    names = ("organisations", "undertakings", "participations")
    assert [getattr(core, name) for name in names] == [whole.graph[name] for name in names]
    alliances = {node for node, kind in whole.nodes(data="class") if kind == "Alliance"}
    assert alliances <= core.nodes
    organisations = {node for node in core.nodes if whole.nodes[node]["class"] == "Organisation"}
    shares = {
        node: sum(data["relation"] == "participation" for _, _, data in whole.edges(node, data=True))
        for node in whole
    }
    others = {node for node, kind in whole.nodes(data="class") if kind == "Organisation"} - organisations
    assert len(organisations) == (40 - len(alliances)) // 2
    assert min(shares[node] for node in organisations) >= max(shares[node] for node in others)


def test_what_tables_kept_by_hand_state_is_in_the_core_of_a_joined_network(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    other = root / "data" / "other"
    other.mkdir()
    numbers = range(8)
    pairs = "".join(f"p{one},o{two},partner,page2\n" for one in numbers for two in numbers)
    for name, content in {
        "source.toml": SOURCE.replace("projects = [1, 5]", "projects = [1, 9]"),
        "sources.csv": TABLES["sources"].replace("page,", "page2,", 1),
        "organisations.csv": "id,kind,name_de,name_en,source\n"
        + "".join(f"o{one},company,O{one},O{one},page2\n" for one in numbers),
        "projects.csv": "id,kind,name_de,name_en,source\n"
        + "".join(f"p{one},research-and-development,P{one},P{one},page2\n" for one in numbers),
        "participations.csv": f"undertaking,organisation,role,source\n{pairs}",
    }.items():
        (other / name).write_text(content, encoding="utf-8")
    tables, findings = load(root, tmp_path / "scratch")
    assert [one for one in findings if one.severity is Severity.VIOLATION] == []
    core, joined = find_core(tables, CLASSES, 12), find_core(tables, CLASSES, 12, ["source"])
    assert core is not None and joined is not None
    own = {organisation(key) for key in ("bund", "htw-dresden", "m%C3%BCller-ag")}
    own |= {undertaking("recomine"), undertaking("pilot")}
    assert own <= joined.nodes and not own <= core.nodes
    assert len(joined.nodes) == len(core.nodes) == 12
    tables.connection.close()


def test_partners_are_tied_by_what_they_share(network: nx.Graph) -> None:
    partners = project_partners(network, consortium_limit=40)
    assert set(partners) == {node for node, kind in network.nodes(data="class") if kind == "Organisation"}
    assert partners.nodes[organisation("hszg")] == {
        **network.nodes[organisation("hszg")],
        "topics": [],
        "programmes": [BASE + "programme/wir"],
        "alliances": [undertaking("life-and-technology"), undertaking("saxony5")],
        "undertakings": 5,
        "funding": None,
        "funding_qualifiers": [],
    }
    tie = partners.edges[organisation("hif"), organisation("saxonia")]
    assert tie == {
        "shared": 2,
        "newman": round(1 / 5 + 1 / 4, 6),
        "funding": 200_000,
        "funding_qualifiers": ["exactly"],
        "undertakings": [undertaking("recomine"), undertaking("reminingplus")],
        "first_year": 2019,
        "last_year": 2023,
        "smallest": 5,
        "large": 0,
    }
    assert not partners.has_edge(organisation("hif"), organisation("hszg"))


def test_large_consortia_tie_nobody(network: nx.Graph) -> None:
    partners = project_partners(network, consortium_limit=5)
    assert partners.edges[organisation("hif"), organisation("saxonia")]["undertakings"] == [
        undertaking("reminingplus")
    ]


def test_coverage_says_how_much_is_known(store: EmbeddedStore) -> None:
    coverage = {one.undertaking: one for one in read_coverage(store, LANGUAGES, CLASSES)}
    assert [one.label.in_language("de") for one in coverage.values()] == [
        "Lausitz – Life & Technology",
        "LESSIE",
        "rECOmine",
        "Saxony⁵",
        "SmartERZ",
    ]
    recomine = coverage[undertaking("recomine")]
    assert len(recomine.named.with_parts) == 11
    assert [(size.qualifier, size.value, size.as_of) for size in recomine.sizes] == [
        (Text(de="mindestens", en="at least"), 40, "2025-03-12"),
        (Text(de="mindestens", en="at least"), 70, "2019"),
    ]
    assert recomine.sizes[0].url == "https://futuresax.de/en/transfer"
    assert coverage[undertaking("lessie")].sizes == ()
    assert len(coverage[undertaking("lessie")].named.with_parts) == 1


def test_coverage_of_nothing(tmp_path: Path) -> None:
    assert read_coverage(Tables().store(tmp_path), LANGUAGES, CLASSES) == ()


def test_the_export_can_be_read_back(network: nx.Graph) -> None:
    layout = lay_out(network)
    content = json.loads(network_json(network, layout))
    again = nx.node_link_graph(content, edges="edges")
    assert set(again) == set(network)
    assert {frozenset(edge) for edge in again.edges()} == {frozenset(edge) for edge in network.edges()}
    hub = again.nodes[undertaking("recomine")]
    assert (hub["x"], hub["y"]) == layout.positions[undertaking("recomine")]
    assert hub["community"] == undertaking("recomine")
    assert again.nodes[organisation("bmbf")]["community"] == ""
    assert [one["name"] for one in again.graph["communities"]] == sorted(set(layout.community.values()))
