"""The walls: who may import whom, how long a module and a function may be, and what is public."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from workspaces import REPOSITORY

import transfergraph as tg

SOURCE = REPOSITORY / "src" / "transfergraph"

# Each room may import from rooms above it, and from itself.
ROOMS = (
    {"errors"},
    {"common"},
    {"findings"},
    {"config"},
    {"vocabulary", "store"},
    {"tables", "queries"},
    {"sources"},
    {"identity"},
    {"mapping", "shacl", "network", "search", "workbench"},
    {"lists"},
    {"finding_reports"},
    {"dcat"},
    {"web"},
    {"derive"},
    {"validate", "release"},
    {"build_release", "server", "publish"},
    {"check_workspace", "new_workspace", "read_workspace", "source_list"},
    {"fill_in_workbook", "fix_workspace", "review_identities", "watch_workspace"},
    {"cli", "__init__", "__main__"},
)


def modules() -> list[Path]:
    found = sorted(SOURCE.rglob("*.py"))
    assert len(found) > 40
    return found


def name_of(file: Path) -> str:
    parts = list(file.relative_to(SOURCE.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("transfergraph"):
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                path = SOURCE.parent / Path(*module.split("."))
                exists = path.with_suffix(".py").is_file() or path.is_dir()
                yield module if exists else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("transfergraph"))


def room_of(module: str) -> str:
    parts = module.split(".")
    room = parts[1] if len(parts) > 1 else "__init__"
    return "common" if room == "messages" else room  # texts are common to all rooms


def level_of(room: str) -> int:
    for level, rooms in enumerate(ROOMS):
        if room in rooms:
            return level
    pytest.fail(f"the room {room} has no place in the order of rooms")


def test_imports_point_one_way() -> None:
    for file in modules():
        here = room_of(name_of(file))
        for module in imports_of(file):
            there = room_of(module)
            assert (
                there == here
                or level_of(there) < level_of(here)
                or (here in ("cli", "__main__") and there in ("cli", "__init__"))
            ), f"{name_of(file)} may not import {module}"


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = nx.DiGraph((name_of(file), module) for file in modules() for module in imports_of(file))
    graph.remove_edges_from([(a, b) for a, b in graph.edges if a == b])
    assert [c for c in nx.strongly_connected_components(graph) if len(c) > 1] == []


def test_no_module_name_occurs_twice() -> None:
    """Apart from ``cli/``, which mirrors the rooms, and the names that Python gives."""
    names = Counter(file.stem for file in modules() if file.parent.name != "cli" and file.stem[:2] != "__")
    assert [name for name, count in names.items() if count > 1] == []


def test_no_public_class_name_occurs_twice() -> None:
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in modules()]
    names = Counter(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))
    assert [name for name, count in names.items() if count > 1 and not name.startswith("_")] == []


# A test of a room may look into it, and into those of which its input is made. The command line and what the calls of
# the package return are no units.
INPUT = {"errors", "common", "messages", "findings", "config", "vocabulary", "store"}
RETURNED = {
    "cli.app": {"app"},
    "publish.static_site": {"SiteOutcome"},
    "queries": {"Answer", "BooleanAnswer", "GraphAnswer"},
}
# Tests of what runs through several rooms, and which.
THROUGH = {
    "test_bad_files.py": {"cli", "release"},
    "test_catalogue_check.py": {"dcat", "finding_reports"},
    "test_format_losses.py": {"network", "release", "web"},
    "test_languages.py": {"queries", "release", "server", "shacl", "tables", "web"},
    "test_locales.py": {"dcat", "network", "release", "server"},
    "test_mapping.py": {"mapping", "tables"},
    "test_network_files.py": {"network", "release"},
    "test_network_ties.py": {"network", "tables"},
    "test_pages_browser.py": {"queries", "release", "web"},
    "test_pages_entities.py": {"release", "web"},
    "test_pages_questions.py": {"queries", "web"},
    "test_patents.py": {"cli", "network", "release", "web"},
    "test_publication_site.py": {"dcat", "publish", "release", "web"},
    "test_publication_virtuoso.py": {"publish", "shacl"},
    "test_reading.py": {"release", "tables"},
    "test_release_readback.py": {"release", "tables"},
    "test_resources.py": {"publish", "server", "web"},
    "test_sources_cordis.py": {"mapping", "sources", "tables"},
    "test_sources_lists.py": {"sources", "tables"},
    "test_stated_numbers.py": {"dcat", "network", "release", "web"},
    "test_workbooks.py": {"finding_reports", "tables"},
    "test_workspace.py": {"queries", "release", "tables", "web"},
}


def units_of(file: Path) -> Iterator[str]:
    """The rooms into which a test looks, below the names of the package."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("transfergraph"):
            module = (node.module or "").partition(".")[2]
            for name in {alias.name for alias in node.names} - RETURNED.get(module, set()):
                if module or name not in tg.__all__:
                    yield (module or name).partition(".")[0]


