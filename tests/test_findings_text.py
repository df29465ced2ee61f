"""The report in the terminal."""

from __future__ import annotations

import io

import findings_fixture as made
import pytest
from rich.cells import cell_len
from rich.console import Console

from transfergraph import Finding, Report, Severity, Text
from transfergraph.finding_reports.terminal import place_words, render
from transfergraph.findings import Place


def test_the_causes_come_first() -> None:
    written = render(made.thousand(), "en", 100).plain
    assert written == (
        """\
1,000 findings from 3 causes: 999 violations, 1 warning

Causes

900 × Violation  table.missing-reference  column organisation
    … stands in no row of organisations.
    Most often: 450 × “htw-dresdn”, 65 × “ihk-3”, 65 × “ihk-5”
    For example: data/saxony/participations.csv:2 column organisation
    Remedy: Correct the key, or add … as a row.

99 × Violation  table.german-date  column end
    … is a date in German notation.
    Most often: 4 × “03.12.2019”, 4 × “04.12.2019”, 4 × “05.12.2019”
    For example: data/saxony/projects.csv:2 column end
    Remedy: Enter ….

… and 1 more cause.

Findings

Violation  data/saxony/participations.csv:2 column organisation
    “htw-dresdn” stands in no row of organisations.
    Remedy: Correct the key, or add “htw-dresdn” as a row.

Violation  data/saxony/participations.csv:3 column organisation
    “ihk-3” stands in no row of organisations.
    Remedy: Correct the key, or add “ihk-3” as a row.

… and 998 more findings. The file formats of the report hold all of them, for example with --format
json.
"""
    )


def test_few_findings_in_german_without_causes() -> None:
    written = render(Report.of([made.german_date(17), made.row_count(), made.from_shape()]), "de", 80).plain
    assert written == (
        """\
3 Befunde aus 3 Ursachen: 1 Verstoß, 1 Warnung, 1 Hinweis

Befunde

Verstoß  data/saxony/projects.csv:17 Spalte end
    „31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.
    Abhilfe: 2019-12-31 eintragen.

Warnung  data/saxony/tables.xlsx [labs]
    Die Tabelle „labs“ hat 1 Zeile; erwartet werden 5 bis 9.
    Abhilfe: Prüfen, ob Zeilen fehlen oder zu viel sind; stimmt die Zahl, in
    source.toml den Bereich unter [rows] anpassen.

Hinweis  data/saxony/tables.xlsx [projects]:3 Spalte website
    Wert: https://example.org/page
    Das Vorhaben hat keine Webseite.
    Abhilfe: Eine Adresse eintragen.
"""
    )


def test_nothing_was_found() -> None:
    assert render(Report(), "de", 80).plain == "Keine Befunde.\n"
    assert render(Report(), "en", 80).plain == "Nothing was found.\n"


@pytest.mark.parametrize("width", [40, 61, 200])
def test_no_line_is_wider_than_asked(width: int) -> None:
    wide = Finding(
        Severity.VIOLATION,
        "table.cell-too-long",
        Text(de="日本語" * 100, en="日本語" * 100),
        Text(de="wort " * 50, en="word " * 50),
        place=Place("s", f"data/{'ordner' * 20}/x.csv", None, 2, "c", "C"),
        value="x" * 1_000_000,
    )
    for report in (Report.of([wide]), made.thousand(), made.few()):
        lines = render(report, "de", width).plain.splitlines()
        assert max(cell_len(line) for line in lines) <= width


def test_a_cell_of_a_megabyte_is_shortened_in_the_middle() -> None:
    value = "Anfang" + "x" * 1_000_000 + "Ende"
    finding = Finding(
        Severity.INFO,
        "long",
        Text(de="Zu lang.", en="Too long."),
        Text(de="Kürzen.", en="Shorten."),
        value=value,
    )
    written = render(Report.of([finding]), "de", 100).plain
    assert f"    Wert: Anfang{'x' * 34}…{'x' * 15}Ende\n" in written
    assert len(written) < 300


def _printed(colour: bool, limit: int = 20) -> str:
    out = io.StringIO()
    console = Console(
        file=out,
        width=80,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    )
    console.print(render(made.few(), "en", 80), soft_wrap=True)
    return out.getvalue()


def test_nothing_from_the_data_acts_on_the_terminal() -> None:
    plain = _printed(colour=False)
    assert all(character.isprintable() or character == "\n" for character in plain)
    assert "    Value: \\x1b[31m[bold]=cmd|' /C calc'!A0\\u202e" in plain
    assert "data/saxony/ümlaut \\x1b[2J[b].csv:2 column name_de\\u200b" in plain


def test_colour_adds_nothing_but_colour() -> None:
    coloured = _printed(colour=True)
    assert "\x1b[" in coloured
    pieces = coloured.split("\x1b[")
    bare = pieces[0] + "".join(piece.split("m", 1)[1] for piece in pieces[1:])
    assert bare == _printed(colour=False)
    codes = {piece.split("m", 1)[0] for piece in pieces[1:]}
    assert codes <= {"0", "1", "2", "32", "33", "36", "1;31", "1;4"}


def test_a_finding_without_a_file_names_its_node() -> None:
    finding = made.from_shape()
    nowhere = Finding(
        finding.severity,
        finding.code,
        finding.message,
        finding.remedy,
        focus=finding.focus,
        path=finding.path,
    )
    written = render(Report.of([nowhere]), "en", 120).plain
    assert f"Hint  {finding.focus}  {finding.path_text}\n" in written


def test_a_cause_without_a_column_names_its_path() -> None:
    finding = made.from_shape()
    nowhere = [
        Finding(
            finding.severity, finding.code, finding.message, finding.remedy, focus=focus, path=finding.path
        )
        for focus in ("urn:a", "urn:b")
    ]
    written = render(Report.of(nowhere), "de", 120).plain
    assert "2 × Hinweis  project-website  Pfad <http://xmlns.com/foaf/0.1/page>\n" in written
    assert "    Zum Beispiel: urn:a  <http://xmlns.com/foaf/0.1/page>\n" in written


def test_place_words() -> None:
    assert place_words(Place(), "en") == ""
    assert place_words(Place(file="a.csv"), "en") == "a.csv"
    assert place_words(Place(file="a.csv", row=3), "de") == "a.csv:3"
    assert place_words(Place(file="a.xlsx", sheet="b", row=3, column="c"), "de") == "a.xlsx [b]:3 Spalte c"
