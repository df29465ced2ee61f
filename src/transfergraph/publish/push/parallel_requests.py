"""Requests that are under way at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType


class ParallelRequests:
    """Runs requests, at most ``count`` at once; one alone runs each before the next is made.

    The first that fails raises, from :meth:`run` or at the end of the block; those not begun are left out.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads = ThreadPoolExecutor(count) if count > 1 else None
        self._running: set[Future[None]] = set()

    def __enter__(self) -> ParallelRequests:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._wait(ALL_COMPLETED)
        finally:
            if self._threads is not None:
                self._threads.shutdown(cancel_futures=True)

    def run(self, request: Callable[[], None]) -> None:
        """Send one, as soon as there is room for it."""
        if self._threads is None:
            request()
            return
        if len(self._running) >= self._count:
            self._wait(FIRST_COMPLETED)
        self._running.add(self._threads.submit(request))

    def _wait(self, until: str) -> None:
        done, self._running = wait(self._running, return_when=until)
        for one in done:
            one.result()
