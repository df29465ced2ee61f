"""The data for pages: complete, compact, the same in the whole and in its parts, harmless whatever a label."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from network_fixture import (
    BASE,
    DCT,
    Tables,
    analysis_of,
    evil,
    five_alliances,
    with_background,
    written_under_two_hash_seeds,
)
from test_network_layout import random_tables

import transfergraph as tg
from transfergraph.network.layout.community_groups import MOST_GROUPS, group_communities
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_json import Explorer, explorer_files, to_text

Json = dict[str, Any]


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return analysis_of(with_background(five_alliances()), tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def whole(analysis: Analysis) -> Json:
    return Explorer(analysis).whole()


def lengths(columns: Json) -> set[int]:
    return {len(column) for column in columns.values() if isinstance(column, list)}


def positions(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from positions(one)


def at(data: Json, key: str) -> int:
    found: int = data["nodes"]["key"].index(key)
    return found


def test_every_node_has_its_columns(analysis: Analysis, whole: Json) -> None:
    nodes, count = whole["nodes"], whole["organisations"]
    assert len(nodes["key"]) == len(analysis.network)
    assert lengths(nodes) == {len(analysis.network), count}
    assert [BASE + key in analysis.partners for key in nodes["key"]] == [True] * count + [False] * (
        len(analysis.network) - count
    )
    hszg = at(whole, "organisation/hszg")
    concepts = whole["concepts"]
    assert nodes["de"][hszg] == "Hochschule Zittau/Görlitz"
    assert nodes["en"][hszg] == "Zittau/Görlitz University of Applied Sciences"
    assert nodes["url"][str(hszg)] == "https://www.hszg.de/"
    assert concepts["places"]["de"][nodes["place"][hszg]] == "Zittau"
    assert concepts["places"]["latitude"] == [50.896]
    assert [concepts["regions"]["nuts"][region] for region in nodes["regions"][hszg]] == ["DED2D"]
    assert [nodes["key"][one] for one in nodes["alliances"][hszg]] == [
        "undertaking/life-and-technology",
        "undertaking/saxony5",
    ]
    assert nodes["ties"][hszg] == analysis.partners.degree(BASE + "organisation/hszg")
    assert nodes["community"][at(whole, "organisation/bmbf")] is None
    assert (nodes["x"][hszg], nodes["y"][hszg]) == analysis.layout.positions[BASE + "organisation/hszg"]


def test_every_reference_leads_somewhere(whole: Json) -> None:
    nodes, concepts = whole["nodes"], whole["concepts"]
    for column, table in (
        ("kind", "kinds"), ("place", "places"), ("regions", "regions"), ("topics", "topics"),
        ("programmes", "programmes"), ("sources", "sources"),
    ):  # fmt: skip
        assert max(positions(nodes[column]), default=-1) < len(concepts[table]["key"])
        assert lengths(concepts[table]) == {len(concepts[table]["key"])}
    count = len(nodes["key"])
    for column in (nodes["alliances"], whole["parts"], whole["ties"]["undertakings"], whole["links"]["u"]):
        assert max(positions(column)) < count
    assert max(positions(whole["links"]["o"])) < whole["organisations"]
    assert max(one for one in nodes["community"] if one is not None) == len(whole["communities"]) - 1


def test_a_tie_leads_to_its_evidence(analysis: Analysis, whole: Json) -> None:
    ties, links = whole["ties"], whole["links"]
    assert len(ties["a"]) == analysis.partners.number_of_edges()
    known = set(zip(links["o"], links["u"], strict=True))
    for a, b, shared, undertakings in zip(
        ties["a"], ties["b"], ties["shared"], ties["undertakings"], strict=True
    ):
        assert a < b
        assert len(undertakings) == shared
        assert {(end, one) for end in (a, b) for one in undertakings} <= known
    index = list(zip(ties["a"], ties["b"], strict=True)).index(
        (at(whole, "organisation/hif"), at(whole, "organisation/saxonia"))
    )
    assert (ties["newman"][index], ties["funding"][index], ties["first"][index]) == (0.45, 200_000, 2019)


def test_facets_count_organisations_and_what_is_within(analysis: Analysis, whole: Json) -> None:
    facets, concepts = whole["facets"], whole["concepts"]
    regions = {
        concepts["regions"]["en"][one] or concepts["regions"]["de"][one]: n for one, n in facets["regions"]
    }
    assert regions == {"Saxony": 3, "Görlitz, district": 3}
    programmes = {concepts["programmes"]["de"][one]: count for one, count in facets["programmes"]}
    assert programmes["WIR!"] == programmes["Strukturwandel"] > 10
    for counts in facets.values():
        assert [count for _, count in counts] == sorted((count for _, count in counts), reverse=True)
    assert sum(count for _, count in facets["kinds"]) == len(analysis.partners)
    recomine = at(whole, "undertaking/recomine")
    assert dict(facets["alliances"])[recomine] == 11


def test_communities_have_names_of_topics_and_places(whole: Json) -> None:
    names = {one["en"] for one in whole["communities"]}
    assert "rECOmine: Mine water" in names
    assert "Lausitz – Life & Technology: 3D printing (Zittau)" in names
    assert "SmartERZ" in names
    for one in whole["communities"]:
        members = whole["nodes"]["community"].count(whole["communities"].index(one))
        assert members == one["organisations"] + one["undertakings"]


def test_what_is_counted_and_not_drawn_is_told(whole: Json) -> None:
    coverage = {one["label"]["de"]: one for one in whole["coverage"]}
    assert coverage["rECOmine"]["named"] == 11
    assert [size["value"] for size in coverage["rECOmine"]["sizes"]] == [40, 70]
    assert whole["untied"] == []
    assert whole["limit"] == 40
    assert all(set(one["definition"]) == {"de", "en"} for one in whole["measures"].values())
    assert set(whole["weights"]) == {"shared", "newman", "funding"}


def test_large_rounds_are_listed_with_their_size(tmp_path: Path) -> None:
    made = Explorer(analysis_of(five_alliances(), tmp_path, limit=5)).whole()
    sizes = {made["nodes"]["key"][node]: size for node, size in made["untied"]}
    assert sizes == {"undertaking/recomine": 6}


def test_the_parts_are_the_whole(analysis: Analysis, whole: Json) -> None:
    explorer = Explorer(analysis)
    parts = [explorer.part(number) for number in range(len(analysis.communities))] + [explorer.isolated()]
    seen: dict[int, str] = {}
    ties: set[tuple[int, int]] = set()
    links: set[tuple[int, int]] = set()
    for part in parts:
        nodes = part["nodes"]
        for position, index in enumerate(nodes["index"]):
            seen[index] = nodes["key"][position]
            for column in ("de", "x", "community", "topics"):
                assert nodes[column][position] == whole["nodes"][column][index]
        ties |= set(zip(part["ties"]["a"], part["ties"]["b"], strict=True))
        links |= set(zip(part["links"]["o"], part["links"]["u"], strict=True))
        described = {*nodes["index"], *part["outside"]["index"]}
        assert {*part["ties"]["a"], *part["ties"]["b"], *part["links"]["o"], *part["links"]["u"]} <= described
        assert set(positions(part["ties"]["undertakings"])) <= described
    assert seen == dict(enumerate(whole["nodes"]["key"]))
    assert ties == set(zip(whole["ties"]["a"], whole["ties"]["b"], strict=True))
    assert links == set(zip(whole["links"]["o"], whole["links"]["u"], strict=True))
    assert explorer.names()["nodes"]["key"] == whole["nodes"]["key"]


def test_the_overview_bundles_every_tie(analysis: Analysis, whole: Json) -> None:
    overview = Explorer(analysis).overview()
    assert sum(count for _, _, count, _ in overview["bundles"]) == len(whole["ties"]["a"])
    between = [bundle for bundle in overview["bundles"] if bundle[0] != bundle[1]]
    assert between
    regions = overview["regions"]
    assert regions["organisations"] == [3]
    assert regions["latitude"] == [50.896]
    assert regions["unplaced"] == len(analysis.partners) - 3
    assert overview["lonely"] == 2
    assert "nodes" not in overview
    named = [
        {k: v for k, v in one.items() if k not in ("within", "kinds")} for one in overview["communities"]
    ]
    assert named == whole["communities"]
    kinds = [sum(count for _, count in one["kinds"]) for one in overview["communities"]]
    assert kinds == [one["organisations"] for one in named]
    assert sorted(one for group in overview["groups"] for one in group["communities"]) == list(range(5))
    best = whole["nodes"]["ties"][overview["groups"][0]["best"][0]]
    assert best == max(
        whole["nodes"]["ties"][i] for i, c in enumerate(whole["nodes"]["community"][:35]) if c == 0
    )


def test_few_circles_stand_for_very_many_communities() -> None:
    groups = group_communities([80] * 250, {(n, n + 1): 1 + n % 3 for n in range(249)})
    assert len(groups) == MOST_GROUPS
    assert sorted(one for group in groups for one in group.communities) == list(range(250))
    assert max(len(group.communities) for group in groups) <= 2 * 250 / MOST_GROUPS
    for a, b in combinations(groups, 2):
        assert math.dist((a.x, a.y), (b.x, b.y)) > a.radius + b.radius
    assert group_communities([], {}) == ()
    apart = group_communities([1] * 40 + [9], {})
    assert [group.communities for group in apart][:2] == [(40,), (0,)] and len(apart) == MOST_GROUPS


@pytest.mark.parametrize("view", ["undertakings", "partners"])
def test_an_ego_network_has_everything_between_its_nodes(analysis: Analysis, whole: Json, view: str) -> None:
    explorer = Explorer(analysis)
    found = explorer.around(BASE + "organisation/wfe", 1, view)
    keys = {key.partition("/")[0] for key in found["nodes"]["key"]}
    assert keys == ({"organisation"} if view == "partners" else {"organisation", "undertaking"})
    assert found["cut"] == 0
    assert set(positions([found["ties"]["a"], found["ties"]["b"]])) <= set(found["nodes"]["index"])
    cut = explorer.around(BASE + "organisation/wfe", 2, view, at_most=5)
    assert len(cut["nodes"]["key"]) == 5
    assert cut["cut"] > 0
    assert whole["nodes"]["key"][cut["node"]] == "organisation/wfe"


def test_small_networks_are_one_file_and_large_ones_several(analysis: Analysis, tmp_path: Path) -> None:
    assert [name for name, _ in explorer_files(analysis)] == ["explorer.json"]
    large = analysis_of(random_tables(1_040, 700), tmp_path)
    files = dict(explorer_files(large, whole=1_500))
    assert set(files) == {
        "explorer.json", "names.json", "lonely.json",
        *(f"part-{number}.json" for number in range(len(large.communities))),
    }  # fmt: skip
    overview = json.loads(files["explorer.json"])
    assert overview["form"] == "overview"
    assert len(files["explorer.json"]) < 100_000
    sizes = [len(json.loads(files[name])["nodes"]["key"]) for name in files if name.startswith("part")]
    assert sum(sizes) + overview["lonely"] == len(large.network)


def test_a_thousand_partners_take_less_than_a_megabyte(tmp_path: Path) -> None:
    made = analysis_of(random_tables(1_000, 650), tmp_path)
    assert made.partners.number_of_edges() > 2_500
    assert len(to_text(Explorer(made).whole()).encode()) < 800_000


def test_no_label_ends_a_script_and_every_label_survives(tmp_path: Path) -> None:
    tables = evil()
    text = to_text(Explorer(analysis_of(tables, tmp_path)).whole())
    assert not set("<>&\u2028\u2029") & set(text)
    nodes = json.loads(text)["nodes"]
    assert {names[0] for _, names in tables.organisations.values()} <= set(nodes["de"])
    assert nodes["url"] == {}, "an address that is none of the web is no link"


def test_nothing_one_and_no_tie(tmp_path: Path) -> None:
    empty = Explorer(analysis_of(Tables(), tmp_path / "0")).whole()
    assert empty["nodes"]["key"] == empty["ties"]["a"] == empty["communities"] == []
    tables = Tables()
    tables.organisation("o", "company", "O")
    one = Explorer(analysis_of(tables, tmp_path / "1")).whole()
    assert one["nodes"]["ties"] == [0]
    assert one["introductions"] == {
        "pairs": [],
        "isolates": [{"node": 0, "bridges": []}],
    }
    for key in "abc":
        tables.organisation(key, "university", key)
        tables.undertaking(f"p{key}", "Project", key)
        tables.takes_part(f"p{key}", key)
    three = Explorer(analysis_of(tables, tmp_path / "3")).whole()
    assert three["ties"]["a"] == []
    assert three["links"]["o"] == [0, 1, 2]
    assert json.loads(to_text(Explorer(analysis_of(tables, tmp_path / "4")).overview()))["bundles"] == []


def test_one_node_of_five_thousand_ties(tmp_path: Path) -> None:
    tables = Tables()
    tables.organisation("hub", "university", "Hub")
    for number in range(5_000):
        tables.organisation(f"o{number:04}", "company", f"O {number}")
        tables.undertaking(f"u{number:04}", "Project", f"U {number}")
        tables.takes_part(f"u{number:04}", "hub", f"o{number:04}")
    made = analysis_of(tables, tmp_path)
    assert len(made.communities) <= 300
    explorer = Explorer(made)
    assert len(to_text(explorer.overview())) < 150_000
    around = explorer.around(BASE + "organisation/hub", 1, "partners")
    assert len(around["nodes"]["key"]) == 1_500
    assert around["cut"] == 3_501


def test_very_many_small_groups_come_together(tmp_path: Path) -> None:
    tables = Tables()
    for number in range(800):
        tables.undertaking(f"u{number:03}", "Project", f"U {number}")
        for side in "ab":
            tables.organisation(f"{side}{number:03}", "company", f"{side} {number}")
            tables.takes_part(f"u{number:03}", f"{side}{number:03}")
    made = analysis_of(tables, tmp_path)
    explorer = Explorer(made)
    overview = explorer.overview()
    assert len(made.communities) == 800
    assert len(overview["communities"]) == 300
    assert overview["small"] == [{"organisations": 1_000, "nodes": 1_500}]
    assert explorer.groups == 1
    together = explorer.small(0)
    assert len(together["nodes"]["key"]) == 1_500
    assert len(together["ties"]["a"]) == 500
    assert {name for name, _ in explorer_files(made, whole=1_500)} >= {"part-299.json", "small-0.json"}


def test_the_release_holds_the_data_with_cells(saxony: tg.Release) -> None:
    data = json.loads((saxony.path / "network" / "explorer.json").read_text(encoding="utf-8"))
    assert data["form"] == "whole"
    assert len(data["nodes"]["key"]) == data["total"]["organisations"] + data["total"]["undertakings"]
    assert data["files"] == [["data/saxony/participations.csv", ""]]
    assert all(cells for cells in data["links"]["cells"])
    assert len(data["introductions"]["pairs"]) > 20
    for one in data["introductions"]["pairs"]:
        assert one["reason"]["de"].endswith(".")
        assert one["reason"]["en"].endswith(".")


def test_hashes_of_the_interpreter_do_not_matter(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from network_fixture import five_alliances, analysis_of, with_background\n"
        "from transfergraph.network.output.explorer_json import Explorer, to_text\n"
        "made = Explorer(analysis_of(with_background(five_alliances()), pathlib.Path(sys.argv[1])))\n"
        "parts = [made.part(n) for n in range(5)]\n"
        "parts.append(made.around('https://w3id.org/transfergraph/saxony/organisation/wfe', 2))\n"
        "sys.stdout.buffer.write(''.join(map(to_text, (made.whole(), made.overview(), *parts))).encode())\n"
    )
    first, second = written_under_two_hash_seeds(program, tmp_path)
    assert first == second != b""


def test_two_communities_never_have_one_name(tmp_path: Path) -> None:
    tables = Tables()
    topic = tables.concept("topic/t", "Thema", "Topic")
    for key in "ab":
        tables.undertaking(key, "Project", f"Vorhaben {key}")
        tables.fact(f"undertaking/{key}", DCT + "subject", topic)
        for number in range(3):
            tables.organisation(f"{key}{number}", "company", f"{key}{number}")
            tables.takes_part(key, f"{key}{number}")
    names = [one.name.in_language("de") for one in analysis_of(tables, tmp_path).communities]
    assert sorted(names) == ["Thema – Vorhaben a", "Thema – Vorhaben b"]
    assert nx.Graph is type(analysis_of(tables, tmp_path / "again").partners)
