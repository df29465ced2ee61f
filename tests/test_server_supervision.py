"""Background tasks do not die silently: they begin again, `/health` tells it, and at last the process ends."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from server_fixture import TOKEN, Served, children, release_of, served, small_limits

from transfergraph import ReleaseError
from transfergraph.server import supervision
from transfergraph.server.log import Log
from transfergraph.server.pool import scheduler as scheduler_module
from transfergraph.server.pool.response_buffer import Budget
from transfergraph.server.pool.scheduler import Capacity, Scheduler
from transfergraph.server.pool.worker_pool import WorkerHandle, WorkerPool
from transfergraph.server.supervision import Faults, Supervisor

QUAD = b'<urn:s%d> <urn:p> "x" <urn:g> .\n'
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def builds(tmp_path: Path) -> Path:
    """A folder of builds whose release has one triple."""
    release_of(QUAD % 1, tmp_path / "build")
    return tmp_path / "build"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return small_limits(tmp_path / "workspace")


def make_next(builds: Path, triples: int, **changed: object) -> str:
    """A further release, whose manifest is changed; it becomes current."""
    name = f"next-{triples}"
    other = builds.parent / f"other-{triples}"
    release_of(b"".join(QUAD % n for n in range(triples)), other)
    shutil.copytree(other / "releases" / "graph", builds / "releases" / name)
    write_manifest(builds, name, id=name, **changed)
    point_to(builds, f"releases/{name}")
    return name


def write_manifest(builds: Path, name: str, **changed: object) -> None:
    file = builds / "releases" / name / "manifest.json"
    values = json.loads(file.read_text(encoding="utf-8"))
    new = file.with_suffix(".new")
    new.write_text(json.dumps({**values, **changed}), encoding="utf-8")
    new.replace(file)


def point_to(builds: Path, target: str) -> None:
    link = builds / ".next"
    link.symlink_to(target)
    link.replace(builds / "current")


def wait_until(reached: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < ends
        time.sleep(0.05)


def wait_for_release(server: Served, name: str) -> None:
    wait_until(lambda: server.get("health").json["release"] == name)


def kill_fork_server(server: Served) -> None:
    """Kill it, and wait for another one."""
    (fork_server,) = children(server.process.pid)
    os.kill(fork_server, signal.SIGKILL)
    wait_until(lambda: any(one != fork_server for one in children(server.process.pid)))


def faults(server: Served) -> dict[str, str]:
    """The kind of error of each part that ``/health`` names."""
    health = server.get("health").json
    assert (health["status"] == "ok") == (health["faults"] == []) or not health["ready"]
    assert all(len(one["since"]) == 20 for one in health["faults"])
    return {one["part"]: one["kind"] for one in health["faults"]}


# What a manifest may not be like, which once ended the task that takes up releases.
DAMAGED: dict[str, dict[str, object]] = {
    "counts": {"counts": 7},
    "title": {"title_en": None},
    "files": {"files": [{"path": 7, "size": "x", "sha256": None}]},
}


def test_a_manifest_of_a_wrong_type_leaves_the_old_release_and_is_tried_again_when_it_changes(
    builds: Path, workspace: Path
) -> None:
    with served(builds, workspace) as server:
        before = "graph"
        for triples, (damage, changed) in enumerate(DAMAGED.items(), 2):
            name = make_next(builds, triples, **changed)
            wait_until(lambda: faults(server) == {"release": "ReleaseError"})
            health = server.get("health")
            assert health.status == 200 and health.json["status"] == "degraded", damage
            assert health.json["release"] == before, damage
            assert server.rows(COUNT) == [{"n": str(triples - 1)}], damage
            assert server.metrics()['transfergraph_degraded{part="release"}'] == 1
            refused = [line for line in server.log if line["event"] == "release-refused"]
            assert len(refused) == triples - 1 and refused[-1]["release"] == name, damage
            assert "manifest.json is damaged" in refused[-1]["reason"], damage
            whole = json.loads((builds / "releases" / "graph" / "manifest.json").read_text("utf-8"))
            write_manifest(builds, name, **{key: whole[key] for key in changed})
            wait_until(lambda: faults(server) == {})
            assert server.get("health").json["release"] == name, damage
            assert server.rows(COUNT) == [{"n": str(triples)}], damage
            before = name


def test_a_current_link_that_cannot_be_followed_is_told_and_overcome(builds: Path, workspace: Path) -> None:
    with served(builds, workspace) as server:
        # an error of stat, a loop, and nothing
        for triples, target in enumerate(("x" * 300, "current", "nowhere"), 2):
            point_to(builds, target)
            wait_until(lambda: "release" in faults(server))
            kill_fork_server(server)  # the release that was served is taken up again
            wait_until(lambda: server.get("health").status == 200)
            assert server.rows(COUNT) == [{"n": str(triples - 1)}] and "release" in faults(server), target
            wait_for_release(server, make_next(builds, triples))
            wait_until(lambda: faults(server) == {})
            assert server.rows(COUNT) == [{"n": str(triples)}], target


def test_when_the_workers_end_and_the_new_release_is_damaged_the_old_one_is_served_again(
    builds: Path, workspace: Path
) -> None:
    with served(builds, workspace) as server:
        make_next(builds, 2, counts=None)
        wait_until(lambda: "release" in faults(server))
        (fork_server,) = children(server.process.pid)
        os.kill(fork_server, signal.SIGKILL)
        wait_until(lambda: len([one for one in server.log if one["event"] == "release"]) == 2)
        wait_until(lambda: server.get("health").status == 200)
        assert server.rows(COUNT) == [{"n": "1"}] and faults(server) == {"release": "ReleaseError"}


def rebuild(builds: Path, triples: int) -> None:
    """The current release again, under the same id, with other content and a folder of its own."""
    other = builds.parent / f"rebuilt-{triples}"
    release_of(b"".join(QUAD % n for n in range(triples)), other)
    release = builds / "releases" / "graph"
    release.rename(builds / "releases" / f".before-{triples}")
    (other / "releases" / "graph").rename(release)


def wait_for_count(server: Served, triples: int) -> None:
    wait_until(lambda: server.rows(COUNT) == [{"n": str(triples)}])


def test_a_release_that_is_rebuilt_under_the_same_id_is_taken_up(builds: Path, workspace: Path) -> None:
    entity, compressed = "graph.ttl", {"Accept_Encoding": "gzip"}
    files = ("manifest.json", "releases/graph/manifest.json")
    with served(builds, workspace) as server:
        assert server.rows(COUNT) == [{"n": "1"}]
        query = f"sparql?{urlencode({'query': COUNT})}"
        before = {path: server.get(path, **compressed).field("etag") for path in (query, *files)}
        for triples in (2, 3):
            rebuild(builds, triples)
            wait_for_count(server, triples)
            for path in (query, *files):  # neither a client's copy nor one of the server is used any more
                answer = server.get(path, If_None_Match=before[path], **compressed)
                assert answer.status == 200 and answer.field("etag") != before[path], path
                before[path] = answer.field("etag")
            for path in files:
                packed = server.get(path, **compressed)
                body = gzip.decompress(packed.body) if "content-encoding" in packed.headers else packed.body
                assert json.loads(body)["counts"] == {"triples": triples}, path
        assert faults(server) == {}
        write_manifest(builds, "graph", counts=7)
        wait_until(lambda: faults(server) == {"release": "ReleaseError"})
        assert server.rows(COUNT) == [{"n": "3"}]
        rebuild(builds, 4)
        wait_for_count(server, 4)
        wait_until(lambda: faults(server) == {})
        (builds / "releases" / "graph" / "manifest.json").unlink()  # for a moment, while it is copied
        assert server.get(entity).status == 404 and server.rows(COUNT) == [{"n": "4"}]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(builds: Path, workspace: Path, stdout: int, stderr: int | None = None) -> Iterator[Served]:
    """A server whose log is not read here."""
    port = free_port()
    command = [sys.executable, "-m", "transfergraph", "serve", "--port", str(port)]
    command += ["--workspace", str(workspace), "--output", str(builds)]
    environment = {**os.environ, "TRANSFERGRAPH_METRICS_TOKEN": TOKEN}
    process = subprocess.Popen(command, stdout=stdout, stderr=stderr, text=True, env=environment)
    server = Served(process, port)
    try:
        wait_until(lambda: is_up(server))
        yield server
    finally:
        process.kill()
        process.wait()


def is_up(server: Served) -> bool:
    assert server.process.poll() is None
    try:
        return server.get("health").status == 200
    except ConnectionError:
        return False


def test_a_full_log_disk_harms_neither_requests_nor_tasks(builds: Path, workspace: Path) -> None:
    with (
        Path("/dev/full").open("w") as full,
        running(builds, workspace, full.fileno(), full.fileno()) as server,
    ):
        assert faults(server) == {"log": "OSError"}
        assert server.rows(COUNT) == [{"n": "1"}]
        assert server.metrics()["transfergraph_lost_log_lines_total"] > 3
        wait_for_release(server, make_next(builds, 2))
        make_next(builds, 3, counts=7)
        wait_until(lambda: faults(server) == {"log": "OSError", "release": "ReleaseError"})
        assert server.rows(COUNT) == [{"n": "2"}]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(40) == 0


def test_a_log_that_nobody_takes_any_more_harms_nobody(builds: Path, workspace: Path) -> None:
    reading, writing = os.pipe()
    with running(builds, workspace, writing) as server:
        os.close(writing)
        os.close(reading)
        assert server.rows(COUNT) == [{"n": "1"}]
        wait_for_release(server, make_next(builds, 2))
        assert faults(server) == {"log": "OSError"}


def test_a_reader_of_the_log_that_is_stuck_harms_nobody(builds: Path, workspace: Path) -> None:
    reading, writing = os.pipe()
    with running(builds, workspace, writing) as server:
        os.close(writing)
        line = len("/") + 150
        for number in range((1 << 16) // line + 20):  # more lines than the pipe takes
            assert server.get(f"robots.txt?{number}").status == 200
        assert faults(server) == {"log": "OSError"}
        assert server.metrics()["transfergraph_lost_log_lines_total"] > 3
        lines = os.read(reading, 1 << 20).splitlines()
        wait_until(lambda: faults(server) == {})
        lines += os.read(reading, 1 << 20).splitlines()
        events = [json.loads(one)["event"] for one in lines if one.endswith(b"}")]
        assert events[:2] == ["release", "listening"] and len(events) >= len(lines) - 1
        os.close(reading)


def test_a_server_that_can_serve_nothing_any_more_ends_so_that_it_is_started_anew(
    builds: Path, workspace: Path
) -> None:
    with running(builds, workspace, subprocess.DEVNULL, subprocess.PIPE) as server:
        shutil.rmtree(builds / "releases")
        (fork_server,) = children(server.process.pid)
        os.kill(fork_server, signal.SIGKILL)
        assert server.process.wait(90) == 4
        assert server.process.stderr is not None
        said = server.process.stderr.read()
        server.process.stderr.close()
        assert said == "The server ends: it can serve no release any more; its log says why.\n"


def test_a_log_counts_what_it_loses_and_begins_a_new_line_after_what_was_cut(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        log = Log(full.fileno())
        log({"event": "x"})
        log({"event": "y"})
        assert log.lost == 2 and log.failing_since is not None
    log({"event": "z"})  # the descriptor is closed
    assert log.lost == 3
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    log = Log(writing)
    log({"event": "big", "text": "x" * (1 << 20)})  # more than the pipe takes
    assert log.lost == 1
    os.set_blocking(reading, False)
    held = b""
    with pytest.raises(BlockingIOError):
        while True:
            held += os.read(reading, 1 << 20)
    log({"event": "after"})
    assert log.failing_since is None
    assert json.loads(os.read(reading, 1 << 16).split(b"\n")[1])["event"] == "after"
    os.close(reading)
    os.close(writing)


def test_a_log_drops_lines_that_would_block() -> None:
    reading, writing = os.pipe()
    log = Log(writing)

    def fill() -> None:
        while not log.lost:
            log({"event": "x" * 100})
        log({"event": "big" * 10_000})

    filling = threading.Thread(target=fill, daemon=True)
    filling.start()
    filling.join(60)
    assert not filling.is_alive() and log.lost == 2 and Faults(log).now.keys() == {"log"}
    assert os.get_blocking(writing)  # others who share the pipe see no change
    assert all(json.loads(line) for line in os.read(reading, 1 << 20).splitlines()[:-1])
    log({"event": "after"})
    assert log.failing_since is None
    assert json.loads(os.read(reading, 1 << 16).splitlines()[-1])["event"] == "after"
    os.close(reading)
    os.close(writing)


class _Told(Log):
    """Keeps what is told."""

    def __init__(self) -> None:
        super().__init__(-1)
        self.lines: list[dict[str, Any]] = []

    def __call__(self, values: object) -> None:
        assert isinstance(values, dict)
        self.lines.append(values)


def test_a_task_that_fails_begins_again_is_told_once_and_is_given_up_in_the_end() -> None:
    async def run() -> None:
        log, given_up, calls = _Told(), asyncio.Event(), 0
        watched = Faults(log)

        async def step() -> None:
            nonlocal calls
            calls += 1
            if calls == 3:
                assert watched.now["work"].kind == "OSError"
            elif calls == 4:  # a step that works mends it
                return
            elif calls == 5:
                assert watched.now == {}
            if calls == 7:
                raise asyncio.CancelledError  # from within: by nobody who ends the task
            raise OSError(28, "No space left on device") if calls < 6 else KeyError("x")

        supervisor = Supervisor(watched, given_up.set, first=0.0, most=4)
        supervisor.begin("work", step, 0.0)
        await asyncio.wait_for(given_up.wait(), 30)
        await supervisor.close()
        assert calls == 8  # three failures, one success, four failures
        assert watched.failures["work"] == 7 and watched.now["work"].kind == "KeyError"
        events = [(line["event"], line.get("kind")) for line in log.lines]
        assert events == [
            ("task-failed", "OSError"),
            ("task-recovered", None),
            ("task-failed", "OSError"),
            ("task-failed", "KeyError"),
            ("task-failed", "CancelledError"),
            ("task-failed", "KeyError"),
        ]
        assert "trace" not in log.lines[0] and "Traceback" in log.lines[3]["trace"]

    asyncio.run(run())


def test_the_pause_before_a_task_begins_again_doubles(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    really = asyncio.sleep

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await really(0)

    async def fail() -> None:
        raise ReleaseError("x")

    async def run() -> None:
        given_up = asyncio.Event()
        supervisor = Supervisor(Faults(_Told()), given_up.set, first=4.0, most=6)
        supervisor.begin("work", fail, 1.0)
        await asyncio.wait_for(given_up.wait(), 30)

    monkeypatch.setattr("transfergraph.server.supervision.asyncio.sleep", sleep)
    asyncio.run(run())
    assert pauses == [1.0, 4.0, 8.0, 16.0, 30.0, 30.0]


def test_workers_that_cannot_be_had_are_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0

    async def spawn(pool: WorkerPool) -> WorkerHandle:
        nonlocal calls
        calls += 1
        if calls < 6:
            raise OSError(24, "Too many open files")
        return WorkerHandle(pool)

    async def run() -> None:
        scheduler = Scheduler(Capacity(1, 4, 1.0, 1.0), Budget(0, 0), _Told())
        scheduler._pool.is_open = True
        monkeypatch.setattr(WorkerPool, "spawn", spawn)
        scheduler._refill()
        was_closed = False
        while len(scheduler._light_workers) < 2:
            await asyncio.sleep(0.01)
            was_closed = was_closed or not scheduler.is_open
        assert was_closed  # so that the health says so in the meantime
        scheduler._on_idle_worker(next(iter(scheduler._light_workers)))
        assert scheduler.is_open

    assert scheduler_module.MAX_FAILED_STARTS == 3
    asyncio.run(asyncio.wait_for(run(), 60))


def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    supervision.notify_ready()  # nobody listens
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        supervision.notify_ready()
        asyncio.run(supervision.notify_alive())
        assert [listener.recv(100), listener.recv(100)] == [b"READY=1", b"WATCHDOG=1"]
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert supervision.watchdog_seconds() == 10.0
    for nothing in ("", "0", "x"):
        monkeypatch.setenv("WATCHDOG_USEC", nothing)
        assert supervision.watchdog_seconds() is None
