"""Lists with facets in Chromium: the same page from a server, a static server and files; by keyboard, in any look."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Watch, until
from plain_server import serving
from playwright.sync_api import Browser, Page, ViewportSize
from server_fixture import Served
from workspaces import REPOSITORY

AXE = REPOSITORY / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PARTS = ("list-count", "list-chosen", "list-facets", "list-rows", "list-paging", "list-largest", "list-sums")
ADDRESSES = (
    "projects/index.de.html?inRegion=region/lausitz&sums=inRegion",
    "projects/index.en.html?start-end=2021&start-end=2022&type=scheme/project-kind/research-and-development&sort=-start",
    "organisations/index.de.html?participant.role=scheme/role/partner&sort=-participant.start"
    "&columns=seat,participant.start,participant.amount.EUR&sums=classification",
    "organisations/index.en.html?page=7&columns=name",
    "organisations/index.de.html?all=source&unitOf=-",
    "alliances/index.de.html?funds.amount.EUR=5000000&sums=start",
    "programmes/index.en.html?columns=about.amount.budget.EUR,about.value.concepts"
    "&sort=about.amount.budget.EUR&sums=funder",
    "events/index.de.html?sort=start&columns=start,end,concerns",
    "events/index.en.html?sort=-start&start=1850",
    "topics/index.en.html?sort=name&broader=-",
    "sources/index.en.html?foo=bar&type=scheme/source-kind/data-set",
)


@pytest.fixture(scope="module")
def site(saxon_site: Path) -> Path:
    return saxon_site


@pytest.fixture(scope="module")
def static(site: Path) -> Iterator[str]:
    """The address of the site on a plain web server."""
    with serving(site) as address:
        yield address


@contextmanager
def opened(
    browser: Browser, width: int = 1280, dark: bool = False, scripts: bool = True
) -> Iterator[tuple[Page, Watch]]:
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=900),
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    try:
        page = context.new_page()
        yield page, Watch(page)
    finally:
        context.close()


def show(page: Page, address: str) -> None:
    """Open an address, and wait until no list is being loaded."""
    page.goto(address)
    until(page, "() => !document.querySelector('#list-rows [role=status]')")


def parts(page: Page) -> dict[str, list[str]]:
    """What the parts of a list say, line by line, and where their links lead, from the start page."""
    script = """id => [...document.getElementById(id).querySelectorAll("tr, li, p, h2, h3, nav, summary, td")]
        .map(one => one.textContent.replace(/\\s+/g, ""))
        .concat(document.getElementById(id).textContent.replace(/\\s+/g, ""))
        .concat([...document.getElementById(id).querySelectorAll("a")].map(one => one.href.split("/").slice(-2).join("/")))"""
    return {part: page.evaluate(script, part) for part in PARTS}


def complaints(watch: Watch) -> list[str]:
    """What went wrong, but for the icon that browsers ask any site for, and answers of 400 and 404."""
    return [one for one in watch.complaints if "404" not in one and "400" not in one]


@pytest.mark.share
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_page_is_the_same_from_a_server_a_static_server_and_files(
    browser: Browser, server: Served, static: str, site: Path, address: str
) -> None:
    with opened(browser) as (page, watch):
        show(page, server.url + address)
        expected = parts(page)
        if "sums" not in address and "page=" not in address and "start=1850" not in address:
            assert len(expected["list-rows"]) > 5
        for start in (static, f"{site.as_uri()}/"):
            show(page, start + address)
            told = parts(page)
            assert told == expected
        assert complaints(watch) == []


def test_facets_are_followed_by_clicks_and_the_address_holds_the_state(
    browser: Browser, static: str, site: Path
) -> None:
    for start in (static, f"{site.as_uri()}/"):
        with opened(browser) as (page, watch):
            show(page, f"{start}projects/index.de.html")
            page.locator("[data-facet=inRegion] a[data-value='region/lausitz']").click()
            page.wait_for_selector("#list-chosen .chosen")
            page.locator("thead a", has_text="Beginn").click()
            page.wait_for_selector("th[aria-sort=ascending] >> text=Beginn")
            assert page.url.endswith("?inRegion=region/lausitz&sort=start")
            page.go_back()
            page.wait_for_selector("th[aria-sort=ascending] >> text=Name")
            page.locator("#list-chosen .chosen a").click()
            until(page, "() => !location.search")
            until(page, "() => document.querySelectorAll('#list-rows tbody tr').length === 32")
            assert complaints(watch) == []


def test_the_largest_grant_is_two_clicks_from_the_start_page(
    browser: Browser, server: Served, static: str, site: Path
) -> None:
    for start in (server.url, static, f"{site.as_uri()}/"):
        with opened(browser) as (page, watch):
            page.goto(f"{start}index.de.html")
            page.get_by_role("link", name="Projekte", exact=True).click()
            page.get_by_role("navigation", name="Höchste Beträge zuerst").get_by_text("Zuwendungen").click()
            page.wait_for_selector("th[aria-sort=descending] >> text=Zuwendungen: Betrag, EUR")
            first, second = (
                " ".join(row.inner_text().split()) for row in page.locator("#list-rows tbody tr").all()[:2]
            )
            assert first.startswith("Saxony5 – Smart University Grid") and "15.000.000 EUR" in first
            assert second.startswith("Strategieentwicklungsprojekt") and "538.787 EUR" in second
            assert complaints(watch) == []


def test_columns_are_chosen_in_a_form(browser: Browser, server: Served, static: str) -> None:
    for start in (server.url, static):
        with opened(browser) as (page, _):
            show(page, f"{start}projects/index.de.html?inRegion=region/lausitz")
            page.locator(".choose summary").click()
            for box in page.locator("#list-columns input[type=checkbox]").all():
                box.uncheck()
            page.locator("#list-columns input[value=start]").check()
            page.locator("#list-columns button").click()
            page.wait_for_selector("#list-rows table")
            until(page, "() => document.querySelectorAll('#list-rows thead th').length === 2")
            assert page.locator("#list-rows thead th").all_inner_texts() == ["Name ↑", "Beginn"]
            assert page.locator("#list-chosen .chosen a").count() == 1


def test_a_narrowed_list_is_a_file_without_a_server(
    browser: Browser, server: Served, site: Path, tmp_path: Path
) -> None:
    asked = "inRegion=region/lausitz&columns=type,start"
    with opened(browser) as (page, _):
        show(page, f"{site.as_uri()}/projects/index.de.html?{asked}")
        with page.expect_download() as begun:
            page.locator("[data-file=csv]").click()
        begun.value.save_as(tmp_path / "list.csv")
        assert page.locator("#list-files + p").inner_text().startswith("XLSX, Turtle")
    there = list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text("utf-8"))))
    here = list(csv.reader(io.StringIO(server.get(f"projects/index.csv?{asked}&language=de").text)))
    assert there == here


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "de",
            "XLSX, Turtle und die SPARQL-Abfrage einer eingegrenzten Liste macht ein Server; hier gibt es sie ",
        ),
        (
            "en",
            "XLSX, Turtle and the SPARQL query of a narrowed list are made by a server; here they are had for ",
        ),
    ],
)
def test_files_of_the_whole_list_are_named_as_such_where_no_server_narrows_them(
    browser: Browser, site: Path, language: str, words: str
) -> None:
    whole = {"de": "für die ganze Liste.", "en": "the whole list."}[language]
    with opened(browser) as (page, _):
        show(page, f"{site.as_uri()}/projects/index.{language}.html?inRegion=region/lausitz")
        assert words + whole in page.locator(".downloads").inner_text()
        for ending in ("xlsx", "ttl", "rq"):
            target = page.locator(f"[data-file={ending}]").evaluate("one => one.href")
            assert target == f"{site.as_uri()}/projects/index.{ending}"
            assert (site / "projects" / f"index.{ending}").stat().st_size > 0
        show(page, f"{site.as_uri()}/projects/index.{language}.html")
        assert words not in page.locator(".downloads").inner_text()  # all are of the whole list


def test_without_scripts_facets_are_links_of_a_server_and_a_static_page_says_what_it_cannot(
    browser: Browser, server: Served, static: str
) -> None:
    with opened(browser, scripts=False) as (page, _):
        page.goto(f"{server.url}projects/index.de.html")
        page.locator("[data-facet=type] a").first.click()
        assert "Einträge: 18 von 32" in page.inner_text("main")
        page.goto(f"{static}projects/index.de.html")
        assert "eine Kopie als Dateien zeigt alle Einträge" in page.inner_text("main")
        assert page.locator("#list-rows tbody tr").count() == 32


def test_a_list_works_by_keyboard(browser: Browser, server: Served) -> None:
    with opened(browser) as (page, _):
        show(page, f"{server.url}projects/index.de.html")
        page.locator("[data-facet=subject] summary").focus()
        was_open = page.locator("[data-facet=subject]").get_attribute("open")
        page.keyboard.press("Enter")
        assert page.locator("[data-facet=subject]").get_attribute("open") != was_open
        page.locator("[data-facet=type] a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector(".chosen")
        assert page.evaluate("document.activeElement === document.body")


@pytest.mark.parametrize("look", ["1280 light", "1280 dark", "320 light", "390 dark"])
def test_a_list_fits_any_width_and_axe_finds_nothing(
    browser: Browser, server: Served, site: Path, look: str
) -> None:
    width, scheme = look.split()
    address = "organisations/index.de.html?participant.role=scheme/role/partner&sums=classification"
    for start in (server.url, f"{site.as_uri()}/"):
        with opened(browser, int(width), scheme == "dark") as (page, _):
            show(page, start + address)
            for one in page.locator("details").all():
                one.evaluate("one => { one.open = true; }")
            assert page.evaluate("document.documentElement.scrollWidth") <= int(width)
            if not AXE.is_file():
                pytest.skip("axe-core is not installed: run tests/peers/install.sh")
            page.evaluate(f"() => {{ {AXE.read_text('utf-8')}; window.axe = axe; }}")
            result = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
            assert result["violations"] == []


def test_on_paper_no_column_is_cut_off(browser: Browser, site: Path) -> None:
    page = browser.new_page(viewport={"width": 718, "height": 1000})  # A4 with margins of 10 mm
    page.emulate_media(media="print")
    for path in ("organisations/index.de", "projects/index.en", "undertaking/recomine.de", "download.de"):
        page.goto((site / f"{path}.html").as_uri())
        beyond = page.evaluate(
            "[...document.querySelectorAll('main *')].filter("
            "(one) => one.getBoundingClientRect().right > innerWidth + 1 && one.checkVisibility()"
            " && !one.parentElement.closest('svg')"  # a drawing ends where its frame does
            ").map((one) => one.outerHTML.slice(0, 100))"
        )
        assert beyond == [], path
    page.close()
