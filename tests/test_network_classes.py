"""The classes of nodes: by role and table, with labels and symbols, and what gathers others by declaration."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, TG, five_alliances
from workspaces import LANGUAGES, declare

from transfergraph import UsageError
from transfergraph.config.declarations import declarations_of
from transfergraph.network.layout.communities import find_communities
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.node_classes import NodeClasses, node_classes
from transfergraph.network.model.partner_completeness import read_coverage
from transfergraph.network.model.projection import alliances_of
from transfergraph.network.model.subnetworks import find_alliance
from transfergraph.network.output.network_lists import undertaking_rows
from transfergraph.network.output.picture import undertaking_symbols
from transfergraph.network.output.shapes import PALETTE, SHAPES
from transfergraph.vocabulary.presentation_reader import read_presentation

MY = "https://example.org/my#"
PREFIXES = f"""@prefix my: <{MY}> . @prefix tg: <{TG}> . @prefix tgsh: <https://w3id.org/transfergraph/shapes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
TABLE = """{"url": "%s.csv", "tableSchema": {"aboutUrl": "undertaking/{id}", "primaryKey": "id", "columns": [
  {"name": "id", "suppressOutput": true, "required": true},
  {"name": "type", "virtual": true, "propertyUrl": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
   "valueUrl": "https://example.org/my#%s"}]}}
"""


def classes_with(folder: Path, statements: str, *names: str) -> NodeClasses:
    """Those of a workspace that states this of classes of its own; the named ones have a table each."""
    declare(folder, "ontology/my.ttl", PREFIXES + statements)
    tables = ",".join(TABLE % (name.lower(), name) for name in names)
    if names:
        declare(folder, "ontology/tables.json", f'{{"tables": [{tables}]}}')
    return node_classes(read_presentation(declarations_of(folder)))


def test_the_classes_of_the_core_come_in_the_order_of_their_tables() -> None:
    assert [(one.name, one.is_organisation, one.gathers) for one in CLASSES.every] == [
        ("Organisation", True, False),
        ("Alliance", False, True),
        ("Project", False, False),
        ("Lab", False, False),
    ]
    assert CLASSES.described(LANGUAGES)["Alliance"] == {
        "label_de": "Bündnis",
        "label_en": "Alliance",
        "bipartite": 1,
        "gathers": 1,
    }


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ((TG + "UniversityOfAppliedSciences", TG + "Organisation"), "Organisation"),
        ((TG + "Organisation", TG + "Alliance"), "Alliance"),
        ((TG + "Lab", TG + "Project"), "Project"),
        ((MY + "Cluster", TG + "Alliance"), "Cluster"),
        ((MY + "Club", TG + "Alliance"), "Alliance"),
        ((MY + "Project", TG + "Project"), MY + "Project"),
    ],
)
def test_what_has_several_classes_is_of_the_most_special_with_a_table(
    tmp_path: Path, stated: tuple[str, ...], expected: str
) -> None:
    classes = classes_with(
        tmp_path,
        """my:Cluster a owl:Class ; rdfs:subClassOf tg:Alliance ; rdfs:label "Cluster"@en .
        my:Club a owl:Class ; rdfs:subClassOf tg:Alliance ; rdfs:label "Club"@en .
        my:Project a owl:Class ; rdfs:subClassOf tg:Project ; rdfs:label "my project"@en .""",
        "Cluster",
        "Project",
    )
    assert classes.of(stated).name == expected
    assert classes.of(reversed(stated)).name == expected


@pytest.mark.parametrize(
    ("statements", "centres"),
    [
        ("", {"Alliance"}),
        ("my:Hub tgsh:gathers true .", {"Alliance", "Hub"}),
        ("my:Hub tgsh:gathers false .", {"Alliance"}),
        ("my:Hub rdfs:subClassOf tg:Alliance .", {"Alliance", "Hub"}),
        ("my:Hub rdfs:subClassOf tg:Alliance ; tgsh:gathers false .", {"Alliance"}),
    ],
)
def test_what_gathers_is_declared_and_inherited(tmp_path: Path, statements: str, centres: set[str]) -> None:
    own = 'my:Hub a owl:Class ; rdfs:subClassOf tg:Undertaking ; rdfs:label "Hub"@en .\n'
    classes = classes_with(tmp_path, own + statements, "Hub")
    assert {one.name for one in classes.centres} == centres


def test_a_class_that_gathers_has_communities_lists_parts_and_coverage(tmp_path: Path) -> None:
    classes = classes_with(
        tmp_path / "workspace",
        'my:Hub a owl:Class ; rdfs:subClassOf tg:Undertaking ; rdfs:label "Drehkreuz"@de , "Hub"@en ;'
        " tgsh:gathers true .",
        "Hub",
    )
    tables = five_alliances()
    tables.undertaking("zz", MY + "Hub", "Zz Hub")
    tables.undertaking("zz-1", "Project", "A part", part_of="zz")
    tables.takes_part("zz-1", "hif", "tubaf")
    store = tables.store(tmp_path)
    network = build_network(store, LANGUAGES, classes)
    hub, part = BASE + "undertaking/zz", BASE + "undertaking/zz-1"
    assert network.nodes[hub]["class"] == "Hub"
    assert find_communities(network)[part] == hub == alliances_of(network)[part]
    assert find_alliance(network, "zz hub", BASE) == hub
    tops = [row.label.english for row in undertaking_rows(network, BASE) if row.depth == 0]
    assert tops[-1] == "Zz Hub" and len(tops) == 6
    named = {one.undertaking: len(one.named.with_parts) for one in read_coverage(store, LANGUAGES, classes)}
    assert named[hub] == 2
    with pytest.raises(UsageError, match="no alliance"):
        find_alliance(build_network(store, LANGUAGES, CLASSES), "zz hub", BASE)


def test_the_first_twenty_classes_of_undertakings_have_symbols_of_their_own() -> None:
    described = {str(number): {"bipartite": 1} for number in range(20)}
    symbols = undertaking_symbols(nx.Graph(classes={"o": {"bipartite": 0}, **described}))
    assert len(set(symbols.values())) == len(symbols) == 20
    assert {shape for shape, _ in symbols.values()} < SHAPES.keys()
    assert {colour for _, colour in symbols.values()} < PALETTE.keys()
    assert list(symbols.values())[:3] == [("hexagon", "u0"), ("square", "u1"), ("pentagon", "u2")]
