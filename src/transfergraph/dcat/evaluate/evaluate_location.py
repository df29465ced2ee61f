"""Judging the catalogue at a location, with its files where they can be reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT
from transfergraph.dcat.evaluate.evaluation import Evaluation, evaluate_catalogue
from transfergraph.dcat.evaluate.fetch import first_of, from_folders, from_web, nowhere
from transfergraph.dcat.evaluate.load_catalogue import read_catalogue


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How long and how much is fetched: seconds for one answer, MiB of one file, seconds for everything."""

    seconds: float = 20.0
    megabytes: int = 512
    total_seconds: float = 600.0


def evaluate_location(location: str, today: date, web: WebLimits | None) -> Evaluation:
    """Judge the catalogue in a file or at an address; without ``web`` nothing is fetched.

    Files that lie beside a catalogue file, as in a release, are taken for what their addresses would give.
    Raises :class:`~transfergraph.errors.UsageError` when the catalogue cannot be read.
    """
    with TemporaryDirectory(prefix="transfergraph-") as scratch:
        fetch = nowhere if web is None else from_web(
            Path(scratch), web.seconds, web.megabytes, web.total_seconds
        )  # fmt: skip
        triples = read_catalogue(location, fetch)
        folders = files_beside(triples, Path(location).parent) if Path(location).is_file() else {}
        return evaluate_catalogue(triples, today, first_of(from_folders(folders), fetch))


def files_beside(triples: Iterable[ox.Triple], folder: Path) -> dict[str, Path]:
    """The address that the folder mirrors, when a file that the catalogue offers lies in it."""
    urls = {
        triple.object.value
        for triple in triples
        if triple.predicate.value == DCAT + "downloadURL" and isinstance(triple.object, ox.NamedNode)
    }
    for url in sorted(urls):
        parts = urlsplit(url).path.strip("/").split("/")
        for start in range(len(parts)):
            rest = "/".join(parts[start:])
            if rest and (folder / unquote(rest)).is_file():
                return {url.removesuffix(rest): folder}
    return {}
