"""The verbs of the command line. Each calls one Python function and shows what it returns.

Exit code 0: done. 1: faults in the data, or in a release that was verified. 2: the call is wrong, or the
query. 3: a query took too much time or memory, or broke the engine. 4: a workspace, file, release, server or
optional package is missing, or cannot be used.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

import transfergraph as tg
from transfergraph.cli import (
    bringing,
    catalogue,
    curating,
    network,
    publishing,
    reviewing,
    show,
    show_findings,
)
from transfergraph.cli.curating import (
    HERE,
    Annotate,
    Form,
    Lang,
    Output,
    ReportFormat,
    Sources,
    StoreUrl,
    Workspace,
)
from transfergraph.cli.show import told
from transfergraph.common.exit_codes import ExitCode, exit_code
from transfergraph.errors import QueryStopped, TransfergraphError, UsageError
from transfergraph.messages import explained, text

app = typer.Typer(
    name="transfergraph",
    help=told("help.about"),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


class StatedFormat(StrEnum):
    """The forms of statements with their cells."""

    TEXT = "text"
    JSON = "json"


StatedForm = Annotated[StatedFormat, typer.Option("--format", "-f", help=told("help.why-form"))]
ReleasePath = Annotated[Path, typer.Option("--release", "-r", help=told("help.release"))]

BUILD = Path("build")
_OF_THE_SYSTEM = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EMFILE, errno.ENFILE)
"""Errors of the system that no input brings about, and that may come wherever something is written."""


def _tell_version(asked: bool) -> None:
    if asked:
        show.line(tg.__version__)
        raise typer.Exit()


@app.callback()
def before_the_verb(
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help=told("help.version"))
    ] = False,
    lang: Lang = show.LANGUAGE,
) -> None:
    """``--lang`` before the verb is read by :func:`show.default_language`, before options are."""


@app.command(short_help=told("help.verb.init"), help=told("help.verb.init.about"))
def init(
    folder: Annotated[Path, typer.Argument(help=told("help.new-folder"))],
    languages: Annotated[str, typer.Option(help=told("help.languages"))] = "de,en",
    lang: Lang = show.LANGUAGE,
) -> None:
    """Begin a workspace: settings, and tables with example rows that build at once."""
    show.begun(tg.init(folder, tuple(one.strip() for one in languages.split(","))), folder, lang)


@app.command(short_help=told("help.verb.build"), help=told("help.verb.build.about"))
def build(
    workspace: Workspace = HERE,
    output: Output = None,
    lang: Lang = show.LANGUAGE,
    form: Form = ReportFormat.TEXT,
    annotate: Annotate = None,
    accept_violations: Annotated[bool, typer.Option(help=told("help.accept-violations"))] = False,
    accept_loss: Annotated[bool, typer.Option(help=told("help.accept-loss"))] = False,
    sources: Sources = None,
) -> None:
    """Turn the tables into a checked, mapped, derived and validated release, and publish it."""
    show_findings.refuse_existing(annotate)
    target = output or workspace / "build"
    with show.progress(lang, form is ReportFormat.TEXT) as progress:
        names = show.listed(sources)
        outcome = tg.build(workspace, target, progress, accept_violations, accept_loss, names)
    if form is ReportFormat.TEXT:
        show_findings.built(outcome, lang, target, workspace)
    else:
        show_findings.report(outcome.report, lang, form.value, workspace)
    if annotate is not None:
        show_findings.annotated(outcome.report, workspace, annotate, lang)
    raise typer.Exit(ExitCode.DONE if outcome.manifest is not None else ExitCode.FAULTS)


app.command(short_help=told("help.verb.check"), help=told("help.verb.check.about"))(curating.check)
app.command(short_help=told("help.verb.sources"), help=told("help.verb.sources.about"))(bringing.sources)
app.add_typer(bringing.source_app, name="source", short_help=told("help.verb.source"))
app.command(short_help=told("help.verb.fix"), help=told("help.verb.fix.about"))(curating.fix)
app.command(short_help=told("help.verb.template"), help=told("help.verb.template.about"))(curating.template)
app.command(short_help=told("help.verb.review"), help=told("help.verb.review.about"))(reviewing.review)
app.command(short_help=told("help.verb.columns"), help=told("help.verb.columns.about"))(curating.columns)


@app.command(short_help=told("help.verb.query"), help=told("help.verb.query.about"))
def query(
    name: Annotated[str | None, typer.Argument(help=told("help.question"))] = None,
    parameter: Annotated[
        list[str] | None, typer.Option("--parameter", "-p", help=told("help.parameter"))
    ] = None,
    file: Annotated[Path | None, typer.Option(help=told("help.query"))] = None,
    form: Annotated[str | None, typer.Option("--format", "-f", help=told("help.form"))] = None,
    release: ReleasePath = BUILD,
    limit: Annotated[int | None, typer.Option(min=1, help=told("help.limit"))] = None,
    store: StoreUrl = None,
    seconds: Annotated[int, typer.Option(min=1, help=told("help.seconds"))] = 300,
    megabytes: Annotated[int, typer.Option(min=1, help=told("help.megabytes"))] = 2048,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Ask a saved question, or run a SPARQL query of your own."""
    if (name is None) == (file is None):
        raise UsageError(explained("error.query.name-or-file"))
    opened = tg.open(release, store, tg.QueryLimits(seconds, megabytes))
    try:
        if name is not None:
            result = opened.question(name, limit=limit, **show.parameters(parameter or []))
        else:
            result = opened.sparql(show.read_query(file), limit=limit)
    except QueryStopped as stopped:
        show.error(text(f"ended.{stopped.cause}", lang, **stopped.limits))
        raise typer.Exit(ExitCode.QUERY) from stopped
    show.result(result, form, lang)


