"""The log: one line of JSON for each event, on a stream that may fail or block without harm."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable, Mapping

LogEvent = Callable[[Mapping[str, object]], None]
"""Takes the values of one line of the log."""


class Log:
    """Writes lines to a descriptor, past all buffers.

    A line that cannot be written at once (full disk, closed pipe, pipe whose reader is stuck) is counted in
    ``lost`` and never an error for the caller; ``failing_since`` is the moment, in seconds since 1970, from
    which on lines are lost, and None while they are written.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._is_cut = False  # the last line on the stream was written in part
        self.lost = 0
        self.failing_since: float | None = None

    def __call__(self, values: Mapping[str, object]) -> None:
        """Write one line, with the time in UTC."""
        moment = time.time()
        time_utc = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
        line = json.dumps({"time": time_utc, **values}, ensure_ascii=False, default=str) + "\n"
        data = rest = (b"\n" if self._is_cut else b"") + line.encode("utf-8", "replace")
        try:
            while rest:
                if not _is_writable(self._descriptor):
                    raise BlockingIOError
                # So much fits into a pipe that is writable (POSIX: poll, PIPE_BUF).
                rest = rest[os.write(self._descriptor, rest[: select.PIPE_BUF]) :]
            self._is_cut = False
        except OSError:
            self._is_cut = self._is_cut or len(rest) < len(data)
            self.lost += 1
            self.failing_since = self.failing_since or moment
        else:
            self.failing_since = None


def _is_writable(descriptor: int) -> bool:
    """False when a write would block; the flag O_NONBLOCK would hold for all who share the stream."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(0))
