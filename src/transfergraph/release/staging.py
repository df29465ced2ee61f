"""A release that is built in a temporary folder until it is published, and the outcome of a build."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from transfergraph.common.files import replace_file
from transfergraph.config.settings import Settings
from transfergraph.config.workspace import Workspace
from transfergraph.errors import StoreError
from transfergraph.finding_reports.json_report import report_from_json, report_to_json
from transfergraph.finding_reports.shacl_report import report_to_turtle
from transfergraph.findings import Finding, Report, Severity
from transfergraph.messages import advice, explained
from transfergraph.release.loss_guard import find_losses
from transfergraph.release.manifest import Manifest, content_id, describe_file, read_manifest
from transfergraph.release.previous_release import find_previous, is_trial, readable_current
from transfergraph.release.publish_release import (
    DAMAGED,
    RELEASES,
    current_release,
    faults_of,
    make_current,
    publish,
    writing_to,
)
from transfergraph.release.vanished_keys import vanished_keys
from transfergraph.release.write_release import REPORT, REPORT_TURTLE, ReleaseIdentity
from transfergraph.store.supervised import SupervisedStore
from transfergraph.tables.load import Tables, connect


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


@dataclass(frozen=True, slots=True)
class WorkingFolder:
    """A folder in ``output`` that only one build writes to, deleted at its end; in it one for intermediate
    files, and a
    database whose failures (a full disk, no memory) are those of a store. The ``store`` answers the queries
    of the workspace, each within the limits of its settings."""

    output: Path
    folder: Path
    scratch: Path
    database: duckdb.DuckDBPyConnection
    store: SupervisedStore


@contextmanager
def working_folder(output: Path, settings: Settings) -> Iterator[WorkingFolder]:
    """Where one build works; raises :class:`ReleaseError` when another one does in the same output folder."""
    with writing_to(output) as folder:
        scratch = folder / "scratch"
        scratch.mkdir()
        connection = connect(scratch)
        store = SupervisedStore(settings.limits.of_queries)
        try:
            yield WorkingFolder(output, folder, scratch, connection, store)
        except duckdb.Error as error:
            raise StoreError(explained("error.tables.failed", error=error)) from error
        finally:
            store.empty()
            connection.close()


@dataclass(frozen=True, slots=True)
class StagedRelease:
    """A release that is being made in ``folder``.

    ``is_built`` is True when the same inputs have been built before, and that release is whole; the one
    before it is then what is current now. ``earlier`` was found in other releases: it is reported, but is
    not in the release.
    """

    workspace: Workspace
    output: Path
    identity: ReleaseIdentity
    work: WorkingFolder
    earlier: tuple[Finding, ...] = ()
    is_built: bool = False

    @property
    def folder(self) -> Path:
        """Where the files of the release are written."""
        return self.work.folder / "release"

    def make_current_again(self, accept_loss: bool) -> Outcome:
        """End with the release that these inputs gave before, unless it has too little of the current one."""
        release = self.output / RELEASES / self.identity.id
        report = report_from_json((release / REPORT).read_text(encoding="utf-8"))
        manifest = read_manifest(release)
        if not accept_loss and (losses := self.losses(manifest)):
            return self.stop(Report.of([*report.findings, *losses]))
        make_current(self.output, self.identity.id)
        self._write_reports_of(release)
        return Outcome(report, release, manifest, unchanged=True)

    def losses(self, manifest: Manifest) -> list[Finding]:
        """What the new release has too little of, compared with the one before, if that is nobody's trial."""
        previous = self.identity.previous
        if previous is None or is_trial(previous):
            return []
        return list(find_losses(read_manifest(previous), manifest, self.workspace.settings.limits.loss))

    def vanished(self, tables: Tables) -> list[Finding]:
        """The keys of the release before that the tables no longer have.

        Like what was found in other releases they are reported, but are not in the release.
        """
        previous = self.identity.previous
        if previous is None or is_trial(previous):
            return []
        return list(vanished_keys(previous, tables))

    def stop(self, report: Report) -> Outcome:
        """End without a new release: the findings keep it from being published."""
        complete = self._with_earlier(report)
        self._write(complete)
        return Outcome(complete, current_release(self.output), None)

    def publish(self, report: Report, manifest: Manifest, vanished: Sequence[Finding] = ()) -> Outcome:
        """Make the finished folder the current release."""
        release = publish(self.folder, self.output, self.identity.id)
        complete = self._with_earlier(Report.of([*report.findings, *vanished]))
        if self.earlier or vanished:
            self._write(complete)
        else:
            self._write_reports_of(release)
        return Outcome(complete, release, manifest)

    def _write_reports_of(self, release: Path) -> None:
        for name in (REPORT, REPORT_TURTLE):
            with (release / name).open("rb") as source, replace_file(self.output / name) as target:
                shutil.copyfileobj(source, target)

    def _with_earlier(self, report: Report) -> Report:
        return Report.of([*report.findings, *self.earlier])

    def _write(self, report: Report) -> None:
        base, languages = self.workspace.settings.base, self.workspace.settings.languages
        turtle = report_to_turtle(report, base, languages)
        texts = {REPORT: report_to_json(report, languages), REPORT_TURTLE: turtle}
        for name, content in texts.items():
            with replace_file(self.output / name) as target:
                target.write(content.encode())


@contextmanager
def stage_release(workspace: Workspace, output: Path) -> Iterator[StagedRelease]:
    """The release that these inputs give, at its beginning, or that they have given before."""
    software = f"transfergraph {version('transfergraph')}"
    inputs = tuple(describe_file(name, file) for name, file in workspace.inputs().items())
    identifier = content_id(workspace.settings.version, software, inputs)
    release = output / RELEASES / identifier
    with working_folder(output, workspace.settings) as work:
        faults = faults_of(release) if os.path.lexists(release) else None
        if faults == []:
            identity = ReleaseIdentity(identifier, software, inputs, readable_current(output))
            yield StagedRelease(workspace, output, identity, work, is_built=True)
            return
        previous = find_previous(output, identifier, work.folder)
        earlier = previous.findings
        if faults:
            values = {"release": identifier, "folder": str(output / DAMAGED)}
            texts = advice("release.built-anew", files=faults, **values)
            earlier += (Finding(Severity.WARNING, "release.built-anew", *texts),)
        identity = ReleaseIdentity(identifier, software, inputs, previous.folder)
        yield StagedRelease(workspace, output, identity, work, earlier)
