"""The search files of a graph, then searches in them: ``python -m ... GRAPH.nt FOLDER BASE``.

Prints as JSON the CPU seconds of writing, the bytes written, and the milliseconds of CPU that each keystroke
took of 200 names typed letter by letter, and each of 200 names with an error of typing.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import time
from functools import partial
from pathlib import Path

from transfergraph.search import INDEX, SEARCH
from transfergraph.search.find import SearchIndex
from transfergraph.search.search_files import write_search
from transfergraph.web.addresses import local_path

_NAMES = 200
_TYPED = 18  # letters


def main(triples: Path, folder: Path, base: str) -> None:
    """Write, then search."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    begun = time.process_time()
    write_search(folder, triples, partial(local_path, base))
    cpu = time.process_time() - begun
    index = SearchIndex(folder / INDEX)
    names = _names(index, base)
    chosen = random.Random(1)
    texts = [chosen.choice(names) for _ in range(_NAMES)]
    keystrokes = [text[:end] for text in texts for end in range(1, min(len(text), _TYPED) + 1)]
    places = [chosen.randrange(1, max(2, min(len(text), 8))) for text in texts]
    errors = [
        f"{text[:at]}{chosen.choice('qxyz')}{text[at + 1 :]}" for text, at in zip(texts, places, strict=True)
    ]
    told = {
        "cpu": cpu,
        "bytes": sum(file.stat().st_size for file in (folder / SEARCH).iterdir()),
        "index": (folder / INDEX).stat().st_size,
        "keystrokes": [_milliseconds(index, text) for text in keystrokes],
        "errors": [_milliseconds(index, text) for text in errors],
    }
    print(json.dumps(told))


def _names(index: SearchIndex, base: str) -> list[str]:
    """Names of the graph: what single letters and digits find."""
    found = {
        hit.name
        for letter in "abcdefghijklmnopqrstuvwxyz0123456789"
        for second in ("", *"aeiou0123456789")
        for hit in index.search(letter + second, 100).hits
        if hit.iri.startswith(base)
    }
    return sorted(found)


def _milliseconds(index: SearchIndex, text: str) -> float:
    begun = time.thread_time()
    index.search(text)
    return (time.thread_time() - begun) * 1000


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
