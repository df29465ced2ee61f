"""HTTP/1.1 for clients that mean no good: a request has its time and its size, and so has an answer.

uvicorn sets no deadline for a request that never ends and for a client that never reads.
"""

from __future__ import annotations

import asyncio
from typing import cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from transfergraph.config.server_settings import Network
from transfergraph.server.http_exchange import is_within

_HEADER_SECONDS = 10.0
_BODY_SECONDS = 30.0
_READ_SECONDS = 60.0
_HEADER_BYTES = 1 << 18
_ADDRESS_BYTES = 65_000
_PLAIN = "content-type: text/plain; charset=utf-8\r\ncache-control: no-store\r\nconnection: close\r\n"
_TOO_LONG = (
    f"HTTP/1.1 414 URI Too Long\r\n{_PLAIN}content-length: 59\r\n\r\n"
    "The address is too long: send the query with POST instead.\n"
).encode()
_CONNECTIONS = 1024
_CONNECTIONS_OF_ONE = 128


class LimitedProtocol(HttpToolsProtocol):
    """One connection.

    It is closed when the header of a request is not whole within 10 seconds, its body within 30, when the
    header has more than 256 KiB or its address more than 65,000 bytes, and when the client takes nothing
    of an answer for 60 seconds. Beyond 1,024 connections, and 128 of one address that is no trusted
    proxy, no further one is taken.
    """

    proxies: tuple[Network, ...] = ()
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None
    _header_bytes = 0
    _in_body = False
    _refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        stream = cast(asyncio.Transport, transport)
        super().connection_made(stream)
        if len(self.connections) > _CONNECTIONS or self._are_too_many():
            stream.abort()
        else:
            self._limit(_HEADER_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._unlimit()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self.transport.is_closing():
            return
        if not self._in_body:
            self._header_bytes += len(data)
        super().data_received(data)
        if not self._in_body and self._header_bytes > _HEADER_BYTES:
            self.send_400_response("The header of the request is too long.")

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._limit(_HEADER_SECONDS)

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._in_body, self._header_bytes = True, 0
        self._limit(_BODY_SECONDS)
        if len(self.url) > _ADDRESS_BYTES:
            self._refused = True
            self.transport.write(_TOO_LONG)
            self.transport.close()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        if not self._refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._in_body = False
        self._unlimit()
        if not self._refused:
            super().on_message_complete()

    def pause_writing(self) -> None:
        """Called by the event loop when the client does not read."""
        super().pause_writing()
        self._stalled = self.loop.call_later(_READ_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        """Called by the event loop when the client reads again."""
        if self._stalled is not None:
            self._stalled.cancel()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Called by the parser for what is no request: say so, in a form that nobody keeps, and hang up."""
        body = msg.encode("ascii")
        head = f"HTTP/1.1 400 Bad Request\r\n{_PLAIN}content-length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()

    def _are_too_many(self) -> bool:
        here = self.client[0] if self.client else ""
        if is_within(here, self.proxies):
            return False
        same = [one for one in self.connections if isinstance(one, LimitedProtocol) and one._is_from(here)]
        return len(same) > _CONNECTIONS_OF_ONE

    def _is_from(self, address: str) -> bool:
        return self.client is not None and self.client[0] == address

    def _limit(self, seconds: float) -> None:
        self._unlimit()
        self._deadline = self.loop.call_later(seconds, self.transport.close)

    def _unlimit(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def limited_protocol(trusted: tuple[Network, ...]) -> type[LimitedProtocol]:
    """The protocol for a server behind these proxies."""

    class Protocol(LimitedProtocol):
        """One connection."""

        proxies = trusted

    return Protocol
