"""Each verb is killed at moments spread over its whole run: what was there is whole, or what is new is.

Ten times a verb, and a build that is served four times; or as often as ``KILLS`` in the environment says. Of a site,
an archive and a push every second of the ten meets what the one before left, and goes on to a later moment; the other
ones meet what was there. A build, and with ``KILLS`` every verb, goes to its end after each.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from server_fixture import served
from store_server import storing
from workspaces import copied, edited

import transfergraph as tg

KILLS = int(os.environ.get("KILLS", "10"))
TO_THE_END_AFTER = 1 if "KILLS" in os.environ else 2
KILLS_SERVED = int(os.environ.get("KILLS", "4"))  # each waits until a server has followed
# For each number that it is given, a child makes the call. The child counts what Python does to files and
# connections, and is killed at the event of that number; 0 is none of them, and the count is told. What a child has
# loaded, the later ones find loaded, unless a package starts a thread as it is loaded (DuckDB 1.4.0): a child would have
# none.
PROGRAM = """
import importlib, os, signal, sys, tempfile
from contextlib import suppress

COUNTED = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "http.client.send"}
LOADED = "from pathlib import Path; import transfergraph as tg; from transfergraph import archive, build, push, site"
call, in_child, last, seen = sys.argv[1], len(sys.argv) > 2, 0, 0


def hook(event, arguments):
    global seen
    if event in COUNTED:
        seen += 1
        if seen == last:
            os.kill(os.getpid(), signal.SIGKILL)


def load_in_child_if_threads_run():
    if len(os.listdir("/proc/self/task")) > 1:
        os.execv(sys.executable, [*sys.orig_argv, "in child"])


if not in_child:
    exec(LOADED)
    load_in_child_if_threads_run()
told = tempfile.TemporaryFile("w+")
while line := sys.stdin.readline():
    last = int(line)
    child = os.fork()
    if not child:
        if in_child:
            exec(LOADED)
        sys.addaudithook(hook)
        exec(call)
        print("count", seen)
        print(*sys.modules, file=told)
        break
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told.seek(0)
    for module in set(told.read().split()) - set(sys.modules) if ended == 0 and not in_child else ():
        with suppress(ImportError):
            importlib.import_module(module)
    told.seek(0)
    told.truncate()
    print("end", ended, flush=True)
    if not in_child:
        load_in_child_if_threads_run()
"""
VARYING = 20
"""Events by which the count of one moment differs from call to call: threads open files when they come to it."""
Run = Callable[[int], int | None]


@contextmanager
def repeated(call: str) -> Iterator[Run]:
    """Makes a call as often as wanted, each time in a process of its own, where all is loaded already.

    The process is killed at the event of a number; returned is the count of events where the call came to its
    end.
    """
    command = [sys.executable, "-c", PROGRAM, call]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        asking, answers = process.stdin, process.stdout
        assert asking and answers

        def run(last: int) -> int | None:
            print(last, file=asking, flush=True)
            told = {}
            while "end" not in told:
                name, number = answers.readline().split()
                told[name] = int(number)
            assert told["end"] in (0, -signal.SIGKILL)
            return told.get("count")

        yield run


def survives(
    call: str, reset: Callable[[], object], state: Callable[[], str], to_the_end_after: int = TO_THE_END_AFTER
) -> None:
    """Kill a call again and again; ``state`` tells what is there and raises where that is not whole."""
    with repeated(call) as run:
        reset()
        old = state()
        run(0)  # reads, and perhaps compiles, more modules than later calls
        reset()
        count = run(0)
        new = state()
        assert count is not None and old != new
        found: dict[str, list[int]] = {old: [], new: []}
        is_new = True
        for number in range(KILLS):
            if is_new:
                reset()
            while run(event := 1 + number * count // KILLS) is not None:
                count = event - 1  # this time there were not so many
                reset()
            found[said := state()].append(event)
            if is_new := said == new or (number + 1) % to_the_end_after == 0 or number + 1 == KILLS:
                run(0)
                assert state() == new, number
    assert found[old][0] == 1 and max(found[old]) < min(found[new], default=count) + VARYING


@pytest.fixture(scope="module")
def both(first_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace that has changed since its release, and the output folder with that."""
    root, output = copied(first_release, tmp_path_factory.mktemp("killed"))
    (root / "data" / "source" / "projects.csv").write_text(edited("projects", "2021", "2022"), "utf-8")
    return root, output


