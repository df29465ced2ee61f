"""The workspace: ``transfergraph.toml``, the sources and where everything lies, as frozen values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from transfergraph.common.iris import iri_fault
from transfergraph.common.text import Text
from transfergraph.config.catalogue_settings import CatalogueSettings, read_catalogue_settings
from transfergraph.config.server_settings import ServerSettings, read_server_settings
from transfergraph.config.toml_keys import Keys
from transfergraph.config.workspace_links import files_within
from transfergraph.errors import WorkspaceError

SETTINGS_FILE = "transfergraph.toml"
SOURCE_FILE = "source.toml"
VERSION = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")
"""The number of a version, in full: it becomes a part of paths and IRIs as it is."""

_LOSS = 10


@dataclass(frozen=True, slots=True)
class Limits:
    """What no input and no answer may exceed.

    ``consortium``: partners of one undertaking above which it ties nobody to anybody;
    ``cell_length``: characters; ``file_megabytes``: MiB of one unpacked input file;
    ``result_rows``: rows of an answer before it is cut, and says so;
    ``loss``: per cent of what the release before had that a release may lose, from 0 to 100.
    """

    consortium: int
    cell_length: int
    file_megabytes: int
    result_rows: int
    loss: int


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of ``transfergraph.toml``; ``base`` is the IRI under which all data IRIs are minted."""

    base: str
    title: Text
    description: Text
    licence: str
    publisher: str
    homepage: str
    version: str
    issued: date
    limits: Limits
    catalogue: CatalogueSettings
    server: ServerSettings


@dataclass(frozen=True, slots=True)
class Source:
    """A folder in ``data/`` with its ``source.toml``.

    ``rows`` maps the name of a table to the least and the greatest number of rows that are expected.
    """

    name: str
    folder: Path
    title: Text
    publisher: str
    licence: str
    attribution: Text
    url: str
    retrieved: date
    rows: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings, ontology, data and queries."""

    root: Path
    settings: Settings
    sources: tuple[Source, ...]

    @property
    def ontology(self) -> Path:
        """The folder of ontology, shapes, schemes and the CSVW description."""
        return self.root / "ontology"

    @property
    def queries(self) -> Path:
        """The folder of questions, rules and checks."""
        return self.root / "queries"

    def files(self) -> list[Path]:
        """Every file of the workspace; raises :class:`WorkspaceError` for a link that leads out of it."""
        return _files(self.root)

    def relative(self, path: Path) -> str:
        """The path as findings name it: from the root of the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def open_workspace(root: Path) -> Workspace:
    """Read the settings of the workspace and of each of its sources.

    Raises :class:`WorkspaceError` naming file and key when something is missing, unknown or wrong, and
    before anything is read for a link that leads out of the workspace.
    """
    root = root.resolve()
    _files(root)
    file = root / SETTINGS_FILE
    if not file.is_file():
        raise WorkspaceError(f"{root} is no workspace: it has no {SETTINGS_FILE}.")
    settings = _read_settings(file)
    folders = sorted(f.parent for f in root.glob(f"data/*/{SOURCE_FILE}"))
    if not folders:
        raise WorkspaceError(f"{root / 'data'} has no source: make a folder there with a {SOURCE_FILE}.")
    for folder in folders:
        fault = iri_fault(settings.base + folder.name)
        if fault is not None:
            raise WorkspaceError(
                f"{folder}: the name of a source is a part of the address of its graph, and this one cannot "
                f"be ({fault}). Rename the folder; take letters, digits and hyphens."
            )
    return Workspace(root, settings, tuple(_read_source(folder) for folder in folders))


def _files(root: Path) -> list[Path]:
    names = (SETTINGS_FILE, "ontology", "queries", "data")
    return [file for name in names for file in files_within(root, root / name)]


def _read_settings(file: Path) -> Settings:
    keys = Keys.load(file)
    graph = keys.table("graph")
    base = graph.iri("base", '"https://w3id.org/transfergraph/saxony/"')
    if not base.endswith("/"):
        raise WorkspaceError(f"{file}: graph.base must end with a slash: {base}/")
    publisher, release, limits = keys.table("publisher"), keys.table("release"), keys.table("limits")
    licence = graph.iri("licence", '"https://creativecommons.org/licenses/by/4.0/"')
    settings = Settings(
        base=base,
        title=graph.text("title", '"Innovation landscape of Saxony"'),
        description=graph.text("description", '"What the graph holds, in one sentence."'),
        licence=licence,
        publisher=publisher.take("name", str, '"Name of the agency"'),
        homepage=publisher.iri("homepage", '"https://example.org"'),
        version=release.take("version", str, '"2026.11"'),
        issued=release.take("issued", date, "2026-11-24"),
        limits=Limits(
            consortium=limits.positive("consortium", "40"),
            cell_length=limits.positive("cell_length", "10000"),
            file_megabytes=limits.positive("file_megabytes", "512"),
            result_rows=limits.positive("result_rows", "100000"),
            loss=_percent(limits, "loss") if "loss" in limits else _LOSS,
        ),
        catalogue=read_catalogue_settings(keys.table("catalogue"), licence),
        server=read_server_settings(keys),
    )
    if not VERSION.fullmatch(settings.version):
        demand = 'must have the letters A to Z and digits, with single "." or "-" between them, 64 at most'
        raise release.wrong("version", demand, '"2026.11"')
    for table in (graph, publisher, release, limits, keys):
        table.finish()
    return settings


def _percent(keys: Keys, key: str) -> int:
    value = keys.take(key, int, "10")
    if not 0 <= value <= 100:
        raise keys.wrong(key, "must be from 0 to 100", "10")
    return value


def _read_source(folder: Path) -> Source:
    file = folder / SOURCE_FILE
    keys = Keys.load(file)
    source = Source(
        name=folder.name,
        folder=folder,
        title=keys.text("title", '"Saxon Projects for Innovation & Transfer"'),
        publisher=keys.take("publisher", str, '"futureSAX"'),
        licence=keys.iri("licence", '"https://creativecommons.org/licenses/by/4.0/"'),
        attribution=keys.text("attribution", '"Facts: futureSAX"'),
        url=keys.iri("url", '"https://example.org/page"'),
        retrieved=keys.take("retrieved", date, "2025-03-12"),
        rows=_row_ranges(file, keys.table("rows").rest()),
    )
    keys.finish()
    return source


def _row_ranges(file: Path, values: Mapping[str, object]) -> dict[str, tuple[int, int]]:
    ranges = {}
    for table, value in values.items():
        match value:
            case [int(least), int(greatest)] if 0 <= least <= greatest:
                ranges[table] = (least, greatest)
            case _:
                raise WorkspaceError(f"{file}: rows.{table} needs the least and greatest number: [10, 20]")
    return ranges
