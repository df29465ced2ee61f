"""Pages of a graph that lies on a foreign server are those of the embedded store."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import fuseki
import pyoxigraph as ox
import pytest
from pages_fixture import BASE, SITE
from real_servers import NotAtHand

import transfergraph as tg
from transfergraph.store.remote import RemoteStore
from transfergraph.store.retries import RetryPolicy
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_lists import read_listing
from transfergraph.web.entity_page import render_entity

DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
ENTITIES = (
    "undertaking/recomine",
    "organisation/hszg",
    "source/futuresax-projects",
    "place/dresden",
    "participation/recomine~hif~coordinator",
)


def _alike(triples: tuple[ox.Triple, ...]) -> set[tuple[str, ...]]:
    """The triples with decimal numbers as numbers: each store has a spelling of its own for them."""
    return {
        (
            str(s),
            str(p),
            str(Decimal(o.value).normalize())
            if isinstance(o, ox.Literal) and o.datatype == DECIMAL
            else str(o),
        )
        for s, p, o in triples
    }


def test_a_foreign_server_gives_the_same_pages(saxony: tg.Release, tmp_path: Path) -> None:
    quads = gzip.decompress((saxony.path / "data" / "graph.nq.gz").read_bytes())
    try:
        with fuseki.running(tmp_path) as address:
            fuseki.load(address, "union", quads)
            remote = RemoteStore(f"{address}/union", RetryPolicy(timeout=60))
            for local in ENTITIES:
                here, there = (find_document(store, BASE, BASE + local) for store in (saxony.store, remote))
                assert here is not None and there is not None
                assert _alike(there.triples) == _alike(here.triples), local
                assert render_entity(there, SITE, "de") == render_entity(here, SITE, "de")
            assert find_document(remote, BASE, BASE + "undertaking/nothing") is None
            assert read_listing(remote, SITE, "topics") == read_listing(saxony.store, SITE, "topics")
    except NotAtHand as reason:
        pytest.skip(str(reason))
