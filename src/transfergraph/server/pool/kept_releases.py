"""The releases in the folder of builds, whether current or not, in the order in which they were published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from transfergraph.errors import ReleaseError
from transfergraph.release.publication_time import publication_time
from transfergraph.release.publish_release import RELEASES
from transfergraph.server.pool.release_manager import ReleaseOnDisk, manifest_stamp, read_release


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """A release, and since when (UTC) it was what could be had: the time that the event streams give it."""

    release: ReleaseOnDisk
    since: datetime


class KeptReleases:
    """Reads the manifests of all releases in the folder, each again when it has changed."""

    def __init__(self, builds: Path) -> None:
        self._folder = builds / RELEASES
        self._known: dict[str, ReleaseOnDisk] = {}

    def find(self, identifier: str) -> ReleaseOnDisk | None:
        """The release of that id, None when there is none that can be read."""
        folder = self._folder / identifier
        known = self._known.get(identifier)
        if known is None or manifest_stamp(folder) not in (known.stamp, ()):
            try:
                known = self._known[identifier] = read_release(folder)
            except ReleaseError:
                return None
        return known

    def in_order(self) -> list[KeptRelease]:
        """All that can be read, the first published first."""
        there = self._folder.iterdir() if self._folder.is_dir() else ()
        names = (path.name for path in there if not path.name.startswith("."))
        found = {one.manifest.id: one for one in map(self.find, sorted(names)) if one is not None}
        ordered, before = [], None
        for one in sorted(found.values(), key=lambda one: (one.manifest.created, one.modified)):
            before = publication_time(one.manifest.created, before)
            ordered.append(KeptRelease(one, datetime.fromisoformat(before)))
        return ordered
