"""A report for the terminal: first the causes, then the findings, each with place, fault and remedy."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, chop_cells
from rich.text import Text as Styled

from transfergraph.common.displayed_values import shown, visible
from transfergraph.findings import Finding, Place, Report, Severity
from transfergraph.findings.causes import FindingGroup, group_findings
from transfergraph.messages import text

_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
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
_LEAST_WIDTH = 40
_VALUE_LENGTH = 60
_INDENT = 4

_Line = list[tuple[str, str]]  # pieces of a line: text and style


def render(report: Report, language: str, width: int, limit: int) -> Styled:
    """The report in lines of at most ``width`` (>= 40) terminal cells; ``.plain`` is the bare text.

    At most ``limit`` causes and ``limit`` findings are shown, and what is left out is counted. Causes are
    shown only where one of them has several findings. Nothing from the data is taken for markup, and no
    character that is not printable comes through.
    """
    styled = Styled(no_wrap=True, overflow="ignore", end="")
    for line in _lines(report, language, max(width, _LEAST_WIDTH), limit):
        for piece, style in line:
            styled.append(piece, style)
        styled.append("\n")
    return styled


def _lines(report: Report, language: str, width: int, limit: int) -> Iterator[_Line]:
    if not report.findings:
        yield [(text("report.nothing", language), "green")]
        return
    causes = group_findings(report)
    summary = text(
        "report.summary",
        language,
        findings=text("report.findings", language, count=len(report)),
        causes=text("report.cause-count", language, count=len(causes)),
        severities=severity_counts(report, language),
    )
    yield from _paragraph(summary, width, 0, "bold")
    if len(causes) < len(report):
        yield []
        yield [(text("report.causes", language), "bold underline")]
        for cause in causes[:limit]:
            yield []
            yield from _cause(cause, language, width)
        if len(causes) > limit:
            yield []
            more = text("report.more-causes", language, count=len(causes) - limit)
            yield from _paragraph(more, width, 0, "dim")
    yield []
    yield [(text("report.title", language), "bold underline")]
    for finding in report.findings[:limit]:
        yield []
        yield from _finding(finding, language, width)
    if len(report) > limit:
        yield []
        more = text("report.more-findings", language, count=len(report) - limit)
        yield from _paragraph(more, width, 0, "dim")


def _cause(cause: FindingGroup, language: str, width: int) -> Iterator[_Line]:
    first = cause.examples[0]
    if cause.subject is None:
        subject = ""
    elif first.place.column:
        subject = text("report.in-column", language, column=cause.subject)
    else:
        subject = text("report.on-path", language, path=cause.subject)
    word = severity_word(cause.severity, language)
    times = text("report.times", language, count=cause.count, what=word)
    title = f"{times}  {visible(cause.code)}  {subject}".rstrip()
    yield from _paragraph(title, width, 0, _STYLES[cause.severity])
    yield from _paragraph(cause.message.in_language(language), width, _INDENT, "")
    if cause.values:
        values = ", ".join(_times(value, count, language) for value, count in cause.values)
        yield from _labelled("report.often", values, language, width)
    yield from _labelled("report.example", _where(first, language), language, width)
    yield from _labelled("report.remedy", cause.remedy.in_language(language), language, width, "green")


def _finding(finding: Finding, language: str, width: int) -> Iterator[_Line]:
    word = severity_word(finding.severity, language)
    where = _where(finding, language)
    style = _STYLES[finding.severity]
    if cell_len(word) + 2 + cell_len(where) <= width:
        yield [(word, style), ("  ", ""), (where, "bold")]
    else:
        yield [(word, style)]
        yield from _paragraph(where, width, _INDENT, "bold")
    message = finding.message.in_language(language)
    if finding.value is not None:
        value = shown(finding.value, _VALUE_LENGTH)
        if value not in message:
            yield from _labelled("report.value", value, language, width)
    yield from _paragraph(message, width, _INDENT, "")
    yield from _labelled("report.remedy", finding.remedy.in_language(language), language, width, "green")


def _where(finding: Finding, language: str) -> str:
    """The place, or the node and path where no place is known, or else the code."""
    if finding.place.file is not None:
        return place_words(finding.place, language)
    known = [part for part in (finding.focus, finding.path_text) if part is not None]
    return visible("  ".join(known) or finding.code)


def _times(value: str, count: int, language: str) -> str:
    quoted = text("report.quoted", language, value=shown(value, _VALUE_LENGTH))
    return text("report.times", language, count=count, what=quoted)


def _labelled(key: str, content: str, language: str, width: int, style: str = "dim") -> Iterator[_Line]:
    yield from _paragraph(f"{text(key, language)}: {content}", width, _INDENT, style)


def _paragraph(content: str, width: int, indent: int, style: str) -> Iterator[_Line]:
    for line in _wrap(visible(content), width - indent):
        yield [(" " * indent, ""), (line, style)] if indent else [(line, style)]


def _wrap(content: str, width: int) -> Iterator[str]:
    """Lines of at most so many cells, broken at spaces and, only where a word is too long, within it."""
    line = ""
    for word in content.split(" "):
        if line and cell_len(line) + 1 + cell_len(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            yield line
        *pieces, line = chop_cells(word, width) or [""]
        yield from pieces
    if line:
        yield line


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
