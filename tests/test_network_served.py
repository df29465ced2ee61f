"""The network page from the server, in frames, and beside what Python says of the same network."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from browser import Watch, opened, until
from network_fixture import BASE, analysis_of, five_alliances, page_of, with_background
from playwright.sync_api import Browser, expect
from server_fixture import Served

import transfergraph as tg
from transfergraph.network.model.evidence import evidence_of, evidence_query, evidence_sentence
from transfergraph.network.model.sentences import name_of
from transfergraph.network.model.tie_paths import connect, connection_sentence
from transfergraph.network.output.explorer_page import Figure


@contextmanager
def elsewhere(body: str) -> Iterator[str]:
    """The address of a page of somebody else."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_server_gives_the_page_as_it_works_from_the_file_system(browser: Browser, server: Served) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    watch = Watch(page)
    page.goto(server.url + "undertaking/recomine.de.html")
    page.get_by_role("link", name="Umgebung ansehen").click()
    expect(page.locator("html")).to_have_attribute("data-ready", "1")
    expect(page.locator("#details")).to_contain_text("Umgebung von recomine in 2 Schritten")
    page.locator("#search").fill("hochschule zittau")
    page.locator("#search").press("Enter")
    expect(page.locator("#details h2")).to_contain_text("Zittau")
    page.locator('[data-tab="data"]').click()
    with page.expect_download() as download:
        page.locator('[data-export="svg"]').click()
    assert download.value.path().read_text("utf-8").startswith("<?xml")
    page.locator("#copy-link").click()
    expect(page.locator("#said")).not_to_be_empty()
    asked = {one.split("#")[0] for one in watch.requests if not one.startswith("blob:")}
    network = {f"{server.url}undertaking/recomine.de.html", f"{server.url}network.html"}
    assert (
        network <= asked <= network | {server.url + name for name in ("pages.css", "scheme.js", "search.js")}
    )
    # browsers ask every server for an icon
    assert [one for one in watch.complaints if "404" not in one] == []
    page.close()


def test_an_entity_page_carries_a_frame_that_works_elsewhere(browser: Browser, server: Served) -> None:
    page = browser.new_page()
    page.goto(server.url + "organisation/htw-dresden.en.html")
    page.locator("summary", has_text="Embed in another page").click()
    snippet = page.locator(".embed pre").last.inner_text()
    assert snippet.startswith("<iframe src=")
    page.close()
    address = snippet.split('"')[1]
    assert "network.html#ego=organisation/htw-dresden" in address
    local = server.url + "network.html#" + html.unescape(address.partition("#")[2])
    body = f'<!doctype html><iframe src="{html.escape(local)}" width="800" height="600"></iframe>'
    with elsewhere(body) as address, closing(browser.new_page()) as framing:
        framing.goto(address)
        inside = framing.frame_locator("iframe")
        expect(inside.locator("html")).to_have_attribute("data-ready", "1")
        expect(inside.locator("#canvas canvas")).to_be_visible()
        expect(inside.locator(".top")).to_be_hidden()
        expect(inside.locator("#count")).to_contain_text("organisations")
    entity = server.get("organisation/htw-dresden.en.html")
    assert "frame-ancestors 'none'" in entity.field("content-security-policy")


def test_a_small_page_in_another_site_has_the_height_of_its_content(browser: Browser, server: Served) -> None:
    page = browser.new_page()
    page.goto(server.url + "undertaking/recomine.de.html")
    page.locator("summary", has_text="In eine andere Seite einbetten").click()
    frame, image = (page.locator(".embed pre").nth(number).inner_text() for number in (0, 1))
    public = page.locator('link[rel="canonical"]').get_attribute("href") or ""
    page.close()
    ours = public.removesuffix("undertaking/recomine.de.html")
    body = f"<!doctype html><meta name=viewport content='width=device-width'>{frame}<hr>{image}"
    with elsewhere(body.replace(ours, server.url)) as address:
        for width in (390, 1000):
            framing = browser.new_page(viewport={"width": width, "height": 900})
            watch = Watch(framing)
            framing.goto(address)
            inside = framing.frame_locator("iframe")
            expect(inside.locator("h1")).to_have_text("recomine")
            until(framing, "document.querySelector('iframe').style.height !== ''")
            told = inside.locator("body").evaluate(
                "body => [body.getBoundingClientRect().height, document.documentElement.scrollWidth]"
            )
            box = framing.locator("iframe").bounding_box()
            assert box is not None and abs(box["height"] - told[0]) < 2 and told[1] <= width
            expect(inside.locator(".foot")).to_contain_text("CC BY 4.0")
            assert inside.locator(".near a").count() > 3
            shown = framing.locator("img").evaluate("one => [one.naturalWidth, one.naturalHeight, one.alt]")
            assert shown[:2] == [1200, 630] and "recomine" in shown[2]
            asked = {one.removeprefix(server.url) for one in watch.requests if one.startswith(server.url)}
            assert asked == {"embed/undertaking/recomine.de.html", "embed.js", "undertaking/recomine.de.png"}
            assert [one for one in watch.complaints if "404" not in one] == []
            framing.close()


