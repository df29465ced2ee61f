"""What the documentation shows of each finding: the example has the fault, and what is right instead has not."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import mistakes_a_to_h
import mistakes_i_to_r
import mistakes_r_to_z
import pytest
from tables_fixture import check
from workspaces import REPOSITORY

import transfergraph as tg

FOLDER = REPOSITORY / "docs" / "findings"
WRITTEN: Mapping[str, Mapping[str, Any]] = {
    code: about
    for file in sorted(FOLDER.glob("*.toml"))
    for code, about in tomllib.loads(file.read_text(encoding="utf-8")).items()
}
DONE = {**mistakes_a_to_h.DONE, **mistakes_i_to_r.DONE, **mistakes_r_to_z.DONE}
OF_RELEASES = {"table.vanished-key", "table.vanished-key.restore"}
"""What a release before is needed for: ``test_loss`` has them."""
IN_FILES, IN_CELLS = (
    [
        code
        for code, about in WRITTEN.items()
        if code.startswith("table.") and where in about and "typed" in about
    ]
    for where in ("file", "cell")
)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example workspace."""
    return tg.init(tmp_path_factory.mktemp("example") / "ws")


def enter(folder: Path, about: Mapping[str, Any], value: str, file: str) -> None:
    """Enter the value in the cell of an example, or as the text of its file."""
    if "cell" not in about:
        (folder / file).write_text(value.lstrip("\n"), encoding="utf-8")
        return
    name, row, column = about["cell"].split()
    rows = list(csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
    rows[int(row) - 1][rows[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    (folder / name).write_text(out.getvalue(), encoding="utf-8")


def found(example: Path, root: Path, change: Callable[[Path], object]) -> dict[str, tuple[Any, ...]]:
    """The codes that are found after a change of the tables, each with one of its places."""
    shutil.copytree(example, root)
    change(root / "data" / "example")
    return {one.code: (one.place.row, one.place.column) for one in check(root)}


def rounds() -> list[list[str]]:
    """The codes of cells, so that those of one round are of different tables and can be tried at once."""
    found: list[list[str]] = []
    for code in IN_CELLS:
        table = WRITTEN[code]["cell"].split()[0]
        free = next((one for one in found if table not in (WRITTEN[c]["cell"].split()[0] for c in one)), None)
        if free is None:
            found.append(free := [])
        free.append(code)
    return found


@pytest.mark.parametrize("codes", rounds(), ids=lambda codes: codes[0])
def test_the_cell_of_an_example_has_the_fault_and_what_is_right_has_not(
    example: Path, tmp_path: Path, codes: list[str]
) -> None:
    def entered(which: str) -> Callable[[Path], object]:
        def change(folder: Path) -> None:
            for code in codes:
                enter(folder, WRITTEN[code], WRITTEN[code][which], "")

        return change

    typed = found(example, tmp_path / "typed", entered("typed"))
    for code in codes:
        _, row, column = WRITTEN[code]["cell"].split()
        assert typed[code] == (int(row), column)
    right = found(example, tmp_path / "right", entered("right"))
    assert not set(codes) & set(right)
    assert set(right) <= set(typed)


@pytest.mark.parametrize("code", IN_FILES)
def test_the_example_has_the_fault_and_what_is_right_has_not(
    example: Path, tmp_path: Path, code: str
) -> None:
    about = WRITTEN[code]
    file = about.get("file", "")
    typed = found(example, tmp_path / "typed", lambda folder: enter(folder, about, about["typed"], file))
    assert code in typed
    right_file = about.get("right_file", file)
    right = found(
        example, tmp_path / "right", lambda folder: enter(folder, about, about["right"], right_file)
    )
    assert code not in right
    assert set(right) <= set(typed)


@pytest.mark.parametrize("code", list(DONE))
def test_what_is_told_to_be_done_makes_the_fault_and_what_mends_it_does(
    example: Path, tmp_path: Path, code: str
) -> None:
    mistake, mended = DONE[code]
    assert code in found(example, tmp_path / "done", mistake)
    assert code not in found(example, tmp_path / "mended", mended)


def test_each_page_has_an_example_and_says_why_it_is_asked() -> None:
    told = {code for code, about in WRITTEN.items() if code.startswith("table.") and "done" in about}
    assert told == set(DONE) | OF_RELEASES
    for code, about in WRITTEN.items():
        assert about["why"].endswith((".", "?")), code
        assert not (keys := set(about) - {"cell", "file", "typed", "right", "right_file", "done", "why"}), (
            code,
            keys,
        )
