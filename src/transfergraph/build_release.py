"""The story of a build: read, check, map, derive, validate, release."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.config.workspace import Workspace, open_workspace
from transfergraph.derive import derive, load, map_tables
from transfergraph.findings import Report
from transfergraph.identity.resolve_tables import publish_questions, resolve_tables
from transfergraph.release.dumps import DumpWriter
from transfergraph.release.readback import read_back
from transfergraph.release.staging import Outcome, WorkingFolder, stage_release
from transfergraph.release.workspace_files import read_declarations, read_outlines
from transfergraph.release.write_release import ReleaseContent, write_release
from transfergraph.sources.read_sources import read_sources
from transfergraph.store import Store
from transfergraph.tables.check_keys import check_tables
from transfergraph.validate import validate
from transfergraph.web.site_checks import check_site


def build(
    root: Path,
    output: Path,
    progress: Progress = silent,
    accept_violations: bool = False,
    accept_loss: bool = False,
    sources: Collection[str] = (),
) -> Outcome:
    """Make a release of the workspace in ``root`` and publish it under ``output``.

    It has all ``sources`` of the workspace, or those that are named.

    Findings of severity Violation keep a release from becoming current, unless ``accept_violations``; faults
    of the tables, which leave nothing to map, always do. So does the loss of more than ``limits.loss`` per
    cent of a source's rows, of a class's entities, or of the datasets and their files against the current
    release, unless ``accept_loss``. The findings are in ``report.json`` and ``report.ttl`` in ``output`` in
    any case. What stops the run is a :class:`TransfergraphError`; ``current`` stays as it was.
    """
    workspace = open_workspace(root, sources)
    with stage_release(workspace, output) as staged:
        if staged.is_built:
            return staged.make_current_again(accept_loss)
        with DumpWriter(staged.work.scratch, staged.folder) as dumps:
            former = staged.identity.previous
            content, report = examine(workspace, staged.work, progress, dumps, former=former)
            if not content or not (report.conforms or accept_violations):
                return staged.stop(report)
            progress(Stage.DUMP)
            manifest = write_release(staged.folder, staged.identity, content, dumps)
            dumps.run(read_back, staged.folder)
        if not accept_loss and (losses := staged.losses(manifest)):
            return staged.stop(Report.of([*report.findings, *losses]))
        progress(Stage.PUBLISH)
        return staged.publish(report, manifest, staged.vanished(content.tables))


def examine(
    workspace: Workspace,
    work: WorkingFolder,
    progress: Progress,
    dumps: DumpWriter | None = None,
    store: Store | None = None,
    former: Path | None = None,
) -> tuple[ReleaseContent | None, Report]:
    """The steps before a release; no content when the faults of the tables leave nothing to map.

    ``former`` is the release before, whose keys hold.
    """
    progress(Stage.READ)
    boundaries = read_outlines(workspace)
    group, vocabulary = read_declarations(workspace, work.store)
    tables, findings = read_sources(workspace, group, work.database, work.scratch)
    progress(Stage.CHECK)
    checked = check_tables(tables, vocabulary.concepts, workspace.settings.limits.cell_length, findings)
    if not (report := Report.of([*findings, *checked, *check_site(workspace)])).conforms:
        return None, report
    if len(tables.sources) > 1:
        progress(Stage.RESOLVE)
        resolved = resolve_tables(workspace, tables, former)
        publish_questions(resolved, work.output, workspace.settings.languages)
        tables = resolved.tables
        if not (report := Report.of([*report.findings, *resolved.findings])).conforms:
            return None, report
    progress(Stage.MAP)
    graph = map_tables(tables, vocabulary, work.scratch, work.store)
    if dumps:
        dumps.begin(*graph.stated, graph.vocabulary)
    load(graph, workspace)
    progress(Stage.DERIVE)
    merged = derive(graph, workspace)
    if dumps:
        dumps.add_last(graph.derived, merged)
    progress(Stage.VALIDATE)
    report = Report.of([*report.findings, *validate(store or graph.store, workspace, tables)])
    return ReleaseContent(workspace, tables, graph, report, boundaries), report
