"""One release while it is served, with its workers; requests that began on it end on it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from transfergraph.release.manifest import MANIFEST, FileEntry, Manifest, read_manifest
from transfergraph.server.answer_cache import AnswerCache
from transfergraph.server.log import Tell
from transfergraph.server.pool.response_buffer import Budget
from transfergraph.server.pool.scheduler import Capacity, Scheduler
from transfergraph.server.pool.worker_config import WorkerConfig


@dataclass(eq=False)
class ServedRelease:
    """A release and those who answer from it.

    ``modified`` is the moment at which the release was written, in seconds since 1970; ``files`` are those
    that may be given out, by path.
    """

    task: WorkerConfig
    manifest: Manifest
    modified: int
    files: Mapping[str, FileEntry]
    scheduler: Scheduler
    cache: AnswerCache
    _held: int = field(default=0)

    @classmethod
    async def begin(
        cls, task: WorkerConfig, capacity: Capacity, budget: Budget, cache_bytes: int, tell: Tell
    ) -> ServedRelease:
        """Start the workers of a release; raises what :meth:`Scheduler.start` raises."""
        manifest = read_manifest(task.release)
        modified = int((task.release / MANIFEST).stat().st_mtime)
        files = {entry.path: entry for entry in manifest.files}
        scheduler = Scheduler(capacity, budget, tell)
        await scheduler.start(task)
        return cls(task, manifest, modified, files, scheduler, AnswerCache(cache_bytes))

    @property
    def folder(self) -> Path:
        """Where the release lies."""
        return self.task.release

    def etag(self, key: bytes) -> str:
        """A weak entity tag for what is computed from this release (RFC 9110, section 8.8.3)."""
        digest = hashlib.blake2b(key, digest_size=12, key=self.manifest.id.encode()[:64])
        return f'W/"{digest.hexdigest()}"'

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Holds the release open for a request."""
        self._held += 1
        try:
            yield
        finally:
            self._held -= 1

    @property
    def is_free(self) -> bool:
        """True when no request uses it."""
        return self._held == 0

    async def close(self) -> None:
        """End its workers."""
        await self.scheduler.close()
