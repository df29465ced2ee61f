"""The head of every page, that of the network too: the search, and the colours that a reader chooses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser import Watch, until
from plain_server import serving
from playwright.sync_api import Browser, Page, ViewportSize, expect
from server_fixture import Served

DARK, LIGHT = "rgb(18, 24, 31)", "rgb(255, 255, 255)"
PAGE, NETWORK = "undertaking/recomine.de.html", "network.html#lang=de&site=1"


@pytest.fixture(scope="module")
def static(saxon_site: Path) -> Iterator[str]:
    with serving(saxon_site) as address:
        yield address


@pytest.fixture(params=["server", "static", "file"])
def start(request: pytest.FixtureRequest, server: Served, static: str, saxon_site: Path) -> str:
    """The address below which the pages lie, on each carrier."""
    return {"server": server.url, "static": static, "file": f"{saxon_site.as_uri()}/"}[request.param]


@contextmanager
def reading(
    browser: Browser,
    address: str,
    *,
    dark: bool = False,
    width: int = 1280,
    scripts: bool = True,
    locale: str = "de-DE",
) -> Iterator[tuple[Page, Watch]]:
    """A page in a window of its own."""
    context = browser.new_context(
        color_scheme="dark" if dark else "light",
        viewport=ViewportSize(width=width, height=800),
        java_script_enabled=scripts,
        locale=locale,
    )
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(address)
        yield page, watch
    finally:
        context.close()


def ground(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def choose_in_network(page: Page) -> None:
    until(page, "() => document.documentElement.classList.contains('with-script')")
    page.locator("#theme").click()


def test_what_a_reader_chose_holds_on_every_page_and_in_the_network(browser: Browser, start: str) -> None:
    with reading(browser, start + PAGE) as (page, watch):
        button = page.get_by_role("button", name="Dunkel")
        expect(button).to_have_attribute("aria-pressed", "false")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        assert ground(page) == DARK
        for other in (NETWORK, "organisations/index.de.html"):
            page.goto(start + other)
            until(page, "wanted => getComputedStyle(document.body).backgroundColor === wanted", DARK)
        page.goto(start + NETWORK)
        expect(page.locator("#theme")).to_have_attribute("aria-pressed", "true")
        choose_in_network(page)
        page.goto(start + PAGE)
        assert ground(page) == LIGHT
        assert [one for one in watch.complaints if "404" not in one] == []


def test_light_can_be_chosen_where_the_system_is_dark(browser: Browser, start: str) -> None:
    with reading(browser, start + NETWORK, dark=True) as (page, _):
        choose_in_network(page)
        page.goto(start + PAGE)
        assert ground(page) == LIGHT
        page.get_by_role("button", name="Dunkel").click()
        assert ground(page) == DARK
        # what the system asks for is not kept: the pages follow it again
        assert page.evaluate("localStorage.length") == 0
        page.emulate_media(color_scheme="light")
        page.goto(start + "index.de.html")
        assert ground(page) == LIGHT


def test_other_tabs_follow(browser: Browser, server: Served) -> None:
    with reading(browser, server.url + PAGE) as (page, _):
        other, network = page.context.new_page(), page.context.new_page()
        other.goto(server.url + "index.de.html")
        network.goto(server.url + NETWORK)
        until(network, "() => document.documentElement.classList.contains('with-script')")
        page.get_by_role("button", name="Dunkel").click()
        for one in (other, network):
            until(one, "wanted => getComputedStyle(document.body).backgroundColor === wanted", DARK)


def test_a_browser_that_keeps_nothing_shows_what_is_chosen_here(browser: Browser, server: Served) -> None:
    with reading(browser, "about:blank") as (page, watch):
        page.add_init_script(
            "Object.defineProperty(window, 'localStorage', {get() { throw new Error('refused'); }})"
        )
        page.goto(server.url + PAGE)
        page.get_by_role("button", name="Dunkel").click()
        assert ground(page) == DARK
        assert [one for one in watch.complaints if "404" not in one] == []


def test_paper_is_white_whatever_was_chosen(browser: Browser, server: Served) -> None:
    with reading(browser, server.url + PAGE, dark=True) as (page, _):
        for times in (1, 2):  # light where the system is dark, then dark again
            page.get_by_role("button", name="Dunkel").click()
            page.emulate_media(media="print", color_scheme="light")
            assert ground(page) == LIGHT, times
            assert not page.locator("button.scheme").is_visible()
            page.emulate_media(media="screen", color_scheme="dark")


def test_without_scripts_there_is_no_button_that_does_nothing(browser: Browser, server: Served) -> None:
    with reading(browser, server.url + PAGE, scripts=False) as (page, _):
        expect(page.get_by_role("button", name="Dunkel")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 768, 1024, 1280, 1440])
@pytest.mark.parametrize("place", [PAGE, NETWORK])
def test_the_head_fits(browser: Browser, server: Served, width: int, place: str) -> None:
    with reading(browser, server.url + place, width=width) as (page, _):
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_network_page_asks_the_search_of_the_site(browser: Browser, start: str, language: str) -> None:
    with reading(browser, f"{start}network.html#lang={language}&site=1") as (page, watch):
        until(page, "() => document.documentElement.classList.contains('with-script')")
        form = page.get_by_role("search").filter(visible=True)
        expect(form).to_have_count(1)
        form.get_by_role("searchbox").fill("HTWD")
        form.get_by_role("searchbox").press("Enter")
        expect(page.locator("main")).to_contain_text("HTWD")
        assert page.url.partition("?")[0] == f"{start}search.{language}.html"
        assert [one for one in watch.complaints if "404" not in one] == []


HEADINGS = {"de": "Netzwerk der Partner und Vorhaben", "en": "Network of partners and undertakings"}


def is_read_in(page: Page, language: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADINGS[language], use_inner_text=True)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator(f"#language-{language}").is_checked()


def test_the_network_page_speaks_the_language_of_its_reader(browser: Browser, start: str) -> None:
    for locale, language, other in (("en-GB", "en", "de"), ("de-AT", "de", "en")):
        with reading(browser, f"{start}network.html#site=1", locale=locale) as (page, watch):
            until(page, "() => document.documentElement.dataset.ready === '1'")
            is_read_in(page, language)
            assert "lang=" not in page.url  # a link to this view is read in the language of who follows it

            page.locator(f'label[for="language-{other}"]').click()
            is_read_in(page, other)
            assert f"lang={other}" in page.url
            page.reload()
            is_read_in(page, other)
            assert [one for one in watch.complaints if "404" not in one] == []


@pytest.mark.parametrize(
    ("locale", "address", "language"),
    [
        ("fr-FR", "", "de"),
        ("en-US", "#ground=map", "en"),
        ("en-US", "#lang=de", "de"),
        ("de-DE", "#lang=en&site=1", "en"),
        ("en-US", "#lang=xx", "en"),
    ],
)
def test_an_address_that_names_a_language_of_the_network_page_wins(
    browser: Browser, server: Served, locale: str, address: str, language: str
) -> None:
    with reading(browser, f"{server.url}network.html{address}", locale=locale) as (page, _):
        is_read_in(page, language)


def test_the_first_language_of_a_reader_that_the_network_page_has_counts(
    browser: Browser, server: Served
) -> None:
    with reading(browser, "about:blank", locale="fr-FR") as (page, _):
        page.add_init_script(
            "Object.defineProperty(navigator, 'languages', { get: () => ['fr-FR', 'fr', 'EN-us', 'de'] })"
        )
        page.goto(f"{server.url}network.html")
        is_read_in(page, "en")


def test_on_a_phone_the_network_page_leads_to_the_search(browser: Browser, server: Served) -> None:
    with reading(browser, server.url + NETWORK, width=390) as (page, _):
        form = page.get_by_role("search").filter(visible=True)
        expect(form.get_by_role("searchbox")).to_have_count(0)
        form.get_by_role("button").click()
        expect(page.locator("main input[name=q]")).to_be_visible()


def test_the_search_of_the_network_page_needs_no_script(browser: Browser, server: Served) -> None:
    with reading(browser, server.url + "network.html", scripts=False) as (page, _):
        form = page.get_by_role("search").filter(visible=True)
        form.get_by_role("searchbox").fill("Görlitz")
        form.get_by_role("button").click()
        expect(page.locator("main")).to_contain_text("Görlitz")


KINDS = (
    *(
        "index.de",
        "organisations/index.en",
        "undertaking/recomine.de",
        "organisation/hszg.en",
        "place/zittau.de",
    ),
    *("topic/smart-composites.en", "region/lausitz.de", "programme/wir.en", "source/ror.de", "search.de"),
    *("history/undertaking/recomine.de", "questions/index.en", "questions/partners-of.de", "sparql.en"),
    *("about.de", "download.en", "ontology.de", "network", "nothing-here.de"),
)
_NAMED = re.compile(
    r"\s*- (?:link|button|textbox|searchbox|combobox|checkbox|radio|img|table|navigation|region|form|listbox)(?! \")"
)


def test_every_kind_of_page_can_be_read_by_the_tree_that_assistive_software_gets(
    browser: Browser, server: Served
) -> None:
    """One main part with one first heading, head and foot, and nothing to choose or to pass by without a name."""
    with reading(browser, "about:blank") as (page, _):
        for kind in KINDS:
            page.goto(f"{server.url}{kind}.html", wait_until="load")
            tree = page.locator("body").aria_snapshot().splitlines()
            assert [one for one in tree if _NAMED.match(one)] == [], kind
            assert sum(one.strip().startswith("- main") for one in tree) == 1, kind
            assert sum("[level=1]" in one for one in tree) == 1, kind
            assert any(one.startswith("- banner") for one in tree), kind
            assert any(one.startswith("- contentinfo") for one in tree), kind


def test_no_page_keeps_a_cookie_or_asks_anybody_else(browser: Browser, server: Served) -> None:
    with reading(browser, "about:blank") as (page, watch):
        sent = list[str]()
        page.on("response", lambda answer: sent.extend(name for name in answer.headers if "cookie" in name))
        for kind in KINDS:
            page.goto(f"{server.url}{kind}.html", wait_until="load")
            assert page.context.cookies() == [], kind
        assert sent == []
        asked = {one for one in watch.requests if not one.startswith(("data:", "blob:", "about:"))}
        assert len(asked) > len(KINDS) and all(one.startswith(server.url) for one in asked)


_SHIFTS = """
self.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => { self.shifted += one.value; })).observe({type: "layout-shift", buffered: true});
"""  # fmt: skip


@pytest.mark.parametrize("width", [390, 1440])
def test_nothing_moves_while_a_page_loads(browser: Browser, server: Served, width: int) -> None:
    """Cumulative Layout Shift, of each kind of page."""
    kinds = ("index", "projects/index", "undertaking/recomine", "topic/smart-composites", "place/zittau")
    with reading(browser, "about:blank", width=width) as (page, _):
        page.add_init_script(_SHIFTS)
        for kind in (*kinds, "questions/index", "questions/partners-of", "about", "download", "search"):
            page.goto(f"{server.url}{kind}.de.html", wait_until="load")
            page.wait_for_timeout(300)
            assert page.evaluate("self.shifted") == 0, kind
        for view in (
            "#lang=de&site=1",
            "#lang=en&theme=dark&tab=filter&ground=map",
            "#node=undertaking/recomine",
        ):
            page.goto("about:blank")
            page.goto(f"{server.url}network.html{view}", wait_until="load")
            until(page, "document.documentElement.dataset.ready === '1'")
            page.wait_for_timeout(300)
            assert page.evaluate("self.shifted") == 0, view
