"""Which release is served, and how a new one takes its place while requests go on."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.files import ScratchFolder
from transfergraph.common.namespaces import DCAT
from transfergraph.errors import ReleaseError, TransfergraphError
from transfergraph.messages import explained
from transfergraph.release.manifest import MANIFEST, AnswerLimits, Manifest, read_manifest
from transfergraph.release.publish_release import current_release
from transfergraph.server.answer_cache import AnswerCache
from transfergraph.server.log import Log, LogEvent
from transfergraph.server.pool.release_source import ReleaseSource
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.pool.response_buffer import Budget
from transfergraph.server.pool.scheduler import Scheduler
from transfergraph.server.supervision import Faults, Supervisor

_INTERVAL = 1.0  # seconds between two checks of which release is current
_LONGEST = 30.0  # seconds until a refused release is tried again although it has not changed
_START = 300.0  # seconds in which the workers of a release must have started
_PART = "release"


@dataclass(frozen=True, slots=True)
class ReleaseOnDisk:
    """A release as it was read from its folder.

    ``files`` has the SHA-256 of what may be downloaded, by path: of the files that the manifest lists, and
    of the manifest; ``modified`` is when the release was written, in seconds since 1970; ``stamp`` changes
    when the manifest is written again. ``moved`` is the folder of the files that have other addresses here,
    None where the catalogue names those of this server.
    """

    folder: Path
    manifest: Manifest
    files: Mapping[str, str]
    modified: int
    stamp: tuple[int, ...]
    moved: Path | None = None

    def root(self, name: str) -> Path:
        """The folder in which a file of the release lies as it is sent."""
        return self.folder if self.moved is None or not (self.moved / name).is_file() else self.moved


def read_release(folder: Path) -> ReleaseOnDisk:
    """Read the manifest of a release; raises :class:`ReleaseError`."""
    stamp = manifest_stamp(folder)  # first: what is written while the rest is read counts as a later change
    manifest = read_manifest(folder)
    file = folder / MANIFEST
    files = {entry.path: entry.sha256 for entry in manifest.files}
    files[MANIFEST] = hashlib.sha256(file.read_bytes()).hexdigest()
    return ReleaseOnDisk(folder, manifest, files, int(file.stat().st_mtime), stamp)


def moved_to(release: ReleaseOnDisk, url: str, folder: Path) -> ReleaseOnDisk:
    """The release as it is served at this address: what names other addresses is written into the folder.

    Nothing is written, and the release comes back as it is, where its catalogue names this address and the
    endpoint, or where it has no catalogue.
    """
    # what knows catalogues and pages takes memory; without another address only workers need it
    from transfergraph.dcat import CATALOGUE_FILE
    from transfergraph.release.release_facts import facts_of
    from transfergraph.release.relocation import relocation, write_moved

    if not (release.folder / CATALOGUE_FILE).is_file():
        return release
    facts = facts_of(release.folder, release.manifest)
    served = bool(facts.index.values(facts.catalogue, DCAT + "service"))
    if not facts.index.instances(DCAT + "Distribution") or (facts.url == url and served):
        return release
    manifest = write_moved(facts, relocation(facts, url), f"{url}sparql", folder)
    files = {entry.path: entry.sha256 for entry in manifest.files}
    files[MANIFEST] = hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    return dataclasses.replace(release, manifest=manifest, files=files, moved=folder)


def manifest_stamp(folder: Path) -> tuple[int, ...]:
    """Inode, time and size of the manifest of a release; empty when there is none."""
    with suppress(OSError):
        found = (folder / MANIFEST).stat()
        return (found.st_ino, found.st_mtime_ns, found.st_size)
    return ()


class ServedRelease:
    """A release with its workers; a request that began on it ends on it."""

    def __init__(
        self,
        release: ReleaseOnDisk,
        config: WorkerConfig,
        scheduler: Scheduler,
        cache: AnswerCache,
        moved: ScratchFolder | None = None,
    ):
        self.release = release
        self.config = config
        self.scheduler = scheduler
        self.cache = cache
        self._moved = moved  # removed with the workers
        self._requests = 0

    async def close(self) -> None:
        """End its workers, and remove what was written for it."""
        await self.scheduler.close()
        if self._moved is not None:
            self._moved.cleanup()

    @classmethod
    async def start(
        cls, release: ReleaseOnDisk, source: ReleaseSource, budget: Budget, log_event: LogEvent
    ) -> ServedRelease:
        """Start the workers of a release; raises what :meth:`Scheduler.start` raises."""
        moved: ScratchFolder | None = None
        if source.public_url is not None:
            moved = ScratchFolder()
            release = await asyncio.to_thread(moved_to, release, source.public_url, Path(moved.name))
        config = dataclasses.replace(
            source.worker_config(release.folder, release.manifest), moved=release.moved
        )
        scheduler = Scheduler(source.capacity(config.seconds), budget, log_event)
        await scheduler.start(config)
        megabytes = source.workspace.settings.server.cache_megabytes
        return cls(release, config, scheduler, AnswerCache(megabytes << 20), moved)

    def etag(self, key: bytes) -> str:
        """A weak entity tag for what is computed from this release (RFC 9110, section 8.8.3)."""
        digest = hashlib.blake2b(key, digest_size=12, key=self.release.files[MANIFEST].encode())
        return f'W/"{digest.hexdigest()}"'

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the workers running for a request."""
        self._requests += 1
        try:
            yield
        finally:
            self._requests -= 1

    @property
    def is_unused(self) -> bool:
        """True when no request uses it."""
        return self._requests == 0


