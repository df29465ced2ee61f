"""The room for large answers to slow clients: nobody takes that of others, and it is given back."""

from __future__ import annotations

import asyncio
import errno
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import namedtuple
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from server_fixture import Answer, Served, descendants, limited, served, small_limits

from transfergraph.common.text import Text
from transfergraph.server.pool.ipc import Part, ResponseEnd, ResponseHead
from transfergraph.server.pool.response_buffer import (
    IN_MEMORY,
    BrokenResponse,
    Budget,
    BufferFull,
    ResponseBuffer,
    WorkerResponse,
)
from transfergraph.server.pool.worker_pool import WorkerHandle, WorkerPool
from transfergraph.server.problems import Problem

MIB = 1 << 20
LIGHT = "ASK { ?s ?p ?o }"
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } # %s"
Usage = namedtuple("Usage", "total used free")


def test_a_budget_is_for_all_and_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(10, 6)
    budget.reserve("a", 6)
    for client, size, reason in (("a", 1, "client"), ("b", 7, "client"), ("b", 5, "server")):
        with pytest.raises(BufferFull) as full:
            budget.reserve(client, size)
        assert full.value.reason == reason
        problem = full.value.problem
        assert problem.status == 503 and dict(problem.headers)["retry-after"] == "30"
    budget.reserve("b", 4)
    budget.free("a", 6)
    assert budget.used == 4
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(160, 145, 15))
    with pytest.raises(BufferFull) as full:  # ten bytes of a small disk are left to others
        budget.reserve("a", 6)
    assert full.value.reason == "disk" and budget.used == 4
    budget.reserve("a", 5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3 * IN_MEMORY // 2), st.integers(0, 2 * IN_MEMORY)), max_size=8))
def test_a_spool_gives_out_what_came_in_and_gives_back_its_room(steps: list[tuple[int, int]]) -> None:
    budget = Budget(64 * MIB, 64 * MIB)
    buffer = ResponseBuffer(budget, "a")
    came, taken = bytearray(), bytearray()
    for number, (added, read) in enumerate(steps):
        part = bytes([number]) * added
        buffer.append(part)
        came += part
        for at in range(0, read, 1 << 16):
            taken += buffer.read(min(1 << 16, read - at))
        assert buffer.size == len(came) and budget.used <= len(came)
    if buffer.is_small:
        assert buffer.content == came and budget.used == 0
    while part := buffer.read(1 << 16):
        taken += part
    assert taken == came and budget.used == 0
    buffer.append(b"x" * 2 * IN_MEMORY)
    assert budget.used >= IN_MEMORY
    buffer.close()
    assert budget.used == 0


def test_a_full_disk_is_told_and_what_came_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(64 * MIB, 64 * MIB)
    buffer = ResponseBuffer(budget, "a")
    buffer.append(b"a" * 2 * IN_MEMORY)

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with pytest.raises(BufferFull) as no_room:
            buffer.append(b"b" * IN_MEMORY)
    assert no_room.value.reason == "disk" and budget.used == 2 * IN_MEMORY
    buffer.append(b"c" * IN_MEMORY)
    found = b"".join(iter(lambda: buffer.read(1 << 16), b""))
    assert found == b"a" * 2 * IN_MEMORY + b"b" * IN_MEMORY + b"c" * IN_MEMORY
    with monkeypatch.context() as patch:  # no further file can be opened
        patch.setattr(tempfile, "TemporaryFile", full)
        with pytest.raises(BufferFull):
            buffer.append(b"d" * 2 * IN_MEMORY)
    assert budget.used == 0
    buffer.close()


def test_an_answer_without_room_is_refused_or_waits_for_its_reader() -> None:
    async def answer() -> None:
        budget = Budget(MIB, MIB)
        unread = WorkerResponse(budget, "a")
        with pytest.raises(BufferFull):
            await unread.add(b"x" * 2 * MIB)
        assert budget.refused == {"client": 1}
        unread.close()
        reply = WorkerResponse(budget, "a")
        reply.start(ResponseHead(200, ()))
        chunks = reply.chunks()
        await reply.add(b"begin")
        assert await anext(chunks) == b"begin"
        worker = asyncio.create_task(reply.add(b"x" * 2 * MIB))
        await asyncio.sleep(0)
        assert not worker.done() and budget.used == 0 and budget.refused == {"client": 1}
        found = 0
        while found < 2 * MIB:
            assert not worker.done() or found > MIB
            found += len(await anext(chunks))
        await worker
        reply.finish(ResponseEnd())
        assert [chunk async for chunk in chunks] == []
        reply.close()

    asyncio.run(answer())


@pytest.mark.parametrize("left", ["close", "fail", "go_on"])
def test_nobody_waits_for_room_for_an_answer_that_is_over(left: str) -> None:
    async def answer() -> None:
        reply = WorkerResponse(Budget(MIB, MIB), "a")
        reply.start(ResponseHead(200, ()))
        chunks = reply.chunks()
        await reply.add(b"begin")
        await anext(chunks)
        worker = asyncio.create_task(reply.add(b"x" * 2 * MIB))
        await asyncio.sleep(0)
        reply.fail(Problem(422, "time", Text(en="Over."))) if left == "fail" else getattr(reply, left)()
        await worker
        if left == "go_on":  # the worker has exited: what does not fit is lost
            with pytest.raises(BufferFull):
                await reply.add(b"x", may_wait=False)
        reply.close()

    asyncio.run(answer())


def test_what_a_detached_worker_still_says_is_ignored() -> None:
    """The request has begun again with another worker, and its answer is that of the other one."""

    async def answer() -> None:
        pool = WorkerPool(lambda _: None, lambda _: None, lambda *_: None)
        worker, reply = WorkerHandle(pool), WorkerResponse(Budget(3 * MIB // 2, MIB), "a")
        worker._response = reply
        await worker._take(Part(b"x" * MIB, ResponseHead(200, ())))
        chunks = reply.chunks()
        await anext(chunks)
        waiting = asyncio.create_task(worker._take(Part(b"x" * 2 * MIB, None, ResponseEnd())))
        await asyncio.sleep(0)
        assert not waiting.done()
        worker.detach()
        reply.reset()
        await waiting
        assert not reply.is_finished and reply.size == 0 and reply.head is None
        reply.close()

    asyncio.run(answer())


def test_an_answer_that_breaks_off_gives_back_its_room_at_once() -> None:
    async def answer() -> None:
        budget = Budget(8 * MIB, 8 * MIB)
        reply = WorkerResponse(budget, "a")
        reply.start(ResponseHead(200, ()))
        chunks = reply.chunks()
        await reply.add(b"x" * 4 * MIB)
        await anext(chunks)
        assert budget.used
        reply.fail(Problem(422, "time", Text(en="The time is over.")))
        assert budget.used == 0
        reply.finish(ResponseEnd())  # what a worker says after that counts no more
        with pytest.raises(BrokenResponse):
            [chunk async for chunk in chunks]

    asyncio.run(answer())


ROOM = {
    "spool_megabytes": 24,
    "client_spool_megabytes": 8,
    "time_seconds": 60,
    "result_megabytes": 20,
    "queue": 64,
}


@pytest.fixture(scope="module")
def server(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = small_limits(tmp_path_factory.mktemp("room") / "workspace", rows=100_000, **ROOM)
    with served(limited(saxon_builds, workspace), workspace) as running:
        yield running


def ask(server: Served, query: str, client: str) -> Answer:
    headers = {"X-Forwarded-For": client, "Content-Type": "application/sparql-query"}
    return server.ask("/sparql", "POST", query.encode(), headers)


def stall(server: Served, number: object, client: str) -> socket.socket:
    """Ask for a large answer, and read nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 14)
    connection.settimeout(30)
    connection.connect(("127.0.0.1", server.port))
    query = LARGE % number
    head = f"POST /sparql HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: {client}\r\n"
    head += "Content-Type: application/sparql-query\r\n"
    connection.sendall(f"{head}Content-Length: {len(query)}\r\n\r\n{query}".encode())
    return connection


def wait_until_held(server: Served, size: int) -> None:
    """Wait until there are so many bytes of large answers in temporary files."""
    ends = time.monotonic() + 60
    while server.metrics()["transfergraph_spooled_bytes"] < size:
        assert time.monotonic() < ends
        time.sleep(0.02)


def expect_refusal(server: Served, client: str, reason: str) -> None:
    """A large answer finds no room; a small one needs none."""
    name = f'transfergraph_refused_answers_total{{reason="{reason}"}}'
    before = server.metrics().get(name, 0)
    answer = ask(server, LARGE % client, client)
    assert answer.status == 503 and answer.json["type"].endswith("#room"), answer.text[:300]
    assert int(answer.field("retry-after")) > 0 and answer.media_type == "application/problem+json"
    assert server.metrics()[name] == before + 1
    assert ask(server, f"{LIGHT} # {client}", client).status == 200


def test_a_slow_reader_takes_nobody_elses_room(server: Served) -> None:
    with ExitStack() as held:
        held.enter_context(stall(server, "first", "192.0.2.1"))
        wait_until_held(server, 7 * MIB)
        for number in range(5):
            held.enter_context(stall(server, number, "192.0.2.1"))
        assert server.metrics()["transfergraph_spooled_bytes"] <= 8 * MIB
        assert ask(server, LIGHT, "192.0.2.1").status == 200
        for number in range(3):
            other = ask(server, LARGE % f"other {number}", "198.51.100.1")
            assert other.status == 200 and len(other.body) > 15 * MIB
        assert server.metrics()["transfergraph_spooled_bytes"] <= 8 * MIB
    server.wait_for("transfergraph_spooled_bytes", 0)


def test_room_is_given_back_when_workers_die(server: Served) -> None:
    with stall(server, "dies", "192.0.2.3"):
        wait_until_held(server, 7 * MIB)
        fork_server = min(descendants(server.process.pid))
        for worker in descendants(fork_server):
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGSEGV)
        server.wait_for("transfergraph_spooled_bytes", 0)  # although its client has not left
    server.wait_for('transfergraph_workers{state="all"}', 2)
    assert ask(server, f"{LIGHT} # after", "192.0.2.3").status == 200


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_on_a_full_disk_small_answers_go_on(saxon_builds: Path, tmp_path: Path, small_disk: Path) -> None:
    workspace = small_limits(tmp_path / "workspace", rows=100_000, **ROOM)
    with served(limited(saxon_builds, workspace), workspace) as server, ExitStack() as held:
        (small_disk / "of others").write_bytes(b"x" * 5 * MIB)
        held.enter_context(stall(server, "disk", "192.0.2.9"))
        wait_until_held(server, 7 * MIB // 4)  # of two and a half
        expect_refusal(server, "198.51.100.9", "disk")
        assert not [line for line in server.log if line["event"] == "failure"]
        (small_disk / "of others").unlink()
        held.close()
        server.wait_for("transfergraph_spooled_bytes", 0)
        again = ask(server, LARGE % "again", "198.51.100.9")
        assert again.status == 200 and len(again.body) > 15 * MIB


def test_the_room_of_all_and_of_one_is_limited(saxon_builds: Path, tmp_path: Path) -> None:
    room = ROOM | {"spool_megabytes": 3, "client_spool_megabytes": 3, "workers": 3}
    workspace = small_limits(tmp_path / "workspace", rows=100_000, **room)
    with served(limited(saxon_builds, workspace), workspace) as server, ExitStack() as held:
        held.enter_context(stall(server, 1, "192.0.2.1"))
        wait_until_held(server, 2 * MIB + 1)
        expect_refusal(server, "192.0.2.1", "client")
        expect_refusal(server, "198.51.100.9", "server")
        held.close()
        server.wait_for("transfergraph_spooled_bytes", 0)
