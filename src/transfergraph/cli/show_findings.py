"""What the command line shows of findings: of a check, of a watch, and at the end of a build."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from transfergraph.cli.show import console_of, error, line, program, styled, tables_of
from transfergraph.common.displayed_values import visible
from transfergraph.common.exit_codes import ExitCode
from transfergraph.errors import UsageError
from transfergraph.messages import explained, in_full, text

if TYPE_CHECKING:
    from rich.console import Console

    from transfergraph.config.workspace import Workspace
    from transfergraph.findings import Report
    from transfergraph.fix_workspace import Corrections
    from transfergraph.release.manifest import Manifest
    from transfergraph.release.staging import Outcome
    from transfergraph.watch_workspace import Look

_WIDTH = 110
_CONTRADICTIONS = 10  # that the end of a build tells


@dataclass(frozen=True, slots=True)
class ShownFindings:
    """Which findings are shown; ``hints`` with their rows, and not as numbers only.

    ``severities`` are the names of those of :class:`transfergraph.Severity`.
    """

    severities: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    hints: bool = False

    def of(self, found: Report) -> Report:
        """The selected findings of a report."""
        from transfergraph.findings import Severity

        return found.select([Severity[name] for name in self.severities], self.tables, self.causes)


_GRAVE = ShownFindings(("VIOLATION", "WARNING"))


def known_tables(root: Path, chosen: Sequence[str]) -> tuple[str, ...]:
    """The chosen tables; raises :class:`UsageError` for one that is not described."""
    names = [table.name for table in tables_of(root)[1].tables] if chosen else []
    for name in chosen:
        if name not in names:
            raise UsageError(explained("error.table.unknown", chosen=name, names=", ".join(names)))
    return tuple(chosen)


def report(found: Report, language: str, form: str, workspace: Path) -> None:
    """The report in one of its forms for programs."""
    from transfergraph import __version__
    from transfergraph.config.workspace import open_workspace
    from transfergraph.finding_reports.json_report import report_to_json
    from transfergraph.finding_reports.sarif import report_to_sarif
    from transfergraph.finding_reports.shacl_report import report_to_turtle

    opened = open_workspace(workspace)
    match form:
        case "json":
            sys.stdout.write(report_to_json(found, opened.settings.languages))
        case "sarif":
            sys.stdout.write(report_to_sarif(found, language, __version__, _Lines(opened)))
        case "turtle":
            sys.stdout.write(report_to_turtle(found, opened.settings.base, opened.settings.languages))
        case "frictionless":
            # openpyxl is slow to load
            from transfergraph.finding_reports.frictionless_report import report_to_frictionless
            from transfergraph.finding_reports.marked_workbook import annotated_sources

            sources = list(annotated_sources(*tables_of(workspace)))
            sys.stdout.write(report_to_frictionless(found, language, sources))


def findings(found: Report, language: str, hints: bool = True) -> None:
    """The report for a reader."""
    from transfergraph.finding_reports.terminal import render_in_parts

    console = console_of(highlight=False)
    for part in render_in_parts(found, language, min(console.width, _WIDTH), hints):
        if console.color_system is None:
            console.file.write(part.plain)  # 70 times as fast, for reports of 100,000 lines
        else:
            console.print(part, end="")


def checked(found: Report, language: str, selected: ShownFindings) -> None:
    """What a check found, as far as it was selected, and the verdict on the whole."""
    findings(selected.of(found), language, selected.hints)
    there = {one.code for one in found.findings}
    if there and (absent := set(selected.causes) - there):
        line(text("report.causes-there", language, absent=sorted(absent), there=sorted(there)))
    verdict(found, language)


def verdict(found: Report, language: str) -> None:
    """Whether the data may be published."""
    from transfergraph.finding_reports.terminal import render_verdict

    console = console_of(highlight=False)
    console.print()
    console.print(render_verdict(found, language, min(console.width, _WIDTH)), end="")


def watched(root: Path, output: Path, language: str, store: str | None, selected: ShownFindings) -> ExitCode:
    """Tell what each look at the workspace brings, until Ctrl-C; what the last one came to."""
    from transfergraph.watch_workspace import watch

    conforms = True
    with suppress(KeyboardInterrupt):
        for number, look in enumerate(watch(root, output, store_url=store)):
            conforms = look.report.conforms
            _look(look, language, selected, is_first=number == 0)
    return ExitCode.DONE if conforms else ExitCode.FAULTS


def _look(look: Look, language: str, selected: ShownFindings, is_first: bool) -> None:
    console = console_of(highlight=False)
    if look.error is not None:
        error(look.error.in_language(language))
    elif is_first:
        checked(look.report, language, selected)
    else:
        for key, part in (("watch.gone", look.gone), ("watch.new", look.new)):
            some = selected.of(part)
            console.print(styled(text(key, language, count=len(some)), "bold"))
            if len(some):
                findings(some, language)
        console.print(styled(text("watch.still", language, count=len(selected.of(look.still))), "bold"))
        verdict(look.report, language)
    console.print(styled(text("watch.waiting", language), "dim"))
    sys.stdout.flush()


def refuse_existing(target: Path | None) -> None:
    """Raise :class:`UsageError` where a copy of the tables would overwrite a file with corrections."""
    if target is not None and target.exists():
        raise UsageError(explained("error.template.exists", target=target))


def annotated(found: Report, root: Path, target: Path, language: str) -> None:
    """Write the copy of the tables with the findings marked."""
    # openpyxl is slow to load
    from transfergraph.finding_reports.marked_workbook import annotate, annotated_sources

    workspace, group = tables_of(root)
    annotate(found, list(annotated_sources(workspace, group)), target, language)
    sys.stderr.write(f"{in_full('check.annotated', language, target=str(target))}\n")


def corrections(found: Corrections, language: str) -> None:
    """What would be changed, a cell on a line, and what is left to the reader."""
    from transfergraph.finding_reports.terminal import place_words

    console = console_of(highlight=False, soft_wrap=True)
    for one in found.changes:
        console.print(styled(f"{place_words(one.place, language)}: ", "bold"), end="")
        console.print(styled(visible(one.old), "red"), "→", styled(visible(one.new), "green"))
    for place, reason in found.refused:
        told = f"{place_words(place, language)}: {reason.in_language(language)}"
        console.print(styled(told, "yellow"))
    if not found.changes:
        console.print(text("fix.nothing", language))


class _Lines:
    """Finds the line of a file on which a row begins; each file is read once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[str, list[int]] = {}

    def __call__(self, file: str, row: int) -> int:
        from transfergraph.tables.csv_reader import row_lines

        if file not in self._known:
            megabytes = self._workspace.settings.limits.file_megabytes
            self._known[file] = row_lines(self._workspace.root / file, megabytes)
        lines = self._known[file]
        return lines[row - 1] if row <= len(lines) else row


