"""Severities, places and counts in words, as every output for people has them."""

from __future__ import annotations

from transfergraph.common.displayed_values import visible
from transfergraph.findings import Place, Report, Severity
from transfergraph.messages import text

_WORDS = {
    Severity.VIOLATION: "report.violation",
    Severity.WARNING: "report.warning",
    Severity.INFO: "report.hint",
}
_COUNTS = {
    Severity.VIOLATION: "report.violations",
    Severity.WARNING: "report.warnings",
    Severity.INFO: "report.hints",
}


def severity_word(severity: Severity, language: str) -> str:
    """``Verstoß``, ``Warnung``, ``Hinweis`` or their English words."""
    return text(_WORDS[severity], language)


def severity_counts(report: Report, language: str) -> str:
    """How many findings of each severity that occurs: ``2 violations, 1 warning``."""
    counts = ((severity, report.count(severity)) for severity in Severity)
    return ", ".join(text(_COUNTS[severity], language, count=count) for severity, count in counts if count)


def place_words(place: Place, language: str) -> str:
    """The place on one line: ``data/saxony/projects.csv:17 column end``; empty when it is not known."""
    if place.file is None:
        return ""
    sheet = f" [{place.sheet}]" if place.sheet else ""
    row = f":{place.row}" if place.row is not None else ""
    column = f" {text('report.in-column', language, column=place.column)}" if place.column else ""
    return visible(f"{place.file}{sheet}{row}{column}")
