"""Which release is served, and how a new one takes its place without a request noticing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from transfergraph.errors import TransfergraphError
from transfergraph.release.manifest import read_manifest
from transfergraph.release.publish_release import current_release
from transfergraph.server.pool.release_source import ReleaseSource
from transfergraph.server.pool.served_release import ServedRelease

Tell = Callable[[Mapping[str, object]], None]
"""Takes what happens, as values for one line of the log."""

_LOOK = 1.0  # seconds between two looks at which release is current


class ReleaseManager:
    """Holds the release that is current, and looks after the next and after the last."""

    def __init__(self, origin: ReleaseSource, tell: Tell) -> None:
        self.origin = origin
        self._tell = tell
        self._current: ServedRelease | None = None
        self._old: list[ServedRelease] = []
        self._refused: str | None = None

    @property
    def current(self) -> ServedRelease:
        """The release that new requests are answered from."""
        assert self._current is not None
        return self._current

    @property
    def is_ready(self) -> bool:
        """True when queries can be answered."""
        return self._current is not None and self._current.scheduler.is_open

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
                await old.close()
                self._old.remove(old)

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
        generation = await ServedRelease.begin(task, self.origin.capacity, megabytes << 20)
        if self._current is not None:
            self._current.cache.close()
            self._old.append(self._current)
        self._current = generation
        self._tell({"event": "release", "release": generation.manifest.id})
