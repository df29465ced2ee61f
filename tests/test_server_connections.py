"""Connections that want to stay: a deadline in every state, and limits to their number."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace

import pytest
import uvicorn
import uvloop
from starlette.types import Receive, Scope, Send

from transfergraph.server.connection_limits import Deadlines, LimitedProtocol, Rules, limited_protocol

LONG = 60.0
SHORT = 0.3
PATIENT = Deadlines(LONG, LONG, LONG, LONG, LONG, LONG, rate=1, refused=LONG)
"""No deadline that a test would reach; each test shortens one."""

GET = b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
LOOPBACK = (ipaddress.IPv4Network("127.0.0.1/32"),)


@dataclass
class Site:
    """A small application behind the protocol, and what became of its connections."""

    rules: Rules
    port: int = 0
    left: Counter[str] = field(default_factory=Counter)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3): a word, the length of its body, a large answer, or one that waits."""
        name, body = scope["path"][1:], b"answer"
        more = name in ("body", "wait")
        while name == "body" and more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left[name] += 1
                return
            more = message["more_body"]
        if name == "wait":
            leaving = asyncio.ensure_future(departed(receive))
            opening = asyncio.ensure_future(self.released.wait())
            await asyncio.wait((leaving, opening), return_when=asyncio.FIRST_COMPLETED)
            opening.cancel()
            if leaving.done():
                self.left[name] += 1
                return
            leaving.cancel()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if name == "broken":
            return
        if name == "large":
            body = b"x" * (4 << 20)
        for at in range(0, len(body), 1 << 16):
            await send({"type": "http.response.body", "body": body[at : at + (1 << 16)], "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def release_waiting(self) -> None:
        """Let those who wait be answered."""
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.released.set)

    def connect(self, sent: bytes = b"", source: str = "127.0.0.1") -> socket.socket:
        """A connection with a small buffer, over which something was sent."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
        connection.settimeout(30)
        connection.bind((source, 0))
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(sent)
        return connection

    def wait_for(self, counted: Counter[str], name: str, value: int = 1) -> None:
        """Wait until something was counted."""
        ends = time.monotonic() + 30
        while counted[name] != value:
            assert time.monotonic() < ends, counted
            time.sleep(0.01)


async def departed(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@contextmanager
def site(deadlines: Deadlines, trusted: tuple[ipaddress.IPv4Network, ...] = ()) -> Iterator[Site]:
    """The application on a free port, in a thread."""
    found = Site(Rules(trusted, deadlines, Counter()))
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        found.port = listener.getsockname()[1]
        config = uvicorn.Config(
            found,
            http=limited_protocol(found.rules),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_keep_alive=int(LONG),
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)

        async def serve() -> None:
            found.loop = asyncio.get_running_loop()
            await server.serve(sockets=[listener])

        def run() -> None:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(serve())

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield found
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
            assert not found.rules.by_address and not found.rules.refused


def received(connection: socket.socket, until: bytes | None = None) -> bytes:
    """What comes until the server closes, or until the end of an answer."""
    found = b""
    with suppress(ConnectionError):
        while until is None or until not in found:
            part = connection.recv(1 << 16)
            if not part:
                break
            found += part
    return found


def drip(connection: socket.socket, part: bytes) -> None:
    """Send the same few bytes over and over until the connection is closed."""
    ends = time.monotonic() + 30
    connection.settimeout(0.02)
    while time.monotonic() < ends:
        try:
            connection.sendall(part)
            if connection.recv(1000) == b"":
                return
        except TimeoutError:
            continue
        except ConnectionError:
            return
    pytest.fail("the connection stays open")


STATES: dict[str, tuple[str, bytes, bytes, bytes]] = {
    "nothing at all": ("header", b"", b"", b""),
    "empty lines before the first request": ("header", b"", b"", b"\r\n"),
    "a header byte by byte": ("header", b"GET / HTTP/1.1\r\nX: ", b"", b"y"),
    "a header that stops": ("header", b"GET / HTTP/1.1\r\nX: ", b"", b""),
    "a body byte by byte": ("body", POST, b"", b"y"),
    "a body that stops": ("body", POST, b"", b""),
    "nothing after an answer": ("idle", GET % b"", b"0\r\n\r\n", b""),
    "empty lines after an answer": ("idle", GET % b"", b"0\r\n\r\n", b"\r\n"),
    "a second header byte by byte": ("header", GET % b"" + b"GET / HTTP/1.1\r\nX: ", b"0\r\n\r\n", b"y"),
    "a second header that stops": ("header", GET % b"" + b"GET / HTTP/1.1\r\nX: ", b"0\r\n\r\n", b""),
    "a second body that stops": ("body", GET % b"" + POST, b"0\r\n\r\n", b""),
    "a body for one who does not read it": ("body", POST.replace(b"/body", b"/"), b"0\r\n\r\n", b"y"),
    "an answer that never begins": ("answer", GET % b"wait", b"", b""),
    "an answer that never begins, and empty lines": ("answer", GET % b"wait", b"", b"\r\n"),
    "half-closed, without a request": ("", b"", b"", b"EOF"),
    "half-closed, with half a request": ("", b"GET / HT", b"", b"EOF"),
    "half-closed, with half a body": ("", POST, b"", b"EOF"),
    "half-closed after an answer": ("", GET % b"", b"0\r\n\r\n", b"EOF"),
    "half-closed, before HTTP/1.1": ("half_closed", b"GET /wait HTTP/1.0\r\n\r\n", b"", b"EOF"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_deadline(state: str) -> None:
    reason, sent, answer, then = STATES[state]
    deadlines = Deadlines(**{**asdict(PATIENT), reason: SHORT}) if reason else PATIENT
    with site(deadlines) as server, server.connect(sent) as connection:
        if answer:
            assert received(connection, answer).startswith(b"HTTP/1.1 200 OK")
        if then == b"EOF":
            connection.shutdown(socket.SHUT_WR)
        if then in (b"", b"EOF"):
            assert received(connection) == b""
        else:
            drip(connection, then)
        assert server.rules.closed == (Counter([reason]) if reason else Counter())


@pytest.mark.parametrize("unread", ["GET /large HTTP/1.1", "GET /large HTTP/1.0"])
def test_a_client_that_reads_nothing_is_cut(unread: str) -> None:
    request = f"{unread}\r\nHost: a\r\n\r\n".encode()
    with site(replace(PATIENT, lag=SHORT, rate=1 << 14)) as server, server.connect(request):
        server.wait_for(server.rules.closed, "slow")


def test_a_client_that_takes_a_byte_now_and_then_is_cut() -> None:
    limits = replace(PATIENT, lag=SHORT, rate=1 << 24)
    with site(limits) as server, server.connect(GET % b"large") as connection:
        ends = time.monotonic() + 30
        while not server.rules.closed["slow"]:
            assert len(connection.recv(16)) == 16 and time.monotonic() < ends
            time.sleep(0.01)


def test_a_client_that_reads_slowly_enough_is_not_cut() -> None:
    """It takes several times as long as it may lag, always a little above the least rate."""
    with site(replace(PATIENT, lag=2.0, rate=1 << 16)) as server:
        with server.connect(GET % b"large") as connection:
            found = 0
            begun = time.monotonic()
            while found < 4 << 20:
                found += len(connection.recv(1 << 15))
                time.sleep(max(0.0, begun + found / (1 << 20) - time.monotonic()))
        assert not server.rules.closed and time.monotonic() - begun > 3.5


def test_what_is_left_of_a_broken_answer_does_not_hold_the_connection() -> None:
    with site(replace(PATIENT, answer=SHORT, lag=SHORT)) as server, server.connect(GET % b"broken") as one:
        assert received(one).startswith(b"HTTP/1.1 200")


def test_requests_that_come_together_are_answered_one_by_one() -> None:
    """A second request that is not whole does not end the answer to the first."""
    with site(replace(PATIENT, header=SHORT)) as server:
        with server.connect(GET % b"wait" + GET % b"" + b"GET / HT") as connection:
            time.sleep(2 * SHORT)
            server.release_waiting()
            assert received(connection).count(b"HTTP/1.1 200 OK") == 2
        assert server.rules.closed == {"header": 1}


def test_too_many_requests_that_come_together_are_refused() -> None:
    with site(PATIENT) as server:
        with server.connect(GET % b"wait" + (GET % b"") * 200) as connection:
            assert received(connection) == b""
        server.wait_for(server.left, "wait")
        assert server.rules.closed == {"pipeline": 1}


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_half_closed_client_gets_its_answer(version: str) -> None:
    request = f"GET / HTTP/{version}\r\nHost: a\r\n\r\n".encode()
    with site(PATIENT) as server, server.connect(request) as connection:
        connection.shutdown(socket.SHUT_WR)
        assert b"answer" in received(connection)


def test_a_half_closed_client_waits_for_a_late_answer_and_all_its_answers() -> None:
    with site(replace(PATIENT, half_closed=0.1)) as server:
        with server.connect(GET % b"wait" + GET % b"large") as connection:
            connection.shutdown(socket.SHUT_WR)
            interim = received(connection, b"\r\n\r\n")
            time.sleep(0.3)
            server.release_waiting()
            answers = received(connection)
        assert interim.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        assert answers.count(b"HTTP/1.1 200 OK") == 2 and answers.endswith(b"\r\n0\r\n\r\n")
        assert not server.rules.closed


def test_a_half_closed_client_does_not_wait_for_ever() -> None:
    with site(replace(PATIENT, half_closed=0.1, answer=SHORT)) as server:
        with server.connect(GET % b"wait") as connection:
            connection.shutdown(socket.SHUT_WR)
            assert b"200" not in received(connection)
        server.wait_for(server.left, "wait")
        assert server.rules.closed == {"half_closed": 1}


@pytest.mark.parametrize("linger", [False, True])
@pytest.mark.parametrize("asked", [1, 2])
def test_a_client_that_left_is_seen(linger: bool, asked: int) -> None:
    with site(replace(PATIENT, half_closed=0.1)) as server:
        connection = server.connect((GET % b"wait") * asked)
        if linger:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        server.wait_for(server.left, "wait")  # the second was not begun


def test_connections_of_one_address_are_limited_and_told_so() -> None:
    limits = replace(PATIENT, connections_per_client=3, idle=SHORT)
    with site(limits) as server:
        held = [server.connect(GET % b"wait") for _ in range(3)]
        for _ in range(3):
            with server.connect(GET % b"") as refused:
                answer = received(refused)
            assert answer.startswith(b"HTTP/1.1 429 Too Many Requests\r\n") and b"retry-after: 5" in answer
            assert b"connection: close" in answer and b'"type": "/problems#share"' in answer
        with server.connect(GET % b"", "127.0.0.2") as other:
            assert received(other).startswith(b"HTTP/1.1 200")
        server.release_waiting()
        for connection in held:  # they do nothing any more, and their places become free
            assert received(connection).startswith(b"HTTP/1.1 200")
        with server.connect(GET % b"") as again:
            assert received(again).startswith(b"HTTP/1.1 200")
        for connection in held:
            connection.close()


def test_connections_of_a_trusted_proxy_are_limited_as_all_are() -> None:
    with site(replace(PATIENT, connections=4, connections_per_client=1), LOOPBACK) as server:
        held = [server.connect(GET % b"wait") for _ in range(4)]
        with server.connect(GET % b"") as refused:
            assert received(refused).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        server.release_waiting()
        for connection in held:
            connection.close()


def test_one_that_is_refused_and_says_nothing_is_cut() -> None:
    with site(replace(PATIENT, connections=1, refused=SHORT)) as server:
        with server.connect(GET % b"wait"):
            silent = [server.connect() for _ in range(5)]
            for connection in silent:
                assert received(connection) == b""
                connection.close()
            server.release_waiting()
        assert server.rules.closed == {"refused": 5}


class Line(asyncio.Transport):
    """A transport that goes nowhere."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1)})

    def is_closing(self) -> bool:
        return False

    def get_write_buffer_size(self) -> int:
        return 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Nothing."""

    def abort(self) -> None:
        """Nothing."""


def test_one_network_of_ipv6_is_one_address() -> None:
    """A client of IPv6 has 2^64 addresses."""

    async def connect() -> list[bool]:
        rules = Rules((), replace(PATIENT, connections_per_client=2), Counter())
        config = uvicorn.Config(Site(rules), log_config=None)
        made: list[LimitedProtocol] = []
        state = uvicorn.server.ServerState()
        for address in ("2001:db8::1", "2001:db8::2", "2001:db8::3", "2001:db8:0:1::1"):
            made.append(limited_protocol(rules)(config, state, {}))
            made[-1].connection_made(Line(address))
        told = [one in rules.refused for one in made]
        for one in made:
            one.connection_lost(OSError())
        assert not rules.by_address
        return told

    assert asyncio.run(connect()) == [False, False, True, False]
