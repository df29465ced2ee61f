"""The network page as people use it, in Chromium, from the file system."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from browser import opened, until
from network_fixture import (
    BASE,
    DCT,
    RDF_TYPE,
    SKOS,
    Tables,
    analysis_of,
    evil,
    five_alliances,
    page_of,
    two_sources,
    with_background,
)
from playwright.sync_api import Browser, Locator, Page, expect
from test_network_classes import MY, classes_with
from workspaces import REPOSITORY

from transfergraph.network.output.explorer_page import network_page

AXE = REPOSITORY / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"

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
    const inside = hub === null && [0, 3, 6, 9].every((dx) => [0, 2, 4].every((dy) => isHub(dx, dy)));
    if (inside) hub = [x + 5, y + 2];
  }
  return { drawn, colours: colours.size, hub };
}"""

PICTURE = "() => document.querySelector('#canvas canvas').toDataURL()"


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "network.html"
    path.write_bytes(page_of(with_background(five_alliances()), folder / "store").encode())
    return path


def drawn(page: Page) -> dict[str, int]:
    found = page.evaluate(SPOTS)
    assert isinstance(found, dict)
    return {name: int(found[name]) for name in ("drawn", "colours")}


def changes(page: Page, before: str) -> None:
    """The picture differs from what it was, at last."""
    until(page, f"before => ({PICTURE})() !== before", before)


def picture(page: Page) -> str:
    return str(page.evaluate(PICTURE))


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("tab", name=name, exact=True)


def press_on(locator: Locator, key: str = "Enter") -> None:
    locator.focus()
    locator.press(key)


