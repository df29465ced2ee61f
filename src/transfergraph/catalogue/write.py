"""Writing the catalogue of a release into its folder, once all its other files are final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from transfergraph.catalogue.completeness import Known, count_known, count_rows
from transfergraph.catalogue.describe import describe, describe_graph
from transfergraph.catalogue.gather import gather
from transfergraph.catalogue.history import History, read_history
from transfergraph.catalogue.inputs import FileEntry, Release
from transfergraph.catalogue.statistics import Statistics
from transfergraph.catalogue.triples import write_triples
from transfergraph.findings import Report, Text
from transfergraph.store import Store
from transfergraph.tables.csvw import TableGroup
from transfergraph.workspace import Source, Workspace

CATALOGUE = "catalog.ttl"
VOID = "void.ttl"


def describe_release(
    folder: Path,
    entries: Iterable[FileEntry],
    workspace: Workspace,
    group: TableGroup,
    rows: Mapping[str, int],
    counted: Sequence[Known],
    statistics: Statistics,
    findings: Report,
    identity: tuple[str, str],
    previous: tuple[str, Path] | None,
    notes: Text | None = None,
) -> list[Path]:
    """Write catalogue and VoID description of the release in ``folder``, whose ``entries`` are final.

    ``rows`` has the rows of each CSV file, by its path, ``counted`` is what :func:`count_records` gives,
    ``statistics`` are those of the graph, ``identity`` is the id of the release and the software that made
    it, ``previous`` the id and folder of the release before, ``notes`` what has changed since. Returns the
    files written.
    """
    history = History() if previous is None else read_history(previous[1] / CATALOGUE, previous[0])
    release = gather(entries, workspace, group, rows, statistics, findings, identity, history, notes)
    known = [*counted, *count_tables(release, workspace.sources, [table.name for table in group.tables])]
    return write_catalogue(folder, release, known)


def write_catalogue(folder: Path, release: Release, known: Iterable[Known]) -> list[Path]:
    """Write ``catalog.ttl``, ``catalog.rdf`` and ``catalog.jsonld`` (one graph) and ``void.ttl``."""
    triples = describe(release, known)
    written = [folder / name for name in (CATALOGUE, "catalog.rdf", "catalog.jsonld")]
    for file in written:
        write_triples(triples, file)
    write_triples(describe_graph(release), folder / VOID)
    return [*written, folder / VOID]


def count_records(store: Store, workspace: Workspace) -> list[Known]:
    """Every count of known against stated records that the graph in this store gives."""
    begin, end = workspace.settings.catalogue.period
    return count_known(store, workspace.sources, (begin.year, end.year))


def count_tables(release: Release, sources: Sequence[Source], tables: Iterable[str]) -> list[Known]:
    """The counts of rows against those that the sources expect; ``tables`` names the canonical tables."""
    rows = {(table.source, table.table): table.rows for table in release.tables}
    return list(count_rows(rows, sources, tables))
