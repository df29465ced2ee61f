"""The report in the terminal."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import findings_fixture as made
import pytest
from rich.cells import cell_len
from rich.console import Console

from transfergraph import Finding, Report, Severity, Text
from transfergraph.finding_reports.terminal import place_words, render, render_in_parts, render_verdict
from transfergraph.findings import Place


def test_each_finding_stands_once_below_its_cause() -> None:
    """Findings of one wording share it; their rows are listed."""
    findings = [
        *(made.missing_reference(row, "htw-dresdn") for row in (4, 2, 9)),
        made.missing_reference(3, "ihk"),
    ]
    findings += [made.german_date(17), made.row_count()]
    written = render(Report.of(findings), "en", 100).plain
    assert written == (
        """\
4 × Violation  table.missing-reference  column organisation
    “htw-dresdn” stands in no row of organisations.
    Remedy: Correct the key, or add “htw-dresdn” as a row; where nothing is known, leave the cell
    blank.
        data/saxony/participations.csv column organisation, rows 2, 4, 9
  data/saxony/participations.csv:3 column organisation
    “ihk” stands in no row of organisations.
    Remedy: Correct the key, or add “ihk” as a row; where nothing is known, leave the cell blank.

Violation  table.german-date  data/saxony/projects.csv:17 column end
    “31.12.2019” is a date in German notation.
    Remedy: Enter 2019-12-31.

Warning  table.row-count-unexpected  data/saxony/tables.xlsx [labs]
    The table “labs” has 1 row; 5 to 9 are expected.
    Remedy: Check whether rows are missing or surplus; if the number is right, adapt the range under
    [rows] in source.toml.

What each means, with an example: https://w3id.org/transfergraph/docs/reference/findings.html
"""
    )


def test_a_thousand_findings_are_all_shown() -> None:
    written = render(made.thousand(), "de", 100).plain
    rows = [int(row) for row in re.findall(r"(?<=[ :])\d+(?=[,\n ])", written.replace(",\n", ", "))]
    assert {row for row in rows if row > 99} >= set(range(102, 902))


def test_hints_are_counted_by_their_cause() -> None:
    hints = [replace(made.from_shape(), place=replace(made.from_shape().place, row=row)) for row in (3, 4, 5)]
    report = Report.of([made.german_date(17), *hints])
    written = render(report, "en", 100, hints=False).plain
    assert written == (
        """\
Violation  table.german-date  data/saxony/projects.csv:17 column end
    “31.12.2019” is a date in German notation.
    Remedy: Enter 2019-12-31.

3 hints: all is right, and more could be said
    3 × The project has no web page. (project-website)
    Each with its row: --all. Of one kind: --cause project-website

What each means, with an example: https://w3id.org/transfergraph/docs/reference/findings.html
"""
    )
    assert (
        "data/saxony/tables.xlsx [projects] column website, rows 3, 4, 5" in render(report, "en", 100).plain
    )


@pytest.mark.parametrize(
    ("findings", "english", "german"),
    [
        ([], "Ready to publish.", "Bereit zur Veröffentlichung."),
        (
            [made.row_count(), made.from_shape()],
            "Ready to publish; 1 warning to look at; 1 row could be richer.",
            "Bereit zur Veröffentlichung; 1 Warnung ist anzusehen; 1 Zeile könnte reicher sein.",
        ),
        (
            [replace(made.from_shape(), severity=Severity.VIOLATION), made.row_count()],
            "1 fault to mend; 1 warning to look at.",
            "1 Fehler ist zu beheben; 1 Warnung ist anzusehen.",
        ),
        (
            [made.german_date(17), made.german_date(18)],
            "2 faults to mend.\nWhat the tables say together is checked once they have no faults; more may be found then.",
            "2 Fehler sind zu beheben.\nWas die Tabellen zusammen sagen, wird geprüft, sobald sie keine Fehler haben; dann kann\nsich mehr zeigen.",
        ),
    ],
)
def test_the_verdict_says_what_is_to_do(findings: list[Finding], english: str, german: str) -> None:
    report = Report.of(findings)
    assert render_verdict(report, "en", 90).plain == f"{english}\n"
    assert render_verdict(report, "de", 90).plain == f"{german}\n"


def test_a_row_with_several_hints_is_one_and_a_contradiction_is_none() -> None:
    hint = made.from_shape()
    other = replace(hint, code="project-start")
    contradiction = replace(hint, place=replace(hint.place, row=4), contradiction=True)
    report = Report.of([hint, other, contradiction, made.german_date(17)])
    assert (report.rows_to_enrich, report.contradictions) == (1, (contradiction,))


def test_findings_are_selected_by_severity_table_and_cause() -> None:
    report = made.few()
    assert {one.severity for one in report.select([Severity.WARNING]).findings} == {Severity.WARNING}
    assert [one.code for one in report.select(tables=["participations"]).findings] == [
        "table.missing-reference"
    ]
    assert [one.code for one in report.select(tables=["labs"]).findings] == ["table.row-count-unexpected"]
    assert report.select(causes=["table.german-date"]).findings == (made.german_date(17),)
    assert report.select([Severity.WARNING], ["projects"]).findings == ()
    assert report.select() == report


def test_few_findings_in_german() -> None:
    written = render(Report.of([made.german_date(17), made.row_count(), made.from_shape()]), "de", 80).plain
    assert written == (
        """\
Verstoß  table.german-date  data/saxony/projects.csv:17 Spalte end
    „31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.
    Abhilfe: 2019-12-31 eintragen.

Warnung  table.row-count-unexpected  data/saxony/tables.xlsx [labs]
    Die Tabelle „labs“ hat 1 Zeile; erwartet werden 5 bis 9.
    Abhilfe: Prüfen, ob Zeilen fehlen oder zu viel sind; stimmt die Zahl, in
    source.toml den Bereich unter [rows] anpassen.

Hinweis  project-website  data/saxony/tables.xlsx [projects]:3 Spalte website
    Wert: https://example.org/page
    Das Vorhaben hat keine Webseite.
    Abhilfe: Eine Adresse eintragen.

Was jeder Befund bedeutet, mit Beispiel (englisch):
https://w3id.org/transfergraph/docs/reference/findings.html
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


def _printed(colour: bool) -> str:
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


def test_colour_adds_nothing_but_colour_and_links() -> None:
    linked = _printed(colour=True)
    assert f";{made.german_date(17).page}\x1b\\" in linked
    coloured = re.sub(r"\x1b\]8;[^\x1b]*\x1b\\", "", linked)
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
    assert f"Hint  {finding.code}  {finding.focus}  {finding.path_text}\n" in written


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
    assert "        urn:a  <http://xmlns.com/foaf/0.1/page>\n" in written


def test_place_words() -> None:
    assert place_words(Place(), "en") == ""
    assert place_words(Place(file="a.csv"), "en") == "a.csv"
    assert place_words(Place(file="a.csv", row=3), "de") == "a.csv:3"
    assert place_words(Place(file="a.xlsx", sheet="b", row=3, column="c"), "de") == "a.xlsx [b]:3 Spalte c"


def _long() -> Report:
    """A report of some hundred lines."""
    one = replace(made.from_shape(), place=Place())
    return Report.of(replace(one, focus=f"urn:{number}") for number in range(700))


def test_a_report_in_parts_is_the_same_report() -> None:
    parts = [part.plain for part in render_in_parts(_long(), "en", 100)]
    assert len(parts) > 3 and "".join(parts) == render(_long(), "en", 100).plain
