"""Real cooperation over some years: Horizon Europe projects with a partner in Saxony, from CORDIS.

Read from a folder beside the repository where it is there: the CSV files as CORDIS publishes them
(``project.csv``, ``organization.csv``, ``euroSciVoc.csv``; semicolons, decimal commas).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

from transfergraph.config.declarations import CORE, declarations_in
from transfergraph.network.model.node_classes import node_classes
from transfergraph.network.model.stated_amounts import STATED
from transfergraph.vocabulary.presentation_reader import read_presentation

FOLDER = Path(__file__).parent.parent.parent / "shared/data/cordis-horizon/csv-derived-saxony"

LANGUAGES = ("de", "en")

_KINDS = {"HES": "university", "REC": "research-institute", "PRC": "company", "PUB": "government"}


def read_cordis(folder: Path = FOLDER) -> nx.Graph | None:
    """The network as the package reads it from a store; None where the files are not there."""
    if not folder.is_dir():
        return None
    network = nx.Graph(languages=LANGUAGES, classes=core_classes(), sources={}, names={}, wholes={}, nuts={})
    fields: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows(folder / "euroSciVoc.csv"):
        fields[row["projectID"]].add("/".join(row["euroSciVocCode"].split("/")[:4]))
    for row in _rows(folder / "project.csv"):
        network.add_node(f"u{row['id']}", **_project(row, sorted(fields[row["id"]])))
    for row in _rows(folder / "organization.csv"):
        organisation, project = f"o{row['organisationID']}", f"u{row['projectID']}"
        if project in network:
            network.add_node(organisation, **_organisation(row))
            start, end = network.nodes[project]["start"], network.nodes[project]["end"]
            edge = {"relation": "participation", "roles": [row["role"]], "participations": [], "sources": []}
            years = {"first_year": int(start[:4]), "last_year": int(end[:4])} if start and end else {}
            unknown = {"first_year": None, "last_year": None, **_euro(row["netEcContribution"])}
            network.add_edge(organisation, project, **edge, **{**unknown, **years}, start="", end="")
    ordered = nx.Graph(**network.graph)
    ordered.add_nodes_from(sorted(network.nodes(data=True)))
    ordered.add_edges_from(network.edges(data=True))
    sizes = {"organisations": 0, "undertakings": 1}
    for name, side in sizes.items():
        ordered.graph[name] = sum(kind == side for _, kind in ordered.nodes(data="bipartite"))
    ordered.graph["participations"] = ordered.number_of_edges()
    names = {
        one for _, d in ordered.nodes(data=True) for c in ("topics", "regions", "programmes") for one in d[c]
    }
    names |= {data["kind"] for _, data in ordered.nodes(data=True)} - {""}
    names |= {role for _, _, data in ordered.edges(data=True) for role in data["roles"]}
    ordered.graph["names"] = {name: (name, name) for name in sorted(names)}
    return ordered


def core_classes() -> dict[str, dict[str, str | int]]:
    """What a network tells of the classes of its nodes, by the core ontology."""
    return node_classes(read_presentation(declarations_in(CORE))).described(LANGUAGES)


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter=";")


def _project(row: dict[str, str], topics: list[str]) -> dict[str, object]:
    return {
        **_node(row["acronym"] or row["id"], "Project", 1),
        "start": row["startDate"],
        "end": row["endDate"],
        "topics": topics,
        "programmes": [row["legalBasis"]] if row["legalBasis"] else [],
        **_euro(row["ecMaxContribution"]),
    }


def _organisation(row: dict[str, str]) -> dict[str, object]:
    return {
        **_node(row["name"], "Organisation", 0),
        "kind": _KINDS.get(row["activityType"], ""),
        "regions": [row["nutsCode"]] if row["nutsCode"] else [],
    }


def _node(label: str, name: str, side: int) -> dict[str, object]:
    texts = dict.fromkeys(("kind", "kind_de", "kind_en", "place", "place_de", "place_en", "url"), "")
    lists: dict[str, list[str]] = {
        key: [] for key in ("alternative_labels", "regions", "topics", "programmes", "unit_of", "sources")
    }
    unknown = {**dict.fromkeys(("latitude", "longitude")), **_euro("")}
    dates = {"start": "", "end": ""}
    own = {"label_de": label, "label_en": label, "class": name, "bipartite": side}
    return {**texts, **lists, **unknown, **dates, **own}


def _euro(text: str) -> dict[str, object]:
    """The attributes of what is stated, or that nothing is."""
    try:
        amounts = [float(text.replace(",", "."))]
    except ValueError:
        amounts = []
    basis = STATED if amounts else ""
    return {"amounts": amounts, "amount_qualifiers": ["exactly" for _ in amounts], "amount_basis": basis}
