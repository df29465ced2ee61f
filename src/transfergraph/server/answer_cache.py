"""Computed answers, kept until the next release."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from transfergraph.server.pool.ipc import ResponseHead

LARGEST = 1 << 20
"""Bytes of the longest answer that is kept."""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A complete answer."""

    head: ResponseHead
    body: bytes


class AnswerCache:
    """Keeps the answers that were used last, up to a size in bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._answers: OrderedDict[bytes, CachedAnswer] = OrderedDict()
        self.size = 0
        self.hits = self.misses = 0

    def get(self, key: bytes) -> CachedAnswer | None:
        """The answer of this key, if it is cached."""
        answer = self._answers.get(key)
        if answer is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(key)
        return answer

    def put(self, key: bytes, answer: CachedAnswer) -> None:
        """Keep an answer, and drop those that were not used for longest."""
        size = _cost(key, answer)
        if size > min(LARGEST, self._limit) or key in self._answers:
            return
        self._answers[key] = answer
        self.size += size
        while self.size > self._limit:
            self.size -= _cost(*self._answers.popitem(last=False))

    def close(self) -> None:
        """Drop all answers, and keep none from now on."""
        self._answers.clear()
        self._limit = self.size = 0


def _cost(key: bytes, answer: CachedAnswer) -> int:
    return len(key) + len(answer.body) + 1024