def test_a_test_looks_into_one_room_at_most() -> None:
    """What it needs of others it gets through public doors: the package, the command line, HTTP, files."""
    tests = sorted((REPOSITORY / "tests").glob("test_*.py"))
    assert len(tests) > 50
    looked = {file.name: set(units_of(file)) - INPUT for file in tests}
    assert {name: rooms for name, rooms in looked.items() if len(rooms) > 1} == THROUGH


def test_modules_and_functions_stay_short() -> None:
    for file in modules():
        text = file.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 400, file
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{file}: {node.name} has {length} lines"


def test_the_library_neither_prints_nor_exits() -> None:
    for file in modules():
        room = room_of(name_of(file))
        if room in ("cli", "__main__"):
            continue
        # a forked worker ends without running what its parent has to do at its end
        forbidden = {"print", "exit", "quit", "sys.exit", "os._exit"} - (
            {"os._exit"} if room == "server" else set()
        )
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in forbidden, f"{file}: {called}"


def test_http_is_asked_by_one_library_and_again_in_one_place() -> None:
    texts = {file.relative_to(SOURCE).as_posix(): file.read_text("utf-8") for file in modules()}
    waiting = [name for name, text in texts.items() if "time.sleep(" in text]
    assert waiting == ["store/retries.py"]
    clients = re.compile(
        r"(?m)^\s*(?:import|from) (urllib\.request|urllib3|requests|httpx|aiohttp|SPARQLWrapper)\b"
    )
    assert {(name, one) for name, text in texts.items() for one in clients.findall(text)} == {
        ("store/remote.py", "SPARQLWrapper")
    }
    asking = {
        name.partition("/")[0] for name, text in texts.items() if re.search(r"(?m)^import httpx2$", text)
    }
    assert asking == {"publish", "dcat", "sources"}


def test_public_things_are_described() -> None:
    for file in modules():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        if file.name != "__init__.py" or tree.body:
            assert ast.get_docstring(tree), f"{file} has no docstring"
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{file}: {node.name} has no docstring"


# What may name a class of the ontology: the module that gives roles; schema.org has words that are the same.
NAMING = {
    "vocabulary/presentation.py": {"Undertaking", "Organisation", "Place", "Participation"},
    "web/dataset_page.py": {"Place"},
    "web/search_engines.py": {"Place"},
}


def texts_of(tree: ast.Module) -> Iterator[str]:
    """The texts in code, without those that only describe it."""
    described = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in described:
            yield node.value


def ontology_classes() -> set[str]:
    ontology = (REPOSITORY / "ontology" / "transfergraph.ttl").read_text(encoding="utf-8")
    classes = set(re.findall(r"^tg:(\w+) a owl:Class", ontology, re.MULTILINE))
    assert len(classes) > 15
    return classes


