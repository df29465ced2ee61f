"""Rows of several sources that are one thing, made one: one key, one name in a language.

The key of the row that leads stands in every reference of every table; the others are told as former keys, so
that their addresses answer with their successor. A name that differs from that of the row that leads becomes
another name of the same language. Of what only one value may be of, that of the row that leads holds; the
cell of another gives way, which is a finding. Each row stays in the table of its source, and keeps its
number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from transfergraph.common.namespaces import DCT
from transfergraph.findings import Finding, Severity
from transfergraph.identity.organisation_rows import NamedColumns
from transfergraph.tables.claims import claims_table, key_sql
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string
from transfergraph.vocabulary.presentation import Presentation

_REPLACED = DCT + "isReplacedBy"


@dataclass(frozen=True, slots=True)
class MergedRow:
    """A row that is one thing with others: ``canonical`` is the key that all of them take."""

    source: str
    table: str
    row: int
    key: str
    canonical: str


@dataclass(slots=True)
class _Cells:
    """The cells of a row, and which have changed."""

    merged: MergedRow
    columns: NamedColumns
    cells: dict[str, str | None]
    changed: set[str] = field(default_factory=set)
    moved: list[tuple[str, str, str]] = field(default_factory=list)

    def put(self, column: Column, value: str | None) -> None:
        if self.cells[column.name] != value:
            self.cells[column.name] = value
            self.changed.add(column.name)


def merge_rows(
    tables: Tables,
    shown: Presentation,
    columns: Sequence[NamedColumns],
    groups: Sequence[Sequence[MergedRow]],
) -> tuple[Tables, list[Finding]]:
    """Give each group one key in all tables, and what only one value may be of to the row that leads, the
    first.

    ``columns`` are those of the tables with addresses of one kind. Returns the tables, which know of the
    former keys, and what gave way.
    """
    described = {one.table.name: one for one in columns}
    findings: list[Finding] = []
    cells = _read(tables, described, [one for group in groups for one in group])
    rows = [[_Cells(one, described[one.table], cells[one]) for one in group] for group in groups]
    for members in rows:
        findings += _unite(tables, shown, members)
    changed = [one for members in rows for one in members if one.changed]
    _write(tables, changed)
    renamed = [one for group in groups for one in group if one.key != one.canonical]
    if renamed:
        _rename(tables, described, renamed)
        tables = _tell_former(tables, described, renamed)
    _move_claims(tables, changed)
    return tables, findings


def _read(
    tables: Tables, described: Mapping[str, NamedColumns], merged: Iterable[MergedRow]
) -> dict[MergedRow, dict[str, str | None]]:
    """The cells of these rows, those of one table at once."""
    found: dict[MergedRow, dict[str, str | None]] = {}
    for (source, table), rows in _by_table(merged).items():
        names = [column.name for column in described[table].table.file_columns]
        cells = tables.connection.execute(
            f"SELECT _row, {', '.join(map(sql_name, names))} FROM {tables.name(source, table)} "
            "WHERE _row IN (SELECT unnest(?::INTEGER[]))",
            [list(rows)],
        ).fetchall()
        found.update((rows[number], dict(zip(names, values, strict=True))) for number, *values in cells)
    return found


def _by_table(merged: Iterable[MergedRow]) -> dict[tuple[str, str], dict[int, MergedRow]]:
    found: dict[tuple[str, str], dict[int, MergedRow]] = {}
    for one in merged:
        found.setdefault((one.source, one.table), {})[one.row] = one
    return found


def _unite(tables: Tables, shown: Presentation, members: Sequence[_Cells]) -> Iterator[Finding]:
    """Let what only one value may be of be that of the first row that has one."""
    settled: dict[tuple[str, str], tuple[str, _Cells]] = {}
    giving: list[tuple[_Cells, Column, str]] = []
    for one in members:
        single = shown.single_values(one.columns.table.classes)
        for column in one.columns.table.file_columns:
            value = one.cells[column.name]
            if value is None or column.property not in single or column.separator:
                continue
            kept, _ = settled.setdefault((column.property, column.language or ""), (value, one))
            if kept != value:
                giving.append((one, column, value))
    names = {value for (property_, _), (value, _) in settled.items() if property_ in _named(members)}
    for one, column, value in giving:
        one.put(column, None)
        if column not in one.columns.names or not _as_other_name(one, column, value, names):
            kept, holder = settled[column.property or "", column.language or ""]
            yield _given_way(tables, one, column, value, kept, holder)
    for one in members:
        _drop_repeated(one, names)


def _named(members: Sequence[_Cells]) -> set[str | None]:
    return {column.property for one in members for column in one.columns.names}


def _as_other_name(one: _Cells, column: Column, value: str, names: set[str]) -> bool:
    """Put a name among the other names of its language; False where the table has no column for these."""
    if value in names:
        return True
    lists = [other for other in one.columns.other_names if other.separator and other.separator not in value]
    found = next((other for other in lists if other.language == column.language), None)
    found = found or next((other for other in lists if other.language is None), None)
    if found is None or found.separator is None:
        return False
    known = one.cells[found.name]
    items = known.split(found.separator) if known else []
    if value not in items:
        one.put(found, found.separator.join([*items, value]))
    one.moved.append((column.name, found.name, value))
    return True


def _drop_repeated(one: _Cells, names: set[str]) -> None:
    """Leave out other names that are the name of the organisation in the row that leads."""
    for column in one.columns.other_names:
        value = one.cells[column.name]
        if value is None:
            continue
        items = value.split(column.separator) if column.separator else [value]
        left = [item for item in items if item not in names]
        if left != items:
            one.put(column, (column.separator or "").join(left) or None)


def _given_way(tables: Tables, one: _Cells, column: Column, value: str, kept: str, holder: _Cells) -> Finding:
    place = tables.place(one.merged.source, one.merged.table, one.merged.row, column.name)
    there = tables.place(holder.merged.source, holder.merged.table, holder.merged.row, column.name)
    return fault("identity.given-way", place, value, Severity.INFO, value=value, kept=kept, there=str(there))


def _write(tables: Tables, changed: Iterable[_Cells]) -> None:
    """Write the cells that have changed, all of a table and column at once."""
    cells: dict[tuple[str, str, str], list[tuple[int, str | None]]] = {}
    for one in changed:
        for name in one.changed:
            where = (one.merged.source, one.merged.table, name)
            cells.setdefault(where, []).append((one.merged.row, one.cells[name]))
    for (source, table, name), values in sorted(cells.items()):
        rows, texts = zip(*values, strict=True)
        tables.connection.execute(
            f"UPDATE {tables.name(source, table)} AS t SET {sql_name(name)} = n.value "
            "FROM (SELECT unnest(?::INTEGER[]) AS row, unnest(?::VARCHAR[]) AS value) n WHERE n.row = t._row",
            [list(rows), list(texts)],
        )


def _rename(tables: Tables, described: Mapping[str, NamedColumns], renamed: Sequence[MergedRow]) -> None:
    """Put the new keys into the rows themselves, into what refers to them, and into the claims about
    either."""
    for source in tables.sources:
        keys = {one.key: one.canonical for one in renamed if one.source == source.name}
        if not keys:
            continue
        _load_map(tables, keys)
        before = _claimed(tables, source.name)
        for table in tables.group.tables:
            relation = tables.name(source.name, table.name)
            if table.name in described:
                tables.connection.execute(_renamed(relation, table.about.variables[0], None))
            for column in table.file_columns:
                if any(target.name in described for target in tables.group.targets(column)):
                    tables.connection.execute(_renamed(relation, column.name, column.separator))
        _rename_claims(tables, source.name, before)


def _load_map(tables: Tables, keys: Mapping[str, str]) -> None:
    tables.connection.execute(
        "CREATE OR REPLACE TEMP TABLE identity_renamed (key VARCHAR, canonical VARCHAR)"
    )
    tables.connection.execute(
        "INSERT INTO identity_renamed SELECT unnest(?), unnest(?)", [list(keys), list(keys.values())]
    )


def _renamed(relation: str, column: str, separator: str | None) -> str:
    """SQL that puts the new keys into a column; a list has each once, in its order."""
    name = sql_name(column)
    if separator is None:
        return (
            f"UPDATE {relation} AS t SET {name} = r.canonical FROM identity_renamed r WHERE r.key = t.{name}"
        )
    items = f"string_split({name}, {sql_string(separator)})"
    new = f"list_transform({items}, lambda one: coalesce(r.known[one], one))"
    once = f"list_filter({new}, lambda one, n: list_position({new}, one) = n)"
    return (
        f"UPDATE {relation} SET {name} = array_to_string({once}, {sql_string(separator)}) FROM "
        "(SELECT map_from_entries(list((key, canonical))) AS known, list(key) AS keys "
        "FROM identity_renamed) r "
        f"WHERE list_has_any({items}, r.keys)"
    )


def _claimed(tables: Tables, source: str) -> dict[tuple[str, int], str]:
    """The keys by which claims name rows, of the tables that claims of this source are about."""
    claiming = claims_table(tables.group)
    if claiming is None or not tables.has_rows(source, claiming.name):
        return {}
    relation = tables.name(source, claiming.name)
    named = {
        name for (name,) in tables.connection.execute(f'SELECT DISTINCT "table" FROM {relation}').fetchall()
    }
    return {
        (table.name, row): key
        for table in tables.group.tables
        if table.name in named
        for row, key in tables.connection.execute(
            f"SELECT _row, {key_sql(table)} FROM {tables.name(source, table.name)}"
        ).fetchall()
    }


def _rename_claims(tables: Tables, source: str, before: Mapping[tuple[str, int], str]) -> None:
    claiming = claims_table(tables.group)
    if claiming is None or not before:
        return
    after = _claimed(tables, source)
    for (table, row), key in before.items():
        if after[table, row] != key:
            tables.connection.execute(
                f'UPDATE {tables.name(source, claiming.name)} SET "key" = ? WHERE "table" = ? AND "key" = ?',
                [after[table, row], table, key],
            )


def _move_claims(tables: Tables, changed: Iterable[_Cells]) -> None:
    """Let a claim about a name that has become another name be about that."""
    claiming = claims_table(tables.group)
    if claiming is None:
        return
    for one in changed:
        for name, other, value in one.moved if tables.has_rows(one.merged.source, claiming.name) else ():
            tables.connection.execute(
                f'UPDATE {tables.name(one.merged.source, claiming.name)} SET "column" = ?, "value" = ? '
                'WHERE "table" = ? AND "key" = ? AND "column" = ?',
                [other, value, one.merged.table, one.merged.canonical, name],
            )


def _tell_former(
    tables: Tables, described: Mapping[str, NamedColumns], renamed: Sequence[MergedRow]
) -> Tables:
    """Add the keys that others have replaced to the table of former keys, where the workspace has one.

    In a source without a file of its own for these they stand at the rows that had them.
    """
    origins = dict(tables.origins)
    for table in tables.group.tables:
        column = _successor(table, [one.table for one in described.values()])
        if column is None:
            continue
        for source in tables.sources:
            told = {one.key: one for one in renamed if one.source == source.name}
            if told:
                rows = sorted(told.values(), key=lambda one: (one.row, one.key))
                _append(tables, source.name, table, column, rows)
                if not tables.has_file(source.name, table.name):
                    there = tables.origins[source.name, rows[0].table]
                    letter = there.letters.get(described[rows[0].table].table.about.variables[0], "")
                    letters = {table.about.variables[0]: letter, column.name: letter}
                    origins[source.name, table.name] = replace(there, letters=letters)
    return replace(tables, origins=origins)


def _successor(table: Table, organisations: Sequence[Table]) -> Column | None:
    """The column that says what replaced a former key, of a table that does nothing else."""
    shapes = {one.about.shape for one in organisations}
    if table.classes or table.about.shape not in shapes or len(table.about.variables) != 1:
        return None
    return next((column for column in table.file_columns if column.property == _REPLACED), None)


def _append(tables: Tables, source: str, table: Table, column: Column, rows: Sequence[MergedRow]) -> None:
    relation, key = tables.name(source, table.name), sql_name(table.about.variables[0])
    own = tables.has_file(source, table.name)
    start = f"(SELECT coalesce(max(_row), 1) FROM {relation})" if own else "0"
    numbers = list(range(1, len(rows) + 1)) if own else [one.row for one in rows]
    tables.connection.execute(
        f"INSERT INTO {relation} (_row, {key}, {sql_name(column.name)}) "
        f"SELECT {start} + n, k, c FROM (SELECT unnest(?) AS n, unnest(?) AS k, unnest(?) AS c) "
        f"WHERE k NOT IN (SELECT {key} FROM {relation}) ORDER BY n",
        [numbers, [one.key for one in rows], [one.canonical for one in rows]],
    )
