"""Validation of the whole graph: shapes and checks, each finding led back to its cell."""

from __future__ import annotations

from collections.abc import Iterator

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import RDFS, SH

from transfergraph.errors import WorkspaceError
from transfergraph.findings import Finding, Text
from transfergraph.graph import Graph
from transfergraph.mapping.locate import Locator
from transfergraph.queries.named import Check, load_checks
from transfergraph.store import Store, Term
from transfergraph.tables.read import Tables
from transfergraph.workspace import Workspace
