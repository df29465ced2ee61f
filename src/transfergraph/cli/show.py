"""What the command line shows: to standard output what was asked for, to standard error how it goes.

What a verb needs is imported when it runs, so that ``--help`` loads no engine.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import typer

from transfergraph.common.displayed_values import visible
from transfergraph.common.text import Text, nearest
from transfergraph.config.declarations import LANGUAGES
from transfergraph.errors import QueryError, UsageError
from transfergraph.messages import explained, in_full, interface_languages, number, template, text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as Styled

    from transfergraph.common.progress import Progress, Stage
    from transfergraph.config.workspace import Workspace
    from transfergraph.findings import Report
    from transfergraph.mapping.published_rows import StatedTriple
    from transfergraph.queries import NamedQuery, Result
    from transfergraph.release.manifest import Manifest
    from transfergraph.release.staging import Outcome
    from transfergraph.search.find import SearchResult
    from transfergraph.tables.csvw import TableGroup

FEW, MANY = 3, 20  # causes and findings that a report on the terminal shows

_WIDTH = 110


def default_language() -> str:
    """The language of the option, or else of the environment, where there are texts in it, else English.

    Help and errors, too, are told in it, though the one is made before options are read, and the other after.
    """
    given = re.findall(r"(?<=\0)--lang[\0=](\w+)(?=\0)", "\0".join(("", *sys.argv, "")))
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    known = interface_languages()
    return next((one for one in given if one in known), nearest(spoken[:2].lower(), known))


LANGUAGE = default_language()


def write_every_character() -> None:
    """Let standard output and standard error take any text.

    Files and pipes get UTF-8 unless ``PYTHONIOENCODING`` says otherwise; what an encoding lacks becomes an
    escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            is_ours = not stream.isatty() and "PYTHONIOENCODING" not in os.environ
            stream.reconfigure(encoding="utf-8" if is_ours else stream.encoding, errors="backslashreplace")


def told(key: str) -> str:
    """A text without values, which needs no library; for help, which is made before a verb runs."""
    return template(key, LANGUAGE)


def language_option(key: str) -> Any:
    """The option ``--lang``, with its help: one of the languages that there are texts in."""
    known = interface_languages()

    def check(value: str) -> str:
        if value not in known:
            raise typer.BadParameter(text("help.bad-language", LANGUAGE, value=value, known=known))
        return value

    return typer.Option("--lang", metavar=f"<{'|'.join(known)}>", help=told(key), callback=check)


def line(content: str) -> None:
    """One line of output."""
    sys.stdout.write(content + "\n")


def error(message: str) -> None:
    """A message about what stopped the run."""
    _console(stderr=True, soft_wrap=True).print(_styled(message, "bold red"))


def _console(**options: Any) -> Console:
    from rich.console import Console

    return Console(**options)


def _styled(content: str, style: str = "") -> Styled:
    from rich.text import Text as Styled

    return Styled(content, style=style)


@contextmanager
def progress(language: str, visible: bool) -> Iterator[Progress]:
    """Tells each stage of a build on standard error, with the seconds that it took."""
    console = _console(stderr=True, quiet=not visible, highlight=False)
    begun: list[tuple[Stage, float]] = []

    def finish() -> None:
        if begun:
            stage, since = begun.pop()
            seconds = f"{number(Decimal(f'{time.monotonic() - since:.1f}'), language, '.0')} s"
            console.print(_styled(f"  {text(f'stage.{stage.value}', language):<28} {seconds:>8}", "dim"))

    with console.status("") as status:

        def tell(stage: Stage, done: int = 0, total: int = 0) -> None:
            finish()
            begun.append((stage, time.monotonic()))
            status.update(_styled(text(f"stage.{stage.value}", language)))

        yield tell
        finish()


def report(found: Report, language: str, form: str, workspace: Path, limit: int) -> None:
    """The report in one of its forms; as text with at most ``limit`` causes and findings."""
    if form == "text":
        findings(found, language, limit)
        return
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


