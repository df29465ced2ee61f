"""How long real stores take for a release, as the table of ``docs/stores.md``.

    python tests/store_times.py build virtuoso fuseki rdf4j oxigraph

Measured is one run each, on an empty store: the release is sent and verified, all questions of it are asked
with their examples, and the compiled shapes run in the store. A question or shape that the store cannot
answer is counted.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import fuseki
import other_stores
import rdflib
import virtuoso

import transfergraph as tg
from transfergraph.common.progress import Stage
from transfergraph.errors import StoreError
from transfergraph.publish.push.endpoint import PASSWORD, USER
from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.store.remote import open_remote

STORES: dict[str, tuple[Callable[[Path], AbstractContextManager[str]], str, str]] = {
    "fuseki": (fuseki.running, "/push/data", "/push"),
    "virtuoso": (virtuoso.running, "/sparql-graph-crud-auth", "/sparql"),
    "rdf4j": (other_stores.rdf4j, "/rdf-graphs/service", ""),
    "oxigraph": (other_stores.oxigraph, "/store", "/query"),
}


def row(name: str, release: tg.Release, scratch: Path) -> Iterator[str]:
    """What one store took: name, start, loading, verifying, a question, all questions, shapes."""
    running, graph_store, query = STORES[name]
    begun = time.perf_counter()
    with running(scratch) as address:
        yield name
        yield _seconds(begun)
        reached: dict[Stage, float] = {}

        def reach(stage: Stage, done: int = 0, total: int = 0, /) -> None:
            reached.setdefault(stage, time.perf_counter())

        begun = time.perf_counter()
        tg.push(release.path, address + graph_store, advance=reach)
        yield f"{reached[Stage.VERIFY] - begun:.1f} s"
        yield _seconds(reached[Stage.VERIFY])
        there = tg.open(release.path, address + query)
        begun = time.perf_counter()
        there.question("partners-of")
        yield _seconds(begun)
        files = sorted((release.path / "queries" / "questions").glob("*.rq"))
        yield _all(there.question, (file.stem for file in files))
        plan = compile_shapes(read_shapes(rdflib.Graph().parse(release.path / "ontology" / "shapes.ttl")))
        store = open_remote(address + query)
        begun = time.perf_counter()
        results = run_plan(store, plan)
        yield f"{_seconds(begun)}, {len(results)} results"


def _all(ask: Callable[[str], object], names: Iterator[str]) -> str:
    begun, refused = time.perf_counter(), []
    for name in names:
        try:
            ask(name)
        except StoreError:
            refused.append(name)
    return _seconds(begun) + (f", refused: {', '.join(refused)}" if refused else "")


def _seconds(begun: float) -> str:
    return f"{time.perf_counter() - begun:.1f} s"


def main(builds: str, *names: str) -> None:
    """Print the table."""
    os.environ |= {USER: virtuoso.USER, PASSWORD: virtuoso.PASSWORD}
    release = tg.open(builds)
    say = sys.stdout.write
    say(
        "| store | start | loading | verifying | one question | all questions | shapes |\n|---|---|---|---|---|---|---|\n"
    )
    for name in names or STORES:
        with TemporaryDirectory() as scratch:
            say(f"| {' | '.join(row(name, release, Path(scratch)))} |\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
