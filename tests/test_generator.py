"""The generator of cooperation networks: the same seed gives the same bytes, and the tables have no fault."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from tables_fixture import load

import transfergraph as tg
from benchmarks.generator import SOURCE, concept_keys, generate
from benchmarks.network import COORDINATOR, PARTNERS
from transfergraph.mapping.to_rdf import write_quads

REPOSITORY = Path(__file__).parent.parent
PROJECTS = 400


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network")
    generate(REPOSITORY, folder, PROJECTS)
    return folder


def rows(network: Path, table: str) -> list[dict[str, str]]:
    with (network / "data" / SOURCE / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_same_seed_same_bytes(network: Path, tmp_path: Path) -> None:
    counts = generate(REPOSITORY, tmp_path, PROJECTS)
    assert counts["projects"] == PROJECTS
    files = sorted(network.rglob("*.*"))
    assert len(files) > len(counts)
    for file in files:
        assert (tmp_path / file.relative_to(network)).read_bytes() == file.read_bytes()


def test_other_seed_other_network(network: Path, tmp_path: Path) -> None:
    generate(REPOSITORY, tmp_path, PROJECTS, seed=2)
    assert rows(tmp_path, "participations") != rows(network, "participations")
    assert len(rows(tmp_path, "projects")) == PROJECTS


def test_tables_have_no_fault_and_give_triples(network: Path, tmp_path: Path) -> None:
    tables, findings = load(network, tmp_path / "scratch")
    with tables.connection:
        files = write_quads(tables, tmp_path)
    assert findings == []
    assert sum(file.read_bytes().count(b"\n") for file in files) > 30 * PROJECTS
    given = [
        table.name for table in tables.group.tables if table.name not in ("claims", "lists", "terms")
    ]  # a network needs none
    assert all(rows(network, name) for name in given)


def test_the_network_can_be_published(network: Path, tmp_path: Path) -> None:
    report = tg.check(network, tmp_path)
    assert [str(finding) for finding in report.findings if finding.severity.name == "VIOLATION"] == []


def test_partners_follow_the_law(network: Path) -> None:
    participations = rows(network, "participations")
    of_projects = [row for row in participations if row["undertaking"].startswith("project")]
    sizes = Counter(row["undertaking"] for row in of_projects)
    assert len(sizes) == PROJECTS
    assert min(sizes.values()) == PARTNERS.start
    assert max(sizes.values()) < PARTNERS.stop
    assert 3.5 < len(of_projects) / PROJECTS < 4.6
    coordinators = Counter(row["undertaking"] for row in of_projects if row["role"] == COORDINATOR)
    assert set(coordinators.values()) == {1}
    assert len(coordinators) == PROJECTS


def test_every_organisation_takes_part_and_few_do_often(network: Path) -> None:
    activity = Counter(row["organisation"] for row in rows(network, "participations"))
    assert set(activity) == {row["id"] for row in rows(network, "organisations")}
    busiest = sum(count for _, count in activity.most_common(len(activity) // 10))
    assert busiest > 0.25 * activity.total()


def test_concepts_are_those_of_the_schemes() -> None:
    keys = concept_keys(REPOSITORY / "ontology" / "schemes")
    assert COORDINATOR in keys["role"]
    assert set(keys["qualifier"]) == {"exactly", "at-least", "at-most", "about"}
    assert all(found == sorted(found) for found in keys.values())
