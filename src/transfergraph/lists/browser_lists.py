"""The same lists for pages without a server: scripts, since pages that are files may load nothing else.

For each list ``KEY.js`` has what is known of its facets, and ``KEY-1.js`` and its like its entities, in the
order of their names in the first language. Each calls ``transfergraphList`` with the key, the number, and its
content.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from transfergraph.lists.graph_values import GraphValues
from transfergraph.lists.list_index_file import about, compact, written_amounts, written_cell
from transfergraph.lists.list_result import ON_PAGE
from transfergraph.lists.list_table import FacetTable, ListTable

IN_PART = 5000
"""Entities in one file."""


def write_browser_list(
    table: ListTable, graph: GraphValues, folder: Path, local: Callable[[str], str | None]
) -> None:
    """Write the scripts of a list into a folder."""
    places = [{value: number for number, value in enumerate(one.values)} for one in table.facets]
    parts = range(0, len(table.rows), IN_PART)
    for part, start in enumerate(parts, 1):
        rows = [
            [
                _address(table.rows[row], local),
                graph.name(table.rows[row]),
                *(written_cell(one, place, row) for one, place in zip(table.facets, places, strict=True)),
            ]
            for row in range(start, min(start + IN_PART, len(table.rows)))
        ]
        _write(folder, table.key, part, rows)
    described = about(table)
    for entry, one, place in zip(described["facets"], table.facets, places, strict=True):
        entry["values"] = [_value(one, value, place, graph, local) for value in one.values]
        entry["amounts"] = written_amounts(one)
    orders = {language: list(rows) for language, rows in table.name_orders.items()}
    _write(folder, table.key, 0, {**described, "parts": len(parts), "onPage": ON_PAGE, "orders": orders})


def _value(
    table: FacetTable,
    value: str,
    places: dict[str, int],
    graph: GraphValues,
    local: Callable[[str], str | None],
) -> list[Any]:
    """The key of a value; of a thing also its names, and the numbers of the values that it is part of."""
    if table.facet.kind != "thing":
        return [value]
    above = (places[one] for one in graph.with_wholes(value) if one != value)
    return [_address(value, local), graph.name(value), sorted(above)]


def _address(iri: str, local: Callable[[str], str | None]) -> str:
    """The path of a page of the site, else the IRI."""
    path = local(iri)
    return iri if path is None else path


def _write(folder: Path, key: str, number: int, content: object) -> None:
    written = compact(content).decode()
    for separator in "\u2028\u2029":
        written = written.replace(separator, f"\\u{ord(separator):04x}")
    name = f"{key}-{number}.js" if number else f"{key}.js"
    called = compact(key).decode()
    (folder / name).write_text(f"transfergraphList({called},{number},{written});\n", encoding="utf-8")
