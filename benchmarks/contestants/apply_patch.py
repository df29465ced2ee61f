"""A new dump out of an old one and a patch: ``python -m ... PATCH DUMP TARGET``.

The same as ``transfergraph apply``; prints the number of triples as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transfergraph.release.changes.patch import apply


def main(patch: Path, dump: Path, target: Path) -> None:
    """Apply the patch."""
    print(json.dumps({"triples": apply(patch, dump, target).triples}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
