"""The pages about a release as a whole, and the navigation: what is in it, how it is taken, what is new."""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest
from browser import Watch, chromium
from pages_fixture import SITE, Read
from workspaces import REPOSITORY, edited, make_workspace

import transfergraph as tg
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.web.about_page import render_about
from transfergraph.web.navigation import main_entries
from transfergraph.web.network_drawing import read_drawing
from transfergraph.web.page_template import PageTemplate
from transfergraph.web.release_contents import MeasuredCount, ReleaseContents

URL = "https://data.agency.example/graph/"
LISTS = ["organisations", "projects", "topics", "regions"]
PAGES = ["map", "network", "questions", "data", "about"]


@pytest.fixture(scope="module")
def small_site(second_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the second release of the small workspace."""
    return tg.site(second_release[1], tmp_path_factory.mktemp("overview") / "site", URL).folder


def read(site: Path, name: str) -> Read:
    return Read((site / name).read_text("utf-8"))


def test_the_navigation_names_what_people_look_for(small_site: Path) -> None:
    assert [one.key for one in main_entries(SITE.presentation)] == [*LISTS, *PAGES]
    for language, words in (
        ("de", "Organisationen Projekte Themen Regionen Karte Netzwerk Fragen Daten Über die Daten"),
        ("en", "Organisations Projects Topics Regions Map Network Questions Data About"),
    ):
        for page in ("index", "organisation/htw-dresden", "questions/index", "ontology", "search", "about"):
            assert words in read(small_site, f"{page}.{language}.html").words, page


def test_the_navigation_is_that_of_the_workspace() -> None:
    shown = SITE.presentation
    assert [one.key for one in main_entries(shown, {"topics"})] == [*LISTS[:2], "regions", *PAGES]
    assert [one.key for one in main_entries(shown, {"places"})] == [*LISTS, *PAGES[1:]]
    by_role = dataclasses.replace(shown, navigated={})
    assert by_role.navigation == ("organisations", "alliances", "places")
    own = dataclasses.replace(shown, navigated={shown.tables["events"].kind: 1})
    assert own.navigation == ("events",)
    assert Presentation().navigation == ()


def test_a_site_without_pages_leads_to_none(second_release: tuple[Path, Path], tmp_path: Path) -> None:
    still = dataclasses.replace(SITE, documents=False)
    keys = [key for key, _ in PageTemplate(still, "de", "Titel", "").navigation]
    assert keys == PAGES
    site = tg.site(second_release[1], tmp_path / "site", URL, pages=False).folder
    network = (site / "network.html").read_text("utf-8")
    assert "data-unlisted" in network and "organisations/index" not in network
    links = [one for one in Read(network).links if one.endswith(".html") and "//" not in one]
    assert links and all((site / one).is_file() for one in links)


def test_what_is_in_it_counts_and_tells_none_from_not_collected(small_site: Path) -> None:
    page = read(small_site, "about.de.html")
    for words in (
        "3 Organisationen",
        "Herausgeberin",
        "12. März 2025",
        "recomine Partner 2 40 teilweise",
        "Es gibt Einträge; wie viele es sein müssten, sagt keine Quelle.",
        "Name (Deutsch) 100 %",
        "– Labore nicht erhoben",
    ):
        assert words in page.words, words
    assert "/graph/organisations/index.de.html" in page.links
    assert "Could be richer" in read(small_site, "about.en.html").words


def curated(table: str) -> Sequence[Mapping[str, str]]:
    """The rows of a table kept by hand."""
    with (REPOSITORY / "data" / "saxony" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_shares_of_topics_are_those_of_their_table_and_not_of_all_concepts(saxon_site: Path) -> None:
    """Topics have no definitions; those of the lists of the core are theirs."""
    topics = curated("topics")

    def share(column: str) -> str:
        return f"{sum(bool(row[column]) for row in topics) * 100 // len(topics)} %"

    page = read(saxon_site, "about.de.html").words
    told = page.partition(f"{len(topics)} Themen Alle: Themen ")[2].partition(" Ereignisse ")[0]
    for name, column in (
        ("Andere Namen", "alternative_names"),
        ("Andere Namen (Deutsch)", "alternative_names_de"),
        ("Oberbegriff", "broader"),
        ("Innovationsfeld", "field"),
        ("Quellen", "source"),
    ):
        assert f" {name} {share(column)}" in told, name
    assert "Bestimmung" not in told and "definition_de" not in topics[0]
    own = len(curated("terms"))
    assert f"{own} Eigene Begriffe Begonnen" in page  # no shares of the terms of the core


@pytest.mark.parametrize(
    ("language", "languages", "period", "retrieved"),
    [
        (
            "de",
            "Sprachen Deutsch, Englisch",
            "Zeitraum 1. Januar 2018 bis 31. Dezember 2025",
            "12. März 2025",
        ),
        ("en", "Languages German, English", "Period 1 January 2018 to 31 December 2025", "12 March 2025"),
    ],
)
def test_languages_period_and_sources_with_date_and_licence_are_named(
    saxon_site: Path, language: str, languages: str, period: str, retrieved: str
) -> None:
    file = saxon_site / f"about.{language}.html"
    facts = Read(file.read_text("utf-8").partition('id="facts"')[2].partition("</section>")[0])
    assert languages in facts.words and period in facts.words and "CC BY 4.0" in facts.words
    sources = Read(file.read_text("utf-8").partition('<h2 id="sources"')[2].partition("</section>")[0])
    source = tomllib.loads((REPOSITORY / "data" / "saxony" / "source.toml").read_text("utf-8"))
    title = source[f"title_{language}"]
    assert source["retrieved"] == date(2025, 3, 12)
    row = rf"{re.escape(title)} .*{re.escape(source['publisher'])} {retrieved} +CC BY 4\.0"
    assert re.search(row, sources.words), sources.words
    assert {source["licence"], source["url"]} <= set(sources.links)


def test_a_kind_that_was_looked_for_and_not_found_is_none() -> None:
    counts = [MeasuredCount("source", "s", "labs", SITE.title, 0, None, "no-result")]
    contents = ReleaseContents(counts=tuple(counts))
    words = Read(render_about(SITE, "en", {}, contents, {})).words
    assert "– Labs no result" in words and "– Alliances not collected" in words


def test_the_model_is_drawn_from_what_is_there(small_site: Path) -> None:
    page = (small_site / "about.en.html").read_text("utf-8")
    model = page.partition('<svg class="model"')[2].partition("</svg>")[0]
    assert "3 organisations" in model and "1 alliance" in model and ">participant<" in model
    assert "event" not in model  # there are none
    assert "leads to: Sources." in Read(page).words


def test_the_data_is_taken_with_size_and_checksum(small_site: Path) -> None:
    page = read(small_site, "download.en.html")
    dumps = [link for link in page.links if "/data/graph." in link]
    assert len(dumps) == 5
    for link in (*dumps, "/graph/data/tables/source/organisations.csv"):
        content = (small_site / link.removeprefix("/graph/")).read_bytes()
        assert hashlib.sha256(content).hexdigest() in page.words, link
    assert f"{URL}catalog.ttl" in page.words and "/graph/catalog.ttl" in page.links
    assert "CC BY 4.0" in page.words and "Cite as" in page.words
    missing = [
        link
        for link in page.links
        if link.startswith("/graph/")
        and not (small_site / link.removeprefix("/graph/").partition("#")[0]).is_file()
    ]
    assert missing == []


def test_changes_are_listed_by_release_with_their_dates(small_site: Path) -> None:
    page = read(small_site, "download.de.html")
    rows = re.findall(r"(2026\.11-[0-9a-f]{12}) 24\. November 2026 (\S+ \S+)", page.words)
    assert [words for _, words in rows] == [rows[0][1], "Das erste"] and len(rows) == 2
    assert any(link.endswith(".trig") for link in page.links)
    start = read(small_site, "index.de.html")
    assert "Neu am 24. November 2026" in start.words and "Das erste Release" not in start.words


def test_the_network_is_drawn_on_the_start_page(small_site: Path, second_release: tuple[Path, Path]) -> None:
    page = (small_site / "index.de.html").read_text("utf-8")
    drawing = page.partition('<a class="network-drawing"')[2].partition("</a>")[0]
    assert 'href="./network.html#lang=de&amp;site=1"' in drawing and ">recomine</text>" in drawing
    release = second_release[1] / "current"
    first = read_drawing(release)
    assert first is not None and first == read_drawing(release)
    assert first.lines.count("M") == 5 and first.centres.count("M") == 1 and first.partners.count("M") == 2
    assert read_drawing(second_release[0]) is None


def test_the_network_leads_to_pages_and_keeps_its_head(
    small_site: Path, second_release: tuple[Path, Path]
) -> None:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        watch = Watch(page)
        page.goto((small_site / "index.en.html").as_uri())
        page.get_by_role("navigation", name="Main navigation").get_by_role("link", name="Map").click()
        page.wait_for_selector("[data-ready]")
        assert page.locator(".site").is_visible() and page.get_by_label("Map").is_checked()
        page.get_by_role("combobox", name="Partner, undertaking, topic or place").fill("HTW")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        details = page.locator("#details")
        targets = details.locator("a[href^='./']").evaluate_all("links => links.map((one) => one.href)")
        places = [Path(one.removeprefix("file://")) for one in targets]
        assert small_site / "organisation" / "htw-dresden.en.html" in places
        assert small_site / "place" / "dresden.en.html" in places
        assert all(place.is_file() for place in places)
        details.get_by_role("link", name="Page about HTW Dresden").click()
        assert page.get_by_role("heading", level=1).inner_text() == "HTW Dresden"
        page.goto((second_release[1] / "current" / "network.html").resolve().as_uri())
        page.wait_for_selector("[data-ready]")
        assert not page.locator(".site").is_visible()
        assert watch.complaints == []


def test_an_empty_list_is_not_in_the_navigation(tmp_path: Path) -> None:
    root = make_workspace(
        tmp_path / "ws",
        topics=None,
        alliances=edited("alliances", ",grubenwasser,page", ",,page"),
        projects=edited("projects", ",grubenwasser,", ",,"),
    )
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.release is not None, [str(one) for one in outcome.report.findings]
    site = tg.site(outcome.release, tmp_path / "site", URL).folder
    assert "/graph/topics/index.de.html" not in read(site, "questions/index.de.html").links
    assert "topics/index" not in (site / "network.html").read_text("utf-8")
