"""The network page of a thousand partners in Chromium: drawn whole, thinned, as circles; and that it can be read."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from browser import opened
from playwright.sync_api import Browser, Page, expect

from benchmarks import explorer
from benchmarks.explorer import analysis_of_invented
from benchmarks.legibility import legibility
from transfergraph.network.layout import community_groups
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_page import network_page
from transfergraph.network.output.picture_labels import width_of

SVG = "{http://www.w3.org/2000/svg}"

COLOURS = """() => {
  const canvas = document.querySelector("#canvas canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const counts = new Map();
  for (let i = 0; i < data.length; i += 4) {
    const colour = `${data[i]},${data[i + 1]},${data[i + 2]}`;
    counts.set(colour, (counts.get(colour) || 0) + 1);
  }
  return [...counts.values()].filter((count) => count > 1000).length;
}"""

RECORDED = """
window.names = new Set();
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...place) {
  window.names.add(text);
  return write.call(this, text, ...place);
};
"""


@pytest.fixture(scope="module")
def thousand() -> Analysis:
    return analysis_of_invented(1_000)


@pytest.fixture(scope="module")
def whole(thousand: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("thousand") / "network.html"
    file.write_text(network_page(thousand), encoding="utf-8")
    assert file.stat().st_size < 1_500_000
    return file


def names_after(page: Page, act: str) -> set[str]:
    page.evaluate("() => window.names.clear()")
    page.locator(".picture button", has_text=act).first.click()
    page.wait_for_timeout(1_200)
    return set(page.evaluate("() => [...window.names]"))


def test_everybody_is_drawn_on_grounds_of_communities_and_zooming_brings_names(
    browser: Browser, whole: Path
) -> None:
    with opened(browser, whole) as (page, watch):
        page.add_init_script(RECORDED)
        page.reload()
        expect(page.locator("#count")).to_contain_text("1.000 von 1.000 Organisationen")
        assert page.evaluate(COLOURS) >= 6  # the sheet, and at least five hues of grounds
        first = names_after(page, "Alles zeigen")
        for _ in range(3):
            near = names_after(page, "+")
        assert len(first) > 15
        assert len(near - first) > 10  # who had no name before
        assert watch.complaints == []


def test_of_many_ties_the_backbone_is_drawn_and_its_count_told(browser: Browser, whole: Path) -> None:
    with opened(browser, whole) as (page, watch):
        page.locator("text=Partner direkt").first.click()
        told = re.compile(r"([\d.]+) von ([\d.]+) Verbindungen sind gezeichnet")
        expect(page.locator("#count")).to_contain_text(told)

        def numbers() -> list[int]:
            found = told.search(str(page.locator("#count").text_content()))
            assert found is not None
            return [int(one.replace(".", "")) for one in found.groups()]

        drawn, ties = numbers()
        assert drawn < ties > 2_000
        page.locator("#backbone").uncheck()
        expect(page.locator("#count")).not_to_contain_text(f"{drawn:,} von".replace(",", "."))
        assert numbers() == [ties, ties]
        assert watch.complaints == []


def test_of_the_ties_between_circles_the_strongest_are_drawn_and_all_on_request(
    browser: Browser, thousand: Analysis, tmp_path: Path
) -> None:
    file = tmp_path / "network.html"
    file.write_text(network_page(thousand, whole=500), encoding="utf-8")
    with opened(browser, file) as (page, watch):
        expect(page.locator("#count")).to_contain_text(re.compile(r"30 von \d+ Linien zwischen ihnen"))
        page.get_by_role("button", name=re.compile("Alle .* Linien zwischen Kreisen zeichnen")).click()
        expect(page.locator("#count")).not_to_contain_text("30 von")
        page.get_by_role("button", name="Nur die 30 stärksten Linien zeichnen").click()
        expect(page.locator("#count")).to_contain_text("30 von")
        assert watch.complaints == []


def test_no_name_covers_another_and_every_symbol_says_its_name(
    browser: Browser, thousand: Analysis, tmp_path: Path
) -> None:
    found = legibility(browser, thousand, tmp_path, 4)
    assert found.names > 30 and found.apart == found.names
    assert found.reached == found.sample == 4


def test_the_names_of_circles_cover_nothing_and_lead_to_their_members(
    browser: Browser, thousand: Analysis, tmp_path: Path
) -> None:
    found = legibility(browser, thousand, tmp_path, 4, whole=500)
    assert found.names >= 28 and found.apart == found.names
    assert found.reached >= 3  # who is in no circle is in the list


def test_on_a_phone_no_button_lies_on_another_above_the_circles(
    browser: Browser, thousand: Analysis, tmp_path: Path
) -> None:
    file = tmp_path / "network.html"
    file.write_text(network_page(thousand, whole=500), encoding="utf-8")
    with opened(browser, file, width=390, height=844, phone=True) as (page, watch):
        trail, zoom, canvas = (
            page.locator(one).bounding_box() for one in ("#trail button", ".zoom", "#canvas")
        )
        assert trail and zoom and canvas
        assert trail["y"] + trail["height"] <= zoom["y"] + 1  # no button lies on another
        assert zoom["y"] + zoom["height"] <= canvas["y"] + 9
        assert watch.complaints == []


CIRCLES = """
window.frame = { number: 0, words: [], circles: [] };
const count = () => { window.frame.number += 1; requestAnimationFrame(count); };
requestAnimationFrame(count);
window.drawn = { frame: -1 };
const inPixels = (ctx, x, y) => {
  const { a, d, e, f } = ctx.getTransform();
  const ratio = ctx.canvas.width / ctx.canvas.clientWidth;
  return [(a * x + e) / ratio, (d * y + f) / ratio, a / ratio];
};
function record(ctx, what, one) {
  if (!document.contains(ctx.canvas)) return;
  if (window.drawn.frame !== window.frame.number) window.drawn = { frame: window.frame.number, words: [], circles: [] };
  window.drawn[what].push(one);
}
const { arc, fillText } = CanvasRenderingContext2D.prototype;
CanvasRenderingContext2D.prototype.arc = function (x, y, radius, from, to) {
  const [left, top, scale] = inPixels(this, x, y);
  if (to - from > 6.28 && radius * scale > 6) record(this, "circles", [left, top, radius * scale]);
  return arc.apply(this, arguments);
};
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  const wide = this.measureText(text);
  const [left, top] = inPixels(this, x - wide.actualBoundingBoxLeft, y - wide.actualBoundingBoxAscent);
  const [right, bottom] = inPixels(this, x + wide.actualBoundingBoxRight, y + wide.actualBoundingBoxDescent);
  record(this, "words", [text, left, top, right, bottom]);
  return fillText.apply(this, arguments);
};
"""

LONG = (
    ("Grubenwasserreinigungsverfahrenstechnik", "Mine water treatment engineering"),
    ("Forschungs- und Entwicklungszusammenarbeit im ländlichen Raum", "Rural research"),
    ("Mess-, Steuer- und Regelungstechnik", "Measurement and control"),
    ("KI", "AI"),
    ("تقنيات المياه والبيئة المستدامة", "Water technology in Arabic"),
    ("Wasserstoffspeicherkraftwerksbetriebsführung " * 6, "Hydrogen " * 30),
    ("Donaudampfschifffahrtsgesellschaft" * 8, "Steamship" * 30),
    ("Leichtbau/Faserverbund", "Lightweight/fibre"),
)


def _misplaced(drawn: dict[str, Any]) -> list[str]:
    """The words that leave the ring of their circle, touch another circle or other words."""
    found = []
    words: list[tuple[str, float, float, float, float]] = drawn["words"]
    for text, left, top, right, bottom in words:
        middle = (left + right) / 2, (top + bottom) / 2
        for x, y, radius in drawn["circles"]:
            inside = radius - min(0.17 * radius, 11)
            if math.dist(middle, (x, y)) < radius:
                farthest = max(math.dist(corner, (x, y)) for corner in product((left, right), (top, bottom)))
                if farthest > inside + 1:
                    found.append(f"{text} leaves its ring by {farthest - inside:.0f}")
            elif math.dist((min(max(x, left), right), min(max(y, top), bottom)), (x, y)) < radius - 1:
                found.append(f"{text} touches a circle at {x:.0f}, {y:.0f}")
    for a, b in combinations(words, 2):
        if min(a[3], b[3]) - max(a[1], b[1]) > 1 and min(a[4], b[4]) - max(a[2], b[2]) > 1:
            found.append(f"{a[0]} touches {b[0]}")
    return found


@pytest.fixture(scope="module")
def long_names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand partners whose topics have long names, in circles."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorer, "SUBJECTS", LONG)
        patch.setattr(community_groups, "MOST_GROUPS", 12)  # so that some have several communities
        file = tmp_path_factory.mktemp("long") / "network.html"
        file.write_text(network_page(analysis_of_invented(1_000), whole=500), encoding="utf-8")
    return file


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_no_name_leaves_its_ring_or_touches_another(
    browser: Browser, long_names: Path, width: int, height: int
) -> None:
    """Long words, names of several parts, right to left; as the picture opens, nearer, farther."""
    with opened(browser, long_names, width=width, height=height, phone=width < 500) as (page, watch):
        page.add_init_script(CIRCLES)
        page.reload()
        expect(page.locator("#count")).to_contain_text("Kreisen")
        for act in ("Alles zeigen", "+", "−", "−"):
            page.locator(".zoom button", has_text=act).first.click()
            page.wait_for_timeout(900)
            drawn = page.evaluate("window.drawn")
            assert len(drawn["circles"]) >= 10, act
            assert len({text for text, *_ in drawn["words"] if not text[0].isdigit()}) >= 6, act
            assert _misplaced(drawn) == [], act
        assert watch.complaints == []


def test_the_list_of_communities_has_the_whole_name_of_each_circle_and_leads_to_it(
    browser: Browser, long_names: Path
) -> None:
    with opened(browser, long_names) as (page, watch):
        expect(page.locator("#count")).to_contain_text("Kreisen")
        page.get_by_role("tab", name="Gemeinschaften").click()
        circles = page.locator('#rows td[data-label="Kreis"]')
        names = set(circles.all_text_contents()) - {""}
        assert len(names) == 12
        assert max(map(len, names)) > 250  # what no picture could hold
        several = page.locator('#rows [data-key^="group-"]').first
        name = str(several.text_content())
        several.click()
        expect(page.locator("#trail")).to_contain_text(name)
        assert watch.complaints == []


def test_each_of_the_hundred_of_an_opened_circle_has_its_name(
    browser: Browser, thousand: Analysis, tmp_path: Path
) -> None:
    """On a desk all at once, none over another; on a phone as one comes nearer."""
    file = tmp_path / "network.html"
    file.write_text(network_page(thousand, whole=500), encoding="utf-8")
    for width, height, nearer in ((1440, 900, 0), (390, 844, 4)):
        with opened(browser, file, width=width, height=height, phone=nearer > 0) as (page, watch):
            page.add_init_script(CIRCLES)
            page.reload()
            expect(page.locator("#count")).to_contain_text("Kreisen")
            page.evaluate("location.hash = '#open=0.1.2&lang=de'")
            expect(page.locator("#count")).to_contain_text("gezeichnet sind davon 70")
            page.wait_for_timeout(900)
            for _ in range(nearer):
                page.locator(".zoom button", has_text="+").first.click()
                page.wait_for_timeout(600)
            words = page.evaluate("window.drawn.words")
            assert len(words) == 100 if nearer == 0 else len(words) >= 5
            for a, b in combinations(words, 2):
                assert min(a[3], b[3]) - max(a[1], b[1]) < 1 or min(a[4], b[4]) - max(a[2], b[2]) < 1, (a, b)
            if nearer == 0:
                assert len({text for text, *_ in words}) > 95  # names that begin alike end apart
            assert watch.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_stand_beside_the_dots_of_many_and_their_ties_can_be_seen(
    browser: Browser, whole: Path, scheme: str
) -> None:
    """As the exported picture says, which has every line, symbol and name where the canvas has it."""
    with opened(browser, whole) as (page, watch):
        expect(page.locator("#count")).to_contain_text("1.000 von 1.000")
        if scheme == "dark":
            page.locator("#theme").click()
        page.get_by_role("tab", name="Daten", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="SVG", exact=True).click()
        inner = next(one for one in ET.parse(download.value.path()).getroot() if one.get("viewBox"))
        assert watch.complaints == []
    scale = float(inner.attrib["width"]) / float(inner.attrib["viewBox"].split()[2])
    lines = [
        float(one.attrib["stroke-width"]) for one in inner.iter(SVG + "path") if one.get("fill") == "none"
    ]
    assert len(lines) > 2_000
    assert min(lines) * scale > 0.55  # of a pixel
    words = [one for one in inner if one.tag == SVG + "text"]
    assert len(words) > 30
    assert all(float(one.attrib["stroke-width"]) * scale > 3 for one in words)  # a halo
    boxes = []
    for one in words:
        x, y, size = (float(one.attrib[name]) for name in ("x", "y", "font-size"))
        boxes.append((x, y - 0.75 * size, x + width_of(str(one.text), size), y + 0.2 * size))
    dots = [spot for one in inner if one.find(SVG + "title") is not None for spot in [_middle(one)]]
    assert len(dots) > 1_600
    covered = [(x, y) for x, y in dots if any(a < x < c and b < y < d for a, b, c, d in boxes)]
    assert len(covered) < 0.07 * len(dots)


def _middle(mark: ET.Element) -> tuple[float, float]:
    if "cx" in mark.attrib:
        return float(mark.attrib["cx"]), float(mark.attrib["cy"])
    corners = [tuple(map(float, one.split(","))) for one in mark.attrib["points"].split()]
    return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)
