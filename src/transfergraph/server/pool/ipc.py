"""The protocol of the server, its fork servers and their workers: frames on Unix sockets.

A frame is one byte for its kind, four bytes for the length of its content (big-endian), and the content.
The server sends one REQUEST at a time; the worker answers with HEAD, any number of DATA, and END, or with
FAIL where an answer breaks off. A fork server gets one CONFIG and answers READY or FAILED; SPAWN, with the
socket of the new worker, is answered by SPAWNED with its process id, 0 where the system allows no further
process; KILL ends a worker, and EXITED reports the exit status of one.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

READY = b"R"
REQUEST = b"J"
HEAD = b"H"
DATA = b"D"
END = b"E"
FAIL = b"F"

_PREFIX = struct.Struct("!cI")
_FIELD = re.compile("[\x20-\x7e\xa0-\xff]*")
CONFIG = b"T"
FAILED = b"?"
SPAWN = b"S"
SPAWNED = b"B"
KILL = b"K"
EXITED = b"X"
PID = struct.Struct("!I")
"""The content of SPAWNED and KILL: a process id."""
EXIT_STATUS = struct.Struct("!Ii")
"""The content of EXITED: process id and exit code, negative for a signal; its standard error follows."""

LONGEST = 1 << 24
"""Bytes of the longest frame; a longer one is the sign of a broken worker."""


class BrokenFrame(Exception):
    """The bytes are no valid frame."""


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status and header fields of an answer."""

    status: int
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ResponseEnd:
    """How an answer ended.

    ``cut`` is empty, or the limit at which the answer was cut: ``rows``, ``bytes`` or ``time``; ``memory`` is
    the size of the worker in bytes.
    """

    cut: str = ""
    memory: int = 0


def pack(kind: bytes, content: bytes) -> bytes:
    """One frame."""
    return _PREFIX.pack(kind, len(content)) + content


def pack_head(head: ResponseHead) -> bytes:
    """The frame of a head."""
    return pack(HEAD, json.dumps([head.status, head.headers]).encode())


def pack_end(end: ResponseEnd) -> bytes:
    """The frame of an end."""
    return pack(END, json.dumps([end.cut, end.memory]).encode())


def read_head(content: bytes) -> ResponseHead:
    """The head that a frame carries; raises :class:`BrokenFrame`."""
    match _values(content):
        case [int(status), list(pairs)] if 200 <= status <= 599 and all(map(_is_field, pairs)):
            return ResponseHead(status, tuple((name, value) for name, value in pairs))
    raise BrokenFrame("a head is not as it should be")


def read_end(content: bytes) -> ResponseEnd:
    """The end that a frame carries; raises :class:`BrokenFrame`."""
    match _values(content):
        case [str(cut), int(memory)]:
            return ResponseEnd(cut, memory)
    raise BrokenFrame("an end is not as it should be")


class FrameReader:
    """Splits a stream of bytes into frames."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Kind and content of each frame that these bytes complete; raises :class:`BrokenFrame`."""
        self._held += data
        at = 0
        while len(self._held) - at >= _PREFIX.size:
            kind, length = _PREFIX.unpack_from(self._held, at)
            if length > LONGEST:
                raise BrokenFrame("a frame is too long")
            end = at + _PREFIX.size + length
            if len(self._held) < end:
                break
            yield kind, bytes(self._held[at + _PREFIX.size : end])
            at = end
        del self._held[:at]


def _values(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError as error:
        raise BrokenFrame("a frame holds no JSON") from error


def _is_field(pair: Sequence[object]) -> bool:
    """True for the name and value of a header field without control characters."""
    match pair:
        case [str(name), str(value)]:
            return bool(_FIELD.fullmatch(name) and _FIELD.fullmatch(value))
    return False
