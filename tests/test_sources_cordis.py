"""The CORDIS source: the same projects from XML and from CSV give the same graph, and its traps are handled."""

from __future__ import annotations

import io
import re
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from workspaces import REPOSITORY, make_workspace

import transfergraph as tg
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import Finding
from transfergraph.mapping.to_rdf import write_quads
from transfergraph.sources.read_sources import read_sources
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect

DATA = REPOSITORY.parent / "shared" / "data" / "cordis-horizon"
XML = DATA / "horizon-projects-xml_saxony_2025-11-16.tar.zst"
CSV = DATA / "csv-derived-saxony"
needs_data = pytest.mark.skipif(not XML.is_file(), reason="the open data of CORDIS is not here")

ORGANISATION = """<organization order="{order}" type="{role}" sme="false" ecContribution="{ec}">
  <id>{pic}</id><vatNumber>DE 123456789</vatNumber><legalName>{name}</legalName><shortName>{short}</shortName>
  <address><city>{city}</city><country>DE</country><url>{url}</url></address>
  <contactPerson><firstNames>Vorname</firstNames><lastName>Nachname</lastName></contactPerson>
  <relations><categories><category classification="organizationActivityType"><code>/{kind}</code></category>
  </categories><regions><region type="relatedNutsCode"><nutsCode>{nuts}</nutsCode></region></regions></relations>
</organization>"""
USUAL = {
    "order": "1",
    "role": "coordinator",
    "ec": "10.50",
    "pic": "999999999",
    "name": "BEISPIEL GMBH",
    "short": "BSP",
    "city": "DRESDEN",
    "url": "www.example.org",
    "kind": "PRC",
    "nuts": "DED21",
}
PROJECT = """<?xml version="1.0"?><project><id>{id}</id><acronym>{acronym}</acronym><title>A &amp;amp; B</title>
<objective>Water &lt;b&gt;and&lt;/b&gt; CO&amp;lt;sub&amp;gt;2&amp;lt;/sub&amp;gt;, p &amp;lt;x</objective><status>{status}</status>
<startDate>2023-01-01</startDate><endDate>2025-12-31</endDate><ecMaxContribution>0</ecMaxContribution>
<relations><associations>{organisations}
<programme type="relatedLegalBasis" uniqueProgrammePart="true"><code>HORIZON.2.5</code><title>Climate</title></programme>
<programme type="relatedTopic"><code>HORIZON-CL5-1</code><title>A topic</title></programme>
</associations><categories><category classification="euroSciVoc"><code>/23/49</code><displayCode>/natural sciences/biology</displayCode></category></categories></relations></project>"""


def project(
    number: str, *organisations: Mapping[str, str], acronym: str = "ABC", status: str = "SIGNED"
) -> bytes:
    made = "".join(ORGANISATION.format(**{**USUAL, **one}) for one in organisations)
    return PROJECT.format(id=number, acronym=acronym, status=status, organisations=made).encode()


def archive(*projects: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as packed:
        for number, content in enumerate(projects):
            entry = tarfile.TarInfo(f"data/{number}.xml")
            entry.size = len(content)
            packed.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@contextmanager
def read(folder: Path, *origins: Path) -> Iterator[tuple[Tables, list[Finding]]]:
    """The canonical tables of a workspace with these raw files of CORDIS."""
    root = make_workspace(folder / "ws")
    for one in origins:
        tg.add_source(root, "cordis", str(one))
    workspace = open_workspace(root, ["cordis"])
    group = read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )
    scratch = folder / "scratch"
    scratch.mkdir()
    with closing(connect(scratch)) as connection:
        yield read_sources(workspace, group, connection, scratch)


def made(folder: Path, *projects: bytes) -> Path:
    (folder / "dump.tar").write_bytes(archive(*projects))
    return folder / "dump.tar"


def rows(tables: Tables, table: str, *columns: str) -> list[tuple[str | None, ...]]:
    names = ", ".join(f'"{one}"' for one in columns)
    return tables.connection.execute(f"SELECT {names} FROM cordis.{table} ORDER BY ALL").fetchall()


