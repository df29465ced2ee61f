"""No person is named in the curated data; companies named after one stand in a reviewed list."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from workspaces import REPOSITORY

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
