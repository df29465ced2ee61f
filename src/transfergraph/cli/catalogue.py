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
from transfergraph.errors import UsageError
from transfergraph.messages import explained

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
    profile: Annotated[str, typer.Option("--profile", help=told("help.profile"))] = "auto",
    lang: Annotated[str, show.language_option("help.lang")] = show.LANGUAGE,
    form: Annotated[Form, typer.Option("--format", "-f", help=told("help.evaluation-form"))] = Form.TEXT,
) -> None:
    """Evaluate any catalogue: findings, and quality scores with what to do for more points."""
    from transfergraph.dcat.evaluate.evaluate import evaluate_location
    from transfergraph.dcat.evaluate.fetch import WebLimits
    from transfergraph.dcat.evaluate.profiles import Profile

    known = [one.value for one in Profile]
    if profile not in known:
        raise UsageError(explained("error.catalogue.profile", chosen=profile, known=", ".join(known)))
    web = None if offline else WebLimits()
    evaluation = evaluate_location(catalogue, date.today(), web, Profile(profile))
    if form is Form.JSON:
        sys.stdout.write(evaluation.to_json())
    else:
        show_findings.findings(evaluation.report, lang)
        show.line(evaluation.to_text(lang).rstrip())
    raise typer.Exit(ExitCode.DONE if evaluation.report.conforms else ExitCode.FAULTS)
