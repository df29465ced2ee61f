"""Which release is served, and how a new one takes its place without a request noticing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from transfergraph.errors import ReleaseError, TransfergraphError
from transfergraph.release.manifest import MANIFEST, read_manifest
from transfergraph.release.publish_release import current_release
from transfergraph.server.log import Log
from transfergraph.server.pool.release_source import ReleaseSource
from transfergraph.server.pool.response_buffer import Budget
from transfergraph.server.pool.served_release import ServedRelease
from transfergraph.server.supervision import Faults, Supervisor

_LOOK = 1.0  # seconds between two looks at which release is current
_LONGEST = 30.0  # seconds until a release that was refused is tried again although it has not changed
_START = 300.0  # seconds in which the workers of a release must have begun
_PART = "release"


class ReleaseManager:
    """Holds the release that is current, and looks after the next and after the last.

    ``budget`` is the room that large answers from all of them share.
    """

    def __init__(self, origin: ReleaseSource, log: Log) -> None:
        self.origin = origin
        self.faults = Faults(log)
        server = origin.workspace.settings.server
        self.budget = Budget(server.spool_megabytes << 20, server.client_spool_megabytes << 20)
        self._current: ServedRelease | None = None
        self._old: list[ServedRelease] = []
        self._refused: object = None
        self._again, self._pause = 0.0, _LOOK

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

    def watch(self, give_up: Callable[[], None]) -> Supervisor:
        """Look after releases from now on; ``give_up`` is called when none can be served any more."""
        supervisor = Supervisor(self.faults, give_up)
        supervisor.begin("watch", self.look, _LOOK)
        return supervisor

    async def look(self) -> None:
        """Take up a new release, renew workers that have ended, and close what nobody uses any more.

        Raises when no query can be answered, and no release be taken up. As long as the one that is served
        goes on, whatever is wrong with the next is only noted among the faults.
        """
        await self._follow()
        for old in [old for old in self._old if old.is_free]:
            self._old.remove(old)
            await old.close()

    async def close(self) -> None:
        """End all workers."""
        for generation in [*self._old, *([self._current] if self._current else [])]:
            await generation.close()
        self._old, self._current = [], None

    async def _follow(self) -> None:
        try:
            release = current_release(self.origin.builds)
            if release is None:
                raise ReleaseError(f"There is no current release in {self.origin.builds} any more.")
        except (
            TransfergraphError,
            OSError,
            RuntimeError,
        ) as error:
            self.faults.found(_PART, error)
            release = self.current.folder
        else:
            if release == self.current.folder:
                self.faults.mended(_PART)
        if not self.is_ready:
            await self._renew(release)
        elif release != self.current.folder:
            await self._try(release)

    async def _renew(self, release: Path) -> None:
        """Have workers again: of the current release, or else of the one that was served last."""
        try:
            await self._take_up(release)
        except Exception as error:
            if release == self.current.folder:
                raise
            self._refuse(release, error)
            await self._take_up(self.current.folder)

    async def _try(self, release: Path) -> None:
        """Take a release up; one that cannot be is noted, and the one before it stays.

        It is tried again when its manifest has changed, and after pauses that double.
        """
        now = asyncio.get_running_loop().time()
        mark = (release, _mark(release))
        if mark == self._refused and now < self._again:
            return
        self._pause = min(2 * self._pause, _LONGEST) if mark == self._refused else _LOOK
        try:
            await self._take_up(release)
        except Exception as error:
            self._refused, self._again = mark, now + self._pause
            self._refuse(release, error)

    def _refuse(self, release: Path, error: Exception) -> None:
        self.faults.found(_PART, error, "release-refused", release=release.name)

    async def _take_up(self, release: Path) -> None:
        task = self.origin.task(release, read_manifest(release))
        megabytes = self.origin.workspace.settings.server.cache_megabytes
        async with asyncio.timeout(_START):
            generation = await ServedRelease.begin(
                task, self.origin.capacity, self.budget, megabytes << 20, self.faults.log
            )
        if self._current is not None:
            self._current.cache.close()
            self._old.append(self._current)
        self._current = generation
        self.faults.log({"event": "release", "release": generation.manifest.id})


def _mark(release: Path) -> tuple[int, ...]:
    """Changes with the manifest of a release; empty when that cannot be looked at."""
    with suppress(OSError):
        found = (release / MANIFEST).stat()
        return (found.st_ino, found.st_mtime_ns, found.st_size)
    return ()
