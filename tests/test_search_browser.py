"""The search in Chromium: as one types, by keyboard, without scripts, from a server, a static server and files."""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Watch, until
from pages_fixture import SITE
from plain_server import serving
from playwright.sync_api import Browser, Page, ViewportSize
from server_fixture import Served
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.search import browser_list
from transfergraph.search.name_list import read_names
from transfergraph.vocabulary.presentation_reader import released_presentation

TESTS = REPOSITORY / "tests"
AXE = REPOSITORY / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
POPUP = ".popup:not([hidden])"


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
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = (1280, 800),
    dark: bool = False,
    scripts: bool = True,
) -> Iterator[tuple[Page, Watch]]:
    """A page, and what it does."""
    context = browser.new_context(
        viewport=ViewportSize(width=size[0], height=size[1]),
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
    )
    try:
        page = context.new_page()
        watch = Watch(page)
        failed: list[str] = []
        page.on("response", lambda answer: failed.append(answer.url) if answer.status == 404 else None)
        page.goto(url)
        yield page, watch
        assert failed == []  # without the icon that browsers ask any site for
    finally:
        context.close()


@pytest.fixture(params=["server", "static", "file"])
def start(request: pytest.FixtureRequest, server: Served, static: str, site: Path) -> str:
    """The address below which the pages lie, on each carrier."""
    return {"server": server.url, "static": static, "file": f"{site.as_uri()}/"}[request.param]


def quiet(watch: Watch) -> bool:
    """Whether nothing went wrong, but for the icon that browsers ask any site for."""
    return [one for one in watch.complaints if "404" not in one] == []


def names(page: Page) -> list[str]:
    return [one.strip() for one in page.locator("[role=option] bdi:first-child").all_inner_texts()]


def typed(page: Page, text: str) -> None:
    page.locator("#search-text").press_sequentially(text)
    page.wait_for_selector(POPUP)
    until(page, "text => document.querySelector('.suggestions')?.dataset.for === text", text)


# The rule and the ranking


def test_the_script_folds_and_counts_errors_by_the_shared_rule(browser: Browser, site: Path) -> None:
    rules = json.loads((TESTS / "search_rules.json").read_bytes())
    with opened(browser, (site / "index.de.html").as_uri()) as (page, watch):
        for text, expected in rules["forms"]:
            assert page.evaluate("text => transfergraphSearch.forms(text)", text) == expected, text
            assert page.evaluate("text => transfergraphSearch.fold(text)", text) == expected[0], text
        for word, other, most, counts in rules["errors"]:
            given = [word, other, most]
            assert page.evaluate("given => transfergraphSearch.errorsIn(...given)", given) == counts, given
        assert quiet(watch)


def test_the_page_finds_what_python_finds_in_the_same_order(
    browser: Browser, site: Path, saxony: tg.Release
) -> None:
    """The same ten first hits, for the same reasons, of 200 texts in two languages."""
    with (TESTS / "search_queries.csv").open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in csv.DictReader(stream)]
    differing = []
    with opened(browser, (site / "index.de.html").as_uri()) as (page, _):
        for number, text in enumerate(texts):
            language = ("de", "en")[number % 2]
            asked = "([text, language]) => transfergraphSearch.find(text, 10, language)"
            there = page.evaluate(asked, [text, language])
            here = saxony.search(text, language=language)
            told = [
                (hit.name, hit.as_name, [one.label.in_language(language) for one in hit.found])
                for hit in here.hits
            ]
            same = [(hit["name"], hit["as_name"], hit["found"]) for hit in there["hits"]] == told
            if not same or (there["more"], there["similar"], tuple(there["missing"])) != (
                here.more,
                here.similar,
                here.missing,
            ):
                differing.append(text)
    assert len(differing) <= 0.02 * len(texts), differing


