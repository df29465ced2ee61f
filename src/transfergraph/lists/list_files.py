"""The files of a release from which its lists are shown."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from pathlib import Path

from transfergraph.lists import LIST_INDEX, LISTS
from transfergraph.lists.browser_lists import write_browser_list
from transfergraph.lists.graph_values import StatedGraphs, read_values
from transfergraph.lists.list_index_file import IndexWriter
from transfergraph.lists.make_list import make_list
from transfergraph.search.index_file import system_errors
from transfergraph.vocabulary.presentation_reader import released_presentation


def write_lists(
    folder: Path,
    triples: Path,
    local: Callable[[str], str | None],
    languages: Sequence[str],
    stated: StatedGraphs | None = None,
) -> None:
    """Write them into the folder of a release that has its declarations already.

    ``triples`` are the sorted N-Triples of its graph; ``local`` tells the path of an entity below the start
    page, or that it has none; ``languages`` are those of the content; ``stated`` is known of several sources.
    """
    (folder / LISTS).mkdir()
    shown = released_presentation(folder)
    was_enabled = gc.isenabled()
    gc.disable()  # it would look through millions of objects that are all needed
    try:
        graph = read_values(triples, shown, stated)
        with system_errors(), IndexWriter(folder / LIST_INDEX, graph) as index:
            for key in shown.lists:
                table = make_list(key, graph, shown, languages)
                index.add(table)
                write_browser_list(table, graph, folder / LISTS, local)
    finally:
        if was_enabled:
            gc.enable()