def test_opens_without_a_request_and_without_a_complaint(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        expect(page.locator("html")).to_have_attribute("data-ready", "1")
        seen = drawn(page)
        assert seen["drawn"] > 50_000
        assert seen["colours"] > 50
        # drawn without WebGL, which this browser does not have
        assert page.evaluate("document.createElement('canvas').getContext('webgl')") is None
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


def test_the_picture_stands_still_and_is_the_same_each_time(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        before = picture(page)
        page.wait_for_timeout(600)
        assert picture(page) == before
    with opened(browser, file) as (page, _):
        assert picture(page) == before


def test_search_by_keyboard_finds_and_lights_up(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        before = picture(page)
        page.locator("#search").focus()
        page.keyboard.type("gorlitz")
        options = page.locator("#search-list [role=option]")
        expect(options).to_have_text(
            [
                re.compile("^Görlitz, Landkreis"),
                re.compile("^Hochschule Zittau/Görlitz"),
                re.compile("^Landkreis Görlitz"),
            ]
        )
        for key in ("ArrowDown", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
        expect(options.nth(2)).to_have_attribute("aria-selected", "true")
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Enter")
        details = page.locator("#details")
        expect(details).to_be_focused()
        expect(details.locator("h2")).to_have_text("Hochschule Zittau/Görlitz")
        for text in ("Lausitz – Life & Technology", "Koordination", "Landkreis Görlitz", "Zittau"):
            expect(details).to_contain_text(text)
        expect(details.get_by_role("link", name="Website")).to_have_attribute("href", "https://www.hszg.de/")
        expect(page.locator("#search-list")).to_be_hidden()
        assert page.url.endswith("#node=organisation/hszg")
        changes(page, before)
        page.keyboard.press("Escape")
        expect(details).to_be_hidden()
        page.locator("#search").fill("xyzzy")
        expect(page.locator("#search-list")).to_contain_text("Nichts gefunden")
        assert watch.complaints == []


def test_search_finds_topics_and_places_says_why_and_puts_the_very_name_first(
    browser: Browser, tmp_path: Path
) -> None:
    tables = with_background(five_alliances())
    tables.organisation("water", "company", "Grubenwasser Nord GmbH")
    tables.fact("organisation/tubaf", SKOS + "altLabel", "Mining Academy")
    tables.fact("topic/mine-water", SKOS + "altLabel", "Acid rock drainage")
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        search, options = page.locator("#search"), page.locator("#search-list [role=option]")
        search.fill("grubenwasser")
        expect(options.first).to_have_text("GrubenwasserThema · 9 Organisationen")
        expect(options.nth(1)).to_contain_text("Grubenwasser Nord")
        search.press("Enter")
        expect(page.locator("#chips")).to_have_text("Grubenwasser ×")
        expect(page.locator("#panel-filter")).to_be_visible()
        page.get_by_role("button", name="Alle Filter aufheben").click()
        search.fill("Goerlitz")
        expect(options.first).to_contain_text("Görlitz, Landkreis")
        search.fill("zittau")
        expect(options.first).to_have_text("ZittauOrt")
        options.first.click()
        expect(page.locator("#count")).to_contain_text("3 von 36")
        search.fill("mining academy")
        expect(options).to_have_text([re.compile("gefunden als Mining Academy$")])
        search.fill("rock drainage")
        expect(options).to_have_text(
            ["GrubenwasserThema · 9 Organisationen · gefunden als Acid rock drainage"]
        )
        assert watch.complaints == []


def test_a_link_opens_in_the_panel_in_which_it_was_copied(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.evaluate("location.hash = '#node=organisation/hif'")
        tab(page, "Vorschläge").click()
        page.get_by_role("button", name="Link zur Ansicht").click()
        expect(page.locator("#said")).to_contain_text("kopier")
        address = page.url
        page.goto("about:blank")
        page.goto(address)
        expect(tab(page, "Vorschläge")).to_have_attribute("aria-selected", "true")
        expect(page.locator("#panel-introductions")).to_be_visible()
        expect(page.locator("#details h2")).to_contain_text("Helmholtz-Institut")


def test_a_click_on_a_mark_shows_what_it_is_and_a_double_click_its_surroundings(
    browser: Browser, file: Path
) -> None:
    with opened(browser, file) as (page, watch):
        hub = page.evaluate(SPOTS)["hub"]
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        x, y = box["x"] + hub[0], box["y"] + hub[1]
        page.mouse.move(x, y)
        expect(page.locator("#tip")).to_contain_text("(Bündnis)")
        page.mouse.click(x, y)
        expect(page.locator("#details .kind")).to_contain_text("Bündnis")
        expect(page.locator("#details")).to_contain_text("Projekte und Labore")
        page.mouse.click(box["x"] + 5, box["y"] + box["height"] - 5)
        expect(page.locator("#details")).to_be_hidden()
        page.mouse.dblclick(x, y)
        expect(page.get_by_role("button", name="Ganzes Netz")).to_be_visible()
        assert "ego=undertaking/" in page.url
        assert watch.complaints == []


def test_both_views_weights_and_the_backbone(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        before = picture(page)
        expect(page.locator("#count")).to_contain_text("35 von 35 Organisationen; 49 von 49 Linien")
        page.get_by_text("Partner direkt", exact=True).click()
        expect(page.locator("#count")).to_contain_text("56 von 56 Verbindungen sind gezeichnet")
        changes(page, before)
        expect(page.locator("#weight-meaning")).to_contain_text("wie viele Vorhaben")
        page.locator("#weight").select_option("newman")
        expect(page.locator("#weight-meaning")).to_contain_text("1/(n−1)")
        page.get_by_label("Nur das Gerüst zeichnen").check()
        expect(page.locator("#count")).not_to_contain_text("56 von 56")
        expect(page.locator("#count")).to_contain_text("von 56 Verbindungen sind gezeichnet")
        page.get_by_label("Nur das Gerüst zeichnen").press("Space")
        expect(page.locator("#count")).to_contain_text("56 von 56")
        page.locator("#min").press("End")
        expect(page.locator("#min-value")).not_to_have_text("0")
        expect(page.locator("#count")).not_to_contain_text("56 von 56")
        assert {"view=partners", "weight=newman"} <= set(page.url.split("#")[1].split("&"))
        page.locator("#view-partners").press("ArrowLeft")
        expect(page.locator("#count")).to_contain_text("Linien")
        assert watch.complaints == []


def test_a_tie_explains_itself(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Verbindungen").click()
        press_on(
            page.get_by_role(
                "button", name="Warum sind Helmholtz-Institut Freiberg für Ressourcentechnologie und SAXONIA"
            )
        )
        details = page.locator("#details")
        expect(details).to_be_focused()
        expect(details.locator(".sentence")).to_contain_text("teilen 2 Vorhaben")
        expect(details.locator(".sentence")).not_to_contain_text("200.000")
        rows = details.locator("table.evidence tbody tr")
        expect(rows.first).to_be_hidden()
        details.locator('[data-key="summary-evidence"]').click()
        expect(rows).to_have_count(4)
        expect(rows.filter(has_text="ReMiningPlus").first).to_contain_text("200.000")
        expect(rows.first.get_by_role("link", name="futureSAX")).to_be_visible()
        details.get_by_text("SPARQL-Abfrage der Belege").click()
        expect(details.locator("pre")).to_contain_text("tg:participatesIn ?undertaking")
        assert page.url.count("tie=organisation/") == 2
        rule = "Ein Vorhaben mit mehr als 40 Organisationen verbindet hier niemanden."
        expect(details.locator(".tie-limit")).to_have_text(rule)
        assert watch.complaints == []


def test_a_tie_says_above_which_size_what_two_share_does_not_count(browser: Browser, tmp_path: Path) -> None:
    """Of two in rECOmine, whose six organisations are one more than the limit, and in an undertaking of few."""
    analysis = analysis_of(five_alliances(), tmp_path, limit=5)
    (large,) = analysis.partners.graph["untied"]
    members = {one for one in analysis.network[large] if analysis.network.nodes[one]["bipartite"] == 0}
    one, other = min(edge for edge in analysis.partners.edges if set(edge) <= members)
    (tmp_path / "network.html").write_text(network_page(analysis), encoding="utf-8")
    ends = "&".join(f"tie={iri.removeprefix(BASE)}" for iri in (one, other))
    with opened(browser, tmp_path / "network.html") as (page, watch):
        page.evaluate(f"location.hash = '#view=partners&{ends}'")
        rule = "Ein Vorhaben mit mehr als 5 Organisationen verbindet hier niemanden."
        shared = "1 der gemeinsamen Vorhaben ist so groß und zählt nicht."
        expect(page.locator("#details .tie-limit")).to_have_text(f"{rule} {shared}")
        assert watch.complaints == []


def test_a_click_on_a_line_is_a_click_on_a_tie(browser: Browser, file: Path) -> None:
    address = f"{file.as_uri()}#view=partners&ego=organisation/les&at=0_0_1"
    with opened(browser, file) as (page, _):
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-ready", "1")
        expect(page.locator("#count")).to_contain_text("Verbindung")
    with opened(browser, file) as (page, watch):
        page.evaluate("location.hash = '#view=partners&ego=organisation/ifdt&at=0_0_1'")
        page.evaluate("location.hash = '#view=partners&ego=organisation/hsmw&at=0_0_1'")
        expect(page.locator("#count")).to_contain_text("5 von 35 Organisationen")
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y - 100)  # the first of the ring stands above the middle, 190 away
        expect(page.locator("#tip")).to_contain_text("Hochschule Mittweida")
        page.mouse.click(x, y - 100)
        expect(page.locator("#details .sentence")).to_contain_text("teilen")
        assert watch.complaints == []


def test_how_are_two_connected(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Wege").click()
        for field, name in (("#way-from", "Hochschule Zittau"), ("#way-to", "Photonische")):
            page.locator(field).fill(name)
            page.locator(field).press("ArrowDown")
            page.locator(field).press("Enter")
        ways = page.locator("#ways")
        expect(ways.locator(".sentence")).to_contain_text("1 kürzester Weg mit 2 Schritten")
        chains = ways.locator(".chains")
        expect(chains.first.locator("li")).to_have_count(1)
        expect(ways.locator(".sentence")).to_contain_text("auch der stärkste")
        steps = ways.locator(".steps li").all_inner_texts()
        numbers = [int(one) for one in ways.locator(".chains sup").all_inner_texts()]
        assert len(steps) == len(set(steps)) == max(numbers) < len(numbers)
        assert "Saxony⁵" in steps[0]
        ways.get_by_text("SPARQL-Abfrage aller kürzesten Wege").click()
        expect(ways.locator("pre").first).to_contain_text("tg:cooperatesWith ?partner1")
        assert page.url.count("way=organisation/") == 2
        ways.get_by_role("button", name="Warum").first.click()
        expect(page.locator("#details .sentence")).to_be_visible()
        page.evaluate("location.hash = '#tab=ways&way=organisation/hszg&way=organisation/futuresax'")
        expect(ways).to_contain_text("führt kein Weg")
        assert watch.complaints == []


def test_introductions_and_isolates(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        press_on(tab(page, "Legende"), "ArrowRight")
        press_on(tab(page, "Filter"), "ArrowRight")
        press_on(tab(page, "Wege"), "ArrowRight")
        panel = page.locator("#introductions")
        expect(panel.get_by_role("heading", name="Unternehmen ohne Verbindung")).to_be_visible()
        apart = panel.locator(".suggested > li", has=page.get_by_role("button", name="Zeigen")).count()
        within = panel.get_by_role("checkbox", name=re.compile("die schon zusammengehören"))
        press_on(within, "Space")
        heading = panel.get_by_role("heading", name=re.compile("Gemeinsame Partner"))
        expect(heading.first).to_be_visible()
        expect(panel.locator("li").first).to_contain_text("Beide arbeiten mit")
        assert panel.locator(".suggested > li", has=page.get_by_role("button", name="Zeigen")).count() > apart
        panel.get_by_role("button", name="Zeigen").first.click()
        expect(page.locator("#details h2")).to_have_text("2 Knoten gewählt")
        page.get_by_role("button", name="Wie sind die beiden verbunden?").click()
        expect(page.locator("#ways .sentence")).to_be_visible()
        page.evaluate("location.hash = '#tab=introductions&node=organisation/futuresax'")
        expect(panel.locator(".none-good")).to_contain_text("gibt es keine guten Vorschläge")
        assert watch.complaints == []


def test_facets_count_and_filter_and_undo_takes_back(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Filter").click()
        facets = page.locator("#facets")
        for name in ("Art der Organisation", "Programm", "Bündnis", "Region", "Thema", "Rolle"):
            expect(facets.locator("summary", has_text=re.compile(f"^{name}"))).to_be_visible()
        box = facets.get_by_role("checkbox", name="Unternehmen 15")
        box.press("Space")
        expect(page.locator("#count")).to_contain_text("15 von 35 Organisationen")
        expect(facets.get_by_role("checkbox", name="Unternehmen 15")).to_be_focused()
        facets.locator("summary", has_text="Bündnis").click()
        facets.get_by_role("checkbox", name=re.compile("^rECOmine")).click()
        expect(page.locator("#count")).not_to_contain_text("15 von 35")
        expect(page.locator("#chips button")).to_have_count(2)
        page.locator("#chips button").first.click()
        expect(page.locator("#chips button")).to_have_count(1)
        page.get_by_role("button", name="Rückgängig").click()
        expect(page.locator("#chips button")).to_have_count(2)
        page.keyboard.press("Control+z")
        expect(page.locator("#chips button")).to_have_count(1)
        page.get_by_role("button", name="Alle Filter aufheben").click()
        expect(page.locator("#count")).to_contain_text("35 von 35")
        assert watch.complaints == []


def test_a_region_holds_for_what_lies_within_it(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.evaluate("location.hash = '#tab=filter&regions=region/sachsen'")
        expect(page.locator("#count")).to_contain_text("3 von 35")


def test_the_years_and_their_play(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Filter").click()
        expect(page.locator("#year-text")).to_have_text("alle, 2018 bis 2027")
        page.locator("#year-to").press("Home")
        expect(page.locator("#year-text")).to_have_text("2018")
        assert "years=2018-2018" in page.url
        before = picture(page)
        page.get_by_role("button", name="Alle Jahre").click()
        changes(page, before)
        page.get_by_role("button", name="Abspielen").click()
        expect(page.locator("#year-text")).to_have_text("2019", timeout=4000)
        press_on(page.get_by_role("button", name="Anhalten"))
        expect(page.get_by_role("button", name="Abspielen")).to_be_visible()
        assert watch.complaints == []


def test_surroundings_in_steps(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        page.evaluate("location.hash = '#organisation/hif'")
        expect(page.locator("#details h2")).to_contain_text("Helmholtz-Institut")
        counts = []
        for depth in ("1 Schritt", "2 Schritten", "3 Schritten"):
            press_on(page.get_by_role("button", name=f"Nur die Umgebung in {depth} zeigen"))
            counts.append(int(str(page.locator("#count").text_content()).split()[0]))
        assert counts == sorted(counts) and counts[0] == 1 < counts[1] < counts[2]
        assert "ego=organisation/hif" in page.url and "depth=3" in page.url
        page.get_by_role("button", name="Ganzes Netz").click()
        expect(page.locator("#count")).to_contain_text("35 von 35")
        assert watch.complaints == []


def test_classes_of_a_workspace_stand_in_legend_filters_and_picture(browser: Browser, tmp_path: Path) -> None:
    own = """my:Hub a owl:Class ; rdfs:subClassOf tg:Undertaking ; rdfs:label "Drehkreuz"@de ; tgsh:gathers true .
    my:Agency a owl:Class ; rdfs:subClassOf tg:Organisation ; rdfs:label "Agentur"@de ."""
    tables = five_alliances()
    tables.undertaking("zz", MY + "Hub", "Zz")
    tables.concept("organisation/agency", "Wirkstatt")
    tables.fact("organisation/agency", RDF_TYPE, f"<{MY}Agency>")
    tables.takes_part("zz", "agency", "hif")
    classes = classes_with(tmp_path / "workspace", own, "Hub", "Agency")
    path = tmp_path / "network.html"
    path.write_text(network_page(analysis_of(tables, tmp_path, classes=classes)), encoding="utf-8")
    with opened(browser, path) as (page, watch):
        marks = page.locator("#marks")
        expect(marks).to_contain_text("Drehkreuz")
        expect(marks).to_contain_text("Agentur")
        expect(page.locator("#colour option[value=alliance]")).to_have_text("Bündnis / Drehkreuz")
        marks.get_by_role("button", name=re.compile("^Agentur")).click()
        assert "classes=Agency" in page.url
        expect(page.locator("#count")).to_contain_text("1 von 36")
        page.evaluate("location.hash = '#undertaking/zz'")
        expect(page.locator("#details")).to_contain_text("Drehkreuz")
        assert watch.complaints == []


def test_colours_sizes_and_a_legend_that_filters(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        marks = page.locator("#marks")
        expect(marks).to_contain_text("Unternehmen")
        for value, text in (
            ("community", "SmartERZ"),
            ("alliance", "rECOmine"),
            ("region", "Görlitz, Landkreis"),
        ):
            before = picture(page)
            page.locator("#colour").select_option(value)
            expect(marks).to_contain_text(text)
            changes(page, before)
        for value in ("funding", "broker"):
            before = picture(page)
            page.locator("#size").select_option(value)
            changes(page, before)
        page.locator("#colour").select_option("kind")
        entry = marks.get_by_role("button", name=re.compile("^Universität"))
        press_on(entry)
        expect(page.locator("#count")).to_contain_text("2 von 35")
        expect(entry).to_have_attribute("aria-pressed", "true")
        expect(entry).to_be_focused()
        entry.click()
        expect(page.locator("#count")).to_contain_text("35 von 35")
        assert watch.complaints == []


def test_the_map_puts_partners_at_their_towns(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        before = picture(page)
        page.get_by_text("Karte", exact=True).click()
        changes(page, before)
        expect(page.locator("#legend-notes")).to_contain_text("nicht auf der Karte")
        page.locator("#ground-map").press("ArrowLeft")
        assert "ground" not in page.url
        assert watch.complaints == []


def test_places_and_sources_filter_what_an_address_asks_for(browser: Browser, tmp_path: Path) -> None:
    tables = with_background(five_alliances())
    letter = tables.concept("source/letter", "Brief", "Letter")
    for one in ("participation/recomine~hif~partner", "undertaking/tevlis"):
        tables.fact(one, DCT + "source", letter)
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        page.evaluate("location.hash = '#tab=filter&places=place/zittau'")
        expect(page.locator("#count")).to_contain_text("3 von 35 Organisationen")
        expect(page.locator("#chips")).to_have_text("Zittau ×")
        page.evaluate("location.hash = '#tab=filter&sources=source/letter&list=undertakings'")
        expect(page.locator("#count")).to_contain_text("1 von 35 Organisationen; 1 von 1 Linie")
        expect(page.locator("#rows tbody tr")).to_have_count(2)
        press_on(page.get_by_role("button", name="Brief entfernen"))
        expect(page.locator("#count")).to_contain_text("35 von 35 Organisationen")
        assert watch.complaints == []


def test_what_an_address_names_and_the_network_lacks_is_told(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        page.evaluate("location.hash = '#ego=organisation/gone&depth=2'")
        expect(page.locator("#count")).to_contain_text("Nicht in diesem Netz: organisation/gone. 35 von 35")
        page.locator("#colour").select_option("region")
        expect(page.locator("#count")).not_to_contain_text("Nicht in diesem Netz")
        page.evaluate(
            "location.hash = '#tab=filter&topics=topic/gone&communities=undertaking/gone&classes=x'"
        )
        expect(page.locator("#count")).to_contain_text("topic/gone")
        expect(page.locator("#count")).to_contain_text("0 von 35 Organisationen")
        assert "topics=topic/gone" in page.url
        for _ in range(3):
            page.locator("#chips button").first.click()
        expect(page.locator("#count")).to_have_text(re.compile("^35 von 35"))
        assert watch.complaints == []


def test_a_kind_has_one_sign_whatever_is_filtered(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        sign = page.locator("#marks li", has_text="Forschungs").locator("svg")
        before = sign.get_attribute("class"), sign.inner_html()
        page.evaluate("location.hash = '#ego=organisation/hif&depth=1'")
        expect(page.locator("#marks li")).not_to_have_count(0)
        page.evaluate("location.hash = '#alliances=undertaking/recomine'")
        expect(page.locator("#count")).not_to_contain_text("35 von 35")
        assert (sign.get_attribute("class"), sign.inner_html()) == before


def test_several_can_be_chosen(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        page.evaluate("location.hash = '#node=organisation/hif&node=organisation/tubaf'")
        expect(page.locator("#details h2")).to_have_text("2 Knoten gewählt")
        press_on(page.get_by_role("button", name="TU Bergakademie Freiberg entfernen"))
        expect(page.locator("#details h2")).to_contain_text("Helmholtz-Institut")
        page.evaluate("location.hash = '#'")
        page.get_by_role("button", name="Alles zeigen").click()
        hub = page.evaluate(SPOTS)["hub"]
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + hub[0], box["y"] + hub[1])
        expect(page.locator("#details .kind")).to_contain_text("Bündnis")
        page.wait_for_timeout(600)  # or it is a double click
        page.keyboard.down("Shift")
        page.mouse.click(box["x"] + hub[0], box["y"] + hub[1])
        page.keyboard.up("Shift")
        expect(page.locator("#details")).to_be_hidden()
        assert watch.complaints == []


def test_the_list_sorts_filters_and_leads_into_the_picture(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        rows = page.locator("#rows")
        expect(rows.locator("tbody tr")).to_have_count(35)
        rows.locator('[data-key="sort-name"]').click()
        expect(rows.locator("tbody tr").first).to_contain_text("Beak Consultants")
        expect(rows.locator("th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
        press_on(rows.locator('[data-key="sort-name"]'))
        expect(rows.locator("tbody tr").first).to_contain_text("Wirtschaftsförderung")
        rows.get_by_role("button", name="ULT AG").click()
        expect(page.locator("#details h2")).to_have_text("ULT AG")
        expect(page.locator("#details")).to_be_focused()
        page.get_by_role("button", name="In der Liste zeigen").click()
        expect(page.locator("tr.chosen button")).to_be_focused()
        page.get_by_role("button", name="Auswahl aufheben").click()
        expect(page.locator("#details")).to_be_hidden()
        tab(page, "Gemeinschaften").press("Enter")
        expect(rows.locator("tbody tr")).to_have_count(5)
        rows.get_by_role("button", name="SmartERZ").click()
        expect(page.locator("#count")).to_contain_text("11 von 35")
        assert watch.complaints == []


def test_a_link_shows_exactly_this_view(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.get_by_text("Partner direkt", exact=True).click()
        page.locator("#colour").select_option("community")
        page.locator("#size").select_option("broker")
        page.get_by_role("button", name="Vergrößern").click()
        until(page, "location.hash.includes('at=')")
        address, before = page.url, picture(page)
        page.goto("about:blank")
        page.goto(address)
        expect(page.locator("html")).to_have_attribute("data-ready", "1")
        assert picture(page) == before
        assert page.url == address


@pytest.mark.parametrize(
    ("label", "name", "content"),
    [
        ("PNG", "network.png", "PNG"),
        ("SVG", "network.svg", "<svg"),
        ("CSV", "network.csv", "from_label"),
        ("CSV der Knoten", "network.nodes.csv", "organisation/hszg"),
        ("GraphML", "network.graphml", "<graphml"),
        ("GEXF", "network.gexf", "<gexf"),
        ("VOSviewer", "network.vosviewer.json", '"strength"'),
    ],
)
def test_the_view_can_be_saved(browser: Browser, file: Path, label: str, name: str, content: str) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Daten").click()
        with page.expect_download() as download:
            press_on(page.get_by_role("button", name=label, exact=True))
        assert download.value.suggested_filename == name
        assert content.encode() in download.value.path().read_bytes()
        assert watch.complaints == []


def test_link_and_frame_to_copy_and_measures_to_read(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        tab(page, "Daten").click()
        expect(page.locator("#embed")).to_contain_text("<iframe src=")
        expect(page.locator("#embed")).to_contain_text("bare=1")
        expect(page.locator("#measures")).to_contain_text("Betweenness nach Freeman")
        expect(page.locator("#measures")).to_contain_text("Die ersten nach: Vermittlung")
        page.get_by_role("button", name="Link kopieren").click()
        expect(page.locator("#said")).to_contain_text("kopier")
        page.evaluate("location.hash = '#bare=1&ego=organisation/hif'")
        page.reload()
        expect(page.locator(".top")).to_be_hidden()
        assert drawn(page)["drawn"] > 5_000
        page.set_viewport_size({"width": 800, "height": 600})
        box = page.locator("#canvas").bounding_box()
        assert box is not None and box["height"] > 500
        assert watch.complaints == []


def test_german_and_english(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, watch):
        german = picture(page)
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
            "placeholder", "Partner, undertaking, topic or place"
        )
        changes(page, german)
        for name in ("Filters", "Ways", "Suggestions", "Data", "Legend"):
            tab(page, name).click()
            visible = page.locator("body").inner_text()
            assert not re.search(r"Vorhaben|Verbindung|Gemeinschaft|Beteiligung", visible), name
        assert "lang=en" in page.url
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Network of partners and undertakings", use_inner_text=True
        )
        assert watch.complaints == []


def test_buttons_keys_and_wheel_move_the_view(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        start = picture(page)
        page.get_by_role("button", name="Vergrößern").click()
        changes(page, start)
        page.get_by_role("button", name="Alles zeigen").click()
        until(page, f"before => ({PICTURE})() === before", start)
        page.locator("#frame").focus()
        for key in ("ArrowRight", "ArrowDown", "+", "-"):
            before = picture(page)
            page.keyboard.press(key)
            changes(page, before)
        page.keyboard.press("0")
        until(page, f"before => ({PICTURE})() === before", start)
        page.locator("#canvas").hover()
        page.mouse.wheel(0, 300)
        expect(page.locator("#zoom-hint")).to_be_visible()
        until(page, "scrollY > 0")


def test_all_is_shown_soon_after_another_movement(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        start = picture(page)
        page.evaluate("for (const one of ['zoom-in', 'zoom-all']) document.getElementById(one).click()")
        page.wait_for_timeout(1000)
        until(page, f"before => ({PICTURE})() === before", start)
        assert "at=" not in page.url


def test_a_movement_comes_to_its_end_where_the_page_is_slow(browser: Browser, file: Path) -> None:
    with opened(browser, file) as (page, _):
        page.emulate_media(reduced_motion="no-preference")
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 20})
        scales, at = [], re.compile(r"at=-?\d+_-?\d+_([\d.]+)")
        for _ in range(3):
            before = page.url
            page.evaluate("document.getElementById('zoom-in').click()")
            until(page, "before => location.href !== before", before)
            found = at.search(page.url)
            assert found is not None
            scales.append(float(found[1]))
        assert [round(there / here, 1) for here, there in itertools.pairwise(scales)] == [1.4, 1.4]


def test_dark_by_the_system_and_by_choice(browser: Browser, file: Path) -> None:
    with opened(browser, file, dark=True) as (page, watch):
        ground = "getComputedStyle(document.body).backgroundColor"
        assert page.evaluate(ground) == "rgb(18, 24, 31)"
        page.get_by_role("button", name="Dunkel").click()
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        assert page.evaluate(SPOTS)["hub"] is not None
        press_on(page.get_by_role("button", name="Dunkel"))
        assert page.evaluate(ground) == "rgb(18, 24, 31)"
        assert "theme=dark" in page.url
        assert watch.complaints == []


def test_two_fingers_move_the_picture_and_one_scrolls_the_page(browser: Browser, file: Path) -> None:
    with opened(browser, file, width=390, height=844, phone=True) as (page, watch):
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        fingers = page.context.new_cdp_session(page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            at = [{"x": x + dx, "y": y + dy, "id": number} for number, (dx, dy) in enumerate(points)]
            fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
            page.wait_for_timeout(20)

        def drag(*ways: tuple[tuple[float, float], tuple[float, float]]) -> None:
            touch("touchStart", *(first for first, _ in ways))
            for part in range(1, 9):
                points = [(a + (c - a) * part / 8, b + (d - b) * part / 8) for (a, b), (c, d) in ways]
                touch("touchMove", *points)
            touch("touchEnd")

        def view() -> list[float]:
            until(page, "location.hash.includes('at=')")
            page.wait_for_timeout(600)  # the address follows the view after a moment
            return [float(one) for one in page.url.partition("at=")[2].partition("&")[0].split("_")]

        before = picture(page)
        drag(((-30, 0), (-120, 0)), ((30, 0), (120, 0)))
        changes(page, before)
        near = view()
        drag(((-120, 0), (-40, 0)), ((120, 0), (40, 0)))
        middle = view()
        assert middle[2] < near[2]
        drag(((-40, 0), (20, 30)), ((40, 0), (100, 30)))
        moved = view()
        assert moved[0] < middle[0] and moved[1] < middle[1]
        assert moved[2] == pytest.approx(middle[2], rel=0.02)
        assert page.evaluate("scrollY") == 0
        drag(((0, 40), (0, -160)))
        expect(page.locator("#zoom-hint")).to_have_text("Zwei Finger bewegen und vergrößern das Bild")
        until(page, "scrollY > 50")
        assert view() == moved
        assert page.evaluate("visualViewport.scale") == 1
        assert watch.complaints == []


def test_on_a_phone_the_panels_are_a_sheet_and_details_stand_in_sight(browser: Browser, file: Path) -> None:
    with opened(browser, file, width=390, height=844, phone=True) as (page, watch):
        expect(page.locator("#panel-legend")).to_be_hidden()
        tab(page, "Filter").tap()
        expect(page.locator("#facets")).to_be_in_viewport()
        page.get_by_role("button", name="Schließen").tap()
        expect(page.locator("#facets")).to_be_hidden()
        page.locator("#search").fill("ULT")
        page.locator("#search-list [role=option]").first.tap()
        expect(page.locator("#details .sentence")).to_be_in_viewport()
        expect(page.locator("#panel-filter")).to_be_hidden()
        box, sheet = page.locator("#canvas").bounding_box(), page.locator(".side").bounding_box()
        assert box is not None and sheet is not None
        assert sheet["y"] - box["y"] > 200  # the picture stays in sight above
        page.evaluate("location.hash = '#tab=ways'")
        page.reload()
        expect(page.locator("#way-from")).to_be_in_viewport()
        assert watch.complaints == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (412, 700), (800, 900)])
def test_the_picture_ends_above_the_closed_sheet(
    browser: Browser, file: Path, large: Path, width: int, height: int
) -> None:
    for shown in (file, large):
        with opened(browser, shown, width=width, height=height, phone=True) as (page, watch):
            expect(page.locator("#count")).not_to_be_empty()
            canvas, sheet = (page.locator(one).bounding_box() for one in ("#canvas canvas", ".sheet-head"))
            assert canvas and sheet
            assert canvas["y"] + canvas["height"] <= sheet["y"] + 1
            assert canvas["height"] > 200
            assert watch.complaints == []


@pytest.mark.parametrize("tables", [five_alliances(), evil()], ids=["usual", "evil"])
def test_a_phone(browser: Browser, tmp_path: Path, tables: Tables) -> None:
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path, width=390, height=844, phone=True) as (page, watch):
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert drawn(page)["drawn"] > 5_000
        page.locator("#search").fill("e")
        page.locator("#search-list [role=option]").first.tap()
        expect(page.locator("#details h2")).to_be_visible()
        for index in range(5):
            page.locator("[data-tab]").nth(index).tap()
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_text("English", exact=True).tap()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert watch.complaints == []


def test_on_a_phone_the_picture_begins_in_the_upper_half_and_no_control_lies_on_another(
    browser: Browser, file: Path
) -> None:
    with opened(browser, file, width=390, height=844, phone=True) as (page, _):
        page.locator("#search").fill("ULT")  # something to undo
        page.locator("#search-list [role=option]").first.tap()
        for language in ("Deutsch", "English"):
            page.get_by_text(language, exact=True).tap()
            expect(page.locator("#undo")).to_be_enabled()
            boxes = page.evaluate(
                "[...document.querySelectorAll('.look button, .look label, .tools input, .tools label,"
                " .zoom button')].filter((one) => one.checkVisibility({ contentVisibilityAuto: true })"
                " && !one.closest('.unseen') && !one.matches('.unseen, .switch input'))"
                ".map((one) => one.getBoundingClientRect().toJSON())"
            )
            assert len(boxes) >= 12
            for index, one in enumerate(boxes):
                for other in boxes[index + 1 :]:
                    apart = (
                        one["right"] <= other["left"] + 0.5
                        or other["right"] <= one["left"] + 0.5
                        or one["bottom"] <= other["top"] + 0.5
                        or other["bottom"] <= one["top"] + 0.5
                    )
                    assert apart, (one, other)
            frame = page.locator("#frame").bounding_box()
            assert frame is not None and frame["y"] < 330


def test_without_javascript_the_lists_say_everything(browser: Browser, file: Path) -> None:
    with opened(browser, file, scripts=False) as (page, watch):
        expect(page.get_by_text("Bild und Suche brauchen JavaScript")).to_be_visible()
        expect(page.locator(".picture")).to_be_hidden()
        expect(page.get_by_text("mindestens 40 Partner")).to_be_visible()
        row = page.locator("tr", has=page.get_by_role("rowheader", name="ReMiningPlus"))
        expect(row.get_by_role("listitem").filter(has_text="Kaden & Döring OHG")).to_be_visible()
        row.get_by_role("link", name="Kaden & Döring OHG").click()
        assert page.url.endswith("#organisation/kaden")
        page.get_by_text("English", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(
            "Network of partners and undertakings", use_inner_text=True
        )
        assert watch.complaints == []


def test_where_the_script_fails_the_lists_are_there(browser: Browser, file: Path) -> None:
    with opened(browser, Path("/dev/null")) as (page, _):
        page.add_init_script("delete window.Intl")
        page.goto(file.as_uri())
        expect(page.locator("#without-script")).to_be_visible()
        expect(page.locator("#canvas")).to_be_hidden()


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
            expect(page.locator("#search-list [role=option]").first).to_be_visible()
        page.keyboard.press("Enter")
        page.get_by_text("English", exact=True).click()
        page.evaluate("location.hash = '#view=partners&tie=organisation/o0&tie=organisation/o1&tab=filter'")
        expect(page.locator("#details .sentence")).to_be_visible()
        page.evaluate("location.hash = '#tab=ways&way=organisation/o0&way=organisation/o3'")
        expect(page.locator("#ways .sentence")).to_be_visible()
        for name in ("introductions", "data"):
            page.locator(f'[data-tab="{name}"]').click()
        for kind in ("svg", "graphml", "gexf", "csv"):
            with page.expect_download() as download:
                page.locator(f'[data-export="{kind}"]').click()
            saved = download.value.path().read_text("utf-8")
            assert kind == "csv" or "<script" not in saved
        for name in ("undertakings", "ties", "communities"):
            page.locator(f'[data-list="{name}"]').click()
        assert drawn(page)["drawn"] > 10_000
        page.mouse.move(500, 500)
        page.mouse.move(520, 520, steps=5)
        assert page.evaluate("window.ran") is None
        found = page.locator("main img, main iframe, .side script, #rows script, table svg")
        assert found.count() == 0
        assert watch.requests == [path.as_uri()]
        assert watch.complaints == []


def test_nobody_and_one(browser: Browser, tmp_path: Path) -> None:
    alone = Tables()
    alone.organisation("o", "company", "Allein")
    for name, tables in (("empty", Tables()), ("alone", alone)):
        path = tmp_path / f"{name}.html"
        path.write_bytes(page_of(tables, tmp_path / name).encode())
        with opened(browser, path) as (page, watch):
            for view in ("partners", "undertakings"):
                page.locator(f'label[for="view-{view}"]').click()
            for one in ("legend", "filter", "ways", "introductions", "data"):
                page.locator(f'[data-tab="{one}"]').click()
            page.locator('label[for="ground-map"]').click()
            assert watch.complaints == []
            expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    path = folder / "network.html"
    path.write_bytes(page_of(with_background(five_alliances()), folder / "store", whole=30).encode())
    return path


def test_a_large_network_of_several_sources_begins_with_its_own_tables_and_unfolds(
    browser: Browser, tmp_path: Path
) -> None:
    """And the choice of a source takes participations of the others away."""
    analysis, most = two_sources(with_background(five_alliances()), tmp_path / "store")
    path = tmp_path / "network.html"
    path.write_bytes(network_page(analysis, whole=30).encode())
    partners = len(analysis.sources.own) - 1 if analysis.sources else 0
    with opened(browser, path) as (page, watch):
        expect(page.locator("#count")).to_contain_text(f"{partners} von 35 Organisationen")
        lines = f"{partners} von {partners} Linien"
        expect(page.locator("#count")).to_contain_text(lines)
        page.evaluate(f"location.hash = '#unfolded={most.removeprefix(analysis.about.base)}'")
        expect(page.locator("#count")).not_to_contain_text(lines)
        expect(page.locator("#count")).to_contain_text(f"{partners} von 35 Organisationen")
        page.locator('[data-key="to-circles"]').click()
        expect(page.locator("#count")).to_contain_text("Kreise")
        page.locator('[data-key="to-beginning"]').click()
        expect(page.locator("#count")).to_contain_text(lines)
        page.evaluate("location.hash = '#tab=filter&sources=graph/own'")
        expect(page.locator("#facet-sources")).to_contain_text("Eigene Tabellen")
        expect(page.locator("#count")).to_contain_text(f"{partners} von 35 Organisationen")
        page.evaluate("location.hash = '#tab=filter&sources=graph/own&view=partners'")
        expect(page.locator("#count")).to_contain_text(f"{partners} von 35 Organisationen")
        assert watch.complaints == []


def test_a_large_network_starts_with_bubbles_and_opens_them(browser: Browser, large: Path) -> None:
    with opened(browser, large) as (page, watch):
        expect(page.locator("#count")).to_contain_text("5 Kreise")
        expect(page.locator("#rows tbody tr")).to_have_count(35)
        tab(page, "Gemeinschaften").click()
        before = picture(page)
        press_on(page.locator("#rows").get_by_role("button", name="SmartERZ"))
        expect(page.locator("#count")).to_contain_text("11 von 35 Organisationen")
        changes(page, before)
        page.get_by_role("button", name="Alles zeigen").click()
        expect(page.locator("#count")).to_contain_text("5 Kreise")
        box = page.locator("#canvas").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.6)
        expect(page.locator("#count")).to_contain_text("von 35 Organisationen")
        page.evaluate("location.hash = '#ego=organisation/hif&depth=2'")
        expect(page.locator("#count")).to_contain_text("9 von 35 Organisationen")
        page.evaluate("location.hash = '#tab=ways&way=organisation/hszg&way=organisation/ipms'")
        expect(page.locator("#ways .sentence")).to_contain_text("1 kürzester Weg mit 2 Schritten")
        page.evaluate("location.hash = '#tab=filter&alliances=undertaking/recomine'")
        expect(page.locator("#count")).to_contain_text("11 von 35 Organisationen")
        page.goto("about:blank")
        page.goto(f"{large.as_uri()}#tab=filter&alliances=undertaking/recomine")
        expect(page.locator("#count")).to_contain_text("11 von 35 Organisationen")
        page.evaluate("location.hash = '#ground=map'")
        expect(page.locator("#rows tbody tr").first).to_be_visible()
        assert {one.split("#")[0] for one in watch.requests} == {large.as_uri()}
        assert watch.complaints == []


def numbers_of(page: Page, element: str) -> int:
    return int(re.sub(r"\D.*", "", str(page.locator(element).text_content()).replace(".", "")))


def test_list_and_picture_of_a_large_network_say_the_same(browser: Browser, large: Path) -> None:
    with opened(browser, large) as (page, watch):
        expect(page.locator("#rows tbody td").first).not_to_be_empty()  # all is loaded
        for address, count in (
            ("", 35),
            ("kinds=https://w3id.org/transfergraph/scheme/organisation-kind/company", 15),
            ("group=0", None),
            ("open=1", None),
            ("open=1&kinds=https://w3id.org/transfergraph/scheme/organisation-kind/company", None),
            ("ego=organisation/hif&depth=2", 9),
            ("topics=topic/gone", 0),
        ):
            page.evaluate("address => { location.hash = `#${address}`; }", address)
            until(page, "() => document.querySelector('#list-count').textContent !== ''")
            page.wait_for_timeout(100)
            shown = numbers_of(page, "#list-count")
            assert count is None or shown == count, address
            assert shown > 0 or count == 0
            assert page.locator("#rows tbody tr").count() == shown
            told = str(page.locator("#count").text_content())
            assert f"{shown} von 35 Organisationen" in told, address
        assert watch.complaints == []


def test_a_filter_shrinks_circles_and_a_search_shows_the_surroundings(browser: Browser, large: Path) -> None:
    with opened(browser, large) as (page, watch):
        before = picture(page)
        page.locator("#marks").get_by_role("button", name=re.compile("^Unternehmen")).click()
        changes(page, before)
        expect(page.locator("#count")).to_contain_text("15 von 35 Organisationen")
        page.locator("#marks").get_by_role("button", name=re.compile("^Unternehmen")).click()
        expect(page.locator("#count")).to_contain_text("Kreise")
        page.locator("#search").fill("ULT")
        page.locator("#search").press("Enter")
        expect(page.locator("#details h2")).to_have_text("ULT AG")
        assert "ego=" in page.url
        expect(page.locator("#count")).not_to_contain_text("Kreise")
        page.get_by_role("button", name="Alles zeigen").click()
        for choice, values in (("size", ("broker", "ties")), ("colour", ("region", "kind"))):
            for value in values:
                before = picture(page)
                page.locator(f"#{choice}").select_option(value)
                changes(page, before)
        assert watch.complaints == []


def saved_svg(page: Page) -> tuple[ET.Element, str]:
    tab(page, "Daten").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="SVG", exact=True).click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    return ET.fromstring(text), text


def test_the_circles_of_a_large_network_are_saved_as_they_are_drawn(browser: Browser, large: Path) -> None:
    svg = "{http://www.w3.org/2000/svg}"
    with opened(browser, large) as (page, watch):
        expect(page.locator("#rows tbody td").first).not_to_be_empty()  # all is loaded
        drawing, text = saved_svg(page)
        titles = [str(one.text) for one in drawing.iter(f"{svg}title")]
        assert "SmartERZ: 11 Organisationen" in titles  # a circle says what it stands for
        assert "SmartERZ – rECOmine: Grubenwasser: 5" in titles  # and a line how many ties
        groups = {str(one.findtext(f"{svg}title")): one for one in drawing.iter(f"{svg}g")}
        sectors = [str(one.get("d")) for one in groups["SmartERZ: 11 Organisationen"].iter(f"{svg}path")]
        assert len(sectors) >= 2 and all("A" in one for one in sectors)  # one for each kind
        ties = [
            one for title, one in groups.items() if " – " in title and len(list(one.iter(f"{svg}path"))) == 1
        ]
        assert all(len(list(one.iter(f"{svg}circle"))) == 2 for one in ties) and ties  # a dot at both rims
        words = " ".join("".join(one.itertext()) for one in drawing.iter(f"{svg}text"))
        for told in (
            "Innovationsbündnisse in Sachsen",
            "5 Kreise",
            "SmartERZ",
            "Unternehmen (",
            "Ausgedachte",
        ):
            assert told in words, told
        assert "creativecommons.org/licenses/by/4.0" in text and "<metadata>" in text
        tab(page, "Legende").click()
        page.locator("#marks").get_by_role("button", name=re.compile("^Unternehmen")).click()
        expect(page.locator("#count")).to_contain_text("15 von 35 Organisationen")
        shrunk, text = saved_svg(page)
        assert "stroke-dasharray" in text  # how large it would be
        assert "SmartERZ: 11 Organisationen" not in [str(one.text) for one in shrunk.iter(f"{svg}title")]
        assert watch.complaints == []


def test_a_long_list_is_read_to_its_end_by_keyboard(browser: Browser, tmp_path: Path) -> None:
    tables = Tables()
    for number in range(700):
        tables.organisation(f"o{number:03}", "company", f"Firma {number:03}")
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        rows = page.locator("#rows tbody tr[aria-rowindex]")
        expect(page.locator("#list-count")).to_contain_text("700 Zeilen")
        page.locator('[data-key="sort-name"]').click()
        assert rows.count() < 200
        expect(page.locator("#rows table")).to_have_attribute("aria-rowcount", "701")
        page.get_by_role("button", name="Firma 000").focus()
        page.keyboard.press("End")
        expect(page.get_by_role("button", name="Firma 699")).to_be_focused()
        page.keyboard.press("PageUp")
        page.keyboard.press("ArrowUp")
        assert 0 < int(str(page.evaluate("document.activeElement.closest('tr').dataset.at"))) < 698
        page.locator(".long").evaluate("box => { box.scrollTop = box.scrollHeight / 2; }")
        until(
            page,
            "() => [...document.querySelectorAll('#rows tr[data-at]')].some((one) => one.dataset.at === '350')",
        )
        page.keyboard.press("Home")
        expect(page.get_by_role("button", name="Firma 000")).to_be_focused()
        page.get_by_role("button", name="Alle Zeilen").click()
        expect(page.locator("#rows tbody tr")).to_have_count(700)
        assert watch.complaints == []


def test_of_a_community_too_large_to_read_the_best_connected_are_drawn(
    browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "network.html"
    path.write_bytes(page_of(five_alliances(), tmp_path / "store", whole=8).encode())
    with opened(browser, path) as (page, watch):
        tab(page, "Gemeinschaften").click()
        page.locator("#rows").get_by_role("button", name="SmartERZ").click()
        expect(page.locator("#legend-notes")).to_contain_text("9 weitere wären zu viele für ein Bild")
        expect(page.locator("#marks")).to_contain_text("Bündnis")
        assert watch.complaints == []


def test_a_large_network_without_javascript_leads_to_its_list(browser: Browser, large: Path) -> None:
    with opened(browser, large, scripts=False) as (page, _):
        link = page.get_by_role("link", name="Vollständige Liste")
        expect(link).to_have_attribute("href", "network/list.html")
        expect(page.get_by_role("rowheader", name="SmartERZ")).to_be_visible()


def test_without_javascript_a_phone_says_what_each_number_is(browser: Browser, large: Path) -> None:
    with opened(browser, large, width=390, scripts=False) as (page, _):
        row = page.locator("#without-script tbody tr").first
        told = str(row.inner_text())
        assert re.search(r"Organisationen: \d+\s+Vorhaben: \d+", told), told


def test_a_facet_of_400_values_can_be_searched(browser: Browser, tmp_path: Path) -> None:
    tables = five_alliances()
    for number in range(400):
        topic = tables.concept(f"topic/t{number}", f"Thema {number}", f"Topic {number}")
        tables.fact("undertaking/recomine", DCT + "subject", topic)
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        tab(page, "Filter").click()
        page.locator("summary", has_text="Thema").click()
        expect(page.locator("#facet-topics li")).to_have_count(12)
        page.locator('[data-key="more-topics"]').click()
        expect(page.locator("#facet-topics li")).to_have_count(400)
        page.locator('[data-key="search-topics"]').fill("thema 39")
        expect(page.locator("#facet-topics li")).to_have_count(11)
        expect(page.locator('[data-key="search-topics"]')).to_be_focused()
        page.get_by_role("checkbox", name="Thema 399").check()
        expect(page.locator("#count")).to_contain_text("6 von 35")
        assert watch.complaints == []


def test_a_node_of_two_thousand_ties_neither_floods_nor_freezes_the_page(
    browser: Browser, tmp_path: Path
) -> None:
    tables = Tables()
    tables.organisation("hub", "company", "Nabe")
    for number in range(2000):
        tables.organisation(f"o{number}", "company", f"Firma {number}")
        tables.undertaking(f"u{number}", "Project", f"Vorhaben {number}")
        tables.takes_part(f"u{number}", "hub", f"o{number}")
    path = tmp_path / "network.html"
    path.write_bytes(page_of(tables, tmp_path / "store").encode())
    with opened(browser, path) as (page, watch):
        expect(page.locator("#count")).to_contain_text("2.001 von 2.001 Organisationen")
        page.locator("#search").fill("nabe")
        page.locator("#search").press("Enter")
        expect(page.locator("#details li.tied")).to_have_count(60)
        page.get_by_role("button", name="Nur die Umgebung in 1 Schritt zeigen").click()
        page.locator('label[for="view-partners"]').click()
        expect(page.locator("#count")).to_contain_text("1.500 von 2.001 Organisationen")
        begin = page.evaluate("performance.now()")
        page.locator("#colour").select_option("community")
        assert page.evaluate("performance.now()") - begin < 3000
        assert watch.complaints == []


@pytest.mark.parametrize("look", ["wide", "dark", "phone"])
def test_axe_finds_nothing(browser: Browser, file: Path, look: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run tests/peers/install.sh")
    width = 390 if look == "phone" else 1440
    with opened(browser, file, dark=look == "dark", width=width, phone=look == "phone") as (page, _):
        # the policy lets no foreign script into the page, so axe comes by the debugger
        source = AXE.read_text("utf-8")
        page.evaluate(f"() => {{ {source}; window.axe = axe; }}")
        for view in (
            "tab=legend&view=partners",
            "tab=filter&node=organisation/hif",
            "tab=ways&way=organisation/hszg&way=organisation/ipms",
            "tab=introductions&list=ties&tie=organisation/hif&tie=organisation/tubaf",
            "tab=data&list=communities&node=organisation/hif&node=organisation/tubaf",
            "ground=map&town=place/zittau&list=places&years=2019-2021",
        ):
            page.evaluate("view => { location.hash = `#${view}`; }", view)
            page.wait_for_timeout(100)
            result = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
            told = [
                f"{view}: {one['id']} {[node['html'][:200] for node in one['nodes'][:3]]}"
                for one in result["violations"]
            ]
            assert told == []
