"""Everything a release holds, written into a folder that nobody sees yet."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.config.workspace import Workspace
from transfergraph.dcat.catalogue import CATALOGUE_FILE, write_catalogue
from transfergraph.dcat.completeness import RecordCount, count_records
from transfergraph.dcat.inputs import TABLES, TIES, DescribedRelease
from transfergraph.dcat.modified_dates import read_history
from transfergraph.dcat.statistics import Statistics, graph_statistics
from transfergraph.derive import DerivedGraph
from transfergraph.finding_reports.json_report import report_to_json
from transfergraph.finding_reports.shacl_report import report_to_turtle
from transfergraph.findings import Report, Severity
from transfergraph.network.model.ties import ties_sql
from transfergraph.network.output.write_network import write_network
from transfergraph.release.changes.atom import FeedMetadata as FeedAbout
from transfergraph.release.changes.change_summary import IS_REPLACED_BY
from transfergraph.release.changes.history_files import ReleaseHistory, record_catalogue, record_changes
from transfergraph.release.dumps import DumpWriting
from transfergraph.release.loss_guard import count_datasets, count_rows
from transfergraph.release.manifest import (
    MANIFEST,
    FileEntry,
    Manifest,
    describe,
    read_manifest,
    release_files,
)
from transfergraph.release.table_files import write_table_files
from transfergraph.tables.load import Tables
from transfergraph.vocabulary import vocabulary_files

REPORT = "report.json"


@dataclass(frozen=True, slots=True)
class ReleaseIdentity:
    """What names a release: its id, the software that made it, its inputs and the release before it."""

    id: str
    software: str
    inputs: tuple[FileEntry, ...]
    previous: Path | None


def write_release(
    folder: Path,
    dumps: DumpWriting,
    workspace: Workspace,
    tables: Tables,
    graph: DerivedGraph,
    report: Report,
    identity: ReleaseIdentity,
) -> Manifest:
    """Write what else a release holds: changes and tables, network, report; then catalogue and manifest."""
    triples = dumps.united()
    record = _record(folder, workspace, identity)
    with (
        dumps.beside(graph_statistics, dumps.triples, workspace.settings.base) as statistics,
        dumps.beside(record_changes, record, dumps.triples, _counts(report), _successors(graph)) as note,
    ):
        rows = _write_tables(folder, workspace, tables)
        _copy_sources(folder, workspace)
        write_network(folder, workspace, tables, graph.store, identity.previous)
        _write_report(folder, workspace, report)
        counts = count_records(graph.store, workspace)
        graph.store.empty()  # no more questions: the memory is better used by those who still write
        described = _described(workspace, tables, rows, statistics(), report, identity, note())
    dumps.finish()
    files = _describe_files(record, described, counts)
    return _write_manifest(folder, described, tables, triples, identity, files)


def _described(
    workspace: Workspace,
    tables: Tables,
    rows: Mapping[str, int],
    statistics: Statistics,
    report: Report,
    identity: ReleaseIdentity,
    note: Text,
) -> DescribedRelease:
    """What the catalogue says of the release, but for its files."""
    before = identity.previous
    previous = None if before is None else read_manifest(before).id
    return DescribedRelease(
        settings=workspace.settings,
        sources=workspace.sources,
        group=tables.group,
        identifier=identity.id,
        software=identity.software,
        rows=rows,
        statistics=statistics,
        findings=report,
        history=read_history(None if before is None else before / CATALOGUE_FILE, previous),
        notes=note,
    )


def _write_tables(folder: Path, workspace: Workspace, tables: Tables) -> dict[str, int]:
    """Write the published tables and the ties; return the rows of each file, by its path."""
    written = write_table_files(tables, workspace.ontology / "tables.json", folder / TABLES)
    ties = tables.write_csv(ties_sql(workspace.settings.limits.consortium), folder / TIES)
    return {TIES: ties} | {f"{TABLES}{path}": rows for path, rows in written.items()}


def _write_report(folder: Path, workspace: Workspace, report: Report) -> None:
    (folder / REPORT).write_text(report_to_json(report), encoding="utf-8")
    (folder / "report.ttl").write_text(report_to_turtle(report, workspace.settings.base), encoding="utf-8")


def _copy_sources(folder: Path, workspace: Workspace) -> None:
    """Ontology, shapes and questions: a release explains itself without its workspace."""
    for file in [*vocabulary_files(workspace), *workspace.ontology.glob("*.ttl")]:
        target = folder / "ontology" / file.relative_to(workspace.ontology)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    questions = folder / "queries" / "questions"
    questions.mkdir(parents=True)
    for file in sorted((workspace.queries / "questions").glob("*.rq")):
        shutil.copyfile(file, questions / file.name)


def _record(folder: Path, workspace: Workspace, identity: ReleaseIdentity) -> ReleaseHistory:
    """The release as its changes and feeds see it."""
    settings = workspace.settings
    url = settings.catalogue.public_url or settings.base
    about = FeedAbout(
        settings.base, url, settings.title, settings.publisher, settings.homepage, settings.licence
    )
    return ReleaseHistory(folder, identity.id, settings.issued, identity.previous, about)


def _successors(graph: DerivedGraph) -> dict[str, str]:
    """What the graph says has replaced what; of several the first."""
    query = f"SELECT ?old ?new WHERE {{ ?old <{IS_REPLACED_BY}> ?new }} ORDER BY ?old DESC(?new)"
    return {str(old)[1:-1]: str(new)[1:-1] for old, new in graph.store.select(query).rows}


def _counts(report: Report) -> dict[str, int]:
    return {severity.name.lower(): report.count(severity) for severity in Severity}


def _describe_files(
    record: ReleaseHistory, described: DescribedRelease, counts: Sequence[RecordCount]
) -> tuple[FileEntry, ...]:
    """Write the catalogue of all files, which are final now, and its feed; return all entries."""
    folder = record.folder
    entries = describe(folder, release_files(folder))
    written = write_catalogue(folder, replace(described, files=entries), counts)
    written += record_catalogue(record)
    return tuple(sorted([*entries, *describe(folder, written)], key=lambda entry: entry.path))


def _write_manifest(
    folder: Path,
    described: DescribedRelease,
    tables: Tables,
    triples: int,
    identity: ReleaseIdentity,
    files: tuple[FileEntry, ...],
) -> Manifest:
    settings = described.settings
    counts = {table.name: tables.count(table.name) for table in tables.group.tables}
    manifest = Manifest(
        id=identity.id,
        version=settings.version,
        created=settings.issued,
        software=identity.software,
        base=settings.base,
        title_de=settings.title.de,
        title_en=settings.title.en,
        licence=settings.licence,
        consortium=settings.limits.consortium,
        previous=described.history.version,
        counts={**counts, "triples": triples},
        findings=_counts(described.findings),
        inputs=identity.inputs,
        files=files,
        rows=count_rows(tables),
        entities=described.statistics.records,
        datasets=count_datasets(folder),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest
