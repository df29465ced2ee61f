"""Validation of the whole graph: shapes and checks, each finding led back to its cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from transfergraph.findings import Finding
from transfergraph.graph import Graph
from transfergraph.mapping.locate import Locator
from transfergraph.queries import load_checks, run_check
from transfergraph.tables.read import Tables
from transfergraph.workspace import Workspace


def validate(graph: Graph, workspace: Workspace, tables: Tables) -> Iterator[Finding]:
    """All findings of the shapes in ``ontology/shapes.ttl`` and of the checks in ``queries/checks``."""
    locator = Locator(tables)
    for check in load_checks(workspace.queries / "checks"):
        for finding in run_check(graph.store, check):
            place = locator.locate(finding.focus, finding.path) if finding.focus else finding.place
            yield replace(finding, place=place)
