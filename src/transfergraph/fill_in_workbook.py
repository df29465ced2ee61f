"""A workbook to fill in: the tables of a workspace with what each column takes."""

from __future__ import annotations

from pathlib import Path

from transfergraph.common.files import replace_file
from transfergraph.config.workspace import Workspace
from transfergraph.errors import UsageError
from transfergraph.findings import Finding
from transfergraph.messages import FALLBACK, explained
from transfergraph.read_workspace import opened_tables
from transfergraph.tables.column_guide import guide_of
from transfergraph.tables.csv_reader import Sheet
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.source_files import sheets_of
from transfergraph.tables.template_workbook import Rows, template_bytes


def template(
    root: Path, target: Path, filled: bool = False, source: str | None = None, language: str = FALLBACK
) -> Path:
    """Write a workbook with a sheet for each table to a new file that ends with ``.xlsx``; returns it.

    ``filled`` with the rows of the workspace, where there are several sources with those of one ``source``.
    Raises :class:`UsageError` for a target that is there or cannot be written, and for an unknown source.
    """
    if target.suffix.lower() != ".xlsx":
        raise UsageError(explained("error.template.ending", target=target))
    if target.exists():
        raise UsageError(explained("error.template.exists", target=target))
    with opened_tables(root) as opened:
        rows = _rows(opened.workspace, opened.tables.group, source) if filled else {}
        content = template_bytes(guide_of(opened.tables, opened.concepts), rows, language)
    try:
        with replace_file(target) as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(explained("error.unwritable", file=target, error=error.strerror)) from error
    return target


def _rows(workspace: Workspace, group: TableGroup, chosen: str | None) -> dict[str, Rows]:
    names = [source.name for source in workspace.sources]
    if chosen is None and len(names) > 1:
        raise UsageError(explained("error.template.source", names=", ".join(names)))
    if chosen is not None and chosen not in names:
        raise UsageError(explained("error.template.no-source", chosen=chosen, names=", ".join(names)))
    source = next(one for one in workspace.sources if chosen in (None, one.name))
    found: dict[str, Rows] = {}
    for sheet in sheets_of(workspace, source, group):
        if isinstance(sheet, Sheet):
            rows = (row for row in sheet.rows() if not isinstance(row, Finding))
            found.setdefault(sheet.table, [sheet.header, *(tuple(cells) for _, cells in rows if any(cells))])
    return found