def graph(folder: Path, *origins: Path) -> set[bytes]:
    with read(folder, *origins) as (tables, found):
        assert {one.severity.name for one in found} <= {"INFO", "WARNING"}, found
        quads = folder / "quads"
        quads.mkdir()
        return {line for file in write_quads(tables, quads) for line in file.read_bytes().splitlines()}


@needs_data
def test_the_same_projects_from_xml_and_from_csv_give_the_same_graph(tmp_path: Path) -> None:
    pytest.importorskip("backports.zstd", reason="no zstd (the extra sources)")
    (tmp_path / "csv.zip").parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(tmp_path / "csv.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for file in CSV.iterdir():
            packed.write(file, file.name)
    graphs = []
    for name, origin in {"xml": XML, "zip": tmp_path / "csv.zip", "folder": CSV}.items():
        (tmp_path / name).mkdir()
        graphs.append(graph(tmp_path / name, origin))
    xml, zipped, folder = graphs
    assert len(xml) > 50_000
    assert zipped == folder
    differing = sorted(xml ^ folder)
    assert not differing, (len(differing), b"\n".join(differing[:20]).decode())


def test_projects_partners_topics_fields_and_programmes_are_read(tmp_path: Path) -> None:
    partner = {
        "order": "2",
        "role": "associatedPartner",
        "ec": "0",
        "pic": "888888888",
        "name": "UNI B",
        "kind": "HES",
        "nuts": "DE",
    }
    with read(tmp_path, made(tmp_path, project("101", {}, partner))) as (tables, found):
        assert not [one for one in found if one.severity.name != "INFO"], found
        assert rows(tables, "projects", "id", "name_en", "title_en", "status", "programme", "topics") == [
            ("cordis-101", "ABC", "A & B", "approved", "cordis-HORIZON-CL5-1", "euroscivoc-49")
        ]
        (described,) = rows(tables, "projects", "description_en")
        assert described == ("Water and CO2, p < x",)
        assert rows(tables, "participations", "organisation", "role", "amount") == [
            ("pic-888888888", "associated-partner", None),
            ("pic-999999999", "coordinator", "10.5"),
        ]
        assert rows(tables, "organisations", "id", "kind", "pic", "vat", "place", "website")[1:] == [
            (
                "pic-888888888",
                "education-establishment",
                "888888888",
                "DE123456789",
                "DE-dresden",
                "http://www.example.org",
            ),
            (
                "pic-999999999",
                "company",
                "999999999",
                "DE123456789",
                "DED21-dresden",
                "http://www.example.org",
            ),
        ]
        assert rows(tables, "fundings", "grant_number", "amount", "qualifier") == [("101", None, None)]
        assert ("cordis-HORIZON-CL5-1", "cordis-HORIZON.2.5") in rows(tables, "programmes", "id", "part_of")
        assert ("cordis-HORIZON.2", "cordis-HORIZON") in rows(tables, "programmes", "id", "part_of")
        assert rows(tables, "topics", "id", "broader", "field") == [
            ("euroscivoc-23", None, "euroscivoc-23"),
            ("euroscivoc-49", "euroscivoc-23", "euroscivoc-23"),
        ]
        assert ("nuts-DED2", "nuts-2", "nuts-DED") in rows(tables, "regions", "id", "kind", "part_of")


def test_the_traps_are_told_with_their_file_and_row(tmp_path: Path) -> None:
    with read(
        tmp_path,
        made(
            tmp_path,
            project(
                "101", {}, {"pic": "777777777", "role": "participant"}, {"role": "guest", "pic": "666666666"}
            ),
            project(
                "102",
                {"name": "Beispiel GmbH"},
                {"name": "Beispiel GmbH", "role": "thirdParty"},
                {"name": "Beispiel GmbH", "role": "thirdParty"},
                status="PAUSED",
            ),
            project(
                "103",
                {"pic": "", "kind": "XYZ"},
                {"pic": "555555555", "name": "C", "kind": "XYZ", "nuts": "CZ010", "url": "see our page"},
            ),
        ),
    ) as (tables, found):
        told = {
            (str(one.message)[:30], (one.place.file or "").rpartition("/")[2], one.place.row, one.value)
            for one in found
        }
        expected = {
            ("The role is not known; the par", "0.xml", 3, "guest"),
            ("The status of the project is n", "1.xml", 1, "PAUSED"),
            ("The kind of the organisation i", "2.xml", 2, "XYZ"),
            ("The organisation or the projec", "2.xml", 1, "BEISPIEL GMBH"),
            ("The region is in another count", "2.xml", 2, "CZ010 / DE"),
            ("An organisation has several na", "0.xml", 1, "Beispiel GmbH"),
            ("The address of the website is ", "2.xml", 2, "see our page"),
        }
        assert expected <= told, expected - told
        names = {
            key: (name, others)
            for key, name, others in rows(tables, "organisations", "id", "name_de", "alternative_names")
        }
        assert names["pic-999999999"] == ("Beispiel GmbH", "BEISPIEL GMBH;BSP")
        third = [
            one
            for one in rows(tables, "participations", "undertaking", "role", "amount")
            if one[1] == "third-party"
        ]
        assert third == [("cordis-102", "third-party", "21")]


def test_one_name_under_two_numbers_stays_two_organisations(tmp_path: Path) -> None:
    with read(tmp_path, made(tmp_path, project("101", {}, {"pic": "777777777", "role": "participant"}))) as (
        tables,
        found,
    ):
        assert [one.value for one in found if "several numbers" in str(one.message)] == [
            "777777777, 999999999"
        ]
        assert len(rows(tables, "organisations", "id")) == 3


def test_names_are_read_without_what_other_files_left_in_them(tmp_path: Path) -> None:
    names = {"222222222": '"Firma"', "333333333": 'A "" B'}
    quoted = '"""BGI Latvia"" fonds"'
    partners = [{"pic": "111111111", "name": quoted, "short": quoted, "city": "Barcelona ,"}]
    partners += [{"pic": pic, "name": name, "city": "roma"} for pic, name in names.items()]
    partners += [{"pic": "444444444", "name": "C", "city": "BAD ELSTER"}]
    partners += [{"pic": "555555555", "name": "D", "city": "Bad Elster"}]
    partners += [{"pic": "666666666", "name": "E", "city": "SANKT GALLEN"}]
    with read(tmp_path, made(tmp_path, project("101", {}, *partners))) as (tables, _):
        named = {row[0]: row[1] for row in rows(tables, "organisations", "pic", "name_en")}
        assert named["111111111"] == '"BGI Latvia" fonds'
        assert (named["222222222"], named["333333333"]) == ('"Firma"', 'A "" B')
        towns = {name for (name,) in rows(tables, "places", "name_en")}
        assert towns == {"Barcelona", "Roma", "Bad Elster", "Sankt Gallen", "Dresden"}


def test_regions_have_the_names_of_the_list_of_nuts(tmp_path: Path) -> None:
    (tmp_path / "nuts_2024.csv").write_text(
        'nuts_id,name_latin,label_de\nDED21,Dresden (town),"Dresden, Kreisfreie Stadt"\n', encoding="utf-8"
    )
    with read(tmp_path, made(tmp_path, project("101", {})), tmp_path / "nuts_2024.csv") as (tables, _):
        assert ("nuts-DED21", "Dresden, Kreisfreie Stadt", "Dresden (town)") in rows(
            tables, "regions", "id", "name_de", "name_en"
        )
        assert ("nuts-DED2", "DED2", "DED2") in rows(tables, "regions", "id", "name_de", "name_en")


def test_contact_persons_are_not_read(tmp_path: Path) -> None:
    with read(tmp_path, made(tmp_path, project("101", {}))) as (tables, found):
        assert "Nachname" not in str(found)
        for table in tables.group.tables:
            assert "Nachname" not in str(
                tables.connection.execute(f"SELECT * FROM {tables.name('cordis', table.name)}").fetchall()
            )
    kept = [
        one for one in (tmp_path / "scratch").rglob("*") if one.is_file() and b"Nachname" in one.read_bytes()
    ]
    assert not kept
    described = (tmp_path / "ws" / "data" / "cordis" / "source.toml").read_text(encoding="utf-8")
    assert not re.search("person|contact|departmentName|firstName", described.casefold().replace("# ", ""))
