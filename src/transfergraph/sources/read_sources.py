"""The tables of all sources of a workspace: those that are kept as tables, and those that SQL derives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from transfergraph.config.workspace import Source, Workspace
from transfergraph.findings import Finding
from transfergraph.sources.derivation import derive_source
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.load import Tables, read_tables
from transfergraph.tables.row_origins import DerivedTable


def read_sources(
    workspace: Workspace, group: TableGroup, connection: duckdb.DuckDBPyConnection, scratch: Path
) -> tuple[Tables, list[Finding]]:
    """Read the tables of every source, and derive those of raw files; ``scratch`` is for intermediate files.

    Raises :class:`WorkspaceError` for raw files that are missing, and for SQL that fails.
    """

    def derive(source: Source) -> tuple[Sequence[DerivedTable], Sequence[Finding]]:
        derived = derive_source(workspace, source, group, scratch)
        return derived.tables, derived.findings

    return read_tables(workspace, group, connection, scratch, derive)
