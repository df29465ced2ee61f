"""A report for the terminal: every finding once, below its cause, with place, fault and remedy; a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from rich.cells import cell_len, chop_cells
from rich.text import Text as Styled

from transfergraph.common.displayed_values import shown, visible
from transfergraph.findings import Finding, Place, Report, Severity
from transfergraph.findings.causes import FindingGroup, group_findings
from transfergraph.messages import in_full, text

_STYLES = {Severity.VIOLATION: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_WORDS = {
    Severity.VIOLATION: "report.violation",
    Severity.WARNING: "report.warning",
    Severity.INFO: "report.hint",
}
_LEAST_WIDTH = 40
_VALUE_LENGTH = 60
_INDENT = 4
_LINES = 200  # of a part
_OF_TABLES = "table."  # the codes of what is found before there is a graph

_Line = list[tuple[str, str]]  # pieces of a line: text and style


def render(report: Report, language: str, width: int, hints: bool = True) -> Styled:
    """The report in lines of at most ``width`` (>= 40) terminal cells; ``.plain`` is the bare text.

    Every finding is shown once, below its cause; without ``hints`` those are counted. In terminals that can,
    its title leads to its page in the documentation. Nothing from the data is taken for markup, and no
    character that is not printable comes through.
    """
    return _styled(_lines(report, language, max(width, _LEAST_WIDTH), hints))


def render_in_parts(report: Report, language: str, width: int, hints: bool = True) -> Iterator[Styled]:
    """The same in parts of some lines, so that a long report is never in memory as a whole."""
    lines = _lines(report, language, max(width, _LEAST_WIDTH), hints)
    while part := tuple(islice(lines, _LINES)):
        yield _styled(part)


def render_verdict(report: Report, language: str, width: int) -> Styled:
    """Whether the data may be published, and how much is to be mended, in a line or two."""
    return _styled(_verdict(report, language, max(width, _LEAST_WIDTH)))


def render_sentences(findings: Sequence[Finding], language: str, width: int) -> Styled:
    """Each finding as its sentence and its place."""
    return _styled(_sentences(findings, language, max(width, _LEAST_WIDTH)))


def _styled(lines: Iterable[_Line]) -> Styled:
    styled = Styled(no_wrap=True, overflow="ignore", end="")
    for line in lines:
        for piece, style in line:
            styled.append(piece, style)
        styled.append("\n")
    return styled


def _lines(report: Report, language: str, width: int, hints: bool) -> Iterator[_Line]:
    if not report.findings:
        yield [(text("report.nothing", language), "green")]
        return
    causes = group_findings(report)
    shown_causes = [cause for cause in causes if hints or cause.severity is not Severity.INFO]
    for number, cause in enumerate(shown_causes):
        if number:
            yield []
        yield from _cause(cause, language, width)
    counted = causes[len(shown_causes) :]
    if counted:
        if shown_causes:
            yield []
        yield from _counted(counted, language, width)
    if shown_causes:
        whole = causes[0].members[0].page
        page = in_full("report.pages", language, page=whole if len(causes) == 1 else whole.partition("#")[0])
        yield []
        yield from _paragraph(page, width, 0, "dim")


def _cause(cause: FindingGroup, language: str, width: int) -> Iterator[_Line]:
    """A cause with its findings, those of one wording together."""
    style = f"{_STYLES[cause.severity]} link {cause.members[0].page}"
    if cause.count == 1:
        yield from _finding(cause.members[0], severity_word(cause.severity, language), language, width)
        return
    times = text("report.times", language, count=cause.count, what=severity_word(cause.severity, language))
    title = f"{times}  {visible(cause.code)}  {_subject(cause, language)}".rstrip()
    yield from _paragraph(title, width, 0, style)
    remedies = {one.remedy.in_language(language) for one in cause.members}
    is_shared = len(remedies) == 1
    for members in _of_one_wording(cause.members, language):
        first = members[0]
        if len(members) == 1:
            yield from _finding(first, "", language, width, has_remedy=not is_shared)
            continue
        yield from _paragraph(first.message.in_language(language), width, _INDENT, "")
        if not is_shared:
            remedy = first.remedy.in_language(language)
            yield from _labelled("report.remedy", remedy, language, width, "green")
        for place in _places(members, language):
            yield from _paragraph(place, width, 2 * _INDENT, "bold")
    if is_shared:
        yield from _labelled("report.remedy", remedies.pop(), language, width, "green")


def _of_one_wording(findings: Sequence[Finding], language: str) -> Iterable[list[Finding]]:
    found: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        wording = one.message.in_language(language), one.remedy.in_language(language)
        found.setdefault(wording, []).append(one)
    return found.values()


def _places(findings: Sequence[Finding], language: str) -> Iterator[str]:
    """The places of findings of one wording, the rows of a column together where no value differs."""
    values = {finding.value for finding in findings}
    if len(values) > 1:
        for one in findings:
            value = "" if one.value is None else shown(one.value, _VALUE_LENGTH)
            quoted = text("report.quoted", language, value=value) if value else ""
            yield f"{_where(one, language)}  {quoted}".rstrip()
        return
    columns: dict[str, list[Finding]] = {}
    for one in findings:
        whole = replace(one.place, row=None, letter=None)
        key = place_words(whole, language) if one.place.row is not None else _where(one, language)
        columns.setdefault(key, []).append(one)
    for key, members in columns.items():
        if len(members) == 1:
            yield _where(members[0], language)
        else:
            rows = ", ".join(str(one.place.row) for one in members if one.place.row is not None)
            yield in_full("report.rows", language, place=key, rows=rows) if rows else key


def _subject(cause: FindingGroup, language: str) -> str:
    if cause.subject is None:
        return ""
    if cause.members[0].place.column:
        return text("report.in-column", language, column=cause.subject)
    return text("report.on-path", language, path=cause.subject)


def _finding(
    finding: Finding, word: str, language: str, width: int, has_remedy: bool = True
) -> Iterator[_Line]:
    where = _where(finding, language)
    style = f"{_STYLES[finding.severity]} link {finding.page}"
    if not word:
        yield from _paragraph(where, width, _INDENT // 2, "bold")
    else:
        named = f"{word}  {visible(finding.code)}"
        if cell_len(named) + 2 + cell_len(where) <= width:
            yield [(named, style), ("  ", ""), (where, "bold")]
        else:
            yield from _paragraph(named, width, 0, style)
            yield from _paragraph(where, width, _INDENT, "bold")
    message = finding.message.in_language(language)
    if finding.value is not None:
        value = shown(finding.value, _VALUE_LENGTH)
        if value not in message:
            yield from _labelled("report.value", value, language, width)
    yield from _paragraph(message, width, _INDENT, "")
    if has_remedy:
        remedy = finding.remedy.in_language(language)
        yield from _labelled("report.remedy", remedy, language, width, "green")


def _counted(causes: Sequence[FindingGroup], language: str, width: int) -> Iterator[_Line]:
    style = _STYLES[Severity.INFO]
    count = sum(cause.count for cause in causes)
    yield from _paragraph(text("report.hints-counted", language, count=count), width, 0, style)
    for cause in causes:
        message = cause.message.in_language(language)
        subject = _subject(cause, language)
        what = message if _says(message) else subject
        times = in_full("report.times", language, count=cause.count, what=f"{what} ({cause.code})")
        yield from _paragraph(times, width, _INDENT, "")
    how = in_full("report.hints-how", language, all="--all", one=f"--cause {visible(causes[0].code)}")
    yield from _paragraph(how, width, _INDENT, "dim")


def _says(message: str) -> bool:
    """Whether a message that many have in common says something by itself."""
    return sum(map(str.isalpha, message)) > len(message) // 2 and not message.startswith("…")


def _sentences(findings: Sequence[Finding], language: str, width: int) -> Iterator[_Line]:
    for finding in findings:
        lines = list(_paragraph(finding.message.in_language(language), width, _INDENT, ""))
        yield [("  - ", ""), *lines[0][1:]]
        yield from lines[1:]
        if finding.place.file is not None:
            yield from _paragraph(_where(finding, language), width, _INDENT, "dim")


def _verdict(report: Report, language: str, width: int) -> Iterator[_Line]:
    violations, warnings = report.count(Severity.VIOLATION), report.count(Severity.WARNING)
    told = [text("report.to-mend", language, count=violations)]
    if not violations:
        told = [text("report.ready", language)]
    if warnings:
        told.append(text("report.to-look-at", language, count=warnings))
    if not violations and report.rows_to_enrich:
        told.append(text("report.to-enrich", language, count=report.rows_to_enrich))
    style = _STYLES[Severity.VIOLATION] if violations else "bold green"
    yield from _paragraph(f"{'; '.join(told)}.", width, 0, style)
    if any(one.severity is Severity.VIOLATION and one.code.startswith(_OF_TABLES) for one in report.findings):
        yield from _paragraph(text("report.graph-follows", language), width, 0, "dim")


def _where(finding: Finding, language: str) -> str:
    """The place, or the node and path where no place is known, or else the code."""
    if finding.place.file is not None:
        return place_words(finding.place, language)
    known = [part for part in (finding.focus, finding.path_text) if part is not None]
    return visible("  ".join(known) or finding.code)


def _labelled(key: str, content: str, language: str, width: int, style: str = "dim") -> Iterator[_Line]:
    yield from _paragraph(f"{text(key, language)}: {content}", width, _INDENT, style)


def _paragraph(content: str, width: int, indent: int, style: str) -> Iterator[_Line]:
    for line in _wrap(visible(content), width - indent):
        yield [(" " * indent, ""), (line, style)] if indent else [(line, style)]


def _wrap(content: str, width: int) -> Iterator[str]:
    """Lines of at most so many cells, broken at spaces and, only where a word is too long, within it."""
    if cell_len(content) <= width:
        yield from filter(None, [content.lstrip(" ")])
        return
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


def place_words(place: Place, language: str) -> str:
    """The place on one line: ``data/saxony/projects.csv:17 column end``; empty when it is not known."""
    if place.file is None:
        return ""
    sheet = f" [{place.sheet}]" if place.sheet else ""
    row = f":{place.row}" if place.row is not None else ""
    column = f" {text('report.in-column', language, column=place.column)}" if place.column else ""
    return visible(f"{place.file}{sheet}{row}{column}")
