"""The network page as people use it, in Chromium, from the file system."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import chromium, opened
from network_fixture import Tables, evil, five_alliances, page_of
from playwright.sync_api import Browser, Page, expect

# how much of the canvas is drawn, in how many colours, and where an alliance is (22, 50, 79 in the light theme)
SPOTS = """() => {
  const canvas = document.querySelector("#canvas canvas");
  const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const colours = new Set();
  let drawn = 0, hub = null;
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
    const i = 4 * (y * width + x);
    if (data[i + 3] === 0) continue;
    drawn += 1;
    colours.add(`${data[i]},${data[i + 1]},${data[i + 2]}`);
    const isHub = (dx, dy) => [22, 50, 79].every((part, at) => data[i + 4 * (dy * width + dx) + at] === part);
    const inside = hub === null && [0, 4, 8, 12].every((dx) => [0, 3, 6].every((dy) => isHub(dx, dy)));
    if (inside) hub = [x + 6, y + 3];
  }
  return { drawn, colours: colours.size, hub };
}"""

PICTURE = "() => document.querySelector('#canvas canvas').toDataURL()"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "network.html"
    path.write_bytes(page_of(five_alliances(), folder / "store").encode())
    return path


def drawn(page: Page) -> dict[str, int]:
    found = page.evaluate(SPOTS)
    assert isinstance(found, dict)
    return {name: int(found[name]) for name in ("drawn", "colours")}


def test_opens_without_a_request_and_without_a_complaint(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        page.wait_for_timeout(300)
        picture = drawn(page)
        assert picture["drawn"] > 50_000
        assert picture["colours"] > 50
        assert page.title() == "Innovationsbündnisse in Sachsen"
        assert watch.requests == [file.as_uri()]
        assert watch.complaints == []


def test_a_request_or_a_foreign_script_would_be_noticed_and_stopped(
    browser: Browser, tmp_path: Path, file: Path
) -> None:
    path = tmp_path / "tampered.html"
    foreign = b"<script>window.ran = 1</script><img src='https://example.org/x.png'></body>"
    path.write_bytes(file.read_bytes().replace(b"</body>", foreign))
    with opened(browser, path) as (page, watch):
        assert page.evaluate("window.ran") is None
        assert len([one for one in watch.complaints if "Content Security Policy" in one]) == 2


def test_the_picture_stands_still(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.wait_for_timeout(200)
        before = page.evaluate(PICTURE)
        page.wait_for_timeout(800)
        assert page.evaluate(PICTURE) == before
    with opened(browser, file) as (page, _):
        page.wait_for_timeout(200)
        assert page.evaluate(PICTURE) == before


def test_search_by_keyboard_finds_and_lights_up(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        before = page.evaluate(PICTURE)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator("#search")).to_be_focused()
        page.keyboard.type("gorlitz")
        options = page.get_by_role("option")
        expect(options).to_have_count(2)
        expect(options.first).to_contain_text("Hochschule Zittau/Görlitz")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        expect(options.nth(1)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        details = page.locator("#details")
        expect(details.locator("h2")).to_have_text("Hochschule Zittau/Görlitz", use_inner_text=True)
        expect(details).to_contain_text("Lausitz – Life & Technology")
        expect(details).to_contain_text("Koordination")
        expect(details).to_contain_text("Landkreis Görlitz")
        expect(details.get_by_role("link", name="Website")).to_have_attribute("href", "https://www.hszg.de/")
        expect(details.get_by_role("link", name="futureSAX")).to_be_visible()
        expect(options).to_have_count(0)
        assert page.url.endswith("#organisation/hszg")
        assert page.evaluate(PICTURE) != before
        page.locator("#details").focus()
        page.keyboard.press("Escape")
        expect(details).to_be_hidden()
        assert watch.complaints == []


def test_search_without_a_match_says_so(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.locator("#search").fill("xyzzy")
        expect(page.locator("#suggestions")).to_contain_text("Nichts gefunden")


def test_a_click_on_a_mark_shows_what_it_is(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.wait_for_timeout(200)
        hub = page.evaluate(SPOTS)["hub"]
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + hub[0], box["y"] + hub[1])
        expect(page.locator("#tip")).to_contain_text("(Bündnis)")
        page.mouse.click(box["x"] + hub[0], box["y"] + hub[1])
        expect(page.locator("#details .kind")).to_contain_text("Bündnis")
        expect(page.locator("#details")).to_contain_text("Projekte und Labore")
        page.mouse.click(box["x"] + 5, box["y"] + 5)
        expect(page.locator("#details")).to_be_hidden()


def test_the_list_and_the_address_lead_into_the_picture(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.get_by_role("table").nth(1).get_by_role("link", name="ULT AG").click()
        expect(page.locator("#details h2")).to_have_text("ULT AG")
        expect(page.locator("#details")).to_be_focused()
        page.get_by_role("button", name="In der Liste zeigen").click()
        expect(page.locator("tr.chosen a.name")).to_be_focused()
        page.get_by_role("button", name="Auswahl aufheben").click()
        expect(page.locator("#details")).to_be_hidden()
        page.evaluate("location.hash = '#undertaking/saxony5'")
        expect(page.locator("#details h2")).to_have_text("Saxony⁵")


def test_german_and_english(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        german = page.evaluate(PICTURE)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Netzwerk der Partner und Vorhaben", use_inner_text=True
        )
        page.get_by_text("English", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Network of partners and undertakings", use_inner_text=True
        )
        assert page.title() == "Innovation alliances in Saxony"
        assert page.evaluate("document.documentElement.lang") == "en"
        expect(page.locator("#search")).to_have_attribute(
            "placeholder", "Search for a partner or an undertaking"
        )
        page.wait_for_timeout(100)
        assert page.evaluate(PICTURE) != german
        visible = page.locator("body").inner_text()
        assert "Vorhaben" not in visible and "undertakings" in visible
        assert watch.complaints == []


def test_buttons_and_wheel_zoom(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        before = page.evaluate(PICTURE)
        page.get_by_role("button", name="Vergrößern").click()
        page.wait_for_timeout(100)
        assert page.evaluate(PICTURE) != before
        page.get_by_role("button", name="Alles zeigen").click()
        page.wait_for_timeout(100)
        assert page.evaluate(PICTURE) == before
        page.locator("#canvas").hover()
        page.mouse.wheel(0, 300)
        expect(page.locator("#zoom-hint")).to_be_visible()
        page.wait_for_timeout(300)
        assert page.evaluate("scrollY") > 0


def test_dark(browser: Browser, file: Path) -> None:
    with opened(browser, file, dark=True) as (page, watch):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 24, 31)"
        page.emulate_media(color_scheme="light")
        page.wait_for_timeout(200)
        assert page.evaluate(SPOTS)["hub"] is not None
        assert watch.complaints == []


@pytest.mark.parametrize("tables", [five_alliances(), evil()], ids=["usual", "evil"])
def test_a_phone(browser: Browser, tmp_path: Path, tables: Tables) -> None:
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path, width=390, height=844, phone=True) as (page, watch):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert drawn(page)["drawn"] > 5_000
        page.locator("#search").fill("e")
        page.get_by_role("option").first.tap()
        expect(page.locator("#details h2")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert watch.complaints == []


def test_without_javascript_the_lists_say_everything(browser: Browser, file: Path) -> None:
    with opened(browser, file, scripts=False) as (page, watch):
        expect(page.get_by_text("Bild und Suche brauchen JavaScript")).to_be_visible()
        expect(page.locator(".picture")).to_be_hidden()
        row = page.locator("tr", has=page.get_by_role("rowheader", name="ReMiningPlus"))
        expect(row.get_by_role("listitem").filter(has_text="Kaden & Döring OHG")).to_be_visible()
        row.get_by_role("link", name="Kaden & Döring OHG").click()
        assert page.url.endswith("#organisation/kaden")
        page.get_by_text("English", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Network of partners and undertakings", use_inner_text=True
        )
        assert watch.complaints == []


def test_evil_names_run_nothing(browser: Browser, tmp_path: Path) -> None:
    tables = evil()
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        for key in [
            *(f"organisation/{one}" for one in tables.organisations),
            *(f"undertaking/{one}" for one in tables.undertakings),
        ]:
            page.evaluate("key => { location.hash = `#${key}`; }", key)
            expect(page.locator("#details h2")).to_be_visible()
        for text in ("script", "<", "'", "{{", "ا", "zz"):
            page.locator("#search").fill(text)
            expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")
        page.get_by_text("English", exact=True).click()
        page.wait_for_timeout(200)
        hub = page.evaluate(SPOTS)
        assert hub["drawn"] > 10_000
        page.mouse.move(500, 500)
        page.mouse.move(520, 520, steps=5)
        assert page.evaluate("window.ran") is None
        assert page.locator("table img, table iframe, table svg, table script").count() == 0
        assert watch.requests == [path.as_uri()]
        assert watch.complaints == []


def test_nobody_and_one(browser: Browser, tmp_path: Path) -> None:
    alone = Tables()
    alone.organisation("o", "company", "Allein")
    for name, tables in (("empty", Tables()), ("alone", alone)):
        path = tmp_path / f"{name}.html"
        path.write_bytes(page_of(tables, tmp_path / name).encode())
        with opened(browser, path) as (page, watch):
            page.wait_for_timeout(100)
            assert watch.complaints == []
            expect(page.get_by_role("heading", level=1)).to_be_visible()
