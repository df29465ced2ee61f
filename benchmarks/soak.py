"""A day of mixed traffic in twenty minutes: ``python -m benchmarks.soak [--minutes 20] [--projects 2000]``.

Readers look at pages, ask light queries and saved questions, mirrors fetch dumps in parts, and harvesters
come with conditional requests; between them come heavy queries, query bombs, clients that leave, slow
clients, broken requests, and eleven times another release of ten; the sixth of these is damaged, and has to
be refused. At the end no request of a reader has failed, each whole release was taken up and the damaged one
never, no process and no file is left over, memory and disk are flat; otherwise the exit code is 1.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import socket
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import transfergraph as tg
from benchmarks import servers
from benchmarks.generator import BASE, generate
from benchmarks.servers import REPOSITORY, Running, tree
from transfergraph.release.publish_release import make_current

BENCH = REPOSITORY / "build" / "bench"
_RELEASES = 10
_DAMAGED = 5  # by its place among the releases
_TURNS = 11
_WARM = 0.4  # share of the time after which memory has to be flat
_GROWTH = 1.15

_LIGHT = "SELECT ?p ?o { <ENTITY> ?p ?o } LIMIT 40 # NUMBER"
_HEAVY = "SELECT ?c (COUNT(DISTINCT ?o) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c # NUMBER"
_LARGE = "SELECT * { ?s ?p ?o } LIMIT 60000 # NUMBER"
_BOMBS = (
    "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '') } # NUMBER",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } # NUMBER",
    "SELECT * " + "{" * 5500 + "}" * 5500 + " # NUMBER",
    "ASK { FILTER(" + "(" * 5500 + "1" + ")" * 5500 + ") } # NUMBER",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c # NUMBER",
)


@dataclass
class Counts:
    """What happened, by what was done and how it ended; seconds that readers waited, by what they did."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: Counter[tuple[str, str]] = field(default_factory=Counter)
    times: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    number: int = 0

    def count(
        self, kind: str, outcome: str, seconds: float, is_reader: bool, allowed: tuple[str, ...]
    ) -> None:
        """Note one request."""
        with self.lock:
            self.ended[kind, outcome] += 1
            if is_reader:
                self.times[kind].append(seconds)
                if outcome not in allowed:
                    self.failures.append(f"{kind}: {outcome}")

    def next(self) -> int:
        """A number that was not given out before."""
        with self.lock:
            self.number += 1
            return self.number


class Client(threading.Thread):
    """Does one kind of thing over and over, with pauses, as one address after the other."""

    def __init__(
        self,
        server: Running,
        counts: Counts,
        stop: threading.Event,
        pause: float,
        network: int,
        projects: int,
    ) -> None:
        super().__init__(daemon=True)
        self.projects = projects
        self.server, self.counts, self.stop, self.pause = server, counts, stop, pause
        self.network = network
        self.random = random.Random(network)

    def run(self) -> None:
        while not self.stop.is_set():
            with suppress(OSError, http.client.HTTPException):
                self.act()
            self.stop.wait(self.random.expovariate(1 / self.pause))

    def act(self) -> None:
        """One thing; the address of the client changes from thing to thing."""
        raise NotImplementedError

    def ask(
        self, kind: str, path: str, reader: bool = False, allowed: tuple[str, ...] = ("200",), **headers: str
    ) -> None:
        """Send a request, read the answer, and note how it went."""
        address = f"10.{self.network}.{self.random.randrange(20)}.{self.random.randrange(1, 250)}"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=90)
        begun = time.monotonic()
        outcome = "broken"
        try:
            fields = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers={"X-Forwarded-For": address, **fields})
            response = connection.getresponse()
            response.read()
            outcome = str(response.status)
        except (OSError, http.client.HTTPException) as error:
            outcome = type(error).__name__
        finally:
            connection.close()
            self.counts.count(kind, outcome, time.monotonic() - begun, reader, allowed)

    def sparql(self, query: str) -> str:
        """The path of a query that no cache knows."""
        return "/sparql?query=" + quote(query.replace("NUMBER", str(self.counts.next())), safe="")

    def entity(self) -> str:
        """The path of an entity."""
        if self.random.random() < 0.5:
            return f"/organisation/organisation-{self.random.randrange(self.projects // 5):05}"
        return f"/undertaking/project-{self.random.randrange(self.projects):06}"


