"""Deadlines for every state of an HTTP/1.1 connection, and limits to the number of connections.

uvicorn only limits idle connections on which no byte comes.
"""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from transfergraph.common.formats import PROBLEM
from transfergraph.common.text import Text
from transfergraph.config.settings import Network
from transfergraph.messages import explained
from transfergraph.server.http_exchange import METHODS, client_key, is_within
from transfergraph.server.problems import Problem, retry_after

_HEADER_BYTES = 1 << 18
_ADDRESS_BYTES = 65_000
_UNSENT_BYTES = 1 << 17  # bytes of an answer that the kernel may buffer unsent
_MAX_PIPELINED = 64  # requests of one connection that may wait for an answer
_MAX_REFUSED = 256  # connections beyond the limit that may wait for their refusal
_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40} [!-~]+ HTTP/1[.][01]\r?\n")
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that a connection may stay in one state, and how many connections there may be.

    ``header`` counts from the connection or the first byte of a request until its header is whole, ``body``
    from there until its body is, ``answer`` from there until its answer begins, ``idle`` from one answer to
    the next request, ``half_closed`` from the end of what the client sends until its answer begins, where it
    cannot be seen whether the client is still there. ``lag`` is how far a client may fall behind ``rate``,
    the bytes of an answer that it takes in a second; ``refused`` how long one that is too many waits for its
    response. ``connections_per_client`` holds for one address that is no trusted proxy.
    """

    header: float = 10.0
    body: float = 30.0
    answer: float = 120.0
    idle: float = 15.0
    half_closed: float = 1.0
    lag: float = 30.0
    rate: int = 16 << 10
    refused: float = 2.0
    connections: int = 1024
    connections_per_client: int = 128


@dataclass(eq=False, slots=True)
class Rules:
    """Limits and counts that all connections of a server share.

    ``closed`` counts the closed ones by reason, ``by_address`` the open ones by client; ``refused`` are those
    beyond the limit that wait for their refusal.
    """

    proxies: tuple[Network, ...]
    deadlines: Deadlines
    closed: Counter[str]
    by_address: Counter[str] = field(default_factory=Counter)
    refused: set[LimitedProtocol] = field(default_factory=set)


class LimitedProtocol(HttpToolsProtocol):
    """One connection, which is closed when it stays in one state beyond its deadline.

    It is closed as well when the header of a request has more than 256 KiB or its address more than 65,000
    bytes, and when more than 64 of its requests wait.
    """

    rules: Rules

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        stream = cast(asyncio.Transport, transport)
        super().connection_made(stream)
        _limit_unsent(stream)
        self._cycles: deque[RequestResponseCycle] = deque()
        self._reading = "header"
        self._state: tuple[str, int] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._rate_timer: asyncio.TimerHandle | None = None
        self._credit = self.rules.deadlines.lag
        self._measured_at, self._unsent, self._half_closed_until = 0.0, 0, 0.0
        self._header_bytes = self._response_count = 0
        self._ignores_input = self._is_half_closed = False
        self._refusal = self._received = b""
        self._address = self.client[0] if self.client else ""
        self._client_key = client_key(self._address)
        self.rules.by_address[self._client_key] += 1
        if problem := self._exceeded_limit():
            self._refuse(problem)
        else:
            self._update_deadline()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        for timer in (self._deadline, self._rate_timer):
            if timer is not None:
                timer.cancel()
        self.rules.refused.discard(self)
        if not self._refusal:
            self._uncount()
        for cycle in self._cycles:  # uvicorn tells the last one only
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        if self.transport.is_closing():
            return
        if self._refusal:
            self.transport.write(self._refusal)
            self.transport.close()
            return
        if self._reading != "body":
            self._header_bytes += len(data)
        self._received = data
        super().data_received(data)
        if self._reading != "body" and self._header_bytes > _HEADER_BYTES:
            self._refuse_request(Problem(400, "bad-request", explained("problem.header-too-long")))

    def eof_received(self) -> Any:
        """Keep the connection open (true) while an answer is due."""
        if self._is_half_closed:
            return True
        if not self._cycles or self._is_receiving():
            self._measure_rate()
            return False
        self._is_half_closed = True
        self._update_deadline()
        self._probe()
        return True

    def send_400_response(self, msg: str) -> None:
        """Refuse a malformed request, or one of an unknown method, with problem details, and close."""
        unknown = isinstance(sys.exception(), HttpParserInvalidMethodError)
        if unknown and _REQUEST_LINE.match(self._received):
            self._refuse_request(
                Problem(405, "method", explained("problem.unknown-method"), headers=(("allow", METHODS),))
            )
        else:
            self._refuse_request(Problem(400, "bad-request", Text(en=msg)))

    def _refuse_request(self, problem: Problem) -> None:
        self._ignores_input = True
        self.transport.write(_response(problem))
        self.transport.close()
        self._measure_rate()

    def on_message_begin(self) -> None:
        """See httptools."""
        super().on_message_begin()
        self._reading = "header"
        self._update_deadline()

    def on_headers_complete(self) -> None:
        """See httptools."""
        self._reading, self._header_bytes = "body", 0
        if self._ignores_input:
            return
        if len(self.url) > _ADDRESS_BYTES:
            self._ignores_input = True
            sentence = explained("problem.address-post")
            self.transport.write(_response(Problem(414, "too-long", sentence)))
            self._close("address")
        elif len(self._cycles) > _MAX_PIPELINED:
            self._ignores_input = True
            self._close("pipeline", at_once=True)
        else:
            super().on_headers_complete()
            self._cycles.append(self.cycle)
            self._update_deadline()

    def on_body(self, body: bytes) -> None:
        """See httptools."""
        if not self._ignores_input:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """See httptools."""
        self._reading = ""
        if not self._ignores_input:
            super().on_message_complete()
            self._update_deadline()

    def on_response_complete(self) -> None:
        """Called by uvicorn after the last part of an answer."""
        self._cycles.popleft()
        self._response_count += 1
        super().on_response_complete()
        if self._is_half_closed and not self._cycles:
            self.transport.close()
        if self.transport.is_closing():
            self._measure_rate()
        else:
            self._update_deadline()

    def pause_writing(self) -> None:
        """Called by the event loop when the client reads more slowly than is sent."""
        super().pause_writing()
        self._measure_rate()

    def resume_writing(self) -> None:
        """Called by the event loop when the client has read most of what was sent."""
        if self._rate_timer is not None:
            self._update_credit()
            if not self.transport.is_closing():
                self._rate_timer.cancel()
                self._rate_timer = None
        super().resume_writing()

    def _is_receiving(self) -> bool:
        """True while the body of the request that is being answered is incomplete."""
        return len(self._cycles) == 1 and self._reading == "body"

    def _update_deadline(self) -> None:
        """Set the deadline when the state of the connection has changed."""
        if not self._cycles or self._is_receiving():
            state = self._reading or "idle"
        else:
            state = "half_closed" if self._is_half_closed else "answer"
        if (state, self._response_count) != self._state:
            self._state = state, self._response_count
            self._half_closed_until = self.loop.time() + self.rules.deadlines.answer
            self._set_timer(state, getattr(self.rules.deadlines, state))

    def _set_timer(self, state: str, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._expire, state)

    def _expire(self, state: str) -> None:
        if self.transport.is_closing():
            self._measure_rate()
        elif state in ("answer", "half_closed") and self._cycles[0].response_started:
            # The query has its own limits, and the client its least rate.
            self._set_timer("answer", self.rules.deadlines.answer)
        elif state != "half_closed" or not self._probe():
            self._close(state, at_once=state in ("answer", "half_closed"))

    def _probe(self) -> bool:
        """Find out whether a half-closed client waits for its answer or has disconnected: both look the same.

        A client of HTTP/1.1 accepts unrequested interim answers (RFC 9110, section 15.2); one that has
        disconnected resets the connection. Of HTTP/1.0 it cannot be found out.
        """
        running = self._cycles[0]
        if running.scope["http_version"] != "1.1" or self.loop.time() > self._half_closed_until:
            return False
        if not running.response_started:
            self.transport.write(_CONTINUE)
            self._set_timer("half_closed", self.rules.deadlines.half_closed / 4)
        return True

    def _measure_rate(self) -> None:
        """Begin to measure how quickly the client reads."""
        if self._rate_timer is None:
            self._measured_at, self._unsent = self.loop.time(), self.transport.get_write_buffer_size()
            self._rate_timer = self.loop.call_later(self._credit, self._check_rate)

    def _update_credit(self) -> None:
        """Reduce the credit of the client by the elapsed time, and raise it by what it has read."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        gained = max(0, self._unsent - unsent) / self.rules.deadlines.rate
        self._credit = min(self.rules.deadlines.lag, self._credit + gained - (now - self._measured_at))
        self._measured_at, self._unsent = now, unsent

    def _check_rate(self) -> None:
        self._update_credit()
        if self._credit < 0.001:
            self._close("slow", at_once=True)
        else:
            self._rate_timer = self.loop.call_later(self._credit, self._check_rate)

    def _close(self, reason: str, at_once: bool = False) -> None:
        self.rules.closed[reason] += 1
        if at_once:
            self.transport.abort()
        else:
            self.transport.close()
            self._measure_rate()

    def _exceeded_limit(self) -> Problem | None:
        if len(self.connections) > self.rules.deadlines.connections:
            return Problem(503, "busy", explained("problem.connections"))
        most = self.rules.deadlines.connections_per_client
        is_proxy = is_within(self._address, self.rules.proxies)
        if self.rules.by_address[self._client_key] > most and not is_proxy:
            return Problem(429, "share", explained("problem.your-connections"))
        return None

    def _refuse(self, problem: Problem) -> None:
        """Refuse the connection: its first request is answered with the reason; it counts no longer."""
        self.rules.closed["refused"] += 1
        self.connections.discard(self)
        self._uncount()
        self._refusal = _response(problem)
        if len(self.rules.refused) >= _MAX_REFUSED:
            self.transport.abort()
        else:
            self.rules.refused.add(self)
            self._deadline = self.loop.call_later(self.rules.deadlines.refused, self.transport.abort)

    def _uncount(self) -> None:
        self.rules.by_address[self._client_key] -= 1
        if not self.rules.by_address[self._client_key]:
            del self.rules.by_address[self._client_key]


def limited_protocol(rules: Rules) -> type[LimitedProtocol]:
    """The protocol for one server."""
    return type("ServerProtocol", (LimitedProtocol,), {"rules": rules})


def _limit_unsent(stream: asyncio.Transport) -> None:
    """Limit the unsent bytes in the kernel, so that the speed at which the client reads can be measured."""
    option, wire = getattr(socket, "TCP_NOTSENT_LOWAT", None), stream.get_extra_info("socket")
    if option is not None and wire is not None:
        with suppress(OSError):
            wire.setsockopt(socket.IPPROTO_TCP, option, _UNSENT_BYTES)


def _response(problem: Problem) -> bytes:
    """A complete answer that closes the connection."""
    body = problem.to_json("/")
    fields = [("content-type", PROBLEM), ("content-length", str(len(body))), ("connection", "close")]
    fields += [
        ("cache-control", "no-store"),
        *problem.headers,
        *([retry_after(5)] if problem.status in (429, 503) else []),
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n{lines}\r\n".encode() + body
