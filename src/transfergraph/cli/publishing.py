"""The verbs that get a release out: as a site, into a remote store, as an archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.common.progress import Progress, Stage
from transfergraph.errors import UsageError
from transfergraph.messages import Value, text

if TYPE_CHECKING:
    from transfergraph.publish.push.push_release import Pushed
    from transfergraph.publish.static_site import SiteOutcome

ReleasePath = Annotated[Path, typer.Option("--release", "-r", help="A release, or the folder of builds.")]
Lang = Annotated[str, show.language_option("The language of messages.")]

BUILD = Path("build")
_NAMED = 5


def site(
    folder: Annotated[Path, typer.Argument(help="Where the site goes: a new folder, or a site of before.")],
    base_url: Annotated[str | None, typer.Option(help="Under which address it will be seen.")] = None,
    release: ReleasePath = BUILD,
    pages: Annotated[
        bool | None,
        typer.Option("--pages/--no-pages", help="Pages about every entity; up to 50,000 when left out."),
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help="A SPARQL endpoint that holds the graph.")] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Write everything that a plain web server needs to show a release."""
    if base_url is None:
        raise UsageError(
            "Say under which address the site will be seen: --base-url https://data.agency.de/graph/"
        )
    with _bar(lang) as advance:
        done = tg.site(release, folder, base_url, pages, endpoint, advance)
    for line in _site_in_words(done, lang):
        show.line(line)


def push(
    url: Annotated[str, typer.Argument(help="The graph store of the server: https://.../ds/data.")],
    release: ReleasePath = BUILD,
    query_url: Annotated[
        str | None, typer.Option(help="Where it takes queries, if it cannot be told.")
    ] = None,
    update_url: Annotated[
        str | None, typer.Option(help="Where it takes updates, if it cannot be told.")
    ] = None,
    whole: Annotated[
        bool, typer.Option("--whole", help="Send everything, not only what has changed.")
    ] = False,
    in_place: Annotated[
        bool, typer.Option("--in-place", help="Replace graph by graph: needs no updates and less space.")
    ] = False,
    part_megabytes: Annotated[int, typer.Option(min=1, help="Megabytes of one request.")] = 8,
    timeout: Annotated[int, typer.Option(min=1, help="Seconds to wait for one answer.")] = 600,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Load a release into a remote SPARQL server, and verify that it is there."""
    from transfergraph.store.retries import PATIENT

    with _bar(lang) as advance:
        done = tg.push(
            release,
            url,
            query_url=query_url,
            update_url=update_url,
            whole=whole,
            in_place=in_place,
            part_bytes=part_megabytes << 20,
            patience=replace(PATIENT, timeout=timeout),
            advance=advance,
        )
    for line in _push_in_words(done, lang):
        show.line(line)


def archive(
    target: Annotated[
        Path, typer.Argument(help="A file, or a folder for a file with the name of the release.")
    ] = Path(),
    release: ReleasePath = BUILD,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Pack a release into one file for a repository such as Zenodo."""
    with _bar(lang) as advance:
        done = tg.archive(release, target, advance)
    values: dict[str, Value] = {"release": done.release, "files": done.files}
    values["megabytes"] = _megabytes(done.size)
    show.line(f"{done.file}: {text('archive.done', lang, **values)}")


def _site_in_words(done: SiteOutcome, language: str) -> Iterator[str]:
    values: dict[str, Value] = {"release": done.release, "files": done.files}
    values["megabytes"] = _megabytes(done.size)
    yield f"{done.folder}: {text('site.done', language, **values)}"
    if not done.documents:
        yield text("site.no-pages", language, entities=done.entities)
    if done.left_out:
        yield text("site.left-out", language, count=len(done.left_out))
        yield from (f"  {iri}" for iri in done.left_out[:_NAMED])
    for server, name in zip(("nginx", "Apache"), done.settings, strict=True):
        yield f"  {text('site.settings', language, server=server)}: {done.folder / name}"


def _push_in_words(done: Pushed, language: str) -> Iterator[str]:
    yield f"{done.url}: {_manner(done, language)}"
    yield text("push.verified", language, sampled=done.sampled)


def _manner(done: Pushed, language: str) -> str:
    match done.manner:
        case "whole":
            counts = {"triples": sum(done.graphs.values()), "graphs": len(done.graphs)}
            return text("push.whole", language, release=done.release, **counts, resumed=done.resumed)
        case "patch":
            changes = {"added": done.added, "removed": done.removed}
            return text("push.patch", language, release=done.release, **changes)
        case "nothing":
            return text("push.nothing", language, release=done.release)


def _megabytes(size: int) -> int:
    """In megabytes, rounded up: nothing has none."""
    return -(-size // 10**6)


@contextmanager
def _bar(language: str) -> Iterator[Progress]:
    """Shows on standard error how far it is; where that is no terminal, each step once."""
    from rich import progress as bar
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    columns = (
        bar.SpinnerColumn(),
        bar.TextColumn("{task.description}"),
        bar.BarColumn(),
        bar.MofNCompleteColumn(),
        bar.TimeElapsedColumn(),
    )
    begun: set[Stage] = set()
    with bar.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=None)

        def tell(stage: Stage, done: int = 0, total: int = 0) -> None:
            name = text(f"stage.{stage.value}", language)
            progress.update(task, description=name, completed=done, total=total or None)
            if stage not in begun and not console.is_terminal:
                console.print(f"  {name}", style="dim")
            begun.add(stage)

        yield tell
