"""Parts of the network: of some alliances or years, around a node, the core of one too large to draw."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.network.model.network_graph import Core, year
from transfergraph.network.model.node_classes import NodeClass, NodeClasses, gathers
from transfergraph.network.model.projection import alliances_of
from transfergraph.network.model.sentences import words_of
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string

View = Literal["undertakings", "partners"]
VIEWS: tuple[View, ...] = ("undertakings", "partners")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the network is wanted.

    ``alliances`` are keys, IRIs or names, none for all of them, and ``about`` is that of any node, region,
    programme or topic, empty for no such choice.
    """

    view: View = "undertakings"
    alliances: tuple[str, ...] = ()
    years: Years | None = None
    about: str = ""


def make_selection(
    view: str,
    alliances: str | Sequence[str] = (),
    years: str | int | Years | None = None,
    about: str = "",
) -> Selection:
    """A selection; years are ``"2018-2023"``, ``2020`` or a pair of first and last year.

    Raises :class:`UsageError` for an unknown view and for years that are none.
    """
    found = [one for one in VIEWS if one == view]
    if not found:
        raise UsageError(explained("error.network.view", view=view, views=", ".join(VIEWS)))
    several = (alliances,) if isinstance(alliances, str) else tuple(alliances)
    return Selection(found[0], several, None if years is None else _years(years), about)


def _years(given: str | int | Years) -> Years:
    if isinstance(given, tuple):
        first, last = given
    else:
        found = re.fullmatch(r"\s*([0-9]{4})(?:\s*[-–]\s*([0-9]{4}))?\s*", str(given))
        if found is None:
            raise UsageError(explained("error.network.years", given=str(given)))
        first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise UsageError(explained("error.network.years-backwards", first=first, last=last))
    return first, last


def find_alliance(network: nx.Graph, name: str, base: str) -> str:
    """The IRI of an alliance by its key, IRI or a name of it, in any case of letters.

    Raises :class:`UsageError` that names the alliances nearest to an unknown one.
    """
    by_name: dict[str, str] = {}
    for node, data in network.nodes(data=True):
        if gathers(network, node):
            key = node.removeprefix(base).rpartition("/")[2]
            labels = words_of(network, data).by_language(network.graph["languages"])
            for one in (node, key, *labels.values(), *data["alternative_labels"]):
                by_name.setdefault(one.casefold(), node)
    if name.casefold() in by_name:
        return by_name[name.casefold()]
    keys = sorted({node.rpartition("/")[2] for node in by_name.values()})
    near = difflib.get_close_matches(name.casefold(), keys, n=3, cutoff=0.4)
    if near:
        raise UsageError(explained("error.network.alliance-near", name=name, near=", ".join(near)))
    some = f"{', '.join(keys[:10])}{', ...' if len(keys) > 10 else ''}" if keys else "none"
    raise UsageError(explained("error.network.alliance", name=name, some=some))


Years = tuple[int, int]


def of_alliances(network: nx.Graph, alliances: Collection[str]) -> nx.Graph:
    """These alliances (IRIs) with all that is part of them and everybody who takes part."""
    inside = alliances_of(network)
    undertakings = {one for one, alliance in inside.items() if alliance in alliances}
    neighbours = {
        other
        for one in undertakings
        for other in network[one]
        if network.nodes[other]["bipartite"] == 0 or other in undertakings
    }
    return restricted(network, undertakings | neighbours)


def of_years(network: nx.Graph, years: Years) -> nx.Graph:
    """The undertakings that run, or may run, in these years, with those who take part in them then.

    A participation whose years are unknown stays. An undertaking is left out when
    its own period lies outside; an organisation goes when all of its participations have gone and stays
    when it never had one.
    """
    before = {node for node, kind in network.nodes(data="bipartite") if kind == 0 and network.degree(node)}
    outside = {
        node
        for node, data in network.nodes(data=True)
        if data["bipartite"] == 1 and not meets(year(data["start"]), year(data["end"]), years)
    }
    kept = restricted(network, set(network) - outside)
    kept.remove_edges_from(
        [
            (a, b)
            for a, b, data in kept.edges(data=True)
            if data["relation"] == "participation" and not meets(data["first_year"], data["last_year"], years)
        ]
    )
    kept.remove_nodes_from([node for node in before if node in kept and not kept.degree(node)])
    return kept


def meets(first: int | None, last: int | None, years: Years) -> bool:
    """Whether a period overlaps these years; an unknown end is open."""
    return (first is None or first <= years[1]) and (last is None or last >= years[0])


