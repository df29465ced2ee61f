"""Faults on purpose: a disk that fills, a folder that is closed, a clock that jumps back, two runs at once.

After each, what was there is whole or what is new is, the next run succeeds, and nothing is left. ``FILLS`` in the
environment says at how many moments the disk of each verb is full (1); ``MEETINGS`` how often two runs meet (two
builds once, others not at all).
"""

from __future__ import annotations

import gc
import gzip
import hashlib
import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import formatdate, parsedate_to_datetime
from pathlib import Path
from threading import Thread

import pyoxigraph as ox
import pytest
from endpoint import Fault, serving
from forked_verbs import Ended, Verbs, forked_verbs
from server_fixture import served
from store_server import Mishap, StoreServer, storing
from workspaces import copied, edited

import transfergraph as tg
from transfergraph.common import files
from transfergraph.store.retries import RetryPolicy

FILLS = int(os.environ.get("FILLS", "1"))
MEETINGS = int(os.environ.get("MEETINGS", "1"))
LARGE = 256 << 20
PAGE = 4096
CHANGED = "1 cell has been changed."
"""What ``fix`` says before it checks the workspace again, for which there may be no room."""
URL = "https://example.org/"


@pytest.fixture(scope="module")
def both(second_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace that has changed since its second release, and the output folder with these."""
    root, output = copied(second_release, tmp_path_factory.mktemp("faults"))
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.07"), "utf-8")
    return root, output


@pytest.fixture(scope="module")
def verbs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Verbs]:
    with forked_verbs(tmp_path_factory.mktemp("printed") / "printed") as running:
        yield running


@dataclass(frozen=True, slots=True)
class Disk:
    """A file system in memory."""

    place: Path

    def used(self) -> int:
        """Bytes that are taken."""
        told = os.statvfs(self.place)
        return (told.f_blocks - told.f_bfree) * told.f_frsize

    def mount(self, option: str) -> None:
        """Mount it again with another size, or closed."""
        subprocess.run(["mount", "-o", f"remount,{option}", self.place], check=True)

    def empty(self) -> None:
        """Remove all that is on it, and give it room."""
        self.mount(f"rw,size={LARGE}")
        for one in self.place.iterdir():
            shutil.rmtree(one) if one.is_dir() and not one.is_symlink() else one.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    place = tmp_path / "disk"
    place.mkdir()
    told = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={LARGE}", "transfergraph-test", place],
        check=False,
        capture_output=True,
        text=True,
    )
    if told.returncode:
        pytest.skip(f"needs root, who may mount a file system in memory: {told.stderr.strip()}")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def digest(folder: Path) -> str:
    """One sum for the names and the bytes of all files in a folder, or of a file."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")) if folder.is_dir() else [folder]:
        name = str(file.relative_to(folder))
        total.update(name.encode() + (file.read_bytes() if file.is_file() else b""))
    return total.hexdigest()


