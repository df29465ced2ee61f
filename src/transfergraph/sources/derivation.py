"""The canonical tables of a source by its SQL, over its raw tables, in a database of their own.

That database has no access to files but those of its scratch folder, and none to the network: the SQL of a
source sees the raw tables and nothing else. It has one function more than DuckDB: ``place_key(region, town)``
is one key for a town however it is spelled, so that the same town of two sources is one place.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from transfergraph.common.processes import ProcessCall
from transfergraph.config.raw_files import RawTable
from transfergraph.config.workspace import Source, Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import explained
from transfergraph.sources.archive_members import ArchiveLimits, matches
from transfergraph.sources.raw_cache import differing
from transfergraph.sources.raw_reading import ORIGIN, RawShare, RawTask, read_share, told_of
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.row_origins import DerivedTable
from transfergraph.tables.uri_template import sql_name, sql_string

UNFIT = "unfit"
"""The SQL file for rows that fit no rule: ``rule``, ``_file``, ``_row``, ``column`` and ``value``."""

_PROCESSES = 2  # that read raw files at once
_FEW = 4 << 20  # bytes of raw files for which one process is enough
_TOLD = 20  # rows of one rule
_ROW_BYTES = 16 << 20  # of one row of a raw table
_PLACE_KEY = """
CREATE MACRO place_key(region, town) AS region || '-' || trim(regexp_replace(
    CASE WHEN regexp_matches(region, '^(DE|AT|CH|LI)')
        THEN regexp_replace(strip_accents(replace(lower(town), 'ß', 'ss')), '([aou])e', '\\1', 'g')
        ELSE strip_accents(lower(town)) END,
    '[^\\p{L}\\p{N}]+', '-', 'g'), '-')