def ego(network: nx.Graph, node: str, depth: int, at_most: int | None = None) -> nx.Graph:
    """The network within ``depth`` steps of a node; of more than ``at_most`` nodes the nearest, of equally
    near ones those with most neighbours."""
    found, ring = [node], [node]
    seen = {node}
    for _ in range(depth):
        further = sorted(
            {other for one in ring for other in network[one]} - seen,
            key=lambda one: (-network.degree(one), one),
        )
        found += further
        seen.update(further)
        ring = further
    return restricted(network, set(found[:at_most]))


def restricted(network: nx.Graph, nodes: Collection[str]) -> nx.Graph:
    """The network among these nodes, in the order of the whole, which a subgraph view of networkx loses."""
    kept = set(nodes)
    part = nx.Graph(**network.graph)
    part.add_nodes_from((node, data) for node, data in network.nodes(data=True) if node in kept)
    part.add_edges_from((a, b, d) for a, b, d in network.edges(data=True) if a in kept and b in kept)
    return part


def find_core(
    tables: Tables, classes: NodeClasses, at_most: int, sources: Collection[str] = ()
) -> Core | None:
    """What gathers others and what these sources state, then organisations in most undertakings and
    undertakings with most of these.

    None when the whole network has no more nodes than ``at_most``; what the sources state is at most a half
    of that.
    """
    undertaking = _nodes(tables, classes.of_side(organisations=False))
    organisation = _nodes(tables, classes.of_side(organisations=True))
    iri = tables.group.table("participations").subject_sql
    participation = f"SELECT DISTINCT {iri} FROM participations"
    organisations, undertakings = _count(tables, organisation), _count(tables, undertaking)
    if organisations + undertakings <= at_most:
        return None
    involved = ", ".join(f"{_reference(tables, name)} AS {name}" for name in ("organisation", "undertaking"))
    tables.connection.execute(
        f"CREATE TEMP TABLE involvement AS SELECT DISTINCT {involved} FROM participations"
    )
    kept = _first(tables, f"{_nodes(tables, classes.centres)} ORDER BY 1", at_most // 4)
    if sources:
        stated = f"{_nodes(tables, classes.every, sources)} EXCEPT SELECT unnest(?) ORDER BY 1"
        kept += _first(tables, stated, at_most // 2 - len(kept), [kept])
    others = "NOT IN (SELECT unnest(?))"
    room = (at_most - len(kept)) // 2
    partners = _first(tables, _ranked("organisation", f"WHERE organisation {others}"), room, [kept])
    among = f"organisation IN (SELECT unnest(?)) AND undertaking {others}"
    rest = at_most - len(kept) - len(partners)
    members = _first(tables, _ranked("undertaking", f"WHERE {among}"), rest, [[*partners, *kept], kept])
    tables.connection.execute("DROP TABLE involvement")
    count = _count(tables, participation)
    return Core(frozenset((*kept, *partners, *members)), organisations, undertakings, count)


def _nodes(tables: Tables, classes: Iterable[NodeClass], sources: Collection[str] = ()) -> str:
    """A SELECT of the IRIs of the nodes of these classes, each once; of these sources, if some are named."""
    own = {one.iri for one in classes}
    described = [table for table in tables.group.tables if not own.isdisjoint(table.classes)]
    where = f" WHERE _source IN ({', '.join(map(sql_string, sources))})" if sources else ""
    selects = [f"SELECT {table.subject_sql} FROM {sql_name(table.name)}{where}" for table in described]
    return " UNION ".join(selects) or "SELECT NULL WHERE false"


def _reference(tables: Tables, name: str) -> str:
    """SQL for the IRI that a column of the participations refers to."""
    template = tables.group.table("participations").column(name).value
    assert template is not None
    return template.sql({name: sql_name(name)})


def _ranked(name: str, where: str = "") -> str:
    return f"SELECT {name} FROM involvement {where} GROUP BY {name} ORDER BY count(*) DESC, {name}"


def _first(tables: Tables, select: str, count: int, values: list[list[str]] | None = None) -> list[str]:
    rows = tables.connection.execute(f"{select} LIMIT {count}", values or []).fetchall()
    return [str(iri) for (iri,) in rows]


def _count(tables: Tables, select: str) -> int:
    row = tables.connection.execute(f"SELECT count(*) FROM ({select})").fetchone()
    return int(row[0]) if row else 0
