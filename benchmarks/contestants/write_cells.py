"""The rows of all stated triples as RDF 1.2, and their index: ``python -m ... WORKSPACE TARGET``.

The target is a folder, which becomes what a release has of them. Prints as JSON the CPU seconds of the
mapping, of the index and of the dump (written and read back), the bytes of the dump and of the same triples
without rows, and the microseconds in which all that is stated of a subject is led to its cells.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from pathlib import Path

from transfergraph.config.workspace import open_workspace
from transfergraph.mapping.published_rows import PublishedRows
from transfergraph.mapping.row_index import ROWS
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.mapping.write_row_index import write_row_index
from transfergraph.release.cells import stated_cells, write_cells
from transfergraph.release.dumps import write_dump, write_quads_dump
from transfergraph.release.workspace_files import copy_declarations, write_table_files
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect, read_tables

_LOOKED_UP = 5_000


def main(root: Path, target: Path) -> None:
    """Measure each step."""
    workspace = open_workspace(root)
    settings, described = workspace.settings, workspace.declarations.tables
    group = read_table_group(described, settings.base, settings.languages)
    (target / "data").mkdir(parents=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        scratch = Path(folder)
        with connect(scratch) as connection:
            tables, _ = read_tables(workspace, group, connection, scratch)
            begun = time.process_time()
            files = write_quads(tables, scratch)
            mapped = time.process_time()
            copy_declarations(workspace, target)
            write_table_files(tables, described, settings.languages, target / "data" / "tables")
            ready = time.process_time()
            write_row_index(tables, target)
            indexed = time.process_time()
            cells = stated_cells(tables, files, "release")
            write_cells(cells, target / "data" / "cells.nt.gz")
            done = time.process_time()
        plain = target / "plain.nq.gz"
        triples, _ = write_quads_dump(files, plain, target / "plain.nt")
        packed = target / "plain.nt.gz"
        write_dump("n-triples", target / "plain.nt", packed)
    told = {
        "triples": triples,
        "map": mapped - begun,
        "index": indexed - ready,
        "cells": done - indexed,
        "bytes": (target / "data" / "cells.nt.gz").stat().st_size,
        "plain": packed.stat().st_size,
        "microseconds": _lookup(target, settings.base),
    }
    print(json.dumps(told))


def _lookup(folder: Path, base: str) -> float:
    """CPU time for a subject, warm."""
    rows = PublishedRows(folder, base)
    lines = (folder / ROWS).read_text(encoding="utf-8").splitlines()[1:]
    chosen = random.Random(1).choices(lines, k=_LOOKED_UP)
    subjects = [name if "://" in name else base + name for name, *_ in (line.split("\t") for line in chosen)]
    rows.stated(subjects[0])
    begun = time.process_time()
    facts = sum(len(rows.stated(subject)) for subject in subjects)
    assert facts >= _LOOKED_UP
    return (time.process_time() - begun) / _LOOKED_UP * 1e6


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
