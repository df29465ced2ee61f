"""The files of a release in which entities are found by name."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from transfergraph.search import INDEX, SEARCH
from transfergraph.search.browser_list import write_list
from transfergraph.search.index_file import system_errors, write_index
from transfergraph.search.name_list import read_names
from transfergraph.vocabulary.presentation_reader import released_presentation


def write_search(folder: Path, triples: Path, local: Callable[[str], str | None]) -> None:
    """Write them into the folder of a release that has its declarations already.

    ``triples`` are the sorted N-Triples of its graph; ``local`` tells the path of an entity below the start
    page, or that it has none.
    """
    (folder / SEARCH).mkdir()
    with system_errors(), _collector_paused():
        names = read_names(triples, local, released_presentation(folder))
        write_index(names, folder / INDEX)
        write_list(names, folder / SEARCH)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Let Python not look for garbage among millions of objects that are all needed: a fifth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
