"""HTTP/1.1 for clients that mean no good: a deadline in every state of a connection, a limit to their number.

uvicorn limits idle connections alone, and only while nothing at all comes.
"""

from __future__ import annotations

import asyncio
import socket
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from transfergraph.config.server_settings import Network
from transfergraph.server.http_exchange import client_key, is_within
from transfergraph.server.problems import MEDIA_TYPE, Problem, retry_after

_HEADER_BYTES = 1 << 18
_ADDRESS_BYTES = 65_000
_UNSENT_BYTES = 1 << 17  # what the kernel may hold of an answer that is not yet on its way
_PIPELINED = 64  # requests of one connection that may wait for an answer
_REFUSED = 256  # connections that may wait to be told that they are too many
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Seconds that a connection may stay in one state, and how many connections there may be.

    ``header`` counts from the connection or the first byte of a request until its header is whole, ``body``
    from there until its body is, ``answer`` from there until its answer begins, ``idle`` from one answer to
    the next request, ``half_closed`` from the end of what the client sends until its answer begins, where it
    cannot be seen whether the client is still there. ``lag`` is how far a client may fall behind ``rate``,
    the bytes of an answer that it takes in a second; ``refused`` how long one that is too many waits for its
    answer. ``connections_of_one`` holds for one address that is no trusted proxy.
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
    connections_of_one: int = 128


@dataclass(eq=False, slots=True)
class Rules:
    """What the connections of one server have in common.

    ``closed`` counts why they were closed, ``by_address`` how many there are; ``refused`` are those that are
    not yet told so.
    """

    proxies: tuple[Network, ...]
    deadlines: Deadlines
    closed: Counter[str]
    by_address: Counter[str] = field(default_factory=Counter)
    refused: set[LimitedProtocol] = field(default_factory=set)


