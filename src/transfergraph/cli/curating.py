"""The verbs for who keeps the tables: what is in them, what is wrong with them, and what mends them."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show, show_findings
from transfergraph.cli.show import told
from transfergraph.common.exit_codes import ExitCode
from transfergraph.errors import UsageError
from transfergraph.messages import explained, text


class ReportFormat(StrEnum):
    """The forms of a report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    TURTLE = "turtle"
    FRICTIONLESS = "frictionless"


class SeverityName(StrEnum):
    """The severities as the command line calls them."""

    VIOLATION = "violation"
    WARNING = "warning"
    HINT = "hint"


Workspace = Annotated[Path, typer.Option("--workspace", "-w", help=told("help.workspace"))]
Output = Annotated[Path | None, typer.Option("--output", "-o", help=told("help.output"))]
Lang = Annotated[str, show.language_option("help.lang")]
Form = Annotated[ReportFormat, typer.Option("--format", "-f", help=told("help.report"))]
Annotate = Annotated[Path | None, typer.Option(help=told("help.annotate"))]
Sources = Annotated[str | None, typer.Option(help=told("help.sources"))]
StoreUrl = Annotated[str | None, typer.Option(help=told("help.store"))]

HERE = Path()


def check(
    workspace: Workspace = HERE,
    output: Output = None,
    lang: Lang = show.LANGUAGE,
    form: Form = ReportFormat.TEXT,
    annotate: Annotate = None,
    store: StoreUrl = None,
    every: Annotated[bool, typer.Option("--all", help=told("help.all"))] = False,
    severity: Annotated[list[SeverityName] | None, typer.Option(help=told("help.severity"))] = None,
    table: Annotated[list[str] | None, typer.Option(help=told("help.check-table"))] = None,
    cause: Annotated[list[str] | None, typer.Option(help=told("help.cause"))] = None,
    watch: Annotated[bool, typer.Option("--watch", help=told("help.watch"))] = False,
    sources: Sources = None,
) -> None:
    """Find faults in the tables without writing a release."""
    show_findings.refuse_existing(annotate)
    builds = output or workspace / "build"
    selected = show_findings.ShownFindings(
        severities=tuple(_NAMES[one] for one in severity or ()),
        tables=show_findings.known_tables(workspace, table or ()),
        causes=tuple(cause or ()),
        hints=every or bool(cause) or SeverityName.HINT in (severity or ()),
    )
    if watch:
        if form is not ReportFormat.TEXT or annotate is not None or sources is not None:
            raise UsageError(explained("error.watch.form"))
        raise typer.Exit(show_findings.watched(workspace, builds, lang, store, selected))
    with show.progress(lang, form is ReportFormat.TEXT) as progress:
        report = tg.check(workspace, builds, progress, store, show.listed(sources))
    if form is ReportFormat.TEXT:
        show_findings.checked(report, lang, selected)
    else:
        show_findings.report(selected.of(report), lang, form.value, workspace)
    if annotate is not None:
        show_findings.annotated(report, workspace, annotate, lang)
    raise typer.Exit(ExitCode.DONE if report.conforms else ExitCode.FAULTS)


_NAMES = {
    SeverityName.VIOLATION: "VIOLATION",
    SeverityName.WARNING: "WARNING",
    SeverityName.HINT: "INFO",
}


def columns(
    table: Annotated[str | None, typer.Argument(help=told("help.table"))] = None,
    workspace: Workspace = HERE,
    lang: Lang = show.LANGUAGE,
) -> None:
    """List the canonical tables and what each column means and takes."""
    show.columns(workspace, table, lang)


def template(
    target: Annotated[Path, typer.Argument(help=told("help.template-target"))],
    workspace: Workspace = HERE,
    filled: Annotated[bool, typer.Option("--filled", help=told("help.filled"))] = False,
    source: Annotated[str | None, typer.Option(help=told("help.source"))] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Write a workbook with a sheet for each table, to be filled in."""
    show.line(str(tg.template(workspace, target, filled or source is not None, source, lang)))


def fix(
    workspace: Workspace = HERE,
    yes: Annotated[bool, typer.Option("--yes", "-y", help=told("help.yes"))] = False,
    output: Output = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Apply the remedies that are certain, after showing them."""
    corrections = tg.fix(workspace)
    show_findings.corrections(corrections, lang)
    if corrections.changes:
        if not yes and not show.agrees(text("fix.ask", lang), lang):
            show.line(text("fix.left", lang))
            raise typer.Exit(ExitCode.FAULTS)
        corrections.apply()
        show.line(text("fix.done", lang, count=len(corrections.changes)))
    report = tg.check(workspace, output or workspace / "build")
    show_findings.verdict(report, lang)
    raise typer.Exit(ExitCode.DONE if report.conforms else ExitCode.FAULTS)
