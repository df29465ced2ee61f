"""One table or more with a CSVW description, read as a workspace's are: its graph, or why there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from workspaces import TABLES, make_workspace

from transfergraph import Finding, Severity, WorkspaceError
from transfergraph.config.workspace import open_workspace
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import connect, read_tables

BASE = "https://example.org/base/"


@dataclass(frozen=True)
class Answer:
    """``graph`` is None where the description is ``refused`` or cells have faults; findings are of all severities."""

    graph: frozenset[ox.Triple] | None
    refused: str
    findings: tuple[Finding, ...]

    @property
    def told(self) -> set[str]:
        """The codes of all findings."""
        return {finding.code for finding in self.findings}


def answer(folder: Path, description: Any, tables: Mapping[str, str | bytes], base: str = BASE) -> Answer:
    """What our reader says of these CSV files, by name, with this description (as JSON, or its text)."""
    nothing = dict.fromkeys(TABLES)
    root = make_workspace(folder / "ws", **{**nothing, **tables})
    described = root / "tables.json"
    described.write_text(description if isinstance(description, str) else json.dumps(description), "utf-8")
    try:
        group = read_table_group([described], base)
        scratch = folder / "scratch"
        scratch.mkdir()
        workspace = open_workspace(root)
        loaded, found = read_tables(workspace, group, connect(scratch), scratch)
    except WorkspaceError as error:
        return Answer(None, str(error), ())
    found += list(check_tables(loaded, {}, workspace.settings.limits.cell_length, found))
    findings = tuple(finding for finding in found if finding.code != "table.unknown-file")
    if any(finding.severity is Severity.VIOLATION for finding in findings):
        return Answer(None, "", findings)
    lines = b"".join(file.read_bytes() for file in write_quads(loaded, scratch))
    quads = ox.parse(lines, format=ox.RdfFormat.N_QUADS)
    return Answer(frozenset(quad.triple for quad in quads), "", findings)
