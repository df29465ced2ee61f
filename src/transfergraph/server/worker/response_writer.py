"""How a worker sends an answer: compressed when the client likes, in frames as it is computed."""

from __future__ import annotations

from collections.abc import Callable

from transfergraph.server.compression import Coder, coder
from transfergraph.server.pool.ipc import DATA, FAIL, ResponseEnd, ResponseHead, pack, pack_end, pack_head

_FRAME = 1 << 16
_LONGEST = 1 << 20
_WORTH = 700  # bytes below which compression saves no packet


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
        self._whole = False
        self._held = bytearray()
        self.written = 0

    @property
    def begun(self) -> bool:
        """True when a part of the answer was sent, so that its head cannot be changed."""
        return self._begun

    def begin(self, status: int, *headers: tuple[str, str], whole: bool = False) -> None:
        """Say status and header fields; they leave with the first part of the body.

        What was written before, and has not left, is forgotten. ``whole`` keeps everything until the end.
        """
        self._head = ResponseHead(status, headers)
        self._whole = whole
        self._held.clear()
        self.written = 0

    def add_header(self, name: str, value: str) -> None:
        """One more header field; has no effect when the head has left."""
        self._head = ResponseHead(self._head.status, (*self._head.headers, (name, value)))

    def write(self, data: bytes) -> int:
        """Take a part of the body."""
        self._held += data
        self.written += len(data)
        if len(self._held) >= _FRAME and not self._whole:
            self._leave(first=not self._begun)
        return len(data)

    def flush(self) -> None:
        """Nothing: parts leave when they are worth a frame."""

    def finish(self, end: ResponseEnd) -> None:
        """Send what is left, and how it ended."""
        if not self._begun and len(self._held) < _WORTH:
            self._coding = "identity"
        self._start()
        body = bytes(self._held)
        if self._coder is not None:
            body = self._coder.compress(body) + self._coder.finish()
        self._held.clear()
        parts = [pack(DATA, body[at : at + _LONGEST]) for at in range(0, len(body), _LONGEST)]
        self._send(b"".join(parts) + pack_end(end))

    def fail(self, reason: str) -> None:
        """Break off an answer of which a part has left."""
        self._send(pack(FAIL, reason.encode()))

    def _leave(self, first: bool) -> None:
        self._start()
        body = bytes(self._held)
        if self._coder is not None:
            body = self._coder.compress(body) + (self._coder.flush() if first else b"")
        self._held.clear()
        if body:
            self._send(pack(DATA, body))

    def _start(self) -> None:
        if self._begun:
            return
        self._begun = True
        if self._coding != "identity" and self._head.status == 200:
            self.add_header("content-encoding", self._coding)
            self._coder = coder(self._coding)
        self._send(pack_head(self._head))
