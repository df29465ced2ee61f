"""Findings for the tests of the outputs: a thousand with three causes, and hostile ones."""

from __future__ import annotations

from transfergraph import Finding, Report, Severity, Text
from transfergraph.common.property_paths import parse_path
from transfergraph.findings import Place
from transfergraph.messages import advice

BASE = "https://w3id.org/transfergraph/saxony/"
SHACL = "http://www.w3.org/ns/shacl#"
HOSTILE = (
    "\x1b[31m[bold]=cmd|' /C calc'!A0\u202e\u200b\x00\x9b<script>{0}[x](http://evil.example)\ud800\n\"\\"
)


def place(row: int | None, column: str | None, letter: str | None, table: str = "projects") -> Place:
    return Place("saxony", f"data/saxony/{table}.csv", None, row, column, letter)


def german_date(row: int, value: str = "31.12.2019") -> Finding:
    day, month, year = value.split(".")
    return Finding(
        Severity.VIOLATION,
        "table.german-date",
        *advice("table.german-date", value=value, suggestion=f"{year}-{month}-{day}"),
        place=place(row, "end", "M"),
        value=value,
    )


def missing_reference(row: int, value: str) -> Finding:
    return Finding(
        Severity.VIOLATION,
        "table.missing-reference",
        *advice("table.missing-reference", value=value, tables=["organisations"], blank="yes"),
        place=place(row, "organisation", "B", "participations"),
        value=value,
    )


def row_count() -> Finding:
    return Finding(
        Severity.WARNING,
        "table.row-count-unexpected",
        *advice("table.row-count-unexpected", table="labs", rows=1, least=5, greatest=9),
        place=Place("saxony", "data/saxony/tables.xlsx", "labs"),
    )


def from_shape() -> Finding:
    return Finding(
        Severity.INFO,
        "project-website",
        Text(de="Das Vorhaben hat keine Webseite.", en="The project has no web page."),
        Text(de="Eine Adresse eintragen.", en="Enter an address."),
        place=Place("saxony", "data/saxony/tables.xlsx", "projects", 3, "website", "C"),
        value="https://example.org/page",
        focus=f"{BASE}undertaking/pilot",
        path=parse_path("<http://xmlns.com/foaf/0.1/page>"),
        shape="https://w3id.org/transfergraph/shapes#project-website",
        component=f"{SHACL}MinCountConstraintComponent",
    )


def hostile() -> Finding:
    return Finding(
        Severity.WARNING,
        "table.markup",
        *advice("table.markup", markup=HOSTILE),
        place=Place("saxony", "data/saxony/ümlaut \x1b[2J[b].csv", None, 2, "name_de\u200b", "B"),
        value=HOSTILE,
        focus="not an iri <>",
    )


def few() -> Report:
    """One finding of each kind."""
    return Report.of(
        [german_date(17), missing_reference(3, "htw-dresdn"), row_count(), from_shape(), hostile()]
    )


def thousand() -> Report:
    """A thousand findings with three causes."""
    references = [
        missing_reference(row, f"ihk-{row % 7}" if row % 2 else "htw-dresdn") for row in range(2, 902)
    ]
    dates = [german_date(row, f"{row % 28 + 1:02}.12.2019") for row in range(2, 101)]
    return Report.of([*references, *dates, row_count()])
