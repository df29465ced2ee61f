"""The network page of a thousand partners in Chromium: drawn whole, thinned, as circles; and that it can be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import opened
from playwright.sync_api import Browser, Page, expect

from benchmarks.explorer import analysis_of_invented
from benchmarks.legibility import legibility
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_page import network_page

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
