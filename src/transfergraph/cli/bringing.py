"""The verbs for sources: bring raw files, begin a source, list what is there."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.cli.curating import HERE, Lang, Output, Workspace
from transfergraph.cli.show import told
from transfergraph.messages import text

MEBIBYTE = 1 << 20

source_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help=told("help.verb.source.about"))


@source_app.command(
    name="add", short_help=told("help.verb.source-add"), help=told("help.verb.source-add.about")
)
def add(
    name: Annotated[str, typer.Argument(help=told("help.source-name"))],
    origin: Annotated[str, typer.Option("--from", help=told("help.source-from"))],
    workspace: Workspace = HERE,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Bring raw files of a source into the workspace."""
    for file in tg.add_source(workspace, name, origin):
        size = f"{file.bytes / MEBIBYTE:.1f}"
        show.line(text("source.added", lang, file=file.name, megabytes=size, sha256=file.sha256))


@source_app.command(
    name="new", short_help=told("help.verb.source-new"), help=told("help.verb.source-new.about")
)
def new(
    name: Annotated[str, typer.Argument(help=told("help.source-name"))],
    workspace: Workspace = HERE,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Begin a source: a skeleton that builds, or one that comes with the program."""
    folder = tg.new_source(workspace, name)
    show.line(text("source.begun", lang, folder=str(folder)))


def sources(workspace: Workspace = HERE, output: Output = None, lang: Lang = show.LANGUAGE) -> None:
    """List the sources: what is there, how old it is, under which licence, and what it yielded."""
    for state in tg.list_sources(workspace, output):
        title = state.source.title.in_language(lang)
        show.line(f"{state.source.name}: {title}")
        age = state.age(date.today())
        show.line(f"  {text('source.state', lang, licence=state.source.licence, days=age)}")
        if state.source.raw and not state.files:
            show.line(f"  {text('source.no-raw-files', lang, name=state.source.name)}")
        for file in state.files:
            key = "source.file-missing" if file.name in state.missing else "source.file"
            size = f"{file.bytes / MEBIBYTE:.1f}"
            show.line(f"  {text(key, lang, file=file.name, megabytes=size, added=str(file.added))}")
        rows = [f"{table} {count}" for table, count in sorted(state.rows.items()) if count]
        show.line(f"  {text('source.yield', lang, rows=rows) if rows else text('source.no-yield', lang)}")
