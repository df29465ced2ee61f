"""A source can be switched off on the page of an entity: by an address, without a script, with its counts."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from pages_fixture import BASE, SITE, store_of
from playwright.sync_api import Browser, expect

from transfergraph import Text
from transfergraph.web.appearance import stylesheet
from transfergraph.web.entity_details import read_details
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_page import render_entity
from transfergraph.web.known_things import KnownThings

FACTS = """
<source/own> a tg:Source ; skos:prefLabel "Eigene Tabelle"@de , "Own table"@en .
<source/list> a tg:Source ; skos:prefLabel "Liste"@de , "List"@en .
<organisation/a> a tg:Organisation ; skos:prefLabel "A"@de , "A"@en ; dct:source <source/own> .
<undertaking/x> a tg:Project ; skos:prefLabel "X"@de , "X"@en ; dct:source <source/own> .
<undertaking/y> a tg:Project ; skos:prefLabel "Y"@de , "Y"@en ; dct:source <source/list> .
<undertaking/z> a tg:Project ; skos:prefLabel "Z"@de , "Z"@en ; dct:source <source/list> .
<participation/x> a tg:Participation ; tg:participatesIn <undertaking/x> ; tg:participant <organisation/a> ; dct:source <source/own> .
<participation/y> a tg:Participation ; tg:participatesIn <undertaking/y> ; tg:participant <organisation/a> ; dct:source <source/list> .
<participation/z> a tg:Participation ; tg:participatesIn <undertaking/z> ; tg:participant <organisation/a> ; dct:source <source/list> .
"""
CREDITS = (Text(de="Fakten: eine Seite", en="Facts: a page"), Text(de="Fakten: Liste", en="Facts: a list"))


def page_of(folder: Path, language: str, credits: tuple[Text, ...] = CREDITS, facts: str = FACTS) -> str:
    """The page of the organisation in a release of so many sources."""
    store, known = store_of(folder, facts), KnownThings()
    document = find_document(store, BASE, BASE + "organisation/a", 1, known=known)
    assert document is not None
    site = dataclasses.replace(SITE, credits=credits)
    return render_entity(
        document, site, language, None, read_details(store, document, SITE.presentation, known)
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "de",
            [
                "Nur was eine Quelle angibt",
                "alle Quellen (3 Zeilen)",
                "Eigene Tabelle (1 Zeile)",
                "Liste (2 Zeilen)",
            ],
        ),
        (
            "en",
            ["Only what one source states", "all sources (3 rows)", "Own table (1 row)", "List (2 rows)"],
        ),
    ],
)
def test_a_page_offers_each_source_with_its_rows(tmp_path: Path, language: str, told: list[str]) -> None:
    text = page_of(tmp_path, language)
    choices = re.sub(r"<[^>]+>", "", text[text.index('<nav class="only"') :].partition("</nav>")[0])
    for one in told:
        assert one in " ".join(choices.split()), choices
    assert sorted(re.findall(r'data-by="([^"]+)"', text)) == ["1", "2", "2"]


def test_one_source_is_no_choice(tmp_path: Path) -> None:
    assert '<nav class="only"' not in page_of(tmp_path, "en", CREDITS[:1])
    assert '<nav class="only"' not in page_of(
        tmp_path, "en", facts=FACTS.replace("source/list", "source/own")
    )


def test_the_address_of_a_source_leaves_out_the_rows_of_the_others(browser: Browser, tmp_path: Path) -> None:
    css = stylesheet(SITE.appearance)
    text = page_of(tmp_path, "en").replace("</head>", f"<style>{css}</style></head>", 1)
    (tmp_path / "a.html").write_text(text, encoding="utf-8")
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto((tmp_path / "a.html").as_uri())
        rows, note = page.locator("tr[data-by]"), page.locator(".only .on")
        for address, shown in (("", 3), ("#by-2", 2), ("#by-1", 1), ("#by-source", 3)):
            page.goto((tmp_path / "a.html").as_uri() + address)
            expect(rows.filter(visible=True)).to_have_count(shown)
            assert note.is_visible() == (shown < 3)
        page.get_by_role("link", name="List (2 rows)").click()
        expect(rows.filter(visible=True)).to_have_count(2)
        page.screenshot(path=tmp_path / "chosen.png")
    finally:
        context.close()
