"""From every stated triple to its cell and its sources: as RDF 1.2, in Python, on the command line, on pages."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import fuseki
import pyoxigraph as ox
import pytest
from openpyxl import Workbook
from real_servers import NotAtHand
from server_fixture import Served, served
from slow_mapper import Stated, stated_by
from typer.testing import CliRunner
from workspaces import TABLES, copied, edited, make_workspace, rows_of, texts_of_finding

import transfergraph as tg
from transfergraph.cli.app import app
from transfergraph.errors import ReleaseError, UsageError

BASE = "https://w3id.org/transfergraph/saxony/"
REIFIES = "http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies"
DCT, PROV = "http://purl.org/dc/terms/", "http://www.w3.org/ns/prov#"
TG = "https://w3id.org/transfergraph/ontology#"
FILES = ("cells.nt.gz", "rows.tsv", "origins.tsv")

CLAIMS = """table,key,column,value,source
alliances,recomine,programme,,other
organisations,htw-dresden,alternative_names,HTW,other;page
participations,pilot~müller-ag~partner,role,,other
"""
SOURCES = f"""{TABLES["sources"]}other,Andere Seite,Another page,https://example.org/other,Verlag,2025-03-12,
"""


@dataclass(frozen=True)
class Cells:
    """What ``data/cells.nt.gz`` says, read by Oxigraph."""

    reified: tuple[tuple[str, Stated], ...]
    said: Mapping[str, frozenset[tuple[str, str]]]


def read_cells(release: Path) -> Cells:
    reified: list[tuple[str, Stated]] = []
    said: dict[str, set[tuple[str, str]]] = {}
    dump = gzip.decompress((release / "data" / "cells.nt.gz").read_bytes())
    statements = [quad.triple for quad in ox.parse(dump, format=ox.RdfFormat.N_TRIPLES)]
    assert len(set(map(str, statements))) == len(statements)
    for one in statements:
        subject = str(one.subject)[1:-1]
        if isinstance(one.object, ox.Triple):
            assert one.predicate.value == REIFIES
            inner = one.object
            reified.append((subject, (str(inner.subject), str(inner.predicate), str(inner.object))))
        else:
            assert subject.startswith(f"{BASE}data/tables/"), "the triples themselves are in the plain dump"
            said.setdefault(subject, set()).add((one.predicate.value, str(one.object)[1:-1]))
    return Cells(tuple(reified), {key: frozenset(value) for key, value in said.items()})


def stated_quads(release: tg.Release) -> Iterator[tuple[str, Stated]]:
    """The quads of the sources, with the name of the source."""
    dump = gzip.decompress((release.path / "data" / "graph.nq.gz").read_bytes())
    for quad in ox.parse(dump, format=ox.RdfFormat.N_QUADS):
        source = str(quad.graph_name)[1:-1].removeprefix(f"{BASE}graph/")
        if source not in ("derived", "vocabulary"):
            yield source, (str(quad.subject), str(quad.predicate), str(quad.object))


def place_of(iri: str) -> tuple[str, int]:
    path, row = iri.removeprefix(BASE).split("#row=")
    return unquote(path), int(row)


@pytest.fixture(scope="module")
def two_sources(tmp_path_factory: pytest.TempPathFactory) -> tg.Release:
    """A release of two sources that have much in common; the second has a blank row and a name more, the first
    claims with sources of their own."""
    folder = tmp_path_factory.mktemp("two")
    root = make_workspace(folder / "ws", sources=SOURCES, claims=CLAIMS)
    second = root / "data" / "zweite"
    shutil.copytree(root / "data" / "source", second)
    (second / "claims.csv").unlink()
    organisations = edited("organisations", "Müller AG,,dresden", "Müller AG,MAG,dresden")
    lines = organisations.splitlines(keepends=True)
    (second / "organisations.csv").write_text("".join([*lines[:2], ",,,,,,,,\n", *lines[2:]]), "utf-8")
    outcome = tg.build(root, folder / "build")
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]
    return tg.open(folder / "build")


def assert_cells(release: tg.Release) -> None:
    """Each stated triple is there, reified by a row that states it, of each source that does."""
    quads, cells = list(stated_quads(release)), read_cells(release.path)
    assert quads and {stated for _, stated in quads} == {one for _, one in cells.reified}
    found = set()
    for reifier, stated in cells.reified:
        said = cells.said[reifier]
        row = next((value for name, value in said if name == f"{PROV}wasDerivedFrom"), reifier)
        path, number = place_of(row)
        assert stated in stated_by(release.path / path, number), (stated, row)
        found.add((path.split("/")[2], stated))
        table = next(value for name, value in said if name == f"{DCT}isPartOf")
        assert table == reifier.partition("#")[0]
        release_iri = f"{BASE}release/{release.manifest.id}"
        assert (f"{DCT}isPartOf", release_iri) in cells.said[table]
        assert (f"{DCT}source", f"{BASE}graph/{path.split('/')[2]}") in cells.said[table]
    assert found == set(quads)


def assert_why(release: tg.Release) -> None:
    """What Python says of each subject is what the dump says, with file, row and columns of the input."""
    cells = read_cells(release.path)
    expected = Counter(cells.reified)
    told: Counter[tuple[str, Stated]] = Counter()
    for subject in sorted({stated[0] for _, stated in cells.reified}):
        for one in release.why(subject[1:-1]):
            stated = (f"<{one.subject}>", f"<{one.property}>", str(one.value))
            told[one.reifier, stated] += 1
            published = stated_by(release.path / one.place.table, one.place.table_row)
            saying = {column for column in one.columns if column in published[stated]}
            assert saying or one.property.endswith(("#type", "inScheme")), one
            named = {value for name, value in cells.said[one.reifier] if name == f"{DCT}source"}
            table = cells.said[one.reifier.partition("#")[0]]
            assert set(one.sources) == (named or {v for name, v in table if name == f"{DCT}source"})
    assert told == expected


def test_every_triple_of_the_curated_graph_has_its_row(saxony: tg.Release) -> None:
    assert_cells(saxony)
    assert_why(saxony)


def test_every_triple_of_two_sources_has_the_rows_of_each(two_sources: tg.Release) -> None:
    assert_cells(two_sources)
    assert_why(two_sources)
    named = two_sources.why("müller-ag", "name_en")
    assert [(one.place.file, one.place.row, one.place.table_row) for one in named] == [
        ("data/source/organisations.csv", 4, 4),
        ("data/zweite/organisations.csv", 5, 4),
    ]
    (other,) = two_sources.why("müller-ag", "skos:altLabel")
    assert (other.place.file, other.columns) == ("data/zweite/organisations.csv", ("alternative_names",))
    both = two_sources.why("htw-dresden", "website")
    assert [one.place.file for one in both] == [
        f"data/{one}/organisations.csv" for one in ("source", "zweite")
    ]


def test_rows_of_a_workbook_are_those_that_it_shows(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    book = Workbook()
    for table in TABLES:
        sheet = book.create_sheet(table)
        for number, row in enumerate(rows_of(table)):
            sheet.append(row)
            if number == 0 and table == "places":
                sheet.append([None])
    del book["Sheet"]
    book.save(root / "data" / "source" / "book.xlsx")
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]
    (one,) = tg.open(tmp_path / "build").why("place/dresden", "tg:ags")
    place = one.place
    assert (place.file, place.sheet, place.row, place.table_row) == ("data/source/book.xlsx", "places", 3, 2)


def test_a_claim_has_a_reifier_and_sources_of_its_own(two_sources: tg.Release) -> None:
    funded = {one.place.file: one for one in two_sources.why("recomine", "tg:fundedUnder")}
    own, second = funded["data/source/alliances.csv"], funded["data/zweite/alliances.csv"]
    assert own.claimed and own.sources == (f"{BASE}source/other",)
    assert own.reifier == f"{BASE}data/tables/source/claims.csv#row=2"
    assert not second.claimed and second.sources == (f"{BASE}source/page",)
    names = {
        one.value.value: one
        for one in two_sources.why("htw-dresden", "skos:altLabel")
        if one.place.file.startswith("data/source/")
    }
    assert names["HTW"].sources == (f"{BASE}source/other", f"{BASE}source/page")
    assert not names["HTWD"].claimed
    (role,) = (
        one
        for one in two_sources.why("pilot~müller-ag~partner", "role")
        if one.place.file.startswith("data/source/")
    )
    assert role.sources == (f"{BASE}source/other",)
    cells = read_cells(two_sources.path)
    assert {stated for reifier, stated in cells.reified if reifier == own.reifier} == {
        (f"<{own.subject}>", f"<{own.property}>", str(own.value))
    }
    row = f"{BASE}data/tables/source/alliances.csv#row=2"
    assert (f"{PROV}wasDerivedFrom", row) in cells.said[own.reifier]


def test_the_dump_has_few_bytes_more_than_that_of_the_triples(saxony: tg.Release) -> None:
    plain = sorted({" ".join(stated) + " .\n" for _, stated in stated_quads(saxony)})
    packed = len(gzip.compress("".join(plain).encode(), 3, mtime=0))
    more = (saxony.path / "data" / "cells.nt.gz").stat().st_size - packed
    assert more / len(plain) <= 10


def test_no_reifier_is_in_the_other_dumps_and_in_the_store(saxony: tg.Release) -> None:
    for name in ("graph.nq.gz", "graph.nt.gz", "graph.ttl.gz"):
        text = gzip.decompress((saxony.path / "data" / name).read_bytes())
        assert b"reifies" not in text and b"#row=" not in text and b"<<" not in text
    assert not saxony.store.ask(f"ASK {{ ?row <{REIFIES}> ?triple }}")


def test_the_same_tables_give_the_same_bytes(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    assert tg.build(first_release[0], tmp_path / "again").manifest is not None
    for name in FILES:
        once, again = (
            output / "current" / "data" / name for output in (first_release[1], tmp_path / "again")
        )
        assert once.read_bytes() == again.read_bytes() and once.stat().st_size > 100


def test_the_dump_is_a_distribution_of_its_own(saxony: tg.Release) -> None:
    catalogue = ox.Store()
    catalogue.load(path=str(saxony.path / "catalog.ttl"), format=ox.RdfFormat.TURTLE)
    node = f"<{BASE}distribution/data/cells.nt.gz>"
    asked = (
        f"ASK {{ <{BASE}dataset/graph> <http://www.w3.org/ns/dcat#distribution> {node} . "
        f"{node} <{DCT}conformsTo> <https://www.w3.org/TR/rdf12-n-triples/> ; "
        "<http://www.w3.org/ns/dcat#mediaType> "
        "<https://www.iana.org/assignments/media-types/application/n-triples> }"
    )
    assert catalogue.query(asked)
    assert {f"data/{name}" for name in FILES} <= {entry.path for entry in saxony.manifest.files}


def test_a_damaged_dump_is_no_whole_release(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    _, output = copied(first_release, tmp_path)
    file = output / "current" / "data" / "cells.nt.gz"
    file.write_bytes(file.read_bytes()[:-20])
    assert any("cells.nt.gz" in fault.english for fault in tg.open(output).verify())


def question(release: tg.Release) -> Path:
    return release.path / "queries" / "cells" / "cells-of.rq"


def expected_rows(release: tg.Release, thing: str) -> set[tuple[str, ...]]:
    return {
        (
            one.property,
            one.value.value,
            f"{BASE}{one.place.table}#row={one.place.table_row}",
            source,
            one.reifier,
        )
        for one in release.why(thing)
        for source in one.sources
    }


def triples_with_cells(release: tg.Release) -> bytes:
    """The plain dump and that of the cells, one after the other: as gzip they are one file, too."""
    packed = b"".join((release.path / "data" / f"{name}.nt.gz").read_bytes() for name in ("graph", "cells"))
    return gzip.decompress(packed)


COLUMNS = ("property", "value", "row", "source", "reifier")


def test_the_question_over_the_dump_finds_what_python_finds(saxony: tg.Release) -> None:
    store = ox.Store()
    store.bulk_load(triples_with_cells(saxony), format=ox.RdfFormat.N_TRIPLES)
    solutions = store.query(question(saxony).read_text(encoding="utf-8"))
    assert isinstance(solutions, ox.QuerySolutions)
    rows = {tuple(one[name].value for name in COLUMNS) for one in solutions}
    assert rows == expected_rows(saxony, "recomine") and len(rows) > 50


def test_jena_reads_the_dump_and_answers_the_question(saxony: tg.Release, tmp_path: Path) -> None:
    """The second engine: see ``READS_RDF_12`` of tests/fuseki.py for its version."""
    dump = tmp_path / "both.nt"
    dump.write_bytes(triples_with_cells(saxony))
    try:
        _, counted = fuseki.command("riotcmd.riot", "--count", "--check", str(dump))
        query = f"--query={question(saxony)}"
        answer, _ = fuseki.command("arq.sparql", f"--data={dump}", query, "--results=csv")
    except NotAtHand as reason:
        pytest.skip(str(reason))
    statements = dump.read_bytes().count(b"\n")
    assert int(re.sub(r"[.,]", "", counted.rpartition("= ")[2])) == statements
    rows = {tuple(row[name] for name in COLUMNS) for row in csv.DictReader(answer.splitlines())}
    assert rows == expected_rows(saxony, "recomine")


@pytest.mark.parametrize("name", [f"{TG}start", "tg:start", "start"], ids=["iri", "prefix", "name-or-column"])
@pytest.mark.parametrize("thing", ["recomine", "undertaking/recomine", f"{BASE}undertaking/recomine"])
def test_thing_and_property_are_named_in_each_way(saxony: tg.Release, thing: str, name: str) -> None:
    (one,) = saxony.why(thing, name)
    assert (one.place.file, one.place.row, one.columns) == ("data/saxony/alliances.csv", 2, ("start",))
    assert one.value.value == "2019-04-01" and one.sources == (f"{BASE}source/wir-bmbf",)


def test_what_no_row_states_is_told(saxony: tg.Release) -> None:
    with pytest.raises(UsageError, match="nobody"):
        saxony.why("nobody")
    with pytest.raises(UsageError, match=r"tg:cooperatesWith.*foaf:homepage"):
        saxony.why("htw-dresden", "tg:cooperatesWith")


def test_a_key_of_several_things_is_told(tmp_path: Path) -> None:
    tables = {
        table: edited(table, "grubenwasser,", "dresden,") for table in ("topics", "alliances", "projects")
    }
    outcome = tg.build(make_workspace(tmp_path / "ws", **tables), tmp_path / "build")
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]
    with pytest.raises(UsageError, match="place/dresden, topic/dresden"):
        tg.open(tmp_path / "build").why("dresden")


def test_a_fact_takes_less_than_a_millisecond(saxony: tg.Release) -> None:
    subjects = sorted({stated[0][1:-1] for _, stated in stated_quads(saxony)})
    saxony.why(subjects[0])
    begun = time.process_time()
    facts = sum(len(saxony.why(subject)) for subject in subjects)
    assert facts > 4000 and (time.process_time() - begun) / len(subjects) < 0.001


def test_the_command_line_says_the_same(saxony: tg.Release) -> None:
    call = ["why", "recomine", "start", "--release", str(saxony.path), "--lang"]
    shown = CliRunner().invoke(app, [*call, "en"])
    assert shown.exit_code == 0 and shown.output.splitlines() == [
        "tg:start  2019-04-01",
        "  data/saxony/alliances.csv, row 2, column start",
        f"  From {BASE}source/wir-bmbf",
    ]
    assert "Zeile 2, Spalte start" in CliRunner().invoke(app, [*call, "de"]).output
    (told,) = json.loads(CliRunner().invoke(app, [*call, "en", "--format", "json"]).output)
    assert told["value"]["value"] == "2019-04-01" and told["columns"] == ["start"] and told["claimed"] is True


def test_a_release_without_the_index_says_so(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    _, output = copied(first_release, tmp_path)
    (output / "current" / "data" / "rows.tsv").unlink()
    with pytest.raises(ReleaseError, match="index"):
        tg.open(output).why("recomine")


WRONG_CLAIMS = [
    ("tables,recomine,name_de,,page", "table.claim-table", "table"),
    ("alliances,recomine,nam,,page", "table.claim-column", "column"),
    ("alliances,recomine,id,,page", "table.claim-column", "column"),
    ("alliances,pilot,name_de,,page", "table.claim-key", "key"),
    ("projects,pilot,name_de,Pilot,page", "table.claim-item", "value"),
    ("participations,recomine~müller-ag~partner,start,,page", "table.claim-blank", "column"),
    ("alliances,recomine,name_de,,nothing", "table.missing-reference", "source"),
]


def test_claims_about_nothing_are_found(tmp_path: Path) -> None:
    header = CLAIMS.splitlines()[0]
    rows = "\n".join([header, "", *(row for row, _, _ in WRONG_CLAIMS), ""])
    findings = tg.check(make_workspace(tmp_path / "ws", claims=rows), tmp_path / "out").findings
    ours = [one for one in findings if one.place.file == "data/source/claims.csv"]
    assert {(one.code, one.place.row, one.place.column) for one in ours} == {
        (code, row, column) for row, (_, code, column) in enumerate(WRONG_CLAIMS, 3)
    }
    assert all(text and "{" not in text for one in ours for text in texts_of_finding(one))


def test_a_page_leads_from_each_statement_to_its_cell(server: Served, saxony: tg.Release) -> None:
    page = server.get("undertaking/recomine.en.html").text
    row = (
        '<a href="../data/tables/saxony/alliances.csv#row=2"><bdi>data/saxony/alliances.csv, row 2</bdi></a>'
    )
    assert row in page
    block = page.partition('<details class="cells">')[2].partition("</details>")[0]
    shown = {
        name for names in re.findall(r'<li><span class="code">([^<]*)<', block) for name in names.split(", ")
    }
    assert {column for one in saxony.why("recomine") for column in one.columns} <= shown
    taking_part = f"SELECT DISTINCT ?one {{ ?one <{TG}participatesIn> <{BASE}undertaking/recomine> }}"
    records = [str(one)[1:-1] for (one,) in saxony.store.select(taking_part).rows]
    rows = {one.place.table_row for record in records for one in saxony.why(record)}
    linked = re.findall(r'href="[.][.]/data/tables/saxony/participations\.csv#row=(\d+)"', block)
    assert rows and {int(one) for one in linked} == rows


def test_a_page_marks_what_has_sources_of_its_own(server: Served) -> None:
    page = server.get("undertaking/recomine.en.html").text
    start = re.search(r"<dt>Start</dt>\s*<dd>(.*?)</dd>", page)
    assert start and start[1].count("#source-") == 1
    number = re.search(r"#source-(\d+)", start[1])
    assert number
    source = page.partition(f'<li id="source-{number[1]}">')[2].partition("</li>")[0]
    assert "source/wir-bmbf." in source
    assert "#source-" not in (re.search(r"<dt>Seat</dt>\s*<dd>(.*?)</dd>", page) or [""])[0]


def test_a_page_of_a_release_without_the_index_has_no_cells(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    _, output = copied(first_release, tmp_path)
    (output / "current" / "data" / "rows.tsv").unlink()
    with served(output, first_release[0]) as running:
        page = running.get("undertaking/recomine.en.html")
        assert page.status == 200 and "recomine" in page.text and 'class="cells"' not in page.text
