"""The sources of a workspace: what is there of each, how old it is, and what it yielded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from transfergraph.config.raw_files import RawFile
from transfergraph.config.workspace import Source, open_workspace, raw_files
from transfergraph.release.manifest import read_manifest
from transfergraph.release.publish_release import current_release


@dataclass(frozen=True, slots=True)
class SourceState:
    """A source: its raw files, those of them that are ``missing``, and its ``rows`` by table.

    There are no rows where the current release was made without it, or where there is no release.
    """

    source: Source
    files: tuple[RawFile, ...]
    missing: tuple[str, ...]
    rows: Mapping[str, int]

    def age(self, today: date) -> int:
        """Days since the data was retrieved, or the newest raw file brought."""
        days = [one.added for one in self.files] or [self.source.retrieved]
        return (today - max(days)).days


def list_sources(root: Path, output: Path | None = None) -> tuple[SourceState, ...]:
    """The sources of a workspace, those whose raw files are missing too.

    ``output`` is where its releases lie. Raises :class:`WorkspaceError`.
    """
    workspace = open_workspace(root)
    release = current_release(output or root / "build")
    rows = read_manifest(release).rows if release is not None else {}
    states = []
    for source in workspace.sources:
        files = raw_files(source)
        missing = tuple(one.name for one in files if not (workspace.root / one.cached).is_file())
        states.append(SourceState(source, files, missing, rows.get(source.name, {})))
    return tuple(states)
