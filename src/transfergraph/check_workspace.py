"""What a build would find in a workspace."""

from __future__ import annotations

from pathlib import Path

from transfergraph.build_release import examine
from transfergraph.common.progress import Progress, silent
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import Report
from transfergraph.release.staging import working_folder
from transfergraph.store.remote import open_remote


def check(root: Path, output: Path, progress: Progress = silent, store_url: str | None = None) -> Report:
    """What a build would find, without writing a release; ``output`` is where scratch files may lie.

    With ``store_url`` shapes and checks run on the graph that this SPARQL server holds.
    """
    workspace = open_workspace(root)
    store = None if store_url is None else open_remote(store_url)
    with working_folder(output) as work:
        return examine(workspace, work, progress, store=store)[1]
