"""CKAN takes the catalogue: read by ckanext-dcat and judged by CKAN's schemas, without a database.

The versions are the newest three of ckanext-dcat and the one of GovData; ``make peers`` installs them.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from catalogue_fixture import PUBLIC_URL, make_release, small_workspace
from workspaces import REPOSITORY

from transfergraph.common.namespaces import DCAT, DCATAP, DCATDE, DCT, FOAF, RDFS, TYPE, VCARD
from transfergraph.dcat.catalogue_index import CatalogueIndex

PEERS = REPOSITORY / ".tools" / "ckan"
PYTHON = PEERS / "venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
VERSIONS = ("2.4.4", "2.4.3", "2.4.2", "2.3.0")
PROFILES = ("euro_dcat_ap", "euro_dcat_ap_2", "euro_dcat_ap_3", "euro_health_dcat_ap", "dcat_us_3")
OLDER = ("euro_dcat_ap", "euro_dcat_ap_2")
"""The profiles that need one more beside them where CKAN has a schema of ckanext-scheming."""
SCHEMAS = ("plain", "dcat_ap_recommended", "dcat_ap_full")
DATASETS = {"graph", "tables", "ontology"}
FILLED = {
    "euro_dcat_ap": ((28, 28, 28, 27), (21, 21, 20, 19)),
    "euro_dcat_ap_2": ((33, 33, 33, 32), (22, 22, 22, 21)),
    "euro_dcat_ap_3": ((34, 34, 33, 32), (23, 23, 22, 21)),
    "euro_health_dcat_ap": ((34, 34, 33, 32), (23, 23, 22, 21)),
    "dcat_us_3": ((33, 33, 33, 32), (22, 22, 22, 21)),
}
"""How many fields of a dataset get a value in each version, plain and with a schema: the table of docs/portals.md."""
BASE = "https://w3id.org/transfergraph/saxony/"
FORMATS = {
    ("CSV", "text/csv"),
    ("JSON-LD", "application/ld+json"),
    ("N-Quads", "application/n-quads"),
    ("N-Triples", "application/n-triples"),
    ("RDF", "application/rdf+xml"),
    ("Turtle", "text/turtle"),
}

Imported = dict[str, Any]


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("harvested")
    make_release(folder / "out", small_workspace(folder / "workspace"))
    return folder / "out" / "catalog.rdf"


@cache
def imported(file: Path, schema: str, *packages: str, chains: tuple[str, ...]) -> dict[str, list[Imported]]:
    """What each chain of profiles makes of the catalogue, and what the schema says to it."""
    absent = [package for package in packages if not (PEERS / package / "ckanext").is_dir()]
    if not PYTHON.exists() or absent:
        pytest.skip(f"CKAN is not installed ({', '.join(absent) or PYTHON}): run `make peers`")
    folders = ":".join(str(PEERS / package) for package in packages)
    script = Path(__file__).parent / "peers" / "ckan" / "accept_catalogue.py"
    done = subprocess.run(
        [str(PYTHON), str(script), folders, schema, str(file), *chains],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=file.parent,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, list[Imported]] = json.loads(done.stdout)
    return answer


def chains_of(schema: str) -> tuple[str, ...]:
    """The profiles as a portal sets them: with a schema, the older ones with the profile for schemas."""
    if schema == "plain":
        return PROFILES
    return tuple(f"{name}+euro_dcat_ap_scheming" if name in OLDER else name for name in PROFILES)


def said(dataset: Imported, key: str) -> Any:
    """The value of a field, wherever CKAN has it: a field, an extra, or the first of a group of fields."""
    if key in dataset:
        return dataset[key]
    for extra in dataset["extras"]:
        if extra["key"] == key:
            return extra["value"]
    group, _, name = key.partition("_")
    for field in (group, f"{group}_coverage"):
        if field in dataset and isinstance(dataset[field], list):
            return dataset[field][0].get(name)
    return None


def filled(dataset: Imported) -> int:
    """How many fields have a value, beside those that every dataset of CKAN has."""
    fields = {one["key"]: one["value"] for one in dataset["extras"]} | dataset
    beside = ("extras", "resources", "tags", "groups", "type", "name")
    return sum(key not in beside and value not in (None, "", [], "[]") for key, value in fields.items())


def listed(value: Any) -> set[str]:
    """A list, as CKAN has it: as one, or as its JSON."""
    return set(json.loads(value) if isinstance(value, str) else value or ())


def keeps_the_box_alone(version: str, schema: str, chain: str) -> bool:
    """Up to 2.4.2 the profiles from DCAT-AP 3 on drop address and name of an area that also has a box."""
    return version in ("2.4.2", "2.3.0") and schema != "plain" and chain.partition("+")[0] not in OLDER


@pytest.mark.share
@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("version", VERSIONS)
def test_ckan_takes_every_dataset_under_every_profile(version: str, schema: str, catalogue: Path) -> None:
    chains = chains_of(schema)
    found = imported(catalogue, schema, f"dcat-{version}", chains=chains)
    assert set(found) == set(chains)
    for chain, datasets in found.items():
        assert {one["dataset"]["title"] for one in datasets} == {
            "Innovationslandschaft Sachsen: Wissensgraph",
            "Innovationslandschaft Sachsen: Tabellen",
            "transfergraph: Ontologie",
        }
        assert [(chain, one["errors"]) for one in datasets] == [(chain, {})] * 3


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("version", VERSIONS)
def test_fields_read_as_they_should(version: str, schema: str, catalogue: Path) -> None:
    chains = chains_of(schema)
    found = imported(catalogue, schema, f"dcat-{version}", chains=chains)
    for chain in chains:
        for dataset in (one["dataset"] for one in found[chain]):
            key = said(dataset, "uri").removeprefix(f"{BASE}dataset/")
            assert key in DATASETS
            if key == "graph":
                counts = FILLED[chain.partition("+")[0]][schema != "plain"]
                assert filled(dataset) == counts[VERSIONS.index(version)], chain
            assert dataset["url"] == f"{PUBLIC_URL}dataset/{key}.html"
            assert dataset["license_id"] == "cc-by"
            assert said(dataset, "identifier") == f"{BASE}dataset/{key}"
            assert said(dataset, "issued") == said(dataset, "modified") == "2026-11-24"
            assert said(dataset, "publisher_name") == "transfergraph"
            assert said(dataset, "publisher_url") == "https://w3id.org/transfergraph"
            assert said(dataset, "contact_email") == "open-data@transfergraph.example"
            if chain.partition("+")[0] != "euro_dcat_ap":  # which reads the dates of schema.org alone
                assert said(dataset, "temporal_start") == "2018-01-01"
                assert said(dataset, "temporal_end") == "2025-12-31"
            if keeps_the_box_alone(version, schema, chain):
                assert json.loads(said(dataset, "spatial_bbox"))["type"] == "Polygon"
            else:
                assert said(dataset, "spatial_uri") == "https://sws.geonames.org/2842566/"
                assert said(dataset, "spatial_text") in ("Freistaat Sachsen", "Free State of Saxony")
            languages = "http://publications.europa.eu/resource/authority/language/"
            assert listed(said(dataset, "language")) == {f"{languages}DEU", f"{languages}ENG"}
            themes = listed(said(dataset, "theme"))
            assert "http://publications.europa.eu/resource/authority/data-theme/ECON" in themes
            assert {"Sachsen", "Saxony"} <= {tag["name"] for tag in dataset["tags"]}


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_file_is_a_resource_with_its_format(version: str, schema: str, catalogue: Path) -> None:
    index = CatalogueIndex(quad.triple for quad in ox.parse(path=str(catalogue), format=ox.RdfFormat.RDF_XML))
    stated = {
        node.value: str(value.value)
        for node in index.instances(DCAT + "Distribution")
        for value in index.values(node, DCAT + "byteSize")
    }
    chains = chains_of(schema)
    for datasets in imported(catalogue, schema, f"dcat-{version}", chains=chains).values():
        resources = [resource for one in datasets for resource in one["dataset"]["resources"]]
        assert {one["uri"]: str(one["size"]) for one in resources} == stated
        assert {(one["format"], one["mimetype"]) for one in resources} == FORMATS
        for one in resources:
            assert one["url"].startswith(f"{PUBLIC_URL}") and one["url"].endswith(
                one["uri"].removeprefix(f"{BASE}distribution/")
            )
            assert one["license"] == "http://dcat-ap.de/def/licenses/cc-by/4.0"
            assert one["status"] == "http://purl.org/adms/status/Completed"
            assert (one["hash_algorithm"], len(one["hash"])) == ("SHA-256", 64)
            assert one["name"] and "://" not in one["name"]
            assert all("://" in page for page in listed(one["documentation"]))


def test_govdata_takes_every_dataset(catalogue: Path) -> None:
    """The profile ``dcatap_de`` of ckanext-dcatde, as GovData runs it: on DCAT-AP 2 of ckanext-dcat 2.3.0."""
    chain = "euro_dcat_ap_2+dcatap_de"
    found = imported(catalogue, "plain", "dcat-2.3.0", "dcatde-6.10.0", chains=(chain,))[chain]
    assert [one["errors"] for one in found] == [{}] * 3
    for dataset in (one["dataset"] for one in found):
        contributors = listed(said(dataset, "contributorID"))
        assert contributors == {"http://dcat-ap.de/def/contributors/freistaatSachsen"}
        assert {"econ", "educ"} <= {group["name"] for group in dataset["groups"]}
        assert said(dataset, "metadata_original_html") == dataset["url"]
        assert all(resource["licenseAttributionByText"] for resource in dataset["resources"])


def test_what_the_profile_of_govdata_reads_is_stated_as_it_reads_it(catalogue: Path) -> None:
    """What ``dcatap_de`` makes fields of, by its public source, asked without the package, which no index has.

    It takes one value of a dataset for level, landing page and availability, a list for the deliverer, the address
    of the web form from the vCard, a group for each theme of the EU, and of each file that has an IRI its
    text of attribution.
    """
    index = CatalogueIndex(quad.triple for quad in ox.parse(path=str(catalogue), format=ox.RdfFormat.RDF_XML))
    themes = "http://publications.europa.eu/resource/authority/data-theme/"
    for dataset in index.datasets():
        level, page, available, contact = (
            index.nodes(dataset, one)
            for one in (
                f"{DCATDE}politicalGeocodingLevelURI",
                f"{DCAT}landingPage",
                f"{DCATAP}availability",
                f"{DCAT}contactPoint",
            )
        )
        assert [one.value for one in level] == ["http://dcat-ap.de/def/politicalGeocoding/Level/state"]
        assert [one.value for one in page] == [f"{PUBLIC_URL}{dataset.value.removeprefix(BASE)}.html"]
        assert len(available) == len(contact) == 1
        assert [one.value for one in index.nodes(contact[0], f"{VCARD}hasURL")] == [
            "https://agency.de/kontakt"
        ]
        assert [one.value for one in index.nodes(dataset, f"{DCATDE}contributorID")] == [
            "http://dcat-ap.de/def/contributors/freistaatSachsen"
        ]
        groups = {one.value.removeprefix(themes).lower() for one in index.nodes(dataset, f"{DCAT}theme")}
        assert {"econ", "educ"} <= groups and all(map(str.isalpha, groups))
        for file in index.values(dataset, f"{DCAT}distribution"):
            assert isinstance(file, ox.NamedNode)
            texts = index.values(file, f"{DCATDE}licenseAttributionByText")
            assert {one.language for one in texts if isinstance(one, ox.Literal)} == {"de", "en"}


def test_a_label_is_only_where_ckan_shall_read_it(catalogue: Path) -> None:
    """ckanext-dcat takes the ``rdfs:label`` of a node for its address; this holds without CKAN, too."""
    index = CatalogueIndex(quad.triple for quad in ox.parse(path=str(catalogue), format=ox.RdfFormat.RDF_XML))
    for page in index.instances(FOAF + "Document"):
        assert not index.values(page, RDFS + "label") and index.values(page, DCT + "title")
    for media_type in index.instances(DCT + "MediaType"):
        label = index.first(media_type, RDFS + "label")
        assert label is not None and media_type.value.endswith(f"/{label.value}")
    formats = {
        node for d in index.instances(DCAT + "Distribution") for node in index.nodes(d, DCT + "format")
    }
    assert formats and all(index.first(node, TYPE) == ox.NamedNode(DCT + "IMT") for node in formats)