class ReleaseManager:
    """Serves the current release, starts the next one and closes those before.

    ``budget`` is the space in temporary files that large answers from all of them share; ``on_start`` is
    called with the limits of each release that begins to be served.
    """

    def __init__(self, source: ReleaseSource, log: Log) -> None:
        self.source = source
        self.on_start: Callable[[AnswerLimits], None] = lambda _: None
        self.faults = Faults(log)
        server = source.workspace.settings.server
        self.budget = Budget(server.spool_megabytes << 20, server.client_spool_megabytes << 20)
        self._current: ServedRelease | None = None
        self._previous: list[ServedRelease] = []
        self._refused: object = None
        self._retry_at, self._pause = 0.0, _INTERVAL

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
        """Start with the current release; raises :class:`TransfergraphError` when that is impossible."""
        folder = current_release(self.source.builds)
        if folder is None:
            raise TransfergraphError(explained("error.release.nowhere", folder=self.source.builds))
        await self._start(folder)

    def watch(self, give_up: Callable[[], None]) -> Supervisor:
        """Follow the releases from now on; ``give_up`` is called when none can be served any more."""
        supervisor = Supervisor(self.faults, give_up)
        supervisor.begin("watch", self.check, _INTERVAL)
        return supervisor

    async def check(self) -> None:
        """Start a new release, replace workers that have ended, and close releases that are not used.

        Raises when no query can be answered and no release can be started. As long as the served one goes
        on, whatever is wrong with the next is only recorded among the faults.
        """
        await self._follow()
        for unused in [one for one in self._previous if one.is_unused]:
            self._previous.remove(unused)
            await unused.close()

    async def close(self) -> None:
        """End all workers."""
        for served in [*self._previous, *([self._current] if self._current else [])]:
            await served.close()
        self._previous, self._current = [], None

    async def _follow(self) -> None:
        served, is_readable = self.current.release, True
        try:
            folder = current_release(self.source.builds)
            if folder is None:
                raise ReleaseError(explained("error.release.no-current", builds=self.source.builds))
        except (TransfergraphError, OSError, RuntimeError) as error:
            self.faults.record(_PART, error)
            folder, is_readable = served.folder, False
        is_new = folder != served.folder or manifest_stamp(folder) not in (served.stamp, ())
        if is_readable and not is_new:
            self.faults.clear(_PART)
        if not self.is_ready:
            await self._restart(folder)
        elif is_new:
            await self._try(folder)

    async def _restart(self, folder: Path) -> None:
        """Start workers again: of the current release, or else of the one that was served last."""
        try:
            await self._start(folder)
        except Exception as error:
            if folder == self.current.release.folder:
                raise
            self._refuse(folder, error)
            await self._start(self.current.release.folder)

    async def _try(self, folder: Path) -> None:
        """Start a release; one that cannot be started is recorded, and the one before it stays.

        It is tried again when its manifest has changed, and after pauses that double.
        """
        now = asyncio.get_running_loop().time()
        version = (folder, manifest_stamp(folder))
        if version == self._refused and now < self._retry_at:
            return
        self._pause = min(2 * self._pause, _LONGEST) if version == self._refused else _INTERVAL
        try:
            await self._start(folder)
        except Exception as error:
            self._refused, self._retry_at = version, now + self._pause
            self._refuse(folder, error)

    def _refuse(self, folder: Path, error: Exception) -> None:
        self.faults.record(_PART, error, "release-refused", release=folder.name)

    async def _start(self, folder: Path) -> None:
        async with asyncio.timeout(_START):
            started = await ServedRelease.start(
                read_release(folder), self.source, self.budget, self.faults.log
            )
        if self._current is not None:
            self._current.cache.close()
            self._previous.append(self._current)
        self._current = started
        self.on_start(started.release.manifest.limits)
        self.faults.log({"event": "release", "release": started.release.manifest.id})
