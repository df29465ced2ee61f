"""What the server and its workers say to each other.

Requests and answers are MessagePack: a worker that a query has taken over may send anything. Each is a frame
of :mod:`multiprocessing.connection`, four bytes for its length (big-endian) before it: workers block on such
a connection, the server reads from all of them in its event loop. The server sends one request at a time;
the worker answers with parts, the last of which has the end, or with :class:`Failure`. Before its first
request it sends :class:`Ready`.

A fork server runs no query: its commands and reports are pickled.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Annotated

import msgspec
from msgspec import Meta

LONGEST = 1 << 24
"""Bytes of the longest frame; a longer one is the sign of a broken worker."""

_Field = Annotated[str, Meta(pattern=r"\A[\x20-\x7e\xa0-\xff]*\Z")]


class BrokenFrame(Exception):
    """The bytes are no message."""


@dataclass(frozen=True, slots=True)
class ResponseHead:
    """Status and header fields of an answer; no control characters are in them."""

    status: Annotated[int, Meta(ge=200, le=599)]
    headers: tuple[tuple[_Field, _Field], ...]


@dataclass(frozen=True, slots=True)
class ResponseEnd:
    """How an answer ended.

    ``cut`` is empty, or the limit at which the answer was cut: ``rows``, ``bytes`` or ``time``; ``memory`` is
    the size of the worker in bytes.
    """

    cut: str = ""
    memory: int = 0


class Ready(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """The worker waits for its first request."""


class Part(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A part of an answer: the first has its head, the last its end."""

    body: bytes = b""
    head: ResponseHead | None = None
    end: ResponseEnd | None = None


class Failure(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """An answer breaks off, or the worker cannot begin."""

    reason: str


encode = msgspec.msgpack.Encoder().encode
Message = Ready | Part | Failure
_decoder: msgspec.msgpack.Decoder[Message] = msgspec.msgpack.Decoder(Message)


def decode(content: bytes) -> Message:
    """The message of a worker; raises :class:`BrokenFrame`."""
    try:
        return _decoder.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenFrame(str(error)) from error


def frame(content: bytes) -> bytes:
    """A message as it is sent."""
    return len(content).to_bytes(4) + content


def send_descriptor(connection: Connection, descriptor: int) -> None:
    """Hand a file descriptor over (SCM_RIGHTS), with one byte.

    From Python 3.14.8 on :func:`multiprocessing.reduction.send_handle` waits for an acknowledgement, for
    which it takes the first byte of a report that comes meanwhile.
    """
    with socket.socket(fileno=os.dup(connection.fileno())) as sending:
        socket.send_fds(sending, [b"\1"], [descriptor])


def receive_descriptor(connection: Connection) -> int:
    """The file descriptor that comes next; raises :class:`EOFError` when none comes any more."""
    with socket.socket(fileno=os.dup(connection.fileno())) as receiving:
        _, descriptors, _, _ = socket.recv_fds(receiving, 1, 1)
    if not descriptors:
        raise EOFError
    return descriptors[0]


@dataclass(frozen=True, slots=True)
class Spawn:
    """Command to a fork server: fork a worker; the descriptor of its connection follows."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Command to a fork server: end a worker."""

    pid: int


@dataclass(frozen=True, slots=True)
class Started:
    """Report of a fork server: it is ready, or ``error`` says why not."""

    error: str = ""


@dataclass(frozen=True, slots=True)
class Spawned:
    """Report of a fork server: the process id of a new worker, 0 where the system allows none."""

    pid: int


@dataclass(frozen=True, slots=True)
class Exited:
    """Report of a fork server: a worker has exited. ``status`` is negative for a signal."""

    pid: int
    status: int
    stderr: bytes
