"""Writing the index of the rows of a release, once its tables are written."""

from __future__ import annotations

from array import array
from contextlib import closing
from pathlib import Path

from transfergraph.mapping.row_index import ORIGINS, ORIGINS_HEADER, RAW, RAW_FILES, ROWS, ROWS_HEADER, TABLES
from transfergraph.mapping.to_rdf import stating_tables
from transfergraph.tables.claims import claims_table, key_sql
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_string

_FETCHED = 2048


def write_row_index(tables: Tables, folder: Path) -> None:
    """Write the files of a release whose tables are written already."""
    starts: dict[str, array[int]] = {}
    raw_files: dict[str, int] = {}
    with (
        (folder / ROWS).open("w", encoding="utf-8", newline="\n") as stream,
        closing(tables.connection.cursor()) as cursor,
    ):
        stream.write(ROWS_HEADER)
        cursor.execute(_rows_sql(tables))
        before = None
        while rows := cursor.fetchmany(_FETCHED):
            for found in rows:
                if found == before:  # two parts of a row may have one subject
                    continue
                before = subject, table, row, input_row, raw_file, raw_row = found
                if table not in starts:
                    starts[table] = _row_starts(folder / f"{TABLES}{table}.csv")
                known = "" if row == input_row else str(input_row)
                if raw_file is not None:
                    known += f"{RAW}{raw_files.setdefault(raw_file, len(raw_files))}:{raw_row}"
                stream.write(f"{subject}\t{table}\t{row}\t{starts[table][row - 1]}\t{known}\n")
    if raw_files:
        (folder / RAW_FILES).write_text("".join(f"{file}\n" for file in raw_files), encoding="utf-8")
    lines = sorted(
        f"{table}\t{origin.file}\t{origin.sheet or ''}\n"
        for table in starts
        for origin in (tables.origins[_named(table)],)
    )
    (folder / ORIGINS).write_text("".join([ORIGINS_HEADER, *lines]), encoding="utf-8")


def _named(table: str) -> tuple[str, str]:
    source, _, name = table.partition("/")
    return source, name


def _rows_sql(tables: Tables) -> str:
    start = len(tables.group.base) + 1
    base = sql_string(tables.group.base)
    claiming = claims_table(tables.group)
    selects = []
    for one in stating_tables(tables):
        subject = one.table.subject_sql
        raw_rows = tables.origins[one.source, one.table.name].raw_rows
        origins = f" LEFT JOIN {raw_rows} o ON o._n = r._row" if raw_rows else ""
        raw = "o._file, o._row" if raw_rows else "NULL, NULL"
        local = f"CASE WHEN starts_with(_s, {base}) THEN substr(_s, {start}) ELSE _s END"
        selects.append(
            f"SELECT {local} AS s, {sql_string(f'{one.source}/{one.table.name}')} AS t, n, r._row, {raw} "
            "FROM "
            f"(SELECT {subject} AS _s, rowid + 2 AS n, _row FROM {tables.name(one.source, one.table.name)}) r"
            f"{origins}"
        )
        if claiming is not None:
            name, relation = f"{one.source}/{claiming.name}", tables.name(one.source, claiming.name)
            selects.append(
                f"SELECT {local} AS s, {sql_string(name)} AS t, c.rowid + 2 AS n, c._row, NULL, NULL "
                f"FROM (SELECT {subject} AS _s, {key_sql(one.table)} AS _key "
                f"FROM {tables.name(one.source, one.table.name)}) JOIN {relation} c "
                f'ON c."key" = _key AND c."table" = {sql_string(one.table.name)}'
            )
    return f"{' UNION ALL '.join(selects)} ORDER BY s, t, n"


def _row_starts(file: Path) -> array[int]:
    """Where the rows of a published table begin, the header first: not at line breaks within quotes."""
    starts, place, quoted = array("Q"), 0, False
    with file.open("rb") as stream:
        for line in stream:
            if not quoted:
                starts.append(place)
            quoted ^= bool(line.count(b'"') & 1)
            place += len(line)
    return starts
