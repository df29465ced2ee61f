"""What is part of something, over any number of steps: no cycles, and no deeper than any list of parts is.

The bound on the depth is what keeps every query over such paths linear in the number of records.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import networkx as nx

from transfergraph.findings import Finding, Place
from transfergraph.tables.check_cells import item_sql
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables

DEEPEST = 100
"""Steps from a part to its outermost whole."""

_TOLD = 20  # cells of one cycle
_SHOWN = 10  # keys of a chain


class _Cell(NamedTuple):
    """Where a part names its whole."""

    source: str
    table: str
    row: int
    column: str

    def place(self, tables: Tables) -> Place:
        return tables.place(self.source, self.table, self.row, self.column)


_Edges = Mapping[tuple[str, str], _Cell]


def check_nesting(tables: Tables) -> Iterator[Finding]:
    """Cycles within each source, and what all sources together nest too deeply."""
    for shape in sorted({table.about.shape for table in tables.group.tables}):
        own = [
            (table, column)
            for table in tables.group.tables
            if table.about.shape == shape
            for column in table.file_columns
            if column.value is not None and column.value.shape == shape
        ]
        for name in sorted({column.name for _, column in own}):
            columns = [pair for pair in own if pair[1].name == name]
            every: dict[tuple[str, str], _Cell] = {}
            for source in tables.sources:
                edges = _edges(tables, source.name, columns)
                yield from _cycles(tables, edges)
                every = edges | every
            yield from _too_deep(tables, every)


def _edges(tables: Tables, source: str, columns: list[tuple[Table, Column]]) -> dict[tuple[str, str], _Cell]:
    """The cells by part and whole."""
    edges: dict[tuple[str, str], _Cell] = {}
    for table, column in columns:
        key = table.key_sql
        found = tables.connection.execute(
            f"SELECT {key}, item, r._row FROM ({item_sql(tables, source, table, column)}) AS r "
            f"JOIN {tables.name(source, table.name)} USING (_row) WHERE {key} IS NOT NULL"
        ).fetchall()
        edges |= {(part, whole): _Cell(source, table.name, row, column.name) for part, whole, row in found}
    return edges


def _cycles(tables: Tables, edges: _Edges) -> Iterator[Finding]:
    graph = nx.DiGraph(sorted(edges))
    for component in nx.strongly_connected_components(graph):
        inner = graph.subgraph(component)
        within = sorted(inner.edges)
        if not within:
            continue
        walk = nx.find_cycle(inner, min(component))
        chain = _chain([walk[0][0], *(edge[1] for edge in walk)])
        cells = sorted((edges[edge], edge) for edge in within)
        cell, (part, whole) = cells[0]
        rows = [f"{one.table} {one.row}" for one, _ in cells[:_TOLD]]
        place = cell.place(tables)
        yield fault("table.cycle", place, whole, key=part, column=cell.column, chain=chain, rows=rows)


def _too_deep(tables: Tables, edges: _Edges) -> Iterator[Finding]:
    """One finding for all that is too deep, at the first cell of the longest chain that is."""
    wholes: dict[str, list[str]] = {}
    parts: dict[str, list[str]] = {}
    for part, whole in edges:
        wholes.setdefault(part, []).append(whole)
        parts.setdefault(whole, []).append(part)
    depths = {key: 0 for key in parts if key not in wholes}
    left = {part: len(above) for part, above in wholes.items()}
    ready = deque(sorted(depths))
    while ready:  # what lies on a cycle, or below one, is never ready
        whole = ready.popleft()
        for part in parts.get(whole, ()):
            depths[part] = max(depths.get(part, 0), depths[whole] + 1)
            left[part] -= 1
            if not left[part]:
                ready.append(part)
    deep = [key for key, depth in depths.items() if depth > DEEPEST and not left[key]]
    if not deep:
        return
    chain = [max(sorted(deep), key=depths.__getitem__)]
    while above := wholes.get(chain[-1]):
        chain.append(max(above, key=lambda key: depths.get(key, -1)))
    cell = edges[chain[0], chain[1]]
    values: dict[str, Any] = {"key": chain[0], "steps": depths[chain[0]], "most": DEEPEST, "count": len(deep)}
    yield fault(
        "table.too-deep", cell.place(tables), chain[1], column=cell.column, chain=_chain(chain), **values
    )


def _chain(keys: list[str]) -> str:
    shown = keys if len(keys) <= _SHOWN else [*keys[: _SHOWN - 1], "…", keys[-1]]
    return " → ".join(shown)