class LimitedProtocol(HttpToolsProtocol):
    """One connection; it is closed when it stays in one state beyond its deadline.

    It is closed, too, when the header of a request has more than 256 KiB or its address more than 65,000
    bytes, and when more than 64 of its requests wait.
    """

    rules: Rules

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        stream = cast(asyncio.Transport, transport)
        super().connection_made(stream)
        _hold_little(stream)
        self._cycles: deque[RequestResponseCycle] = deque()
        self._reading = "header"
        self._held: tuple[str, int] | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self._lagging: asyncio.TimerHandle | None = None
        self._credit = self.rules.deadlines.lag
        self._looked, self._unsent, self._latest = 0.0, 0, 0.0
        self._header_bytes = self._answered = 0
        self._is_deaf = self._is_half_closed = False
        self._refusal = b""
        self._address = self.client[0] if self.client else ""
        self._counted_as = client_key(self._address)
        self.rules.by_address[self._counted_as] += 1
        if problem := self._excess():
            self._turn_away(problem)
        else:
            self._settle()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        for timer in (self._deadline, self._lagging):
            if timer is not None:
                timer.cancel()
        self.rules.refused.discard(self)
        if not self._refusal:
            self._forget()
        for cycle in self._cycles:  # uvicorn tells the last one only
            cycle.disconnected = True
            cycle.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        if self.transport.is_closing():
            return
        if self._refusal:
            self.transport.write(self._refusal)
            self.transport.close()
            return
        if self._reading != "body":
            self._header_bytes += len(data)
        super().data_received(data)
        if self._reading != "body" and self._header_bytes > _HEADER_BYTES:
            self.send_400_response("The header of the request is too long.")

    def eof_received(self) -> Any:
        """Called by the event loop at the end of what the client sends: true while an answer is due."""
        if self._is_half_closed:
            return True
        if not self._cycles or self._is_asking():
            self._watch()
            return False
        self._is_half_closed = True
        self._settle()
        self._probe()
        return True

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, in a form that no cache keeps, and close."""
        self._is_deaf = True
        self.transport.write(_answer(Problem(400, "bad-request", msg)))
        self.transport.close()
        self._watch()

    def on_message_begin(self) -> None:
        """Called by the parser."""
        super().on_message_begin()
        self._reading = "header"
        self._settle()

    def on_headers_complete(self) -> None:
        """Called by the parser."""
        self._reading, self._header_bytes = "body", 0
        if self._is_deaf:
            return
        if len(self.url) > _ADDRESS_BYTES:
            self._is_deaf = True
            sentence = "The address is too long: send the query with POST instead."
            self.transport.write(_answer(Problem(414, "too-long", sentence)))
            self._end("address")
        elif len(self._cycles) > _PIPELINED:
            self._is_deaf = True
            self._end("pipeline", at_once=True)
        else:
            super().on_headers_complete()
            self._cycles.append(self.cycle)
            self._settle()

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        if not self._is_deaf:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._reading = ""
        if not self._is_deaf:
            super().on_message_complete()
            self._settle()

    def on_response_complete(self) -> None:
        """Called when an answer was handed over as a whole."""
        self._cycles.popleft()
        self._answered += 1
        super().on_response_complete()
        if self._is_half_closed and not self._cycles:
            self.transport.close()
        if self.transport.is_closing():
            self._watch()
        else:
            self._settle()

    def pause_writing(self) -> None:
        """Called by the event loop when the client does not read as quickly as it could be sent."""
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        """Called by the event loop when the client has read nearly all."""
        if self._lagging is not None:
            self._reckon()
            if not self.transport.is_closing():
                self._lagging.cancel()
                self._lagging = None
        super().resume_writing()

    def _is_asking(self) -> bool:
        """True while the request that is being answered has not come as a whole."""
        return len(self._cycles) == 1 and self._reading == "body"

    def _settle(self) -> None:
        """Set the deadline of the state that the connection has come to; one that lasts keeps its own."""
        if not self._cycles or self._is_asking():
            state = self._reading or "idle"
        else:
            state = "half_closed" if self._is_half_closed else "answer"
        if (state, self._answered) != self._held:
            self._held = state, self._answered
            self._latest = self.loop.time() + self.rules.deadlines.answer
            self._arm(state, getattr(self.rules.deadlines, state))

    def _arm(self, state: str, seconds: float) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self._expire, state)

    def _expire(self, state: str) -> None:
        if self.transport.is_closing():
            self._watch()
        elif state in ("answer", "half_closed") and self._cycles[0].response_started:
            # Whoever computes the rest has its limits, whoever reads it has the least rate.
            self._arm("answer", self.rules.deadlines.answer)
        elif state != "half_closed" or not self._probe():
            self._end(state, at_once=state in ("answer", "half_closed"))

    def _probe(self) -> bool:
        """Find out whether a half-closed client waits for its answer or has left: both look the same.

        A client of HTTP/1.1 takes interim answers that it did not ask for (RFC 9110, section 15.2); one that
        has left resets the connection. Of one of HTTP/1.0 it cannot be found out.
        """
        running = self._cycles[0]
        if running.scope["http_version"] != "1.1" or self.loop.time() > self._latest:
            return False
        if not running.response_started:
            self.transport.write(_CONTINUE)
            self._arm("half_closed", self.rules.deadlines.half_closed / 4)
        return True

    def _watch(self) -> None:
        """Begin to measure how quickly the client takes what it was sent."""
        if self._lagging is None:
            self._looked, self._unsent = self.loop.time(), self.transport.get_write_buffer_size()
            self._lagging = self.loop.call_later(self._credit, self._lag)

    def _reckon(self) -> None:
        """Take the time that went by from the client's credit, and give it some for what it has read."""
        now, unsent = self.loop.time(), self.transport.get_write_buffer_size()
        gained = max(0, self._unsent - unsent) / self.rules.deadlines.rate
        self._credit = min(self.rules.deadlines.lag, self._credit + gained - (now - self._looked))
        self._looked, self._unsent = now, unsent

    def _lag(self) -> None:
        self._reckon()
        if self._credit < 0.001:
            self._end("slow", at_once=True)
        else:
            self._lagging = self.loop.call_later(self._credit, self._lag)

    def _end(self, reason: str, at_once: bool = False) -> None:
        self.rules.closed[reason] += 1
        if at_once:
            self.transport.abort()
        else:
            self.transport.close()
            self._watch()

    def _excess(self) -> Problem | None:
        if len(self.connections) > self.rules.deadlines.connections:
            return Problem(503, "busy", "The server has too many connections: ask again later.")
        is_proxy = is_within(self._address, self.rules.proxies)
        if self.rules.by_address[self._counted_as] > self.rules.deadlines.connections_of_one and not is_proxy:
            return Problem(429, "share", "Your address has too many connections: close some of them.")
        return None

    def _turn_away(self, problem: Problem) -> None:
        """Let it ask, for a moment, so that it reads why it is refused; it takes the place of nobody."""
        self.rules.closed["refused"] += 1
        self.connections.discard(self)
        self._forget()
        self._refusal = _answer(problem)
        if len(self.rules.refused) >= _REFUSED:
            self.transport.abort()
        else:
            self.rules.refused.add(self)
            self._deadline = self.loop.call_later(self.rules.deadlines.refused, self.transport.abort)

    def _forget(self) -> None:
        self.rules.by_address[self._counted_as] -= 1
        if not self.rules.by_address[self._counted_as]:
            del self.rules.by_address[self._counted_as]


def limited_protocol(common: Rules) -> type[LimitedProtocol]:
    """The protocol for one server."""

    class Protocol(LimitedProtocol):
        """One connection."""

        rules = common

    return Protocol


def _hold_little(stream: asyncio.Transport) -> None:
    """Let the kernel take only as much as it can send soon: so it is seen how quickly the client reads."""
    option, wire = getattr(socket, "TCP_NOTSENT_LOWAT", None), stream.get_extra_info("socket")
    if option is not None and wire is not None:
        with suppress(OSError):
            wire.setsockopt(socket.IPPROTO_TCP, option, _UNSENT_BYTES)


def _answer(problem: Problem) -> bytes:
    """A whole answer that closes the connection."""
    body = problem.to_json("/")
    fields = [("content-type", MEDIA_TYPE), ("content-length", str(len(body))), ("connection", "close")]
    fields += [("cache-control", "no-store"), *([retry_after(5)] if problem.status in (429, 503) else [])]
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    return f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}\r\n{lines}\r\n".encode() + body
