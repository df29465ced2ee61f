"""A whole CKAN harvests the catalogue again and again: nothing is doubled, nothing is lost.

PostgreSQL, Redis and Solr are real (``ckan_portal``), so is CKAN with ckanext-harvest and ckanext-dcat. It takes minutes,
so it runs only where PORTALS is set, as ``make nightly`` does.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from catalogue_fixture import make_release, small_workspace
from ckan_portal import Portal, Services, portal, services
from plain_server import QuietHandler, serving
from real_servers import NotAtHand
from workspaces import TABLES

from transfergraph.common.namespaces import DCAT, SPDX
from transfergraph.dcat.catalogue_index import CatalogueIndex

PORTALS = {
    "newest": ("plain", ("dcat-2.4.4",)),
    "schema": ("dcat_ap_recommended", ("dcat-2.4.4",)),
    "govdata": ("plain", ("dcat-2.3.0",)),
}
"""A portal of the newest ckanext-dcat, one with a schema, and one with the version that GovData pins."""
FORMER = "id,replaced_by,source\n"


class AsRdf(QuietHandler):
    """A server that names the media type of RDF/XML, as ours does."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        """As the base does, where it does not end as RDF/XML does."""
        return "application/rdf+xml" if str(path).endswith(".rdf") else super().guess_type(path)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a catalogue says: address, size and checksum of each file, by its dataset and its own IRI."""

    datasets: dict[str, dict[str, tuple[str, str, str]]]

    @classmethod
    def of(cls, file: Path) -> Stated:
        """What is said in a file of RDF/XML."""
        triples = (quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.RDF_XML))
        index = CatalogueIndex(triples)

        def said(node: Any, name: str) -> str:
            value = index.first(node, name)
            return "" if value is None else value.value

        def checksum(node: Any) -> str:
            (found,) = index.nodes(node, SPDX + "checksum")
            return said(found, SPDX + "checksumValue")

        return cls(
            {
                dataset.value: {
                    one.value: (said(one, DCAT + "downloadURL"), said(one, DCAT + "byteSize"), checksum(one))
                    for one in index.nodes(dataset, DCAT + "distribution")
                }
                for dataset in index.datasets()
            }
        )


def taken(answer: dict[str, Any]) -> dict[str, dict[str, tuple[str, str, str]]]:
    """The same of what the portal has; each dataset and each file must be there once."""
    found: dict[str, dict[str, tuple[str, str, str]]] = {}
    for dataset in answer["database"]:
        resources = dataset["resources"]
        by_uri = {one["uri"]: (one["url"], str(one["size"]), one["hash"]) for one in resources}
        assert len(by_uri) == len(resources), "a file is there twice"
        uri = uri_of(dataset)
        assert uri not in found, "a dataset is there twice"
        found[uri] = by_uri
    assert answer["index"] == sorted(one["name"] for one in answer["database"]), "the index differs"
    return found


def uri_of(dataset: dict[str, Any]) -> str:
    """The IRI of a dataset, where plain CKAN and where a schema has it."""
    extras = {one["key"]: one["value"] for one in dataset.get("extras", ())}
    return str(dataset.get("uri") or extras["uri"])


