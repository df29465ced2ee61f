"""A queue that serves the clients by turns (round robin)."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class QueueIsFull(Exception):
    """No further item may wait; ``own`` is true when this client has too many."""

    def __init__(self, own: bool) -> None:
        super().__init__()
        self.own = own


class FairQueue(Generic[T]):
    """Items that wait by client; the clients take turns, however many items each has.

    At most ``limit`` items wait, and at most a quarter of them for one client.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._share = max(1, limit // 4)
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __contains__(self, client: str) -> bool:
        return client in self._waiting

    def put(self, client: str, item: T) -> None:
        """Append an item; raises :class:`QueueIsFull`."""
        own = self._waiting.get(client)
        if own is not None and len(own) >= self._share:
            raise QueueIsFull(own=True)
        if self._count >= self._limit:
            raise QueueIsFull(own=False)
        if own is None:
            own = self._waiting[client] = deque()
        own.append(item)
        self._count += 1

    def take(self, may: Callable[[str], bool] = lambda client: True) -> tuple[str, T] | None:
        """The next client of those that may, and its first item; None when there is none."""
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
        """Remove an item, if it still waits."""
        own = self._waiting.get(client)
        if own is not None and item in own:
            own.remove(item)
            self._count -= 1
            if not own:
                del self._waiting[client]
