"""The tables of a workspace, read and checked as a build does, without what comes after."""

from __future__ import annotations

from pathlib import Path

from transfergraph import Finding
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect, read_tables
from transfergraph.vocabulary.term_lists import read_vocabulary


def load(root: Path, scratch: Path) -> tuple[Tables, list[Finding]]:
    """The tables and what is found in them; ``scratch`` is a folder that is not there yet."""
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    scratch.mkdir()
    tables, findings = read_tables(workspace, group, connect(scratch), scratch)
    concepts = read_vocabulary(workspace).concepts
    return tables, findings + list(
        check_tables(tables, concepts, workspace.settings.limits.cell_length, findings)
    )


def check(root: Path) -> list[Finding]:
    """What is found in the tables."""
    return load(root, root / "scratch")[1]
