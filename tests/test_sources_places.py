"""The municipality register and postal codes as references: they identify and enrich places, and add none."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from test_sources_cordis import made, project
from test_sources_lists import read, rows
from workspaces import REPOSITORY, make_workspace

import transfergraph as tg

DATA = REPOSITORY.parent / "shared" / "data" / "nuts-ags"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the open data is not here")

EXTRACT = """\ufeffsatzart,textkennzeichen,land,rb,kreis,vb,gemeinde,gemeindename,flaeche,postleitzahl,laengengrad,breitengrad
10,,14,,,,,Sachsen,,,,
40,41,14,6,12,,,"Dresden, Stadt",,,,
60,61,14,6,12,0000,000,"Dresden, Stadt", 328.48,01067,"13,736883","51,051697"
60,63,14,6,26,0110,110,"Görlitz, Stadt", 67.52,02826,"14,991","51,15"
60,64,14,6,26,0610,610,"Neustadt", 6.75,02763,"14,8","50,89"
60,64,14,6,26,0611,611,"Neustadt, Stadt", 6.75,02764,"14,9","50,99"
60,64,99,6,26,0612,612,"Nirgends", 6.75,02764,"14,9","50,99"
"""


def register(*named: tuple[str, str, str]) -> str:
    """Lines of the register GV100AD: key of eight digits and of the union in four, name, postal code."""
    lines = ["102023113014          Sachsen                                           Dresden"]
    for key, name, code in named:
        lines.append(f"6020231130{key}{name:<50}".ljust(165) + f"{code}*****")
    return "\n".join(lines)


CODES = """country_code,zipcode,place,state,community,community_code,latitude,longitude
DE,02826,Görlitz,Sachsen,Landkreis Görlitz,14626,51.15,14.99
DE,02827,Görlitz,Sachsen,Landkreis Görlitz,14626,51.14,14.98
DE,10875,Werk Nord GmbH,Berlin,,,52.1,13.2
DE,2827,Görlitz,Sachsen,Landkreis Görlitz,14626,51.14,14.98
"""


def brought(folder: Path, *sources: str) -> Path:
    """A workspace with its place Dresden, and an organisation of CORDIS in GOERLITZ."""
    root = make_workspace(folder / "ws")
    one = {"city": "GOERLITZ", "nuts": "DED2D", "pic": "888888888", "name": "WERK OST GMBH"}
    tg.add_source(root, "cordis", str(made(folder, project("101", one))))
    (folder / "Auszug.csv").write_text(EXTRACT, encoding="utf-8")
    with zipfile.ZipFile(folder / "DE.zip", "w") as packed:
        packed.writestr("zipcodes.de.csv", CODES)
    for name, file in (("ags", "Auszug.csv"), ("postal-codes", "DE.zip")):
        if name in sources:
            tg.add_source(root, name, str(folder / file))
    return root


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tg.Outcome:
    folder = tmp_path_factory.mktemp("places")
    return tg.build(brought(folder, "ags", "postal-codes"), folder / "build")


def told(outcome: tg.Outcome, source: str) -> dict[str, dict[str, str]]:
    """The places that a source has in the release, by their keys."""
    assert outcome.release is not None, [str(one) for one in outcome.report.findings]
    with (outcome.release / f"data/tables/{source}/places.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def test_places_are_identified_by_municipality_key_and_by_district_and_name(outcome: tg.Outcome) -> None:
    register, codes = told(outcome, "ags"), told(outcome, "postal-codes")
    assert told(outcome, "source").keys() == {"dresden"} and told(outcome, "cordis").keys() == {
        "DED2D-gorlitz"
    }
    dresden, gorlitz = register["dresden"], register["DED2D-gorlitz"]  # the key of the tables kept by hand
    assert (dresden["ags"], dresden["postal_codes"], dresden["name_de"]) == ("14612000", "01067", "Dresden")
    assert (gorlitz["ags"], gorlitz["lat"], gorlitz["name_de"]) == ("14626110", "51.15", "Görlitz")
    assert codes["DED2D-gorlitz"]["postal_codes"] == "02826;02827"
    cordis = told(outcome, "cordis")["DED2D-gorlitz"]
    assert (cordis["name_de"], cordis["postal_codes"]) == ("", "")  # its spelling gives way, and is no code
    assert "Goerlitz" in {one.value for one in outcome.report.findings if one.code == "identity.given-way"}
    # another position than in the tables kept by hand: both stay, and a person is told
    focuses = {one.focus for one in outcome.report.findings if one.code == "LatitudeOnce"}
    assert {str(one).rpartition("/")[2] for one in focuses} == {"dresden"}


def test_a_place_is_found_by_its_postal_code(outcome: tg.Outcome) -> None:
    assert outcome.release is not None
    (hit,) = tg.open(outcome.release).search("02827").hits
    assert hit.iri.rpartition("/")[2] == "DED2D-gorlitz"


def test_places_that_nobody_speaks_of_are_not_in_the_graph(outcome: tg.Outcome) -> None:
    assert told(outcome, "ags").keys() == {"dresden", "DED2D-gorlitz"}
    assert told(outcome, "postal-codes").keys() == {"DED2D-gorlitz"}


def test_what_fits_no_district_or_is_no_postal_code_is_told(outcome: tg.Outcome) -> None:
    unfit = [one for one in outcome.report.findings if one.code == "source.unfit"]
    found = {(Path(one.place.file or "").name, one.place.row, one.value) for one in unfit}
    assert {("Auszug.csv", 8, "99626612"), ("zipcodes.de.csv", 5, "2827")} <= found, found
    assert ("zipcodes.de.csv", 4, None) in found  # a firm with a code of its own


def test_two_towns_of_one_name_in_one_district_keep_their_keys(tmp_path: Path) -> None:
    root = brought(tmp_path, "ags")
    with read(root, "ags") as (tables, _):
        keys = {row[0]: row[4] for row in rows(tables, "ags", "places")}
    assert keys == {
        "DED21-dresden": "14612000",
        "DED2D-gorlitz": "14626110",
        "DED2D-neustadt-14626610": "14626610",
        "DED2D-neustadt-14626611": "14626611",
    }


def test_the_newer_register_tells_names_and_the_extract_what_it_lacks(tmp_path: Path) -> None:
    root = brought(tmp_path)
    folder = tmp_path / "both"
    folder.mkdir()
    (folder / "Auszug.csv").write_text(EXTRACT, encoding="utf-8")
    named = (
        ("146261100110", "Görlitz/Zgorzelec, Stadt", "02828"),
        ("146120000000", "Dresden, Stadt", ""),
        ("073370605002", "Oberschlettenbach", "76889"),
    )
    (folder / "GV100AD_301123.txt").write_text(register(*named), encoding="utf-8")
    tg.add_source(root, "ags", str(folder))
    with read(root, "ags") as (tables, _):
        found = {row[4]: row for row in rows(tables, "ags", "places")}
    assert found["14626110"][:3] == ("DED2D-gorlitz-zgorzelec", "Görlitz/Zgorzelec", "Görlitz/Zgorzelec")
    assert found["14612000"][5:8] == ("01067", "51.051697", "13.736883")
    assert found["07337060"][1] == "Oberschlettenbach", (
        "of a union of municipalities, whose number comes last"
    )


@needs_data
@pytest.mark.parametrize(
    ("name", "file", "least"),
    [
        ("ags", "AuszugGV4Q_2020.csv", 10_700),
        ("ags", "GV100AD_301123.txt", 10_700),
        ("postal-codes", "postal_codes_DE_geonames.zip", 13_000),
    ],
)
def test_the_real_lists_are_read(tmp_path: Path, name: str, file: str, least: int) -> None:
    root = make_workspace(tmp_path / "ws")
    tg.add_source(root, name, str(DATA / file))
    with read(root, name) as (tables, findings):
        assert not [one for one in findings if one.severity.name == "VIOLATION"], findings
        places = {row[0]: row for row in rows(tables, name, "places")}
        assert len(places) >= least
        zittau = places["DED2D-zittau"]
        assert zittau[1] == "Zittau" and "02763" in str(zittau[5]).split(";")
        assert name == "postal-codes" or zittau[4] == "14626610"
        regions = {row[4]: row[2] for row in rows(tables, name, "regions")}
        assert regions["DED2D"] == "Görlitz" and regions["DED"] == "Sachsen"
        assert len([code for code in regions if len(str(code)) == 5]) == 400
