"""Tables to sorted N-Quads by transfergraph: ``python -m ... WORKSPACE TARGET``.

The target is a folder. Prints the names of the files in it, one after the other in order, and how long
reading and mapping took, as JSON.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path

from transfergraph.config.workspace import open_workspace
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect, read_tables


def main(root: Path, target: Path) -> None:
    """Read the tables and write the quads."""
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    target.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        start = time.perf_counter()
        with connect(Path(scratch)) as connection:
            tables, findings = read_tables(workspace, group, connection, Path(scratch))
            read = time.perf_counter()
            files = write_quads(tables, target)
        done = time.perf_counter()
    told = {
        "files": [file.name for file in files],
        "findings": len(findings),
        "read": read - start,
        "map": done - read,
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
