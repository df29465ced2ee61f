"""The last lines of a build: what was made, what contradicts, what could be richer, and how to go on."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from workspaces import TABLES, edited, make_workspace

import transfergraph as tg


def build(root: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "transfergraph", "build", *options, "--lang", "en"]
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, env=environment)


def suggestions(shown: str) -> list[str]:
    return [line.strip() for line in shown.partition("Next, try:\n")[2].splitlines()]


def works(command: str, folder: Path) -> str:
    done = subprocess.run([*shlex.split(command)], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout


@pytest.fixture
def contradicting(tmp_path: Path) -> Path:
    """A workspace in which two sources name two coordinators, in a folder with a space in its name."""
    rows = TABLES["participations"].replace("recomine,müller-ag,partner", "recomine,müller-ag,coordinator")
    rows = rows.replace("recomine,htw-dresden,coordinator,2019-04,2025", "recomine,htw-dresden,coordinator,,")
    return make_workspace(tmp_path / "my region", participations=rows)


def test_the_end_tells_what_was_made_what_contradicts_and_where_to_look(contradicting: Path) -> None:
    done = build(contradicting, contradicting)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"The release 2026\.11-\w+ has been made and published\. It has:", lines[0])
    assert "1 alliance" in lines[1] and "1 project" in lines[1]
    assert lines[2] == "1 contradiction stands, as the sources have it:"
    assert lines[3] == "  - HTW Dresden is named as coordinator of recomine, and so is Müller AG."
    report = tg.check(contradicting, contradicting / "build")
    assert f"{report.rows_to_enrich} rows could be richer; “check” tells in what." in lines
    page = next(line for line in lines if line.startswith("Open in a browser: ")).partition(": ")[2]
    assert (contradicting / page).is_file()
    assert len(lines) <= 14
    again = build(contradicting, contradicting).stdout.splitlines()
    assert again[0].startswith("Nothing has changed: the release") and again[1:] == lines[1:]


@pytest.mark.parametrize("elsewhere", [False, True])
def test_what_is_suggested_works(contradicting: Path, tmp_path: Path, elsewhere: bool) -> None:
    folder = tmp_path if elsewhere else contradicting
    options = ("-w", contradicting.name) if elsewhere else ()
    commands = suggestions(build(contradicting, folder, *options).stdout)
    verbs = [command.partition("-m transfergraph ")[2].split()[0] for command in commands]
    assert verbs == ["check", "questions", "query"]
    answers = [works(command, folder) for command in commands]
    assert "Ready to publish" in answers[0] and "partners-of" in answers[1] and "row" in answers[2]


def test_what_is_suggested_works_in_a_new_workspace(tmp_path: Path) -> None:
    root = tg.init(tmp_path / "region", ("pl", "en"))
    commands = suggestions(build(root, root).stdout)
    assert len(commands) == 3
    for command in commands:
        works(command, root)


def test_a_build_that_stops_tells_each_fault_and_the_verdict(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", projects=edited("projects", "2021-06-30", "30.06.2021"))
    done = build(root, root)
    assert done.returncode == 1
    assert done.stdout.count("30.06.2021") == 1 and "1 fault to mend." in done.stdout
    assert "no release is current" in done.stdout
