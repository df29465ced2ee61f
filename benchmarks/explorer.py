"""The network page in headless Chromium: ``python -m benchmarks.explorer [--partners 100 1000 ...]``.

Beside it pyvis as it comes (given up after ``--patience`` seconds), and Cytoscape.js and sigma.js with the
stored layout (``npm install --prefix .tools/pictures cytoscape sigma graphology``; sigma.js draws with WebGL,
which Chromium emulates here). Milliseconds from the beginning of the navigation to the first still picture,
bytes of the file, frames a second while the picture is dragged, milliseconds from the last movement to the
drawing anew, and milliseconds until half of the nodes are filtered away and picture and list show it (the
others have no list). Medians of ``--repeat`` fresh tabs.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import networkx as nx
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from benchmarks.layouts import invented
from benchmarks.words import FORMS, SUBJECTS, TOWNS
from transfergraph.common.text import Text
from transfergraph.network.layout.network_layout import lay_out
from transfergraph.network.output.analysis import Analysis, NetworkMetadata, analyse
from transfergraph.network.output.explorer_json import WHOLE
from transfergraph.network.output.explorer_page import network_page

BASE = "https://example.org/"
REPOSITORY = Path(__file__).parent.parent
MODULES = REPOSITORY / ".tools/pictures/node_modules"
CYTOSCAPE = MODULES / "cytoscape/dist/cytoscape.min.js"
SIGMA = MODULES / "graphology/dist/graphology.umd.min.js", MODULES / "sigma/dist/sigma.min.js"
KINDS = ("company", "university", "research institute", "public body", "association")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--enable-unsafe-swiftshader")

_START = """
window.settled = new Promise((resolve) => {
  const done = () => requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now())));
  window.still = done;
  new MutationObserver((_, watch) => {
    if (document.documentElement.dataset.ready !== "1") return;
    watch.disconnect();
    done();
  }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-ready"] });
});
// every picture here has names, which are written each time that it is drawn anew
window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...given) {
  window.written.push(performance.now());
  return write.apply(this, given);
};
window.moved = 0;
document.addEventListener("mousemove", () => (window.moved = performance.now()), true);
"""
_FRAMES = (
    "() => { window.frames_ = 0; const one = () => { frames_ += 1; requestAnimationFrame(one); }; one(); }"
)
_FILTER = """() => new Promise((resolve) => {
  const list = document.getElementById("rows");
  const before = performance.now();
  const took = () => resolve(performance.now() - before);
  const shown = () => requestAnimationFrame(() => requestAnimationFrame(took));
  if (list === null) {
    ACTION;
    return shown();
  }
  new MutationObserver((_, watch) => {
    watch.disconnect();
    shown();
  }).observe(list, { childList: true, subtree: true });
  ACTION;
})"""
_ANEW = """() => {
  const first = window.written.find((at) => at >= window.moved);
  return first === undefined ? -1 : first - window.moved;
}"""
_LOADED = "() => !/[…]$/.test(document.getElementById('list-count')?.textContent || '')"


@dataclass(frozen=True, slots=True)
class Contestant:
    """A page, the element that is dragged, and what filters half of its nodes (JavaScript)."""

    name: str
    page: Callable[[Analysis], str]
    target: str
    action: str


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.explorer", description=__doc__)
    parser.add_argument("--partners", type=int, nargs="+", default=[100, 1_000, 5_000, 20_000])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--patience", type=int, default=120, help="seconds for pyvis as it comes")
    parser.add_argument("--drawn", type=int, default=5_000, help="greatest size that is also drawn whole")
    given = parser.parse_args()
    print(
        "| partners | page | first still picture, ms | MB | frames a second | drawn anew, ms | filter, ms |"
    )
    print("|---|---|---|---|---|---|---|")
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        slow: set[str] = set()
        for partners in given.partners:
            analysis = analysis_of_invented(partners)
            for one in _contestants(partners, given.drawn):
                if one.name in slow:
                    print(f"| {partners:,} | {one.name} | not tried | | | | |", flush=True)
                    continue
                file = Path(folder) / "page.html"
                file.write_text(one.page(analysis), encoding="utf-8")
                size = file.stat().st_size / 1e6
                try:
                    told = _medians(_measure(browser, file, one, given.patience) for _ in range(given.repeat))
                except PlaywrightTimeout:
                    slow.add(one.name)
                    told = f"not at rest after {given.patience} s | {size:.2f} | | |"
                else:
                    told = told.replace("MB", f"{size:.2f}")
                print(f"| {partners:,} | {one.name} | {told} |", flush=True)


def _medians(measures: Iterable[tuple[float, float, float, float]]) -> str:
    first, frames, anew, filtered = (statistics.median(column) for column in zip(*measures, strict=True))
    told = ["-" if one < 0 else f"{one:.0f}" for one in (anew, filtered)]
    return f"{first:.0f} | MB | {frames:.0f} | {told[0]} | {told[1]}"


def chromium() -> str:
    path = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    if path is None:
        sys.exit("No Chromium is installed (Debian: apt-get install chromium).")
    return path


def _contestants(partners: int, drawn: int) -> Iterator[Contestant]:
    filters = "document.querySelector('button.entry[data-key^=\"legend-kinds\"]').click()"
    yield Contestant("this page", network_page, "#canvas", filters)
    if partners * 5 // 3 > WHOLE and partners <= drawn:
        yield Contestant(
            "this page, everything drawn", lambda analysis: network_page(analysis, 10**9), "#canvas", filters
        )
    hide = "nodes.update(nodes.getIds().filter((_, at) => at % 2).map((id) => ({ id, hidden: true })))"
    yield Contestant("pyvis as it comes", _pyvis, "#mynetwork", hide)
    if CYTOSCAPE.is_file():
        yield Contestant("Cytoscape.js, stored layout", _cytoscape, "#cy", "half.style('display', 'none')")
    if all(one.is_file() for one in SIGMA):
        hide = "graph.updateEachNodeAttributes((node, data) => ({ ...data, hidden: data.at % 2 === 1 }))"
        yield Contestant("sigma.js, stored layout", _sigma, "#sigma", hide)


def _measure(
    browser: Browser, file: Path, one: Contestant, patience: int
) -> tuple[float, float, float, float]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="de-DE")
    try:
        page = context.new_page()
        page.set_default_timeout(patience * 1000)
        page.add_init_script(_START)
        page.goto(file.as_uri())
        page.evaluate("() => { window.settled.then((at) => (window.first = at)); }")
        page.wait_for_function("() => window.first !== undefined")
        first = float(page.evaluate("window.first"))
        page.wait_for_function(_LOADED)
        frames = _frames(page, one.target)
        page.wait_for_timeout(1_500)
        anew = float(page.evaluate(_ANEW))
        filtered = float(page.evaluate(_FILTER.replace("ACTION", one.action)))
        return first, frames, anew, filtered
    finally:
        context.close()


def _frames(page: Page, target: str, seconds: float = 2.0) -> float:
    box = page.locator(target).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.9
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_FRAMES)
    begin, step = time.perf_counter(), 0
    while time.perf_counter() - begin < seconds:
        step += 1
        page.mouse.move(x + 100 * ((step % 40) / 20 - 1), y - step % 30)
    passed = time.perf_counter() - begin
    frames = float(page.evaluate("frames_"))
    page.mouse.up()
    return frames / passed


def analysis_of_invented(partners: int) -> Analysis:
    """An invented network: each of its fields has a subject, each partner a kind, a town and a name."""
    network = invented(partners)
    chance = random.Random(partners)
    fields = max(1, partners // 80)
    for number, (node, data) in enumerate(network.nodes(data=True)):
        is_partner = data["bipartite"] == 0
        field = min(fields - 1, number // 80) if is_partner else (number - partners) % fields
        subject, town = field % len(SUBJECTS), chance.randrange(len(TOWNS))
        form, kind = chance.choice(FORMS), chance.choices(KINDS, (9, 3, 2, 1, 1))[0]
        for language, at in (("de", 0), ("en", 1)):
            name = f"{form[at]} {SUBJECTS[subject][at]} {TOWNS[town][at]} {number}"
            data[f"label_{language}"] = name if is_partner else f"{SUBJECTS[subject][at]} {number}"
            data[f"kind_{language}"] = kind
            data[f"place_{language}"] = TOWNS[town][at]
        data |= {"id": node, "alternative_labels": [], "kind": kind, "place": f"town{town}", "url": ""}
        data |= {"topics": [] if is_partner else [f"subject{subject}"], "latitude": None, "longitude": None}
        data |= {"start": "", "end": "", "sources": ["s"]}
    for _, _, data in network.edges(data=True):
        data |= {"roles_de": ["Partner"], "roles_en": ["Partner"], "participations": [], "sources": ["s"]}
        data |= {"start": "2020", "end": "2024", "first_year": 2020, "last_year": 2024}
    network.graph["names"] = {name: (name, name) for name in (*KINDS, "partner")}
    network.graph["names"] |= {f"subject{number}": names for number, names in enumerate(SUBJECTS)}
    network.graph["names"] |= {f"town{number}": names for number, names in enumerate(TOWNS)}
    network.graph["other_names"] = {}
    network.graph["sources"] = {"s": {"label_de": "Quelle", "label_en": "Source", "url": ""}}
    network.graph |= _counts(network)
    about = NetworkMetadata(Text(de="Erfunden", en="Invented"), BASE, "", ())
    return analyse(network, lay_out(network), (), about, 40)


def _counts(network: nx.Graph) -> dict[str, int]:
    organisations = sum(1 for _, side in network.nodes(data="bipartite") if side == 0)
    return {
        "organisations": organisations,
        "undertakings": len(network) - organisations,
        "participations": network.number_of_edges(),
    }


def _pyvis(analysis: Analysis) -> str:
    page = import_module("pyvis.network").Network(cdn_resources="in_line")
    for node, data in analysis.network.nodes(data=True):
        page.add_node(node, label=data["label_de"])
    for a, b in analysis.network.edges():
        page.add_edge(a, b)
    html = str(page.generate_html())
    return html.replace("return network;", "network.once('stabilized', window.still); return network;")


def _cytoscape(analysis: Analysis) -> str:
    spots = analysis.layout.positions
    elements: list[dict[str, object]] = [
        {
            "data": {"id": node, "label": data["label_de"]},
            "position": {"x": spots[node][0], "y": spots[node][1]},
        }
        for node, data in analysis.network.nodes(data=True)
    ]
    elements += [{"data": {"source": a, "target": b}} for a, b in analysis.network.edges()]
    library = CYTOSCAPE.read_text("utf-8")
    script = (
        f"const cy = cytoscape({{container: document.getElementById('cy'), elements: {json.dumps(elements)}, "
        "layout: {name: 'preset'}, style: [{selector: 'node', style: {label: 'data(label)', width: 24, "
        "height: 24}}, {selector: 'edge', style: {width: 1}}]}); "
        "const half = cy.nodes().filter((_, at) => at % 2); cy.ready(window.still);"
    )
    return (
        '<!doctype html><meta charset="utf-8"><div id="cy" style="width: 1000px; height: 700px"></div>'
        f"<script>{library}</script><script>{script}</script>"
    )


def _sigma(analysis: Analysis) -> str:
    spots = analysis.layout.positions
    nodes = [
        {
            "key": node,
            "attributes": {
                "at": at,
                "label": data["label_de"],
                "x": spots[node][0],
                "y": -spots[node][1],
                "size": 3,
            },
        }
        for at, (node, data) in enumerate(analysis.network.nodes(data=True))
    ]
    edges = [{"source": a, "target": b} for a, b in analysis.network.edges()]
    content = json.dumps({"nodes": nodes, "edges": edges})
    libraries = "".join(f"<script>{one.read_text('utf-8')}</script>" for one in SIGMA)
    script = (
        f"const graph = new graphology.Graph(); graph.import({content}); "
        "const view = new Sigma(graph, document.getElementById('sigma')); window.still();"
    )
    return (
        '<!doctype html><meta charset="utf-8"><div id="sigma" style="width: 1000px; height: 700px"></div>'
        f"{libraries}<script>{script}</script>"
    )


if __name__ == "__main__":
    main()
