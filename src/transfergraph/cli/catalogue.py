"""The verbs about DCAT catalogues."""

from __future__ import annotations

import sys
from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from transfergraph.cli import show

app = typer.Typer(help="Judge DCAT catalogues.", no_args_is_help=True)

CURRENT = "build/current/catalog.ttl"


class Form(StrEnum):
    """The forms of a judgement."""

    TEXT = "text"
    JSON = "json"


@app.callback()
def group() -> None:
    """Judge DCAT catalogues."""


@app.command()
def check(
    catalogue: Annotated[str, typer.Argument(help="A file or a web address.")] = CURRENT,
    offline: Annotated[
        bool, typer.Option("--offline", help="Fetch nothing that the catalogue links to.")
    ] = False,
    lang: Annotated[show.Language, typer.Option("--lang", help="The language of messages.")] = show.LANGUAGE,
    form: Annotated[Form, typer.Option("--format", "-f", help="The form of the judgement.")] = Form.TEXT,
) -> None:
    """Judge a catalogue, ours or another's: findings, and quality points with what to do for more."""
    from transfergraph.dcat.evaluate.evaluate_location import WebLimits, evaluate_location
    from transfergraph.dcat.evaluate.evaluation_json import evaluation_to_json
    from transfergraph.dcat.evaluate.score_texts import points_in_words

    judgement = evaluate_location(catalogue, date.today(), None if offline else WebLimits())
    if form is Form.JSON:
        sys.stdout.write(evaluation_to_json(judgement))
    else:
        show.findings(judgement.report, lang.value, show.MANY)
        show.line(points_in_words(judgement, lang.value).rstrip())
    raise typer.Exit(0 if judgement.report.conforms else 1)
