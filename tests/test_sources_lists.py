"""Lists of operations and reference sources on the real files: all forms of a list agree, and persons are not in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from workspaces import REPOSITORY, make_workspace

import transfergraph as tg
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import Finding
from transfergraph.sources.read_sources import read_sources
from transfergraph.sources.references import leave_out_unreferenced
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect

DATA = REPOSITORY.parent / "shared" / "data"
SAXONY, NEIGHBOURS = DATA / "esif-sachsen", DATA / "esif-nachbarn"
needs_data = pytest.mark.skipif(not SAXONY.is_dir(), reason="the open data is not here")


@contextmanager
def read(root: Path, *names: str) -> Iterator[tuple[Tables, list[Finding]]]:
    """The tables of these sources of a workspace."""
    workspace = open_workspace(root, names)
    group = read_table_group(
        workspace.declarations.tables, workspace.settings.base, workspace.settings.languages
    )
    scratch = root.parent / "scratch"
    scratch.mkdir()
    with closing(connect(scratch)) as connection:
        yield read_sources(workspace, group, connection, scratch)


def rows(tables: Tables, source: str, table: str) -> list[tuple[str | None, ...]]:
    columns = ", ".join(f'"{one.name}"' for one in tables.group.table(table).file_columns)
    return tables.connection.execute(
        f"SELECT {columns} FROM {tables.name(source, table)} ORDER BY ALL"
    ).fetchall()


@needs_data
@pytest.mark.parametrize(
    ("forms", "operations"),
    [
        (("sachsen_efre_2014-2020.csv", "sachsen_efre_2014-2020_original.xls"), 1827),
        (("sachsen_esf_2014-2020.csv", "sachsen_esf_2014-2020_earlier_conversion.csv"), 3738),
    ],
)
def test_all_forms_of_a_list_give_the_same_tables(
    tmp_path: Path, forms: tuple[str, ...], operations: int
) -> None:
    pytest.importorskip("python_calamine", reason="python-calamine is not installed (the extra sources)")
    found = []
    for number, form in enumerate(forms):
        root = make_workspace(tmp_path / str(number) / "ws")
        tg.add_source(root, "esif-sachsen", str(SAXONY / form))
        with read(root, "esif-sachsen") as (tables, findings):
            assert {one.severity.name for one in findings} == {"INFO"}, findings
            assert "source.withheld" in {one.code for one in findings}
            tables_of = ("projects", "organisations", "statements", "participations", "places", "regions")
            found.append([rows(tables, "esif-sachsen", table) for table in tables_of])
    assert found[0] == found[1]
    assert len(found[0][0]) == operations
    names = [str(row[2]) for row in found[0][1]]
    assert not [name for name in names if re.search(r"GbR\b(?!.*mbH)|\be\. ?K\.|\bFrau |\bHerr ", name)]
    assert "Technische Universität Dresden" in names
    assert not [name for name in names if "\u00ad" in name]


NEIGHBOUR = {
    "brandenburg_efre_2014-2020.csv": {
        "beneficiary": "Name des Begünstigten",
        "title": "Bezeichnung des Vorhabens / Zusammenfassung des Vorhabens",
        "begins": "Beginns des Vorhabens",
        "ends": "-",
        "amount": "Gesamtbetrag der förderfähigen Ausgaben des Vorhabens",
        "town": "Ort des Vorhabens",
    },
    "sachsen-anhalt_efre_2007-2013.csv": {
        "beneficiary": "Name des Begünstigten",
        "title": "Bezeichnung des Vorhabens",
        "begins": "Jahr der Bewilligung",
        "ends": "Jahr der Restzahlung",
        "amount": "Gewährte Beträge 1",
        "town": "-",
    },
}


@needs_data
@pytest.mark.parametrize("file", NEIGHBOUR)
def test_the_list_of_a_neighbour_needs_a_mapping_and_no_sql(tmp_path: Path, file: str) -> None:
    root = make_workspace(tmp_path / "ws")
    folder = tg.new_source(root, "neighbour")
    text = (folder / "source.toml").read_text(encoding="utf-8")
    for column, title in NEIGHBOUR[file].items():
        text = re.sub(rf'(?m)^{column} = ".*"$', f'{column} = "{title}"', text)
    text = text.replace('delimiter = ";"', 'delimiter = ","\noptional = ["ends", "town"]')
    (folder / "source.toml").write_text(text, encoding="utf-8")
    (folder / "files.toml").unlink()
    tg.add_source(root, "neighbour", str(NEIGHBOURS / file))
    with read(root, "neighbour") as (tables, findings):
        assert not [one for one in findings if one.severity.name == "VIOLATION"], findings
        withheld = next(one for one in findings if one.code == "source.withheld")
        projects, shares = rows(tables, "neighbour", "projects"), rows(tables, "neighbour", "participations")
        assert len(projects) > 100 and withheld
        amounts = [row for row in shares if row[5] is not None]
        assert len(amounts) > len(shares) * 0.9


@needs_data
def test_reference_sources_add_nothing_that_others_do_not_speak_of(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")  # has the organisation of one ROR id
    tg.add_source(root, "ror", str(DATA / "ror" / "ror_germany.ndjson.gz"))
    tg.add_source(root, "nuts", str(DATA / "nuts-ags" / "nuts_2024.csv"))
    with read(root, "nuts", "ror", "source") as (tables, findings):
        assert not [one for one in findings if one.severity.name == "VIOLATION"], findings
        assert len(rows(tables, "ror", "organisations")) > 1900
        assert len(rows(tables, "nuts", "regions")) == 1798
        leave_out_unreferenced(tables)
        kept = rows(tables, "ror", "organisations")
        assert [row[0] for row in kept] == ["ror-05q5pk319"]
        assert rows(tables, "nuts", "regions") == []
        assert [row[0] for row in rows(tables, "ror", "sources")] == ["ror"]
        assert len(rows(tables, "source", "organisations")) == 3


# The header until 2024, and that of 2026; two places have the same titles, of the recipient and of the unit.
PLACE = ("Gemeindekennziffer", "Stadt/Gemeinde", "Ort", "Bundesland", "Staat")
HEADERS = (
    ("PT", "Zuwendungsempfänger", "Thema", "Fördersumme in EUR", "Verbundprojekt"),
    (
        "Administrierende Stelle",
        "Förderempfänger /Auftragnehmer",
        "Thema des geförderten Vorhabens",
        "Förder- / Auftragssumme (Anteil des Bundes) in EUR",
        "Projekt",
    ),
)
GRANTS = (
    (
        "03WIR1905A",
        "Hochschule Musterstadt",
        "Verbundprojekt: Wasser; Teilvorhaben: Labor",
        "1.234,50",
        "",
        "01.04.2020",
    ),
    ("03WIR1905B", "Muster Bau GmbH", "Verbundprojekt: Wasser; Teilvorhaben: Bau", "0,00", "", "01.04.2020"),
    ("13ME0191/5", "Muster AG", "Messen", "10,00", "Messverbund", "bald"),
    ("K332700 /7", "Muster AG", "Messen und Regeln", "viel", "", "01.05.2020"),
    ("01XX0001", "Muster AG", "nur zum Zweck der Auszahlung", "5,00", "", "01.05.2020"),
    ("01XX0002", "Vorname Nachname", "Kunst", "7,00", "", "01.05.2020"),
    ("13ME0191/5", "Muster AG", "Messen", "10,00", "Messverbund", "01.04.2020"),
)


def catalogue(agency: str, recipient: str, subject: str, amount: str, joint: str) -> bytes:
    """An export as the catalogue writes it: texts like formulas, padded, amounts plain, in ISO 8859-15."""
    header: tuple[str, ...] = (
        "FKZ",
        "Ressort",
        "Referat",
        agency,
        "Arb.-Einh.",
        recipient,
        *PLACE,
        "Ausführende Stelle",
        *PLACE,
    )
    header += (
        subject,
        "Leistungsplansystematik",
        "Klartext Leistungsplansystematik",
        "Laufzeit von",
        "Laufzeit bis",
    )
    header += (amount, "Förderprofil", joint, "Förderart")
    lines = [";".join(f'="{title}"' for title in header) + ";"]
    for number, name, about, euros, whole, begin in GRANTS:
        place = ("14612000", "Dresden", "Dresden", "Sachsen", "Deutschland")
        cells: tuple[str, ...] = (
            number,
            "BMFTR",
            "1",
            "PTJ",
            "X",
            f"{name}  ",
            *place,
            "Labor",
            *place,
            about,
        )
        cells += ("KA2010", "Wasser für alle €", begin, "31.03.2023")
        texts = [f'="{cell}"' for cell in cells]
        lines.append(";".join([*texts, euros, '="Verbund"', f'="{whole}"', '="Projekt"']) + ";")
    return "\r\n".join(lines).encode("iso-8859-15")


@pytest.mark.parametrize("titles", HEADERS, ids=["2024", "2026"])
def test_the_federal_catalogue_joins_parts_by_their_grant_number(
    tmp_path: Path, titles: tuple[str, ...]
) -> None:
    root = make_workspace(tmp_path / "ws")
    (tmp_path / "Suchliste.csv").write_bytes(catalogue(*titles))
    tg.add_source(root, "foerderkatalog", str(tmp_path / "Suchliste.csv"))
    with read(root, "foerderkatalog") as (tables, findings):
        told = {
            (str(one.message)[:22], one.place.row, one.value)
            for one in findings
            if one.code == "source.unfit"
        }
        assert told == {
            ("The begin or the end i", 4, "bald"),
            ("The amount is no numbe", 5, "viel"),
            ("The row is an entry of", 6, "nur zum Zweck der Auszahlung"),
            ("The grant number stand", 8, "13ME0191/5"),
        }
        assert "7.00" in next(str(one.message) for one in findings if one.code == "source.withheld")
        shared = {(row[0], row[1], row[5]) for row in rows(tables, "foerderkatalog", "participations")}
        assert ("fkz-03WIR1905", "foekat-hochschulemusterstadt", "1234.5") in shared
        assert ("fkz-03WIR1905", "foekat-musterbaugmbh", None) in shared
        names = {row[0]: row[2] for row in rows(tables, "foerderkatalog", "projects")}
        assert names == {
            "fkz-03WIR1905": "Wasser",
            "fkz-13ME0191-5": "Messverbund",
            "fkz-K332700-7": "Messen und Regeln",
        }
        numbers = {row[5] for row in rows(tables, "foerderkatalog", "fundings")}
        assert numbers == {"03WIR1905A", "03WIR1905B", "13ME0191/5", "K332700/7"}
        assert {row[1] for row in rows(tables, "foerderkatalog", "programmes")} == {"Wasser für alle €"}
