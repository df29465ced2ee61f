"""The pages in Chromium, under the policy with which they are served: nothing loaded, nothing broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from browser import Watch, opened
from pages_fixture import BASE, POLICY, SITE, store_of
from playwright.sync_api import Browser, Page, Route, ViewportSize
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph import Text
from transfergraph.queries import run, run_text
from transfergraph.release.release_facts import read_facts, read_published
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web import answer_tables as answers
from transfergraph.web import site_pages as html
from transfergraph.web.about_page import read_names, render_about
from transfergraph.web.addresses import FAVICON, SCHEME_SCRIPT
from transfergraph.web.answer_tables import AskedQuestion
from transfergraph.web.appearance import scheme_script, stylesheet
from transfergraph.web.download_page import render_download
from transfergraph.web.entity_details import read_details
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_lists import Overview, read_listing
from transfergraph.web.entity_map import read_atlas
from transfergraph.web.entity_page import render_entity
from transfergraph.web.ontology_page import read_ontology, render_ontology, vocabulary
from transfergraph.web.own_page import OwnText, render_own_page
from transfergraph.web.preview_picture import favicon
from transfergraph.web.start_page import render_start

Scheme = Literal["light", "dark"]

AXE = REPOSITORY / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
WORDS = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


@pytest.fixture(scope="module")
def pages(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """One page of each kind, by its path below the prefix."""
    store = saxony.store
    question = next(one for one in saxony.questions if one.name == "partners-of")
    answer = run(store, question, BASE, {})
    asked = AskedQuestion(
        choices=answers.choices(store, SITE, question), problem=Text(en="Nothing is known of 'x'.")
    )
    counts = saxony.manifest.counts
    overview = Overview(counts, read_listing(store, SITE, "alliances"), saxony.questions)
    result = run_text(store, "SELECT * { ?s ?p ?o } LIMIT 5")
    contents = read_published(read_facts(saxony.path), saxony.path)
    own = OwnText(
        "imprint", Text(de="Impressum"), {"de": f"Die Stelle\n\n## {WORDS}\n\n|a|b|\n|-|-|\n|1|{WORDS}|"}
    )
    made = {
        "about.de.html": render_about(
            SITE, "de", counts, contents.contents, read_names(store, contents.contents)
        ),
        "download.en.html": render_download(SITE, "en", contents.contents, [], {}),
        "pages/imprint.de.html": render_own_page(own, SITE, "de"),
        "index.de.html": render_start(SITE, "de", overview, contents.contents.releases, contents.drawing),
        "organisations/index.de.html": html.render_list(
            read_listing(store, SITE, "organisations"), SITE, "de"
        ),
        "questions/index.en.html": html.render_questions(saxony.questions, SITE, "en"),
        "questions/partners-of.de.html": html.render_question(question, answer, SITE, "de", asked),
        "sparql.en.html": html.render_sparql(SITE, "en", saxony.questions, "SELECT *", result),
        "ontology.de.html": render_ontology(read_ontology(vocabulary(store, BASE)), SITE, "de"),
        "not-found": html.render_not_found(SITE, "en", "/graph/x"),
        "gone": html.render_gone(html.GoneEntity(BASE + "x", Text(de="X", en="X"), "r1"), SITE, "de"),
        "undertaking/x.de.html": _entity(_hostile(tmp_path_factory.mktemp("hostile")), "undertaking/x", "de"),
    }
    for local, language in (
        ("undertaking/recomine", "de"),
        ("organisation/hszg", "de"),
        ("organisation/hszg", "en"),
        ("place/dresden", "en"),
        ("programme/wir", "de"),
        ("region/erzgebirge", "en"),
        ("source/ror", "de"),
    ):
        made[f"{local}.{language}.html"] = _entity(store, local, language)
    return made


def _entity(store: EmbeddedStore, local: str, language: str) -> str:
    document = find_document(store, BASE, BASE + local)
    assert document is not None
    details = read_details(store, document, SITE.presentation)
    return render_entity(document, SITE, language, None, details, atlas=read_atlas(store))


def _hostile(folder: Path) -> EmbeddedStore:
    """Names that are long, run from right to left, or would like to be a script."""
    return store_of(
        folder,
        f"""<undertaking/x> a tg:Project ; skos:prefLabel "<script>alert(1)</script>{WORDS}"@de ;
        skos:altLabel "\u202eمرحبا" ; dct:description "{WORDS * 40}"@de ; foaf:homepage <javascript:alert(1)> .
        <participation/p> tg:participatesIn <undertaking/x> ; tg:participant <organisation/o> ; tg:start "2019" ;
        tg:amount 123456789012345.67 ; dct:source <source/s> ; tg:role role:x .
        <organisation/o> skos:prefLabel "{"Wort " * 60}"@de . role:x skos:prefLabel "{WORDS}"@de .
        <source/s> skos:prefLabel "\\"><img src=x onerror=alert(1)>"@de ; foaf:page <https://e.example/{"a" * 300}> .""",
    )


