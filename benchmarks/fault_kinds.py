"""The forty kinds of faults of CellBench: one table of kinds, each with what plants it.

A planter draws a place and a wording from the copy's own chance, so that one kind has many faces, and tells
where it planted and the right value where there is one. It knows the tables, and no check.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from benchmarks import fault_texts as say
from benchmarks.damaged_copies import Cell, DamagedCopy, Fault, Typed, line
from benchmarks.fault_texts import Change
from benchmarks.table_roles import Columns, table_roles

Planted = tuple[tuple[Cell, ...], str | None]
Planter = Callable[[DamagedCopy], Planted]

_LETTER = re.compile(r"[^\W\d_]")


class Stage(Enum):
    """How a fault hides others: those of ``CELLS`` hide the graph, those of ``FILES`` their whole table.

    Those of ``GRAPH`` hide nothing, so that all that follows from them in the graph is seen as well.
    """

    CELLS = "cells"
    FILES = "files"
    WORKBOOKS = "workbooks"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A kind of fault; ``in_schema`` tells that a description of tables, as peers have it, can exclude it."""

    name: str
    group: str
    stage: Stage
    in_schema: bool
    planter: Planter

    def plant(self, copy: DamagedCopy) -> Fault:
        """Plant one; raises :class:`LookupError` when there is no place for it."""
        cells, right = self.planter(copy)
        fault = Fault(self.name, cells, right)
        copy.faults.append(fault)
        return fault


def _worded(columns: Columns, change: Change, fits: str = "", keeps_right: bool = True) -> Planter:
    """Changes the text of a cell that has something that ``fits``."""

    def plant(copy: DamagedCopy) -> Planted:
        cell = copy.pick(columns, lambda one: re.search(fits, copy.get(one)) is not None)
        right = copy.get(cell)
        copy.put(cell, change(copy.chance, right))
        return (cell,), right if keeps_right else None

    return plant


# Encoding


def _legacy_bytes(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().texts, lambda one: bool(say.FOREIGN_LETTER.search(copy.get(one))))
    cells = copy.tables[cell.table][cell.row - 1]
    encoding = copy.chance.choice(("cp1252", "cp1250", "mac_roman"))
    copy.lines[cell.table, cell.row] = line(cells).decode().encode(encoding)
    copy.take_table(cell.table)
    return (Cell(cell.table, cell.row),), None


# Quoting


def _open_quote(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().texts, lambda one: '"' not in copy.get(one))
    before = line(copy.tables[cell.table][cell.row - 1][: copy.header(cell.table).index(cell.column)])
    whole = line(copy.tables[cell.table][cell.row - 1])
    place = len(before)  # the comma that follows is as long as the line feed
    copy.lines[cell.table, cell.row] = whole[:place].removesuffix(b'"') + b'"' + whole[place:].lstrip(b'"')
    copy.take_table(cell.table)
    return (Cell(cell.table, cell.row),), None


def _unquoted_comma(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().texts, lambda one: " " in copy.get(one))
    row, index = copy.tables[cell.table][cell.row - 1], copy.header(cell.table).index(cell.column)
    row[index : index + 1] = row[index].split(" ", 1)
    return (Cell(cell.table, cell.row),), None


def _lost_cell(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().any)
    del copy.tables[cell.table][cell.row - 1][copy.header(cell.table).index(cell.column)]
    return (Cell(cell.table, cell.row),), None


def _misspelt_header(copy: DamagedCopy) -> Planted:
    table, name = copy.pick(table_roles().any).table, ""
    header = copy.tables[table][0]
    right = copy.chance.choice(header)
    while not name or name in header:
        slip = say.mistyped(copy.chance, right)
        name = copy.chance.choice((right.upper(), right.replace("_", " "), slip, slip))
    header[header.index(right)] = name
    copy.take_table(table)
    return (Cell(table, 1, name),), right


# Numbers


# Dates