def built(done: Outcome, language: str, output: Path, workspace: Path) -> None:
    """What a build came to, in a few lines that a person understands."""
    grave = _GRAVE.of(done.report)
    if len(grave):
        findings(grave, language)
    if done.manifest is None:
        verdict(done.report, language)
        _stopped(done, language, output)
    else:
        _made(done, done.manifest, language, output, workspace)


def _stopped(done: Outcome, language: str, output: Path) -> None:
    console = console_of(highlight=False, soft_wrap=True)
    violations = len(ShownFindings(("VIOLATION",)).of(done.report))
    key = "build.stopped-first" if done.release is None else "build.stopped"
    values = {} if done.release is None else {"current": done.release.name}
    console.print(styled(text(key, language, violations=violations, **values), "bold red"))
    console.print(f"  {text('build.report', language)}: {output / 'report.json'}, {output / 'report.ttl'}")


def _made(done: Outcome, manifest: Manifest, language: str, output: Path, workspace: Path) -> None:
    from transfergraph.vocabulary.presentation_reader import released_presentation

    console = console_of(highlight=False, soft_wrap=True)
    if len(_GRAVE.of(done.report)):
        console.print()
    shown = released_presentation(output / "current")
    counts = [shown.counted(name, count, language) for name, count in manifest.counts.items() if count]
    key = "build.unchanged" if done.unchanged else "build.made"
    console.print(text(key, language, release=manifest.id))
    console.print(styled(f"  {', '.join(counts)}", "bold"))
    _contradictions(done.report, language, console)
    if rows := done.report.rows_to_enrich:
        console.print(text("build.richer", language, count=rows))
    console.print(f"{text('build.open', language)}: {output / 'current' / 'network.html'}")
    console.print(text("build.next", language))
    release = "" if str(output) == "build" else f" --release {shlex.quote(str(output))}"
    folder = "" if workspace.resolve() == Path.cwd() else f" --workspace {shlex.quote(str(workspace))}"
    asking = _asking(output / "current", manifest.base)
    commands = [f"check{folder}", f"questions{release}", *(f"{verb}{release}" for verb in asking)]
    for command in commands:
        console.print(f"  {program()} {command}")


def _contradictions(found: Report, language: str, console: Console) -> None:
    from transfergraph.finding_reports.terminal import render_sentences

    known = found.contradictions
    if known:
        console.print(text("build.contradictions", language, count=len(known)))
        width = min(console.width, _WIDTH)
        console.print(render_sentences(known[:_CONTRADICTIONS], language, width), end="")
    if len(known) > _CONTRADICTIONS:
        console.print(f"  {text('report.more-findings', language, count=len(known) - _CONTRADICTIONS)}")


def _asking(release: Path, base: str) -> Iterator[str]:
    """How to ask the first question about an entity, with its example."""
    from transfergraph.queries import load_queries
    from transfergraph.queries.parameters import entity_folder

    for question in load_queries(release / "queries" / "questions"):
        for parameter in question.parameters:
            if parameter.is_entity:
                key = parameter.example.strip("<>").removeprefix(entity_folder(parameter, base))
                yield f"query {question.name} -p {parameter.name}={shlex.quote(unquote(key))}"
                return
