"""Collecting what there is to say about a release from its finished files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.config.workspace import Workspace
from transfergraph.dcat.inputs import DescribedRelease, PublishedFile, TableFile
from transfergraph.dcat.modified_dates import History
from transfergraph.dcat.statistics import Statistics, measure_graph
from transfergraph.findings import Report
from transfergraph.messages import both
from transfergraph.tables.csvw import TableGroup

GRAPH = "data/graph."
TABLES = "data/tables/"
TIES = "data/ties.csv"
ONTOLOGY = "ontology/"


def gather(
    entries: Iterable[PublishedFile],
    workspace: Workspace,
    group: TableGroup,
    rows: Mapping[str, int],
    statistics: Statistics,
    findings: Report,
    identity: tuple[str, str],
    history: History,
    notes: Text | None = None,
) -> DescribedRelease:
    """What the catalogue says of the release whose files are ``entries`` and final.

    ``rows`` has the rows of each CSV file, by its path, ``statistics`` are those of the graph, ``identity``
    is the id of the release and the software that made it, ``notes`` what changed in it.
    """
    files = sorted(entries, key=lambda entry: entry.path)
    return DescribedRelease(
        settings=workspace.settings,
        sources=workspace.sources,
        identifier=identity[0],
        issued=workspace.settings.issued,
        software=identity[1],
        dumps=tuple(file for file in files if file.path.startswith(GRAPH)),
        tables=tuple(_tables(files, group, rows)),
        table_descriptions=tuple(
            f for f in files if f.path.startswith(TABLES) and f.path.endswith("/csvw-metadata.json")
        ),
        ontology=tuple(f for f in files if f.path.startswith(ONTOLOGY) and f.path.endswith(".ttl")),
        statistics=statistics,
        expected=expected_properties(group),
        findings=findings,
        history=history,
        notes=notes,
    )


def graph_statistics(triples: Path, base: str) -> Statistics:
    """The counts over a file of sorted N-Triples."""
    with triples.open("rb") as lines:
        return measure_graph(lines, base)


def expected_properties(group: TableGroup) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """For each class the properties that its table has columns for, each with the language of a text."""
    expected: dict[str, tuple[tuple[str, str], ...]] = {}
    for table in group.tables:
        properties = dict.fromkeys(
            (column.property, column.language or "")
            for column in table.file_columns
            if column.property is not None
        )
        for entity_class in table.classes:
            expected[entity_class] = tuple(properties)
    return expected


def _tables(
    files: Iterable[PublishedFile], group: TableGroup, rows: Mapping[str, int]
) -> Iterable[TableFile]:
    titles = {table.name: Text.made(table.title.__getitem__) for table in group.tables}
    for file in files:
        if file.path == TIES:
            yield TableFile(file, "", "ties", both("portal.ties"), rows[file.path])
        elif file.path.startswith(TABLES) and file.path.endswith(".csv"):
            source, name = file.path.removeprefix(TABLES).removesuffix(".csv").split("/")
            title = titles.get(name, Text.same(name))
            yield TableFile(file, source, name, title, rows[file.path])
