"""A small release in a folder, made without the build: dumps, tables and ontology, and its catalogue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from workspaces import LANGUAGES, make_workspace

from transfergraph import Report
from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.config.workspace import SETTINGS_FILE, open_workspace
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.dcat.catalogue import write_catalogue
from transfergraph.dcat.completeness import RecordCount, count_records, count_tables
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.modified_dates import History, read_history
from transfergraph.dcat.statistics import graph_statistics
from transfergraph.derive import load, map_tables
from transfergraph.release.dumps import write_dump, write_quads_dump
from transfergraph.release.manifest import describe
from transfergraph.release.workspace_files import copy_declarations, write_table_files
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect, read_tables
from transfergraph.vocabulary.term_lists import read_vocabulary

PUBLIC_URL = "https://data.agency.de/graph/"
CONTRIBUTOR = "http://dcat-ap.de/def/contributors/freistaatSachsen"


def set_keys(workspace: Path, **values: str) -> None:
    """Give keys of ``[catalogue]`` other values, as TOML text; a key that is not there is added."""
    file = workspace / SETTINGS_FILE
    before, mark, after = file.read_text(encoding="utf-8").partition("[catalogue]\n")
    assert mark
    lines = after.splitlines()
    for key, value in values.items():
        changed_lines = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
        lines = changed_lines if changed_lines != lines else [f"{key} = {value}", *lines]
    file.write_text(before + mark + "\n".join(lines) + "\n", encoding="utf-8")


def full_settings(workspace: Path) -> Path:
    """A workspace whose catalogue leaves nothing out that can honestly be stated."""
    set_keys(
        workspace,
        public_url=f'"{PUBLIC_URL}"',
        contributor=f'"{CONTRIBUTOR}"',
        legislation='["http://data.europa.eu/eli/dir/2019/1024/oj"]',
        contact_page='"https://agency.de/kontakt"',
    )
    return workspace


def make_release(
    folder: Path, workspace_folder: Path, identifier: str = "2026.11-aaaaaaaaaaaa", before: Path | None = None
) -> tuple[DescribedRelease, list[RecordCount]]:
    """Write the release of a workspace into the folder; ``before`` is the folder of the release before."""
    workspace = open_workspace(workspace_folder)
    scratch = folder / ".scratch"
    (folder / "data").mkdir(parents=True)
    scratch.mkdir()
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    connection = connect(scratch)
    tables, findings = read_tables(workspace, group, connection, scratch)
    graph = map_tables(tables, read_vocabulary(workspace), scratch)
    load(graph, workspace)
    triples = scratch / "graph.nt"
    write_quads_dump((*graph.stated, graph.vocabulary), folder / "data" / "graph.nq.gz", triples)
    statistics = graph_statistics(triples, workspace.settings.base)
    for known in GRAPH_FORMATS:
        if known.name != "n-quads":
            write_dump(known.name, triples, folder / "data" / f"graph.{known.ending}.gz")
    written = write_table_files(tables, workspace.declarations.tables, LANGUAGES, folder / "data" / "tables")
    connection.close()
    copy_declarations(workspace, folder)
    shutil.rmtree(scratch)
    entries = describe(folder, [file for file in folder.rglob("*") if file.is_file()])
    release = DescribedRelease(
        settings=workspace.settings,
        sources=workspace.sources,
        group=group,
        identifier=identifier,
        software="transfergraph 0.1.0",
        rows={f"data/tables/{path}": rows for path, rows in written.items()},
        statistics=statistics,
        findings=Report.of(findings),
        history=History() if before is None else read_history(before / CATALOGUE_FILE, before.name),
        files=entries,
    )
    counts = count_records(graph.store, workspace)
    write_catalogue(folder, release, counts)
    return release, [*counts, *count_tables(release)]


def small_workspace(folder: Path) -> Path:
    """The small workspace of the tests with full catalogue settings."""
    return full_settings(make_workspace(folder))


def changed(release: DescribedRelease, **values: Any) -> DescribedRelease:
    """The release with other settings in ``[catalogue]``."""
    assert release.settings.catalogue is not None
    catalogue = msgspec.structs.replace(release.settings.catalogue, **values)
    return replace(release, settings=msgspec.structs.replace(release.settings, catalogue=catalogue))
