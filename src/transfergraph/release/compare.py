"""The difference between any two releases or dumps, for readers and as a patch."""

from __future__ import annotations

import tempfile
from pathlib import Path

from transfergraph.release.changes import Changes, summarise
from transfergraph.release.difference import graph_lines, write_patch


def compare(old: Path, new: Path, output: Path | None = None) -> Changes:
    """Compare two releases or sorted dumps; with ``output``, leave the patch in that folder.

    Raises :class:`UsageError` for what is neither.
    """
    if output is not None:
        return summarise(write_patch(graph_lines(old), graph_lines(new), output), old, new)
    with tempfile.TemporaryDirectory(prefix="transfergraph-") as folder:
        return summarise(write_patch(graph_lines(old), graph_lines(new), Path(folder)), old, new)
