"""Where releases come from, and the settings of their workers."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergraph.config.workspace import Workspace, open_workspace
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.release.manifest import Manifest
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.pool.scheduler import Capacity

_NO_ADDRESS = "http://localhost/"


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """Where releases come from: the folder of builds, and the workspace with its settings.

    The settings say what the process may spend; what it answers, also where it cuts, is the release's affair.

    ``store_url`` is the SPARQL server to ask instead of the store of the release, or None;
    ``public_url`` the public address of the start page, or None.
    """

    builds: Path
    workspace: Workspace
    store_url: str | None
    public_url: str | None

    def worker_config(self, release: Path, manifest: Manifest) -> WorkerConfig:
        """The settings of the workers of a release."""
        server, limits = self.workspace.settings.server, manifest.limits
        triples = manifest.counts.get("triples", 0)
        return WorkerConfig(
            release=release,
            url=self.public_url or _NO_ADDRESS,
            store_url=self.store_url,
            in_memory=triples <= server.memory_triples,
            rows=limits.rows,
            megabytes=limits.megabytes,
            seconds=limits.seconds,
            memory_megabytes=server.memory_megabytes,
        )

    def capacity(self, seconds: int) -> Capacity:
        """How many queries run and wait, where one takes so many seconds at most."""
        server = self.workspace.settings.server
        return Capacity(server.workers, server.queue, float(seconds), float(seconds))


def read_release_source(
    workspace: Path,
    builds: Path,
    workers: int | None = None,
    store_url: str | None = None,
    public_url: str | None = None,
) -> ReleaseSource:
    """Open the workspace; arguments that are not None go before its settings.

    Raises :class:`~transfergraph.errors.WorkspaceError` for settings that are wrong.
    """
    opened = _with_workers(open_workspace(workspace), workers)
    url = public_url or opened.settings.public_url
    if url is not None and not (url.endswith("/") and url.startswith(("https://", "http://"))):
        raise UsageError(explained("error.serve.url", url=url))
    return ReleaseSource(builds.resolve(), opened, store_url or opened.settings.server.store, url)


def _with_workers(workspace: Workspace, workers: int | None) -> Workspace:
    if workers is None:
        return workspace
    server = msgspec.structs.replace(workspace.settings.server, workers=workers)
    settings = msgspec.structs.replace(workspace.settings, server=server)
    return dataclasses.replace(workspace, settings=settings)
