"""No person is named in the curated data; companies named after one stand in a reviewed list."""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from workspaces import REPOSITORY

import transfergraph as tg

ENDINGS = frozenset({"nt", "nq", "ttl", "trig", "rdf", "jsonld", "json", "csv", "tsv", "js", "xml", "md"})
FOLDER = REPOSITORY / "data" / "saxony"
TABLES = sorted(FOLDER.glob("*.csv"))
REVIEWED = (
    (Path(__file__).parent / "facts" / "names-of-persons-in-companies.txt")
    .read_text(encoding="utf-8")
    .splitlines()
)
GIVEN_NAMES = frozenset(
    (Path(__file__).parent / "facts" / "given-names.txt").read_text(encoding="utf-8").casefold().split()
)
OFFICES = re.compile(
    r"\b(herrn?|frau|mr|mrs|ms|prof|professorin|dr|dipl|mdb|mdl|geschäftsführer(in)?|rektor(in)?|"
    r"minister(in)?|managing director|rector)\b",
    re.IGNORECASE,
)


def names_in(text: str) -> list[str]:
    """Given names and words that go before a name, outside the reviewed names of companies."""
    for company in REVIEWED:
        text = text.replace(company, "")
        # A key holds the name of the company in small letters.
        text = text.replace(re.sub(r"[^a-zäöüß]+", "-", company.casefold()).strip("-"), "")
    words = re.findall(r"[^\W\d_]+", text)
    return [word for word in words if word.casefold() in GIVEN_NAMES] + [m[0] for m in OFFICES.finditer(text)]


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_no_cell_names_a_person(table: Path) -> None:
    with table.open(encoding="utf-8", newline="") as file:
        for number, cells in enumerate(csv.DictReader(file), start=2):
            for column, value in cells.items():
                if column not in ("id", "organisation"):
                    assert names_in(value) == [], f"{table.name}, row {number}, {column}: {value}"


def test_the_description_of_the_source_names_no_person() -> None:
    assert names_in((FOLDER / "source.toml").read_text(encoding="utf-8")) == []


def texts_of(release: Path) -> Iterator[tuple[str, str]]:
    """The texts of a release that are made from its tables, and not of scripts: each with the name of its file."""
    for file in sorted(release.rglob("*")):
        name = file.relative_to(release).as_posix()
        packed, ending = file.suffix == ".gz", name.removesuffix(".gz").rpartition(".")[2]
        if file.is_file() and ending in ENDINGS and not name.startswith(("store/", "ontology/")):
            yield name, (gzip.decompress(file.read_bytes()) if packed else file.read_bytes()).decode()


def test_no_file_of_a_release_names_a_person(saxony: tg.Release) -> None:
    with (FOLDER / "organisations.csv").open(encoding="utf-8", newline="") as file:
        keys = [cells["id"] for cells in csv.DictReader(file) if cells["name_de"] in REVIEWED]
    read = dict(texts_of(saxony.path))
    assert (
        len(read) > 30 and {"data/graph.nt.gz", "catalog.ttl", "network.json", "report.json"} <= read.keys()
    )
    for name, text in read.items():
        for known in (*keys, "MAX("):  # the function of SPARQL
            text = text.replace(known, "")
        assert names_in(text) == [], name


def test_each_reviewed_company_is_in_the_data() -> None:
    with (FOLDER / "organisations.csv").open(encoding="utf-8", newline="") as file:
        names = {cells["name_de"] for cells in csv.DictReader(file)}
    assert sorted(REVIEWED) == REVIEWED
    assert set(REVIEWED) <= names


@pytest.mark.parametrize(
    "text",
    [
        "Gespräch mit Hans Beispiel",
        "https://example.org/interviews/hans-georg-beispiel-saxony5",
        "http://www.thomas-beispiel.de/glueckwunsch/",
        "led by Dr. Beispiel",
        "Ansprechpartner: Frau Beispiel",
        "Hugo Beispiel von der Hugo Stiehl Kunststoffverarbeitung GmbH",
    ],
)
def test_persons_are_found(text: str) -> None:
    assert names_in(text)