def test_a_list_in_parts_finds_the_same_and_loads_those_that_it_needs(
    browser: Browser, site: Path, saxony: tg.Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parts of 40 names, as a release of 100,000 entities has parts of 5,000."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy, copy_function=os.link)
    shutil.rmtree(copy / "search")
    (copy / "search").mkdir()
    graph = tmp_path / "graph.nt"
    graph.write_bytes(gzip.decompress((saxony.path / "data" / "graph.nt.gz").read_bytes()))
    monkeypatch.setattr(browser_list, "IN_PART", 40)
    monkeypatch.setattr(browser_list, "WEIGHT_OF_PART", 1500)
    listed = read_names(graph, SITE.local, released_presentation(saxony.path))
    browser_list.write_list(listed, copy / "search")
    names, texts = (len(list((copy / "search").glob(f"{kind}-*.js"))) for kind in ("names", "texts"))
    assert names == -(-len(listed.entities) // 40) > 5 and texts > 10

    with (TESTS / "search_queries.csv").open(encoding="utf-8", newline="") as stream:
        asked = [row["text"] for row in csv.DictReader(stream)][::7]
    find = "text => transfergraphSearch.find(text, 10, 'de')"
    with (
        opened(browser, (copy / "index.de.html").as_uri()) as (page, watch),
        opened(browser, (site / "index.de.html").as_uri()) as (whole, _),
    ):
        first, *others = asked
        assert page.evaluate(find, first) == whole.evaluate(find, first)
        loaded = [one for one in watch.requests if "/search/" in one]
        assert sum("names-" in one for one in loaded) == names
        assert 0 < sum("texts-" in one for one in loaded) < texts / 2
        for text in others:
            assert page.evaluate(find, text) == whole.evaluate(find, text), text
        assert quiet(watch)


# Suggestions


def test_suggestions_come_as_one_types_on_each_carrier(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}index.de.html") as (page, watch):
        typed(page, "Gorlitz")
        assert names(page)[0] == "Görlitz" and len(names(page)) == 10
        kinds = page.locator(".popup .kind").all_inner_texts()
        assert kinds[0] == "Orte" and len(set(kinds)) == len(kinds) > 2
        page.locator("[role=option]").first.click()
        page.wait_for_url("**/place/goerlitz.de.html")
        assert page.get_by_role("heading", level=1).inner_text() == "Görlitz"
        assert quiet(watch)
        assert all(one.startswith((start, "file:")) for one in watch.requests)


def test_a_server_is_asked_and_a_list_is_loaded_only_where_there_is_none(
    browser: Browser, server: Served, static: str
) -> None:
    for url, loads in ((server.url, False), (static, True)):
        with opened(browser, f"{url}organisation/htw-dresden.en.html") as (page, watch):
            assert not any("search/" in one for one in watch.requests)
            typed(page, "HTWD")
            assert (
                page.locator("[role=option]").first.inner_text().split("\n")[0].endswith("other name: HTWD")
            )
            assert any("search/names-1.js" in one for one in watch.requests) is loads
            assert quiet(watch)


def test_the_keyboard_alone_finds_and_goes(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}undertaking/recomine.de.html") as (page, _):
        box = page.get_by_role("combobox")
        box.focus()
        assert box.get_attribute("aria-expanded") == "false"
        typed(page, "hochschul")
        assert box.get_attribute("aria-expanded") == "true"
        assert box.get_attribute("aria-activedescendant") is None
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        active = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        assert active.get_attribute("aria-selected") == "true" and active.is_visible()
        assert page.locator("[aria-selected=true]").count() == 1
        page.keyboard.press("ArrowUp")
        page.keyboard.press("ArrowUp")
        assert box.get_attribute("aria-activedescendant") is None  # back in the text
        page.keyboard.press("ArrowUp")
        assert page.locator("[aria-selected=true]").inner_text() == "Alle Ergebnisse zeigen"
        page.keyboard.press("Escape")
        assert box.get_attribute("aria-expanded") == "false" and box.input_value() == "hochschul"
        page.keyboard.press("ArrowDown")
        assert box.get_attribute("aria-expanded") == "true"
        page.keyboard.press("ArrowDown")
        name = page.locator("[aria-selected=true] bdi").first.inner_text()
        page.keyboard.press("Enter")
        page.wait_for_url("**/organisation/*.de.html")
        assert page.get_by_role("heading", level=1).inner_text() == name


def test_a_screen_reader_is_told_how_many_and_when_there_are_none(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}index.en.html") as (page, _):
        status = page.locator("form.search [role=status]")
        typed(page, "HTWD")
        assert status.inner_text() == "Results: 1"
        tree = page.locator("form.search").aria_snapshot()
        assert 'combobox "Search for names, topics and places"' in tree and 'listbox "Suggestions"' in tree
        assert 'group "Organisations"' in tree and "option" in tree
        page.locator("#search-text").fill("")
        typed(page, "zzzzqqq")
        assert status.inner_text().startswith("Nothing found")
        page.locator("#search-text").fill("")
        typed(page, "Gölritz")
        assert status.inner_text().startswith("Nothing is written like this")
        page.keyboard.press("Tab")
        assert page.locator(POPUP).count() == 0


def test_suggestions_and_results_say_which_word_is_missing(browser: Browser, start: str) -> None:
    for language, text, words in (
        ("de", "Hochschule zzzzqqq", "Nirgends gefunden: „zzzzqqq“. Weniger oder andere Wörter"),
        ("en", "Hochschule Zittaux", "Nothing has “Zittaux”. These are similar:"),
        ("en", "hszg recomine saxony5", "Each of these words is found, but nothing has all of them."),
        ("de", "zzzzqqq", "Nichts gefunden."),
    ):
        with opened(browser, f"{start}index.{language}.html") as (page, watch):
            typed(page, text)
            assert page.locator(".popup .note").inner_text().startswith(words)
            assert page.locator("form.search [role=status]").inner_text().startswith(words)
            page.keyboard.press("Enter")
            page.wait_for_url("**/search.*")
            until(
                page, "words => document.querySelector('#results').innerText.trim().startsWith(words)", words
            )
            assert quiet(watch)


def test_enter_shows_all_results_on_a_page_of_their_own(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}index.de.html") as (page, watch):
        page.locator("#search-text").fill("Görlitz")
        page.keyboard.press("Enter")
        page.wait_for_selector("#results h2")
        assert "search.de.html?q=G%C3%B6rlitz" in page.url
        assert page.locator("#search-text").input_value() == "Görlitz"
        headings = page.locator("#results h2").all_inner_texts()
        assert headings[0] == "Orte" and len(headings) > 3
        assert page.locator("#results li").count() > 10
        page.locator("#results a").first.click()
        page.wait_for_url("**/place/goerlitz.de.html")
        assert quiet(watch)


def test_both_carriers_show_the_same_results_page(browser: Browser, server: Served, site: Path) -> None:
    shown = []
    for url in (server.url, f"{site.as_uri()}/"):
        with opened(browser, f"{url}search.en.html?q=saxony5") as (page, _):
            page.wait_for_selector("#results h2")
            shown.append([one.strip() for one in page.locator("#results :is(h2, li)").all_inner_texts()])
    assert shown[0] == shown[1] and len(shown[0]) > 5


def test_without_scripts_a_server_answers_and_a_site_says_why_it_cannot(
    browser: Browser, server: Served, static: str
) -> None:
    with opened(browser, f"{server.url}index.de.html", scripts=False) as (page, _):
        page.get_by_label("Namen, Themen und Orte suchen").fill("HTWD")
        page.get_by_role("button", name="Suchen").click()
        page.wait_for_selector("#results h2")
        assert (
            page.locator("#results li")
            .inner_text()
            .startswith("Hochschule für Technik und Wirtschaft Dresden")
        )
    with opened(browser, f"{static}search.de.html?q=HTWD", scripts=False) as (page, _):
        assert "muss ein Server die Suche beantworten" in page.locator("main").inner_text()


@pytest.mark.parametrize("text", ["<img src=x onerror=alert(1)>", "x" * 600, "\u202eمرحبا", "[*"])
def test_hostile_texts_do_nothing(browser: Browser, start: str, text: str) -> None:
    with opened(browser, f"{start}search.de.html") as (page, watch):
        page.evaluate("text => { location.search = '?' + new URLSearchParams({q: text}) }", text)
        page.wait_for_selector("#results:not(:empty)")
        until(page, "!/^(|.*geladen.*)$/.test(document.querySelector('#results').innerText.trim())")
        assert page.locator("img").count() == 0
        assert [one for one in watch.complaints if "400" not in one] == []


def test_a_site_that_was_copied_elsewhere_works_as_files(
    browser: Browser, site: Path, tmp_path: Path
) -> None:
    """Links, style and search are seen from each page, wherever the folder lies."""
    moved = tmp_path / "a stick" / "site"
    shutil.copytree(site, moved)
    with opened(browser, (moved / "organisation" / "hszg.de.html").as_uri()) as (page, watch):
        assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
        page.get_by_role("link", name="English").click()
        assert page.url.endswith("a%20stick/site/organisation/hszg.en.html")
        page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Questions").click()
        assert page.url.endswith("a%20stick/site/questions/index.en.html")
        typed(page, "recomine")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/undertaking/recomine.en.html")
        assert quiet(watch)


@pytest.mark.parametrize(
    ("width", "dark"), [(320, False), (360, True), (800, False), (1024, False), (1440, True)]
)
def test_suggestions_fit_any_width_and_axe_finds_nothing(
    browser: Browser, server: Served, width: int, dark: bool
) -> None:
    with opened(browser, f"{server.url}index.de.html", size=(width, 740), dark=dark) as (page, _):
        typed(page, "hochschule")
        page.keyboard.press("ArrowDown")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = page.locator(POPUP).bounding_box()
        assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width and box["height"] > 100
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: run tests/peers/install.sh")
        source = AXE.read_text(encoding="utf-8")
        pages = [page.url, f"{server.url}search.de.html", f"{server.url}search.de.html?q=dresden"]
        for number, url in enumerate(pages):
            if number:
                page.goto(url)
            page.evaluate(f"() => {{ {source}; window.axe = axe; }}")
            result = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
            found = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in result["violations"]]
            assert found == [], url
