"""With several sources a triple, and the finding of a shape, leads to the file, row and column that states it."""

from __future__ import annotations

import csv
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from tables_fixture import load
from workspaces import TABLES, core_text, declare, make_workspace

import transfergraph as tg
from transfergraph.common.namespaces import TYPE, source_graph
from transfergraph.common.property_paths import Predicate, parse_path
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import Place
from transfergraph.mapping.locate import Locator
from transfergraph.mapping.to_rdf import write_quads

BASE = "https://w3id.org/transfergraph/saxony/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
WORDS = ("Alpha", "Beta", "Gamma", "Delta", "Ärzte", 'a "b"', "x y", "Zwei\nZeilen")
KEYS = ("one", "two", "drei", "vier-ß")


def with_second(root: Path, **changed: str) -> Path:
    """The workspace with a further source, whose tables are those of the first but for these."""
    shutil.copytree(root / "data" / "source", root / "data" / "zweite")
    for name, content in changed.items():
        (root / "data" / "zweite" / f"{name}.csv").write_text(content, encoding="utf-8", newline="")
    return root


def random_tables(chance: random.Random) -> dict[str, str]:
    """Organisations, statements and projects with keys and words that two sources are likely to share."""
    organisations = [["id", "kind", "name_de", "name_en", "alternative_names", "website", "source"]]
    for key in ("bund", "htw-dresden", "müller-ag", *chance.sample(KEYS, 3)):
        others = chance.sample([word for word in WORDS if "\n" not in word], chance.randint(0, 3))
        name, website = chance.choice(WORDS), f"https://example.org/{chance.randint(1, 3)}"
        kind = chance.choice(["company", "government"])
        organisations.append([key, kind, name, chance.choice(WORDS), ";".join(others), website, "page"])
    statements = [["id", "undertaking", "programme", "measure", "qualifier", "value", "source"]]
    for key in chance.sample(KEYS, 3):
        of = chance.choice([["recomine", ""], ["", "wir"], ["recomine", "wir"]])
        value = str(chance.randint(1, 9))
        statements.append([key, *of, "partners", "exactly", value, "page"])
    tables = {"organisations": organisations, "statements": statements}
    return {name: _written(rows) for name, rows in tables.items()}