@app.command(short_help=told("help.verb.search"), help=told("help.verb.search.about"))
def search(
    words: Annotated[list[str], typer.Argument(help=told("help.search"), metavar="TEXT")],
    release: ReleasePath = BUILD,
    limit: Annotated[int, typer.Option(min=1, max=100, help=told("help.search.limit"))] = 10,
    as_json: Annotated[bool, typer.Option("--json", help=told("help.search.machine"))] = False,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Find entities by name."""
    opened = tg.open(release)
    result = opened.search(" ".join(words), limit=limit, language=lang)
    if as_json:
        from transfergraph.web.search_page import search_json

        show.line(search_json(result, opened.manifest.base, opened.manifest.id, lang).decode().rstrip())
    else:
        show.search(result, lang)
    raise typer.Exit(0 if result.hits else 1)


@app.command(short_help=told("help.verb.questions"), help=told("help.verb.questions.about"))
def questions(release: ReleasePath = BUILD, lang: Lang = show.LANGUAGE) -> None:
    """List the saved questions with their parameters."""
    show.questions(tg.open(release).questions, lang)


@app.command(short_help=told("help.verb.why"), help=told("help.verb.why.about"))
def why(
    thing: Annotated[str, typer.Argument(help=told("help.thing"))],
    property_: Annotated[str | None, typer.Argument(metavar="[PROPERTY]", help=told("help.property"))] = None,
    form: StatedForm = StatedFormat.TEXT,
    release: ReleasePath = BUILD,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Say where each statement about a thing stands."""
    show.stated(tg.open(release).why(thing, property_), form.value, lang)


@app.command(short_help=told("help.verb.diff"), help=told("help.verb.diff.about"))
def diff(
    old: Annotated[Path, typer.Argument(help=told("help.graph"))],
    new: Annotated[Path, typer.Argument(help=told("help.graph"))],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=told("help.patch-output"))] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Say what changed between two releases, and write the patch that leads from one to the other."""
    from transfergraph.release.changes.patch import compare
    from transfergraph.release.changes.reader_note import reader_note

    show.line(reader_note(compare(old, new, output), lang).rstrip())


@app.command(short_help=told("help.verb.apply"), help=told("help.verb.apply.about"))
def apply(
    patch: Annotated[Path, typer.Argument(help=told("help.patch"))],
    dump: Annotated[Path, typer.Argument(help=told("help.dump"))],
    output: Annotated[Path | None, typer.Option("--output", "-o", help=told("help.new-dump"))] = None,
) -> None:
    """Turn the dump of a release into that of the next, byte for byte."""
    from transfergraph.release.changes.patch import apply as apply_patch

    if output is None:
        show.applied(patch, dump)
    else:
        digest = apply_patch(patch, dump, output)
        show.line(f"{output}: {text('build.triples', show.LANGUAGE, count=digest.triples)}")


@app.command(short_help=told("help.verb.verify"), help=told("help.verb.verify.about"))
def verify(
    release: Annotated[Path, typer.Argument(help=told("help.release-folder"))] = BUILD / "current",
) -> None:
    """Check size and checksum of every file of a release, and that its store can be read."""
    from transfergraph.release.verify import verify as verify_release

    faults = verify_release(release)
    for fault in faults:
        show.line(fault.in_language(show.LANGUAGE))
    if not faults:
        show.line(text("verify.whole", show.LANGUAGE, release=str(release)))
    raise typer.Exit(ExitCode.FAULTS if faults else ExitCode.DONE)


@app.command(short_help=told("help.verb.serve"), help=told("help.verb.serve.about"))
def serve(
    workspace: Workspace = HERE,
    output: Output = None,
    host: Annotated[str, typer.Option(help=told("help.host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help=told("help.port"))] = 8000,
    workers: Annotated[int | None, typer.Option(min=1, help=told("help.workers"))] = None,
    store: StoreUrl = None,
    public_url: Annotated[str | None, typer.Option(help=told("help.public-url"))] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Publish the current release: pages, SPARQL, questions and dumps over HTTP."""
    given: dict[str, object] = {"builds": output or workspace / "build", "host": host, "port": port}
    given |= {"workspace": workspace, "workers": workers, "store_url": store, "public_url": public_url}
    given["language"] = lang
    _become_server(given)