@contextmanager
def shown(
    browser: Browser,
    pages: Mapping[str, str],
    path: str,
    *,
    size: tuple[int, int] = (1280, 720),
    scheme: Scheme = "light",
    scripts: bool = True,
) -> Iterator[tuple[Page, Watch]]:
    """The page as the site would serve it, and what it does."""
    viewport = ViewportSize(width=size[0], height=size[1])
    context = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)

    def answer(route: Route) -> None:
        local = urlsplit(route.request.url).path.removeprefix("/graph/")
        if local == SITE.stylesheet:
            route.fulfill(
                body=stylesheet(), content_type="text/css", headers={"content-security-policy": POLICY}
            )
        elif local == SCHEME_SCRIPT:
            route.fulfill(body=scheme_script(), content_type="text/javascript")
        elif local == FAVICON:
            route.fulfill(body=favicon(), content_type="image/vnd.microsoft.icon")
        elif local in pages:
            headers = {"content-security-policy": POLICY, "x-content-type-options": "nosniff"}
            route.fulfill(body=pages[local], content_type="text/html; charset=utf-8", headers=headers)
        else:
            route.fulfill(status=404, body=local)

    try:
        context.route("**/*", answer)
        page = context.new_page()
        watch = Watch(page)
        page.goto(SITE.url + path)
        page.wait_for_load_state("load")
        yield page, watch
    finally:
        context.close()


def test_a_page_loads_its_style_sheet_and_scripts_of_its_own_alone(
    browser: Browser, pages: Mapping[str, str]
) -> None:
    with shown(browser, pages, "index.de.html") as (page, watch):
        for path in pages:
            watch.requests.clear()
            page.goto(SITE.url + path)
            page.wait_for_load_state("load")
            computed = path.startswith(("sparql", "questions/partners"))
            allowed = {
                SITE.url + path,
                SITE.url + SITE.stylesheet,
                SITE.url + SCHEME_SCRIPT,
                SITE.url + FAVICON,
            }
            others = set(watch.requests) - allowed
            assert SITE.url + path in watch.requests
            assert all(computed and one.startswith(f"{SITE.url}workbench/") for one in others), path
            # the policy of these tests has no scripts: what they do is tested in test_workbench_browser.py
            assert computed or watch.complaints == [], path
            assert page.evaluate("getComputedStyle(document.body).marginTop") == "0px"
            page.goto("about:blank")
            watch.complaints.clear()