def findings(found: Report, language: str, limit: int) -> None:
    """The report for a reader."""
    from transfergraph.finding_reports.terminal import render

    console = _console(highlight=False)
    console.print(render(found, language, min(console.width, _WIDTH), limit), end="")


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


def annotated(found: Report, root: Path, target: Path, language: str) -> None:
    """Write the copy of the tables with the findings marked."""
    # openpyxl is slow to load
    from transfergraph.finding_reports.marked_workbook import annotate, annotated_sources

    workspace, group = _tables(root)
    annotate(found, list(annotated_sources(workspace, group)), target, language)


def begun(root: Path, named: Path, language: str) -> None:
    """What a new workspace has, and what to do next."""
    console = _console(highlight=False, soft_wrap=True)
    console.print(_styled(text("init.done", language, folder=str(root)), "bold"))
    console.print(f"  {root / 'transfergraph.toml'}: {text('init.settings', language)}")
    console.print(f"  {root / 'data' / 'example'}: {text('init.tables', language)}")
    for file in sorted((root / LANGUAGES).glob("*")):
        console.print(f"  {file}: {text('init.names', language)}")
    console.print(text("init.next", language))
    option = "" if root == Path.cwd() else f" --workspace {shlex.quote(str(named))}"
    for verb in ("check", "build", "serve"):
        console.print(f"  {_program()} {verb}{option}")


def outcome(done: Outcome, language: str, output: Path) -> None:
    """What a build came to, in a few lines that a person understands."""
    console = _console(highlight=False, soft_wrap=True)
    console.print()
    if done.manifest is None:
        violations = sum(finding.severity.rank == 0 for finding in done.report.findings)
        key = "build.stopped-first" if done.release is None else "build.stopped"
        current = "" if done.release is None else done.release.name
        values = {"current": current} if current else {}
        console.print(_styled(text(key, language, violations=violations, **values), "bold red"))
        console.print(
            f"  {text('build.report', language)}: {output / 'report.json'}, {output / 'report.ttl'}"
        )
        return
    _summary(console, done.manifest, done.unchanged, language, output)


def _summary(console: Console, manifest: Manifest, unchanged: bool, language: str, output: Path) -> None:
    from transfergraph.vocabulary.presentation_reader import released_presentation

    shown = released_presentation(output / "current")
    counts = [shown.counted(name, count, language) for name, count in manifest.counts.items() if count]
    if unchanged:
        console.print(text("build.unchanged", language, release=manifest.id))
    console.print(_styled(", ".join(counts), "bold"))
    current = output / "current"
    places = {
        "build.release": current / "manifest.json",
        "build.dumps": current / "data",
        "build.report": current / "report.json",
        "build.network": current / "network.html",
    }
    for key, place in places.items():
        console.print(f"  {text(key, language) + ':':<15} {place}")
    console.print(text("build.next", language))
    options = "" if str(output) == "build" else f" --release {output}"
    for verb in ("questions", *_asking(current, manifest.base)):
        console.print(f"  {_program()} {verb}{options}")


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


def _tables(root: Path) -> tuple[Workspace, TableGroup]:
    from transfergraph.config.workspace import open_workspace
    from transfergraph.tables.csvw import read_table_group

    workspace = open_workspace(root)
    return workspace, read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )


def columns(root: Path, chosen: str | None, language: str) -> None:
    """The tables, each with its columns; a star marks what each row needs."""
    group = _tables(root)[1]
    names = [table.name for table in group.tables]
    if chosen is not None and chosen not in names:
        raise UsageError(explained("error.table.unknown", chosen=chosen, names=", ".join(names)))
    console = _console(highlight=False, soft_wrap=True)
    for table in group.tables:
        if chosen in (None, table.name):
            console.print(_styled(f"{table.name}: {Text(table.title).in_language(language)}", "bold"))
            for column in table.file_columns:
                name = f"{column.name}{'*' if column.required else ''}"
                console.print(_styled(f"  {name:<18} {Text(column.description).in_language(language)}"))


