"""The tables of a workspace as they are, whatever faults they have, for what is about tables alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from transfergraph.common.files import ScratchFolder
from transfergraph.config.workspace import Workspace, open_workspace
from transfergraph.findings import Finding
from transfergraph.tables.column_guide import TableGuide, guide_of
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect, read_tables
from transfergraph.tables.own_terms import Concepts
from transfergraph.vocabulary.term_lists import read_vocabulary


@dataclass(frozen=True, slots=True)
class OpenedTables:
    """The tables with what reading them has found, and the terms of the vocabulary."""

    workspace: Workspace
    tables: Tables
    concepts: Concepts
    findings: tuple[Finding, ...]


@contextmanager
def opened_tables(root: Path) -> Iterator[OpenedTables]:
    """Read the tables that are kept by hand; scratch files lie where ``TMPDIR`` says.

    Of sources with raw files nothing is read: nobody edits what SQL derives. Raises :class:`WorkspaceError`.
    """
    workspace = open_workspace(root)
    by_hand = tuple(source for source in workspace.sources if not source.raw)
    workspace = replace(workspace, sources=by_hand or workspace.sources)
    group = read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )
    concepts = read_vocabulary(workspace).concepts
    with ScratchFolder() as folder, closing(connect(Path(folder))) as connection:
        tables, findings = read_tables(workspace, group, connection, Path(folder))
        yield OpenedTables(workspace, tables, concepts, tuple(findings))


def columns(root: Path) -> tuple[TableGuide, ...]:
    """The tables that a workspace may have, each with its columns and what they take."""
    with opened_tables(root) as opened:
        return guide_of(opened.tables, opened.concepts)
