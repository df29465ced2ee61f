"""The verbs that get a release out: as a site, into a remote store, as an archive."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.cli.show import told
from transfergraph.common.progress import Progress, Stage
from transfergraph.errors import UsageError
from transfergraph.messages import Value, explained, text

if TYPE_CHECKING:
    from transfergraph.publish.push.push_release import Pushed
    from transfergraph.publish.static_site import SiteOutcome

ReleasePath = Annotated[Path, typer.Option("--release", "-r", help=told("help.release"))]
Lang = Annotated[str, show.language_option("help.lang")]

BUILD = Path("build")
_NAMED = 5


def site(
    folder: Annotated[Path, typer.Argument(help=told("help.site-folder"))],
    base_url: Annotated[
        str | None, typer.Option("--base-url", "--public-url", help=told("help.base-url"))
    ] = None,
    release: ReleasePath = BUILD,
    pages: Annotated[
        bool | None,
        typer.Option("--pages/--no-pages", help=told("help.pages")),
    ] = None,
    endpoint: Annotated[str | None, typer.Option(help=told("help.endpoint"))] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Write everything that a plain web server needs to show a release."""
    if base_url is None:
        raise UsageError(explained("error.site.base-url"))
    with _bar(lang) as advance:
        done = tg.site(release, folder, base_url, pages, endpoint, advance)
    for line in _site_in_words(done, lang):
        show.line(line)


def push(
    url: Annotated[str, typer.Argument(help=told("help.graph-store"))],
    release: ReleasePath = BUILD,
    query_url: Annotated[str | None, typer.Option(help=told("help.query-url"))] = None,
    update_url: Annotated[str | None, typer.Option(help=told("help.update-url"))] = None,
    whole: Annotated[bool, typer.Option("--whole", help=told("help.whole"))] = False,
    in_place: Annotated[bool, typer.Option("--in-place", help=told("help.in-place"))] = False,
    part_megabytes: Annotated[int, typer.Option(min=1, help=told("help.part-megabytes"))] = 8,
    connections: Annotated[int, typer.Option(min=1, max=16, help=told("help.connections"))] = 1,
    timeout: Annotated[int, typer.Option(min=1, help=told("help.timeout"))] = 600,
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
            connections=connections,
            patience=replace(PATIENT, timeout=timeout),
            advance=advance,
        )
    for line in _push_in_words(done, lang):
        show.line(line)


def archive(
    target: Annotated[Path, typer.Argument(help=told("help.archive-target"))] = Path(),
    release: ReleasePath = BUILD,
    sign: Annotated[Path | None, typer.Option(help=told("help.sign"))] = None,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Pack a release into one file for a repository such as Zenodo."""
    password = os.environ.get("MINISIGN_PASSWORD")
    with _bar(lang) as advance:
        done = tg.archive(release, target, advance, key=sign, password=password)
    values: dict[str, Value] = {"release": done.release, "files": done.files}
    values["megabytes"] = _megabytes(done.size)
    show.line(f"{done.file}: {text('archive.done', lang, **values)}")
    if done.public_key:
        show.line(f"{text('archive.signed', lang)} {done.public_key}")


def bulk(
    folder: Annotated[Path, typer.Argument(help=told("help.bulk-folder"))],
    release: ReleasePath = BUILD,
    part_megabytes: Annotated[int, typer.Option(min=1, help=told("help.bulk-part"))] = 256,
    lang: Lang = show.LANGUAGE,
) -> None:
    """Write the graph as N-Quads in parts, for the bulk loaders of stores."""
    with _bar(lang) as advance:
        done = tg.bulk(release, folder, part_megabytes << 20, advance)
    values: dict[str, Value] = {"release": done.release, "parts": done.parts, "quads": done.quads}
    values["megabytes"] = _megabytes(done.size)
    show.line(f"{done.folder}: {text('bulk.done', lang, **values)}")


def _site_in_words(done: SiteOutcome, language: str) -> Iterator[str]:
    values: dict[str, Value] = {"release": done.release, "files": done.files}
    values["megabytes"] = _megabytes(done.size)
    yield f"{done.folder}: {text('site.done', language, **values)}"
    if not done.documents:
        yield text("site.no-pages", language, entities=done.entities)
    if done.left_out:
        yield text("site.left-out", language, count=len(done.left_out))
        yield from (f"  {iri}" for iri in done.left_out[:_NAMED])
    if done.lacking:
        yield text("site.lacking", language, names=list(done.lacking))
    if done.unfilled:
        yield text("site.unfilled", language, names=list(done.unfilled))
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