def identities(answer: dict[str, Any]) -> dict[str, str]:
    """What the portal calls each dataset and each file for itself, by their IRIs."""
    datasets = {uri_of(one): one["id"] for one in answer["database"]}
    files = {file["uri"]: file["id"] for one in answer["database"] for file in one["resources"]}
    return datasets | files


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Services]]:
    if "PORTALS" not in os.environ:
        pytest.skip("only where PORTALS is set, as make nightly does: it takes minutes")
    folder = tmp_path_factory.mktemp("portals")
    try:
        with services(folder) as served:
            yield folder, served
    except NotAtHand as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The catalogue of a first release, after an edit, after a merge, and without one of its datasets."""
    folder = tmp_path_factory.mktemp("states")
    root = small_workspace(folder / "workspace")
    tables = root / "data" / "source"
    second = TABLES["organisations"] + "meier-ag,company,Meier AG,Meier AG,,dresden,,,page\n"
    (tables / "organisations.csv").write_text(second, "utf-8")
    releases = {"first": folder / "2026.11-aaaaaaaaaaaa"}
    make_release(releases["first"], root, releases["first"].name)
    (tables / "places.csv").write_text(TABLES["places"].replace("51.05", "51.06"), "utf-8")
    releases["edit"] = folder / "2026.11-bbbbbbbbbbbb"
    make_release(releases["edit"], root, releases["edit"].name, releases["first"])
    (tables / "organisations.csv").write_text(
        "".join(line for line in second.splitlines(keepends=True) if not line.startswith("müller-ag")),
        "utf-8",
    )
    parts = TABLES["participations"].replace("müller-ag", "meier-ag")
    (tables / "participations.csv").write_text(parts, "utf-8")
    (tables / "former_organisations.csv").write_text(f"{FORMER}müller-ag,meier-ag,page\n", "utf-8")
    releases["merge"] = folder / "2026.11-cccccccccccc"
    make_release(releases["merge"], root, releases["merge"].name, releases["edit"])
    catalogues = {name: release / "catalog.rdf" for name, release in releases.items()}
    catalogues["deletion"] = without_the_ontology(catalogues["merge"], folder / "fewer.rdf")
    return catalogues


def without_the_ontology(file: Path, target: Path) -> Path:
    """The catalogue that lists one dataset less, and says nothing of it."""
    triples = [quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.RDF_XML)]
    gone = {
        one
        for triple in triples
        for one in (triple.subject, triple.object)
        if isinstance(one, ox.NamedNode) and one.value.endswith("dataset/ontology")
    }
    kept = [one for one in triples if one.subject not in gone and one.object not in gone]
    assert gone and len(kept) < len(triples)
    ox.serialize(kept, str(target), format=ox.RdfFormat.RDF_XML)
    return target


@pytest.mark.parametrize("name", PORTALS)
def test_nothing_is_doubled_and_nothing_lost(
    name: str, running: tuple[Path, Services], states: dict[str, Path], tmp_path: Path
) -> None:
    folder, served = running
    schema, extensions = PORTALS[name]
    try:
        with (
            serving(tmp_path, AsRdf) as address,
            portal(folder, served, name, schema, extensions) as harvesting,
        ):
            follow(harvesting, f"{address}catalog.rdf", states, tmp_path / "catalog.rdf")
    except NotAtHand as error:
        pytest.skip(str(error))


def follow(harvesting: Portal, address: str, states: dict[str, Path], served: Path) -> None:
    """Harvest state after state, and compare what the portal has with what the catalogue says."""

    def harvested(state: str, **expected: int) -> dict[str, Any]:
        shutil.copy(states[state], served)
        answer = harvesting.harvest(address)
        job = answer["job"]
        assert not job["gather_errors"] and not job["object_errors"], job
        known = {key: job["stats"].get(key, 0) for key in ("added", "updated", "deleted", "errored")}
        assert known == {"added": 0, "updated": 0, "deleted": 0, "errored": 0} | expected
        assert taken(answer) == Stated.of(states[state]).datasets
        return answer

    first = harvested("first", added=3)
    assert len(first["database"]) == 3
    again = harvested("first", updated=3)
    assert again["database"] != [] and identities(again) == identities(first)
    edit = harvested("edit", updated=3)
    assert identities(edit) == identities(first)
    assert taken(edit) != taken(first), "the checksums of what was edited are others"
    merge = harvested("merge", updated=3)
    assert identities(merge).items() > identities(first).items()
    assert any("former_organisations" in uri for uri in identities(merge).keys() - identities(first))
    deletion = harvested("deletion", updated=2, deleted=1)
    assert identities(deletion).items() < identities(merge).items()
