"""A report as SARIF 2.1.0 (OASIS, 2020), which code hosts show beside the lines of the tables.

Files are named relative to ``%SRCROOT%``, the root of the workspace. A line is given for text files
only; sheet, row and column stand in the properties of each result, and sheet and column are logical
locations too. The same report gives the same text: there is no time in it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from urllib.parse import quote

from transfergraph.common.displayed_values import shown, visible
from transfergraph.finding_reports.json_report import dump_json
from transfergraph.findings import Finding, Place, Report, Severity
from transfergraph.findings.causes import generalise
from transfergraph.messages import text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

_LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_VALUE_LENGTH = 200
_ROOT = "%SRCROOT%"

Lines = Callable[[str, int], int]
"""From a file, as findings name it, and a row to the line (from 1) on which the row begins."""


def row_is_line(file: str, row: int) -> int:
    """The row itself: right for every text file in which no cell has a line break."""
    return row


def report_to_sarif(report: Report, language: str, version: str, lines: Lines = row_is_line) -> str:
    """The report as SARIF text in a language that ends with a line break.

    ``version`` is that of this program. Code hosts take a limited number of results from one file
    (GitHub 25,000); the gravest come first.
    """
    by_code: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        by_code[finding.code].append(finding)
    codes = sorted(by_code)
    indexes = {code: index for index, code in enumerate(codes)}
    seen: Counter[str] = Counter()
    run = {
        "tool": {
            "driver": {
                "name": "transfergraph",
                "version": version,
                "informationUri": "https://w3id.org/transfergraph",
                "rules": [_rule(code, by_code[code], language) for code in codes],
            }
        },
        "language": language,
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": text("report.root", language)}}},
        "results": [_result(finding, indexes, seen, language, lines) for finding in report.findings],
    }
    return dump_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, levels=4)


def _rule(code: str, findings: list[Finding], language: str) -> dict[str, object]:
    message = _plain(generalise(finding.message.in_language(language) for finding in findings))
    remedy = _plain(generalise(finding.remedy.in_language(language) for finding in findings))
    return {
        "id": code,
        "shortDescription": {"text": message},
        "fullDescription": {"text": message},
        "help": {"text": remedy},
        "helpUri": findings[0].page,
        "defaultConfiguration": {"level": _LEVELS[findings[0].severity]},
    }


def _result(
    finding: Finding, indexes: dict[str, int], seen: Counter[str], language: str, lines: Lines
) -> dict[str, object]:
    fingerprint = _fingerprint(finding)
    seen[fingerprint] += 1
    message, remedy = finding.message.in_language(language), finding.remedy.in_language(language)
    return {
        "ruleId": finding.code,
        "ruleIndex": indexes[finding.code],
        "level": _LEVELS[finding.severity],
        "message": {"text": _plain(f"{message} {remedy}")},
        "locations": _locations(finding, lines),
        "partialFingerprints": {"finding/v1": f"{fingerprint}:{seen[fingerprint]}"},
        "properties": _properties(finding),
    }


def _locations(finding: Finding, lines: Lines) -> list[dict[str, object]]:
    place = finding.place
    location: dict[str, object] = {}
    if place.file is not None:
        artifact = {"uri": quote(place.file, errors="replace"), "uriBaseId": _ROOT}
        physical: dict[str, object] = {"artifactLocation": artifact}
        if place.row is not None and place.sheet is None:
            physical["region"] = {"startLine": lines(place.file, place.row)}
        location["physicalLocation"] = physical
    if logical := _logical(place):
        location["logicalLocations"] = logical
    elif place.file is None and finding.focus is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(finding.focus), "kind": "resource"}]
    return [location] if location else []


def _logical(place: Place) -> list[dict[str, str]]:
    found = []
    if place.sheet is not None:
        sheet = visible(place.sheet)
        found.append({"name": sheet, "fullyQualifiedName": sheet, "kind": "sheet"})
    if place.column is not None:
        column = visible(place.column)
        whole = f"{visible(place.sheet)}/{column}" if place.sheet is not None else column
        found.append({"name": column, "fullyQualifiedName": whole, "kind": "column"})
    return found


def _properties(finding: Finding) -> dict[str, object]:
    place = finding.place
    known: dict[str, str | int | None] = {
        "source": place.source,
        "sheet": place.sheet,
        "row": place.row,
        "column": place.column,
        "letter": place.letter,
        "value": finding.value,
        "focus": finding.focus,
        "path": finding.path_text,
        "shape": finding.shape,
    }
    return {
        name: shown(value, _VALUE_LENGTH) if isinstance(value, str) else value
        for name, value in known.items()
        if value is not None
    }


def _fingerprint(finding: Finding) -> str:
    """What stays the same when rows are inserted above: everything but row, letter and wording."""
    place = finding.place
    parts = (
        finding.code,
        place.file,
        place.sheet,
        place.column,
        finding.focus,
        finding.path_text,
        finding.value,
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]


def _plain(message: str) -> str:
    """A plain text message (section 3.11.3): braces doubled (3.11.5), and no link by accident (3.11.6)."""
    return visible(message).replace("{", "{{").replace("}", "}}").replace("](", "] (")