@pytest.mark.parametrize("pattern", ["network/script/*.js", "network/templates/*", "web/templates/*"])
def test_scripts_and_templates_know_no_class_by_name(pattern: str) -> None:
    files = [file for file in SOURCE.glob(pattern) if file.is_file()]
    assert len(files) > 2
    words = {file.name: set(re.findall(r"\w+", file.read_text(encoding="utf-8"))) for file in files}
    assert {name: known for name, found in words.items() if (known := found & ontology_classes())} == {}


def test_the_engine_knows_no_class_by_name() -> None:
    classes = ontology_classes()
    found = {}
    for file in modules():
        words = {
            word
            for text in texts_of(ast.parse(file.read_text(encoding="utf-8")))
            for word in re.findall(r"\w+", text)
        }
        found[file.relative_to(SOURCE).as_posix()] = words & classes
    assert {name: known for name, known in found.items() if not known <= NAMING.get(name, set())} == {}


# Where a table of the core is named: the network joins the table of participations, and its files and the
# address of its page call attributes and filters as they are called since the first release.
NAMING_TABLES = {"cli/network.py", "web/entity_page.py"} | {
    f"network/{name}.py"
    for name in (
        "layout/communities",
        "model/data_sources",
        "model/evidence",
        "model/introductions",
        "model/network_graph",
        "model/projection",
        "model/subnetworks",
        "model/subjects",
        "model/ties",
        "output/network_report",
        "output/report_content",
        "output/explorer_json",
        "output/explorer_page",
        "output/explorer_tables",
        "output/file_notes",
        "output/graph_files",
        "output/map_ground",
        "output/network_lists",
        "output/svg",
        "output/write_network",
    )
}

# Where a property of the core is named: what pages treat in a way of their own, the meaning of the network, and
# what is counted, dated and placed.
NAMING_PROPERTIES = {
    "dcat/completeness.py",
    "dcat/provenance.py",
    "release/contents_reader.py",
    "release/changes/change_summary.py",
} | {
    *("tables/check_plausibility.py", "tables/check_places.py", "web/document_terms.py"),
    *(
        f"network/model/{name}.py"
        for name in (
            *("concepts", "evidence", "network_graph", "partner_completeness", "partner_counts"),
            *("stated_amounts", "tie_paths"),
        )
    ),
}