class Reader(Client):
    """Pages, documents, light queries, questions, conditional requests, parts of dumps."""

    def act(self) -> None:
        entity = self.entity()
        match self.random.randrange(7):
            case 0:
                self.ask(
                    "page",
                    f"{entity}.{self.random.choice(('de', 'en'))}.html",
                    True,
                    Accept_Encoding="br, gzip",
                )
            case 1:
                self.ask("document", f"{entity}.ttl", True, Accept="text/turtle")
            case 2:
                self.ask("entity", entity, True, ("303",), Accept="application/ld+json")
            case 3 | 4:
                self.ask("light query", self.sparql(_LIGHT.replace("ENTITY", BASE + entity[1:])), True)
            case 5:
                key = f"organisation-{self.random.randrange(self.projects // 5):05}"
                self.ask(
                    "question",
                    f"/questions/timeline-of.json?undertaking=project-{self.random.randrange(self.projects):06}",
                    True,
                )
                self.ask("list", f"/organisations/index.de.html?{key}", True)
            case _:
                begin = self.random.randrange(50_000)
                self.ask(
                    "part of a dump",
                    "/data/graph.nt.gz",
                    True,
                    ("206",),
                    Range=f"bytes={begin}-{begin + 5000}",
                )


class Worker(Client):
    """Heavy and large, but honest queries."""

    def act(self) -> None:
        self.ask("heavy query", self.sparql(self.random.choice((_HEAVY, _LARGE))), Accept_Encoding="gzip")


class Bomber(Client):
    """Queries that will be killed."""

    def act(self) -> None:
        self.ask("bomb", self.sparql(self.random.choice(_BOMBS)))


class Leaver(Client):
    """Asks something heavy and leaves, or sends half a request and stays."""

    def act(self) -> None:
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            if self.random.random() < 0.5:
                path = self.sparql(self.random.choice((_BOMBS[0], _LARGE)))
                connection.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.9.9.9\r\n\r\n".encode()
                )
                connection.settimeout(0.5)
                with suppress(TimeoutError):
                    connection.recv(1000)
            else:
                connection.sendall(b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n")
                self.stop.wait(3)
        self.counts.count("leaver", "left", 0, False, ())


class Nuisance(Client):
    """Requests that break the rules."""

    def act(self) -> None:
        bad = (
            b"\x16\x03\x01 nonsense\r\n\r\n",
            b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET /%00 HTTP/1.1\r\nHost: a b\r\n\r\n",
            b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -4\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 400_000,
        )
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=20) as connection:
            connection.sendall(self.random.choice(bad))
            with suppress(OSError):
                connection.recv(2000)
        self.counts.count("nuisance", "sent", 0, False, ())


_CROWD: tuple[tuple[Callable[..., Client], int, float], ...] = (
    (Reader, 12, 0.08),
    (Worker, 2, 6.0),
    (Bomber, 3, 4.0),
    (Leaver, 2, 2.0),
    (Nuisance, 1, 1.0),
)


def main() -> None:
    """Run it and tell what came of it."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--projects", type=int, default=2000)
    options = parser.parse_args()
    workspace, builds, releases = prepare(options.projects)
    counts, stop = Counts(), threading.Event()
    with tempfile.TemporaryDirectory(prefix="transfergraph-soak-") as scratch:
        os.environ["TMPDIR"] = scratch
        folders = (workspace, builds, Path(scratch))
        with servers.transfergraph(workspace, builds, "--workers", "2") as server:
            before = _state(server, folders)
            clients = [
                kind(server, counts, stop, pause, number + 10 * index, options.projects)
                for index, (kind, many, pause) in enumerate(_CROWD)
                for number in range(many)
            ]
            for client in clients:
                client.start()
            samples, shown = _watch(server, counts, options.minutes * 60, folders, releases)
            stop.set()
            for client in clients:
                client.join(90)
            time.sleep(12)
            after = _state(server, folders)
    sys.exit(_judge(counts, samples, before, after, shown, releases))


def prepare(projects: int) -> tuple[Path, Path, list[str]]:
    """A workspace of so many projects and ten releases of it, the oldest first; one of them is damaged."""
    folder = BENCH / f"soak-{projects}"
    workspace, builds, done = folder / "workspace", folder / "build", folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)  # of a run that was ended while it built
        generate(REPOSITORY, workspace, projects)
        settings = workspace / "transfergraph.toml"
        text = settings.read_text(encoding="utf-8")
        names = []
        for number in range(_RELEASES):
            settings.write_text(text.replace('version = "', f'version = "{number}.', 1), encoding="utf-8")
            outcome = tg.build(workspace, builds, accept_violations=True)
            assert outcome.release is not None
            names.append(outcome.release.name)
        damaged = builds / "releases" / names[_DAMAGED]
        for file in ("data/graph.nq.gz", "data/graph.nt.gz"):
            (damaged / file).unlink()
            (damaged / file).write_bytes(b"no gzip")
        for table in sorted((damaged / "store").glob("*.sst")):
            content = table.read_bytes()[:100]
            table.unlink()  # it may be the same file in another release
            table.write_bytes(content)
        make_current(builds, names[0])
        done.write_text("\n".join(names), encoding="utf-8")
    names = done.read_text(encoding="utf-8").split()
    make_current(builds, names[0])
    return workspace, builds, names


@dataclass(frozen=True)
class State:
    """Processes, open files of the server's own process, its memory in MiB, and bytes and files on disk."""

    processes: int
    files: int
    memory: float
    disk: int
    on_disk: int


def _state(server: Running, folders: Sequence[Path]) -> State:
    status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    sizes = []
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):  # a temporary file that is gone by now
                sizes.append(path.lstat().st_size)
    opened = len(list(Path(f"/proc/{server.pid}/fd").iterdir()))
    return State(len(tree(server.pid)), opened, resident / 1024, sum(sizes), len(sizes))


def _shown(server: Running) -> str:
    """The release that is served."""
    with urlopen(f"{server.url}health", timeout=60) as answer:
        return str(json.load(answer)["release"])


def _watch(
    server: Running, counts: Counts, seconds: float, folders: Sequence[Path], releases: Sequence[str]
) -> tuple[list[State], set[str]]:
    """Tell how it goes, publish another release now and then, and note the state of the server.

    Returns the states, and the releases that were served.
    """
    samples: list[State] = []
    shown: set[str] = set()
    begun = time.monotonic()
    turn = 0
    while (passed := time.monotonic() - begun) < seconds:
        time.sleep(min(10.0, seconds / 60))
        samples.append(_state(server, folders))
        with suppress(OSError):
            shown.add(_shown(server))
        if passed > (turn + 1) * seconds / (_TURNS + 1):
            turn += 1
            make_current(folders[1], releases[turn % len(releases)])
        with counts.lock:
            told = (
                f"{sum(map(len, counts.times.values()))} requests of readers, {len(counts.failures)} failed"
            )
        print(f"  {passed:5.0f} s  {told}; {len(shown)} releases; {samples[-1]}", flush=True)
    return samples, shown


def _judge(
    counts: Counts,
    samples: list[State],
    before: State,
    after: State,
    shown: set[str],
    releases: Sequence[str],
) -> int:
    warm = samples[int(len(samples) * _WARM)].memory
    last = sorted(sample.memory for sample in samples[-5:])[2]
    print(
        json.dumps({f"{kind}: {outcome}": n for (kind, outcome), n in sorted(counts.ended.items())}, indent=1)
    )
    for kind, times in sorted(counts.times.items()):
        ordered = sorted(times)
        middle, late = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
        print(f"{kind:<16} p50 {middle * 1000:5.0f} ms   p99 {late * 1000:5.0f} ms")
    print(f"failed requests of readers: {Counter(counts.failures).most_common(5)}")
    print(f"memory: {warm:.0f} MiB when warm, {last:.0f} MiB at the end; before: {before}, after: {after}")
    whole = {name for place, name in enumerate(releases) if place != _DAMAGED}
    print(f"releases taken up: {len(shown & whole)} of {len(whole)} whole ones")
    faults = {
        "requests of readers failed": bool(counts.failures),
        "processes were left over": after.processes != before.processes,
        "files were left open": after.files > before.files + 5,
        "memory grew": last > warm * _GROWTH,
        "the disk filled": (after.disk, after.on_disk) != (before.disk, before.on_disk),
        "a whole release was not taken up": not whole <= shown,
        "the damaged release was served": not shown <= whole,
    }
    for fault in (one for one, is_true in faults.items() if is_true):
        print(f"FAULT: {fault}")
    return 1 if any(faults.values()) else 0


if __name__ == "__main__":
    main()
