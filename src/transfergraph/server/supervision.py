"""Background tasks: failures are logged and shown by ``/health``, tasks restarted, and at last given up.

systemd is notified that the server is ready and alive, and starts it again where it is not.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from transfergraph.errors import TransfergraphError
from transfergraph.server.log import Log

_FIRST, _LONGEST = (
    0.5,
    30.0,
)  # seconds until a failed task is repeated: doubled each time, up to the second number
_MOST = 5  # failures in a row after which a task is given up


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of a part of the server: the class of the error, and since when, in seconds since 1970."""

    kind: str
    since: float


class Faults:
    """The present faults, by part of the server, and how often each part has failed."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.failures: Counter[str] = Counter()
        self._now: dict[str, Fault] = {}
        self._logged: dict[str, object] = {}

    @property
    def now(self) -> dict[str, Fault]:
        """The present faults by part; ``log`` is one of the parts while lines are lost."""
        since = self.log.failing_since
        return self._now | ({} if since is None else {"log": Fault("OSError", since)})

    def record(self, part: str, error: BaseException, event: str = "task-failed", **more: str) -> None:
        """Record an error; it is logged unless it is the same as the last one of this part."""
        self.failures[part] += 1
        kind, known = type(error).__name__, self._now.get(part)
        self._now[part] = Fault(kind, time.time() if known is None else known.since)
        if self._logged.get(part) != (kind, more):
            self._logged[part] = (kind, more)
            line = {"event": event, "task": part, **more, "kind": kind, "reason": str(error)}
            if not isinstance(error, TransfergraphError | OSError):
                line["trace"] = "".join(traceback.format_exception(error))
            self.log(line)

    def clear(self, part: str) -> None:
        """Remove the fault of a part, if there is one."""
        self._logged.pop(part, None)
        if self._now.pop(part, None) is not None:
            self.log({"event": "task-recovered", "task": part})


class Supervisor:
    """Runs tasks for the lifetime of the server, within a running event loop.

    A task is a step that is repeated; one that raises is repeated after a pause that doubles. After ``most``
    failures in a row ``give_up`` is called, which is to end the process, so that systemd restarts it.
    """

    def __init__(
        self, faults: Faults, give_up: Callable[[], None], first: float = _FIRST, most: int = _MOST
    ) -> None:
        self._faults = faults
        self._give_up = give_up
        self._first, self._most = first, most
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, name: str, step: Callable[[], Awaitable[None]], interval: float) -> None:
        """Repeat a step every so many seconds."""
        self._tasks.add(asyncio.get_running_loop().create_task(self._run(name, step, interval)))

    async def close(self) -> None:
        """End all tasks."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def _run(self, name: str, step: Callable[[], Awaitable[None]], interval: float) -> None:
        task = cast(asyncio.Task[None], asyncio.current_task())
        failed, pause = 0, interval
        while failed < self._most:
            await asyncio.sleep(pause)
            try:
                await step()
            except (Exception, asyncio.CancelledError) as error:
                if task.cancelling():  # cancelled by close(), not by the step itself
                    raise
                self._faults.record(name, error)
                pause = min(self._first * 2**failed, _LONGEST)
                failed += 1
            else:
                self._faults.clear(name)
                failed, pause = 0, interval
        self._give_up()


def notify_ready() -> None:
    """Tell systemd (sd_notify(3)) that the server listens; without systemd nothing happens."""
    _notify(b"READY=1")


async def notify_alive() -> None:
    """Tell systemd that the event loop runs: a step of a task, due within the time of the watchdog."""
    _notify(b"WATCHDOG=1")


def watchdog_seconds() -> float | None:
    """How often to call :func:`notify_alive`; None without a watchdog (``WatchdogSec`` of the unit)."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 3e6 if microseconds.isdecimal() and int(microseconds) else None


def _notify(state: bytes) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.sendto(state, "\0" + address[1:] if address.startswith("@") else address)
