"""A tie and a way explain themselves, and SPARQL gives the same answer."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, Tables
from workspaces import LANGUAGES

import transfergraph as tg
from transfergraph import UsageError
from transfergraph.network.model.evidence import (
    CELLS,
    ParticipationCell,
    add_cells,
    evidence_of,
    evidence_query,
    evidence_sentence,
)
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.tie_paths import connect, connection_sentence, path_sentence


@pytest.fixture(scope="module")
def network(saxony: tg.Release) -> nx.Graph:
    made = build_network(saxony.store, LANGUAGES, CLASSES)
    add_cells(made, saxony.path / CELLS, saxony.manifest.base)
    return made


@pytest.fixture(scope="module")
def partners(network: nx.Graph, saxony: tg.Release) -> nx.Graph:
    return project_partners(network, saxony.manifest.consortium)


def organisation(key: str) -> str:
    return f"{BASE}organisation/{key}"


def test_a_tie_names_undertakings_roles_sources_and_cells(network: nx.Graph) -> None:
    evidence = evidence_of(network, organisation("hif"), organisation("saxonia"), 40)
    first = evidence.shared[0]
    assert [one.undertaking.rpartition("/")[2] for one in evidence.shared] == ["recomine", "reminingplus"]
    assert [role.rpartition("/")[2] for role in first.a.roles] == ["coordinator"]
    assert first.a.cells == (ParticipationCell("data/saxony/participations.csv", "", 2),)
    assert first.b.cells == (ParticipationCell("data/saxony/participations.csv", "", 6),)
    assert BASE + "source/recomine-pressemitteilung-2019" in first.a.sources
    assert (first.amounts, first.amount_basis) == (((12_700_000, "exactly"),), "total")
    assert (first.a.amounts, first.b.amounts) == ((), ())
    assert evidence_sentence(network, evidence).english == (
        "Helmholtz Institute Freiberg for Resource Technology and SAXONIA Standortentwicklungs- und "
        "-verwaltungsgesellschaft mbH share 2 undertakings: recomine (Helmholtz Institute Freiberg for Resource "
        "Technology as Coordinator; SAXONIA Standortentwicklungs- und -verwaltungsgesellschaft mbH as Management "
        "partner; 2019-04-01 to 2025; undertaking as a whole, stated total: 12,700,000 EUR) and ReMiningPlus (Helmholtz Institute Freiberg for Resource "
        "Technology as Partner; SAXONIA Standortentwicklungs- und -verwaltungsgesellschaft mbH as Partner)."
    )
    assert "Helmholtz-Institut Freiberg für Ressourcentechnologie als Koordination" in evidence_sentence(
        network, evidence
    ).in_language("de")


def test_every_cell_is_the_row_of_that_participation(network: nx.Graph, saxony: tg.Release) -> None:
    table = (saxony.path / "data/tables/saxony/participations.csv").read_text(encoding="utf-8").splitlines()
    for *_, data in network.edges(data=True):
        if data["relation"] == "participation":
            assert len(data["cells"]) == len(data["participations"])
            for participation, cell in zip(data["participations"], data["cells"], strict=True):
                key = participation.rpartition("/")[2].replace("~", ",")
                assert table[cell.row - 1].startswith(key)


def test_sparql_gives_the_same_evidence_for_every_tie(
    network: nx.Graph, partners: nx.Graph, saxony: tg.Release
) -> None:
    found: defaultdict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    sources: defaultdict[tuple[str, str, str, str], set[str]] = defaultdict(set)
    for row in saxony.store.select(evidence_query(partners.edges())).rows:
        a, b, undertaking, of, role, *_, source = (one.value if one else "" for one in row)
        found[a, b].add((undertaking, role))
        sources[a, b, undertaking, of].add(source)
    assert set(found) == set(partners.edges())
    for a, b in partners.edges():
        evidence = evidence_of(network, a, b, 40)
        assert found[a, b] == {
            (one.undertaking, role) for one in evidence.shared for role in (*one.a.roles, *one.b.roles)
        }
        for one in evidence.shared:
            assert sources[a, b, one.undertaking, a] == set(one.a.sources)
            assert sources[a, b, one.undertaking, b] == set(one.b.sources)


def test_sparql_gives_the_same_shortest_ways(
    network: nx.Graph, partners: nx.Graph, saxony: tg.Release
) -> None:
    tried = 0
    connected = sorted(node for node in partners if partners.degree(node))
    for a in connected[::4]:
        for b in connected[::5]:
            if a != b and nx.has_path(partners, a, b):
                connection = connect(network, partners, a, b, at_most=100)
                rows = saxony.store.select(connection.query).rows
                if len(connection.shortest[0].partners) > 2:
                    ways = {(a, *(one.value if one else "" for one in row), b) for row in rows}
                    assert ways == {way.partners for way in connection.shortest}
                assert len(connection.shortest) == connection.all_shortest
                tried += 1
    assert tried > 20


def test_ways_are_short_or_strong_and_explain_each_step(network: nx.Graph, partners: nx.Graph) -> None:
    connection = connect(network, partners, organisation("hif"), organisation("tu-chemnitz"))
    (shortest,) = connection.shortest
    assert [one.rpartition("/")[2] for one in shortest.partners] == ["hif", "wfe", "tu-chemnitz"]
    assert connection.strongest[0] == shortest
    assert [way.cost for way in connection.strongest] == sorted(way.cost for way in connection.strongest)
    assert len(connection.strongest) == 3
    assert path_sentence(network, shortest).in_language("de") == (
        "Helmholtz-Institut Freiberg für Ressourcentechnologie und Wirtschaftsförderung Erzgebirge GmbH teilen "
        "recomine; Wirtschaftsförderung Erzgebirge GmbH und Technische Universität Chemnitz teilen SmartERZ und "
        "SmartERZ-S1."
    )
    assert connection_sentence(network, connection).english.startswith(
        "1 shortest way of 2 steps between Helmholtz"
    )
    assert "hif" in shortest.query


def test_a_strong_way_may_be_longer_than_the_shortest(tmp_path: Path) -> None:
    tables = Tables()
    for key in "abcdefgh":
        tables.organisation(key, "company", key.upper())
    for key, members in (("big", "abdefgh"), ("one", "ac"), ("two", "cb")):
        tables.undertaking(key, "Project", key)
        tables.takes_part(key, *members)
    network = build_network(tables.store(tmp_path), LANGUAGES, CLASSES)
    partners = project_partners(network, 40)
    connection = connect(network, partners, organisation("a"), organisation("b"), at_most=1)
    assert [way.partners for way in connection.shortest] == [(organisation("a"), organisation("b"))]
    assert [len(way.partners) for way in connection.strongest] == [3]
    assert connection_sentence(network, connection).in_language("de") == "A und B sind direkt verbunden."


def test_no_way_no_evidence_and_nobody(network: nx.Graph, partners: nx.Graph) -> None:
    connection = connect(network, partners, organisation("hif"), organisation("komitec"))
    assert connection.shortest == connection.strongest == ()
    assert connection.query == ""
    assert connection_sentence(network, connection).english.startswith("No way leads from Helmholtz")
    nothing = evidence_of(network, organisation("hif"), organisation("komitec"), 40)
    assert nothing.shared == ()
    assert evidence_sentence(network, nothing).in_language("de").endswith("teilen kein Vorhaben.")
    for a, b in (("hif", "nobody"), ("nobody", "hif"), ("hif", "hif")):
        with pytest.raises(UsageError):
            connect(network, partners, organisation(a), organisation(b))
    with pytest.raises(UsageError, match="no organisation"):
        evidence_of(network, organisation("hif"), f"{BASE}undertaking/recomine", 40)


def test_what_is_too_large_to_tie_is_told_but_not_counted(network: nx.Graph) -> None:
    evidence = evidence_of(network, organisation("hif"), organisation("saxonia"), 4)
    assert [one.counted for one in evidence.shared] == [False, False]
    assert (
        "does not count as a tie because 7 organisations take part"
        in evidence_sentence(network, evidence).english
    )
