"""The mapping of ``tables.json`` said once more in RML, for engines that read that.

RML (the language of 2014, namespace ``semweb.mmlab.be/ns/rml``) cannot split a cell before it goes into a
template. So the cells with several values are split beforehand into a file of their own with one value per
row, ``<table>.<column>.csv``, and the engine is spared that work.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from transfergraph.common.namespaces import XSD, source_graph
from transfergraph.tables.csvw import Column, Table, TableGroup

_PREFIXES = """\
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
"""


def write_rml(group: TableGroup, source: Path, folder: Path) -> Path:
    """Write ``mapping.ttl`` and the split columns into ``folder`` for the tables in the folder ``source``."""
    graph = source_graph(group.base, source.name)
    maps = [_PREFIXES]
    for table in group.tables:
        file = source / f"{table.name}.csv"
        plain = [c for c in table.columns if c.property is not None and c.separator is None]
        maps.append(_triples_map(table, table.name, file, plain, graph))
        for column in table.columns:
            if column.separator is not None:
                split = folder / f"{table.name}.{column.name}.csv"
                _split(table, column, file, split)
                maps.append(_triples_map(table, f"{table.name}-{column.name}", split, [column], graph))
    target = folder / "mapping.ttl"
    target.write_text("\n".join(maps), encoding="utf-8")
    return target


def _split(table: Table, column: Column, file: Path, target: Path) -> None:
    keys = table.about.variables
    with (
        file.open(encoding="utf-8", newline="") as rows,
        target.open("w", encoding="utf-8", newline="") as out,
    ):
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*keys, column.name])
        for row in csv.DictReader(rows):
            items = row[column.name].split(column.separator)
            writer.writerows([*(row[key] for key in keys), item] for item in items if item)


def _triples_map(table: Table, name: str, file: Path, columns: Iterable[Column], graph: str) -> str:
    objects = "".join(f" ;\n    {_predicate_object(column)}" for column in columns)
    return (
        f"<#{name}> a rr:TriplesMap ;\n"
        f'    rml:logicalSource [ rml:source "{file}" ; rml:referenceFormulation ql:CSV ] ;\n'
        f'    rr:subjectMap [ rr:template "{table.about.text}" ; rr:graph <{graph}> ]{objects} .\n'
    )


def _predicate_object(column: Column) -> str:
    if column.virtual:
        value = f"rr:constant <{column.value.text if column.value else ''}>"
    elif column.value is None:
        value = f'rml:reference "{column.name}"{_typing(column)}'
    elif column.value.text == f"{{+{column.name}}}":
        value = f'rml:reference "{column.name}" ; rr:termType rr:IRI'
    else:
        value = f'rr:template "{column.value.text}"'
    return f"rr:predicateObjectMap [ rr:predicate <{column.property}> ; rr:objectMap [ {value} ] ]"


def _typing(column: Column) -> str:
    if column.language is not None:
        return f' ; rr:language "{column.language}"'
    return "" if column.datatype == XSD + "string" else f" ; rr:datatype <{column.datatype}>"
