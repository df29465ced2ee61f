"""Loading releases into Apache Jena Fuseki: what the protocol promises, from a server that is not ours."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest
from workspaces import copied, edited

import transfergraph as tg
from transfergraph.publish.push import dump_batches
from transfergraph.publish.push.dump_batches import contents, quad_lines
from transfergraph.publish.push.endpoint import addresses, read_credentials
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.push_state import PushNames, read_state
from transfergraph.store import Row
from transfergraph.store.remote import open_remote

SMALL = 30_000


def store_at(url: str) -> GraphStore:
    return GraphStore(addresses(url), read_credentials({}))


def normal(row: Row) -> tuple[object, ...]:
    """Numbers by their value: Fuseki writes 57056.0 for 57056."""
    return tuple(
        Decimal(term.value)
        if isinstance(term, ox.Literal) and term.datatype.value.endswith("#decimal")
        else term
        for term in row
    )


def test_a_release_reaches_fuseki_whole_and_answers_as_it_does_here(
    fuseki_server: str, saxony: tg.Release
) -> None:
    url = f"{fuseki_server}/push/data"
    pushed = tg.push(saxony.path, url, part_bytes=SMALL)
    assert pushed.manner == "whole"
    wanted = contents(quad_lines(saxony.path))
    assert pushed.graphs == wanted.counts and wanted.total == len(saxony.store)
    state = read_state(store_at(url), PushNames(saxony.manifest.base))
    assert state.version == saxony.manifest.id and state.counts == wanted.counts
    there = tg.open(saxony.path, f"{fuseki_server}/push")
    for question in ("partners-of", "alliances", "organisations-in-several-alliances"):
        assert there.question(question) == saxony.question(question)
    # every statement, not only a sample
    query = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }"
    stated = ox.NamedNode(f"{saxony.manifest.base}push")
    found = {row for row in open_remote(f"{fuseki_server}/push").select(query).rows if row[0] != stated}
    assert set(map(normal, found)) == set(map(normal, saxony.store.select(query).rows))
    assert tg.push(saxony.path, url).manner == "nothing"


def test_fuseki_is_patched_and_a_killed_push_is_gone_on_with(
    fuseki_server: str, first_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dump_batches, "_SAMPLE", 10_000)  # look every statement up
    url = f"{fuseki_server}/push/data"
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    changed = edited("projects", "Pilotvorhaben", r"C:\\users \\u0041 Ünïcode")
    (root / "data" / "source" / "projects.csv").write_text(changed, "utf-8")
    second = tg.build(root, output).release
    assert second is not None
    names = PushNames(tg.open(second).manifest.base)
    assert tg.push(first, url, whole=True).sampled == contents(quad_lines(first)).total
    patched = tg.push(second, url)
    # the name, and a question whose example fits the graph of now
    assert (patched.manner, patched.removed, patched.added) == ("patch", 2, 2)
    asked = f"SELECT ?l WHERE {{ GRAPH <{names.base}graph/source> {{ <{names.base}undertaking/pilot> ?p ?l FILTER(LANG(?l) = 'de') }} }}"
    assert [row[0] for row in store_at(url).select(asked)] == [
        ox.Literal(r"C:\\users \\u0041 Ünïcode", language="de")
    ]
    program = (
        "import os, signal, sys; import transfergraph as tg\n"
        "count = 0\n"
        "def advance(step, done, total):\n"
        "    global count\n"
        "    count += step.value == 'send'\n"
        "    if count == 4: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"tg.push(sys.argv[1], sys.argv[2], whole=True, part_bytes={SMALL}, advance=advance)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(first), url], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    state = read_state(store_at(url), names)
    assert state.version == second.name and state.following == names.release(first.name)
    assert {g: n for g, n in state.counts.items() if names.is_ours(g)} == patched.graphs
    pushed = tg.push(first, url, whole=True, part_bytes=SMALL)
    assert pushed.resumed == 4
    in_place = tg.push(second, url, whole=True, in_place=True, part_bytes=SMALL)
    assert (in_place.manner, in_place.graphs) == ("whole", patched.graphs)