"""
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"\b_\w+")
_SEVERITIES = {"violation": Severity.VIOLATION, "warning": Severity.WARNING, "info": Severity.INFO}


@dataclass(frozen=True, slots=True)
class DerivedSource:
    """The canonical tables that the SQL of a source has given, and what was found on the way."""

    tables: tuple[DerivedTable, ...]
    findings: tuple[Finding, ...]


def derive_source(workspace: Workspace, source: Source, group: TableGroup, scratch: Path) -> DerivedSource:
    """Read the raw files of a source and run its SQL; the results lie in ``scratch`` as Parquet.

    Raises :class:`WorkspaceError` for a raw file that is not the recorded one, and for SQL that fails.
    """
    if not source.raw:
        return DerivedSource((), ())
    folder = scratch / f"raw.{source.name}"
    folder.mkdir()
    recorded = workspace.raw_files(source)
    for one in recorded:
        if (told := differing(workspace.root, one)) is not None:
            raise WorkspaceError(told)
    files = {one.cached: workspace.root / one.cached for one in recorded}
    limits = ArchiveLimits(
        workspace.settings.limits.file_megabytes, workspace.settings.limits.archive_megabytes
    )
    shares = read_raw(RawTask(source.name, files, source.raw, limits, folder))
    findings = [*_without_files(source, files), *told_of(source.name, shares)]
    with closing(_database(folder)) as connection:
        for name, table in source.raw.items():
            _load_raw(name, table, folder, len(shares), connection)
        tables = tuple(_derived(workspace, source, group, folder, connection, findings))
    return DerivedSource(tables, tuple(findings))


def read_raw(task: RawTask) -> list[RawShare]:
    """Read all of it, in several processes where it is much."""
    size = sum(path.stat().st_size for path in task.files.values())
    shares = 1 if size < _FEW else _PROCESSES
    tasks = [
        RawTask(task.source, task.files, task.tables, task.limits, task.folder / str(share), share, shares)
        for share in range(shares)
    ]
    for one in tasks:
        one.folder.mkdir()
    if shares == 1:
        return [read_share(tasks[0])]
    calls = [ProcessCall(task.folder, read_share, one) for one in tasks]
    try:
        return [call.result() for call in calls]
    finally:
        for call in calls:
            call.__exit__()


def _without_files(source: Source, files: Mapping[str, Path]) -> Iterator[Finding]:
    """The raw tables that no file is of."""
    for name, table in source.raw.items():
        if not table.may_be_missing and not any(matches(path.name, table.files) for path in files.values()):
            place = Place(source.name, f"data/{source.name}/source.toml")
            there = sorted(path.name for path in files.values())
            yield fault("source.no-file", place, table.files, table=name, pattern=table.files, there=there)


def _database(folder: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(
        config={
            "memory_limit": "1500MB",
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
    )
    connection.execute(f"SET allowed_directories = [{sql_string(str(folder))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    connection.execute(_PLACE_KEY)
    return connection


def _load_raw(
    name: str, table: RawTable, folder: Path, shares: int, connection: duckdb.DuckDBPyConnection
) -> None:
    columns = [*ORIGIN, *table.columns]
    types = ", ".join(f"{sql_string(column)}: 'VARCHAR'" for column in columns)
    files = ", ".join(sql_string(str(folder / str(share) / f"{name}.csv")) for share in range(shares))
    cells = ", ".join(
        f"nullif(trim({sql_name(c)}, ' \t\n\r\xa0'), '') AS {sql_name(c)}" for c in table.columns
    )
    connection.execute(
        f"CREATE TABLE {sql_name(name)} AS SELECT _file, _row::INTEGER AS _row{', ' if cells else ''}{cells} "
        f"FROM read_csv([{files}], columns={{{types}}}, header=false, delim=',', quote='\"', escape='\"', "
        f"auto_detect=false, new_line='\\n', parallel=false, max_line_size={_ROW_BYTES}, "
        f"buffer_size={2 * _ROW_BYTES}) "
        "ORDER BY _member::INTEGER, _row::INTEGER"
    )


def _derived(
    workspace: Workspace,
    source: Source,
    group: TableGroup,
    folder: Path,
    connection: duckdb.DuckDBPyConnection,
    findings: list[Finding],
) -> Iterator[DerivedTable]:
    known = {table.name: table for table in group.tables}
    for file in _in_order(source.folder, workspace):
        name, where = file.stem, workspace.relative(file)
        query = _select(file, where)
        if name.startswith("_"):
            _run(connection, f"CREATE TABLE {sql_name(name)} AS {query}", where)
        elif name == UNFIT:
            findings.extend(_unfit(connection, query, source, where))
        elif name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise WorkspaceError(
                explained("error.raw.no-table", file=where, known=", ".join(near or sorted(known)))
            )
        else:
            yield _derive(connection, query, where, name, [c.name for c in known[name].file_columns], folder)


def _in_order(folder: Path, workspace: Workspace) -> list[Path]:
    """The SQL files, the steps between first, each after those that it selects from.

    Raises :class:`WorkspaceError` for steps that select from each other.
    """
    files = {file.stem: file for file in sorted(folder.glob("*.sql"))}
    steps = {name: file for name, file in files.items() if name.startswith("_")}
    asked = {}
    for name, file in steps.items():
        words = set(_WORD.findall(_COMMENT.sub("", _select(file, workspace.relative(file)))))
        asked[name] = sorted(words & steps.keys() - {name})
    try:
        order = list(TopologicalSorter(asked).static_order())
    except CycleError as error:
        raise WorkspaceError(explained("error.raw.circle", steps=", ".join(error.args[1]))) from error
    return [*(steps[name] for name in order), *(file for name, file in files.items() if name not in steps)]


def _select(file: Path, where: str) -> str:
    """The one SELECT in a file; raises :class:`WorkspaceError` for anything else."""
    text = file.read_text(encoding="utf-8-sig")
    try:
        statements = duckdb.extract_statements(text)
    except duckdb.Error as error:
        raise WorkspaceError(explained("error.raw.sql", file=where, error=error)) from error
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise WorkspaceError(explained("error.raw.one-select", file=where))
    return statements[0].query.strip().rstrip(";")


def _run(connection: duckdb.DuckDBPyConnection, sql: str, where: str) -> duckdb.DuckDBPyConnection:
    try:
        return connection.execute(sql)
    except duckdb.Error as error:
        raise WorkspaceError(explained("error.raw.sql", file=where, error=error)) from error


def _derive(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    where: str,
    name: str,
    columns: Sequence[str],
    folder: Path,
) -> DerivedTable:
    """Run the SQL of a table, and write what it gives; its columns are those of the table and the origin."""
    result = sql_name(f"derived {name}")
    _run(connection, f"CREATE TABLE {result} AS {query}", where)
    given = [row[0] for row in connection.execute(f"DESCRIBE {result}").fetchall()]
    if missing := [one for one in ("_file", "_row") if one not in given]:
        raise WorkspaceError(explained("error.raw.no-origin", file=where, missing=", ".join(missing)))
    unknown = [one for one in given if one not in (*columns, "_file", "_row")]
    if unknown:
        raise WorkspaceError(
            explained("error.raw.no-column", file=where, unknown=", ".join(unknown), known=", ".join(columns))
        )
    target = folder / f"{name}.parquet"
    present = [one for one in columns if one in given]
    cells = ", ".join(f"{sql_name(one)}::VARCHAR AS {sql_name(one)}" for one in present)
    _run(
        connection,
        f"COPY (SELECT _file, _row::INTEGER AS _row, {cells} FROM {result}) "
        f"TO {sql_string(str(target))} (FORMAT parquet)",
        where,
    )
    connection.execute(f"DROP TABLE {result}")
    return DerivedTable(name, where, tuple(present), target)


def _unfit(
    connection: duckdb.DuckDBPyConnection, query: str, source: Source, where: str
) -> Iterator[Finding]:
    """The rows that fit no rule, the first of each rule, and how many more there are."""
    numbered = (
        f'SELECT rule, _file, _row, "column", value, row_number() OVER w AS n, count(*) OVER '
        f"(PARTITION BY rule) AS total FROM ({query}) "
        "WINDOW w AS (PARTITION BY rule ORDER BY _file, _row, value)"
    )
    found = _run(
        connection, f"SELECT * FROM ({numbered}) WHERE n <= {_TOLD} ORDER BY rule, n", where
    ).fetchall()
    for name, file, row, column, value, number, total in found:
        rule = source.rule.get(name)
        if rule is None:
            raise WorkspaceError(explained("error.raw.no-rule", file=where, rule=name))
        severity, place = _SEVERITIES[rule.severity], Place(source.name, file, None, row, column)
        cell = None if value is None else str(value)
        yield fault("source.unfit", place, cell, severity, message=rule.message, remedy=rule.remedy)
        if number == _TOLD and total > _TOLD:
            yield fault(
                "source.more-of-a-kind",
                Place(source.name, where),
                severity=severity,
                kind=name,
                count=total - _TOLD,
            )
