"""Waiting lines in which every client has its turn."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class QueueIsFull(Exception):
    """Nobody more may wait; ``own`` tells that the client itself has too many waiting."""

    def __init__(self, own: bool) -> None:
        super().__init__()
        self.own = own


class FairQueue(Generic[T]):
    """Items wait by client; the clients take turns, however many items each has.

    No more than ``greatest`` items wait, and no more than a quarter of them of one client.
    """

    def __init__(self, greatest: int) -> None:
        self._greatest = greatest
        self._share = max(1, greatest // 4)
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, client: str) -> bool:
        return client in self._waiting

    def put(self, client: str, item: T) -> None:
        """Let an item wait; raises :class:`QueueIsFull`."""
        own = self._waiting.get(client)
        if own is not None and len(own) >= self._share:
            raise QueueIsFull(own=True)
        if self._count >= self._greatest:
            raise QueueIsFull(own=False)
        if own is None:
            own = self._waiting[client] = deque()
        own.append(item)
        self._count += 1

    def take(self, may: Callable[[str], bool] = lambda client: True) -> tuple[str, T] | None:
        """The client whose turn it is, of those that may, and its next item; None when there is none."""
        client = next((name for name in self._waiting if may(name)), None)
        if client is None:
            return None
        own = self._waiting.pop(client)
        item = own.popleft()
        self._count -= 1
        if own:
            self._waiting[client] = own
        return client, item

    def remove(self, client: str, item: T) -> None:
        """Let an item go that waits no longer; nothing happens when it has had its turn."""
        own = self._waiting.get(client)
        if own is not None and item in own:
            own.remove(item)
            self._count -= 1
            if not own:
                del self._waiting[client]
