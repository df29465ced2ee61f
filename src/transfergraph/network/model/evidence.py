"""Why two partners are tied: undertakings, roles, periods and sources, and the cells that say so."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import networkx as nx
from pyoxigraph import NamedNode

from transfergraph.common.namespaces import DCT, TG
from transfergraph.common.text import Text
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.network.model.projection import Meeting, Share, meeting
from transfergraph.network.model.sentences import (
    amount_words,
    amounts_of,
    begin,
    join,
    name_of,
    period_words,
    say,
    whole_words,
)
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


_PREFIXES = f"PREFIX dcterms: <{DCT}>\nPREFIX tg: <{TG}>\n"


@dataclass(frozen=True, slots=True)
class Side:
    """How one organisation takes part: its roles and sources as IRIs, its period in EDTF or empty, the
    amounts in euro that are stated for it with their qualifiers, and the cells that say so (empty where the
    network was read without)."""

    organisation: str
    roles: tuple[str, ...]
    start: str
    end: str
    amounts: tuple[Share, ...]
    sources: tuple[str, ...]
    cells: tuple[ParticipationCell, ...]


@dataclass(frozen=True, slots=True)
class Shared:
    """One undertaking that two organisations share.

    ``start`` and ``end`` are those of the undertaking in EDTF, ``amounts`` and ``amount_basis`` what it
    gets as in :mod:`~transfergraph.network.model.network_graph`, ``counted`` whether it is small enough to
    tie them; ``meeting`` is what it adds to their tie.
    """

    undertaking: str
    start: str
    end: str
    amounts: tuple[Share, ...]
    amount_basis: str
    counted: bool
    meeting: Meeting
    a: Side
    b: Side


@dataclass(frozen=True, slots=True)
class TieEvidence:
    """All that two organisations share, by IRI of the undertaking; nothing when they share none."""

    a: str
    b: str
    shared: tuple[Shared, ...]


def evidence_of(network: nx.Graph, a: str, b: str, consortium_limit: int) -> TieEvidence:
    """The evidence for a tie in a network of partners and undertakings.

    Raises :class:`UsageError` when one of the two is no organisation of the network.
    """
    for one in (a, b):
        if one not in network or network.nodes[one]["bipartite"] != 0:
            raise UsageError(explained("error.network.organisation", one=one))
    both_in = (u for u in network[a] if u in network[b] and a != b)
    return TieEvidence(a, b, tuple(_shared(network, a, b, one, consortium_limit) for one in sorted(both_in)))


def _shared(network: nx.Graph, a: str, b: str, undertaking: str, limit: int) -> Shared:
    data = network.nodes[undertaking]
    added = meeting(network, a, b, undertaking)
    return Shared(
        undertaking,
        data["start"],
        data["end"],
        amounts_of(data),
        data["amount_basis"],
        added.size <= limit,
        added,
        _side(network, a, undertaking),
        _side(network, b, undertaking),
    )


def _side(network: nx.Graph, organisation: str, undertaking: str) -> Side:
    edge = network.edges[organisation, undertaking]
    return Side(
        organisation,
        tuple(edge["roles"]),
        edge["start"],
        edge["end"],
        amounts_of(edge),
        tuple(edge["sources"]),
        tuple(edge.get("cells", ())),
    )


def evidence_sentence(network: nx.Graph, evidence: TieEvidence) -> Text:
    """The evidence as one sentence."""
    return Text.made(lambda language: _sentence(network, evidence, language), network.graph["languages"])


def _sentence(network: nx.Graph, evidence: TieEvidence, language: str) -> str:
    a, b = (name_of(network, one, language) for one in (evidence.a, evidence.b))
    if not evidence.shared:
        return begin(say("network.evidence.none", language, a=a, b=b))
    shared = [describe_shared(network, one, language) for one in evidence.shared]
    count = len(shared)
    return begin(
        say("network.evidence.tie", language, a=a, b=b, count=count, undertakings=join(shared, language))
    )


def describe_shared(network: nx.Graph, shared: Shared, language: str) -> str:
    """A shared undertaking with the roles and shares of both, its period and its funding, in words."""
    parts = []
    for side in (shared.a, shared.b):
        name = name_of(network, side.organisation, language)
        roles = join([name_of(network, role, language) for role in side.roles], language)
        if roles:
            parts.append(say("network.evidence.as", language, organisation=name, role=roles))
        if side.amounts:
            amounts = amount_words(side.amounts, language)
            parts.append(say("network.evidence.share", language, organisation=name, amounts=amounts))
    period = period_words(shared.start, shared.end, language)
    if period:
        parts.append(period)
    if shared.amounts:
        parts.append(whole_words(shared.amounts, shared.amount_basis, language))
    if not shared.counted:
        parts.append(say("network.evidence.large", language, size=shared.meeting.size))
    name = name_of(network, shared.undertaking, language)
    return f"{name} ({'; '.join(parts)})" if parts else name


def evidence_query(pairs: Iterable[Sequence[str]]) -> str:
    """A SPARQL query for the evidence of these pairs: a row per undertaking, participation and source."""
    values = " ".join(f"({' '.join(str(NamedNode(one)) for one in pair)})" for pair in pairs)
    return (
        _PREFIXES
        + f"""
SELECT DISTINCT ?from ?to ?undertaking ?organisation ?role ?start ?end ?qualifier ?amount ?source
WHERE {{
  VALUES (?from ?to) {{ {values} }}
  ?first tg:participant ?from ; tg:participatesIn ?undertaking .
  ?second tg:participant ?to ; tg:participatesIn ?undertaking .
  ?participation tg:participatesIn ?undertaking ; tg:participant ?organisation .
  FILTER(?organisation = ?from || ?organisation = ?to)
  OPTIONAL {{ ?participation tg:role ?role }}
  OPTIONAL {{ ?participation tg:start ?start }}
  OPTIONAL {{ ?participation tg:end ?end }}
  OPTIONAL {{ ?participation tg:qualifier ?qualifier }}
  OPTIONAL {{ ?participation tg:amount ?amount }}
  OPTIONAL {{ ?participation dcterms:source ?source }}
}}
ORDER BY ?from ?to ?undertaking ?organisation ?role ?source
"""
    )
