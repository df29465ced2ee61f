"""Many findings become few causes."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import findings_fixture as made
from findings_fixture import german_date, missing_reference

from transfergraph import Report, Severity, Text
from transfergraph.common.property_paths import parse_path
from transfergraph.findings import Place
from transfergraph.findings.causes import FindingGroup, generalise, group_findings


def test_a_thousand_findings_have_three_causes() -> None:
    report = made.thousand()
    assert len(report) == 1000
    references = [f for f in report.findings if f.code == "table.missing-reference"]
    dates = [f for f in report.findings if f.code == "table.german-date"]
    assert group_findings(report) == (
        FindingGroup(
            Severity.VIOLATION,
            "table.missing-reference",
            "organisation",
            900,
            Text(de="… steht in keiner Zeile von organisations.", en="… stands in no row of organisations."),
            Text(
                de="Den Schlüssel berichtigen oder … als Zeile anlegen; ist nichts bekannt, die Zelle leer lassen.",
                en="Correct the key, or add … as a row; where nothing is known, leave the cell blank.",
            ),
            (("htw-dresdn", 450), ("ihk-3", 65), ("ihk-5", 65)),
            tuple(references),
        ),
        FindingGroup(
            Severity.VIOLATION,
            "table.german-date",
            "end",
            99,
            Text(de="… ist eine Zeitangabe in deutscher Schreibweise.", en="… is a date in German notation."),
            Text(de="… eintragen.", en="Enter …."),
            (("03.12.2019", 4), ("04.12.2019", 4), ("05.12.2019", 4)),
            tuple(dates),
        ),
        FindingGroup(
            Severity.WARNING,
            "table.row-count-unexpected",
            None,
            1,
            made.row_count().message,
            made.row_count().remedy,
            (),
            (made.row_count(),),
        ),
    )


def test_the_path_groups_what_has_no_column() -> None:
    shape = made.from_shape()
    nowhere = [
        type(shape)(
            shape.severity, shape.code, shape.message, shape.remedy, focus=f"urn:x:{n}", path=parse_path(path)
        )
        for n, path in enumerate(["<urn:a>", "<urn:a>", "<urn:b>"])
    ]
    assert [(group.subject, group.count) for group in group_findings(Report.of(nowhere))] == [
        ("<urn:a>", 2),
        ("<urn:b>", 1),
    ]


def test_the_order_does_not_depend_on_the_order_of_finding() -> None:
    findings = list(made.thousand().findings)
    shuffled = findings.copy()
    random.Random(7).shuffle(shuffled)
    assert Report.of([*shuffled, *findings[:10]]).findings == tuple(findings)
    assert group_findings(Report.of(shuffled)) == group_findings(Report.of(findings))


def test_findings_that_differ_only_in_the_remedy_or_the_shape_keep_their_order() -> None:
    program = (
        "from transfergraph.findings import *; S = Severity.INFO; t = Text(en='m')\n"
        "made = [Finding(S, 'c', t, Text(en=r), shape=s) for r in 'abcd' for s in 'wxyz']\n"
        "print([(f.remedy.english, f.shape) for f in Report.of(made).findings])"
    )
    source = Path(__file__).resolve().parent.parent / "src"
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(source)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(outputs) == 1


def test_generalise() -> None:
    assert generalise([]) == ""
    assert generalise(["Eins.", "Eins."]) == "Eins."
    assert generalise(["„a b“ fehlt.", "„c“ fehlt.", "„d e f“ fehlt."]) == "… fehlt."
    assert generalise(["Zeile 17.", "Zeile 18."]) == "Zeile …."
    assert generalise(["a 1 2 z", "a 3 4 z", "a 5 2 z"]) == "a … z"
    assert generalise(["one, end", "two! end"]) == "… end"
    assert generalise(["list: a, b. End", "list: a, b, c. End"]) == "list: a, b…. End"
    mixed = ["„a“ fehlt in b; wohl „c“ gemeint.", "„d“ fehlt in b.", "„e“ fehlt in b; wohl „f“ gemeint."]
    assert generalise(mixed) == generalise(mixed[::-1]) == generalise(mixed[:2]) == "… fehlt in b…."
    assert generalise(["one", "completely different words"]) == "…"


def test_a_huge_message_is_no_burden() -> None:
    assert len(generalise(["x " * 500_000, "y " * 500_000])) < 2000


def test_a_group_of_one_value_names_it_once() -> None:
    report = Report.of([missing_reference(2, "a"), missing_reference(3, "b"), german_date(2)])
    assert [group.values for group in group_findings(report)] == [(), ()]
    assert report.findings[0].place == Place(
        "saxony", "data/saxony/participations.csv", None, 2, "organisation", "B"
    )
