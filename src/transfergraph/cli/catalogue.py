"""The verbs about DCAT catalogues."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from transfergraph.cli import show

app = typer.Typer(help="Evaluate DCAT catalogues.", no_args_is_help=True)

CURRENT = "build/current/catalog.ttl"


class Form(StrEnum):
    """The forms of an evaluation."""

    TEXT = "text"
    JSON = "json"


@app.callback()
def group() -> None:
    """Evaluate DCAT catalogues."""


@app.command()
def check(
    catalogue: Annotated[str, typer.Argument(help="A file or a web address.")] = CURRENT,
    offline: Annotated[
        bool, typer.Option("--offline", help="Fetch nothing that the catalogue links to.")
    ] = False,
    lang: Annotated[str, show.language_option("The language of messages.")] = show.LANGUAGE,
    form: Annotated[Form, typer.Option("--format", "-f", help="The form of the evaluation.")] = Form.TEXT,
) -> None:
    """Evaluate any catalogue: findings, and quality scores with what to do for more points."""
    from transfergraph.dcat.evaluate.evaluate import evaluate_location
    from transfergraph.dcat.evaluate.fetch import WebLimits

    evaluation = evaluate_location(catalogue, date.today(), None if offline else WebLimits())
    if form is Form.JSON:
        sys.stdout.write(evaluation.to_json())
    else:
        show.findings(evaluation.report, lang, show.MANY)
        show.line(evaluation.to_text(lang).rstrip())
    raise typer.Exit(0 if evaluation.report.conforms else 1)
