"""What a build would find in a workspace."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from transfergraph.build_release import examine
from transfergraph.common.files import ScratchFolder
from transfergraph.common.progress import Progress, silent
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import Report
from transfergraph.release.previous_release import is_trial
from transfergraph.release.publish_release import current_release
from transfergraph.release.staging import working_folder
from transfergraph.release.vanished_keys import vanished_keys
from transfergraph.store.remote import open_remote


def check(
    root: Path,
    output: Path,
    progress: Progress = silent,
    store_url: str | None = None,
    sources: Collection[str] = (),
) -> Report:
    """What a build would find, without writing anything but scratch files, which lie where ``TMPDIR`` says.

    ``output`` is where releases lie: keys are compared with those of the current one.
    ``sources`` are those that are read, all unless some are named.
    With ``store_url`` shapes and checks run on the graph that this SPARQL server holds.
    """
    workspace = open_workspace(root, sources)
    store = None if store_url is None else open_remote(store_url)
    previous = current_release(output)
    with (
        ScratchFolder() as scratch,
        working_folder(Path(scratch), workspace.settings) as work,
    ):
        content, report = examine(workspace, work, progress, store=store, former=previous)
        if content is None or previous is None or is_trial(previous):
            return report
        return Report.of([*report.findings, *vanished_keys(previous, content.tables)])
