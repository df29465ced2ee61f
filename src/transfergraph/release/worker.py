"""One piece of the writing of a large release, run as a process of its own.

``python -m transfergraph.release.worker load FOLDER IN...`` puts quads into the embedded store,
``python -m transfergraph.release.worker store FOLDER IN...`` the last ones,
``python -m transfergraph.release.worker n-quads OUT TRIPLES IN...`` unites sorted quads and says how many,
``python -m transfergraph.release.worker FORMAT TRIPLES OUT`` writes one of the other dumps.
"""

from __future__ import annotations

import sys
from pathlib import Path

from transfergraph.release.dumps import write_dump, write_quads_dump
from transfergraph.store.embedded import write_store


def main(what: str, *names: str) -> None:
    """Do the piece of work that the arguments name."""
    first, second, *others = map(Path, names)
    match what:
        case "load":
            write_store(first, second, *others, complete=False)
        case "store":
            write_store(first, second, *others)
        case "n-quads":
            sys.stdout.write(str(write_quads_dump(others, first, second)))
        case _:
            write_dump(what, first, second)


if __name__ == "__main__":
    main(*sys.argv[1:])
