"""Read-back of a release before it is published: each file is parsed as its users parse it."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast
from xml.etree import ElementTree

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.dcat.inputs import CELLS, TABLES
from transfergraph.errors import ReleaseError, TransfergraphError
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.mapping.row_index import ROWS, RowIndex
from transfergraph.messages import explained
from transfergraph.network.layout.network_layout import read_layout
from transfergraph.network.output.write_network import EXPLORER, LAYOUT
from transfergraph.release.changes import ATOM
from transfergraph.release.changes.atom import last_published
from transfergraph.release.changes.history_files import CATALOGUE_FEED, FEED
from transfergraph.release.changes.ldes import LdesStream, read_pages
from transfergraph.release.changes.patch import find_patch
from transfergraph.release.changes.tombstones import TOMBSTONES, read_tombstones
from transfergraph.release.isolated_queries import QUESTIONS
from transfergraph.release.manifest import read_manifest
from transfergraph.release.ontology_versions import read_versions
from transfergraph.release.reader import Release
from transfergraph.release.release_facts import facts_of
from transfergraph.search import SEARCH
from transfergraph.search.find import SearchIndex
from transfergraph.tables.csv_reader import long_fields
from transfergraph.web.ontology_page import read_alignments, read_vocabulary

_NOWHERE = "http://localhost/"  # what relative addresses are resolved against
_GRAPHS = {f".{known.ending}": known.oxigraph for known in GRAPH_FORMATS}
_READ_BEFORE = ("data/graph.", CELLS, f"{FEED}/", f"{CATALOGUE_FEED}/")  # where they were written


def read_back(folder: Path) -> None:
    """Read everything in the folder of a new release but its dumps, its streams and its store.

    Raises :class:`ReleaseError` or
    another of this package's own errors, which names the file.
    """
    release = Release(folder, read_manifest(folder))
    for entry in release.manifest.files:
        if not entry.path.startswith(_READ_BEFORE):
            _try(entry.path, partial(_parse, folder / entry.path))
    for path, use in _uses(release):
        _try(path, use)


def _try(path: str, use: Callable[[], object]) -> None:
    try:
        use()
    except TransfergraphError as error:
        raise (
            error
            if path in str(error)
            else ReleaseError(explained("error.readback.own", path=path, error=error))
        ) from error
    except (OSError, EOFError, SyntaxError, ValueError, LookupError, TypeError, csv.Error) as error:
        raise ReleaseError(explained("error.readback.file", path=path, error=error)) from error


def _uses(release: Release) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is read by readers of its own, as the Python reader and the server do when they open a release."""
    folder = release.path
    yield "report.json", release.report
    if any((folder / QUESTIONS).glob("*.rq")):
        yield QUESTIONS.as_posix(), lambda: release.questions
    facts = facts_of(folder, release.manifest)
    yield CATALOGUE_FILE, lambda: (facts.url, facts.site(facts.url, False), facts.datasets)
    yield (
        CATALOGUE_FILE,
        partial(_same_graph, [folder / f"catalog.{ending}" for ending in ("ttl", "rdf", "jsonld")]),
    )
    for description in (folder / TABLES).glob("*/csvw-metadata.json"):
        yield description.relative_to(folder).as_posix(), partial(_tables, description)
    yield ROWS, RowIndex(folder, release.manifest.base).check
    for name in (FEED, CATALOGUE_FEED):
        yield f"{name}.ttl", partial(_stream, release, name)
    yield ATOM, lambda: last_published(folder)
    yield TOMBSTONES, lambda: read_tombstones(folder)
    yield "changes", lambda: find_patch(folder) if release.manifest.previous else None
    yield "ontology", lambda: (read_versions(folder), [*read_vocabulary(folder), *read_alignments(folder)])
    yield f"{EXPLORER}/{LAYOUT}", partial(_layout, folder)


def _stream(release: Release, name: str) -> None:
    """Check that the root of a stream lists exactly the pages in the release."""
    pages = {page.path for page in read_pages(release.path, LdesStream("", name, {}))}
    files = {one.path for one in release.manifest.files if one.path.startswith(f"{name}/")}
    if pages != {path for path in files if path.endswith(".trig")}:
        raise ValueError(explained("error.readback.pages"))


def _same_graph(files: Sequence[Path]) -> None:
    """Compare the numbers of statements: readers of JSON-LD skip what they cannot read without an error."""
    counts = {file.name: _statements(file) for file in files}
    if len(set(counts.values())) > 1:
        raise ValueError(explained("error.readback.forms", counts=counts))


def _tables(description: Path) -> None:
    """Every table that is described is there, and has the columns of its description."""
    for table in json.loads(description.read_bytes())["tables"]:
        with (description.parent / table["url"]).open(encoding="utf-8", newline="") as stream:
            header = next(csv.reader(stream))
        columns = table["tableSchema"]["columns"]
        if header != [column["name"] for column in columns if not column.get("virtual")]:
            raise ValueError(explained("error.readback.columns", table=table["url"]))


def _layout(folder: Path) -> None:
    if read_layout(folder / EXPLORER / LAYOUT) is None:
        raise ValueError(explained("error.readback.layout"))


def _parse(file: Path) -> None:
    """Read a file to its end as what its name says that it is."""
    ending = _ending(file)
    if ending in _GRAPHS:
        _statements(file)
    elif ending == ".sqlite":
        (SearchIndex if file.parent.name == SEARCH else ListIndex)(file).close()
    elif ending == ".json":
        json.loads(file.read_bytes())
    elif ending == ".atom":
        ElementTree.parse(file)
    elif ending == ".csv":
        with file.open(encoding="utf-8", newline="") as stream, long_fields():
            rows = csv.reader(stream, strict=True)
            width = len(next(rows))
            if not all(len(row) == width for row in rows):
                raise ValueError(explained("error.readback.cells", width=width))
    else:
        file.read_text(encoding="utf-8")


def _statements(file: Path) -> int:
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
        quads = ox.parse(cast(IO[bytes], stream), format=_GRAPHS[_ending(file)], base_iri=_NOWHERE)
        return sum(1 for _ in quads)


def _ending(file: Path) -> str:
    return PurePosixPath(file.name.removesuffix(".gz")).suffix
