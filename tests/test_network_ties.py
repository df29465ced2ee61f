"""The table of ties, computed by DuckDB."""

from __future__ import annotations

import random
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import duckdb
import pytest
from workspaces import declare

from transfergraph.config.declarations import CORE, declarations_in
from transfergraph.network.model.ties import dated_tables, ties_sql
from transfergraph.tables.csvw import read_table_group

Row = tuple[str, str, int, Decimal, int | None, int | None, str]

CORE_TABLES = declarations_in(CORE).tables
DATED = dated_tables(read_table_group(CORE_TABLES, "https://example.org/"))


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    for name in ("alliances", "projects", "labs", "organisations"):
        made.execute(f'CREATE TABLE {name} (id VARCHAR, "start" VARCHAR, "end" VARCHAR)')
    made.execute(
        "CREATE TABLE participations (undertaking VARCHAR, organisation VARCHAR, role VARCHAR, "
        '"start" VARCHAR, "end" VARCHAR)'
    )
    return made


def take_part(connection: duckdb.DuckDBPyConnection, *rows: tuple[str | None, ...]) -> None:
    padded = [(*row, *[None] * (5 - len(row))) for row in rows]
    connection.executemany("INSERT INTO participations VALUES (?, ?, ?, ?, ?)", padded)


def ties(connection: duckdb.DuckDBPyConnection, limit: int = 40) -> list[Row]:
    return connection.execute(ties_sql(limit, DATED)).fetchall()


def test_columns(connection: duckdb.DuckDBPyConnection) -> None:
    relation = connection.sql(ties_sql(40, DATED))
    assert relation.columns == [
        "organisation_a",
        "organisation_b",
        "shared",
        "newman",
        "first_year",
        "last_year",
        "evidence",
    ]
    assert relation.fetchall() == []


def test_shared_undertakings_and_their_weight(connection: duckdb.DuckDBPyConnection) -> None:
    take_part(connection, ("q", "a", "x"), ("q", "b", "x"), ("p", "b", "x"), ("p", "a", "x"), ("p", "c", "x"))
    assert ties(connection) == [
        ("a", "b", 2, Decimal("1.500000"), None, None, "p;q"),
        ("a", "c", 1, Decimal("0.500000"), None, None, "p"),
        ("b", "c", 1, Decimal("0.500000"), None, None, "p"),
    ]


def test_several_roles_count_once(connection: duckdb.DuckDBPyConnection) -> None:
    take_part(connection, ("p", "a", "coordinator"), ("p", "a", "partner"), ("p", "b", "partner"))
    assert ties(connection) == [("a", "b", 1, Decimal("1.000000"), None, None, "p")]


def test_large_consortia_and_single_partners_tie_nobody(connection: duckdb.DuckDBPyConnection) -> None:
    take_part(connection, ("p", "a"), ("p", "b"), ("p", "c"), ("q", "d"), ("r", "a"), ("r", "c"))
    assert [row[:2] for row in ties(connection, limit=2)] == [("a", "c")]


def test_years_come_from_the_participation_or_else_from_the_undertaking(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    connection.execute("INSERT INTO projects VALUES ('p', '2019-10', '2022-09-30'), ('q', '2015', NULL)")
    take_part(
        connection,
        ("p", "a", "x", "2020", None),
        ("p", "b", "x", None, "2021-12"),
        ("q", "a", "x"),
        ("q", "c", "x"),
        ("r", "a", "x", "2001", "2002"),
        ("r", "d", "x"),
    )
    assert [(b, first, last) for _, b, _, _, first, last, _ in ties(connection)] == [
        ("b", 2020, 2021),
        ("c", 2015, None),
        ("d", None, None),
    ]


def test_the_period_of_an_undertaking_of_a_class_of_its_own_counts(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    assert [one.name for one in DATED] == ["alliances", "projects"]
    columns = ",".join(f'{{"name": "{name}", "suppressOutput": true}}' for name in ("key", "start", "end"))
    own = declare(
        tmp_path,
        "tables.json",
        f"""{{"tables": [{{"url": "hubs.csv", "tableSchema": {{"aboutUrl": "undertaking/{{key}}", "primaryKey": "key",
        "columns": [{columns}, {{"name": "type", "virtual": true,
        "propertyUrl": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "valueUrl": "https://example.org/Hub"}}]}}}}]}}""",
    )
    dated = dated_tables(read_table_group([*CORE_TABLES, own], "https://example.org/"))
    connection.execute('CREATE TABLE hubs ("key" VARCHAR, "start" VARCHAR, "end" VARCHAR)')
    connection.execute("INSERT INTO hubs VALUES ('h', '2019', '2021')")
    take_part(connection, ("h", "a", "x"), ("h", "b", "x"))
    (found,) = connection.execute(ties_sql(40, dated)).fetchall()
    assert found[4:6] == (2019, 2021)
    (without,) = connection.execute(ties_sql(40, ())).fetchall()
    assert without[4:6] == (None, None)


def test_partners_who_never_met_have_no_years(connection: duckdb.DuckDBPyConnection) -> None:
    take_part(connection, ("p", "a", "x", "2001", "2003"), ("p", "b", "x", "2010", "2012"))
    assert ties(connection) == [("a", "b", 1, Decimal("1.000000"), None, None, "p")]


def test_order_is_by_code_point(connection: duckdb.DuckDBPyConnection) -> None:
    take_part(connection, *[("p", key) for key in ("ä", "z", "Z", "a")])
    assert [row[:2] for row in ties(connection)] == [
        ("Z", "a"),
        ("Z", "z"),
        ("Z", "ä"),
        ("a", "z"),
        ("a", "ä"),
        ("z", "ä"),
    ]


def test_a_random_network_against_plain_python_and_whatever_the_threads(
    connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    chance = random.Random(7)
    members = {
        f"u{i:03}": {f"o{chance.randrange(60):02}" for _ in range(chance.randint(1, 9))} for i in range(300)
    }
    take_part(connection, *[(one, member, "x") for one, all_ in members.items() for member in sorted(all_)])
    expected: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in sorted(members):
        if len(members[one]) <= 6:
            for pair in combinations(sorted(members[one]), 2):
                expected[pair].append(one)
    found = ties(connection, limit=6)
    assert [(a, b, evidence.split(";")) for a, b, _, _, _, _, evidence in found] == [
        (a, b, evidence) for (a, b), evidence in sorted(expected.items())
    ]
    for _, _, shared, newman, _, _, evidence in found:
        weight = sum(Fraction(1, len(members[one]) - 1) for one in evidence.split(";"))
        assert shared == len(evidence.split(";"))
        assert abs(Fraction(newman) - weight) <= Fraction(1, 10**6)
    written = []
    for threads in (1, 4):
        connection.execute(f"SET threads = {threads}")
        path = tmp_path / f"ties-{threads}.csv"
        connection.execute(f"COPY ({ties_sql(6, DATED)}) TO '{path}' (FORMAT csv, HEADER true)")
        written.append(path.read_bytes())
    assert written[0] == written[1]
