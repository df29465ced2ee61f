"""Background tasks that do not die silently: what fails is told, begun again, and at last given up aloud."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from transfergraph.errors import TransfergraphError
from transfergraph.server.log import Log

_FIRST, _LONGEST = 0.5, 30.0  # seconds until a task that failed begins again: doubled each time, up to these
_MOST = 5  # failures in a row with which a task is given up


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a part of the server: the kind of error, and since when, in seconds since 1970."""

    kind: str
    since: float


class Faults:
    """What is wrong now, by the part of the server, and how often each part has failed."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self.failures: Counter[str] = Counter()
        self._now: dict[str, Fault] = {}
        self._told: dict[str, object] = {}

    @property
    def now(self) -> dict[str, Fault]:
        """The parts with which something is wrong; ``log`` is one of them while lines are lost."""
        since = self.log.failing_since
        return self._now | ({} if since is None else {"log": Fault("OSError", since)})

    def found(self, part: str, error: BaseException, event: str = "task-failed", **more: str) -> None:
        """Something is wrong; it is told when it is new, of another kind or about something else."""
        self.failures[part] += 1
        kind, known = type(error).__name__, self._now.get(part)
        self._now[part] = Fault(kind, time.time() if known is None else known.since)
        if self._told.get(part) != (kind, more):
            self._told[part] = (kind, more)
            line = {"event": event, "task": part, **more, "kind": kind, "reason": str(error)}
            if not isinstance(error, TransfergraphError | OSError):
                line["trace"] = "".join(traceback.format_exception(error))
            self.log(line)

    def mended(self, part: str) -> None:
        """All is well with this part again."""
        self._told.pop(part, None)
        if self._now.pop(part, None) is not None:
            self.log({"event": "task-recovered", "task": part})


class Supervisor:
    """Runs tasks that are to go on for as long as the server does. Use it within a running event loop.

    A task is a step that is done again and again; one that raises is done again after a pause that doubles.
    After ``most`` failures in a row ``give_up`` is called, which is to end the process: then whoever has
    started it can begin anew.
    """

    def __init__(
        self, faults: Faults, give_up: Callable[[], None], first: float = _FIRST, most: int = _MOST
    ) -> None:
        self._faults = faults
        self._give_up = give_up
        self._first, self._most = first, most
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, name: str, step: Callable[[], Awaitable[None]], interval: float) -> None:
        """Have a step done every so many seconds."""
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
                if task.cancelling():  # by whom it was begun, and not from within
                    raise
                self._faults.found(name, error)
                pause = min(self._first * 2**failed, _LONGEST)
                failed += 1
            else:
                self._faults.mended(name)
                failed, pause = 0, interval
        self._give_up()
