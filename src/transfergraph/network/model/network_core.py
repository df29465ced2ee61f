"""The core of a network that is too large to be drawn, chosen from the tables."""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.common.namespaces import TG
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name

_UNDERTAKINGS = ("Alliance", "Project", "Lab")


@dataclass(frozen=True, slots=True)
class Core:
    """The nodes to draw, by their IRIs, and how many organisations, undertakings and participations the
    whole network has."""

    nodes: frozenset[str]
    organisations: int
    undertakings: int
    participations: int


def find_core(tables: Tables, at_most: int) -> Core | None:
    """The alliances, then the organisations that take part in most and the undertakings with most of them.

    None when the whole network has no more nodes than ``at_most``.
    """
    alliance = _nodes(tables, "Alliance")
    undertaking = " UNION ".join(_nodes(tables, name) for name in _UNDERTAKINGS)
    organisation = _nodes(tables, "Organisation")
    iri = tables.group.table("participations").subject_sql
    participation = f"SELECT DISTINCT {iri} FROM participations"
    organisations, undertakings = _count(tables, organisation), _count(tables, undertaking)
    if organisations + undertakings <= at_most:
        return None
    involved = ", ".join(f"{_reference(tables, name)} AS {name}" for name in ("organisation", "undertaking"))
    tables.connection.execute(
        f"CREATE TEMP TABLE involvement AS SELECT DISTINCT {involved} FROM participations"
    )
    kept = _first(tables, f"{alliance} ORDER BY 1", at_most // 4)
    partners = _first(tables, _ranked("organisation"), (at_most - len(kept)) // 2)
    among = "organisation IN (SELECT unnest(?)) AND undertaking NOT IN (SELECT unnest(?))"
    rest = at_most - len(kept) - len(partners)
    members = _first(tables, _ranked("undertaking", f"WHERE {among}"), rest, [partners, kept])
    tables.connection.execute("DROP TABLE involvement")
    count = _count(tables, participation)
    return Core(frozenset((*kept, *partners, *members)), organisations, undertakings, count)


def _nodes(tables: Tables, name: str) -> str:
    """A SELECT of the IRIs of the nodes of a class, each once."""
    described = [table for table in tables.group.tables if TG + name in table.classes]
    return " UNION ".join(f"SELECT {table.subject_sql} FROM {sql_name(table.name)}" for table in described)


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
