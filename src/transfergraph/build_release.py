"""The flow, told aloud: read, check, map, derive, validate, write, publish."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.config.workspace import Workspace, open_workspace
from transfergraph.derive import DerivedGraph, derive, load, map_tables
from transfergraph.errors import StoreError
from transfergraph.finding_reports.json_report import report_from_json, report_to_json
from transfergraph.finding_reports.shacl_report import report_to_turtle
from transfergraph.findings import Finding, Report, Severity
from transfergraph.messages import advice
from transfergraph.queries import load_checks, load_queries
from transfergraph.release.dumps import DumpWriting
from transfergraph.release.loss_guard import find_losses
from transfergraph.release.manifest import STORE, Manifest, content_id, describe, read_manifest
from transfergraph.release.previous_release import find_before
from transfergraph.release.publish_release import (
    DAMAGED,
    RELEASES,
    current_release,
    faults_of,
    make_current,
    publish,
    staging,
)
from transfergraph.release.readback import read_back
from transfergraph.release.write_release import REPORT, ReleaseIdentity, write_release
from transfergraph.store import Store
from transfergraph.store.remote import open_remote
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect, read_tables
from transfergraph.validate import validate
from transfergraph.vocabulary import check_turtle, read_vocabulary


@dataclass(frozen=True, slots=True)
class Accepted:
    """What does not keep a release from becoming current, though it otherwise would."""

    violations: bool
    loss: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to.

    ``release`` is the folder that is current after it, None when there is none; ``manifest`` is that of
    the new release, None when violations kept it from being published. ``unchanged`` tells that the same
    inputs had been built before.
    """

    report: Report
    release: Path | None
    manifest: Manifest | None
    unchanged: bool = False


def build(
    root: Path,
    output: Path,
    progress: Progress = silent,
    accept_violations: bool = False,
    accept_loss: bool = False,
) -> Outcome:
    """Make a release of the workspace in ``root`` and publish it under ``output``.

    Findings of severity Violation keep a release from becoming current, unless ``accept_violations``;
    faults of the tables, which leave nothing to map, always do. So does the loss of more than
    ``limits.loss`` per cent of a source's rows, of the entities of a class, or of the datasets and their
    files against the release that is current, unless ``accept_loss``.

    The findings are written to ``report.json`` and ``report.ttl`` in ``output`` in any case. Raises
    :class:`~transfergraph.errors.TransfergraphError` for what stops the run; the release before is then
    untouched.
    """
    workspace = open_workspace(root)
    software = f"transfergraph {version('transfergraph')}"
    inputs = describe(workspace.root, _inputs(workspace))
    identifier = content_id(workspace.settings.version, software, inputs)
    with staging(output) as stage, _scratch(stage) as scratch, _connected(scratch) as connection:
        known = output / RELEASES / identifier
        faults = faults_of(known) if os.path.lexists(known) else None
        if faults == []:
            make_current(output, identifier)
            return _known(known)
        before = find_before(output, identifier, stage)
        told = [*before.findings, *([] if faults is None else [_built_anew(known, output, faults)])]
        identity = ReleaseIdentity(identifier, software, inputs, before.folder)
        accepted = Accepted(accept_violations, accept_loss)
        return _build(workspace, output, stage, scratch, connection, identity, progress, accepted, told)


def check(root: Path, output: Path, progress: Progress = silent, store_url: str | None = None) -> Report:
    """What a build would find, without writing a release; ``output`` is where scratch files may lie.

    With ``store_url`` shapes and checks run on the graph that this SPARQL server holds.
    """
    workspace = open_workspace(root)
    remote = None if store_url is None else open_remote(store_url)
    with staging(output) as stage, _scratch(stage) as scratch, _connected(scratch) as connection:
        tables, findings, graph = _make_graph(workspace, connection, scratch, progress)
        if graph is not None:
            findings += _validate(workspace, tables, remote or graph.store, progress)
        return Report.of(findings)


