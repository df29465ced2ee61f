"""The difference of two dumps: ``python -m ... OLD NEW PATCH``.

The same as ``transfergraph diff OLD NEW --output PATCH``; prints the numbers of triples as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transfergraph.release.changes.patch import compare
from transfergraph.release.changes.reader_note import reader_note


def main(old: Path, new: Path, patch: Path) -> None:
    """Compare, write the patch and tell it."""
    changes = compare(old, new, patch)
    told = {"added": changes.added, "removed": changes.removed, "note": len(reader_note(changes, "en"))}
    print(json.dumps(told))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