def copied_anew(source: Path, target: Path) -> None:
    """Let the target be a copy of the source, with nothing left of what was there."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, symlinks=True)


def digest(folder: Path) -> str:
    """One sum for the names and the bytes of all files in a folder."""
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        total.update(str(file.relative_to(folder)).encode() + (file.read_bytes() if file.is_file() else b""))
    return total.hexdigest()


def test_build(both: tuple[Path, Path], tmp_path: Path) -> None:
    workspace, output = both[0], tmp_path / "build"

    def state() -> str:
        release = tg.open(output)
        assert release.verify() == []
        return release.path.name

    call = f"tg.build(Path({str(workspace)!r}), Path({str(output)!r}))"
    survives(call, lambda: copied_anew(both[1], output), state, to_the_end_after=1)
    assert [file.name for file in (output / "releases").iterdir() if file.name.startswith(".")] == []


def test_build_while_it_is_served(both: tuple[Path, Path], tmp_path: Path) -> None:
    """The server goes on with the old release or takes up the new one, whenever the build is killed."""
    workspace, output = tmp_path / "ws", tmp_path / "build"
    copied_anew(both[0], workspace)
    copied_anew(both[1], output)
    places = workspace / "data" / "source" / "places.csv"
    call = f"tg.build(Path({str(workspace)!r}), Path({str(output)!r}))"
    query = (
        "SELECT ?lat { ?place a <https://w3id.org/transfergraph/ontology#Place> ; "
        "<http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat }"
    )
    with repeated(call) as run, served(output, workspace) as server:
        number_of_events = run(0)
        assert number_of_events is not None
        stated = "51.05"
        for number in range(KILLS_SERVED):
            old, stated = stated, f"51.{10 + number % 80}1"
            places.write_text(edited("places", "51.05", stated), "utf-8")
            ended = run(1 + number * number_of_events // KILLS_SERVED)
            assert tg.open(output).verify() == []
            assert server.get("health").status == 200
            (row,) = server.rows(f"{query} # {number}")
            assert row["lat"] in (old, stated), ended
            run(0)
            while server.get("health").json["release"] != tg.open(output).path.name:
                assert server.process.poll() is None
                time.sleep(0.1)
            assert server.rows(f"{query} # again {number}") == [{"lat": stated}]
        assert [file.name for file in (output / "releases").iterdir() if file.name.startswith(".")] == []
        assert server.get("manifest.json").json["id"] == tg.open(output).path.name


def test_site(releases_of_few_files: tuple[Path, Path], tmp_path: Path) -> None:
    """Without pages about entities, which ``test_publication_site`` kills: they are thousands of files."""
    old, site, url = tmp_path / "old", tmp_path / "site", "https://example.org/"
    tg.site(releases_of_few_files[0], old, url, pages=False)
    call = f"site({str(releases_of_few_files[1])!r}, {str(site)!r}, {url!r}, pages=False)"
    survives(call, lambda: copied_anew(old, site), lambda: digest(site))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["old", "site"]


def test_archive(releases_of_few_files: tuple[Path, Path], tmp_path: Path) -> None:
    old = tg.archive(releases_of_few_files[0], tmp_path).file
    kept, place = old.read_bytes(), tmp_path / "packed" / "release.zip"
    place.parent.mkdir()
    call = f"archive({str(releases_of_few_files[1])!r}, {str(place)!r})"
    survives(call, lambda: place.write_bytes(kept), lambda: hashlib.sha256(place.read_bytes()).hexdigest())
    assert [file.name for file in place.parent.iterdir()] == [place.name]


def test_push(releases_of_few_files: tuple[Path, Path]) -> None:
    with storing() as server:

        def reset() -> None:
            server.store.clear()
            tg.push(releases_of_few_files[0], server.url)

        def state() -> str:
            lines = (str(quad) for quad in server.store if "/push" not in str(quad.graph_name))
            return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

        call = f"push({str(releases_of_few_files[1])!r}, {server.url!r}, whole=True, part_bytes=3000)"
        survives(call, reset, state)
