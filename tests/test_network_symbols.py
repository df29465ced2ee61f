"""A symbol means the same kind everywhere: on the network page, in its exports, in pictures and in reports."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from browser import opened
from network_fixture import BASE, KINDS, analysis_of, five_alliances
from playwright.sync_api import Browser, Page
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.network.model.network_graph import kinds_by_frequency
from transfergraph.network.output import network_report, write_network
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_page import network_page
from transfergraph.network.output.file_notes import FileNotes
from transfergraph.network.output.picture import draw, kind_symbols
from transfergraph.network.output.report_content import ReportSubject
from transfergraph.network.output.shapes import OTHERS, PALETTE, SHAPES, symbols_of_kinds
from transfergraph.network.output.svg import svg

SVG = "{http://www.w3.org/2000/svg}"
UNKNOWN = "unbekannt"
MORE = {f"kind-{number}": (f"Weitere Art {number}", f"Further kind {number}") for number in range(4)}

Signs = dict[str, tuple[str, str]]
"""Shape and fill by the German name of a kind."""


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """Organisations of more kinds than there are symbols, and many of none."""
    tables = five_alliances()
    tables.kinds |= MORE
    for number in range(9):
        tables.organisation(f"nobody-{number}", "", f"Ohne Art {number}")
        tables.takes_part("recomine", f"nobody-{number}")
    for number, kind in enumerate(MORE):
        for copy in range(number + 1):
            tables.organisation(f"{kind}-{copy}", kind, f"Von Art {number}, Nummer {copy}")
            tables.takes_part("recomine", f"{kind}-{copy}")
    return analysis_of(tables, tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def expected(analysis: Analysis) -> Signs:
    """The one list: for each kind its symbol, or that of the others."""
    styles = kind_symbols(analysis.network)
    assert "Organisation" in styles  # the class of those without a kind is among the most frequent
    found: Signs = {}
    for _, data in analysis.network.nodes(data=True):
        if data["bipartite"] == 0:
            shape, colour = styles.get(data["kind"] or data["class"], OTHERS)
            found[data["kind_de"] if data["kind"] else UNKNOWN] = shape, PALETTE[colour][0]
    assert len(found) >= 9
    assert len(set(found.values())) == 8
    return found


def shape_of(points: str) -> str:
    """Which of the shapes a polygon is, wherever and however large."""
    spots = [tuple(map(float, one.split(","))) for one in points.split()]
    for name, corners in SHAPES.items():
        if len(corners) != len(spots):
            continue
        scale = math.dist(*spots[:2]) / math.dist(*corners[:2])
        moved = [(x * scale, y * scale) for x, y in corners]
        off = [(x - a, y - b) for (x, y), (a, b) in zip(spots, moved, strict=True)]
        if all(max(one) - min(one) < 0.5 for one in zip(*off, strict=True)):
            return name
    raise AssertionError(points)


def sign_of(element: ET.Element) -> tuple[str, str]:
    points = element.get("points")
    return ("circle" if points is None else shape_of(points)), str(element.get("fill"))


def legend_of(document: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The entries of a legend: a shape, and right behind it its label with a number in brackets."""
    elements = [
        one for one in ET.fromstring(document) if one.tag in {SVG + n for n in ("circle", "polygon", "text")}
    ]
    for sign, words in pairwise(elements):
        label = re.fullmatch(r"(.+) \(\d+\)", str(words.text))
        if label is not None and sign.tag != SVG + "text":
            yield label[1], sign_of(sign)


def of_kinds(found: dict[str, tuple[str, str]], others: str, expected: Signs) -> Signs:
    """What a legend says of each kind, those that it has no entry for by that of the others."""
    named = {UNKNOWN if name == "Organisation" else name: sign for name, sign in found.items()}
    return {name: named.get(name, named[others]) for name in expected}


def test_pictures_and_reports_have_the_symbols_of_the_list(analysis: Analysis, expected: Signs) -> None:
    picture = svg(draw(analysis.network, analysis.layout, "de"), FileNotes("x"), "de")
    assert of_kinds(dict(legend_of(picture)), "andere Arten", expected) == expected
    about = BASE + "undertaking/recomine"
    subject = ReportSubject(
        about, analysis.network, analysis.network, analysis.partners, analysis.layout, None
    )
    shown = network_report._content(subject, analysis.about, "", "de")["picture"]
    assert isinstance(shown, dict)
    assert of_kinds(dict(legend_of(shown["svg"])), "andere Arten", expected) == expected


def test_a_part_has_the_symbols_of_the_whole(analysis: Analysis, expected: Signs) -> None:
    kept = [one for one, data in analysis.network.nodes(data=True) if "company" not in str(data.get("kind"))]
    part = analysis.network.subgraph(kept).copy()
    found = dict(legend_of(svg(draw(part, analysis.layout, "de"), FileNotes("x"), "de")))
    without = {name: sign for name, sign in expected.items() if name != KINDS["company"][0]}
    assert of_kinds(found, "andere Arten", without) == without


def test_the_page_and_what_it_exports_have_the_symbols_of_the_list(
    browser: Browser, analysis: Analysis, expected: Signs, tmp_path: Path
) -> None:
    file = tmp_path / "network.html"
    file.write_text(network_page(analysis), encoding="utf-8")
    with opened(browser, file) as (page, watch):
        assert of_kinds(dict(_page_legend(page)), "andere Arten", expected) == expected
        page.get_by_role("tab", name="Daten", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="SVG", exact=True).click()
        document = ET.fromstring(Path(download.value.path()).read_text(encoding="utf-8"))
        drawn: Signs = {}
        for one in document.iter():
            title = one.findtext(SVG + "title") or ""
            if one.tag in (SVG + "circle", SVG + "polygon") and title:
                drawn[title.rsplit(" (", 1)[1].removesuffix(")")] = sign_of(one)
        named = {UNKNOWN if name == "Organisation" else name: sign for name, sign in drawn.items()}
        assert {name: named[name] for name in expected} == expected
        assert watch.complaints == []


def _page_legend(page: Page) -> Iterator[tuple[str, tuple[str, str]]]:
    for entry in page.locator("#marks li").all():
        sign = entry.locator("svg.sign")
        colour = str(sign.get_attribute("class")).split("mark-")[1]
        polygon = sign.locator("polygon")
        shape = shape_of(str(polygon.get_attribute("points"))) if polygon.count() else "circle"
        yield str(entry.locator("bdi").text_content()), (shape, PALETTE[colour][0])


def test_the_core_of_a_large_network_has_the_symbols_of_its_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures and reports draw all of a part; the page of a very large network is of its best connected."""
    monkeypatch.setattr(write_network, "READABLE", 30)
    monkeypatch.setattr(write_network, "_MOST_PARTICIPATIONS", 10)
    path = tg.build(REPOSITORY, tmp_path / "build").release
    assert path is not None
    network = tg.open(path).network()
    in_pictures = kind_symbols(network)
    assert symbols_of_kinds(kinds_by_frequency(network)) != in_pictures
    page = (path / "network.html").read_text("utf-8")
    content = json.loads(re.findall(r'id="network-data">(.*?)</script>', page, re.DOTALL)[0])
    keys = content["concepts"]["kinds"]["key"]
    on_page = dict(zip(keys, content["kind_symbols"], strict=True))
    assert len(on_page) > 2
    for key, symbol in on_page.items():
        found = next((one for kind, one in in_pictures.items() if kind.endswith(key)), None)
        assert (None if symbol is None else tuple(symbol)) == found
