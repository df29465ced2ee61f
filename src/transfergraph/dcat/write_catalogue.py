"""Writing the catalogue of a release into its folder, once all its other files are final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.config.workspace import Source, Workspace
from transfergraph.dcat.catalogue import describe, describe_graph
from transfergraph.dcat.completeness import RecordCount, count_known, count_rows
from transfergraph.dcat.gather_inputs import gather
from transfergraph.dcat.inputs import DescribedRelease, PublishedFile
from transfergraph.dcat.modified_dates import History, read_history
from transfergraph.dcat.statistics import Statistics
from transfergraph.dcat.triple_writer import write_triples
from transfergraph.findings import Report
from transfergraph.store import Store
from transfergraph.tables.csvw import TableGroup

CATALOGUE = "catalog.ttl"
VOID = "void.ttl"


def describe_release(
    folder: Path,
    entries: Iterable[PublishedFile],
    workspace: Workspace,
    group: TableGroup,
    rows: Mapping[str, int],
    counted: Sequence[RecordCount],
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


def write_catalogue(folder: Path, release: DescribedRelease, known: Iterable[RecordCount]) -> list[Path]:
    """Write ``catalog.ttl``, ``catalog.rdf`` and ``catalog.jsonld`` (one graph) and ``void.ttl``."""
    triples = describe(release, known)
    written = [folder / name for name in (CATALOGUE, "catalog.rdf", "catalog.jsonld")]
    for file in written:
        write_triples(triples, file)
    write_triples(describe_graph(release), folder / VOID)
    return [*written, folder / VOID]


def count_records(store: Store, workspace: Workspace) -> list[RecordCount]:
    """Every count of known against stated records that the graph in this store gives."""
    begin, end = workspace.settings.catalogue.period
    return count_known(store, workspace.sources, (begin.year, end.year))


def count_tables(
    release: DescribedRelease, sources: Sequence[Source], tables: Iterable[str]
) -> list[RecordCount]:
    """The counts of rows against those that the sources expect; ``tables`` names the canonical tables."""
    rows = {(table.source, table.table): table.rows for table in release.tables}
    return list(count_rows(rows, sources, tables))
