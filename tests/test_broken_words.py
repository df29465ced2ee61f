"""Tables and lists of facts on every kind of page: no word, and no number with its unit, is broken across lines."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from server_fixture import Served

PAGES = (
    *("undertaking/smarterz", "undertaking/recomine", "undertaking/saxony5", "programme/wir", "place/zittau"),
    *("organisation/htw-dresden", "region/erzgebirge", "organisations/index", "projects/index", "about"),
    *("download", "questions/organisations-in-a-region", "network"),
)
WIDTHS = {"wide": 1440, "laptop": 1280, "narrow": 1024, "phone": 390, "print": 794}
BROKEN = r"""() => {
  const found = [];
  const unseen = "pre, code, svg, select, .unseen, [hidden]";
  const isClipped = (one) => getComputedStyle(one).clipPath !== "none" || (one.parentElement && isClipped(one.parentElement));
  for (const cell of document.querySelectorAll("td, th, dd, dt")) {
    if (!cell.checkVisibility({ visibilityProperty: true }) || isClipped(cell)) continue;
    const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (/^\s*\S+\.\S+\s*$/.test(text.data) && text.parentElement.closest("a")) continue;  // so does an address
      if (!text.parentElement.checkVisibility() || text.parentElement.closest(unseen)) continue;
      for (const word of text.data.matchAll(/\d[\d.,]*[\u00a0 ](?:EUR|%)|EUR[\u00a0 ]\d[\d.,]*|[^\s\u00ad\u200b\/–-]+/g)) {
        if (/^[0-9a-f]{40,}$/.test(word[0])) continue;  // a checksum breaks anywhere
        if (/:\/\/\S*$/.test(text.data.slice(0, word.index))) continue;
        const range = document.createRange();
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].filter((box) => box.width > 0.5).map((box) => Math.round(box.top)));
        if (lines.size > 1) found.push(word[0]);
      }
    }
  }
  return found;
}"""


@pytest.mark.share
@pytest.mark.parametrize(("language", "look"), [*(("de", look) for look in WIDTHS), ("en", "narrow")])
def test_no_word_of_a_table_is_broken(browser: Browser, server: Served, language: str, look: str) -> None:
    broken: dict[str, list[str]] = {}
    context = browser.new_context(viewport={"width": WIDTHS[look], "height": 900})
    try:
        page = context.new_page()
        if look == "print":
            page.emulate_media(media="print")
        for path in PAGES:
            local = f"network.html#lang={language}" if path == "network" else f"{path}.{language}.html"
            if path.startswith("questions/"):
                local += "?region=erzgebirge"
            answer = page.goto(f"http://127.0.0.1:{server.port}/{local}", wait_until="networkidle")
            assert answer is None or answer.status == 200, local
            if page.locator("#list-rows").count():
                wide = page.locator("#list-rows").evaluate("(one) => one.scrollWidth - one.clientWidth")
                assert wide <= 1, local  # no column has to be scrolled to
            if found := page.evaluate(BROKEN):
                broken[local] = found[:5]
    finally:
        context.close()
    assert broken == {}
