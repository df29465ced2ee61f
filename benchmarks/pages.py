"""Pages as a browser gets them: ``python -m benchmarks.pages ADDRESS``, that of a served site or a folder.

For each kind of page: kB of HTML, style sheets and scripts, each packed as a server packs it (gzip, level
6), without the graph and the store that the page for queries loads at its first run; milliseconds until the
largest element is drawn (Largest Contentful Paint), the median of several visits with an empty cache; and
how much has moved by then (Cumulative Layout Shift). Times are those of this machine, which should do
nothing else.
"""

from __future__ import annotations

import argparse
import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Browser, Response, sync_playwright

KINDS: Mapping[str, str] = {
    "start page": "index.de.html",
    "list": "projects/index.de.html",
    "alliance": "undertaking/recomine.de.html",
    "organisation": "organisation/htw-dresden.de.html",
    "topic": "topic/smart-composites.de.html",
    "region": "region/erzgebirge.de.html",
    "programme": "programme/wir.de.html",
    "place": "place/zittau.de.html",
    "history": "history/undertaking/recomine.de.html",
    "search": "search.de.html?q=energie",
    "questions": "questions/index.de.html",
    "question": "questions/partners-of.de.html",
    "workbench": "sparql.de.html",
    "about": "about.de.html",
    "data": "download.de.html",
    "network": "network.html#lang=de&site=1",
}
"""A page of each kind, of the curated graph."""

_WATCH = """
self.seen = {paint: 0, shift: 0};
const watch = (type, take) =>
  new PerformanceObserver(list => list.getEntries().forEach(take)).observe({type, buffered: true});
watch("largest-contentful-paint", one => { self.seen.paint = one.startTime; });
watch("layout-shift", one => { self.seen.shift += one.value; });
"""
_COUNTED = re.compile(r"text/(html|css|javascript)|application/(java|ecma)script")
_SETTLED = 700  # milliseconds after the load until nothing moves any more


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What was seen of a page: bytes of each file, packed, by name; milliseconds; and the sum of shifts."""

    files: Mapping[str, int]
    paint: float
    shift: float

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(self.files.values())


def main() -> None:
    """Show the figures of each kind."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("address", help="the start page: https://…/ or file:///…/")
    parser.add_argument("--visits", type=int, default=5, help="of each page (5)")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the program")
    arguments = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=arguments.chromium, args=["--no-sandbox"])
        print("| page | kB packed | largest paint, ms | layout shift |\n|---|---|---|---|")
        for kind, figures in measured(browser, arguments.address, arguments.visits):
            print(
                f"| {kind} | {figures.size / 1000:.1f} | {figures.paint:.0f} | {figures.shift:.4f} |",
                flush=True,
            )
        browser.close()


def measured(browser: Browser, start: str, visits: int) -> Iterator[tuple[str, PageFigures]]:
    """The median of several visits to each kind of page."""
    for kind, local in KINDS.items():
        seen = [visit(browser, urljoin(start, local)) for _ in range(visits)]
        yield (
            kind,
            PageFigures(seen[0].files, median(one.paint for one in seen), max(one.shift for one in seen)),
        )


def visit(browser: Browser, address: str) -> PageFigures:
    """One visit with an empty cache."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.add_init_script(_WATCH)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  (Playwright marks the function)
    page.goto(address, wait_until="load")
    page.wait_for_timeout(_SETTLED)
    seen = page.evaluate("self.seen")
    files = {
        urlsplit(one.url).path.rpartition("/")[2]: len(gzip.compress(one.body(), 6))
        for one in answers
        if one.ok and _COUNTED.match(one.headers.get("content-type", ""))
    }
    context.close()
    return PageFigures(files, seen["paint"], seen["shift"])


if __name__ == "__main__":
    main()
