"""``transfergraph init``: a workspace that builds at once, and asks for nothing that it can choose."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from server_fixture import served

import transfergraph as tg
from transfergraph import Text
from transfergraph.common.text import column_name
from transfergraph.config.workspace import open_workspace
from transfergraph.queries import Answer
from transfergraph.tables.csvw import read_table_group

WITHOUT_AN_ANSWER = ("partners-of-partners", "topic-near-place", "topic-outside-the-alliances")
"""What has none in a graph where all partners know each other, belong to an alliance, and have no energy."""


def test_it_has_rows_in_every_table_and_builds_without_a_finding(tmp_path: Path) -> None:
    root = tg.init(tmp_path / "my-region")
    workspace = open_workspace(root)
    assert workspace.settings.base == "https://example.org/my-region/"
    assert workspace.settings.title.english == "my-region" and workspace.settings.catalogue is None
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    for table in group.tables:
        with (root / "data" / "example" / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        assert header == [column.name for column in table.file_columns] and rows, table.name
    assert list(tg.check(root, tmp_path / "scratch").findings) == []
    outcome = tg.build(root, root / "build")
    assert outcome.manifest is not None and outcome.report.findings == ()
    assert all(outcome.manifest.counts.values()), outcome.manifest.counts
    release = tg.open(root / "build")
    asked = [(question, one) for question in release.questions for one in question.parameters]
    for question, parameter in asked:
        assert not parameter.is_entity or parameter.example.startswith(f"<{workspace.settings.base}")
        answer = release.question(question.name)
        assert isinstance(answer, Answer) and (answer.rows or question.name in WITHOUT_AN_ANSWER), (
            question.name
        )


@pytest.mark.share
@pytest.mark.parametrize("languages", [("pl", "en"), ("en",), ("cs", "de"), ("pt-br", "fr", "en")])
def test_it_builds_in_any_languages_and_without_a_finding(tmp_path: Path, languages: tuple[str, ...]) -> None:
    root = tg.init(tmp_path / "my-region", languages)
    assert open_workspace(root).settings.languages == languages
    outcome = tg.build(root, root / "build")
    assert outcome.manifest is not None and outcome.report.findings == ()
    release = tg.open(root / "build")
    assert release.manifest.languages == languages
    name = Text(de="Leichtbau im Bergland", en="Lightweight Uplands")
    node = release.network().nodes[f"{release.manifest.base}undertaking/lightweight"]
    assert {one: node[column_name("label", one)] for one in languages} == name.by_language(languages)
    translated = {file.stem for file in (root / "ontology" / "languages").glob("*")}
    assert translated == set(languages) - {"de", "en", "pl"}
    first = languages[0]
    with served(root / "build", root) as server:
        page = server.get("undertaking/lightweight.html", "text/html", **{"Accept-Language": first}).text
    assert f'<html lang="{first}">' in page and name.in_language(first) in page


@pytest.mark.parametrize("languages", [(), ("de", "de"), ("DE",), ("de", ""), ("../x",), ("Polish",)])
def test_what_is_no_language_is_refused(tmp_path: Path, languages: tuple[str, ...]) -> None:
    with pytest.raises(tg.UsageError, match="pl,en"):
        tg.init(tmp_path / "new", languages)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Mój region", "https://example.org/m-j-region/"),
        ('a "b" \\ $c', "https://example.org/a-b-c/"),
        ("łęąść", "https://example.org/graph/"),
    ],
)
def test_title_and_base_are_made_from_any_name(tmp_path: Path, name: str, base: str) -> None:
    settings = open_workspace(tg.init(tmp_path / "new" / name)).settings
    assert settings.title.in_language("de") == name and settings.base == base


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("x", encoding="utf-8")
    for folder in (tmp_path, tmp_path / "mine"):
        with pytest.raises(tg.UsageError, match=r"not empty|cannot be made"):
            tg.init(folder)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_the_command_works_where_it_stands_and_says_how_to_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "transfergraph", "init", ".", "--lang", "en", "--languages", "cs,en"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "check\n" in done.stdout and "--workspace" not in done.stdout
    assert "cs.ttl: names of terms, still in English; translate them" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"transfergraph.toml", "data", "ontology", "pages"}
    again = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert again.returncode == 2 and "is not empty" in again.stderr