def current(output: Path) -> str:
    """The current release, which is whole."""
    release = tg.open(output)
    assert release.verify() == []
    return release.path.name


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb that writes.

    ``prepare`` lays what was there into a folder; ``arguments`` are given to the verb for that folder; ``state``
    tells what is there, and raises where that is not whole.
    """

    prepare: Callable[[Path, tuple[Path, Path]], object]
    arguments: Callable[[Path, tuple[Path, Path]], Sequence[object]]
    state: Callable[[Path], str]


def put(source: Path, target: Path) -> None:
    shutil.copytree(source, target, symlinks=True)


def releases_of(both: tuple[Path, Path]) -> tuple[Path, Path]:
    """The second release, and the first."""
    second = tg.open(both[1])
    return second.path, second.path.with_name(str(second.manifest.previous))


def with_faults(folder: Path, both: tuple[Path, Path]) -> None:
    put(both[0], folder / "ws")
    table = folder / "ws" / "data" / "source" / "projects.csv"
    table.write_text(edited("projects", "2021-06-30", "30.06.2021"), "utf-8")


def readable(workbook: Path) -> str:
    """That there is none, or one that is whole."""
    if not workbook.exists():
        return "none"
    with zipfile.ZipFile(workbook) as archive:
        assert archive.testzip() is None
    return "there"


def archived(folder: Path, both: tuple[Path, Path]) -> None:
    tg.archive(releases_of(both)[1], folder / "release.zip")


def dumped(folder: Path, both: tuple[Path, Path]) -> None:
    (folder / "dump.nt").write_text("old\n", "utf-8")


def patched(folder: Path, both: tuple[Path, Path]) -> Sequence[object]:
    new, old = releases_of(both)
    return ("apply", new / "changes", old / "data" / "graph.nt.gz", "-o", folder / "dump.nt")


VERBS = {
    "build": Verb(
        lambda folder, both: put(both[1], folder / "build"),
        lambda folder, both: ("build", "-w", both[0], "-o", folder / "build", "--accept-violations"),
        lambda folder: current(folder / "build"),
    ),
    "site": Verb(
        lambda folder, both: tg.site(releases_of(both)[1], folder / "site", URL, pages=False),
        lambda folder, both: (
            "site",
            folder / "site",
            "--base-url",
            URL,
            "--no-pages",
            "-r",
            releases_of(both)[0],
        ),
        lambda folder: digest(folder / "site"),
    ),
    "archive": Verb(
        archived,
        lambda folder, both: ("archive", folder / "release.zip", "-r", releases_of(both)[0]),
        lambda folder: digest(folder / "release.zip"),
    ),
    "bulk": Verb(
        lambda folder, both: tg.bulk(releases_of(both)[1], folder / "parts"),
        lambda folder, both: ("bulk", folder / "parts", "-r", releases_of(both)[0]),
        lambda folder: digest(folder / "parts"),
    ),
    "network": Verb(
        lambda folder, both: (folder / "net.graphml").write_text("old", "utf-8"),
        lambda folder, both: ("network", "-r", both[1], "-o", folder / "net.graphml"),
        lambda folder: digest(folder / "net.graphml"),
    ),
    "init": Verb(
        lambda folder, both: None,
        lambda folder, both: ("init", folder / "region"),
        lambda folder: str(sorted(file.name for file in folder.rglob("*"))),
    ),
    "template": Verb(
        lambda folder, both: None,
        lambda folder, both: ("template", folder / "tables.xlsx", "-w", both[0]),
        lambda folder: readable(folder / "tables.xlsx"),
    ),
    "fix": Verb(
        with_faults,
        lambda folder, both: ("fix", "--yes", "-w", folder / "ws"),
        lambda folder: digest(folder / "ws" / "data"),
    ),
    "apply": Verb(dumped, patched, lambda folder: digest(folder / "dump.nt")),
}


def names(folder: Path) -> set[str]:
    """All that lies in a folder but for what a release or a site has."""
    found = {path.relative_to(folder) for path in folder.rglob("*")}
    return {str(path) for path in found if len(path.parts) < 3 or path.name.startswith(".")}


def laid(disk: Disk, verb: Verb, both: tuple[Path, Path]) -> str:
    """What was there, laid on an empty disk; what it is."""
    disk.empty()
    (disk.place / "scratch").mkdir()
    verb.prepare(disk.place, both)
    return verb.state(disk.place)


def ran_out(ended: Ended) -> None:
    """The verb said that there was no room, in words; 2 where another place for the file would mend it."""
    assert ended.code in (2, 4) and "Traceback" not in ended.printed, ended
    assert "No space left" in ended.printed or "full" in ended.printed, ended


@pytest.mark.share
@pytest.mark.parametrize("name", VERBS)
def test_a_disk_fills(disk: Disk, verbs: Verbs, both: tuple[Path, Path], name: str) -> None:
    verb, scratch = VERBS[name], disk.place / "scratch"
    old = laid(disk, verb, both)
    before = disk.used()
    arguments = verb.arguments(disk.place, both)
    assert (done := verbs.run(*arguments, TMPDIR=scratch)).code == 0, done
    new, there, needed = verb.state(disk.place), names(disk.place), max(disk.used() - before, 2 * PAGE)
    assert old != new
    failed = 0
    for number in range(FILLS):
        assert laid(disk, verb, both) == old
        room = needed * (2 * number + 1) // (2 * FILLS + 1) // PAGE * PAGE
        disk.mount(f"size={max(disk.used() + room, PAGE)}")  # 0 is no limit
        ended = verbs.run(*arguments, TMPDIR=scratch)
        if ended.code:
            ran_out(ended)
            failed += 1
        disk.mount(f"size={LARGE}")
        is_done = not ended.code or CHANGED in ended.printed
        assert verb.state(disk.place) == (new if is_done else old), (number, ended)
        assert (done := verbs.run(*arguments, TMPDIR=scratch)).code == 0, done
        assert verb.state(disk.place) == new and names(disk.place) == there
    assert failed


@pytest.mark.share
@pytest.mark.parametrize("name", VERBS)
def test_a_folder_is_closed(
    disk: Disk, verbs: Verbs, both: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    verb = VERBS[name]
    old, there = laid(disk, verb, both), names(disk.place)
    disk.mount("ro")
    ended = verbs.run(*verb.arguments(disk.place, both), TMPDIR=tmp_path)
    assert ended.code in (2, 4) and "Traceback" not in ended.printed, ended
    assert "Read-only file system" in ended.printed, ended
    assert verb.state(disk.place) == old and names(disk.place) == there
    assert [file.name for file in tmp_path.iterdir()] == ["disk"]


def test_what_only_reads_needs_a_folder_that_is_closed(
    disk: Disk, verbs: Verbs, both: tuple[Path, Path], tmp_path: Path
) -> None:
    put(both[0], disk.place / "ws")
    put(both[1], disk.place / "build")
    disk.mount("ro")
    workspace, release = ("-w", disk.place / "ws"), ("-r", disk.place / "build")
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    (tmp_path / "all.rq").write_text(query)
    for arguments in (
        ("check", *workspace),
        ("columns", *workspace),
        ("verify", disk.place / "build" / "current"),
        ("query", "alliances", *release),
        ("query", "--file", tmp_path / "all.rq", *release),
        ("search", "Dresden", *release),
        ("questions", *release),
        ("network", *release),
        ("push", "--help"),
    ):
        ended = verbs.run(*arguments, TMPDIR=tmp_path)
        assert ended.code == 0, (arguments, ended)
    with served(disk.place / "build", disk.place / "ws") as server:
        assert server.get("organisation/htw-dresden.ttl").status == 200
        assert server.rows(query)[0]["n"] != "0"


def test_there_is_no_room_for_temporary_files(disk: Disk, verbs: Verbs, both: tuple[Path, Path]) -> None:
    (disk.place / "scratch").mkdir()
    (disk.place / "all").write_bytes(bytes(PAGE))
    disk.mount(f"size={3 * PAGE}")  # Python takes another folder where not even a small file has room
    for arguments in (
        ("check", "-w", both[0]),
        ("site", both[0].parent / "site", "-r", both[1], "--base-url", URL, "--no-pages"),
    ):
        ended = verbs.run(*arguments, TMPDIR=disk.place / "scratch")
        assert ended.code == 0 or (ended.code == 4 and "No space left on device" in ended.printed), ended
        assert "Traceback" not in ended.printed
        assert list((disk.place / "scratch").iterdir()) == []


MEETING = {
    "builds": ("build", "build"),
    "sites": ("site", "site"),
    "archives": ("archive", "archive"),
    "build and site": ("build", "site"),
    "build and archive": ("build", "archive"),
}


@pytest.mark.parametrize("name", MEETING)
def test_two_runs_meet(verbs: Verbs, both: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    """One that finds the other at work says so; whoever comes to its end leaves what is whole."""
    if name != "builds" and "MEETINGS" not in os.environ:
        pytest.skip("only where MEETINGS is set, as make nightly does")
    with forked_verbs(tmp_path / "printed") as others:
        for number in range(MEETINGS):
            folder = tmp_path / str(number)
            folder.mkdir()
            one, other = (VERBS[kind] for kind in MEETING[name])
            for verb in {id(one): one, id(other): other}.values():
                verb.prepare(folder, both)
            verbs.start(*one.arguments(folder, both))
            others.start(*other.arguments(folder, both))
            ended = [verbs.ended(), others.ended()]
            for done in ended:
                assert done.code == 0 or (done.code == 4 and "Another run is writing" in done.printed), done
            assert 0 in [done.code for done in ended]
            for verb in {id(one): one, id(other): other}.values():
                assert verbs.run(*verb.arguments(folder, both)).code == 0
            found = one.state(folder), other.state(folder), names(folder)
            assert verbs.run(*one.arguments(folder, both)).code == 0
            assert (one.state(folder), other.state(folder), names(folder)) == found
            shutil.rmtree(folder)


QUICK = RetryPolicy(timeout=1, attempts=2, first_wait=0.01, longest_wait=0.02)


def statements(server: StoreServer) -> set[str]:
    """What clients see in the store, without what a push notes for itself."""
    with server.lock:
        return {str(quad) for quad in server.store if "/push" not in str(quad.graph_name)}


def every_third(mishap: Mishap) -> Callable[[str, str], Mishap | None]:
    """That mishap, with every third request."""
    numbers = itertools.count(1)
    return lambda method, path: mishap if next(numbers) % 3 == 0 else None


@contextmanager
def collecting_often() -> Iterator[None]:
    """The server's threads, too, collect what a push leaves behind; results of queries must not be among it."""
    thresholds = gc.get_threshold()
    gc.set_threshold(300, 5, 5)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


