"""The mapping in both directions: from cells to quads, and from quads back to their cells."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables_fixture import load
from workspaces import TABLES, core_text, declare, make_workspace

from transfergraph import WorkspaceError
from transfergraph.common.namespaces import EDTF
from transfergraph.common.property_paths import Predicate, parse_path, predicates
from transfergraph.findings import NOWHERE
from transfergraph.mapping.locate import Locator
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import UriTemplate

BASE = "https://w3id.org/transfergraph/saxony/"
TG = "https://w3id.org/transfergraph/ontology#"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ALTERNATIVE = "http://www.w3.org/2004/02/skos/core#altLabel"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder = tmp_path_factory.mktemp("mapping")
    return load(make_workspace(folder / "ws"), folder / "scratch")[0]


def quads(tables: Tables, folder: Path) -> list[ox.Quad]:
    return list(ox.parse(lines(tables, folder), format=ox.RdfFormat.N_QUADS))


def lines(tables: Tables, folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in write_quads(tables, folder))


def test_cells_become_the_terms_that_the_description_says(tables: Tables, tmp_path: Path) -> None:
    found = {quad.triple for quad in quads(tables, tmp_path)}
    iri = ox.NamedNode
    participation = iri(BASE + "participation/pilot~htw-dresden~partner")
    organisation = iri(BASE + "organisation/m%C3%BCller-ag")
    expected = {
        ox.Triple(participation, iri(TG + "participatesIn"), iri(BASE + "undertaking/pilot")),
        ox.Triple(
            participation,
            iri(TG + "amount"),
            ox.Literal("1000.5", datatype=iri("http://www.w3.org/2001/XMLSchema#decimal")),
        ),
        ox.Triple(
            participation,
            iri(TG + "currency"),
            iri("http://publications.europa.eu/resource/authority/currency/EUR"),
        ),
        ox.Triple(organisation, iri(LABEL), ox.Literal('Müller "Söhne" AG', language="de")),
        ox.Triple(
            iri(BASE + "organisation/htw-dresden"),
            iri("http://www.w3.org/2002/07/owl#sameAs"),
            iri("https://ror.org/05q5pk319"),
        ),
        ox.Triple(
            iri(BASE + "undertaking/recomine"),
            iri("http://purl.org/dc/terms/description"),
            ox.Literal("Ein Bündnis,\ndas zwei Zeilen hat.", language="de"),
        ),
        ox.Triple(
            iri(BASE + "undertaking/pilot"),
            iri(TG + "start"),
            ox.Literal("2019", datatype=iri(EDTF + "EDTF")),
        ),
    }
    assert expected <= found
    labels = {
        t.object
        for t in found
        if t.subject == iri(BASE + "organisation/htw-dresden") and t.predicate.value.endswith("altLabel")
    }
    assert labels == {ox.Literal("HTWD"), ox.Literal("HTW")}


def test_every_triple_leads_back_to_its_cell(tables: Tables, tmp_path: Path) -> None:
    """For each stated triple, the located cell holds what the object was made from."""
    locator = Locator(tables)
    checked = 0
    for quad in quads(tables, tmp_path):
        subject, value = str(quad.subject)[1:-1], quad.object
        assert not isinstance(value, ox.Triple)
        place = locator.locate(subject, Predicate(quad.predicate), value)
        assert place.row is not None
        assert place.column is not None
        table = Path(place.file or "").stem
        if quad.predicate.value.endswith(("#type", "#inScheme")):
            continue
        [(cell,)] = tables.connection.execute(
            f'SELECT "{place.column}" FROM {table} WHERE _row = {place.row}'
        ).fetchall()
        items = str(cell).split(";")
        shown = ox.NamedNode(value.value).value if isinstance(value, ox.NamedNode) else value.value
        assert any(item in shown or UriTemplate.parse("{i}").expand({"i": item}) in shown for item in items)
        checked += 1
    assert checked > 90


def test_the_language_of_a_column_is_compared_without_case(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", organisations=with_austrian_names())
    group = json.loads(core_text("ontology/tables.json"))
    [table] = [entry for entry in group["tables"] if entry["url"] == "organisations.csv"]
    added = {"name": "name_at", "titles": "name_at", "lang": "de-AT", "propertyUrl": ALTERNATIVE}
    table["tableSchema"]["columns"].insert(1, added)
    declare(root, "ontology/tables.json", json.dumps({**group, "tables": [table]}))
    tables, _ = load(root, tmp_path / "scratch")
    for language in ("de-AT", "de-at"):
        path = parse_path(f"<{ALTERNATIVE}>")
        place = Locator(tables).locate(
            BASE + "organisation/htw-dresden", path, ox.Literal("HTW (AT)", language=language)
        )
        assert (place.column, place.letter) == ("name_at", "J")


def with_austrian_names() -> str:
    header, *rows = TABLES["organisations"].splitlines()
    return "\n".join([f"{header},name_at", *(f"{row},HTW (AT)" for row in rows), ""])


def test_what_is_missing_is_located_at_the_blank_cell(tables: Tables) -> None:
    locator = Locator(tables)
    place = locator.locate(
        BASE + "organisation/m%C3%BCller-ag", parse_path(f"<{LABEL}>"), ox.Literal("x", language="en")
    )
    assert (place.file, place.row, place.column, place.letter) == (
        "data/source/organisations.csv",
        4,
        "name_en",
        "D",
    )
    blank = locator.locate(
        BASE + "organisation/m%C3%BCller-ag", parse_path("<http://xmlns.com/foaf/0.1/homepage>")
    )
    assert (blank.row, blank.column) == (4, "website")
    inverse = locator.locate(BASE + "organisation/bund", parse_path(f"^<{TG}participant>"))
    assert (inverse.row, inverse.column) == (2, "id")
    assert locator.locate(TG + "Project", parse_path("a")) == NOWHERE
    assert locator.locate(BASE + "organisation/nobody") == NOWHERE


def test_predicates_of_a_path() -> None:
    assert predicates(parse_path("(^<http://a/b>/<http://c>)*")) == ["http://a/b", "http://c"]
    assert predicates(None) == []


TEXTS = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40),
    min_size=200,
    max_size=200,
)


@settings(deadline=None, derandomize=True, max_examples=3, suppress_health_check=list(HealthCheck))
@given(TEXTS)
def test_any_text_survives(tmp_path_factory: pytest.TempPathFactory, texts: list[str]) -> None:
    folder = tmp_path_factory.mktemp("any")
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [f"topic-{i}", text, "x", "", "health", "page"] for i, text in enumerate(texts)
    )
    root = make_workspace(folder / "ws", topics=TABLES["topics"] + stream.getvalue())
    loaded, _ = load(root, folder / "scratch")
    found = {
        (str(q.subject), q.object.value)
        for q in quads(loaded, folder)
        if isinstance(q.object, ox.Literal) and q.object.language == "de"
    }
    cells = dict(loaded.connection.execute("SELECT id, name_de FROM topics").fetchall())
    for i, text in enumerate(texts):
        expected = unicodedata.normalize("NFC", text).strip(" \t\n\r\xa0")
        assert (cells[f"topic-{i}"] or "") == expected
        if expected:
            assert (f"<{BASE}topic/topic-{i}>", expected) in found


KEYS = st.text(st.characters(categories=("L", "Nd"), include_characters="._/%-"), min_size=1, max_size=20)


@settings(deadline=None, derandomize=True)
@given(KEYS, KEYS)
def test_a_template_reads_back_what_it_wrote(one: str, two: str) -> None:
    template = UriTemplate.parse("https://example.org/{a}~{b}")
    assert template.match(template.expand({"a": one, "b": two})) == {"a": one, "b": two}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"lang": "de"', '"lang": "de", "ordered": 1', "ordered"),
        ('"aboutUrl": "aim/{id}"', '"aboutUrl": "aim/{?id}"', "operator"),
        ('"base": "date"', '"base": "gYear"', "gYear"),
        ('"valueUrl": "region/{region}"', '"valueUrl": "area/{region}"', "no table mints"),
        ('"valueUrl": "region/{region}"', '"valueUrl": "region/{id}"', "its own name"),
        ('"tables"', '"tablets"', "tablets"),
    ],
)
def test_what_is_not_supported_of_csvw_is_refused_by_name(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    text = core_text("ontology/tables.json")
    assert old in text
    changed = tmp_path / "tables.json"
    changed.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=said):
        read_table_group([changed], BASE)
