"""Everything a release holds, written into a folder that nobody sees yet."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from transfergraph.findings import Report, Severity
from transfergraph.findings.as_json import report_to_json
from transfergraph.findings.as_turtle import report_to_turtle
from transfergraph.graph import Graph
from transfergraph.messages import text
from transfergraph.network.coverage import read_coverage
from transfergraph.network.graph import build_network
from transfergraph.network.layout import Layout, lay_out
from transfergraph.network.page import About, network_page
from transfergraph.network.ties import ties_sql
from transfergraph.nquads import merge_sorted
from transfergraph.release.changes import summarise
from transfergraph.release.difference import graph_lines, write_patch
from transfergraph.release.dumps import write_dumps
from transfergraph.release.manifest import (
    MANIFEST,
    STORE,
    FileEntry,
    Manifest,
    describe,
    read_manifest,
    release_files,
)
from transfergraph.release.published import write_tables
from transfergraph.tables.read import Tables
from transfergraph.tables.template import sql_string
from transfergraph.vocabulary import vocabulary_files
from transfergraph.workspace import Workspace

NETWORK_PAGE = "network.html"
REPORT = "report.json"
_DRAWN = 1500


@dataclass(frozen=True, slots=True)
class Identity:
    """What names a release: its id, the software that made it, its inputs and the release before it."""

    id: str
    software: str
    inputs: tuple[FileEntry, ...]
    previous: Path | None


def assemble(
    folder: Path,
    scratch: Path,
    workspace: Workspace,
    tables: Tables,
    graph: Graph,
    report: Report,
    identity: Identity,
) -> Manifest:
    """Write dumps, store, tables, network, report and changes, and at last the manifest that lists them."""
    data = folder / "data"
    data.mkdir(parents=True)
    merged = scratch / "graph.nq"
    triples = merge_sorted(graph.files, merged)
    write_dumps(merged, data, folder / STORE)
    write_tables(tables, workspace.ontology / "tables.json", data / "tables")
    ties = ties_sql(workspace.settings.limits.consortium)
    target = sql_string(str(data / "ties.csv"))
    tables.connection.execute(f"COPY ({ties}) TO {target} (FORMAT csv, HEADER true)")
    _copy_sources(folder, workspace)
    _write_network(folder, workspace, graph)
    (folder / REPORT).write_text(report_to_json(report), encoding="utf-8")
    (folder / "report.ttl").write_text(report_to_turtle(report, workspace.settings.base), encoding="utf-8")
    _write_changes(folder, identity)
    return _write_manifest(folder, workspace, tables, triples, report, identity)


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


def _write_network(folder: Path, workspace: Workspace, graph: Graph) -> None:
    network = build_network(graph.store, at_most=_DRAWN)
    layout = lay_out(network)
    settings = workspace.settings
    credits = tuple(source.attribution for source in workspace.sources)
    about = About(settings.title, settings.base, settings.licence, credits)
    page = network_page(network, layout, read_coverage(graph.store), about)
    (folder / NETWORK_PAGE).write_text(page, encoding="utf-8")
    (folder / "network.json").write_text(_network_json(network, layout), encoding="utf-8")


def _network_json(network: nx.Graph, layout: Layout) -> str:
    """The network in networkx's node-link form, each node with its coordinates."""
    content = nx.node_link_data(network, edges="edges")
    for node in content["nodes"]:
        node["x"], node["y"] = layout.positions[node["id"]]
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def _write_changes(folder: Path, identity: Identity) -> None:
    changes = folder / "changes"
    if identity.previous is None:
        changes.mkdir()
        for language in ("de", "en"):
            note = f"{text('changes.first', language)}\n"
            (changes / f"note.{language}.md").write_text(note, encoding="utf-8")
        return
    patch = write_patch(graph_lines(identity.previous), graph_lines(folder), changes)
    summary = summarise(patch, identity.previous, folder)
    previous = read_manifest(identity.previous).id
    (changes / "changes.json").write_text(summary.to_json(previous, identity.id), encoding="utf-8")
    for language in ("de", "en"):
        title = text("changes.title", language, previous=previous)
        note = f"# {title}\n\n{summary.note(language)}"
        (changes / f"note.{language}.md").write_text(note, encoding="utf-8")


def _write_manifest(
    folder: Path, workspace: Workspace, tables: Tables, triples: int, report: Report, identity: Identity
) -> Manifest:
    settings = workspace.settings
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
        previous=None if identity.previous is None else read_manifest(identity.previous).id,
        counts={**counts, "triples": triples},
        findings={severity.name.lower(): report.count(severity) for severity in Severity},
        inputs=identity.inputs,
        files=describe(folder, release_files(folder)),
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest
