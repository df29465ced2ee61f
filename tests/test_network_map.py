"""The ground of the map: which outlines a network gets, where its places lie, and that what is drawn meets."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from network_fixture import analysis_of, five_alliances, with_background

from transfergraph.network.model.boundaries import joined, read_boundaries
from transfergraph.network.model.simplify_line import simplified
from transfergraph.network.output.explorer_page import network_page
from transfergraph.network.output.map_ground import Seat, map_ground

ZITTAU, DRESDEN, LIBEREC, ZGORZELEC = (14.807, 50.896), (13.737, 51.052), (15.06, 50.77), (15.01, 51.15)
MUNICH, TOKYO = (11.576, 48.137), (139.69, 35.69)


def ground(*at: tuple[float, float] | None, codes: tuple[str, ...] = ()) -> dict[str, Any]:
    seats = [*(Seat(one, "") for one in at if one is not None), *(Seat(None, code) for code in codes)]
    found = map_ground(at, seats)
    assert found is not None
    return found


def names(found: dict[str, Any], level: str) -> set[str]:
    return {one["code"] for one in found["areas"] if one["level"] == level}


def test_a_town_brings_the_districts_of_its_state_and_what_is_around() -> None:
    found = ground(ZITTAU, None, DRESDEN)
    districts = names(found, "district")
    assert len(districts) == 13 and all(code.startswith("DED") for code in districts)
    assert {"DE4", "DEE", "DEG", "DE2"} <= names(found, "state")
    assert "DED" not in names(found, "state")
    assert {"CZ", "PL"} <= names(found, "country")
    assert found["places"][1] is None and found["district"][1] is None
    assert [found["areas"][found["district"][at]]["name"] for at in (0, 2)] == ["Görlitz", "Dresden"]
    assert "elbe" in {one["code"] for one in found["rivers"]}


def test_where_nothing_is_known_there_is_no_ground() -> None:
    assert map_ground([None], [Seat(None, "")]) is None
    assert map_ground([], []) is None


def test_a_code_alone_brings_the_districts_of_its_state() -> None:
    found = ground(codes=("DEF0B", "DE", ""))
    assert all(code.startswith("DEF") for code in names(found, "district"))
    assert "DK" in names(found, "country")


def test_places_in_three_countries_keep_their_place_and_have_no_district_abroad() -> None:
    found = ground(ZITTAU, LIBEREC, ZGORZELEC)
    assert [one is None for one in found["district"]] == [False, True, True]
    (x, y), (east, south), (_, north) = found["places"]
    assert x < east and south > y and north < y < south
    kilometres = ((x - east) ** 2 + (y - south) ** 2) ** 0.5 / 10
    assert kilometres == pytest.approx(22.6, abs=0.5)


def test_a_few_far_away_change_neither_districts_nor_the_size_much() -> None:
    near = ground(*[ZITTAU] * 30)
    far = ground(*[ZITTAU] * 30, MUNICH)
    assert names(near, "district") == names(far, "district")
    assert names(near, "state") < names(far, "state")
    assert ground(ZITTAU, TOKYO)["places"][1] is not None


def test_what_is_drawn_meets() -> None:
    found = ground(ZITTAU, MUNICH)
    areas = [one for one in found["areas"] if one["level"] != "country"]
    sides = Counter(line for one in areas for ring in one["rings"] for line in ring)
    assert max(sides.values()) == 1  # each line once in each direction
    for one in found["areas"]:
        for ring in one["rings"]:
            ends = [_ends(found["lines"], line) for line in ring]
            assert all(
                before[1] == after[0] for before, after in zip(ends, [*ends[1:], ends[0]], strict=True)
            )


def _ends(lines: list[list[int]], line: int) -> tuple[tuple[int, int], tuple[int, int]]:
    steps = lines[max(line, ~line)]
    first, last = (steps[0], steps[1]), (sum(steps[::2]), sum(steps[1::2]))
    return (first, last) if line >= 0 else (last, first)


def test_the_ground_is_small() -> None:
    whole = [one.rings[0][0] for one in read_boundaries().districts]
    assert len(json.dumps(ground(ZITTAU, DRESDEN))) < 60_000
    assert len(json.dumps(ground(*whole))) < 260_000


def test_every_district_has_a_code_a_name_and_closed_rings() -> None:
    boundaries = read_boundaries()
    assert len(boundaries.districts) == 401
    assert len({one.code for one in boundaries.districts}) == 401
    for one in (*boundaries.districts, *boundaries.countries):
        assert one.name and all(ring[0] == ring[-1] for ring in one.rings), one.code
    assert all(len(one.code) == 2 for one in boundaries.countries)
    river = boundaries.rivers[0]
    assert joined(boundaries.lines, river.lines[0]) == river.rings[0]


def test_a_line_keeps_what_stands_out() -> None:
    line = [(0.0, 0.0), (1.0, 1.6), (2.0, 3.0), (3.0, 1.4), (4.0, 0.0)]
    assert simplified(line, 0.5) == [(0.0, 0.0), (2.0, 3.0), (4.0, 0.0)]
    assert simplified(line, 5) == [(0.0, 0.0), (4.0, 0.0)]
    assert simplified(line, 0) == line
    ring = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 0.0)]
    assert simplified(ring, 1) == ring


def test_the_page_brings_ground_only_where_something_lies(tmp_path: Any) -> None:
    with_places = network_page(analysis_of(with_background(five_alliances()), tmp_path / "with"))
    without = network_page(analysis_of(five_alliances(), tmp_path / "without"))
    assert '"map":{"places":[[' in with_places and 'data-list="places"' in with_places
    assert '"map":null' in without and 'data-list="places"' not in without
    assert len(with_places) - len(without) < 60_000
