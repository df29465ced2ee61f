"""Which release is served, and how a new one takes its place without a request noticing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.errors import TransfergraphError
from transfergraph.pages.site import Site
from transfergraph.release.manifest import Manifest, read_manifest
from transfergraph.release.publish import current_release
from transfergraph.server.generation import Generation
from transfergraph.server.lanes import Capacity
from transfergraph.server.task import Task
from transfergraph.workspace import Workspace

Tell = Callable[[Mapping[str, object]], None]
"""Takes what happens, as values for one line of the log."""

_LOOK = 1.0  # seconds between two looks at which release is current
_NO_ADDRESS = "http://localhost/"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where releases come from: the folder of builds, and the workspace with its settings.

    ``store_url`` is the SPARQL server to ask instead of the store of the release, or None;
    ``public_url`` where the start page is seen from outside, or None.
    """

    builds: Path
    workspace: Workspace
    store_url: str | None
    public_url: str | None

    def task(self, release: Path, manifest: Manifest) -> Task:
        """What the workers of a release are told."""
        settings = self.workspace.settings
        server = settings.server
        triples = manifest.counts.get("triples", 0)
        return Task(
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


class Office:
    """Holds the release that is current, and looks after the next and after the last."""

    def __init__(self, origin: Origin, tell: Tell) -> None:
        self.origin = origin
        self._tell = tell
        self._current: Generation | None = None
        self._old: list[Generation] = []
        self._refused: str | None = None

    @property
    def current(self) -> Generation:
        """The release that new requests are answered from."""
        assert self._current is not None
        return self._current

    @property
    def is_ready(self) -> bool:
        """True when queries can be answered."""
        return self._current is not None and self._current.lanes.is_open

    async def open(self) -> None:
        """Begin with the current release; raises :class:`TransfergraphError` when that cannot be."""
        release = current_release(self.origin.builds)
        if release is None:
            raise TransfergraphError(
                f"There is no release in {self.origin.builds}; build one first: transfergraph build."
            )
        await self._take_up(release)

    async def watch(self) -> None:
        """Take up each new release, renew workers that have ended, and close what nobody uses any more."""
        while True:
            await asyncio.sleep(_LOOK)
            release = current_release(self.origin.builds)
            if release is not None and (release != self.current.folder or not self.is_ready):
                await self._try(release)
            for old in [old for old in self._old if old.is_free]:
                self._old.remove(old)
                await old.close()

    async def close(self) -> None:
        """End all workers."""
        for generation in [*self._old, *([self._current] if self._current else [])]:
            await generation.close()
        self._old, self._current = [], None

    async def _try(self, release: Path) -> None:
        """Take a release up; one that cannot be is named once, and the one before it stays."""
        try:
            await self._take_up(release)
        except (TransfergraphError, OSError) as error:
            if self._refused != release.name:
                self._refused = release.name
                self._tell({"event": "release-refused", "release": release.name, "reason": str(error)})
        else:
            self._refused = None

    async def _take_up(self, release: Path) -> None:
        task = self.origin.task(release, read_manifest(release))
        megabytes = self.origin.workspace.settings.server.cache_megabytes
        generation = await Generation.begin(task, self.origin.capacity, megabytes << 20)
        if self._current is not None:
            self._old.append(self._current)
        self._current = generation
        self._tell({"event": "release", "release": generation.manifest.id})


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