def _written(rows: list[list[str]]) -> str:
    quoted = ('"' + cell.replace('"', '""') + '"' for row in rows for cell in row)
    return "".join(f"{','.join(next(quoted) for _ in row)}\n" for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_every_triple_of_two_sources_leads_to_a_cell_that_states_it(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    root = with_second(make_workspace(tmp_path / "ws", **random_tables(chance)), **random_tables(chance))
    tables, _ = load(root, tmp_path / "scratch")
    locator = Locator(tables)
    graphs = {source_graph(BASE, source.name): source.name for source in tables.sources}
    found = b"".join(file.read_bytes() for file in write_quads(tables, tmp_path))
    checked = 0
    for quad in ox.parse(found, format=ox.RdfFormat.N_QUADS):
        subject, path, value = str(quad.subject)[1:-1], Predicate(quad.predicate), quad.object
        assert not isinstance(value, ox.Triple)
        graph = str(quad.graph_name)[1:-1]
        place = locator.locate(subject, path, value, graph)
        assert place.source == graphs[graph] and states(root, place, quad), quad
        assert states(root, locator.locate(subject, path, value), quad), quad
        checked += 1
    assert checked > 250


def states(root: Path, place: Place, quad: ox.Quad) -> bool:
    """Whether the file has, at this place, a cell that states the triple, as a second reader sees it."""
    assert place.file and place.row and place.column and place.letter
    with (root / place.file).open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    cells = rows[place.row - 2]
    assert header.index(place.column) == ord(place.letter) - ord("A")
    row = dict(zip(header, cells, strict=True))
    name = unquote(str(quad.subject)[1:-1]).rpartition("/")[2]
    assert all(part in row.values() for part in name.split("~"))
    value = quad.object
    column = next(one for one in described(Path(place.file).stem) if one["name"] == place.column)
    if quad.predicate.value == TYPE or quad.predicate.value.endswith("inScheme"):
        return place.column in (header[0], "scheme") or row.get("scheme", "") in str(value)
    assert column["propertyUrl"] == quad.predicate.value
    separator = column.get("separator")
    items = row[place.column].split(separator) if separator else [row[place.column]]
    if isinstance(value, ox.Literal):
        language = (column.get("lang") or "").lower()
        return (value.language or "") == language and any(_same(item, value.value) for item in items)
    assert isinstance(value, ox.NamedNode)
    return any(unquote(value.value).endswith(unquote(item)) for item in items if item)


def _same(item: str, value: str) -> bool:
    return value == item or ("." in item and value == item.rstrip("0").rstrip("."))


def described(table: str) -> Iterator[dict[str, str]]:
    for entry in json.loads(core_text("ontology/tables.json"))["tables"]:
        if entry["url"] == f"{table}.csv":
            yield from entry["tableSchema"]["columns"]


SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
@prefix x: <https://example.org/shapes#> .
x:o a sh:NodeShape ; sh:targetClass tg:Organisation ; sh:property x:label, x:other, x:website.
x:label sh:path skos:prefLabel ; sh:pattern "^[^!]*$" .
x:other sh:path skos:altLabel ; sh:maxLength 8 .
x:website sh:path foaf:homepage ; sh:pattern "^https:" .

x:p a sh:NodeShape ; sh:targetClass tg:Participation ; sh:property x:amount, x:role .
x:amount sh:path tg:amount ; sh:maxInclusive 100000 .
x:role sh:path tg:role ; sh:pattern "(coordinator|partner)$" .
x:s a sh:NodeShape ; sh:targetClass tg:Statement ; sh:property x:about, x:value .
x:about sh:path tg:about ; sh:pattern "undertaking" .
x:value sh:path tg:value ; sh:maxInclusive 40 .
"""
FAULTS = [
    # table, text of the second source and its replacement, and where its violation belongs
    ("organisations", "HTW Dresden,HTW Dresden", "HTW Dresden,HTW! Dresden", "label", 3, "name_en"),
    ("organisations", "company,", 'company,"!"', "label", 4, "name_de"),
    ("organisations", "HTWD;HTW,", "HTWD;HTW Dresden (Hochschule),", "other", 3, "alternative_names"),
    ("organisations", "https://www.htw-dresden.de", "http://www.htw-dresden.de", "website", 3, "website"),
    ("participations", "1000.50", "1000000.50", "amount", 4, "amount"),
    ("participations", "pilot,müller-ag,partner", "pilot,müller-ag,manager", "role", 5, "role"),
    ("statements", "at-least,40", "at-least,4000", "value", 2, "value"),
]


def test_the_violation_of_a_shape_leads_to_the_source_that_states_it(tmp_path: Path) -> None:
    source = "zweite"
    root = with_second(make_workspace(tmp_path / "ws"))
    with (root / "transfergraph.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[identity]\nleading = ["zweite"]\n')  # whose names stay names
    declare(root, "ontology/own.shapes.ttl", SHAPES)
    for name in {fault[0] for fault in FAULTS}:
        text = TABLES[name]
        for table, old, new, *_ in FAULTS:
            if table == name:
                assert old in text
                text = text.replace(old, new)
        (root / "data" / source / f"{name}.csv").write_text(text, encoding="utf-8")
    findings = tg.check(root, tmp_path / "out").findings
    own = {(f.code, f.place.source, f.place.file, f.place.row, f.place.column) for f in findings}
    expected = {
        (code, source, f"data/{source}/{table}.csv", row, column) for table, _, _, code, row, column in FAULTS
    }
    assert expected <= own, own
    # the name of the other source, which has become another name
    former = ("other", "source", "data/source/organisations.csv", 4, "alternative_names_de")
    assert not {one for one in own - expected - {former} if one[0] in {fault[3] for fault in FAULTS}}


def test_columns_of_one_predicate_are_told_apart_by_what_they_hold(tmp_path: Path) -> None:
    """A statement of an undertaking and of a programme has two columns for what it is about."""
    header = "id,undertaking,programme,measure,qualifier,value,source\n"
    both = f"{header}a,recomine,wir,partners,exactly,4,page\n"
    tables, _ = load(make_workspace(tmp_path / "ws", statements=both), tmp_path / "scratch")
    found = b"".join(file.read_bytes() for file in write_quads(tables, tmp_path))
    places = {
        str(quad.object): Locator(tables)
        .locate(f"{BASE}statement/a", Predicate(quad.predicate), quad.object)
        .column
        for quad in ox.parse(found, format=ox.RdfFormat.N_QUADS)
        if str(quad.subject) == f"<{BASE}statement/a>"
    }
    assert places[f"<{BASE}undertaking/recomine>"] == "undertaking"
    assert places[f"<{BASE}programme/wir>"] == "programme"


def test_what_is_stated_of_another_subject_leads_to_its_row(tmp_path: Path) -> None:
    """An inverse path has the value as its subject."""
    root = with_second(make_workspace(tmp_path / "ws"))
    tables, _ = load(root, tmp_path / "scratch")
    participation = ox.NamedNode(f"{BASE}participation/pilot~htw-dresden~partner")
    path = parse_path("^<https://w3id.org/transfergraph/ontology#participant>")
    place = Locator(tables).locate(f"{BASE}organisation/htw-dresden", path, participation)
    assert (Path(place.file or "").name, place.row, place.column) == ("participations.csv", 4, "organisation")


@pytest.mark.parametrize("tag", ["de-AT", "zh-Hant", "sr-Latn-RS", "EN-gb"])
def test_languages_with_region_or_script_are_told_apart_in_any_case(tmp_path: Path, tag: str) -> None:
    group = json.loads(core_text("ontology/tables.json"))
    table = next(entry for entry in group["tables"] if entry["url"] == "organisations.csv")
    added = {"name": "more", "titles": "more", "lang": tag, "propertyUrl": LABEL}
    table["tableSchema"]["columns"].insert(1, added)
    header, *rows = TABLES["organisations"].splitlines()
    text = "\n".join([f"{header},more", *(f"{row},Name {n}" for n, row in enumerate(rows)), ""])
    root = make_workspace(tmp_path / "ws", organisations=text)
    declare(root, "ontology/tables.json", json.dumps({**group, "tables": [table]}))
    tables, _ = load(root, tmp_path / "scratch")
    assert open_workspace(root).settings.base == BASE
    for written in (tag, tag.lower(), tag.upper()):
        value = ox.Literal("Name 1", language=written)
        place = Locator(tables).locate(f"{BASE}organisation/htw-dresden", parse_path(f"<{LABEL}>"), value)
        assert place.column == "more"
