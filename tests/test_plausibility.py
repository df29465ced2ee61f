"""What is allowed but improbable is a warning at its cell, with the reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tables_fixture import load
from test_cells import codes, findings_of
from workspaces import REPOSITORY, TABLES, edited, make_workspace

import transfergraph as tg
from transfergraph import Finding, Severity
from transfergraph.config.code_tables import read_codes
from transfergraph.tables.check_plausibility import check_plausibility


def told(root: Path) -> list[tuple[str, int | None, str | None]]:
    found = load(root, root / "scratch")[1]
    assert all(finding.severity is Severity.WARNING for finding in found), found
    return [
        (finding.code, finding.place.row, finding.place.column)
        for finding in sorted(found, key=Finding.sort_key)
    ]


def test_years_far_from_the_source(tmp_path: Path) -> None:
    years = ["2222", "2222-02-03", "0219", "2056", "2055-12", "1500", "1499-05"]
    found = findings_of(tmp_path, "statements", "as_of", years)
    late, early = ["table.unlikely-year.late"], ["table.unlikely-year.early"]
    assert codes(found) == {
        **{"2222": late, "2222-02-03": late, "0219": early, "2056": late},
        **{"2055-12": [], "1500": [], "1499-05": early},
    }
    assert (
        "197 years" in found["2222"][0].message.english and "2025-03-12" in found["2222"][0].message.english
    )


@pytest.mark.parametrize(
    ("german", "english", "is_swapped"),
    [
        ("Institute for Water and Soil", "Institut für Wasser und Boden", True),
        ("The alliance joins partners of the region.", "Das Bündnis verbindet Partner aus der Region.", True),
        ("Institut für Wasser und Boden", "Institute for Water and Soil", False),
        ("Center for Advancing Electronics", "Center for Advancing Electronics", False),
        ("Made in Saxony", "Hergestellt in Sachsen", False),
        ("Das Projekt „The Future of Water“", "The project “Zukunft der Lausitz”", False),
        ("City of Zwickau", "Stadt Zwickau", True),
        ("Regional Research", "Gießereitechnik Ruhr", True),
        ("Stadtwerke Görlitz", "Municipal Utilities Görlitz", False),
        ("Leasing und Consulting", "Leasing and Consulting", False),
        ("Zwickau", "Zwickau (city)", False),
    ],
)
def test_swapped_languages(tmp_path: Path, german: str, english: str, is_swapped: bool) -> None:
    alliances = edited("alliances", "recomine,recomine,recomine", f"recomine,{german},{english}")
    found = told(make_workspace(tmp_path, alliances=alliances))
    assert found == ([("table.swapped-languages", 2, "name_de")] if is_swapped else [])


@pytest.mark.parametrize(
    ("polish", "english", "is_swapped"),
    [
        ("Maritime University", "Uniwersytet Morski", True),
        ("Uniwersytet Morski", "Maritime University", False),
        ("Wyższa Szkoła Techniczna", "Technical College", False),
        ("Technical College of Pila", "Wyższa Szkoła Techniczna w Pile", True),
    ],
)
def test_polish_and_english_are_told_apart(
    tmp_path: Path, polish: str, english: str, is_swapped: bool
) -> None:
    """Of 246 organisations of ROR with different names in both, 193 are found swapped, and none wrongly."""
    root = tg.init(tmp_path / "ws", ("pl", "en"))
    file = root / "data" / "example" / "organisations.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= {"name_pl": polish, "name_en": english}
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    found = {(one.code, one.place.row) for one in tg.check(root, tmp_path / "build").findings}
    assert (("table.swapped-languages", 2) in found) == is_swapped


@pytest.mark.parametrize(
    ("german", "english", "is_swapped"),
    [
        ("Consortium hydrogen", "Verbund Wasserstoff", True),
        ("Consortium Q7", "Verbund Q7", True),
        ("Verbund Wasserstoff", "Consortium hydrogen", False),
        ("Consortium Wasserstoff", "Verbund hydrogen", False),
        ("Consortium hydrogen", "Consortium hydrogen", False),
        ("Hydrogen", "Something else", False),
    ],
)
def test_swapped_names_are_told_by_the_words_of_the_source(
    tmp_path: Path, german: str, english: str, is_swapped: bool
) -> None:
    names = [("Verbund Wasserstoff", "Consortium hydrogen")] * 10 + [(german, english)]
    rows = "".join(
        f"t-{n},{one},{other},,raw-materials-and-environment,page\n" for n, (one, other) in enumerate(names)
    )
    found = told(make_workspace(tmp_path, topics=TABLES["topics"] + rows))
    assert found == ([("table.swapped-languages", 13, "name_de")] if is_swapped else [])


@pytest.mark.parametrize(
    ("german", "english", "column"),
    [
        ("Ein Bündnis für die Region.", "Ein Bündnis für die Region.", "description_en"),
        ("An alliance of the region.", "An alliance of the region.", "description_de"),
        ("An alliance for the towns of Saxony.", "", "description_de"),
        ("Ein Bündnis.", "Das Bündnis ist eine Sache der Region und nicht nur von heute.", "description_en"),
        ("Center for Materials", "Center for Materials", "description_de"),
        ("recomine", "recomine", None),
        ("Das Bündnis „Future of the Region“ und mehr.", "The alliance “Zukunft der Region”.", None),
        ("Wörtlich: „one of the best“", "Verbatim: “one of the best”", None),
    ],
)
def test_a_description_is_in_the_language_of_its_column(
    tmp_path: Path, german: str, english: str, column: str | None
) -> None:
    alliances = TABLES["alliances"].replace(
        '"Ein Bündnis,\ndas zwei Zeilen hat.",An alliance.', f"{german},{english}"
    )
    found = told(make_workspace(tmp_path, alliances=alliances))
    assert found == ([("table.other-language", 2, column)] if column else [])


@pytest.mark.parametrize("name", ["Center for Materials of the Future", "Institut für Wasser und Boden"])
def test_a_name_may_be_the_same_in_every_language(tmp_path: Path, name: str) -> None:
    alliances = edited("alliances", "recomine,recomine,recomine", f"recomine,{name},{name}")
    assert told(make_workspace(tmp_path, alliances=alliances)) == []


@pytest.mark.parametrize(
    ("start", "end", "code", "column"),
    [
        ("2219", "2021-06-30", "table.unlikely-year.late", "start"),
        ("2019", "0221", "table.unlikely-year.early", "end"),
        ("2219-05", "2022", "table.unlikely-year.late", "start"),
        ("2219", "2220", None, None),
        ("2021", "2019", "table.end-before-start", "end"),
    ],
)
def test_a_year_that_turns_a_period_round_is_one_violation(
    tmp_path: Path, start: str, end: str, code: str | None, column: str | None
) -> None:
    root = make_workspace(tmp_path, projects=edited("projects", "2019,2021-06-30", f"{start},{end}"))
    found = load(root, root / "scratch")[1]
    grave = [(f.code, f.place.column) for f in found if f.severity is Severity.VIOLATION]
    assert grave == ([(code, column)] if code else [])
    assert len(found) == (1 if code else 2)


@pytest.mark.parametrize(
    ("lat", "long", "code"),
    [
        ("13.74", "51.05", "table.swapped-coordinates"),
        ("40.71", "-74.0", "table.place-outside.country"),
        ("51.05", "13.74", None),
    ],
)
def test_a_place_lies_in_the_country_of_its_region(
    tmp_path: Path, lat: str, long: str, code: str | None
) -> None:
    places = edited("places", "51.05,13.74", f"{lat},{long}")
    assert told(make_workspace(tmp_path, places=places)) == ([(code, 2, "lat")] if code else [])


@pytest.mark.parametrize(
    ("lat", "long", "code"),
    [
        ("7.22", "51.48", "table.swapped-coordinates.others"),
        ("40.71", "-74.0", None),
        ("51.5", "7.0", None),
    ],
)
def test_three_places_tell_that_one_of_them_is_swapped(
    tmp_path: Path, lat: str, long: str, code: str | None
) -> None:
    places = (
        f"{TABLES['places'].splitlines()[0]}\n"
        "dresden,Bochum,Bochum,ruhr,,51.48,7.22,page\n"
        "essen,Essen,Essen,ruhr,,51.46,7.01,page\n"
        f"herne,Herne,Herne,ruhr,,{lat},{long},page\n"
    )
    regions = f"{TABLES['regions']}ruhr,historical-region,Ruhrgebiet,Ruhr area,,,page\n"
    assert told(make_workspace(tmp_path, places=places, regions=regions)) == (
        [(code, 4, "lat")] if code else []
    )


@pytest.mark.parametrize(
    ("lat", "long", "code"),
    [
        ("53.55", "9.99", "table.place-outside.region"),
        ("13.8", "51.1", "table.swapped-coordinates"),
        ("51.3", "13.9", None),
    ],
)
def test_a_place_lies_where_the_others_of_its_region_do(
    tmp_path: Path, lat: str, long: str, code: str | None
) -> None:
    others = "".join(f"o{n},O,O,dresden-nuts3,,51.0{n},13.7{n},page\n" for n in range(6))
    places = f"{TABLES['places']}{others}far,O,O,dresden-nuts3,,{lat},{long},page\n"
    regions = TABLES["regions"].replace("DED21", "ZZ021").replace("DED,", "ZZ0,")
    assert told(make_workspace(tmp_path, places=places, regions=regions)) == (
        [(code, 9, "lat")] if code else []
    )


def test_nothing_of_the_curated_data_is_improbable(tmp_path: Path) -> None:
    tables, _ = load(REPOSITORY, tmp_path / "scratch")
    assert list(check_plausibility(tables)) == []


def test_bounds_of_countries_are_those_of_their_codes() -> None:
    known = read_codes()
    for nuts, inside in {"DED21": (51.0, 13.7), "AT130": (48.2, 16.4), "PL514": (51.1, 17.0)}.items():
        bounds = known.bounds(nuts)
        assert bounds is not None and bounds.hold(*inside) and not bounds.hold(*reversed(inside))
    assert known.bounds("FRY10") is None and known.bounds("ZZ") is None and known.bounds("FRK26") is not None