@pytest.mark.parametrize("width", [320, 390, 640, 1440])  # 640: a window of 1280 at 200 %
def test_nothing_sticks_out_at_any_width(browser: Browser, pages: Mapping[str, str], width: int) -> None:
    with shown(browser, pages, "index.de.html", size=(width, 800)) as (page, _):
        for path in pages:
            page.goto(SITE.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_light_and_dark_follow_the_reader(browser: Browser, pages: Mapping[str, str]) -> None:
    colours = {}
    schemes: tuple[Scheme, ...] = ("light", "dark")
    for scheme in schemes:
        with shown(browser, pages, "index.de.html", scheme=scheme) as (page, _):
            colours[scheme] = page.evaluate(
                "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
            )
    assert colours["light"] == ["rgb(255, 255, 255)", "rgb(22, 32, 46)"]
    assert colours["dark"] == ["rgb(18, 24, 31)", "rgb(233, 238, 245)"]


def test_the_keyboard_reaches_the_content_at_once(browser: Browser, pages: Mapping[str, str]) -> None:
    with shown(browser, pages, "undertaking/recomine.de.html") as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Zum Inhalt springen"
        assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Start"


@pytest.mark.parametrize("path", ["index.de.html", "about.de.html", "download.en.html"])
def test_the_keyboard_goes_through_a_page_to_its_end(
    browser: Browser, pages: Mapping[str, str], path: str
) -> None:
    with shown(browser, pages, path) as (page, _):
        links = page.evaluate("document.querySelectorAll('a[href], summary, input, button').length")
        reached = []
        for _ in range(links + 20):
            page.keyboard.press("Tab")
            focus = page.evaluate(
                "(one => [one.tagName, one.getAttribute('href'), getComputedStyle(one).outlineStyle, "
                "!!one.closest('footer')])(document.activeElement)"
            )
            if focus[0] == "BODY":
                break
            reached.append(focus)
            assert focus[2] != "none", focus
        assert focus[0] == "BODY" and reached[-1][3] and len(reached) > 20


def test_a_form_asks_without_any_script(browser: Browser, pages: Mapping[str, str]) -> None:
    with shown(browser, pages, "questions/partners-of.de.html", scripts=False) as (page, watch):
        page.get_by_label("Die Organisation, deren Partner gesucht sind").select_option("hs-mittweida")
        page.get_by_role("button", name="Frage stellen").click()
        page.wait_for_load_state("load")
        assert f"{SITE.url}questions/partners-of.de.html?organisation=hs-mittweida" in watch.requests


def test_the_language_switch_leads_to_the_same_thing(browser: Browser, pages: Mapping[str, str]) -> None:
    with shown(browser, pages, "organisation/hszg.de.html") as (page, _):
        page.get_by_role("link", name="English").click()
        assert page.url == SITE.url + "organisation/hszg.en.html"
        assert page.get_by_role("heading", level=1).inner_text().startswith("Zittau/Görlitz University")


def test_a_table_on_a_phone_names_its_cells(browser: Browser, pages: Mapping[str, str]) -> None:
    with shown(browser, pages, "undertaking/recomine.de.html", size=(390, 844)) as (page, _):
        table = page.get_by_role("table", name="Beteiligte")
        assert table.get_by_role("row").count() == 8
        cell = table.get_by_role("cell", name="Koordination").first
        assert "Rolle" in page.evaluate(
            "cell => getComputedStyle(cell, '::before').content", cell.element_handle()
        )


def test_print_shows_the_content_only(browser: Browser, pages: Mapping[str, str]) -> None:
    with shown(browser, pages, "undertaking/recomine.de.html") as (page, _):
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="Hauptnavigation").is_visible()
        assert page.get_by_role("heading", level=1).is_visible()


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_axe_finds_nothing(browser: Browser, pages: Mapping[str, str], look: str) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed: run tests/peers/install.sh")
    source = AXE.read_text(encoding="utf-8")
    looks: dict[str, tuple[tuple[int, int], Scheme]] = {
        "light": ((1280, 720), "light"),
        "dark": ((1280, 720), "dark"),
        "phone": ((390, 844), "light"),
    }
    size, scheme = looks[look]
    with shown(browser, pages, "index.de.html", size=size, scheme=scheme) as (page, _):
        for path in pages:
            if path.startswith("ontology") and look != "light":
                continue  # large, and made of the same parts as the others
            page.goto(SITE.url + path)
            page.evaluate(source)
            result = page.evaluate("axe.run(document, {preload: false, resultTypes: ['violations']})")
            found = [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in result["violations"]]
            assert result["testEngine"]["name"] == "axe-core"
            assert found == [], path


NUMBERS = """() => [...document.querySelectorAll('table')].flatMap(table => {
  const heads = [...table.tHead.rows[0].cells], rows = [...table.tBodies].flatMap(body => [...body.rows]);
  return heads.map((head, at) => {
    const cells = rows.filter(row => row.cells.length === heads.length).map(row => row.cells[at]);
    const full = cells.filter(cell => cell.textContent.trim());
    const words = full.map(cell => cell.textContent.trim().replace(/\\s+/g, ' '));
    const numbers = words.filter(text => /^([0-9.,]+( (%|B|kB|MB))?|(\\p{L}+ )?[0-9.,]+ EUR)$/u.test(text));
    const years = words.every(text => /^[0-9]{4}$/.test(text));
    const style = one => [getComputedStyle(one).textAlign, getComputedStyle(one).whiteSpace];
    return {name: head.textContent.trim(), isNumber: numbers.length > words.length / 2 && !years,
      head: style(head)[0], cells: full.map(style)};
  }).filter(one => one.isNumber && one.cells.length);
})"""


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("about.de.html", {"Angegeben bei", "Begonnen", "Bekannt", "Angegeben"}),
        ("download.de.html", {"Größe"}),
        ("dataset/tables.de.html", {"Größe"}),
        ("undertaking/saxony5.de.html", {"Betrag"}),
        ("organisation/hszg.de.html", {"Betrag"}),
        ("region/sachsen.de.html", {"Partner", "Betrag"}),
        ("topic/mining-waste.de.html", {"Partner", "Betrag"}),
        ("programme/wir.de.html", {"Partner", "Betrag"}),
        ("place/zittau.de.html", {"Partner"}),
        ("questions/coverage-of-partners.de.html", {"Zahl", "Prozent"}),
        ("questions/records-by-source.de.html", {"Einträge"}),
    ],
)
def test_columns_of_numbers_stand_to_the_right_with_their_units(
    browser: Browser, saxon_site: Path, path: str, columns: set[str]
) -> None:
    with opened(browser, saxon_site / path, scripts=False) as (page, _):
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
        found = page.evaluate(NUMBERS)
    assert columns <= {one["name"] for one in found}
    for one in found:
        assert one["head"] == "end", one["name"]
        assert {tuple(cell) for cell in one["cells"]} == {("end", "nowrap")}, one["name"]
