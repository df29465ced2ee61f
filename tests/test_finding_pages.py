"""What the documentation shows of each finding: the example has the fault, and what is right instead has not."""

from __future__ import annotations

import csv
import io
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from stat import S_ISDIR
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
ALONE = frozenset({"table.too-large", "table.zip-bomb"})
"""Of these a setting is changed, so that other faults would be others."""
IN_FILES, IN_CELLS = (
    [
        code
        for code, about in WRITTEN.items()
        if code.startswith("table.") and where in about and "typed" in about
    ]
    for where in ("file", "cell")
)


Change = Callable[[Path], object]


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


def changes(code: str) -> tuple[Change, Change]:
    """What makes the fault in the tables of the example, and what is right instead."""
    if code in DONE:
        return DONE[code]
    about = WRITTEN[code]
    file = about.get("file", "")
    return (
        lambda folder: enter(folder, about, about["typed"], file),
        lambda folder: enter(folder, about, about["right"], about.get("right_file", file)),
    )


def paths(root: Path) -> dict[str, tuple[int, int, int]]:
    """What lies in a workspace; of a file also what tells that it was written."""
    found = {path.relative_to(root).as_posix(): path.lstat() for path in root.rglob("*")}
    return {
        name: (one.st_mode, 0, 0) if S_ISDIR(one.st_mode) else (one.st_mode, one.st_size, one.st_mtime_ns)
        for name, one in found.items()
    }


@dataclass
class Round:
    """Faults in different files of one workspace, which are tried at once; of each the paths that it changes."""

    changed: dict[str, set[str]]

    @cached_property
    def others(self) -> Mapping[str, set[str]]:
        """By fault, the paths that the other ones of the round change."""
        return {
            code: {path for other, paths in self.changed.items() if other != code for path in paths}
            for code in self.changed
        }


@dataclass(frozen=True)
class Found:
    """Where a fault is found, but for the files of others that are tried with it; and what is still found instead.

    A place is a file, a row and a column. ``new`` are the codes and files of what the fault did not have.
    """

    places: set[tuple[str | None, int | None, str | None]]
    right: set[str]
    new: set[tuple[str, str | None]]


class Tried:
    """The faults in the example workspace and what is right instead, as many at once as are in different files."""

    def __init__(self, folder: Path, codes: Iterable[str]) -> None:
        self.folder, self.example = folder, tg.init(folder / "example")
        self.rounds: list[Round] = []
        for code in codes:
            changed = self._changed(code)
            free = (one for one in self.rounds if self._go_together(code, changed, one))
            if (found := next(free, None)) is None:
                self.rounds.append(found := Round({}))
            found.changed[code] = changed
        self.found_of: dict[int, tuple[list[tg.Finding], list[tg.Finding]]] = {}

    @staticmethod
    def _go_together(code: str, changed: set[str], others: Round) -> bool:
        alone = code in ALONE or not ALONE.isdisjoint(others.changed)
        return not alone and all(changed.isdisjoint(paths) for paths in others.changed.values())

    def _changed(self, code: str) -> set[str]:
        """The paths that the fault changes, or what is right instead."""
        changed: set[str] = set()
        for change in changes(code):
            root = self._changed_copy("tried", [change])
            before, after = paths(self.example), paths(root)
            changed |= {path for path in {*before, *after} if before.get(path) != after.get(path)}
            shutil.rmtree(root)
        return changed

    def _changed_copy(self, name: str, all_changes: Iterable[Change]) -> Path:
        root = shutil.copytree(self.example, self.folder / name)
        for change in all_changes:
            change(root / "data" / "example")
        return root

    def _check(self, name: str, all_changes: Iterable[Change]) -> list[tg.Finding]:
        root = self._changed_copy(name, all_changes)
        found = check(root)
        shutil.rmtree(root)
        return found

    def found(self, code: str) -> Found:
        """What is found of a fault and of what is right instead."""
        number = next(number for number, one in enumerate(self.rounds) if code in one.changed)
        together = self.rounds[number]
        if number not in self.found_of:
            both = [changes(one) for one in together.changed]
            self.found_of[number] = (
                self._check("typed", [typed for typed, _ in both]),
                self._check("right", [right for _, right in both]),
            )
        typed, right = self.found_of[number]
        own = [one for one in typed if one.code == code and one.place.file not in together.others[code]]
        before = {(one.code, one.place.file) for one in typed}
        return Found(
            {(one.place.file, one.place.row, one.place.column) for one in own},
            {one.code for one in right},
            {(one.code, one.place.file) for one in right} - before,
        )


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return Tried(tmp_path_factory.mktemp("tried"), [*IN_CELLS, *IN_FILES, *DONE])


@pytest.mark.share
@pytest.mark.parametrize("code", IN_CELLS)
def test_the_cell_of_an_example_has_the_fault_and_what_is_right_has_not(tried: Tried, code: str) -> None:
    file, row, column = WRITTEN[code]["cell"].split()
    found = tried.found(code)
    assert (f"data/example/{file}", int(row), column) in found.places
    assert code not in found.right
    assert not found.new


@pytest.mark.parametrize("code", IN_FILES)
def test_the_example_has_the_fault_and_what_is_right_has_not(tried: Tried, code: str) -> None:
    found = tried.found(code)
    assert found.places
    assert code not in found.right
    assert not found.new


@pytest.mark.share
@pytest.mark.parametrize("code", list(DONE))
def test_what_is_told_to_be_done_makes_the_fault_and_what_mends_it_does(tried: Tried, code: str) -> None:
    found = tried.found(code)
    assert found.places
    assert code not in found.right


def test_each_page_has_an_example_and_says_why_it_is_asked() -> None:
    told = {code for code, about in WRITTEN.items() if code.startswith("table.") and "done" in about}
    assert told == set(DONE) | OF_RELEASES
    for code, about in WRITTEN.items():
        assert about["why"].endswith((".", "?")), code
        assert not (keys := set(about) - {"cell", "file", "typed", "right", "right_file", "done", "why"}), (
            code,
            keys,
        )
