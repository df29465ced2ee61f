"""What a workspace may hold: no link that leads out of it, and no version that is no part of a path."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from server_fixture import release_of
from workspaces import REPOSITORY, TABLES, core_text, declare, edited, make_workspace

import transfergraph as tg
from transfergraph import WorkspaceError
from transfergraph.common.namespaces import SKOS
from transfergraph.config.declarations import TABLES as TABLES_JSON
from transfergraph.config.workspace import SETTINGS_FILE, open_workspace
from transfergraph.queries import Answer, BooleanAnswer, load_queries
from transfergraph.release.ontology_versions import read_versions
from transfergraph.tables.csvw import read_table_group
from transfergraph.vocabulary.term_lists import read_vocabulary
from transfergraph.web.ontology_page import ONTOLOGY_FILE, read_alignments
from transfergraph.web.ontology_page import read_vocabulary as read_release_vocabulary

SECRET = '<https://example.org/a> <https://example.org/b> "secret" .\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace, and beside it a folder ``elsewhere`` with files that are none of its business."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("secret", "table.csv", "settings.toml", "source.toml"):
        (elsewhere / name).write_text(SECRET, encoding="utf-8")
    (tmp_path / "ws2").mkdir()  # its name begins like that of the workspace
    return make_workspace(tmp_path / "ws")


LINKS = {
    "ontology/leak.ttl": "../../elsewhere/secret",
    "ontology/schemes/more": "../../../elsewhere",
    "ontology/deep/er": "../../queries/../../ws2",
    "queries/questions/leak.rq": "../../../elsewhere/secret",
    "queries/.hidden": "../../elsewhere/secret",
    "data/other": "../../elsewhere",
    "data/source/organisations.csv": "../../../elsewhere/table.csv",
    "data/source/source.toml": "../../../elsewhere/source.toml",
    "data/source/nothing.csv": "../../../elsewhere/nothing",
    "data/source/process": "/proc/self/environ",
    "data": "../elsewhere",
    "queries": "../elsewhere",
    SETTINGS_FILE: "../elsewhere/settings.toml",
}


def link(root: Path, name: str, target: str) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(root / "aside")
    path.symlink_to(target)
    return path


@pytest.mark.parametrize("name", LINKS)
def test_a_link_that_leaves_the_workspace_stops_everything(root: Path, tmp_path: Path, name: str) -> None:
    path = link(root, name, LINKS[name])
    for action in (open_workspace, lambda root: tg.build(root, tmp_path / "build")):
        with pytest.raises(WorkspaceError) as caught:
            action(root)
        assert str(path) in str(caught.value) and str(path.resolve()) in str(caught.value)
        assert "copy" in str(caught.value)
    assert not (tmp_path / "build").exists()


def test_a_chain_that_ends_outside_is_found_at_its_first_link_and_behind_a_folder(root: Path) -> None:
    (root / "shared").mkdir()
    end = link(root, "shared/end.ttl", "../../elsewhere/secret")
    for name, target, told in (
        ("ontology/chain.ttl", "../shared/end.ttl", "ontology/chain.ttl"),
        ("ontology/schemes/folder", "../../shared", "ontology/schemes/folder/end.ttl"),
    ):
        path = link(root, name, target)
        with pytest.raises(WorkspaceError, match=re.escape(f"{root / told} leads to {end.resolve()}")):
            open_workspace(root)
        path.unlink()
    open_workspace(root)


def test_links_within_the_workspace_are_read_and_decide_what_the_release_is(
    root: Path, tmp_path: Path
) -> None:
    (root / "data" / "source").rename(root / "shared")
    link(root, "data/source", "../shared")
    link(root, "ontology/loop", "..")
    link(root, "data/self", "self")
    with pytest.raises(WorkspaceError, match=r"data/self leads to .*, which is not there"):
        open_workspace(root)
    (root / "data" / "self").unlink()
    link(root, "data/.#lock", "someone@somewhere.4711")  # as editors leave them
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.manifest is not None
    paths = [entry.path for entry in outcome.manifest.inputs]
    assert "data/source/projects.csv" in paths and not any("loop" in path for path in paths)
    table = root / "shared" / "organisations.csv"
    table.write_text(table.read_text("utf-8").replace("HTW Dresden,", "HTWD,"), "utf-8")
    assert not tg.build(root, tmp_path / "build").unchanged


def test_the_workspace_itself_may_be_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "current").symlink_to("ws")
    assert open_workspace(tmp_path / "current").root == root


BAD_VERSIONS = (
    "..", ".", "", " ", "-", "a/b", "/", "a\\b", "con\x00", "2026.11\n", " 2026", "2026 11", "2026..11",
    ".2026", "2026.", "-rf", "2026-", "ä", "²", "٢", "a%2Fb", "a#b", "a?b", "a:b", "~", "1" * 65,
)  # fmt: skip


@pytest.mark.parametrize("version", BAD_VERSIONS)
def test_a_version_that_is_no_part_of_a_path_is_refused(root: Path, version: str) -> None:
    file = root / SETTINGS_FILE
    written = "".join(f"\\u{ord(character):04x}" for character in version)
    text, count = re.subn(
        r'^version = ".*"$', lambda _: f'version = "{written}"', file.read_text("utf-8"), flags=re.MULTILINE
    )
    assert count == 1
    file.write_text(text, encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"release\.version .*2026\.11"):
        open_workspace(root)


@pytest.mark.parametrize("version", ["1", "2026.11", "2026.11-rc.1", "v2", "1-2.3", "1" * 64])
def test_other_versions_are_taken(root: Path, version: str) -> None:
    file = root / SETTINGS_FILE
    file.write_text(file.read_text("utf-8").replace('"2026.11"', f'"{version}"'), encoding="utf-8")
    assert open_workspace(root).settings.version == version


FAULTS = {
    ("[graph]", "[grph]"): ["unknown key: grph; did you mean graph?"],
    ("base =", "bse ="): ["unknown key: graph.bse; did you mean graph.base?"],
    ("loss =", "quorum ="): ["unknown key: limits.quorum; remove it"],
    ("[graph]", "publisher_mail = 1\n[graph]"): ["unknown key: publisher_mail; did you mean publisher?"],
    ("[graph]", '"graph.base" = "https://example.org/"\n[graph]'): ['unknown key: "graph.base"; remove it'],
    ("[publisher]", "[release.x]"): [
        "unknown key: release.x; remove it",
        'publisher.name is missing; for example: name = "Name of the agency"',
        'publisher.homepage is missing; for example: homepage = "https://example.org"',
    ],
    ("[limits]", "[catalogue.limits]"): [
        "limits is missing; write it as a table, [limits]",
        "unknown key: catalogue.limits; remove it",
    ],
    ("[graph]", "server = 5\n[graph]"): ["server must be a table; write it as a table, [server]"],
    ('saxony/"', 'saxony/?x=/"'): ["graph.base must be an address without query and fragment; ", ],
    ('saxony/"', 'saxony/#"'): ["graph.base must be an address without query and fragment; "],
    ('saxony/"', 'saxony"'): ["graph.base must be the address of a folder and end with a slash: https://w3id.org/transfergraph/saxony/; "],
    ('saxony/"', 'sax ony/"'): ["graph.base must be a whole web address (Invalid IRI"],
    ("issued = 2026-11-24", 'issued = "2026-11-24"'): ["release.issued must be a date; for example: "],
    ("issued = 2026-11-24", "issued = 2026-11-24T12:00:00"): ["release.issued must be a date; for example: "],
    ("consortium = 20", "consortium = true\nmore = 1"): [
        "unknown key: limits.more; remove it",
        "limits.consortium must be a whole number of at least 1; for example: consortium = 40",
    ],
    ('"2026.11"', '".."\nissue = 1'): [
        "unknown key: release.issue; did you mean release.issued?",
        "release.version must have the letters A to Z and digits, 64 at most",
    ],
    ('"TECH", ', '"TECH", 5, '): ["catalogue.themes must be a list of different texts, "],
    ('title_de = "', 'title_de = "\\u0001'): ["graph.title_de has a character that no text may have; "],
    ("[graph]", "".join(f"k{n} = 1\n" for n in range(12)) + "[graph]"): [
        *["unknown key: k"] * 10,
        "and 2 more faults.",
    ],
    ("[graph]", f"x = {'[' * 9999}{']' * 9999}\n[graph]"): [" is not valid TOML: "],
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), FAULTS, ids=[f"{n}" for n in range(len(FAULTS))])
def test_every_fault_of_the_settings_is_told_with_its_key_and_what_to_do(
    root: Path, before: str, after: str
) -> None:
    file = root / SETTINGS_FILE
    text = (REPOSITORY / SETTINGS_FILE).read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(root)
    told = [line.removeprefix(str(file)).removeprefix(": ") for line in str(caught.value).splitlines()]
    assert [line[: len(one)] for line, one in zip(told, FAULTS[before, after], strict=True)] == FAULTS[
        before, after
    ]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("[6, 5]", "rows.alliances must have the least number of rows first"),
        ("[-1, 5]", "rows.alliances must have the least number of rows first"),
        ("[5]", "rows.alliances must have two whole numbers, .*; for example: alliances = \\[10, 20\\]"),
        ('"5"', "rows.alliances must have two whole numbers"),
    ],
)
def test_expected_rows_are_a_range(root: Path, rows: str, told: str) -> None:
    file = next(root.glob("data/*/source.toml"))
    head = file.read_text("utf-8").partition("[rows]")[0]
    file.write_text(f"{head}[rows]\nalliances = {rows}\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=told):
        open_workspace(root)


@pytest.mark.parametrize("version", ["../../../x", "..", "", "0.1 beta"])
def test_a_version_of_the_ontology_is_a_part_of_paths_too(root: Path, version: str) -> None:
    text = core_text("ontology/transfergraph.ttl")
    declare(
        root, "ontology/transfergraph.ttl", text.replace('versionInfo "0.1.0"', f'versionInfo "{version}"')
    )
    with pytest.raises(WorkspaceError, match=r"owl:versionInfo; for example"):
        read_vocabulary(open_workspace(root))


def test_a_release_with_such_a_version_does_not_lead_out_of_a_site(tmp_path: Path) -> None:
    release_of(b"", tmp_path)
    release = tmp_path / "releases" / "graph"
    (release / "ontology").mkdir()
    for version, known in (("../../../x", []), ("0.1.0", ["0.1.0"])):
        statement = f'<https://example.org/> <http://www.w3.org/2002/07/owl#versionInfo> "{version}" .\n'
        (release / ONTOLOGY_FILE).write_text(statement, encoding="utf-8")
        assert list(read_versions(release)) == known


def test_a_workspace_of_settings_and_data_is_declared_by_the_core(root: Path, tmp_path: Path) -> None:
    assert sorted(path.name for path in root.iterdir()) == ["data", SETTINGS_FILE]
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.manifest is not None and outcome.release is not None
    named = {entry.path: entry.sha256 for entry in outcome.manifest.inputs}
    used = {path for path in named if path.startswith(("ontology/", "queries/"))}
    assert {"ontology/shapes.ttl", "ontology/schemes/role.ttl", "queries/rules/cooperates-with.rq"} <= used
    assert all(named[path] == hashlib.sha256((REPOSITORY / path).read_bytes()).hexdigest() for path in used)
    assert named.keys() - used == {SETTINGS_FILE, "data/source/source.toml"} | {
        f"data/source/{table}.csv" for table in TABLES
    }
    copy = make_workspace(tmp_path / "copy")
    for folder in ("ontology", "queries"):
        shutil.copytree(REPOSITORY / folder, copy / folder)
    assert open_workspace(copy).inputs().keys() == named.keys()
    assert tg.build(copy, tmp_path / "build").unchanged


LAB = "https://w3id.org/transfergraph/ontology#Lab"
KIND = "https://w3id.org/transfergraph/scheme/organisation-kind"
PREFIXES = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> . @prefix my: <https://example.org/my#> .
"""
SHIP = 'my:Ship a owl:Class ; rdfs:label "Schiff"@de , "Ship"@en .'
LONG = """my:LongEnough a sh:NodeShape ; sh:targetClass my:Ship ; sh:property my:NameIsLong .
my:NameIsLong a sh:PropertyShape ; sh:path skos:prefLabel ; sh:minLength 4 ; sh:severity sh:Warning .
"""
CLOSE = "my:Ship skos:closeMatch tg:Lab ."
NAMED = '\n_:same rdfs:label "{}, not those of _:same elsewhere" .'
GUILD = f'<{KIND}/guild> a skos:Concept ; skos:inScheme <{KIND}> ; skos:prefLabel "Gilde"@de , "Guild"@en .'
SHIPS = """#+ summary_de: Welche Schiffe gibt es?
#+ summary_en: Which ships are there?
SELECT ?ship WHERE { ?ship a <https://example.org/my#Ship> }
"""
RULE = """#+ summary_de: Schiffe sind da.
#+ summary_en: Ships are there.
CONSTRUCT { ?ship <https://example.org/my#afloat> true } WHERE { ?ship a <https://example.org/my#Ship> }
"""
CHECK = SHIPS.replace("SELECT", """#+ severity: info
#+ problem_de: Ein Schiff.
#+ problem_en: A ship.
#+ remedy_de: Nachsehen.
#+ remedy_en: Look.
#+ focus: ?ship
SELECT""")  # fmt: skip


