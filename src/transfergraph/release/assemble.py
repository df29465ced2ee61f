"""Everything a release holds, written into a folder that nobody sees yet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from transfergraph.catalogue.write import describe_release
from transfergraph.findings import Report, Severity, Text
from transfergraph.findings.as_json import report_to_json
from transfergraph.findings.as_turtle import report_to_turtle
from transfergraph.graph import Graph
from transfergraph.messages import text
from transfergraph.network.coverage import read_coverage
from transfergraph.network.export import network_json
from transfergraph.network.graph import build_network
from transfergraph.network.layout import lay_out
from transfergraph.network.page import About, network_page
from transfergraph.network.ties import ties_sql
from transfergraph.release.changes import summarise
from transfergraph.release.difference import graph_lines, write_patch
from transfergraph.release.manifest import (
    MANIFEST,
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
    triples: int,
    workspace: Workspace,
    tables: Tables,
    graph: Graph,
    report: Report,
    identity: Identity,
) -> Manifest:
    """Write all but the dumps, which are there: tables, network, report, changes, catalogue, manifest.

    ``triples`` is the number of statements in the graph.
    """
    data = folder / "data"
    write_tables(tables, workspace.ontology / "tables.json", data / "tables")
    ties = ties_sql(workspace.settings.limits.consortium)
    target = sql_string(str(data / "ties.csv"))
    tables.connection.execute(f"COPY ({ties}) TO {target} (FORMAT csv, HEADER true)")
    _copy_sources(folder, workspace)
    _write_network(folder, workspace, graph)
    (folder / REPORT).write_text(report_to_json(report), encoding="utf-8")
    (folder / "report.ttl").write_text(report_to_turtle(report, workspace.settings.base), encoding="utf-8")
    note = _write_changes(folder, identity)
    files = _describe(folder, workspace, tables, graph, report, identity, note)
    return _write_manifest(folder, workspace, tables, triples, report, identity, files)


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
    (folder / "network.json").write_text(network_json(network, layout), encoding="utf-8")


def _write_changes(folder: Path, identity: Identity) -> Text:
    """Write the patch and the readers' note about it; return the note."""
    changes = folder / "changes"
    if identity.previous is None:
        changes.mkdir()
        note = Text(*(f"{text('changes.first', language)}\n" for language in ("de", "en")))
    else:
        patch = write_patch(graph_lines(identity.previous), graph_lines(folder), changes)
        summary = summarise(patch, identity.previous, folder)
        previous = read_manifest(identity.previous).id
        (changes / "changes.json").write_text(summary.to_json(previous, identity.id), encoding="utf-8")
        titles = (f"# {text('changes.title', language, previous=previous)}\n" for language in ("de", "en"))
        note = Text(
            *(
                f"{title}\n{summary.note(language)}"
                for title, language in zip(titles, ("de", "en"), strict=True)
            )
        )
    for language in ("de", "en"):
        (changes / f"note.{language}.md").write_text(note.in_language(language), encoding="utf-8")
    return note


def _describe(
    folder: Path,
    workspace: Workspace,
    tables: Tables,
    graph: Graph,
    report: Report,
    identity: Identity,
    note: Text,
) -> tuple[FileEntry, ...]:
    """Write the catalogue of all files, which are final now; return the entries of all files."""
    entries = describe(folder, release_files(folder))
    before = identity.previous
    previous = None if before is None else (read_manifest(before).id, before)
    software = (identity.id, identity.software)
    written = describe_release(
        folder, entries, workspace, tables.group, graph.store, report, software, previous, note
    )
    return tuple(sorted([*entries, *describe(folder, written)], key=lambda entry: entry.path))


def _write_manifest(
    folder: Path,
    workspace: Workspace,
    tables: Tables,
    triples: int,
    report: Report,
    identity: Identity,
    files: tuple[FileEntry, ...],
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
        files=files,
    )
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest
