"""How quickly a release is served, beside rdflib-endpoint and Apache Jena Fuseki, in one run and in turns.

``python -m benchmarks.serving`` builds networks of 7,100 and 71,000 projects (371,000 and 3.7 million
triples) under ``build/bench`` where they are missing, starts the servers one after the other, and asks
each the same from a second process (wrk). A line tells requests per second, requests per CPU second of
the server (what a core gives), the median and the 99th percentile of the time of a request in
milliseconds, and how many failed. Use a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import transfergraph as tg
from benchmarks import servers
from benchmarks.generator import BASE, generate
from benchmarks.load import Load, load
from benchmarks.servers import REPOSITORY, NotAtHand, Running

BENCH = REPOSITORY / "build" / "bench"
SIZES = (7_100, 71_000)
_PREFIXES = (
    "PREFIX tg: <https://w3id.org/transfergraph/ontology#> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
_LIGHT = _PREFIXES + (
    "SELECT ?name ?place { <ENTITY> skos:prefLabel ?name ; tg:seat/skos:prefLabel ?place "
    "FILTER(LANG(?name) = 'en' && LANG(?place) = 'en') }"
)
_AGGREGATE = (
    _PREFIXES
    + "SELECT ?role (COUNT(?p) AS ?n) { ?p tg:role ?role ; tg:participant ?o } GROUP BY ?role ORDER BY ?n"
)
_BOMB = "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '') }"


@dataclass(frozen=True, slots=True)
class Task:
    """What is asked: paths of ours, and queries for the others, None where they have no such thing."""

    name: str
    paths: tuple[str, ...]
    queries: tuple[str, ...] | None
    connections: int = 8


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.serving",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--projects", type=int, nargs="*", default=SIZES, help="sizes of the networks")
    parser.add_argument("--seconds", type=int, default=8, help="of one measurement (8)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of which the median is taken (3)")
    parser.add_argument(
        "--python", default=sys.executable, help="an interpreter with rdflib-endpoint installed"
    )
    parser.add_argument("--without", nargs="*", default=(), help="peers to leave out: rdflib fuseki")
    arguments = parser.parse_args()
    results = []
    for projects in arguments.projects:
        results += measure(projects, arguments)
    (BENCH / "serving.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


def prepare(projects: int) -> tuple[Path, Path]:
    """Workspace and builds of a network of that many projects."""
    workspace, builds = BENCH / f"served-{projects}", BENCH / f"served-{projects}-build"
    if not (builds / "current").exists():
        shutil.rmtree(workspace, ignore_errors=True)
        generate(REPOSITORY, workspace, projects)
        outcome = tg.build(workspace, builds, accept_violations=True)
        assert outcome.manifest is not None
    return workspace, builds


def tasks(projects: int) -> list[Task]:
    """What is asked of a network of that many projects, generated with seed 1."""
    organisations = [f"{BASE}organisation/organisation-{n:05}" for n in range(0, projects // 5, 7)]
    entities = [f"{BASE}undertaking/project-{n:06}" for n in range(0, projects, max(1, projects // 3000))]
    entities += organisations[:1000]
    partners = (REPOSITORY / "queries" / "questions" / "partners-of.rq").read_text(encoding="utf-8")
    body = "\n".join(line for line in partners.splitlines() if not line.startswith("#"))
    example = body[body.index("<https://example.org/organisation/example") :].split(">")[0] + ">"
    asked = tuple(body.replace(example, f"<{one}>") for one in organisations[:300])
    local = [one.removeprefix(BASE) for one in entities]
    light = tuple(_LIGHT.replace("ENTITY", one) for one in organisations)
    keys = [one.rpartition("/")[2] for one in organisations[:300]]
    return [
        Task("light query", _paths("sparql", light), light),
        Task("saved question", tuple(f"/questions/partners-of.json?organisation={k}" for k in keys), asked),
        Task("aggregate", _paths("sparql", (_AGGREGATE,)), (_AGGREGATE,), connections=2),
        Task("entity, Turtle", tuple(f"/{one}.ttl" for one in local), None, connections=2),
        Task("entity, HTML", tuple(f"/{one}.de.html" for one in local), None, connections=2),
        Task("light query, cached", _paths("sparql", light[:50], count=False), None),
        Task("dump", ("/data/graph.nt.gz",), None, connections=2),
    ]


def _paths(endpoint: str, queries: Sequence[str], count: bool = True) -> tuple[str, ...]:
    end = quote(" #NONCE") if count else ""
    return tuple(f"/{endpoint}?query={quote(query, safe='')}{end}" for query in queries)


def measure(projects: int, arguments: argparse.Namespace) -> list[dict[str, object]]:
    """Everything that is told of a network of this size."""
    workspace, builds = prepare(projects)
    dump = builds / "current" / "data" / "graph.nq.gz"
    triples = tg.open(builds).manifest.counts["triples"]
    print(f"\n{projects:,} projects, {triples:,} triples", flush=True)
    scratch = BENCH / f"served-{projects}-peer"
    scratch.mkdir(parents=True, exist_ok=True)
    contestants: dict[str, Callable[[], AbstractContextManager[Running]]] = {
        "transfergraph": lambda: servers.transfergraph(workspace, builds, "--workers", "2"),
        "fuseki": lambda: servers.fuseki(dump, scratch),
        "rdflib": lambda: servers.rdflib_endpoint(dump, arguments.python),
    }
    found: dict[tuple[str, str], list[Load]] = {}
    results: list[dict[str, object]] = []
    for turn in range(arguments.rounds):
        for name, start in contestants.items():
            if name in arguments.without:
                continue
            try:
                with start() as server:
                    if turn == 0:
                        results.append(_told(triples, server))
                    for task, one in _round(server, tasks(projects), arguments.seconds, f"r{turn}x"):
                        found.setdefault((task, server.name), []).append(one)
                    if name == "transfergraph":
                        one = _besieged(server, tasks(projects)[0], arguments.seconds, f"s{turn}x")
                        found.setdefault(("light query, besieged", server.name), []).append(one)
            except NotAtHand as reason:
                print(f"  {name}: {reason}", flush=True)
    results += [_row(triples, task, server, loads) for (task, server), loads in sorted(found.items())]
    return results


def _told(triples: int, server: Running) -> dict[str, object]:
    time.sleep(1)
    told = {
        "triples": triples,
        "server": server.name,
        "start_seconds": round(server.started, 2),
        "resident_mib": round(server.resident()),
        "proportional_mib": round(server.proportional()),
    }
    print(
        f"  {server.name}: started in {told['start_seconds']} s, idle with {told['resident_mib']} MiB "
        f"({told['proportional_mib']} MiB with shared pages counted once)",
        flush=True,
    )
    return told


def _round(server: Running, todo: Sequence[Task], seconds: int, run: str) -> Iterator[tuple[str, Load]]:
    for task in todo:
        if server.name == "transfergraph":
            paths = task.paths
        elif task.queries is not None:
            paths = _paths(server.sparql, task.queries)
        else:
            continue
        headers = (
            {"Accept": "application/sparql-results+json"}
            if task.queries and "questions" not in paths[0]
            else {}
        )
        load(server, paths, max(1, seconds // 4), task.connections, headers, run=f"w{run}")
        yield task.name, load(server, paths, seconds, task.connections, headers, run=run)


def _besieged(server: Running, task: Task, seconds: int, run: str) -> Load:
    """The light query of one client, while another keeps sending queries that will be killed."""
    stop = threading.Event()

    def attack(number: int) -> None:
        sent = 0
        while not stop.is_set():
            sent += 1
            query = quote(f"{_BOMB} #{run}{number}x{sent}", safe="")
            request = Request(
                f"{server.url}sparql?query={query}", headers={"X-Forwarded-For": f"192.0.2.{number % 3}"}
            )
            with suppress(HTTPError, URLError, OSError), urlopen(request, timeout=120) as response:
                response.read()

    attackers = [threading.Thread(target=attack, args=(number,), daemon=True) for number in range(24)]
    for attacker in attackers:
        attacker.start()
    time.sleep(3)
    try:
        return load(server, task.paths, seconds, 2, {"X-Forwarded-For": "198.51.100.1"}, run=run)
    finally:
        stop.set()


def _row(triples: int, task: str, server: str, loads: Sequence[Load]) -> dict[str, object]:
    def middle(value: Callable[[Load], float]) -> float:
        return round(statistics.median(map(value, loads)), 2)

    row = {
        "triples": triples,
        "task": task,
        "server": server,
        "per_second": middle(lambda one: one.per_second),
        "per_cpu_second": middle(lambda one: one.per_cpu_second),
        "p50_ms": middle(lambda one: one.p50),
        "p99_ms": middle(lambda one: one.p99),
        "failed": sum(one.failed for one in loads),
    }
    print(
        f"  {task:<22} {server:<16} {row['per_second']:>9} /s {row['per_cpu_second']:>9} /CPU s   "
        f"p50 {row['p50_ms']:>8} ms   p99 {row['p99_ms']:>8} ms   failed {row['failed']}",
        flush=True,
    )
    return row


if __name__ == "__main__":
    main()
