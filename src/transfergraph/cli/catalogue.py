"""The verbs about DCAT catalogues."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from transfergraph.cli import show, show_findings
from transfergraph.cli.show import told
from transfergraph.common.exit_codes import ExitCode

app = typer.Typer(help=told("help.catalogue"), no_args_is_help=True)

CURRENT = "build/current/catalog.ttl"


class Form(StrEnum):
    """The forms of an evaluation."""

    TEXT = "text"
    JSON = "json"


@app.callback(help=told("help.catalogue"))
def group() -> None:
    """Evaluate DCAT catalogues."""


@app.command(help=told("help.verb.catalogue-check"))
def check(
    catalogue: Annotated[str, typer.Argument(help=told("help.location"))] = CURRENT,
    offline: Annotated[bool, typer.Option("--offline", help=told("help.offline"))] = False,
    lang: Annotated[str, show.language_option("help.lang")] = show.LANGUAGE,
    form: Annotated[Form, typer.Option("--format", "-f", help=told("help.evaluation-form"))] = Form.TEXT,
) -> None:
    """Evaluate any catalogue: findings, and quality scores with what to do for more points."""
    from transfergraph.dcat.evaluate.evaluate import evaluate_location
    from transfergraph.dcat.evaluate.fetch import WebLimits

    evaluation = evaluate_location(catalogue, date.today(), None if offline else WebLimits())
    if form is Form.JSON:
        sys.stdout.write(evaluation.to_json())
    else:
        show_findings.findings(evaluation.report, lang)
        show.line(evaluation.to_text(lang).rstrip())
    raise typer.Exit(ExitCode.DONE if evaluation.report.conforms else ExitCode.FAULTS)
