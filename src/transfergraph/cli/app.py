"""The verbs of the command line. Each calls one Python function and shows what it returns.

Exit code 0: done. 1: violations were found, or something stopped the run. 2: the call itself is wrong.
3: a query took too much time or memory, or broke the engine.
"""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import transfergraph as tg
from transfergraph.cli import catalogue, network, publishing, show
from transfergraph.errors import QueryStopped, TransfergraphError, UsageError
from transfergraph.messages import text

app = typer.Typer(
    name="transfergraph",
    help="A knowledge graph and linked-data publisher for cooperation networks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class ReportFormat(StrEnum):
    """The forms of a report."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    TURTLE = "turtle"


Workspace = Annotated[Path, typer.Option("--workspace", "-w", help="The folder with transfergraph.toml.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where releases lie; build/ in the workspace.")
]
Lang = Annotated[str, show.language_option("The language of messages.")]
Form = Annotated[ReportFormat, typer.Option("--format", "-f", help="The form of the report.")]
Annotate = Annotated[
    Path | None, typer.Option(help="Write a copy of the tables with the findings marked: copy.xlsx.")
]
ReleasePath = Annotated[Path, typer.Option("--release", "-r", help="A release, or the folder of builds.")]

StoreUrl = Annotated[
    str | None, typer.Option(help="The URL of a SPARQL server that holds the graph; ask it instead.")
]

HERE = Path()
BUILD = Path("build")


@app.command(short_help="Begin a workspace of your own.")
def init(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.")],
    languages: Annotated[str, typer.Option(help="The languages of names and pages: pl,en.")] = "de,en",
    lang: Lang = show.LANGUAGE,
) -> None:
    """Begin a workspace: settings, and tables with example rows that build at once."""
    show.begun(tg.init(folder, tuple(languages.split(","))), folder, lang)


@app.command(short_help="Turn the tables into a release, and publish it.")
def build(
    workspace: Workspace = HERE,
    output: Output = None,
    lang: Lang = show.LANGUAGE,
    form: Form = ReportFormat.TEXT,
    annotate: Annotate = None,
    accept_violations: Annotated[bool, typer.Option(help="Publish in spite of violations.")] = False,
    accept_loss: Annotated[bool, typer.Option(help="Publish although much is missing.")] = False,
) -> None:
    """Turn the tables into a checked, mapped, derived and validated release, and publish it."""
    target = output or workspace / "build"
    with show.progress(lang, form is ReportFormat.TEXT) as progress:
        outcome = tg.build(workspace, target, progress, accept_violations, accept_loss)
    limit = show.FEW if outcome.report.conforms else show.MANY
    show.report(outcome.report, lang, form.value, workspace, limit)
    if annotate is not None:
        show.annotated(outcome.report, workspace, annotate, lang)
    if form is ReportFormat.TEXT:
        show.outcome(outcome, lang, target)
    raise typer.Exit(0 if outcome.manifest is not None else 1)


@app.command(short_help="Find faults in the tables.")
def check(
    workspace: Workspace = HERE,
    output: Output = None,
    lang: Lang = show.LANGUAGE,
    form: Form = ReportFormat.TEXT,
    annotate: Annotate = None,
    store: StoreUrl = None,
) -> None:
    """Find faults in the tables without writing a release."""
    with show.progress(lang, form is ReportFormat.TEXT) as progress:
        report = tg.check(workspace, output or workspace / "build", progress, store)
    show.report(report, lang, form.value, workspace, show.MANY)
    if annotate is not None:
        show.annotated(report, workspace, annotate, lang)
    raise typer.Exit(0 if report.conforms else 1)


@app.command(short_help="Ask a saved question, or in SPARQL.")
def query(
    name: Annotated[
        str | None, typer.Argument(help="A saved question; see `transfergraph questions`.")
    ] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help="name=value, e.g. year=2021")
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="A SPARQL query of your own; - reads standard input.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", "-f", help="table, csv, tsv, json, xml; turtle, n-triples, ...")
    ] = None,
    release: ReleasePath = BUILD,
    limit: Annotated[int | None, typer.Option(min=1, help="The greatest number of rows.")] = None,
    store: StoreUrl = None,
    seconds: Annotated[int, typer.Option(min=1, help="The time that the query may take.")] = 300,
    megabytes: Annotated[int, typer.Option(min=1, help="The memory that the query may take, in MiB.")] = 2048,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Ask a saved question, or run a SPARQL query of your own."""
    if (name is None) == (file is None):
        raise UsageError("Give either the name of a question or --file with a SPARQL query.")
    opened = tg.open(release, store, tg.QueryLimits(seconds, megabytes))
    try:
        if name is not None:
            result = opened.question(name, limit=limit, **show.parameters(parameter or []))
        else:
            result = opened.sparql(show.read_query(file), limit=limit)
    except QueryStopped as stopped:
        show.error(text(f"ended.{stopped.cause}", lang, **stopped.limits))
        raise typer.Exit(3) from stopped
    show.result(result, form, lang)


@app.command(short_help="List the saved questions.")
def questions(release: ReleasePath = BUILD, lang: Lang = show.LANGUAGE) -> None:
    """List the saved questions with their parameters."""
    show.questions(tg.open(release).questions, lang)


@app.command(short_help="List the tables and their columns.")
def columns(
    table: Annotated[str | None, typer.Argument(help="One table; all when left out.")] = None,
    workspace: Workspace = HERE,
    lang: Lang = show.LANGUAGE,
) -> None:
    """List the canonical tables and what each column means."""
    show.columns(workspace, table, lang)


@app.command(short_help="Say what changed between two releases.")
def diff(
    old: Annotated[Path, typer.Argument(help="A release or a dump (.nt, .nq, .gz).")],
    new: Annotated[Path, typer.Argument(help="A release or a dump (.nt, .nq, .gz).")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the patch to this folder.")
    ] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Say what changed between two releases, and write the patch that leads from one to the other."""
    from transfergraph.release.changes.patch import compare
    from transfergraph.release.changes.reader_note import reader_note

    show.line(reader_note(compare(old, new, output), lang).rstrip())


@app.command(short_help="Make the next dump out of one and a patch.")
def apply(
    patch: Annotated[Path, typer.Argument(help="A release, or a folder with added.nt.gz and removed.nt.gz.")],
    dump: Annotated[
        Path, typer.Argument(help="The dump of the release before (.nt, .nt.gz), or that release.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The new dump; written to standard output without.")
    ] = None,
) -> None:
    """Turn the dump of a release into that of the next, byte for byte."""
    from transfergraph.release.changes.patch import apply as apply_patch

    if output is None:
        show.applied(patch, dump)
    else:
        digest = apply_patch(patch, dump, output)
        show.line(f"{output}: {digest.triples} triples.")


@app.command(short_help="Check the checksums of a release.")
def verify(
    release: Annotated[Path, typer.Argument(help="The folder of a release.")] = BUILD / "current",
) -> None:
    """Check size and checksum of every file of a release, and that its store can be read."""
    from transfergraph.release.verify import verify as verify_release

    faults = verify_release(release)
    for fault in faults:
        show.line(fault)
    if not faults:
        show.line(f"{release}: every file is as the manifest states.")
    raise typer.Exit(1 if faults else 0)


@app.command(short_help="Publish pages, SPARQL and questions.")
def serve(
    workspace: Workspace = HERE,
    output: Output = None,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes any.")] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, help="Heavy queries that run at once.")] = None,
    store: StoreUrl = None,
    public_url: Annotated[
        str | None, typer.Option(help="Where the start page is seen from outside; ends with a slash.")
    ] = None,
) -> None:
    """Publish the current release: pages, SPARQL, questions and dumps over HTTP."""
    given: dict[str, object] = {"builds": output or workspace / "build", "host": host, "port": port}
    given |= {"workspace": workspace, "workers": workers, "store_url": store, "public_url": public_url}
    _become_server(given)


@app.command(short_help="Offer a release to language assistants.")
def mcp(
    workspace: Workspace = HERE,
    output: Output = None,
    store: StoreUrl = None,
) -> None:
    """Offer the current release to language assistants over standard input and output (MCP)."""
    given: dict[str, object] = {"builds": output or workspace / "build", "workspace": workspace}
    _become_server({**given, "workers": None, "store_url": store, "public_url": None})


app.command(short_help="Show the network, or write it as a file.")(network.network)
app.command(short_help="Write a release as files for a web server.")(publishing.site)
app.command(short_help="Load a release into a SPARQL server.")(publishing.push)
app.command(short_help="Pack a release for a repository.")(publishing.archive)
app.add_typer(catalogue.app, name="catalogue")


def _become_server(given: dict[str, object]) -> None:
    """Go on as a process of its own, which needs little of what a build needs."""
    command = [sys.executable, "-m", "transfergraph.server", json.dumps(given, default=str)]
    os.execv(sys.executable, command)


def main() -> None:
    """Run the command line; errors that the package raises become one message and exit code 1."""
    show.write_every_character()
    try:
        app()
    except TransfergraphError as error:
        show.error(str(error))
        sys.exit(1)
