"""Sends an answer from a worker to the server, as it is computed, compressed if the client accepts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO, Protocol, cast

from transfergraph.server.compression import Coder, coder
from transfergraph.server.pool.ipc import Failure, Part, ResponseEnd, ResponseHead, encode


class ResultTarget(Protocol):
    """What the engine writes a result to."""

    def write(self, data: bytes, /) -> int:
        """Take bytes; return how many."""

    def flush(self) -> None:
        """Pass on what was written."""


def as_file(target: ResultTarget) -> IO[bytes]:
    """The target as the type that the engine asks for; it only calls these two methods."""
    return cast(IO[bytes], target)


_FRAME = 1 << 16
_LONGEST = 1 << 20
_SMALLEST = 700  # bytes below which compression saves no packet


class ResponseWriter:
    """Takes an answer piece by piece: once :meth:`begin`, then :meth:`write`, then :meth:`finish`.

    ``coding`` is the content coding that the client prefers (RFC 9110, section 8.4.1): ``gzip``, ``br``
    or ``identity``. Short answers stay as they are.
    """

    def __init__(self, send: Callable[[bytes], None], coding: str) -> None:
        self._send = send
        self._coding = coding
        self._coder: Coder | None = None
        self._head = ResponseHead(500, ())
        self._begun = False
        self._wait_for_end = False
        self._pending = bytearray()
        self.written = 0

    @property
    def begun(self) -> bool:
        """True when a part of the answer was sent: its header cannot be changed any more."""
        return self._begun

    def begin(self, status: int, *headers: tuple[str, str], until_end: bool = False) -> None:
        """Set status and header fields, which are sent with the first part of the body.

        What was written before, and is not sent yet, is dropped. ``until_end`` sends nothing before the end.
        """
        self._head = ResponseHead(status, headers)
        self._wait_for_end = until_end
        self._pending.clear()
        self.written = 0

    def add_header(self, name: str, value: str) -> None:
        """Add a header field; without effect after the first part was sent."""
        self._head = ResponseHead(self._head.status, (*self._head.headers, (name, value)))

    def write(self, data: bytes) -> int:
        """Take a part of the body."""
        self._pending += data
        self.written += len(data)
        if len(self._pending) >= _FRAME and not self._wait_for_end:
            self._send_part()
        return len(data)

    def flush(self) -> None:
        """Does nothing: parts are sent when they fill a frame."""

    def finish(self, end: ResponseEnd) -> None:
        """Send the rest, and how the answer ended."""
        if not self._begun and len(self._pending) < _SMALLEST:
            self._coding = "identity"
        head, body = self._start(), bytes(self._pending)
        if self._coder is not None:
            body = self._coder.compress(body) + self._coder.finish()
        self._pending.clear()
        while len(body) > _LONGEST:
            self._send(encode(Part(body[:_LONGEST], head)))
            head, body = None, body[_LONGEST:]
        self._send(encode(Part(body, head, end)))

    def fail(self, reason: str) -> None:
        """Break off an answer of which a part was sent."""
        self._send(encode(Failure(reason)))

    def _send_part(self) -> None:
        head, body = self._start(), bytes(self._pending)
        if self._coder is not None:
            body = self._coder.compress(body) + (b"" if head is None else self._coder.flush())
        self._pending.clear()
        if body:
            self._send(encode(Part(body, head)))

    def _start(self) -> ResponseHead | None:
        """The head, which goes with the first part; None when that was sent."""
        if self._begun:
            return None
        self._begun = True
        if self._coding != "identity" and self._head.status == 200:
            self.add_header("content-encoding", self._coding)
            self._coder = coder(self._coding)
        return self._head
