"""Cuts a result at a limit, between two rows, and closes it so that it is valid and has a notice.

The engine writes results in blocks of bytes, far quicker than Python could write them row by row; here the
rows in these blocks are found by regular expressions, one for each of the four formats.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from transfergraph.common.formats import ResultFormat

_BLOCK = 1 << 16  # bytes that are kept before rows are looked for
_INTERVAL = 0.2  # seconds after which rows are looked for in fewer bytes
_LEAST = 1  # bytes of the shortest row: in TSV that of one unbound variable is an empty line

# What comes before the first row, and one row, each only where the beginning of another row follows.
# A match that fails because the block ends in the middle of a row is tried again with more.
_PIECES = {
    "json": (
        re.compile(rb'[^\[]*+\[[^\]]*+\]\},"results":\{"bindings":\[(?=\{)'),
        re.compile(rb'(?:[^"}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+"|\}(?!,\{))*+\}(?=,\{)', re.DOTALL),
    ),
    "csv": (_CSV := re.compile(rb'(?:[^"\r]++|"[^"]*+"|\r(?!\n))*+\r\n(?=.)', re.DOTALL), _CSV),
    "tsv": (_TSV := re.compile(rb"[^\n]*+\n(?=.)", re.DOTALL), _TSV),
    "xml": (
        re.compile(rb"(?:[^<]++|<(?!result>))*+(?=<result>)"),
        re.compile(rb"<result>(?:[^<]++|<(?!result>))*+(?=<result>)"),
    ),
}
_NOT_XML = bytes(code if code >= 32 or code in (9, 10, 13) else ord("?") for code in range(256))


@dataclass(frozen=True, slots=True)
class ResultLimits:
    """What an answer may not exceed: rows or triples, bytes before compression, and a point in time.

    ``deadline`` is on the clock of :func:`time.monotonic`.
    """

    rows: int
    bytes: int
    deadline: float


class LimitReached(Exception):
    """The limit was reached; ``limit`` is ``rows``, ``bytes`` or ``time``."""

    def __init__(self, limit: str) -> None:
        super().__init__(limit)
        self.limit = limit


def notice(limit: str, rows: int) -> str:
    """The sentence that a cut answer carries."""
    reason = {
        "rows": "no answer has more",
        "bytes": "the answer reached its greatest size",
        "time": "the time for one query was over",
    }[limit]
    return f"This answer was cut after {rows} rows, because {reason}; there may be more."


class RowLimit:
    """A file to which the engine writes results of SELECT in one of the four formats.

    What comes before the first row is always written, so that a cut result has a beginning.
    """

    def __init__(self, form: ResultFormat, limits: ResultLimits, write: Callable[[bytes], object]) -> None:
        self._name = form.name
        self._header, self._row = _PIECES[form.name]
        self._allowance = limits
        self._write = write
        self._held = bytearray()
        self._scan_size = _BLOCK
        self._scanned = time.monotonic()
        self._written = 0
        self._begun = 0
        self._separators = b""
        self._over = False

    def write(self, block: bytes) -> int:
        """Take a block; raises :class:`LimitReached` when a limit is reached."""
        if self._over:
            return len(block)  # the engine flushes its buffer although a write has failed
        self._held += block
        now = time.monotonic()
        if len(self._held) >= self._scan_size or now > self._scanned + _INTERVAL:
            self._scanned = now
            self._scan()
            if now > self._allowance.deadline and self._begun:
                self._stop("time")
        return len(block)

    def flush(self) -> None:
        """Does nothing: what is kept may still be cut."""

    def close(self) -> None:
        """Write the end of a complete result. May raise :class:`LimitReached`."""
        size = self._written + len(self._held)
        if size > min(self._allowance.bytes, _LEAST * self._allowance.rows):
            self._scan()
        self._emit(len(self._held))

    def cut(self, limit: str) -> None:
        """Close an incomplete result with a notice."""
        rows = max(0, self._begun - 1)
        self._held.clear()
        self._write(self._end(limit, rows))

    def _scan(self) -> None:
        """Write everything up to the beginning of the last row."""
        last = 0
        for start in self._row_starts():
            last = start
            if self._begun > self._allowance.rows:
                self._emit(start)
                self._stop("rows")
            if self._written + start > self._allowance.bytes:
                self._emit(start)
                self._stop("bytes")
        self._emit(last)
        if self._written + len(self._held) > self._allowance.bytes and self._begun:
            self._stop("bytes")
        self._scan_size = _BLOCK + 2 * len(self._held)

    def _stop(self, limit: str) -> None:
        self._over = True
        raise LimitReached(limit)

    def _row_starts(self) -> Iterator[int]:
        """Where rows begin in the bytes that are kept, apart from their first one."""
        at = 0
        if not self._begun and (header := self._header.match(self._held)):
            self._separators = bytes(c for c in header[0] if c in b",\t")
            self._begun, at = 1, header.end()
            yield at
        while self._begun and (row := self._row.match(self._held, at)):
            self._begun += 1
            at = row.end()
            yield at

    def _emit(self, end: int) -> None:
        part = bytes(self._held[:end])
        del self._held[:end]
        self._written += end
        self._write(part.translate(_NOT_XML) if self._name == "xml" else part)

    def _end(self, limit: str, rows: int) -> bytes:
        """The end of a cut result; in CSV and TSV the notice is a last row, as there is no other place."""
        sentence = notice(limit, rows)
        match self._name:
            case "json":
                note = json.dumps({"limit": limit, "rows": rows, "message": sentence})
                return f']}},"cut":{note}}}'.encode()
            case "xml":
                return f"</results><!-- {sentence} --></sparql>\n".encode()
            case "csv":
                return f'"{sentence}"'.encode() + self._separators + b"\r\n"
            case _:
                return f'"{sentence}"'.encode() + self._separators + b"\n"
