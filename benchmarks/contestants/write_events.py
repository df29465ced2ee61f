"""The stream of events of a first release: ``python -m ... GRAPH FOLDER``.

Writes an activity for each entity of a graph in sorted N-Triples; prints the number of pages as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transfergraph.release.changes.difference import subject_changes
from transfergraph.release.changes.ldes import EventWriter, LdesStream, write_root
from transfergraph.release.sorted_ntriples import SortedGraph


def main(graph: Path, folder: Path) -> None:
    """Write pages and root."""
    folder.mkdir(exist_ok=True)
    stream = LdesStream("https://example.org/cooperation/feed", "feed", {"de": "Änderungen", "en": "Changes"})
    events = EventWriter(folder, stream, "1", "2026-11-24T00:00:00Z")
    for change in subject_changes((), SortedGraph(graph)):
        events.add(change)
    pages = events.finish()
    write_root(folder, stream, pages)
    print(json.dumps({"pages": len(pages)}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
