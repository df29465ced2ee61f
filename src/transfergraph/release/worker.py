"""One piece of the writing of a large release, run as a process of its own.

``python -m transfergraph.release.worker store IN FOLDER`` makes the embedded store,
``python -m transfergraph.release.worker FORMAT IN OUT`` writes one dump.
"""

from __future__ import annotations

import sys
from pathlib import Path

from transfergraph.release.dumps import write_dump
from transfergraph.store.embedded import write_store


def main(what: str, quads: str, target: str) -> None:
    """Do the piece of work that the arguments name."""
    if what == "store":
        write_store(Path(quads), Path(target))
    else:
        write_dump(what, Path(quads), Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
