"""A report in the form of Frictionless Data."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import findings_fixture as made
import jsonschema
import pytest
from workspaces import TABLES, edited, make_workspace, workbook_of

from transfergraph import Report
from transfergraph.finding_reports.frictionless_report import report_to_frictionless
from transfergraph.finding_reports.marked_workbook import AnnotatedTable

# What frictionless-py 5.21 has as metadata_profile of Report, ReportTask and Error, put together, with the fields that
# its classes of errors cannot do without.
_NAME = {"type": "string", "pattern": "^([-a-z0-9._/])+$"}
_COUNT = {"type": "integer", "minimum": 0}
_ERROR = {
    "type": "object",
    "required": ["type", "title", "description", "message", "tags", "note"],
    "properties": {
        "type": {"enum": ["cell-error", "row-error", "table-error"]},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "message": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "note": {"type": "string"},
        "cells": {"type": "array", "items": {"type": "string"}},
        "rowNumber": {"type": "integer"},
        "cell": {"type": "string"},
        "fieldName": {"type": "string"},
        "fieldNumber": {"type": "integer"},
    },
    "allOf": [
        {
            "if": {"properties": {"type": {"const": kind}}},
            "then": {"required": required},
        }
        for kind, required in (
            ("row-error", ["cells", "rowNumber"]),
            ("cell-error", ["cells", "rowNumber", "cell", "fieldName", "fieldNumber"]),
        )
    ],
    "additionalProperties": False,
}
_TASK = {
    "type": "object",
    "required": ["name", "type", "valid", "place", "labels", "stats", "warnings", "errors"],
    "properties": {
        "name": _NAME,
        "type": {"const": "table"},
        "title": {"type": "string"},
        "valid": {"type": "boolean"},
        "place": {"type": "string"},
        "labels": {"type": "array", "items": {"type": "string"}},
        "stats": {
            "type": "object",
            "required": ["errors", "warnings", "seconds"],
            "properties": {"errors": _COUNT, "warnings": _COUNT, "rows": _COUNT, "fields": _COUNT},
        },
        "warnings": {"type": "array", "items": {"type": "string"}},
        "errors": {"type": "array", "items": _ERROR},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": ["valid", "stats", "warnings", "errors", "tasks"],
    "properties": {
        "valid": {"type": "boolean"},
        "stats": {
            "type": "object",
            "required": ["tasks", "errors", "warnings", "seconds"],
            "properties": {
                "tasks": _COUNT,
                "errors": _COUNT,
                "warnings": _COUNT,
                "seconds": {"type": "number"},
            },
        },
        "warnings": {"type": "array"},
        "errors": {"type": "array"},
        "tasks": {"type": "array", "items": _TASK},
    },
    "additionalProperties": False,
}


def sound(text: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(text)
    jsonschema.validate(content, SCHEMA)
    names = [task["name"] for task in content["tasks"]]
    assert len(set(names)) == len(names)
    return content


def test_the_report_has_a_task_for_each_table_with_its_errors() -> None:
    rows = [("id", "kind"), *(("a", "b") for _ in range(20))]
    tables = [AnnotatedTable("labs", "data/saxony/labs.csv", None, rows)]
    content = sound(report_to_frictionless(made.few(), "en", tables))
    assert content["valid"] is False
    assert content["stats"] == {"tasks": 5, "errors": 2, "warnings": 2, "seconds": 0}
    tasks = {task["place"]: task for task in content["tasks"]}
    labs = tasks["data/saxony/labs.csv"]
    assert labs["valid"] and labs["errors"] == [] and labs["labels"] == ["id", "kind"]
    assert labs["stats"] == {"errors": 0, "warnings": 0, "seconds": 0, "fields": 2, "rows": 20}
    (error,) = tasks["data/saxony/projects.csv"]["errors"]
    assert error["message"] == "“31.12.2019” is a date in German notation. Enter 2019-12-31."
    assert (error["rowNumber"], error["fieldNumber"], error["fieldName"]) == (17, 13, "end")
    assert made.german_date(17).page in error["description"]
    assert (error["cell"], error["note"]) == ("31.12.2019", "table.german-date")
    assert tasks["data/saxony/tables.xlsx"]["valid"]
    assert "The table “labs” has 1 row" in tasks["data/saxony/tables.xlsx"]["warnings"][0]


def test_an_empty_report_and_a_large_one() -> None:
    assert sound(report_to_frictionless(Report(), "de", []))["valid"] is True
    large = sound(report_to_frictionless(made.thousand(), "de", []))
    assert large["stats"]["errors"] == sum(len(task["errors"]) for task in large["tasks"]) == 999


def frictionless(root: Path) -> str:
    command = [
        sys.executable,
        "-m",
        "transfergraph",
        "check",
        "-w",
        str(root),
        "-f",
        "frictionless",
        "--lang",
        "en",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


@pytest.mark.parametrize("is_workbook", [False, True])
def test_the_command_writes_the_rows_as_they_stand(tmp_path: Path, is_workbook: bool) -> None:
    changed = {"projects": edited("projects", "2021-06-30", "30.06.2021")}
    if is_workbook:
        root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
        workbook_of({**TABLES, **changed}).save(root / "data" / "source" / "tables.xlsx")
    else:
        root = make_workspace(tmp_path / "ws", **changed)
    content = sound(frictionless(root))
    assert {task["title"].removesuffix(".csv") for task in content["tasks"]} == set(TABLES)
    (task,) = [task for task in content["tasks"] if not task["valid"]]
    (error,) = task["errors"]
    assert task["labels"][error["fieldNumber"] - 1] == "end" == error["fieldName"]
    assert error["cells"][error["fieldNumber"] - 1] == error["cell"] == "30.06.2021"
    assert error["rowNumber"] == 2


def test_frictionless_itself_reads_it(tmp_path: Path) -> None:
    """Its own classes, where it is installed: it is no part of the development tools, whose typer it pins."""
    if importlib.util.find_spec("frictionless") is None:
        pytest.skip("frictionless is not installed: pip install frictionless")
    import frictionless as peer

    report = peer.Report.from_descriptor(json.loads(report_to_frictionless(made.few(), "en", [])))
    assert report.flatten(["type", "rowNumber", "fieldName"]) == [
        ["cell-error", 3, "organisation"],
        ["cell-error", 17, "end"],
    ]