def _build(
    workspace: Workspace,
    output: Path,
    stage: Path,
    scratch: Path,
    connection: duckdb.DuckDBPyConnection,
    identity: ReleaseIdentity,
    progress: Progress,
    accepted: Accepted,
    told: Sequence[Finding],
) -> Outcome:
    """The flow from the tables on. Store and dumps are written beside it as soon as they can be.

    ``told`` is what was found of earlier releases; it is reported, but is not in the release.
    """
    base = workspace.settings.base
    folder = stage / "release"
    (folder / "data").mkdir(parents=True)
    with DumpWriting(scratch, folder / "data", folder / STORE) as dumps:
        tables, findings, graph = _make_graph(workspace, connection, scratch, progress, dumps)
        if graph is None:
            return _stopped(Report.of([*findings, *told]), output, base)
        report = Report.of([*findings, *_validate(workspace, tables, graph.store, progress)])
        if not (report.conforms or accepted.violations):
            return _stopped(Report.of([*report.findings, *told]), output, base)
        progress(Stage.DUMP)
        manifest = write_release(folder, dumps, workspace, tables, graph, report, identity)
        with dumps.beside(read_back, folder) as reading:
            reading()
    losses = [] if accepted.loss else _losses(workspace, identity, manifest)
    if losses:
        return _stopped(Report.of([*report.findings, *losses, *told]), output, base)
    progress(Stage.PUBLISH)
    release = publish(folder, output, identity.id)
    if told:
        report = Report.of([*report.findings, *told])
        write_report(report, output, base)
    else:
        _show_report(release, output)
    return Outcome(report, release, manifest)


def _losses(workspace: Workspace, identity: ReleaseIdentity, manifest: Manifest) -> list[Finding]:
    """What the new release has too little of, compared with the one before."""
    if identity.previous is None:
        return []
    return list(find_losses(read_manifest(identity.previous), manifest, workspace.settings.limits.loss))


def _built_anew(release: Path, output: Path, faults: Sequence[str]) -> Finding:
    values = {"release": release.name, "folder": str(output / DAMAGED)}
    return Finding(
        Severity.WARNING, "release.built-anew", *advice("release.built-anew", files=faults, **values)
    )


def _stopped(report: Report, output: Path, base: str) -> Outcome:
    write_report(report, output, base)
    return Outcome(report, current_release(output), None)


def write_report(report: Report, output: Path, base: str) -> None:
    """Write ``report.json`` and ``report.ttl``, each replaced at once."""
    texts = {"report.json": report_to_json(report), "report.ttl": report_to_turtle(report, base)}
    for name, content in texts.items():
        aside = output / f".{name}"
        aside.write_text(content, encoding="utf-8")
        aside.replace(output / name)


def _show_report(release: Path, output: Path) -> None:
    """The same, from a release that has its report."""
    for name in ("report.json", "report.ttl"):
        aside = output / f".{name}"
        shutil.copyfile(release / name, aside)
        aside.replace(output / name)


def _make_graph(
    workspace: Workspace,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    progress: Progress,
    dumps: DumpWriting | None = None,
) -> tuple[Tables, list[Finding], DerivedGraph | None]:
    """The tables, their faults, and the graph unless the faults leave nothing to map."""
    _read_texts(workspace)
    group = read_table_group(workspace.ontology / "tables.json", workspace.settings.base)
    vocabulary = read_vocabulary(workspace)
    progress(Stage.READ)
    tables, findings = read_tables(workspace, group, connection, scratch)
    progress(Stage.CHECK)
    findings += check_tables(tables, vocabulary.concepts, workspace.settings.limits.cell_length)
    if not Report.of(findings).conforms:
        return tables, findings, None
    progress(Stage.MAP)
    graph = map_tables(tables, vocabulary, scratch)
    if dumps is not None:
        dumps.begin(*graph.stated, graph.vocabulary)
    load(graph)
    progress(Stage.DERIVE)
    derive(graph, workspace)
    if dumps is not None:
        dumps.go_on(graph.derived)
    return tables, findings, graph


def _read_texts(workspace: Workspace) -> None:
    """Read what a release publishes as it stands, or needs only later; raises :class:`WorkspaceError`."""
    load_checks(workspace.queries / "checks")
    for name in ("rules", "questions"):
        if any((workspace.queries / name).glob("*.rq")):
            load_queries(workspace.queries / name)
    for file in workspace.ontology.glob("*.ttl"):
        check_turtle(file)


def _validate(workspace: Workspace, tables: Tables, store: Store, progress: Progress) -> list[Finding]:
    progress(Stage.VALIDATE)
    return list(validate(store, workspace, tables))


def _inputs(workspace: Workspace) -> list[Path]:
    """Every file that decides what the release holds."""
    return [file for file in workspace.files() if not file.name.startswith((".", "~$"))]


def _known(release: Path) -> Outcome:
    report = report_from_json((release / REPORT).read_text(encoding="utf-8"))
    return Outcome(report, release, read_manifest(release), unchanged=True)


@contextmanager
def _scratch(stage: Path) -> Iterator[Path]:
    folder = stage / "scratch"
    folder.mkdir()
    yield folder


@contextmanager
def _connected(scratch: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database whose failures (a full disk, no memory) are those of a store."""
    connection = connect(scratch)
    try:
        yield connection
    except duckdb.Error as error:
        raise StoreError(f"The tables could not be processed: {error}") from error
    finally:
        connection.close()
