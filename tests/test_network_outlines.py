"""Outlines of other countries from a GeoJSON file of the workspace: on every map, with their credit, or an error."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from workspaces import TABLES, make_workspace

import transfergraph as tg
from transfergraph.network.model.boundaries import Boundaries, joined, read_boundaries
from transfergraph.network.model.nuts_outlines import with_districts
from transfergraph.network.output.map_ground import Seat, map_ground

NUTS = Path(__file__).parent.parent.parent / "shared/data/nuts-ags/nuts_2024.geojson.gz"
CREDIT = ("© Who drew them", "https://example.org/outlines")
MAP = f'[map]\noutlines = "outlines/areas.geojson"\nattribution = "{CREDIT[0]}"\nattribution_page = "{CREDIT[1]}"\n'
ZITTAU, LIBEREC, ZGORZELEC = (14.807, 50.896), (15.06, 50.77), (15.01, 51.15)


def square(west: float, south: float, size: float = 1.0) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def area(code: str, *rings: Any, name: str = "", key: str = "NUTS_ID") -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": list(rings)}
    return {
        "type": "Feature",
        "properties": {key: code, "NAME_LATN": name or f"Area {code}"},
        "geometry": geometry,
    }


AREAS = (
    area("CZ051", square(15.0, 50.0), name="Liberecký kraj"),
    area("CZ052", square(16.0, 50.0)),
    area("CZ0", square(15.0, 50.0, 2), name="Česko"),
    area("PL515", square(15.0, 51.0), [[15.4, 51.4], [15.6, 51.4], [15.6, 51.6], [15.4, 51.6], [15.4, 51.4]]),
    area("PL514", [[15.4, 51.4], [15.4, 51.6], [15.6, 51.6], [15.6, 51.4], [15.4, 51.4]], name="Town within"),
    area("DED2D", [[14.0, 51.0], [15.0, 51.0], [15.0, 52.0], [14.0, 52.0], [14.0, 51.0]]),
)


def written(folder: Path, *features: Any, name: str = "areas.geojson", **head: Any) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": list(features), **head})
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return file


def outlines(folder: Path, *features: Any, name: str = "areas.geojson") -> Boundaries:
    return with_districts(read_boundaries(), written(folder, *features, name=name), 10, CREDIT)


@pytest.mark.parametrize("name", ["areas.geojson", "areas.geojson.gz"])
def test_areas_of_other_countries_are_added_and_those_that_are_known_stay(tmp_path: Path, name: str) -> None:
    known, found = read_boundaries(), outlines(tmp_path, *AREAS, name=name)
    added = found.districts[: -len(known.districts)]
    assert [one.code for one in added] == ["CZ051", "CZ052", "PL514", "PL515"]
    assert added[0].name == "Liberecký kraj" and found.state_names == {"CZ0": "Česko"}
    assert found.districts[len(added) :] == known.districts
    assert {one.code for one in known.countries} - {one.code for one in found.countries} == {"CZ", "PL"}
    assert found.credit == (*known.credit, CREDIT)


def test_borders_are_one_line_and_enclaves_are_found_in_what_is_around(tmp_path: Path) -> None:
    found = outlines(tmp_path, *AREAS)
    for one in found.districts[:4]:
        assert all(ring[0] == ring[-1] for ring in one.rings)
        assert tuple(joined(found.lines, ring) for ring in one.lines) == one.rings
    drawn = Counter(max(line, ~line) for one in found.districts[:4] for ring in one.lines for line in ring)
    shared = [found.lines[line] for line, times in drawn.items() if times == 2]
    assert len(shared) == 3  # between the two in Bohemia, around the town, and Bohemia's with Poland
    assert max(drawn.values()) == 2
    # Germany's outline is drawn from another source: the line that this one has for it is not
    assert [found.lines[line] for line in found.seams] == [((15.0, 51.0), (15.0, 52.0))]


def test_a_file_with_other_names_for_its_properties(tmp_path: Path) -> None:
    found = outlines(tmp_path, area("EL301", square(23, 37), key="id"), area("UKI31", square(0, 51)))
    assert [one.code for one in found.districts[:2]] == ["EL301", "UKI31"]
    ground = map_ground([(23.5, 37.5)], [Seat((23.5, 37.5), "")], found)
    assert ground is not None and ground["district"] == [
        next(at for at, one in enumerate(ground["areas"]) if one["code"] == "EL301")
    ]


def test_countries_where_nobody_sits_are_drawn_whole_by_their_usual_code(tmp_path: Path) -> None:
    greek = area("EL301", square(14.5, 49)), area("EL302", square(15.5, 49))
    ground = map_ground([ZITTAU], [Seat(ZITTAU, "")], outlines(tmp_path, *AREAS, *greek))
    assert ground is not None
    levels = {one["code"]: one["level"] for one in ground["areas"]}
    assert levels["GR"] == levels["CZ"] == levels["PL"] == "country" and levels["DED2D"] == "district"
    inner = {tuple(ground["lines"][max(line, ~line)]) for line in ground["borders"]}
    rings = [ring for one in ground["areas"] if one["code"] == "GR" for ring in one["rings"]]
    assert len(rings) == 1 and len(inner) > 10


def test_what_is_drawn_of_several_sources_meets(tmp_path: Path) -> None:
    ground = map_ground([ZITTAU, LIBEREC], [Seat(ZITTAU, ""), Seat(LIBEREC, "")], outlines(tmp_path, *AREAS))
    assert ground is not None
    inner = [one for one in ground["areas"] if one["level"] != "country"]
    sides = Counter(line for one in inner for ring in one["rings"] for line in ring)
    assert max(sides.values()) == 1  # each line once in each direction
    assert not {*map(abs, ground["seams"])} & {*map(abs, ground["borders"])}


BAD: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "cannot be read as GeoJSON"),
    "damaged gzip": (gzip.compress(b"{}")[:12], "cannot be read as GeoJSON"),
    "an array": ([], "no GeoJSON FeatureCollection but list"),
    "TopoJSON": ({"type": "Topology", "objects": {}}, "no GeoJSON FeatureCollection but Topology"),
    "no codes": (({"type": "Feature", "properties": None, "geometry": None},), "no area has a NUTS code"),
    "countries alone": ((area("CZ", square(14, 50)),), "no area has a NUTS code of five characters"),
    "metres": ((area("CZ051", square(4_600_000, 3_000_000)),), "CZ051 has the position 4.6e+06, 3e+06"),
    "not a number": ((area("CZ051", square(float("nan"), 50)),), "CZ051 has the position nan"),
    "open": ((area("CZ051", square(14, 50)[:-1]),), "CZ051 has a ring that is not closed"),
    "two corners": ((area("CZ051", [[1, 2], [2, 3], [1, 2]]),), "fewer than three corners"),
    "words": ((area("CZ051", [["a", "b"]] * 4),), "no pair of numbers"),
    "no list": ((area("CZ051", 5),), "no pair of numbers"),
    "a line": (
        (area("CZ051", square(14, 50)) | {"geometry": {"type": "LineString", "coordinates": []}},),
        "CZ051 is no Polygon or MultiPolygon but LineString",
    ),
    "twice": ((area("CZ051", square(14, 50)), area("CZ051", square(14, 50))), "the code CZ051 twice"),
    "too large": ((area("CZ051", square(14, 50), name="x" * 11_000_000),), "more than 10 MiB"),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_file_that_is_none_is_named_with_what_to_take(tmp_path: Path, kind: str) -> None:
    content, message = BAD[kind]
    file = tmp_path / "areas.geojson"
    if isinstance(content, tuple):
        written(tmp_path, *content)
    elif isinstance(content, bytes | str):
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
    else:
        file.write_text(json.dumps(content))
    with pytest.raises(tg.WorkspaceError, match=r"areas\.geojson") as caught:
        with_districts(read_boundaries(), file, 10, CREDIT)
    assert message in str(caught.value)


PLACES = """id,name_de,name_en,region,ags,lat,long,source
dresden,Dresden,Dresden,dresden-nuts3,14612000,51.05,13.74,page
liberec,Reichenberg,Liberec,liberecky,,50.7671,15.0562,page
"""
REGIONS = TABLES["regions"] + 'liberecky,nuts-3,"Reichenberger Region","Liberec Region",CZ051,,page\n'
ORGANISATIONS = TABLES["organisations"].replace(
    '"Müller ""Söhne"" AG",Müller AG,,dresden', '"Müller ""Söhne"" AG",Müller AG,,liberec'
)


def workspace(folder: Path, settings: str = MAP) -> Path:
    root = make_workspace(folder, places=PLACES, regions=REGIONS, organisations=ORGANISATIONS)
    file = root / "transfergraph.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n{settings}", encoding="utf-8")
    written(root / "outlines", *AREAS)
    return root


def test_a_release_has_them_on_every_map_and_says_whose_they_are(tmp_path: Path) -> None:
    root = workspace(tmp_path / "ws")
    release = tg.open(tg.build(root, tmp_path / "build").release or "")
    assert "outlines/areas.geojson" in {one.path for one in release.manifest.inputs}
    page = (release.path / "network.html").read_text(encoding="utf-8")
    assert json.dumps(list(CREDIT), ensure_ascii=False, separators=(",", ":")) in page
    assert '"code":"CZ051","name":"Liberecký kraj","level":"district"' in page
    part = release.figure(alliance="recomine").page
    assert '"code":"CZ051","name":"Liberecký kraj","level":"district"' in part

    (root / "outlines" / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": AREAS[:2]}), encoding="utf-8"
    )
    changed = tg.open(tg.build(root, tmp_path / "build").release or "")
    assert changed.manifest.id != release.manifest.id  # the file is an input


def test_settings_that_cannot_be_followed_are_named(tmp_path: Path) -> None:
    root = workspace(tmp_path / "none", MAP.replace("areas.geojson", "other.geojson"))
    with pytest.raises(tg.WorkspaceError, match=r"map\.outlines names outlines/other\.geojson"):
        tg.build(root, tmp_path / "build")
    root = workspace(tmp_path / "outside", MAP.replace("outlines/areas", "../areas"))
    with pytest.raises(tg.WorkspaceError, match=r"map\.outlines"):
        tg.build(root, tmp_path / "build")
    root = workspace(tmp_path / "nobody", MAP.partition("attribution")[0])
    with pytest.raises(tg.WorkspaceError, match="attribution"):
        tg.build(root, tmp_path / "build")
    root = workspace(tmp_path / "bad")
    (root / "outlines" / "areas.geojson").write_text("{}", encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match="no GeoJSON FeatureCollection") as caught:
        tg.check(root, tmp_path / "build")
    assert "Nehmen Sie" in caught.value.in_language("de")


def test_places_in_three_countries_with_the_outlines_of_eurostat() -> None:
    if not NUTS.is_file():
        pytest.skip("no outlines of Eurostat in ../shared/data/nuts-ags")
    boundaries = with_districts(read_boundaries(), NUTS, 512, CREDIT)
    assert len(boundaries.districts) == 401 + 945
    assert {one.code[:2] for one in boundaries.districts} >= {"CZ", "DE", "FR", "PL", "TR"}
    at = [ZITTAU, LIBEREC, ZGORZELEC]
    ground = map_ground(at, [Seat(one, "") for one in at], boundaries)
    assert ground is not None
    codes = [ground["areas"][district]["code"] for district in ground["district"]]
    assert codes == ["DED2D", "CZ051", "PL515"]
    assert len(json.dumps(ground)) < 60_000
    levels = {one["code"]: one["level"] for one in ground["areas"]}
    assert levels["AT"] == "country" and levels["PL2"] == "state" and levels["DE4"] == "state"
    codes_alone = map_ground([None], [Seat(None, "PT112"), Seat(None, "ES")], boundaries)
    assert codes_alone is not None
    assert {"PT112"} <= {one["code"] for one in codes_alone["areas"] if one["level"] == "district"}