def test_the_engine_knows_no_table_by_name_but_for_the_network() -> None:
    tables = json.loads((REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8"))["tables"]
    names = {table["url"].removesuffix(".csv") for table in tables}
    names |= {table["tableSchema"]["aboutUrl"].partition("{")[0] for table in tables} - {""}
    from_table = re.compile(rf"\b(?:FROM|JOIN) (?:{'|'.join(names)})\b")
    found = {
        file.relative_to(SOURCE).as_posix()
        for file in modules()
        for text in texts_of(ast.parse(file.read_text(encoding="utf-8")))
        if (text in names and not text.startswith("http")) or from_table.search(text)
    }
    assert found == NAMING_TABLES


def properties_in(tree: ast.Module) -> Iterator[str]:
    """The properties of the core that are named: ``TG + "start"``, ``{TG}start`` in a text, ``tg:start``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and ast.unparse(node.left) == "TG":
            yield ast.unparse(node.right)
        elif isinstance(node, ast.JoinedStr):
            yield from re.findall(r"\{TG\}(\w+)", ast.unparse(node))
    for text in texts_of(tree):
        yield from re.findall(r"\btg:(\w+)", text)


def test_properties_of_the_core_are_named_where_they_mean_something() -> None:
    found = {
        file.relative_to(SOURCE).as_posix()
        for file in modules()
        if any(properties_in(ast.parse(file.read_text(encoding="utf-8"))))
    }
    assert found - {"vocabulary/presentation.py"} == NAMING_PROPERTIES


def test_the_exported_names_are_exactly_these() -> None:
    assert sorted(tg.__all__) == [
        "Corrections",
        "Finding",
        "InputError",
        "Look",
        "MissingExtra",
        "Outcome",
        "QueryError",
        "QueryLimits",
        "QueryStopped",
        "Release",
        "ReleaseError",
        "Report",
        "Severity",
        "SourceState",
        "StoreError",
        "StoreUnavailable",
        "Text",
        "TransfergraphError",
        "UsageError",
        "WorkspaceError",
        "add_source",
        "archive",
        "build",
        "bulk",
        "check",
        "columns",
        "decide",
        "fix",
        "init",
        "list_sources",
        "new_source",
        "open",
        "push",
        "review",
        "site",
        "template",
        "watch",
    ]
    assert all(getattr(tg, name).__doc__ for name in tg.__all__)


def test_the_help_of_the_command_line_loads_no_engine() -> None:
    heavy = (
        "networkx",
        "rdflib",
        "duckdb",
        "pyoxigraph",
        "pyshacl",
        "openpyxl",
        "jinja2",
        "rich",
        "starlette",
    )
    program = (
        "import sys, transfergraph.cli\n"
        "sys.argv = ['transfergraph', '--help']\n"
        "try: transfergraph.cli.main()\n"
        f"finally: print('loaded:', *(name for name in {heavy} if name in sys.modules))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "build" in run.stdout
    assert run.stdout.splitlines()[-1] == "loaded:"


@pytest.mark.parametrize(
    ("process", "later"),
    [
        (
            "transfergraph.server.run_server",
            "PIL duckdb jinja2 markdown_it rdflib sqlite3 transfergraph.dcat.catalogue "
            "transfergraph.web.page_template transfergraph.web.resources",
        ),
        (
            "transfergraph.server.pool.fork_server",
            "PIL duckdb http.client markdown_it networkx openpyxl rdflib ssl starlette",
        ),
    ],
)
def test_an_idle_server_has_loaded_only_what_it_uses(process: str, later: str) -> None:
    """What the first process of a server, and the one from which workers are forked, load beside the release."""
    program = f"import sys, {process}\nprint('loaded:', *sorted(set({later.split()}) & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "loaded:"


@pytest.mark.parametrize(
    ("arguments", "spoken", "told"),
    [
        (("check", "--help"), "de_DE.UTF-8", "Fehler in den Tabellen finden, ohne"),
        (("check", "--help"), "C", "Find faults in the tables without"),
        (("check", "--help", "--lang", "de"), "en_US", "Der Ordner mit transfergraph.toml."),
        (("check", "-w", "nowhere", "--lang=de"), "C", "nowhere ist kein Arbeitsbereich"),
        (("check", "-w", "nowhere"), "de_DE.UTF-8", "nowhere ist kein Arbeitsbereich"),
        (("check", "-w", "nowhere", "--lang", "pl"), "de", "nowhere is no workspace"),
        (("check", "--lang", "xx"), "de", "keine von de, en, pl"),
        (("verify", "nowhere"), "de", "nowhere ist keine Ausgabe"),
        (("serve", "-w", "nowhere", "--lang", "de"), "C", "nowhere ist kein Arbeitsbereich"),
        (("serve", "-w", "nowhere"), "de", "nowhere ist kein Arbeitsbereich"),
    ],
)
def test_help_and_errors_are_in_the_language_of_the_option_or_the_environment(
    arguments: tuple[str, ...], spoken: str, told: str
) -> None:
    named = {"LANG": spoken, "COLUMNS": "200"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    command = [sys.executable, "-m", "transfergraph", *arguments]
    run = subprocess.run(command, capture_output=True, text=True, check=False, env=environment | named)
    assert told in " ".join((run.stdout + run.stderr).split())


def test_the_changelog_begins_with_this_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changelog = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")
    first = next(line for line in changelog.splitlines() if line.startswith("## "))
    assert first.startswith(f"## {project['version']}")
    assert tg.__version__ == project["version"]
