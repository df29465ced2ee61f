"""Where releases come from, and what their workers are told."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergraph.config.workspace import Workspace, open_workspace
from transfergraph.errors import UsageError
from transfergraph.release.manifest import Manifest
from transfergraph.server.pool.scheduler import Capacity
from transfergraph.server.pool.worker_config import WorkerConfig
from transfergraph.web.addresses import Site

_NO_ADDRESS = "http://localhost/"


@dataclass(frozen=True, slots=True)
class ReleaseSource:
    """Where releases come from: the folder of builds, and the workspace with its settings.

    ``store_url`` is the SPARQL server to ask instead of the store of the release, or None;
    ``public_url`` where the start page is seen from outside, or None.
    """

    builds: Path
    workspace: Workspace
    store_url: str | None
    public_url: str | None

    def task(self, release: Path, manifest: Manifest) -> WorkerConfig:
        """What the workers of a release are told."""
        settings = self.workspace.settings
        server = settings.server
        triples = manifest.counts.get("triples", 0)
        return WorkerConfig(
            release=release,
            site=_site(self.workspace, manifest, self.public_url or _NO_ADDRESS),
            store_url=self.store_url,
            in_memory=triples <= server.memory_triples,
            rows=settings.limits.result_rows,
            megabytes=server.result_megabytes,
            seconds=server.time_seconds,
            memory_megabytes=server.memory_megabytes,
        )

    @property
    def capacity(self) -> Capacity:
        """What the workers may take on."""
        server = self.workspace.settings.server
        return Capacity(server.workers, server.queue, float(server.time_seconds), float(server.time_seconds))


def read_release_source(
    workspace: Path,
    builds: Path,
    workers: int | None = None,
    store_url: str | None = None,
    public_url: str | None = None,
) -> ReleaseSource:
    """Where releases come from; what is given goes before the settings of the workspace.

    Raises :class:`~transfergraph.errors.WorkspaceError` for settings that are wrong.
    """
    opened = _with_workers(open_workspace(workspace), workers)
    url = public_url or opened.settings.catalogue.public_url
    if url is not None and not (url.endswith("/") and url.startswith(("https://", "http://"))):
        raise UsageError(f"The public URL is a whole address that ends with a slash, not {url!r}.")
    return ReleaseSource(builds.resolve(), opened, store_url or opened.settings.server.store, url)


def _with_workers(workspace: Workspace, workers: int | None) -> Workspace:
    if workers is None:
        return workspace
    server = msgspec.structs.replace(workspace.settings.server, workers=workers)
    settings = msgspec.structs.replace(workspace.settings, server=server)
    return dataclasses.replace(workspace, settings=settings)


def _site(workspace: Workspace, manifest: Manifest, url: str) -> Site:
    settings = workspace.settings
    return Site(
        title=settings.title,
        description=settings.description,
        base=manifest.base,
        url=url,
        release=manifest.id,
        issued=manifest.created,
        licence=manifest.licence,
        citation=manifest.citation,
        publisher=settings.publisher,
        homepage=settings.homepage,
        credits=tuple(source.attribution for source in workspace.sources),
    )
