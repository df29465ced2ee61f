"""The report as JSON, and back."""

from __future__ import annotations

import json

import findings_fixture as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode
from workspaces import LANGUAGES

from transfergraph import Finding, ReleaseError, Report, Severity, Text
from transfergraph.common.property_paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    parse_path,
    path_text,
)
from transfergraph.finding_reports.json_report import report_from_json, report_to_json
from transfergraph.findings import Place

_letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_known = st.none() | _letters
_texts = st.builds(Text, de=_letters, en=_letters)
_places = st.builds(Place, _known, _known, _known, st.none() | st.integers(1, 10**7), _known, _known)
_iris = st.sampled_from(["urn:a", "https://example.org/p#q", "http://a/(b)/c"])
_paths: st.SearchStrategy[Path] = st.recursive(
    st.builds(Predicate, st.builds(NamedNode, _iris)),
    lambda inner: st.one_of(
        st.builds(Inverse, inner),
        st.builds(Repeated, inner, st.sampled_from("*+?")),
        st.builds(Sequence, st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Alternative, st.lists(inner, min_size=2, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)
_findings = st.builds(
    Finding,
    st.sampled_from(Severity),
    _letters,
    _texts,
    _texts,
    _places,
    _known,
    _known,
    st.none() | _paths,
    _known,
    _known,
    contradiction=st.booleans(),
)


def test_the_structure_is_the_documented_one() -> None:
    report = Report.of([made.german_date(17), made.german_date(18), made.row_count()])
    message = {
        "de": "„31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.",
        "en": "“31.12.2019” is a date in German notation.",
    }
    remedy = {"de": "2019-12-31 eintragen.", "en": "Enter 2019-12-31."}
    content = json.loads(report_to_json(report, LANGUAGES))
    assert list(content) == ["version", "conforms", "counts", "groups", "findings"]
    assert content["version"] == 1
    assert content["conforms"] is False
    assert content["counts"] == {"violation": 2, "warning": 1, "info": 0}
    assert content["groups"][0] == {
        "severity": "violation",
        "code": "table.german-date",
        "page": "https://w3id.org/transfergraph/docs/reference/findings.html#table.german-date",
        "subject": "end",
        "count": 2,
        "message": message,
        "remedy": remedy,
        "values": [{"value": "31.12.2019", "count": 2}],
        "examples": [0, 1],
    }
    assert content["groups"][1]["subject"] is None
    assert content["groups"][1]["examples"] == [2]
    assert content["findings"][1] == {
        "severity": "violation",
        "code": "table.german-date",
        "message": message,
        "remedy": remedy,
        "place": {
            "source": "saxony",
            "file": "data/saxony/projects.csv",
            "sheet": None,
            "row": 18,
            "column": "end",
            "letter": "M",
        },
        "value": "31.12.2019",
        "focus": None,
        "path": None,
        "shape": None,
        "component": None,
        "contradiction": False,
    }
    assert len(content["findings"]) == 3


def test_an_empty_report() -> None:
    assert report_to_json(Report(), LANGUAGES) == (
        '{\n "version": 1,\n "conforms": true,\n "counts": {\n  "violation": 0,\n  "warning": 0,\n  "info": 0\n },\n'
        ' "groups": [],\n "findings": []\n}\n'
    )
    assert report_from_json(report_to_json(Report(), LANGUAGES)) == Report()


@pytest.mark.parametrize("report", [made.few(), made.thousand()], ids=["few", "thousand"])
def test_what_was_written_is_read_again(report: Report) -> None:
    written = report_to_json(report, LANGUAGES)
    assert report_from_json(written) == report
    assert report_to_json(report_from_json(written), LANGUAGES) == written


@settings(deadline=None)
@given(st.lists(_findings, max_size=4))
def test_any_report_is_read_again(findings: list[Finding]) -> None:
    report = Report.of(findings)
    assert report_from_json(report_to_json(report, LANGUAGES)) == report


@given(_paths)
def test_a_path_is_the_same_tree_when_read_again(path: Path) -> None:
    assert parse_path(path_text(path)) == path
    assert parse_path(f" ( {path_text(path)} ) ") == path


def test_a_report_with_a_path_by_hand() -> None:
    content = json.loads(report_to_json(made.few(), LANGUAGES))
    content["findings"][0]["path"] = "^ <urn:a> / a*"
    (found, *_) = report_from_json(json.dumps(content)).findings
    assert found.path_text == "(^<urn:a>)/(<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>*)"


def test_the_text_is_utf_8_that_shows_umlauts_and_hides_nothing() -> None:
    written = report_to_json(made.few(), LANGUAGES)
    assert "Schlüssel" in written
    assert all(character.isprintable() or character == "\n" for character in written)
    assert '"value": "\\u001b[31m[bold]=cmd|\' /C calc\'!A0\\u202E\\u200B\\u0000\\u009B<script>' in written
    assert report_from_json(written.encode().decode()) == made.few()


def test_each_finding_is_on_one_line() -> None:
    lines = report_to_json(made.thousand(), LANGUAGES).splitlines()
    found = [json.loads(line.strip().removesuffix(",")) for line in lines if line.startswith('  {"severity"')]
    assert len(found) == 1003
    assert [entry["place"]["row"] for entry in found if "place" in entry] == [
        finding.place.row for finding in made.thousand().findings
    ]


def test_the_values_of_groups_are_short_and_those_of_findings_whole() -> None:
    value = "x" * 1_000_000
    texts = Text(de="a", en="a")
    report = Report.of(Finding(Severity.INFO, "c", texts, texts, Place(row=n), value) for n in (1, 2))
    content = json.loads(report_to_json(report, LANGUAGES))
    assert len(content["groups"][0]["values"][0]["value"]) == 200
    assert content["findings"][0]["value"] == value


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "damaged"),
        ("[]", "damaged"),
        ("{}", "damaged"),
        ('{"version": 2, "findings": []}', "version “2”"),
        ('{"version": 1}', "damaged"),
        ('{"version": 1, "findings": [{"severity": "fatal"}]}', "damaged"),
    ],
)
def test_something_else_is_refused(text: str, problem: str) -> None:
    with pytest.raises(ReleaseError, match=problem):
        report_from_json(text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("code", 3),
        ("code", None),
        ("value", 1.5),
        ("message", {"de": 1}),
        ("message", {}),
        ("place", {}),
        ("severity", 1),
        ("path", 3),
        ("path", "<urn:a"),
        ("path", "!<urn:a>"),
    ],
)
def test_a_wrong_value_is_refused(key: str, value: object) -> None:
    content = json.loads(report_to_json(made.few(), LANGUAGES))
    content["findings"][0][key] = value
    with pytest.raises(ReleaseError, match="damaged"):
        report_from_json(json.dumps(content))


def test_a_wrong_row_is_refused() -> None:
    content = json.loads(report_to_json(made.few(), LANGUAGES))
    content["findings"][0]["place"]["row"] = True
    with pytest.raises(ReleaseError, match=r"place\.row"):
        report_from_json(json.dumps(content))
