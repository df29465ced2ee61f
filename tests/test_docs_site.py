"""The documentation as a site: its generated reference is complete, and it is built without a warning."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import findings_fixture as made
import pytest
from test_docs import known_commands
from wheel_fixture import bare
from workspaces import REPOSITORY, core_text

import transfergraph as tg
from transfergraph.common.namespaces import DOCS
from transfergraph.config.settings import (
    Area,
    CatalogueSettings,
    IdentitySettings,
    Limits,
    ServerSettings,
)
from transfergraph.config.site_settings import MapSettings, SiteSettings

TOOLS = ("furo", "myst_parser", "sphinx")
COLUMN_IN_GERMAN = re.compile(r"_de$")


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the generated pages."""
    folder = tmp_path_factory.mktemp("reference")
    command: list[str | Path] = [sys.executable, REPOSITORY / "docs" / "reference.py", folder]
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=bare())
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def page(folder: Path, name: str) -> str:
    return (folder / f"{name}.md").read_text(encoding="utf-8")


def test_every_command_and_option_is_in_it(reference: Path) -> None:
    text = page(reference, "commands")
    for name, options in known_commands().items():
        section = text.partition(f"\n## transfergraph {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for option in options - {"--help"}:
            assert f"`{option}`" in section or not option.startswith("-"), f"{name} {option}"
    assert "Exit code" in text


def test_every_setting_is_in_it(reference: Path) -> None:
    text = page(reference, "settings")
    tables = {
        "limits": Limits,
        "catalogue": CatalogueSettings,
        "catalogue.place": Area,
        "server": ServerSettings,
        "site": SiteSettings,
        "identity": IdentitySettings,
        "map": MapSettings,
    }
    for table, model in tables.items():
        for name in set(model.__struct_encode_fields__) - {"place"}:
            assert f"`{table}.{name}" in text, name
    for section, values in tomllib.loads(core_text("transfergraph.toml")).items():
        for key in values if section in ("graph", "publisher", "release") else ():
            assert f"`{section}.{COLUMN_IN_GERMAN.sub('', key).removesuffix('_en')}" in text, key
    for key in tomllib.loads(core_text("data/saxony/source.toml")):
        assert f"`{COLUMN_IN_GERMAN.sub('', key).removesuffix('_en')}" in text, key


def test_every_table_and_column_is_in_it(reference: Path) -> None:
    text = page(reference, "tables")
    for table in json.loads(core_text("ontology/tables.json"))["tables"]:
        name = table["url"].removesuffix(".csv")
        section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for column in table["tableSchema"]["columns"]:
            if not column.get("virtual") and not COLUMN_IN_GERMAN.search(column["name"]):
                assert f"| `{column['name']}`" in section, f"{name} {column['name']}"


def test_every_term_of_a_list_is_in_it(reference: Path) -> None:
    text = page(reference, "terms")
    for file in (REPOSITORY / "ontology" / "schemes").glob("*.ttl"):
        section = text.partition(f"\n## {file.stem}\n")[2].partition("\n## ")[0]
        for key in re.findall(r'skos:notation "(.*)"', file.read_text(encoding="utf-8")):
            assert f"| `{key}` |" in section, f"{file.stem} {key}"


def test_every_question_and_parameter_is_in_it(reference: Path) -> None:
    text = page(reference, "questions")
    for file in (REPOSITORY / "queries" / "questions").glob("*.rq"):
        section = text.partition(f"\n## {file.stem}\n")[2].partition("\n## ")[0]
        assert section, file.stem
        for name in re.findall(r"^#\+ parameter: (\w+) ", file.read_text(encoding="utf-8"), re.MULTILINE):
            assert f"| `{name}` |" in section, f"{file.stem} {name}"


def test_every_finding_is_in_it_with_its_remedy(reference: Path) -> None:
    text = page(reference, "findings")
    sources = "".join(f.read_text("utf-8") for f in (REPOSITORY / "src").rglob("*.py"))
    codes = {code.removesuffix(".suggested") for code in re.findall(r'\bfault\(\s*"([a-z.-]+)"', sources)}
    codes |= set(re.findall(r'advice\(\s*"([a-z.-]+)"', sources))
    shapes = core_text("ontology/shapes.ttl")
    codes |= {
        block.split()[0].removeprefix("tgsh:")
        for block in re.findall(r"^tgsh:.*?\.$", shapes, re.MULTILINE | re.DOTALL)
        if "sh:message" in block
    }
    codes |= {file.stem for file in (REPOSITORY / "queries" / "checks").glob("*.rq")}
    assert len(codes) > 200
    page_name, _, anchor = made.row_count().page.removeprefix(DOCS).partition("#")
    assert (page_name, f'<a id="{anchor}"></a>' in text) == ("reference/findings.html", True)
    for code in codes:
        section = text.partition(f'\n<a id="{code}"></a>\n\n### {code}\n')[2].partition("\n<a id=")[0]
        assert "*How to mend it:*" in section, code
    sections = re.findall(r"^### (.*)\n\n((?:(?!^### |^<a id=).*\n)+)", text, re.MULTILINE)
    assert {code for code, _ in sections} >= codes
    for code, section in sections:
        for part in ("How to mend it", r"An example(, in the graph)?", "Why we ask"):
            assert len(re.findall(rf"^\*{part}:\*", section, re.MULTILINE)) == 1, (code, part)


def test_every_public_name_of_python_is_in_it(reference: Path) -> None:
    named = re.findall(r"^\.\. auto\w+:: transfergraph\.(\w+)$", page(reference, "python"), re.MULTILINE)
    assert sorted(named) == sorted(tg.__all__)


def test_every_page_has_its_place_in_the_contents(reference: Path) -> None:
    index = (REPOSITORY / "docs" / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^(?:.*<)?([a-z/-]+)>?$", index, re.MULTILINE))
    pages = {file.stem for file in (REPOSITORY / "docs").glob("*.md")} - {"index"}
    assert pages | {f"reference/{file.stem}" for file in reference.glob("*.md")} <= listed


@pytest.mark.skipif(
    not all(map(find_spec, TOOLS)), reason="sphinx, myst-parser or furo is not installed (the extra docs)"
)
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    sphinx = (sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q")
    done = subprocess.run(
        [*sphinx, REPOSITORY / "docs", tmp_path], check=False, capture_output=True, text=True, env=bare()
    )
    assert done.returncode == 0, done.stderr
    for name in ("index", "your-region", "reference/findings", "reference/python"):
        assert f"transfergraph {tg.__version__}" in (tmp_path / f"{name}.html").read_text("utf-8"), name
    findings = (tmp_path / "reference" / "findings.html").read_text(encoding="utf-8")
    assert 'id="ProjectHasKind"' in findings
    fetched = re.findall(r'(?:src|<link[^>]* href)="(https?:[^"]*)"', findings)
    assert fetched == []  # readable without the network
    assert "Make a release of the workspace" in (tmp_path / "reference" / "python.html").read_text("utf-8")
