"""The lists of a graph, then pages of the longest of them: ``python -m ... GRAPH.nt FOLDER BASE``.

Prints as JSON the CPU seconds of writing, the bytes written, and the milliseconds of CPU that each page took:
without a choice, with one, and with two, drawn by chance from all values, each as likely as it is frequent.
A page is found and rendered; what was read of the tables is kept, as a worker does.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from datetime import date
from functools import partial
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.lists import LIST_INDEX, LISTS
from transfergraph.lists.find_in_list import FacetedList, ListIndex
from transfergraph.lists.list_files import write_lists
from transfergraph.lists.list_query import ListQuery
from transfergraph.vocabulary.presentation_reader import released_presentation
from transfergraph.web.addresses import Site, local_path
from transfergraph.web.list_page import AskedList, render_faceted_list

_PAGES = 100
_LANGUAGES = ("de", "en")


def main(triples: Path, folder: Path, base: str) -> None:
    """Write, then show pages."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    begun = time.process_time()
    write_lists(folder, triples, partial(local_path, base), _LANGUAGES)
    cpu = time.process_time() - begun
    index = ListIndex(folder / LIST_INDEX)
    listed = max(index.lists.values(), key=lambda one: one.count)
    site = _site(folder, base)
    chosen = random.Random(1)
    first = _milliseconds(listed, ListQuery(), site)
    told = {
        "cpu": cpu,
        "bytes": sum(file.stat().st_size for file in (folder / LISTS).iterdir()),
        "index": (folder / LIST_INDEX).stat().st_size,
        "list": f"{listed.key}, {listed.count} rows, {len(listed.facets)} facets",
        "first": first,
        **{
            str(choices): [
                _milliseconds(listed, _drawn(listed, choices, chosen), site) for _ in range(_PAGES)
            ]
            for choices in range(3)
        },
    }
    print(json.dumps(told))


def _drawn(listed: FacetedList, choices: int, chosen: random.Random) -> ListQuery:
    keys = chosen.sample(sorted(listed.facets), choices)
    values = {}
    for key in keys:
        known = listed.values(key)
        values[key] = tuple(chosen.choices(known.keys, [one.count for one in known.members]))
    return ListQuery(values, sort=chosen.choice(("name", "start")), page=chosen.choice((1, 1, 2)))


def _milliseconds(listed: FacetedList, query: ListQuery, site: Site) -> float:
    begun = time.thread_time()
    result = listed.find(query, _LANGUAGES[:1] * 2)
    render_faceted_list(AskedList(listed, query), result, site, _LANGUAGES[0])
    return (time.thread_time() - begun) * 1000


def _site(folder: Path, base: str) -> Site:
    return Site(
        title=Text.same("Bench"),
        description=Text.same("Bench"),
        base=base,
        url="http://localhost/",
        release="bench",
        issued=date(2026, 1, 1),
        licence="",
        citation=Text.same(""),
        publisher="",
        homepage="",
        languages=_LANGUAGES,
        presentation=released_presentation(folder),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
