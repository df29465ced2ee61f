"""The values from which a release is described. Nothing here is looked up: the build passes it in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from transfergraph.common.text import Text
from transfergraph.messages import both

if TYPE_CHECKING:  # a server asks only for names of files
    from transfergraph.config.settings import Settings
    from transfergraph.config.workspace import Source
    from transfergraph.dcat.modified_dates import History
    from transfergraph.dcat.statistics import Statistics
    from transfergraph.findings import Report
    from transfergraph.tables.csvw import TableGroup

GRAPH = "data/graph."
CELLS = "data/cells.nt.gz"
TABLES = "data/tables/"
TIES = "data/ties.csv"
ONTOLOGY_WHOLE = "data/ontology.ttl"
ONTOLOGY_FILES = "ontology/"


def dataset_of(path: str) -> str:
    """The key of the dataset that a file of a release belongs to; empty for a file of none."""
    if path.startswith(GRAPH) or path == CELLS:
        return "graph"
    if path == TIES or (path.startswith(TABLES) and path.endswith(".csv")):
        return "tables"
    return "ontology" if path == ONTOLOGY_WHOLE or _is_part(path) else ""


def _is_part(path: str) -> bool:
    return path.startswith(ONTOLOGY_FILES) and path.endswith(".ttl")


class PublishedFile(Protocol):
    """A finished file: its path from the folder of the release, its bytes, its SHA-256 in hexadecimal.

    The path has forward slashes.
    """

    @property
    def path(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TableFile:
    """A published CSV file: the name and title of its table, and its rows without header.

    ``source`` is empty for a table that was computed.
    """

    file: PublishedFile
    source: str
    table: str
    title: Text
    rows: int


@dataclass(frozen=True, slots=True)
class DescribedRelease:
    """A release about to be published.

    ``identifier`` is the id of the release, ``software`` the name and version of the program, ``group`` the
    description of the tables; ``rows`` has the rows of each CSV file, by its path; ``statistics`` are those
    of the graph; ``history`` is what the release before says of itself, ``notes`` what changed since.
    ``files`` are all files of the release but those of the catalogue, and final.
    """

    settings: Settings
    sources: tuple[Source, ...]
    group: TableGroup
    identifier: str
    software: str
    rows: Mapping[str, int]
    statistics: Statistics
    findings: Report
    history: History
    notes: Text | None = None
    files: Sequence[PublishedFile] = ()

    @property
    def issued(self) -> date:
        """The date of the release that the workspace states."""
        return self.settings.issued

    @property
    def url(self) -> str:
        """Where the files of the current release are found: the public URL, or else the base IRI."""
        return self.settings.public_url or self.settings.base

    @property
    def landing_page(self) -> str:
        """An HTML page about the data: where the release is served, or else the publisher's home page."""
        return self.settings.public_url or self.settings.homepage

    @property
    def licence(self) -> str:
        """The licence of the data: its IRI in the German list where portals are told, else as it stands."""
        return self.settings.portal_licence

    @property
    def attribution(self) -> Text | None:
        """What reusers must print, None where nothing is said of it."""
        return self.settings.catalogue.attribution if self.settings.catalogue else None

    def iri(self, path: str) -> str:
        """An IRI of the catalogue under the base IRI."""
        return self.settings.base + path

    def address(self, path: str) -> str:
        """Where the file of that path is downloaded."""
        return self.url + quote(path)

    @property
    def dumps(self) -> list[PublishedFile]:
        """The files of the graph."""
        return [file for file in self.files if file.path.startswith(GRAPH)]

    @property
    def ontology_parts(self) -> list[PublishedFile]:
        """The files of which the ontology is made: ontologies, shapes and schemes, each by itself."""
        return [file for file in self.files if _is_part(file.path)]

    @property
    def table_descriptions(self) -> dict[str, str]:
        """For each folder of tables the path of its CSVW description."""
        paths = [file.path for file in self.files if file.path.startswith(TABLES)]
        return {path.rpartition("/")[0]: path for path in paths if path.endswith("/csvw-metadata.json")}

    @property
    def tables(self) -> Iterator[TableFile]:
        """The files of the tables and of the ties between partners."""
        titles = {table.name: Text(table.title) for table in self.group.tables}
        for file in self.files:
            if file.path == TIES:
                yield TableFile(file, "", "ties", both("portal.ties"), self.rows[file.path])
            elif dataset_of(file.path) == "tables":
                source, name = file.path.removeprefix(TABLES).removesuffix(".csv").split("/")
                title = titles.get(name, Text.same(name))
                yield TableFile(file, source, name, title, self.rows[file.path])