def test_a_small_page_may_be_framed_and_runs_its_own_script_alone(server: Served) -> None:
    answer = server.get("embed/organisation/htw-dresden.en.html")
    policy = answer.field("content-security-policy")
    assert answer.status == 200 and answer.field("content-language") == "en"
    assert policy.startswith("default-src 'none'; script-src 'sha256-") and policy.endswith(
        "frame-ancestors *"
    )
    page = answer.body.decode()
    assert "unsafe" not in policy and "'self'" not in policy and len(page) < 40_000
    inline = re.findall(r"<(script|style)>(.*?)</\1>", page, re.DOTALL)
    assert [kind for kind, _ in inline] == ["style", "script"]
    for _, content in inline:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    for local in ("embed/organisation/nobody", "embed/scheme/role/partner", "embed/", "embed/embed/x"):
        assert server.get(local).status == 404, local


@pytest.mark.parametrize(
    "local",
    [
        "region/kreis-goerlitz",
        "region/erzgebirge",
        "programme/wir",
        "topic/mining-waste",
        "place/freiberg",
        "source/recomine-startseite",
        "participation/recomine~hif~coordinator",
        "event/recomine-selection-2019",
    ],
)
def test_pages_of_what_is_no_partner_show_whom_they_concern(
    browser: Browser, server: Served, local: str
) -> None:
    page = browser.new_page()
    page.goto(f"{server.url}{local}.en.html")
    page.get_by_role("link", name="See the surroundings").click()
    expect(page.locator("html")).to_have_attribute("data-ready", "1")
    found = re.match(r"(\d+) of (\d+) organisations", page.locator("#count").inner_text())
    assert found is not None and 0 < int(found[1]) < int(found[2])
    page.close()


def test_jupyter_shows_the_page_in_a_frame_without_an_origin(browser: Browser, tmp_path: Path) -> None:
    figure = Figure(page_of(five_alliances(), tmp_path / "store"))
    notebook = tmp_path / "notebook.html"
    notebook.write_text(f"<!doctype html>{figure._repr_html_()}", "utf-8")
    with opened(browser, notebook) as (page, watch):
        inside = page.frame_locator("iframe")
        expect(inside.locator("html")).to_have_attribute("data-ready", "1")
        inside.locator('label[for="view-partners"]').click()
        expect(inside.locator("#count")).to_contain_text(
            re.compile("56 (von|of) 56")
        )  # of whichever language
        assert [one for one in watch.complaints if "error" in one] == []


def test_the_page_says_of_a_tie_what_python_says(browser: Browser, saxony: tg.Release) -> None:
    whole = saxony.network()
    a, b = "organisation/hif", "organisation/saxonia"
    evidence = evidence_of(whole, BASE + a, BASE + b, saxony.manifest.consortium)
    with opened(browser, saxony.path / "network.html") as (page, watch):
        for language in ("de", "en"):
            page.evaluate(f"location.hash = '#lang={language}&tie={a}&tie={b}'")
            said = evidence_sentence(whole, evidence).in_language(language)
            assert "12" in said  # 12.7 million, with the signs of the language
            expect(page.locator("#details [data-key=more-evidence] > p").first).to_have_text(said)
        assert watch.complaints == []


def test_the_page_finds_the_same_ways_as_python(browser: Browser, tmp_path: Path) -> None:
    tables = with_background(five_alliances())
    analysis = analysis_of(tables, tmp_path / "store")
    path = tmp_path / "network.html"
    path.write_text(page_of(tables, tmp_path / "again"), "utf-8")
    pairs = [("hszg", "ipms"), ("hif", "tuc"), ("kaden", "stfi"), ("hif", "saxonia"), ("ult", "htwk")]
    pairs.append(("hif", "les"))
    named = {name_of(analysis.network, one, "de"): one for one in analysis.partners}
    with opened(browser, path) as (page, watch):
        for a, b in pairs:
            page.evaluate(f"location.hash = '#tab=ways&way=organisation/{a}&way=organisation/{b}'")
            found = connect(
                analysis.network, analysis.partners, f"{BASE}organisation/{a}", f"{BASE}organisation/{b}"
            )
            said = connection_sentence(analysis.network, found).in_language("de")
            expect(page.locator("#ways .sentence")).to_contain_text(said)
            shown = page.locator("#ways pre").all_text_contents()
            if not found.shortest:
                assert shown == []
                continue
            assert shown[0] == found.query
            steps = re.findall(r"\(<(\S+)> <(\S+)>\)", shown[1])
            assert shown[1] == evidence_query(steps) and len(set(map(frozenset, steps))) == len(steps)
            chains = page.locator("#ways .chains li").evaluate_all(
                "ways => ways.map((one) => [...one.querySelectorAll('button')].map((end) => end.textContent))"
            )
            ways = [[named[end] for end in chain] for chain in chains]
            lengths = [len(way.partners) for way in found.shortest[:3]]
            assert [len(way) for way in ways[: len(lengths)]] == lengths
            assert {frozenset(step) for way in ways for step in pairwise(way)} == set(map(frozenset, steps))
            # of ways of equal strength either may come first
            costs = [
                sum(1 / analysis.partners.edges[step]["newman"] for step in pairwise(way)) for way in ways
            ]
            assert min(costs) == pytest.approx(found.strongest[0].cost, abs=1e-5)
        assert watch.complaints == []
