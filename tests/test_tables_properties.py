"""Properties of reading and mapping: two readers find one graph in sound tables, in CSV and in a workbook."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pyoxigraph as ox
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from slow_reader import slow_quads
from table_worlds import Fault, Maker, empty_workspace, mended, write_csv, write_workbooks
from tables_fixture import load

from transfergraph.findings import Place, Severity
from transfergraph.mapping.to_rdf import write_quads

ROWS = 12
TRIES = 9
"""Loops of terms are told one at a time."""
LEAST = 800
"""Quads of a graph that is worth a comparison."""

PROPERTY = settings(max_examples=2, derandomize=True, database=None, phases=[Phase.generate])

KEYS = st.lists(
    st.from_regex(r"[a-zäß0-9Ж][a-zäé0-9_/%.-]{0,5}[a-zäö0-9]", fullmatch=True),
    min_size=ROWS,
    max_size=ROWS,
    unique_by=str.lower,
)
LETTERS = st.sampled_from([*"aBÄß ,;\"'\\\n\t{}|^`%&?<\u00a0\u2003\u0301\u0308…–😀x7"]) | st.characters(
    codec="utf-8", categories=["L", "N", "P", "S", "M", "Zs"]
)
TEXTS = st.lists(st.text(LETTERS, min_size=1, max_size=12).filter(str.strip), min_size=30, max_size=60)
MAKERS = st.builds(Maker, KEYS, TEXTS, st.integers(0, 2**32).map(Random))


def graph_of(root: Path) -> tuple[set[ox.Quad], set[Fault]]:
    """The graph of tables that pass the check; or what has a violation."""
    with tempfile.TemporaryDirectory() as folder:
        tables, findings = load(root, Path(folder) / "scratch")
        places = [finding.place for finding in findings if finding.severity is Severity.VIOLATION]
        lines = [] if places else [file.read_bytes() for file in write_quads(tables, Path(folder))]
        tables.connection.close()
    quads = b"".join(lines).splitlines()
    assert quads == sorted(set(quads))
    return set(ox.parse(b"\n".join(quads), format=ox.RdfFormat.N_QUADS)), set(map(fault_at, places))


def fault_at(place: Place) -> Fault:
    assert place.row is not None and place.row > 1, place
    table = place.sheet or Path(place.file or "").name.split(".")[0]
    return Fault(place.source or "", table, place.row - 2, place.column)


@PROPERTY
@given(MAKERS)
def test_two_readers_find_the_same_in_tables_that_pass_the_check(maker: Maker) -> None:
    world = maker.world(ROWS)
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            root = empty_workspace(Path(folder))
            write_csv(world, root, maker.chance)
            quads, faults = graph_of(root)
            if not faults:
                expected = set(slow_quads(root))
                assert (quads - expected, expected - quads) == (set(), set())
                assert len(quads) > LEAST
                return
        world = mended(world, faults)
    pytest.fail("the tables made up have too many faults")


@PROPERTY
@given(MAKERS)
def test_csv_and_workbook_give_the_same_graph_or_a_finding_at_the_cell(maker: Maker) -> None:
    world = maker.world(ROWS)
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory() as folder:
            plain, book = (empty_workspace(Path(folder) / name) for name in ("plain", "book"))
            write_csv(world, plain, maker.chance)
            write_workbooks(world, book, maker.chance)
            (quads, faults), (of_book, told) = graph_of(plain), graph_of(book)
        if not faults | told:
            assert (quads - of_book, of_book - quads) == (set(), set())
            assert len(quads) > LEAST
            return
        world = mended(world, faults | told)
    pytest.fail("the tables made up have too many faults")
