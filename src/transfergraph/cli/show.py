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
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from transfergraph.common.displayed_values import visible
from transfergraph.common.files import ScratchFolder
from transfergraph.common.text import Text, nearest
from transfergraph.config.declarations import LANGUAGES
from transfergraph.errors import QueryError, UsageError
from transfergraph.messages import explained, in_full, interface_languages, number, template, text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as Styled

    from transfergraph.common.progress import Progress, Stage
    from transfergraph.config.workspace import Workspace
    from transfergraph.mapping.published_rows import StatedTriple
    from transfergraph.queries import NamedQuery, Result
    from transfergraph.search.find import SearchResult
    from transfergraph.tables.column_guide import ColumnGuide
    from transfergraph.tables.csvw import TableGroup


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


def agrees(question: str, language: str) -> bool:
    """Ask until the answer is yes or no: the word or its first letter, in the language or in English."""
    words = [(text("page.yes", one), text("page.no", one)) for one in (language, "en")]
    agreed, denied = (
        {form for word in several for form in (word, word[0])} for several in zip(*words, strict=True)
    )
    (yes, no), said = words[0], None
    while said not in agreed | denied | {""}:
        said = (
            typer.prompt(f"{question} [{yes[0]}/{no[0].upper()}]", default="", show_default=False)
            .strip()
            .casefold()
        )
    return said in agreed


def error(message: str) -> None:
    """A message about what stopped the run."""
    console_of(stderr=True, soft_wrap=True).print(styled(message, "bold red"))


def console_of(**options: Any) -> Console:
    """Where the rich library writes, with its options."""
    from rich.console import Console

    return Console(**options)


def styled(content: str, style: str = "") -> Styled:
    """A text that is taken for no markup."""
    from rich.text import Text as Styled

    return Styled(content, style=style)


@contextmanager
def progress(language: str, visible: bool) -> Iterator[Progress]:
    """Tells each stage of a build on standard error, with the seconds that it took."""
    console = console_of(stderr=True, quiet=not visible, highlight=False)
    begun: list[tuple[Stage, float]] = []

    def finish() -> None:
        if begun:
            stage, since = begun.pop()
            seconds = f"{number(Decimal(f'{time.monotonic() - since:.1f}'), language, '.0')} s"
            console.print(styled(f"  {text(f'stage.{stage.value}', language):<28} {seconds:>8}", "dim"))

    with console.status("") as status:

        def tell(stage: Stage, done: int = 0, total: int = 0) -> None:
            finish()
            begun.append((stage, time.monotonic()))
            status.update(styled(text(f"stage.{stage.value}", language)))

        yield tell
        finish()


def begun(root: Path, named: Path, language: str) -> None:
    """What a new workspace has, and what to do next."""
    console = console_of(highlight=False, soft_wrap=True)
    console.print(styled(text("init.done", language, folder=str(root)), "bold"))
    console.print(f"  {root / 'transfergraph.toml'}: {text('init.settings', language)}")
    console.print(f"  {root / 'data' / 'example'}: {text('init.tables', language)}")
    for file in sorted((root / LANGUAGES).glob("*")):
        console.print(f"  {file}: {text('init.names', language)}")
    console.print(text("init.next", language))
    option = "" if root == Path.cwd() else f" --workspace {shlex.quote(str(named))}"
    for verb in ("check", "build", "serve"):
        console.print(f"  {program()} {verb}{option}")


def tables_of(root: Path) -> tuple[Workspace, TableGroup]:
    """The workspace, and the tables that it describes."""
    from transfergraph.config.workspace import open_workspace
    from transfergraph.tables.csvw import read_table_group

    workspace = open_workspace(root)
    return workspace, read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )


def listed(names: str | None) -> tuple[str, ...]:
    """The names of an option that takes several, ``saxony,cordis``; none without it."""
    return tuple(one.strip() for one in (names or "").split(",") if one.strip())


