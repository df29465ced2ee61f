"""A report as Frictionless Data has it (frictionless-py 5), which the Open Data Editor and other tools show.

A task stands for each table, with its name, its place and its header. Violations are its errors, each with
the cells of its row; warnings are texts, and hints are left out, for which the format has no place. Rows are
numbered as a spreadsheet does, the header being row 1. The same report gives the same text: no time was
measured.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from transfergraph.common.displayed_values import shown, visible
from transfergraph.finding_reports.json_report import dump_json
from transfergraph.finding_reports.marked_workbook import AnnotatedTable, OriginalWorkbook
from transfergraph.finding_reports.terminal import place_words
from transfergraph.findings import Finding, Report, Severity, column_number
from transfergraph.messages import text

_VALUE_LENGTH = 200
_NOT_IN_NAMES = re.compile("[^a-z0-9._/-]+")
# The types that frictionless-py knows for what is said of a cell, a row, a table, and the rest.
_CELL = "cell-error", "Cell Error", ("#table", "#row", "#cell")
_ROW = "row-error", "Row Error", ("#table", "#row")
_TABLE = "table-error", "Table Error", ("#table",)

_Table = tuple[str, str | None]  # file and sheet


def report_to_frictionless(
    report: Report, language: str, sources: Sequence[AnnotatedTable | OriginalWorkbook]
) -> str:
    """The report in a language as JSON text with a line break at its end; ``sources`` are the tables."""
    tables = {(one.file, one.sheet): one.rows for one in _tables(sources)}
    found: dict[_Table, list[Finding]] = {key: [] for key in tables}
    for finding in report.findings:
        if finding.severity is not Severity.INFO:
            found.setdefault((finding.place.file or "", finding.place.sheet), []).append(finding)
    names = Counter[str]()
    tasks = [
        _task(key, found[key], tables.get(key, ()), names, language) for key in sorted(found, key=_order)
    ]
    errors, warnings = report.count(Severity.VIOLATION), report.count(Severity.WARNING)
    stats = {"tasks": len(tasks), "errors": errors, "warnings": warnings, "seconds": 0}
    content = {"valid": report.conforms, "stats": stats, "warnings": [], "errors": [], "tasks": tasks}
    return dump_json(content, levels=5)


def _tables(sources: Sequence[AnnotatedTable | OriginalWorkbook]) -> Iterator[AnnotatedTable]:
    for source in sources:
        if isinstance(source, AnnotatedTable):
            yield source
        else:
            yield from source.tables


def _order(table: _Table) -> tuple[str, str]:
    return table[0], table[1] or ""


def _task(
    table: _Table,
    findings: Sequence[Finding],
    rows: Sequence[Sequence[str]],
    names: Counter[str],
    language: str,
) -> dict[str, object]:
    file, sheet = table
    errors = [_error(one, rows, language) for one in findings if one.severity is Severity.VIOLATION]
    warnings = [_told(one, language) for one in findings if one.severity is Severity.WARNING]
    labels = [visible(label) for label in (rows[0] if rows else ())]
    stats: dict[str, object] = {"errors": len(errors), "warnings": len(warnings), "seconds": 0}
    if rows:
        stats |= {"fields": len(labels), "rows": sum(map(any, rows[1:]))}
    return {
        "name": _name(file, sheet, names),
        "title": visible(sheet or file.rsplit("/", 1)[-1] or text("report.title", language)),
        "type": "table",
        "valid": not errors,
        "place": visible(file) or "-",
        "labels": labels,
        "stats": stats,
        "warnings": warnings,
        "errors": errors,
    }


def _name(file: str, sheet: str | None, names: Counter[str]) -> str:
    """A name of the letters that the format allows, each once."""
    plain = unicodedata.normalize("NFKD", f"{file}/{sheet}" if sheet else file).lower()
    name = _NOT_IN_NAMES.sub("-", plain) or "-"
    names[name] += 1
    return name if names[name] == 1 else f"{name}-{names[name]}"


def _error(finding: Finding, rows: Sequence[Sequence[str]], language: str) -> dict[str, object]:
    place = finding.place
    column = column_number(place.letter)
    if place.row is None:
        return _typed(_TABLE, finding, language)
    cells = [shown(cell, _VALUE_LENGTH) for cell in (rows[place.row - 1] if place.row <= len(rows) else ())]
    if column is None or place.column is None:
        return _typed(_ROW, finding, language) | {"rowNumber": place.row, "cells": cells}
    value = shown(finding.value or "", _VALUE_LENGTH)
    return _typed(_CELL, finding, language) | {
        "rowNumber": place.row,
        "cells": cells,
        "cell": value or (cells[column - 1] if column <= len(cells) else ""),
        "fieldName": visible(place.column),
        "fieldNumber": column,
    }


def _typed(kind: tuple[str, str, tuple[str, ...]], finding: Finding, language: str) -> dict[str, object]:
    name, title, tags = kind
    message, remedy = finding.message.in_language(language), finding.remedy.in_language(language)
    return {
        "type": name,
        "title": title,
        "description": visible(f"{message} {finding.page}"),
        "message": visible(f"{message} {remedy}"),
        "tags": list(tags),
        "note": finding.code,
    }


def _told(finding: Finding, language: str) -> str:
    message, remedy = finding.message.in_language(language), finding.remedy.in_language(language)
    return visible(f"{place_words(finding.place, language)}: {message} {remedy}")