def ships() -> str:
    """A table of ships, made from that of the aims."""
    aims = next(one for one in json.loads(core_text(TABLES_JSON))["tables"] if one["url"] == "aims.csv")
    text = json.dumps(aims).replace("aims.csv", "ships.csv").replace("aim/{id}", "ship/{id}")
    ship = json.loads(
        text.replace("https://w3id.org/transfergraph/ontology#Aim", "https://example.org/my#Ship")
    )
    return json.dumps({"@context": "http://www.w3.org/ns/csvw", "tables": [ship]})


def canonical(*files: Path) -> ox.Dataset:
    """The graph of these files, whose blank nodes are their own."""
    read = partial(ox.parse, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    graph = ox.Dataset(quad for file in files for quad in read(path=str(file)))
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return graph


def test_own_files_extend_the_core(root: Path, tmp_path: Path) -> None:
    for name, content in {
        TABLES_JSON: ships(),
        "ontology/ships.ttl": PREFIXES + SHIP,
        "ontology/ships.shapes.ttl": PREFIXES + LONG + NAMED.format("Rules"),
        "ontology/ships.alignments.ttl": PREFIXES + CLOSE + NAMED.format("Links"),
        "ontology/schemes/kinds.ttl": PREFIXES + GUILD,
        "queries/questions/ships.rq": SHIPS,
        "queries/rules/ships.rq": RULE,
        "queries/checks/ships.rq": CHECK,
        "data/source/ships.csv": "id,undertaking,name_de,name_en,source\nark,pilot,Ark,Ark,page\naida,pilot,Aida,Aida,page\n",
        "data/source/organisations.csv": edited("organisations", "company,", "guild,"),
    }.items():
        declare(root, name, content)
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.release is not None and outcome.manifest is not None, outcome.report.findings
    ark, aida = (f"{outcome.manifest.base}ship/{key}" for key in ("ark", "aida"))
    told = {(one.code, one.focus) for one in outcome.report.findings if "/ship/" in (one.focus or "")}
    assert told == {("NameIsLong", ark), ("ships", ark), ("ships", aida)}
    release = tg.open(outcome.release)
    answer = release.question("ships")
    assert isinstance(answer, Answer) and {str(row[0])[1:-1] for row in answer.rows} == {ark, aida}
    for known in ("?ship <https://example.org/my#afloat> true", f"<{KIND}/guild> a ?class"):
        asked = release.sparql(f"ASK {{ {known} }}")
        assert isinstance(asked, BooleanAnswer) and asked.value, known
    carried = {
        f"ontology/{name}.ttl" for name in ("ships", "ships.shapes", "ships.alignments", "schemes/kinds")
    }
    assert carried <= {entry.path for entry in outcome.manifest.files}
    assert {TABLES_JSON, f"core/{TABLES_JSON}", *carried} <= {entry.path for entry in outcome.manifest.inputs}
    whole, parts = release.path / "data" / "ontology.ttl", (release.path / "ontology").rglob("*.ttl")
    assert canonical(whole) == canonical(*parts)
    close = ox.Triple(*map(ox.NamedNode, ("https://example.org/my#Ship", f"{SKOS}closeMatch", LAB)))
    assert close in list(read_alignments(release.path))
    assert close not in list(read_release_vocabulary(release.path))


def test_own_files_replace_those_of_the_core(root: Path, tmp_path: Path) -> None:
    tables = json.loads(core_text(TABLES_JSON))
    (topics,) = (one for one in tables["tables"] if one["url"] == "topics.csv")
    topics["dc:title"] = [
        {"@value": "Gegenstände", "@language": "de"},
        {"@value": "Subjects", "@language": "en"},
    ]
    declare(root, TABLES_JSON, json.dumps({**tables, "tables": [topics]}))
    declare(root, "ontology/shapes.ttl", PREFIXES + LONG.replace("my:Ship", "tg:Alliance"))
    declare(root, "queries/questions/alliances.rq", SHIPS)
    workspace = open_workspace(root)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    core = read_table_group([REPOSITORY / TABLES_JSON], workspace.settings.base)
    assert [table.name for table in group.tables] == [table.name for table in core.tables]
    assert group.table("topics").title["en"] == "Subjects" != core.table("topics").title["en"]
    shapes = workspace.declarations.shapes
    assert root / "ontology" / "shapes.ttl" in shapes
    assert REPOSITORY / "ontology" / "shapes.ttl" not in shapes
    questions = {one.name: one.summary.english for one in load_queries(workspace.declarations.questions)}
    assert questions["alliances"] == "Which ships are there?" and len(questions) > 20


@pytest.mark.parametrize("content", ["[", "[]", "{}", '{"tables": [{}]}', '{"tables": 1}'])
def test_own_tables_that_are_none_are_told(root: Path, tmp_path: Path, content: str) -> None:
    file = declare(root, TABLES_JSON, content)
    with pytest.raises(WorkspaceError, match=re.escape(str(file))):
        tg.build(root, tmp_path / "build")
