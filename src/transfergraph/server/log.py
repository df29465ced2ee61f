"""The log: one line of JSON for each event, on a stream that may fail without harm to anybody."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping

Tell = Callable[[Mapping[str, object]], None]
"""Takes what happens, as values for one line of the log."""


class Log:
    """Writes lines to a descriptor, past all buffers.

    A line that cannot be written (full disk, closed pipe) is counted in ``lost`` and never an error for the
    one who tells it; ``failing_since`` is the moment, in seconds since 1970, from which on lines are lost,
    and None while they are written.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._is_cut = False  # the last line that came to the stream has no end
        self.lost = 0
        self.failing_since: float | None = None

    def __call__(self, values: Mapping[str, object]) -> None:
        """Write one line, with the time in UTC."""
        moment = time.time()
        told = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
        line = json.dumps({"time": told, **values}, ensure_ascii=False, default=str) + "\n"
        whole = rest = (b"\n" if self._is_cut else b"") + line.encode("utf-8", "replace")
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            self._is_cut = False
        except OSError:
            self._is_cut = self._is_cut or len(rest) < len(whole)
            self.lost += 1
            self.failing_since = self.failing_since or moment
        else:
            self.failing_since = None