def _end_first(copy: DamagedCopy) -> Planted:
    both = [(t, "end") for t in ("projects", "fundings", "events")]
    end = copy.pick(both, lambda one: bool(copy.get(copy.beside(one, "start"))))
    start = copy.beside(end, "start")
    texts = copy.get(start), copy.get(end)
    copy.put(end, texts[0])
    copy.put(start, texts[1])
    return (start, end), None


# Keys


def _new_row(change: Change) -> Planter:
    """A row more, with a key made of that of another one."""

    def plant(copy: DamagedCopy) -> Planted:
        cell = copy.pick(table_roles().keys, lambda one: bool(_LETTER.search(copy.get(one))))
        key = copy.get(cell)
        changes: dict[str, str] = {n: "" for n in ("ror", "ags") if n in copy.header(cell.table)}
        row = copy.add_row(cell, {**changes, cell.column: change(copy.chance, key)})
        return (Cell(cell.table, row, cell.column), cell), None

    return plant


def _blanked(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().required)
    right = copy.get(cell)
    copy.put(cell, copy.chance.choice(("", " ", "\u00a0")))
    return (cell,), right


# References


def _known(copy: DamagedCopy, cell: Cell) -> set[str]:
    targets = table_roles().targets[cell.table, cell.column]
    return {row[0] for table in targets for row in copy.sound[table][1:]}


def _misspelt(copy: DamagedCopy) -> Planted:
    cell = copy.pick(table_roles().references)
    right, known = copy.get(cell), _known(copy, cell)
    keys = right.split(";")
    at = copy.chance.randrange(len(keys))
    wrong = keys[at]
    while wrong in known or not wrong[0].isalnum():
        wrong = say.mistyped(copy.chance, keys[at])
    copy.put(cell, ";".join([*keys[:at], wrong, *keys[at + 1 :]]))
    return (cell,), right


def _circle(copy: DamagedCopy) -> Planted:
    above = [("organisations", "part_of"), ("programmes", "part_of"), ("topics", "broader")]

    def fits(one: Cell) -> bool:
        parent = _row_of(copy, one.table, copy.get(one))
        return parent is not None and not copy.is_taken(one.table, parent)

    cell = copy.pick(above, fits)
    parent = _row_of(copy, cell.table, copy.get(cell))
    other = Cell(cell.table, parent or 0, cell.column)
    copy.take(other)
    copy.put(other, copy.get(copy.beside(cell, "id")))
    return (cell, other), None


def _row_of(copy: DamagedCopy, table: str, key: str) -> int | None:
    return next((row for row, cells in enumerate(copy.sound[table], 1) if cells[0] == key), None)


# Languages


def _texts_of_both(copy: DamagedCopy, *kinds: str) -> tuple[Cell, Cell]:
    """Two cells of one text in German and English, that are more than two words."""
    pairs = [pair for pair in table_roles().pairs if pair[1].startswith(kinds)]
    cell = copy.pick([pair[:2] for pair in pairs], lambda one: copy.get(one).count(" ") > 2)
    return cell, copy.beside(cell, f"{cell.column.removesuffix('_de')}_en")


def _swapped_languages(copy: DamagedCopy) -> Planted:
    german, english = _texts_of_both(copy, "description", "note", "name")
    texts = copy.get(german), copy.get(english)
    copy.put(german, texts[1])
    copy.put(english, texts[0])
    return (german, english), None


def _untranslated(copy: DamagedCopy) -> Planted:
    pair = _texts_of_both(copy, "description", "note")
    wrong, kept = pair if copy.chance.random() < 0.5 else pair[::-1]
    right = copy.get(wrong)
    copy.put(wrong, copy.get(kept))
    return (wrong,), right


def _term_by_name(copy: DamagedCopy) -> Planted:
    terms = table_roles().terms

    def names(one: Cell) -> list[str]:
        found = terms[one.table, one.column].terms[copy.get(one)].by_language(("de", "en")).values()
        return [name for name in found if name not in terms[one.table, one.column].terms]

    cell = copy.pick(list(terms), lambda one: bool(names(one)))
    right = copy.get(cell)
    copy.put(cell, copy.chance.choice(names(cell)))
    return (cell,), right


# Silent damage


def _swapped_coordinates(copy: DamagedCopy) -> Planted:
    lat = copy.pick([("places", "lat")])
    long = copy.beside(lat, "long")
    texts = copy.get(lat), copy.get(long)
    copy.put(lat, texts[1])
    copy.put(long, texts[0])
    return (lat, long), None


# Workbooks


def _typed(columns: Columns, stored: Callable[[random.Random, str], Typed]) -> Planter:
    def plant(copy: DamagedCopy) -> Planted:
        cell = copy.pick(columns)
        copy.typed[cell] = stored(copy.chance, copy.get(cell))
        return (cell,), copy.get(cell)

    return plant


def _formula(chance: random.Random, text: str) -> Typed:
    return Typed(chance.choice(("=A1&B1", "=VLOOKUP(A2,B:C,2,0)", "=TODAY()", "=C1")))


def _date_for_text(chance: random.Random, text: str) -> Typed:
    day = date(2000 + chance.randrange(1, 30), chance.randrange(1, 13), chance.randrange(1, 29))
    return Typed(day, chance.choice(("d-mmm", "mmm yy", "dd/mm/yyyy", "m/d/yyyy")))


def _hiding_format(chance: random.Random, text: str) -> Typed:
    return Typed(float(text) + chance.choice((0.4, 0.125, 0.35)), chance.choice(("0", "#,##0", '0" €"')))


def _merged(copy: DamagedCopy) -> Planted:
    def fits(one: Cell) -> bool:
        return one.row < len(copy.sound[one.table]) and not copy.is_taken(one.table, one.row + 1)

    cell = copy.pick(
        [pair for pair in table_roles().required if pair[1] in ("source", "kind", "region")], fits
    )
    lower = Cell(cell.table, cell.row + 1, cell.column)
    copy.take(lower)
    copy.merged.append((cell, lower))
    return (lower, cell), copy.get(lower)


# Faults of the graph


def _shared_identifier(copy: DamagedCopy) -> Planted:
    one, other = copy.pick([("organisations", "ror")]), copy.pick([("organisations", "ror")])
    copy.put(other, copy.get(one))
    return (one, other), None


def _lost_currency(copy: DamagedCopy) -> Planted:
    cell = copy.pick([("participations", "currency"), ("fundings", "currency")])
    copy.put(cell, "")
    return (cell, copy.beside(cell, "amount")), None


def _code_of_another_region(copy: DamagedCopy) -> Planted:
    cell = copy.pick([("regions", "nuts")], lambda one: len(copy.get(one)) == 5)
    code, known = (
        copy.get(cell),
        {row[copy.header("regions").index("nuts")] for row in copy.tables["regions"]},
    )
    others = [f"ZZ{a}{b}{c}" for a in "0123" for b in "01" for c in "ABCDEFGHIJ"]
    copy.put(cell, next(o for o in copy.chance.sample(others, 80) if o not in known and o[:4] != code[:4]))
    return (cell,), code


def _outside_the_period(copy: DamagedCopy) -> Planted:
    def whole(one: Cell) -> dict[str, str]:
        row = _row_of(copy, "projects", copy.get(one))
        return dict(zip(copy.header("projects"), copy.sound["projects"][row - 1], strict=True)) if row else {}

    member = copy.pick([("participations", "undertaking")], lambda one: bool(whole(one).get("end")))
    column, years = copy.chance.choice((("start", -2), ("end", 3)))
    cell = copy.beside(member, column)
    copy.put(cell, str(int(whole(member)[column][:4]) + years))
    return (cell,), None


def _table_of_kinds() -> tuple[FaultKind, ...]:
    roles, (cells, files, books, graph) = table_roles(), tuple(Stage)
    texts = roles.texts
    counted = [pair for pair in roles.amounts if pair[1] in ("amount", "value")]
    worded = [*texts, *roles.references, *roles.amounts, *roles.days, *roles.addresses]
    foreign, whole_day = say.FOREIGN_LETTER.pattern, f"^{say.DAY.pattern}$"
    sums = [pair for pair in counted if pair[1] == "amount"]
    rows: tuple[tuple[str, str, Stage, bool, Planter], ...] = (
        ("encoding", "bytes of an old encoding", files, True, _legacy_bytes),
        (
            "encoding",
            "UTF-8 read as Latin letters",
            cells,
            False,
            _worded(texts, say.misread, foreign),
        ),
        (
            "encoding",
            "lost letter",
            cells,
            False,
            _worded(texts, say.lost, foreign, keeps_right=False),
        ),
        ("encoding", "invisible character", cells, False, _worded(worded, say.with_invisible)),
        ("quoting", "quote that is not closed", files, True, _open_quote),
        ("quoting", "comma without quotes", cells, True, _unquoted_comma),
        ("quoting", "cell left out", cells, True, _lost_cell),
        ("quoting", "misspelt header", files, True, _misspelt_header),
        ("numbers", "decimal comma", cells, True, _worded(roles.amounts, say.with_comma, r"\.")),
        ("numbers", "thousands parted", cells, True, _worded(sums, say.grouped, r"^\d{4}")),
        (
            "numbers",
            "number of two readings",
            cells,
            False,
            _worded(sums, say.one_group, r"^\d{4,6}$"),
        ),
        ("numbers", "words beside a number", cells, True, _worded(counted, say.with_words, "", False)),
        ("dates", "other notation", cells, True, _worded(roles.days, say.other_notation, "-")),
        ("dates", "no such day", cells, True, _worded(roles.days, say.no_day, whole_day, False)),
        ("dates", "serial number", cells, True, _worded(roles.days, say.serial, whole_day)),
        ("dates", "end before its start", cells, False, _end_first),
        ("keys", "key twice", cells, True, _new_row(say.same_key)),
        ("keys", "character that no key has", cells, True, _new_row(say.forbidden)),
        ("keys", "key in other case", cells, False, _new_row(say.other_case)),
        ("keys", "blank where required", cells, True, _blanked),
        ("references", "misspelt reference", cells, True, _misspelt),
        (
            *("references", "reference to nothing", cells, True),
            _worded(roles.references, say.dangling, keeps_right=False),
        ),
        ("references", "other separator", cells, True, _worded(roles.lists, say.other_separator, ";")),
        ("references", "part of its own part", cells, False, _circle),
        ("languages", "languages swapped", graph, False, _swapped_languages),
        ("languages", "text not translated", graph, False, _untranslated),
        ("languages", "term by its name", cells, True, _term_by_name),
        ("silent damage", "error of a spreadsheet", cells, False, _worded(worded, say.error_value)),
        ("silent damage", "markup", cells, False, _worded(texts, say.markup)),
        (
            *("silent damage", "unlikely year", cells, False),
            _worded(roles.days, say.unlikely_year, r"^(19|20)\d\d", False),
        ),
        ("silent damage", "coordinates swapped", graph, False, _swapped_coordinates),
        (
            "silent damage",
            "damaged address",
            cells,
            True,
            _worded(roles.addresses, say.damaged_address),
        ),
        ("workbooks", "formula without its value", books, False, _typed(worded, _formula)),
        ("workbooks", "merged cells", books, False, _merged),
        ("workbooks", "date in a text", books, False, _typed(texts, _date_for_text)),
        ("workbooks", "digits hidden by the format", books, False, _typed(sums, _hiding_format)),
        ("graph", "identifier of another one", graph, False, _shared_identifier),
        ("graph", "amount without currency", graph, False, _lost_currency),
        ("graph", "code of another region", graph, False, _code_of_another_region),
        ("graph", "outside the period", graph, False, _outside_the_period),
    )
    return tuple(FaultKind(name, group, stage, known, plant) for group, name, stage, known, plant in rows)


KINDS = _table_of_kinds()
