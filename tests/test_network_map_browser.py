"""The map and the timeline of the network page as people use them, in Chromium, from the file system."""

from __future__ import annotations

import csv
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from browser import opened
from network_fixture import BASE, RDF_TYPE, TG, WGS84, Tables, five_alliances, page_of, with_background
from playwright.sync_api import Browser, Page, expect

TOWNS = (
    ("dresden", "Dresden", "51.0517", "13.7369", ("htwdd", "ipms", "ikts")),
    ("freiberg", "Freiberg", "50.9149", "13.3443", ("hif", "tubaf", "saxonia")),
    ("leipzig", "Leipzig", "51.3383", "12.3779", ("htwk",)),
    ("zgorzelec", "Görlitz-Ost", "51.15", "15.01", ("mcr",)),
)

# the middle of the first block of this colour on the canvas, in pixels of the page
SPOT = """([red, green, blue]) => {
  const canvas = document.querySelector("#canvas canvas");
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const is = (x, y) => { const i = 4 * (y * width + x); return data[i] === red && data[i + 1] === green && data[i + 2] === blue; };
  for (let y = 12; y < height - 12; y += 1) for (let x = 12; x < width - 12; x += 1) {
    if ([0, 3, 6].every((dx) => [0, 2, 4].every((dy) => is(x + dx, y + dy)))) return [x + 3, y + 2];
  }
  return null;
}"""


def with_towns() -> Tables:
    tables = with_background(five_alliances())
    for key, name, north, east, members in TOWNS:
        town = tables.concept(f"place/{key}", name)
        tables.fact(f"place/{key}", WGS84 + "lat", north)
        tables.fact(f"place/{key}", WGS84 + "long", east)
        for member in members:
            tables.fact(f"organisation/{member}", TG + "seat", town)
    tables.fact("undertaking/recomine", TG + "location", f"<{BASE}place/freiberg>")
    return tables


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    path = folder / "network.html"
    path.write_bytes(page_of(with_towns(), folder / "store").encode())
    return path


def view(page: Page, address: str) -> None:
    page.evaluate("address => { location.hash = `#${address}`; }", address)


def saved(page: Page, button: str) -> Path:
    page.locator('[data-tab="data"]').click()
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    return download.value.path()


