"""In which cell of the input each participation stands."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Container, Mapping
from pathlib import Path
from typing import NamedTuple

import networkx as nx

from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_string

CELLS = "data/cells.csv"
"""The file of a release: ``participation`` (IRI below the base), ``file``, ``sheet`` and ``row``."""


class ParticipationCell(NamedTuple):
    """A row of the input as the curator sees it: the header is row 1, ``sheet`` is empty in a CSV file."""

    file: str
    sheet: str
    row: int


def cells_sql(tables: Tables) -> str:
    """The SELECT statement for the rows of :data:`CELLS`, in the order of the input."""
    iri = tables.group.table("participations").subject_sql
    start = len(tables.group.base) + 1
    selects = []
    for source in tables.sources:
        origin = tables.origins[source.name, "participations"]
        selects.append(
            f"SELECT {sql_string(source.name)} AS source, substr({iri}, {start}) AS participation, "
            f'{sql_string(origin.file)} AS file, {sql_string(origin.sheet or "")} AS sheet, _row AS "row" '
            f"FROM {tables.name(source.name, 'participations')}"
        )
    united = " UNION ALL ".join(selects)
    return f'SELECT participation, file, sheet, "row" FROM ({united}) ORDER BY source, "row"'


def read_cells(file: Path, base: str, wanted: Container[str]) -> dict[str, list[ParticipationCell]]:
    """The cells of these participations (IRIs) as a release keeps them; none when it keeps none."""
    found: defaultdict[str, list[ParticipationCell]] = defaultdict(list)
    if file.is_file():
        with file.open(encoding="utf-8", newline="") as stream:
            for participation, *place in csv.reader(stream):
                if base + participation in wanted:
                    found[base + participation].append(ParticipationCell(place[0], place[1], int(place[2])))
    return dict(found)


def add_cells(network: nx.Graph, file: Path, base: str) -> None:
    """Give each participation of the network ``cells``, a list of (file, sheet, row)."""
    participations = {
        one: data
        for _, _, data in network.edges(data=True)
        if data["relation"] == "participation"
        for one in data["participations"]
    }
    found: Mapping[str, list[ParticipationCell]] = read_cells(file, base, participations)
    for data in participations.values():
        data["cells"] = [cell for one in data["participations"] for cell in found.get(one, ())]
