"""Answers that were computed once and are kept until the next release."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from transfergraph.server.pool.ipc import ResponseHead

GREATEST = 1 << 20
"""Bytes of an answer above which it is not kept."""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer that is whole."""

    head: ResponseHead
    body: bytes


class AnswerCache:
    """Keeps the answers that were asked for last, up to a size in bytes."""

    def __init__(self, greatest: int) -> None:
        self._greatest = greatest
        self._kept: OrderedDict[bytes, CachedAnswer] = OrderedDict()
        self.size = 0
        self.hits = self.misses = 0

    def get(self, key: bytes) -> CachedAnswer | None:
        """The answer to what the key names, when it is kept."""
        kept = self._kept.get(key)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return kept

    def put(self, key: bytes, kept: CachedAnswer) -> None:
        """Keep an answer, and forget what was not asked for longest."""
        weight = _weight(key, kept)
        if weight > min(GREATEST, self._greatest) or key in self._kept:
            return
        self._kept[key] = kept
        self.size += weight
        while self.size > self._greatest:
            self.size -= _weight(*self._kept.popitem(last=False))

    def close(self) -> None:
        """Forget everything, and keep nothing from now on."""
        self._kept.clear()
        self._greatest = self.size = 0


def _weight(key: bytes, kept: CachedAnswer) -> int:
    return len(key) + len(kept.body) + 1024