def test_the_map_says_how_many_it_shows_and_whose_outlines_these_are(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        page.get_by_text("Karte", exact=True).click()
        expect(page.locator("#map-known")).to_contain_text("11 von 35 Organisationen mit bekanntem Ort")
        credit = page.locator("#map-credit a")
        expect(credit).to_have_count(3)
        expect(credit.first).to_have_text("© GeoBasis-DE / BKG 2021 (Daten verändert)")
        expect(credit.first).to_have_attribute("href", "https://www.bkg.bund.de")
        assert page.locator("#shades li").all_inner_texts() == ["0", "1", "2+"]
        page.get_by_role("button", name="24 ohne bekannten Ort").click()
        expect(page.locator("#details h2")).to_have_text("24 Organisationen ohne bekannten Ort")
        expect(page.locator("#details li")).to_have_count(24)
        assert "town=-" in page.url
        page.get_by_role("button", name="Schließen").click()
        expect(page.locator("#details")).to_be_hidden()
        for measure in ("undertakings", "funding"):  # districts, by what sources state
            page.locator("#shade").select_option(measure)
            expect(page.locator("#shades li").nth(1)).to_be_visible()
            assert f"shade={measure}" in page.url
        page.locator("#shade").select_option("none")
        expect(page.locator("#shades li")).to_have_count(0)
        page.locator('label[for="language-en"]').click()
        expect(page.locator("#map-known")).to_contain_text("11 of 35 organisations with a known place")
        assert watch.complaints == []


def test_a_circle_opens_its_town_and_a_partner_shows_its_ties(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        view(page, "ground=map")
        expect(page.locator("#map-known")).to_be_visible()
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        for _ in range(20):  # the picture may not stand yet
            spot = page.evaluate(SPOT, [11, 79, 138]) or [0, 0]
            page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
            page.wait_for_timeout(150)
            if "Organisation" in str(page.locator("#tip").text_content()):
                break
        page.mouse.click(box["x"] + spot[0], box["y"] + spot[1])
        expect(page.locator("#details h2")).to_be_visible()
        view(page, "ground=map&town=place/zittau")
        expect(page.locator("#details h2")).to_have_text("Zittau")
        expect(page.locator("#details .kind")).to_contain_text("Görlitz, Landkreis · 3 Organisationen")
        page.locator("#details").get_by_role("button", name="Hochschule Zittau/Görlitz").click()
        expect(page.locator("#details h2")).to_have_text("Hochschule Zittau/Görlitz")
        expect(page.locator("#arcs-note")).to_have_text(re.compile(r"^2 Linien verbinden das Gewählte"))
        page.keyboard.press("Escape")
        expect(page.locator("#arcs-note")).to_contain_text("zeigt seine Verbindungen")
        page.get_by_label("Verbindungen zwischen Kreisen").check()
        expect(page.locator("#arcs-note")).to_contain_text("stärksten von")
        assert "arcs=districts" in page.url
        assert watch.complaints == []


def test_the_lists_hold_what_the_map_shows(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        view(page, "ground=map&list=places")
        rows = page.locator("#rows tbody tr")
        expect(rows).to_have_count(5)
        expect(rows.filter(has_text="Dresden").first).to_contain_text("IKTS")
        view(page, "ground=map&list=districts")
        expect(rows).to_have_count(4)
        expect(rows.filter(has_text="Görlitz, Landkreis")).to_contain_text("3")
        view(
            page,
            "ground=map&list=places&kinds="
            + "https://w3id.org/transfergraph/scheme/organisation-kind/university",
        )
        expect(rows).to_have_count(1)
        expect(page.locator("#map-known")).to_contain_text("1 von 2")
        view(page, "ground=map&list=districts&lang=en")
        expect(rows.filter(has_text="Görlitz, district")).to_contain_text("3")
        assert watch.complaints == []


def test_the_picture_of_the_map_stands_alone(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        view(page, "ground=map&node=organisation/hszg")
        expect(page.locator("#details h2")).to_be_visible()
        svg = saved(page, "SVG").read_text("utf-8")
        root = ET.fromstring(svg)
        texts = {"".join(one.itertext()) for one in root.iter("{http://www.w3.org/2000/svg}text")}
        assert "Innovationsbündnisse in Sachsen" in texts
        assert any("GeoBasis-DE / BKG" in one and "Natural Earth" in one for one in texts)
        assert any(one.startswith("11 von 35") for one in texts)
        assert {"Organisationen je Kreis", "2+", "Dresden", "Freiberg"} <= texts
        assert not any(re.fullmatch(r"DE\w{3}|[A-Z]{2}", one) for one in texts)
        assert len(svg) < 150_000
        assert saved(page, "PNG").read_bytes().startswith(b"\x89PNG")
        rows = list(csv.DictReader(saved(page, "CSV der Knoten").read_text("utf-8-sig").splitlines()))
        spots = {(row["x"], row["y"]) for row in rows if row["place"] == "Freiberg"}
        assert len(spots) == 1  # the alliance at its own seat, with who sits there
        assert {"Bündnis", "Universität"} <= {row["kind"] for row in rows if row["place"] == "Freiberg"}
        assert watch.complaints == []


def test_on_a_phone_nothing_lies_on_the_map(browser: Browser, file: Path) -> None:
    with opened(browser, file, width=390, height=844, phone=True) as (page, watch):
        view(page, "ground=map")
        expect(page.locator("#map-credit")).to_contain_text("GeoBasis-DE")
        known, canvas, credit = (
            page.locator(one).bounding_box() for one in ("#map-known", "#canvas", "#map-credit")
        )
        assert known and canvas and credit
        assert known["y"] + known["height"] <= canvas["y"] + 1
        assert canvas["y"] + canvas["height"] <= credit["y"] + 1
        assert canvas["height"] > 250
        assert watch.complaints == []


def test_maps_of_little(browser: Browser, tmp_path: Path) -> None:
    """Nobody has a place; a place without a region; the code of a region of a class of its own without a place; far
    away."""
    nowhere, plain, coded, far = Tables(), Tables(), Tables(), Tables()
    for tables in (nowhere, plain, coded, far):
        tables.organisation("o", "company", "Allein")
    town = plain.concept("place/p", "Ort <b>ü</b> مدينة")
    plain.fact("place/p", WGS84 + "lat", "51.0")
    plain.fact("place/p", WGS84 + "long", "13.7")
    plain.fact("organisation/o", TG + "seat", town)
    region = coded.concept("region/r", "Region")
    coded.fact("region/r", RDF_TYPE, "<https://example.org/terms#Mining-District>")
    coded.fact("region/r", TG + "nutsCode", "DED21")
    coded.fact("organisation/o", TG + "inRegion", region)
    there = far.concept("place/p", "Apia")
    far.fact("place/p", WGS84 + "lat", "-13.83")
    far.fact("place/p", WGS84 + "long", "-171.76")
    far.fact("organisation/o", TG + "seat", there)
    told = {
        "nowhere": "0 von 1", "plain": "1 von 1", "coded": "0 von 1", "far": "1 von 1",
    }  # fmt: skip
    for name, tables in (("nowhere", nowhere), ("plain", plain), ("coded", coded), ("far", far)):
        path = tmp_path / f"{name}.html"
        path.write_bytes(page_of(tables, tmp_path / name).encode())
        with opened(browser, path) as (page, watch):
            view(page, "ground=map&town=place/none&arcs=districts&shade=nonsense&node=organisation/o")
            expect(page.locator("#map-known")).to_contain_text(told[name])
            expect(page.locator("#count")).to_contain_text("place/none")
            saved(page, "SVG")
            if name == "coded":
                view(page, "ground=map&list=districts")
                expect(page.locator("#rows tbody tr")).to_have_count(1)
            assert watch.complaints == [], name


def test_the_timeline_is_brushed_played_and_tells_what_has_no_date(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        timeline = page.locator("#timeline-box")
        box = timeline.bounding_box()
        assert box is not None
        expect(page.locator("#undated")).to_have_text("")
        step = box["width"] / 10  # 2018 to 2027
        page.mouse.move(box["x"] + 1.5 * step, box["y"] + 70)
        page.mouse.down()
        page.mouse.move(box["x"] + 2.5 * step, box["y"] + 70)
        page.mouse.move(box["x"] + 3.5 * step, box["y"] + 70)
        page.mouse.up()
        expect(page.locator("#year-text")).to_have_text("2019–2021")
        assert "years=2019-2021" in page.url
        undated = page.locator("#undated")
        expect(undated).to_contain_text(re.compile(r"\d+ undatierte Verbindungen werden immer gezeigt"))
        before = int(str(page.locator("#count").text_content()).split()[0])
        undated.get_by_role("button").click()
        expect(undated).to_contain_text("ausgeblendet")
        assert "undated=hide" in page.url
        assert int(str(page.locator("#count").text_content()).split()[0]) < before
        timeline.focus()
        page.keyboard.press("ArrowRight")
        expect(page.locator("#year-text")).to_have_text("2020–2022")
        page.keyboard.press("Shift+ArrowRight")
        expect(page.locator("#year-text")).to_have_text("2020–2023")
        page.keyboard.press("Escape")
        expect(page.locator("#year-text")).to_have_text("alle, 2018 bis 2027")
        page.locator("#timeline-box [data-node]").first.click()
        expect(page.locator("#details h2")).to_be_visible()
        assert watch.complaints == []


def test_without_any_date_there_is_no_timeline(browser: Browser, tmp_path: Path) -> None:
    tables = Tables()
    tables.organisation("o", "company", "Allein")
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        for years in ("", "#years=2020-2021"):
            page.evaluate("years => { location.hash = years; }", years)
            expect(page.locator("#timeline")).to_be_hidden()
            expect(page.locator("#count")).to_contain_text("kein Datum bekannt, daher keine Zeitleiste")
        assert watch.complaints == []