def columns(root: Path, chosen: str | None, language: str) -> None:
    """The tables, each with its columns; a star marks what each row needs; below it what the column takes."""
    import transfergraph as tg

    guides = tg.columns(root)
    names = [guide.table.name for guide in guides]
    if chosen is not None and chosen not in names:
        raise UsageError(explained("error.table.unknown", chosen=chosen, names=", ".join(names)))
    console = console_of(highlight=False, soft_wrap=True)
    for guide in guides:
        if chosen in (None, guide.table.name):
            console.print(
                styled(f"{guide.table.name}: {Text(guide.table.title).in_language(language)}", "bold")
            )
            for one in guide.columns:
                name = f"{one.column.name}{'*' if one.column.required else ''}"
                console.print(styled(f"  {name:<18} {Text(one.column.description).in_language(language)}"))
                for taken in _taken(one, language):
                    console.print(styled(f"{'':<21}{taken}", "dim"))


def _taken(guide: ColumnGuide, language: str) -> Iterator[str]:
    """What a column takes, where that is a term or a key."""
    separator = guide.column.separator or ""
    if guide.tables:
        names = ", ".join(table.name for table in guide.tables)
        yield in_full("columns.keys", language, tables=names)
    elif guide.terms is not None:
        yield in_full("columns.terms", language, list=guide.terms.name.in_language(language))
    if separator and (guide.tables or guide.terms):
        yield in_full("columns.several", language, separator=separator)
    for key, name in sorted(guide.terms.terms.items()) if guide.terms else ():
        yield f"  {key:<32} {name.in_language(language)}"


def program() -> str:
    """How this program is called from here: by its name where the shell finds it, else by its path."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m transfergraph"
    if shutil.which("transfergraph") or not called.is_file():
        return "transfergraph"
    return shlex.quote(os.path.relpath(called))


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
    console = console_of(highlight=False, soft_wrap=True)
    for one in found:
        tag = getattr(one.value, "language", None)  # of a text
        value = visible(f"{one.value.value} ({tag})" if tag else one.value.value)
        console.print(styled(f"{property_name(one.property)}  {value}", "bold"))
        console.print(styled(f"  {cell_words(one, language)}"))
        sources = in_full("cell.sources", language, sources=", ".join(one.sources))
        console.print(styled(f"  {sources}", "dim"))


def applied(patch: Path, dump: Path) -> None:
    """Apply a patch and show the dump that it leads to, once it is whole."""
    from transfergraph.release.changes.patch import apply

    with ScratchFolder() as folder:
        target = Path(folder) / "graph.nt"
        apply(patch, dump, target)
        with target.open("rb") as stream:
            shutil.copyfileobj(stream, sys.stdout.buffer)


def search(result: SearchResult, language: str) -> None:
    """What was found, line by line: name, kind, why, and where to read on."""
    console = console_of(highlight=False, soft_wrap=True)
    if not result.hits:
        console_of(stderr=True, soft_wrap=True).print(styled(text("search.none.verb", language)))
    if result.similar:
        console.print(styled(text("search.similar", language), "dim"))
    for hit in result.hits:
        by = ", ".join(one.label.in_language(language) for one in hit.found)
        if by:
            by = (
                f"{by}: {visible(hit.as_name)}"
                if hit.as_name
                else text("search.found-in", language, where=by)
            )
        console.print(styled(visible(hit.name), "bold"))
        console.print(styled("  " + " · ".join(filter(None, (hit.kind.label.in_language(language), by)))))
        console.print(styled(f"  {hit.iri}", "dim"))
    if result.more:
        console.print(styled(text("search.first", language, count=len(result.hits)), "dim"))


def questions(known: Sequence[NamedQuery], language: str) -> None:
    """The saved questions, each with what it needs."""
    console = console_of(highlight=False, soft_wrap=True)
    for question in known:
        console.print(styled(question.name, "bold"))
        console.print(styled(f"  {question.summary.in_language(language)}"))
        for parameter in question.parameters:
            told = parameter.description.in_language(language)
            console.print(styled(f"  -p {parameter.name}=…   {told}", "dim"))