@app.command(short_help=told("help.verb.mcp"), help=told("help.verb.mcp.about"))
def mcp(
    workspace: Workspace = HERE,
    output: Output = None,
    store: StoreUrl = None,
) -> None:
    """Offer the current release to language assistants over standard input and output (MCP)."""
    given: dict[str, object] = {"builds": output or workspace / "build", "workspace": workspace}
    _become_server({**given, "workers": None, "store_url": store, "public_url": None})


app.command(short_help=told("help.verb.network"), help=told("help.verb.network.about"))(network.network)
app.command(short_help=told("help.verb.site"), help=told("help.verb.site.about"))(publishing.site)
app.command(short_help=told("help.verb.push"), help=told("help.verb.push.about"))(publishing.push)
app.command(short_help=told("help.verb.archive"), help=told("help.verb.archive.about"))(publishing.archive)
app.command(short_help=told("help.verb.bulk"), help=told("help.verb.bulk.about"))(publishing.bulk)
app.add_typer(catalogue.app, name="catalogue")


def _become_server(given: dict[str, object]) -> None:
    """Go on as a process of its own, which needs little of what a build needs."""
    command = [sys.executable, "-m", "transfergraph.server", json.dumps(given, default=str)]
    os.execv(sys.executable, command)


def main() -> None:
    """Run the command line; errors that the package raises become one message and an exit code."""
    show.write_every_character()
    try:
        app()
    except TransfergraphError as error:
        show.error(error.in_language(show.LANGUAGE))
        sys.exit(exit_code(error))
    except OSError as error:
        if error.errno not in _OF_THE_SYSTEM:
            raise
        place = error.filename or tempfile.gettempdir()
        show.error(text("error.unwritable", show.LANGUAGE, file=place, error=os.strerror(error.errno)))
        sys.exit(ExitCode.MISSING)