def _program() -> str:
    """How this program is called from here: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if shutil.which("transfergraph") or not called.is_file():
        return "transfergraph"
    return os.path.relpath(called)


def parameters(given: Sequence[str]) -> dict[str, str | list[str]]:
    """``name=value`` pairs; a name that comes several times has several values."""
    values: dict[str, str | list[str]] = {}
    for pair in given:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError(explained("error.parameter.form", pair=pair))
        before = values.get(name)
        if before is None:
            values[name] = value
        else:
            values[name] = [*([before] if isinstance(before, str) else before), value]
    return values


def read_query(file: Path | None) -> str:
    """The text of a query file; ``-`` is standard input."""
    if file is None or str(file) == "-":
        return sys.stdin.read()
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise QueryError(explained("error.unreadable", file=file, error=problem)) from problem


def result(answer: Result, form: str | None, language: str) -> None:
    """The answer to a query; that it was cut is said on standard error, too."""
    from transfergraph.common.namespaces import GRAPH_PREFIXES
    from transfergraph.queries import GraphAnswer

    chosen = form or answer.formats[0] if not isinstance(answer, GraphAnswer) else form or "turtle"
    if chosen not in answer.formats:
        raise UsageError(explained("error.answer.form", chosen=chosen, formats=", ".join(answer.formats)))
    if isinstance(answer, GraphAnswer):
        sys.stdout.write(answer.write(chosen, GRAPH_PREFIXES))
    else:
        sys.stdout.write(answer.write(chosen, language))
    if getattr(answer, "cut", False) and chosen != "table":
        error(text("answer.cut", language))


def stated(found: Sequence[StatedTriple], form: str, language: str) -> None:
    """Statements, each with its cell and its sources."""
    from transfergraph.mapping.published_rows import cell_words, property_name, stated_json

    if form == "json":
        sys.stdout.write(stated_json(found))
        return
    console = _console(highlight=False, soft_wrap=True)
    for one in found:
        console.print(_styled(f"{property_name(one.property)}  {one.value}", "bold"))
        console.print(_styled(f"  {cell_words(one, language)}"))
        sources = in_full("cell.sources", language, sources=", ".join(one.sources))
        console.print(_styled(f"  {sources}", "dim"))


def applied(patch: Path, dump: Path) -> None:
    """Apply a patch and show the dump that it leads to, once it is whole."""
    from transfergraph.release.changes.patch import apply

    with tempfile.TemporaryDirectory(prefix="transfergraph-") as folder:
        target = Path(folder) / "graph.nt"
        apply(patch, dump, target)
        with target.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)


def search(result: SearchResult, language: str) -> None:
    """What was found, line by line: name, kind, why, and where to read on."""
    console = _console(highlight=False, soft_wrap=True)
    if not result.hits:
        _console(stderr=True, soft_wrap=True).print(_styled(text("search.none.verb", language)))
    if result.similar:
        console.print(_styled(text("search.similar", language), "dim"))
    for hit in result.hits:
        by = ", ".join(one.label.in_language(language) for one in hit.found)
        if by:
            by = (
                f"{by}: {visible(hit.as_name)}"
                if hit.as_name
                else text("search.found-in", language, where=by)
            )
        console.print(_styled(visible(hit.name), "bold"))
        console.print(_styled("  " + " · ".join(filter(None, (hit.kind.label.in_language(language), by)))))
        console.print(_styled(f"  {hit.iri}", "dim"))
    if result.more:
        console.print(_styled(text("search.first", language, count=len(result.hits)), "dim"))


def questions(known: Sequence[NamedQuery], language: str) -> None:
    """The saved questions, each with what it needs."""
    console = _console(highlight=False, soft_wrap=True)
    for question in known:
        console.print(_styled(question.name, "bold"))
        console.print(_styled(f"  {question.summary.in_language(language)}"))
        for parameter in question.parameters:
            told = parameter.description.in_language(language)
            console.print(_styled(f"  -p {parameter.name}=…   {told}", "dim"))
