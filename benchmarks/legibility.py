"""How legible the first view of a network is: ``python -m benchmarks.legibility [--partners 47 1000 20000]``.

Of the names that Chromium writes into the picture at first (1440 x 900): how many there are, and which share
covers no other name. And of a sample of partners, evenly taken: the share whose name is written after at most
three clicks, on a circle, a circle in it, and the symbol; the addresses that these clicks lead to are opened.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.explorer import FLAGS, analysis_of_invented, chromium
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_json import WHOLE, Explorer
from transfergraph.network.output.explorer_page import network_page

_SAMPLE = 60
_PATIENCE = 6  # looks at what is written after a click
_TOUCH = 1.0  # pixels that boxes of letters may share

_RECORD = """
window.frame = { number: 0, texts: [] };
const count = () => { window.frame.number += 1; requestAnimationFrame(count); };
requestAnimationFrame(count);
window.texts = { frame: -1, boxes: [] };
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  if (document.contains(this.canvas)) {
    if (window.texts.frame !== window.frame.number) window.texts = { frame: window.frame.number, boxes: [] };
    const { a, d, e, f } = this.getTransform();
    const wide = this.measureText(text);
    const ratio = this.canvas.width / this.canvas.clientWidth;
    window.texts.boxes.push({
      text,
      left: (a * (x - wide.actualBoundingBoxLeft) + e) / ratio,
      right: (a * (x + wide.actualBoundingBoxRight) + e) / ratio,
      top: (d * (y - wide.actualBoundingBoxAscent) + f) / ratio,
      bottom: (d * (y + wide.actualBoundingBoxDescent) + f) / ratio,
    });
  }
  return write.apply(this, arguments);
};
"""


@dataclass(frozen=True, slots=True)
class Legibility:
    """Names at first, those of them that cover no other, and of a sample those reached in three clicks."""

    names: int
    apart: int
    reached: int
    sample: int


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.legibility", description=__doc__)
    parser.add_argument("--partners", type=int, nargs="+", default=[47, 1_000, 20_000])
    given = parser.parse_args()
    print("| partners | names at first | of them apart | names reached in three clicks |")
    print("|---|---|---|---|")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        for partners in given.partners:
            found = legibility(browser, analysis_of_invented(partners), Path(folder))
            print(
                f"| {partners:,} | {found.names} | {found.apart / max(1, found.names):.0%} "
                f"| {found.reached} of {found.sample} |",
                flush=True,
            )


def legibility(
    browser: Browser, analysis: Analysis, folder: Path, size: int = _SAMPLE, whole: int = WHOLE
) -> Legibility:
    """Measure the page of this network, which is written into the folder, with a sample of that size.

    A network of more than ``whole`` nodes is drawn as circles.
    """
    file = folder / "page.html"
    file.write_text(network_page(analysis, whole), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
    page = context.new_page()
    page.set_default_timeout(300_000)
    page.add_init_script(_RECORD)
    page.goto(file.as_uri())
    page.locator("[data-ready]").first.wait_for(state="attached")
    page.wait_for_timeout(2_000)
    boxes = page.evaluate("window.texts.boxes")
    covering = {id(one) for pair in combinations(boxes, 2) if _overlap(*pair) for one in pair}
    sample = list(_sample(analysis, size, whole))
    reached = sum(_is_reached(page, address, name) for address, name in sample)
    context.close()
    return Legibility(len(boxes), len(boxes) - len(covering), reached, len(sample))


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    across = min(one["right"], other["right"]) - max(one["left"], other["left"])
    down = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
    return bool(across > _TOUCH and down > _TOUCH)


def _sample(analysis: Analysis, size: int, whole: int) -> Iterator[tuple[str, str]]:
    """The address to which three clicks lead, and the name of the partner, of partners evenly taken."""
    groups: dict[int, int] = {}
    number = {member: at for at, one in enumerate(analysis.communities) for member in one.members}
    explorer = Explorer(analysis)
    for at, group in enumerate(explorer.overview()["groups"] if len(analysis.network) > whole else ()):
        groups |= dict.fromkeys(group["communities"], at)
    partners = sorted(analysis.partners)
    for node in partners[:: max(1, len(partners) // size)][:size]:
        name = analysis.network.nodes[node]["label_de"]
        inside = number.get(node)
        if not groups:
            yield f"node={node}", name
        elif inside in groups:
            yield f"group={groups[inside]}&open={inside}&node={node}", name
        else:
            yield "", name


def _is_reached(page: Page, address: str, name: str) -> bool:
    if not address:
        return False
    page.evaluate("address => { location.hash = `#${address}&lang=de`; }", address)
    for _ in range(_PATIENCE):  # a busy machine draws later
        page.wait_for_timeout(900)
        written: str = " ".join(one["text"] for one in page.evaluate("window.texts.boxes"))
        if name in written:
            return True
    return False


if __name__ == "__main__":
    main()
