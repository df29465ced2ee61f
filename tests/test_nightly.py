"""The table of ``make nightly``: each row is in it and can be run; and the bounds that its rows try."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
from nightly import rows, versions
from nightly.rows import PAGE, ROWS, Run
from workspaces import REPOSITORY


def test_the_table_has_every_row_and_no_other() -> None:
    page = PAGE.read_text("utf-8")
    assert list(rows.read(page)) == list(ROWS)
    assert rows.written(page, {}) == page


def test_every_row_runs_what_is_there() -> None:
    for row, command in ROWS.items():
        files = [word for word in command if word.startswith(("tests/", "benchmarks/"))]
        assert files and all((REPOSITORY / file).exists() for file in files), row


def test_a_run_takes_the_place_of_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- nightly -->\n| row |\n|---|\n| gone | 1 | 2 | 3 | 4 |\n<!-- /nightly -->\nb\n")
    monkeypatch.setattr(rows, "PAGE", page)
    monkeypatch.setattr(rows, "LOGS", tmp_path)
    tests = (
        "print('5 failed, 1,2 x'); print('== 3 passed, 1 skipped in 2.50s (0:01) =='); raise SystemExit({})"
    )
    commands = {name: (sys.executable, "-c", tests.format(code)) for name, code in (("good", 0), ("bad", 3))}
    monkeypatch.setattr(rows, "ROWS", {**commands, "new": ("true",)})
    assert rows.main(["good"]) == 0 and rows.main(["good", "bad"]) == 1
    found = rows.read(page.read_text())
    assert {row: run.result for row, run in found.items()} == {
        "good": "passed, 3 passed, 1 skipped",
        "bad": "failed (3), 3 passed, 1 skipped",
        "new": "not run yet",
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["good"].date) and found["new"] == Run("new")
    assert page.read_text().startswith("a\n<!-- nightly -->\n| row |") and page.read_text().endswith(
        "-->\nb\n"
    )
    with pytest.raises(ValueError, match="no table"):
        rows.read("nothing")


def test_every_requirement_has_a_lower_bound() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [one for group in project["optional-dependencies"].values() for one in group]
    without = [one for one in (*project["dependencies"], *extras) if ">=" not in one]
    assert [one for one in without if not one.startswith("transfergraph[")] == []


def test_this_python_is_at_hand() -> None:
    at_hand = versions.pythons()
    assert min(at_hand) >= (3, 11)
    newest, command = versions.chosen("newest")
    assert at_hand[max(at_hand)] == command and newest == ".".join(map(str, max(at_hand)))
    with pytest.raises(SystemExit, match=r"Python 3\.99 is not at hand"):
        versions.chosen("3.99")
