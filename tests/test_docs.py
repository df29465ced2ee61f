"""What the documentation promises: commands exist, links lead somewhere, the notebook runs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import typer
from nbclient import NotebookClient
from server_fixture import Served
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.cli.app import app

PAGES = [REPOSITORY / "README.md", REPOSITORY / "CHANGELOG.md", *sorted((REPOSITORY / "docs").glob("*.md"))]


def commands() -> Iterator[tuple[Path, list[str]]]:
    for page in PAGES:
        for line in page.read_text(encoding="utf-8").splitlines():
            for found in re.findall(r"(?:^ {4}.*?|`)(transfergraph [a-z][^`|]*)(?:`|$)", line):
                yield page, shlex.split(found.split("  #")[0].split(" …")[0].replace("'", ""))


def known_commands() -> dict[str, set[str]]:
    """The options of each command; a command of a group is called ``<group> <command>``."""
    known: dict[str, set[str]] = {}
    for name, command in getattr(typer.main.get_command(app), "commands", {}).items():
        for inner, one in getattr(command, "commands", {"": command}).items():
            known[f"{name} {inner}".strip()] = {o for parameter in one.params for o in parameter.opts}
    return known


def joined(words: list[str]) -> list[str]:
    """The words with the name of the command as one, also where it is that of a group's command."""
    longer = " ".join(words[1:3])
    return [words[0], longer, *words[3:]] if longer in known_commands() else words


def test_every_documented_command_and_option_exists() -> None:
    known = known_commands()
    checked = 0
    for page, words in commands():
        words = joined(words)
        assert words[1] in known, f"{page.name}: {' '.join(words)}"
        for word in words[2:]:
            if word.startswith("-") and word != "-":
                assert word.split("=")[0] in known[words[1]], f"{page.name}: {' '.join(words)}"
        checked += 1
    assert checked > 10


def test_every_command_is_documented() -> None:
    assert set(known_commands()) <= {joined(words)[1] for _, words in commands()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_setting_is_documented() -> None:
    documented = (REPOSITORY / "docs" / "workspace.md").read_text(encoding="utf-8")
    portals = (REPOSITORY / "docs" / "portals.md").read_text(encoding="utf-8")
    section = ""
    for line in (REPOSITORY / "transfergraph.toml").read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"\[([a-z.]+)\]", line):
            section = header[1]
        elif key := re.match(r"([a-z0-9_]+) =", line):
            name = f"{section}.{key[1]}"
            assert f"`{name}`" in documented or f"`{name.removeprefix('catalogue.')}`" in portals, name


def test_the_notebook_runs(saxony: tg.Release, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRANSFERGRAPH_RELEASE", str(saxony.path))
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.reads((REPOSITORY / "docs" / "explore.ipynb").read_text("utf-8"), as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=REPOSITORY / "docs")
    shown = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    assert not [o for o in shown if o["output_type"] == "error"]
    text = " ".join(str(output.get("data", output.get("text", ""))) for output in shown)
    assert "Saxony5" in text
    assert "Hochschule Mittweida" in text or "Mittweida" in text


def test_the_notebook_for_endpoints_runs(server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the endpoint to pandas, networkx, rdflib and SPARQLWrapper: ten questions, each with an answer."""
    monkeypatch.setenv("TRANSFERGRAPH_ENDPOINT", f"{server.url}sparql")
    monkeypatch.setenv("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    notebook = nbformat.reads((REPOSITORY / "docs" / "endpoint.ipynb").read_text("utf-8"), as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") for cell in notebook.cells), "the notebook is kept without outputs"
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute(cwd=REPOSITORY / "docs")
    asked = [cell for cell in notebook.cells if cell.cell_type == "code"][1:]
    assert len(asked) == 10
    for cell in asked:
        (output,) = [one for one in cell.outputs if one["output_type"] == "execute_result"]
        assert output["data"]["text/plain"] not in ("[]", "Series([], dtype: int64)"), cell.source
    shown = " ".join(str(cell.outputs) for cell in asked)
    assert "Saxony5" in shown and "http://purl.org/dc/terms/isPartOf" in shown and "HTW Dresden" in shown


def test_the_map_of_changes_names_files_that_are_there() -> None:
    page = (REPOSITORY / "docs" / "development.md").read_text(encoding="utf-8")
    table = page.split("## Where to open first")[1].split("\n## ")[0]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 20
    for row in rows:
        file = row.split("`")[1]
        places = (REPOSITORY / "src" / "transfergraph", REPOSITORY)
        assert any((place / file).is_file() for place in places), file


def test_each_threat_names_tests_that_there_are() -> None:
    page = (REPOSITORY / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if re.match(r"\| .* \| .* \| .*test_", line)]
    assert len(rows) > 10
    for name in {name for row in rows for name in re.findall(r"`(test_\w+)`", row)}:
        assert (REPOSITORY / "tests" / f"{name}.py").is_file(), name
