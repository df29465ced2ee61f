"""Everything a release holds, written into the temporary folder from which it is published."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from transfergraph.common.formats import media_type_of
from transfergraph.common.namespaces import (
    DERIVED_GRAPH,
    DESCRIPTION_GRAPH,
    VOCABULARY_GRAPH,
    source_graph,
)
from transfergraph.common.text import Text
from transfergraph.config.workspace import Workspace
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.dcat.catalogue import write_catalogue
from transfergraph.dcat.completeness import RecordCount, count_records
from transfergraph.dcat.inputs import CELLS, TABLES, TIES, DescribedRelease
from transfergraph.dcat.modified_dates import read_history
from transfergraph.dcat.statistics import Statistics, graph_statistics
from transfergraph.derive import DerivedGraph
from transfergraph.errors import StoreError
from transfergraph.finding_reports.json_report import report_to_json
from transfergraph.finding_reports.shacl_report import UsedGraphs, report_to_turtle
from transfergraph.findings import Report, Severity
from transfergraph.lists.graph_values import StatedGraphs
from transfergraph.lists.list_files import write_lists
from transfergraph.mapping.write_row_index import write_row_index
from transfergraph.network.model.boundaries import Boundaries
from transfergraph.network.model.ties import dated_tables, ties_sql
from transfergraph.network.output.analysis import NetworkSite, SiteEntry
from transfergraph.network.output.write_network import write_network
from transfergraph.queries import load_queries
from transfergraph.release.cells import stated_cells, write_cells
from transfergraph.release.changes.atom import FeedMetadata
from transfergraph.release.changes.change_summary import IS_REPLACED_BY
from transfergraph.release.changes.history_files import ReleaseHistory, record_catalogue, record_changes
from transfergraph.release.description import describing_triples
from transfergraph.release.dumps import DumpWriter
from transfergraph.release.isolated_queries import QUESTIONS
from transfergraph.release.loss_guard import count_datasets, count_rows
from transfergraph.release.manifest import (
    MANIFEST,
    AnswerLimits,
    FileEntry,
    Manifest,
    citation_line,
    describe,
    read_manifest,
    release_files,
)
from transfergraph.release.workspace_files import (
    copy_declarations,
    copy_pages,
    fit_examples,
    write_table_files,
)
from transfergraph.search.search_files import write_search
from transfergraph.tables.load import Tables
from transfergraph.vocabulary.presentation_reader import read_presentation
from transfergraph.web.addresses import SEARCH_PAGE, local_path
from transfergraph.web.appearance import stated_appearance
from transfergraph.web.navigation import entries_beside

REPORT, REPORT_TURTLE = "report.json", "report.ttl"


@dataclass(frozen=True, slots=True)
class ReleaseIdentity:
    """What names a release: its id, the software that made it, its inputs and the release before it."""

    id: str
    software: str
    inputs: tuple[FileEntry, ...]
    previous: Path | None


@dataclass(frozen=True, slots=True)
class ReleaseContent:
    """What a release is made from: a workspace, its tables, their graph, and what was found in them.

    ``boundaries`` are the outlines of its maps, None where these are those of the package alone.
    """

    workspace: Workspace
    tables: Tables
    graph: DerivedGraph
    report: Report
    boundaries: Boundaries | None = None

    @property
    def finding_counts(self) -> dict[str, int]:
        """The findings by severity."""
        return {severity.name.lower(): self.report.count(severity) for severity in Severity}


def write_release(
    folder: Path, identity: ReleaseIdentity, content: ReleaseContent, dumps: DumpWriter
) -> Manifest:
    """Write what a release holds beside dumps and store, and finish these; the manifest comes last."""
    workspace, store = content.workspace, content.graph.store
    copy_declarations(workspace, folder)
    copy_pages(workspace, folder)
    triples = dumps.merge()
    cells = stated_cells(content.tables, content.graph.stated, identity.id)
    dumps.also(partial(write_cells, cells, folder / CELLS))
    history = _history(folder, content, identity)
    local = partial(local_path, workspace.settings.base)
    listed_by = (folder, dumps.triples, local, workspace.settings.languages, _stated_graphs(content))
    changes = (history, dumps.triples, content.finding_counts, _successors(content.graph))
    with (
        _statement_named(dumps),
        dumps.start(graph_statistics, dumps.triples, workspace.settings.base) as measured,
        dumps.start(record_changes, *changes) as noted,
        dumps.start(write_search, folder, dumps.triples, local) as searchable,
        dumps.start(write_lists, *listed_by) as listed,
    ):
        rows = _write_tables(folder, workspace, content.tables)
        write_row_index(content.tables, folder)
        fit_examples(folder, store, workspace.settings)
        shown = (_site(content), _citation(identity, content), content.boundaries)
        write_network(folder, workspace, content.tables, store, identity.previous, *shown)
        _write_report(folder, content)
        counts = count_records(store, workspace)
        store.empty()  # no more questions: the memory is better used by those who still write
        described = _described(identity, content, rows, measured(), noted())
        searchable()
        listed()
    about = dumps.describe(
        describing_triples(described, load_queries(folder / QUESTIONS)), described.iri(DESCRIPTION_GRAPH)
    )
    dumps.finish()
    files = _describe_files(history, described, counts)
    return _write_manifest(folder, identity, content, described, (triples, about), files)


@contextmanager
def _statement_named(dumps: DumpWriter) -> Iterator[None]:
    """When the store fails, the dumps are read back first, whose error names the statement at fault."""
    try:
        yield
    except StoreError:
        dumps.finish()
        raise


def _described(
    identity: ReleaseIdentity,
    content: ReleaseContent,
    rows: Mapping[str, int],
    statistics: Statistics,
    notes: Text,
) -> DescribedRelease:
    """What the catalogue says of the release, but for its files."""
    before = identity.previous
    previous = None if before is None else read_manifest(before).id
    return DescribedRelease(
        settings=content.workspace.settings,
        sources=content.workspace.sources,
        group=content.tables.group,
        identifier=identity.id,
        software=identity.software,
        rows=rows,
        statistics=statistics,
        findings=content.report,
        history=read_history(None if before is None else before / CATALOGUE_FILE, previous),
        notes=notes,
    )


def _citation(identity: ReleaseIdentity, content: ReleaseContent) -> str:
    """How the release will be cited, as its manifest says it."""
    settings = content.workspace.settings
    return citation_line(settings.title, identity.id, settings.issued, settings.base, settings.licence)


def _site(content: ReleaseContent) -> NetworkSite:
    """The site that shows the release, for the page of the network."""
    settings, tables = content.workspace.settings, content.tables
    empty = [table.name for table in tables.group.tables if tables.count(table.name) == 0]
    entries = entries_beside(settings.title, read_presentation(content.workspace.declarations), empty)
    look = stated_appearance(settings.site)
    return NetworkSite(
        tuple(
            SiteEntry(
                one.label,
                {key: one.path(key) for key in settings.languages},
                one.listed,
                one.local == SEARCH_PAGE,
            )
            for one in entries
        ),
        look.light,
        look.dark,
        _logo(content.workspace),
    )


def _logo(workspace: Workspace) -> str:
    """The logo as an address that holds its bytes: the page of the network asks for no file."""
    name = workspace.settings.site.logo
    if not name:
        return ""
    content = base64.b64encode((workspace.root / name).read_bytes()).decode("ascii")
    return f"data:{media_type_of(name)};base64,{content}"


def _write_tables(folder: Path, workspace: Workspace, tables: Tables) -> dict[str, int]:
    """Write the published tables and the ties; return the rows of each file, by its path."""
    written = write_table_files(
        tables, workspace.declarations.tables, workspace.settings.languages, folder / TABLES
    )
    select = ties_sql(workspace.settings.limits.consortium, dated_tables(tables.group))
    ties = tables.write_csv(select, folder / TIES)
    return {TIES: ties} | {f"{TABLES}{path}": rows for path, rows in written.items()}


def _write_report(folder: Path, content: ReleaseContent) -> None:
    settings = content.workspace.settings
    turtle = report_to_turtle(content.report, settings.base, settings.languages, _used(content.workspace))
    (folder / REPORT).write_text(report_to_json(content.report, settings.languages), encoding="utf-8")
    (folder / REPORT_TURTLE).write_text(turtle, encoding="utf-8")


def _used(workspace: Workspace) -> UsedGraphs:
    """The graphs of the release, and the shapes that it carries."""
    base, declared = workspace.settings.base, workspace.declarations
    stated = (source_graph(base, source.name) for source in workspace.sources)
    shapes = (base + name for name, file in declared.files.items() if file in declared.shapes)
    return UsedGraphs((*stated, base + VOCABULARY_GRAPH, base + DERIVED_GRAPH), tuple(shapes))


def _stated_graphs(content: ReleaseContent) -> StatedGraphs | None:
    """The graphs of the sources, where there are several."""
    settings = content.workspace.settings
    names = {
        source_graph(settings.base, one.name): one.title.by_language(settings.languages)
        for one in content.workspace.sources
    }
    return StatedGraphs(names, content.graph.stated) if len(names) > 1 else None


def _history(folder: Path, content: ReleaseContent, identity: ReleaseIdentity) -> ReleaseHistory:
    """The release as its changes and feeds see it."""
    settings = content.workspace.settings
    url = settings.public_url or settings.base
    about = FeedMetadata(
        base=settings.base,
        url=url,
        title=settings.title,
        languages=settings.languages,
        publisher=settings.publisher,
        homepage=settings.homepage,
        licence=settings.licence,
    )
    rows = {source: sum(counts.values()) for source, counts in count_rows(content.tables).items()}
    return ReleaseHistory(folder, identity.id, settings.issued, identity.previous, about, rows)


def _successors(graph: DerivedGraph) -> dict[str, str]:
    """What the graph says has replaced what; of several the first."""
    query = f"SELECT ?old ?new WHERE {{ ?old <{IS_REPLACED_BY}> ?new }} ORDER BY ?old DESC(?new)"
    return {str(old)[1:-1]: str(new)[1:-1] for old, new in graph.store.select(query).rows}


def _describe_files(
    history: ReleaseHistory, described: DescribedRelease, counts: Sequence[RecordCount]
) -> tuple[FileEntry, ...]:
    """Write the catalogue of all files, which are final now, and its feed; return all entries."""
    folder = history.folder
    entries = describe(folder, release_files(folder))
    written = write_catalogue(folder, replace(described, files=entries), counts)
    written += record_catalogue(history)
    return tuple(sorted([*entries, *describe(folder, written)], key=lambda entry: entry.path))


def _write_manifest(
    folder: Path,
    identity: ReleaseIdentity,
    content: ReleaseContent,
    described: DescribedRelease,
    triples: tuple[int, int],
    files: tuple[FileEntry, ...],
) -> Manifest:
    """Write the manifest; ``triples`` counts those of the graph, and those that describe the release."""
    settings, tables = content.workspace.settings, content.tables
    counts = {table.name: tables.count(table.name) for table in tables.group.tables}
    manifest = Manifest(
        id=identity.id,
        version=settings.version,
        created=settings.issued,
        software=identity.software,
        base=settings.base,
        titles=settings.title.by_language(settings.languages),
        licence=settings.licence,
        consortium=settings.limits.consortium,
        previous=described.history.version,
        counts={**counts, "triples": triples[0]},
        findings=content.finding_counts,
        inputs=identity.inputs,
        files=files,
        rows=count_rows(tables),
        entities=described.statistics.records,
        datasets=count_datasets(folder),
        describing=triples[1],
        limits=AnswerLimits(
            settings.limits.result_rows, settings.server.time_seconds, settings.server.result_megabytes
        ),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest
