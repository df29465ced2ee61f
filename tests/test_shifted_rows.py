"""Where a row with a cell too many or too few has shifted: for rows and columns of any kind."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from workspaces import REPOSITORY

from transfergraph.tables.csvw import Column, read_table_group
from transfergraph.tables.shifted_rows import find_shift

CELLS = ("", "a", "A", "a-1", "2019", "2019-05-01", "1.5", "x, y", " b", "https://a.de/", "???", "1;2", "EUR")


@cache
def _columns() -> dict[str, Column]:
    """Those of the core, of each kind."""
    tables = read_table_group([REPOSITORY / "ontology" / "tables.json"], "https://example.org/").tables
    return {f"{table.name}.{column.name}": column for table in tables for column in table.file_columns}


@st.composite
def _rows(draw: st.DrawFn) -> tuple[list[str], list[Column | None]]:
    names = draw(st.lists(st.sampled_from(["unknown", *_columns()]), min_size=1, max_size=5))
    length = len(names) + draw(st.sampled_from((-1, 1)))
    return draw(st.lists(st.sampled_from(CELLS), min_size=length, max_size=length)), [
        _columns().get(name) for name in names
    ]


@given(_rows())
def test_any_row_of_another_length_has_shifted_at_one_of_its_columns_or_none(
    row: tuple[list[str], list[Column | None]],
) -> None:
    cells, columns = row
    shift = find_shift(cells, columns)
    assert shift is None or shift.column in {column.name for column in columns if column is not None}


@pytest.mark.parametrize("cells", [["", "x", "2019"], ["a b", "x", "y"], ["", "", ""]])
def test_a_cell_too_many_where_no_column_holds_texts_has_no_place(cells: list[str]) -> None:
    assert find_shift(cells, [_columns()["projects.id"], _columns()["projects.start"]]) is None
