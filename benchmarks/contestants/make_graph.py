"""The graph that both validators get: ``python -m ... WORKSPACE FOLDER``.

Writes ``graph.nq`` (stated, vocabulary and derived, sorted) and the same as ``graph.nt``, and prints the
number of quads as JSON. Not itself a contestant.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transfergraph.common.nquads import merge_sorted
from transfergraph.config.workspace import open_workspace
from transfergraph.derive import derive, load, map_tables
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect, read_tables
from transfergraph.vocabulary.term_lists import read_vocabulary


def main(root: Path, folder: Path) -> None:
    """Read, map and derive."""
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    with connect(folder) as connection:
        tables, _ = read_tables(workspace, group, connection, folder)
        graph = map_tables(tables, read_vocabulary(workspace), folder)
        load(graph, workspace)
        derive(graph, workspace)
    with (folder / "graph.nq").open("wb") as out:
        quads, _ = merge_sorted(graph.files, out, folder / "graph.nt")
    print(json.dumps({"quads": quads}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
