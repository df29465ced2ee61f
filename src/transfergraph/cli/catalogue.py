"""The verbs about DCAT catalogues."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from transfergraph.cli import show

app = typer.Typer(help="Judge DCAT catalogues.", no_args_is_help=True)

CURRENT = "build/current/catalog.ttl"


@app.callback()
def group() -> None:
    """Judge DCAT catalogues."""


@app.command()
def check(
    catalogue: Annotated[str, typer.Argument(help="A file or a web address.")] = CURRENT,
    offline: Annotated[bool, typer.Option(help="Fetch nothing that the catalogue links to.")] = False,
    lang: Annotated[show.Language, typer.Option("--lang", help="The language of messages.")] = show.LANGUAGE,
) -> None:
    """Judge a catalogue, ours or another's: findings, and quality points with what to do for more."""
    from transfergraph.catalogue.judge import WebLimits, judge
    from transfergraph.catalogue.telling import points_in_words

    judgement = judge(catalogue, date.today(), None if offline else WebLimits())
    show.findings(judgement.report, lang.value, show.MANY)
    show.line(points_in_words(judgement, lang.value).rstrip())
    raise typer.Exit(0 if judgement.report.conforms else 1)