MISHAPS = {
    "answers 500": Mishap(status=500),
    "answers 500 when it is done": Mishap(status=500, late=True),
    "says that it is busy": Mishap(status=503),
    "closes instead of an answer": Mishap(drop=True),
    "closes when it is done": Mishap(drop=True, late=True),
    "closes in the middle of an answer": Mishap(cut=True),
    "stalls": Mishap(status=200, wait=1.2),
}


@pytest.mark.parametrize("name", MISHAPS)
def test_a_store_misbehaves_every_third_time(both: tuple[Path, Path], name: str) -> None:
    new, old = releases_of(both)
    with storing() as server, collecting_often():
        tg.push(old, server.url)
        before = statements(server)
        server.mishap = every_third(MISHAPS[name])
        for _ in range(60):
            try:
                tg.push(new, server.url, whole=True, part_bytes=30_000, patience=QUICK)
                break
            except tg.StoreError:
                assert statements(server) == before
        else:
            pytest.fail("it never came to its end")
        server.mishap = lambda method, path: None
        after = statements(server)
        graphs = server.graphs()
    with storing() as other:
        tg.push(new, other.url)
        assert after == statements(other) and graphs == other.graphs()


def test_two_pushes_meet(both: tuple[Path, Path]) -> None:
    new, old = releases_of(both)
    with storing() as server:
        tg.push(old, server.url)
        server.mishap = lambda method, path: None
        failures: list[Exception] = []

        def push() -> None:
            try:
                tg.push(new, server.url, whole=True, part_bytes=30_000, patience=QUICK)
            except tg.TransfergraphError as error:
                failures.append(error)

        threads = [Thread(target=push) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        tg.push(new, server.url, patience=QUICK)
        after, graphs = statements(server), server.graphs()
    with storing() as other:
        tg.push(new, other.url)
        assert after == statements(other) and graphs == other.graphs()


FAULTS = (
    Fault(status=500, body=b"no"),
    Fault(status=503),
    Fault(drop=True),
    Fault(body=b'{"head": {"vars": ["n"]}, "results": {"bindings": [', missing_bytes=100),
    Fault(status=503, wait=2),
)


def test_a_server_asks_a_store_that_misbehaves(both: tuple[Path, Path]) -> None:
    """Whoever asks gets an answer or is told that the store failed; when it is sound again, all is."""
    store = ox.Store()
    with gzip.open(releases_of(both)[0] / "data" / "graph.nq.gz") as quads:
        store.load(quads.read(), format=ox.RdfFormat.N_QUADS)
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with serving(store) as endpoint, served(both[1], both[0], "--store", endpoint.url) as server:
        expected = server.rows(query)
        for fault in FAULTS:
            endpoint.faults.extend([None, None, fault] * 3)
            for number in range(6):
                answer = server.sparql(f"{query} # {number} {fault.body!r} {fault}")
                assert answer.status in (200, 500, 503), answer.text
                assert answer.status == 200 or answer.json["type"] in (
                    "/problems#store",
                    "/problems#unavailable",
                ), answer.text
                assert answer.status != 200 or answer.json["results"]["bindings"]
            endpoint.faults.clear()
            assert server.get("health").status == 200
        assert server.rows(f"{query} # sound") == expected


def ahead(folder: Path) -> float:
    """Give all files of a folder a time of tomorrow, as a clock does that was ahead; that time."""
    tomorrow = int(time.time()) + 86_400
    for file in folder.rglob("*"):
        if not file.is_symlink():
            os.utime(file, (tomorrow, tomorrow))
    return tomorrow


def test_a_clock_jumps_back_between_two_releases(both: tuple[Path, Path], tmp_path: Path) -> None:
    """Who was told a time that is still to come is not told that nothing has changed since."""
    root, output = copied(both, tmp_path)
    settings = root / "transfergraph.toml"
    before = tg.open(output)
    tomorrow = ahead(before.path)
    settings.write_text(
        re.sub(r"(?m)^issued = .*$", "issued = 2020-01-01", settings.read_text("utf-8")), "utf-8"
    )
    assert tg.build(root, output).manifest is not None
    release = tg.open(output)
    assert release.verify() == [] and release.manifest.previous == before.path.name
    assert (release.path / "manifest.json").stat().st_mtime > tomorrow
    updated = re.findall(r"<updated>([^<]*)</updated>", (release.path / "feed.atom").read_text("utf-8"))
    assert len(updated) > 2 and updated[1:] == sorted(updated[1:], reverse=True) and len({*updated[1:]}) > 1
    with served(output, root) as server:
        told = server.get("catalog.ttl")
        now = parsedate_to_datetime(told.field("date"))
        for path in (
            "catalog.ttl",
            "organisation/htw-dresden.ttl",
            "sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D",
        ):
            assert server.get(path, If_Modified_Since=formatdate(tomorrow, usegmt=True)).status == 200
            assert parsedate_to_datetime(server.get(path).field("last-modified")) <= now + timedelta(
                minutes=5
            )


def test_a_clock_jumps_back_between_two_sites(both: tuple[Path, Path], tmp_path: Path) -> None:
    new, old = releases_of(both)
    site = tmp_path / "site"
    tg.site(old, site, URL, pages=False)
    tomorrow = ahead(site)
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    tg.site(new, site, URL, pages=False)
    same = [file for file in before if file.is_file() and file.read_bytes() == before[file]]
    others = [file for file in before if file.is_file() and file.read_bytes() != before[file]]
    assert same and {file.stat().st_mtime for file in same} == {tomorrow}
    assert others and min(file.stat().st_mtime for file in others) > tomorrow


def test_scratch_of_killed_runs_does_not_pile_up(tmp_path: Path) -> None:
    """What a killed run left among the temporary files is cleared away by the next; that of a living one stays."""
    program = "import os, signal, sys; from transfergraph.common.files import ScratchFolder\n"
    program += (
        "made = ScratchFolder(); open(f'{made.name}/data', 'w').close(); print(made.name, flush=True)\n"
    )
    begun, other = [], tmp_path / "transfergraph-of-somebody"
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    for end in ("os.kill(os.getpid(), signal.SIGKILL)", "sys.stdin.read(); made.cleanup()"):
        run = subprocess.Popen(
            [sys.executable, "-c", program + end],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
        )
        assert run.stdout is not None
        folder = Path(run.stdout.readline().decode().strip())
        begun.append((run, folder))
    (killed, of_killed), (running, of_running) = begun
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL and of_killed.is_dir()
    other.symlink_to(of_running)
    for folder in (of_killed, of_running):
        os.utime(folder, (0, 0))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "gettempdir", lambda: str(tmp_path))
        patched.setattr("tempfile.tempdir", str(tmp_path))
        with files.ScratchFolder() as mine:
            assert not of_killed.exists() and (of_running / "data").exists() and other.is_symlink()
            assert Path(mine).parent == tmp_path
    assert not Path(mine).exists()
    running.communicate()
    assert running.returncode == 0 and {one.name for one in tmp_path.iterdir()} == {other.name}
