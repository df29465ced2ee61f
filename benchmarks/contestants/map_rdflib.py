"""Tables to N-Triples by a loop over rows into an rdflib graph: ``python -m ... WORKSPACE TARGET``.

It is what a careful programmer writes by hand: whatever does not depend on the row is made before the
loop. The order of its lines is not defined. Prints the number of triples, as JSON.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from transfergraph.common.namespaces import XSD
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.csvw import Column, Table, read_table_group


def main(root: Path, target: Path) -> None:
    """Read all tables into one graph and serialise it."""
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    graph = Graph()
    for source in workspace.sources:
        for table in group.tables:
            _add(graph, table, source.folder / f"{table.name}.csv")
    graph.serialize(target, format="nt", encoding="utf-8")
    print(json.dumps({"quads": len(graph)}))


def _add(graph: Graph, table: Table, file: Path) -> None:
    before, *between = [part for part in table.about.parts if isinstance(part, str)]
    keys = table.about.variables
    columns = [
        (column.name, URIRef(column.property), column.separator, _maker(column))
        for column in table.file_columns
        if column.property is not None
    ]
    constants = [
        (URIRef(column.property or ""), URIRef(column.value.text))
        for column in table.columns
        if column.virtual and column.value is not None
    ]
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            tail = "".join(
                quote(row[key], safe="~") + rest for key, rest in zip(keys, [*between, ""], strict=True)
            )
            subject = URIRef(before + tail)
            for predicate, constant in constants:
                graph.add((subject, predicate, constant))
            for name, predicate, separator, make in columns:
                cell = row[name]
                if cell and separator:
                    for item in cell.split(separator):
                        graph.add((subject, predicate, make(item)))
                elif cell:
                    graph.add((subject, predicate, make(cell)))


def _maker(column: Column) -> Callable[[str], Node]:
    """What makes a term of a cell."""
    if column.value is not None:
        before = column.value.parts[0]
        if isinstance(before, str):
            return lambda cell: URIRef(before + quote(cell, safe="~"))
        return URIRef
    if column.language is not None:
        return lambda cell: Literal(cell, lang=column.language)
    if column.datatype == XSD + "string":
        return Literal
    datatype = URIRef(column.datatype)
    return lambda cell: Literal(cell, datatype=datatype, normalize=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
