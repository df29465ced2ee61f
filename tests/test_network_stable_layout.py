"""From release to release: who stays does not jump, who comes finds room."""

from __future__ import annotations

import random
from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, five_alliances
from test_network_layout import assert_sound, random_tables
from workspaces import LANGUAGES, copied, rows_of

import transfergraph as tg
from transfergraph.network.layout.communities import find_communities
from transfergraph.network.layout.community_layout import SPACING
from transfergraph.network.layout.network_layout import Layout, lay_out, layout_json, read_layout
from transfergraph.network.layout.stable_layout import lay_out_stably
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.subnetworks import restricted


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> nx.Graph:
    return build_network(random_tables(800, 500).store(tmp_path_factory.mktemp("store")), LANGUAGES, CLASSES)


def moved(before: Layout, after: Layout) -> float:
    """The share of those who stay in some community that are more than one spacing from where they were."""
    both = before.community.keys() & after.community.keys()
    far = [
        node
        for node in both
        if abs(before.positions[node][0] - after.positions[node][0]) > SPACING
        or abs(before.positions[node][1] - after.positions[node][1]) > SPACING
    ]
    return len(far) / len(both)


def without(network: nx.Graph, share: float, seed: int) -> nx.Graph:
    chance = random.Random(seed)
    return restricted(network, {node for node in network if chance.random() >= share})


def test_the_same_network_keeps_its_picture(network: nx.Graph) -> None:
    before = lay_out(network)
    assert lay_out_stably(network, before) == before
    assert lay_out_stably(network, None) == before


@pytest.mark.parametrize("seed", range(3))
def test_who_stays_does_not_jump(network: nx.Graph, seed: int) -> None:
    smaller = without(network, 0.05, seed)
    before = lay_out(smaller)
    after = lay_out_stably(network, before)
    assert_sound(network, after)
    assert moved(before, after) < 0.1
    assert moved(before, lay_out(network)) > 0.5, "without the earlier layout most would jump"
    again = lay_out_stably(smaller, after)
    assert_sound(smaller, again)
    assert moved(after, again) < 0.1


def test_the_order_of_nodes_does_not_matter(network: nx.Graph) -> None:
    before = lay_out(without(network, 0.05, 1))
    shuffled = nx.Graph(**network.graph)
    shuffled.add_nodes_from(reversed(list(network.nodes(data=True))))
    shuffled.add_edges_from((b, a, data) for a, b, data in reversed(list(network.edges(data=True))))
    assert lay_out_stably(shuffled, before) == lay_out_stably(network, before)


def test_many_newcomers_make_a_circle_grow_and_others_give_way(tmp_path: Path) -> None:
    tables = five_alliances()
    before = lay_out(build_network(tables.store(tmp_path / "1"), LANGUAGES, CLASSES))
    for number in range(150):
        tables.organisation(f"new{number:03}", "company", f"Neu {number}")
        tables.undertaking(f"new{number:03}", "Project", f"Neu {number}", part_of="recomine")
        tables.takes_part(f"new{number:03}", f"new{number:03}")
    network = build_network(tables.store(tmp_path / "2"), LANGUAGES, CLASSES)
    assert_sound(network, lay_out_stably(network, before))


def test_a_new_community_and_new_loners_find_room(tmp_path: Path) -> None:
    tables = five_alliances()
    before = lay_out(build_network(tables.store(tmp_path / "1"), LANGUAGES, CLASSES))
    tables.undertaking("new", "Alliance", "Neu")
    for number in range(8):
        tables.organisation(f"new{number}", "company", f"Neu {number}")
        tables.organisation(f"aalone{number}", "company", f"Allein {number}")
    tables.takes_part("new", *(f"new{number}" for number in range(8)))
    network = build_network(tables.store(tmp_path / "2"), LANGUAGES, CLASSES)
    after = lay_out_stably(network, before)
    assert_sound(network, after)
    assert moved(before, after) == 0
    assert f"{BASE}undertaking/new" in {circle.name for circle in after.communities}


def test_another_network_is_laid_out_anew(network: nx.Graph, tmp_path: Path) -> None:
    other = build_network(five_alliances().store(tmp_path), LANGUAGES, CLASSES)
    assert lay_out_stably(other, lay_out(network)) == lay_out(other)
    assert lay_out_stably(nx.Graph(), lay_out(network)) == lay_out(nx.Graph())


def test_communities_begin_as_they_were(network: nx.Graph) -> None:
    found = find_communities(network)
    assert find_communities(network, found) == found
    nonsense = dict.fromkeys(found, "nobody")
    assert len(set(find_communities(network, nonsense).values())) >= 1
    assert find_communities(network, {}) == found


def test_a_layout_survives_the_file(network: nx.Graph, tmp_path: Path) -> None:
    layout = lay_out(network)
    file = tmp_path / "layout.json"
    file.write_text(layout_json(layout), encoding="utf-8")
    assert read_layout(file) == layout
    for broken in ("", "{}", "[1]", '{"positions": 3, "community": {}, "circles": [], "tray": null}'):
        file.write_text(broken, encoding="utf-8")
        assert read_layout(file) is None
    assert read_layout(tmp_path / "absent.json") is None


def test_a_release_starts_from_the_one_before(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    first, output = copied(first_release, tmp_path)
    one = tg.open(output)
    before = read_layout(one.path / "network" / "layout.json")
    rows = rows_of("organisations")
    table = (first / "data" / "source" / "organisations.csv").read_text(encoding="utf-8")
    assert len(rows) == 4
    columns = len(rows[0])
    table += ",".join(["aaa", "company", "Neu", "New", *[""] * (columns - 5), "page"]) + "\n"
    (first / "data" / "source" / "organisations.csv").write_text(table, encoding="utf-8")
    two = tg.build(first, output)
    assert two.release is not None
    assert two.release != one.path
    after = read_layout(two.release / "network" / "layout.json")
    assert before is not None
    assert after is not None
    assert len(after.positions) == len(before.positions) + 1
    assert moved(before, after) == 0
