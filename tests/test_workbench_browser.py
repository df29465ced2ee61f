"""The workbench and the questions in Chromium: on a server, on a plain web server with a strict policy, and as files."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from browser import Watch, until
from plain_server import QuietHandler, serving
from playwright.sync_api import Browser, Page, Route, ViewportSize, expect
from server_fixture import Served
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.queries import Answer, run_text
from transfergraph.queries.parameters import bind

AXE = REPOSITORY / ".tools" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
PREFIX = "PREFIX tg: <https://w3id.org/transfergraph/ontology#>\n"
SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\n"
PROJECTS = (
    PREFIX
    + "SELECT ?project ?start WHERE { ?project a tg:Project ; tg:start ?start } ORDER BY ?start ?project"
)
WASM = "'wasm-unsafe-eval'"


@pytest.fixture(scope="module")
def site(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    tg.site(saxony.path, folder, "http://localhost/", pages=False)
    return folder


class _Strict(QuietHandler):
    """A web server that lets pages do what those of ``transfergraph serve`` may, and WASM start in the worker alone."""

    policy = ""

    def end_headers(self) -> None:
        policy = self.policy
        if self.path == "/workbench/worker.js":
            policy = policy.replace("script-src 'self'", f"script-src 'self' {WASM}")
        self.send_header("Content-Security-Policy", policy)
        super().end_headers()


@pytest.fixture(scope="module")
def static(site: Path, server: Served) -> Iterator[str]:
    _Strict.policy = server.get("").field("content-security-policy")
    assert "script-src 'self'" in _Strict.policy
    with serving(site, _Strict) as address:
        yield address


@pytest.fixture(params=["server", "static", "file"])
def start(request: pytest.FixtureRequest, server: Served, static: str, site: Path) -> str:
    """The address below which the pages lie, on each carrier."""
    return {"server": server.url, "static": static, "file": f"{site.as_uri()}/"}[request.param]


@contextmanager
def opened(
    browser: Browser,
    url: str,
    *,
    size: tuple[int, int] = (1280, 900),
    dark: bool = False,
    scripts: bool = True,
    routed: dict[str, tuple[str, str]] | None = None,
) -> Iterator[tuple[Page, Watch]]:
    """A page, and what it does; ``routed`` replaces a text in what comes from addresses with this end."""
    context = browser.new_context(
        viewport=ViewportSize(width=size[0], height=size[1]),
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        accept_downloads=True,
    )
    try:
        page = context.new_page()
        for end, (old, new) in (routed or {}).items():
            page.route(re.compile(re.escape(end) + r"(\?.*)?$"), _replacing(old, new))
        watch = Watch(page)
        page.goto(url)
        if scripts:
            until(page, "Boolean(self.transfergraphWorkbench || self.transfergraphQuestion)")
        yield page, watch
        assert [one for one in watch.complaints if "404" not in one and "400" not in one] == []
    finally:
        context.close()


def _replacing(old: str, new: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        fetched = route.fetch()
        body = fetched.text()
        assert re.search(old, body, re.DOTALL), old
        route.fulfill(response=fetched, body=re.sub(old, lambda _: new, body, count=1, flags=re.DOTALL))

    return answer


def written(page: Page, text: str, at: str | None = None) -> None:
    """Put a text into the editor, with the cursor behind ``at``."""
    page.evaluate(
        """([text, at]) => { const {field} = transfergraphWorkbench; field.text = text; field.view.focus();
           field.view.dispatch({selection: {anchor: at === null ? text.length : text.indexOf(at) + at.length}}); }""",
        [text, at],
    )


def asked(page: Page, query: str) -> None:
    written(page, query)
    page.keyboard.press("Control+Enter")
    until(page, "query => document.getElementById('result').dataset.done === query", query)


def table(page: Page) -> list[list[str]]:
    return [
        [cell.strip() for cell in row.locator("td").all_inner_texts()]
        for row in page.locator("#result tbody tr").all()
    ]


def found(saxony: tg.Release, query: str) -> list[list[str]]:
    answer = run_text(saxony.store, query)
    assert isinstance(answer, Answer)
    return [[str(getattr(term, "value", "")) for term in row] for row in answer.rows]


def offered(page: Page) -> list[tuple[str, str, str]]:
    """What is completed: the section, the label and its name, in order."""
    page.wait_for_selector(".cm-tooltip-autocomplete li")
    return [
        (one[0], one[1], one[2])
        for one in page.evaluate(
            """() => { let section = ""; return [...document.querySelector(".editor").shadowRoot.querySelectorAll(".cm-tooltip-autocomplete > ul > *")]
               .flatMap(one => { if (one.tagName !== "LI") { section = one.textContent; return []; }
               return [[section, one.querySelector(".cm-completionLabel").textContent, one.querySelector(".cm-completionDetail")?.textContent ?? ""]]; }); }"""
        )
    ]


# A query and its answer


def test_a_query_is_answered_alike_on_each_carrier(browser: Browser, start: str, saxony: tg.Release) -> None:
    with opened(browser, f"{start}sparql.de.html") as (page, watch):
        asked(page, PROJECTS)
        rows = found(saxony, PROJECTS)
        assert len(rows) > 5
        shown = table(page)
        assert [row[1] for row in shown] == [row[1] for row in rows]
        names = {
            row[0]: row[1]
            for row in found(
                saxony,
                SKOS
                + PREFIX
                + "SELECT ?p ?l { ?p a tg:Project ; skos:prefLabel ?l FILTER(LANG(?l) = 'de') }",
            )
        }
        assert [row[0] for row in shown] == [
            names[row[0]] for row in rows
        ]  # names in the language of the page
        page.get_by_label("Ganze Adressen").check()
        assert [row[0] for row in table(page)] == [row[0] for row in rows]
        if "file:" in start:
            assert {url for url in watch.requests if not url.startswith(("file:", "blob:"))} == set()
        else:
            assert {url for url in watch.requests if not url.startswith(start)} == set()


def test_each_saved_question_has_the_same_rows_in_the_browser_as_in_python(
    browser: Browser, static: str, saxony: tg.Release
) -> None:
    with opened(browser, f"{static}sparql.de.html") as (page, _):
        for question in saxony.questions:
            here = run_text(saxony.store, question.text)
            assert isinstance(here, Answer)
            there = page.evaluate("query => transfergraphEngine.answer(query)", question.text)
            assert there["columns"] == list(here.variables), question.name
            rows = [
                [None if term is None else str(getattr(term, "value", term)) for term in row]
                for row in here.rows
            ]
            shown = [[None if term is None else term["value"] for term in row] for row in there["rows"]]
            assert sorted(shown, key=str) == sorted(rows, key=str), question.name


def test_the_store_of_a_browser_takes_no_update_and_asks_nobody(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}sparql.en.html") as (page, watch):
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        before = page.evaluate("query => transfergraphEngine.answer(query)", count)["rows"]
        asked(page, "DELETE WHERE { ?s ?p ?o }")
        assert page.locator("#result [role=alert]").inner_text().strip()
        asked(page, "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }")
        assert page.locator("#result [role=alert]").inner_text().strip()
        assert page.evaluate("query => transfergraphEngine.answer(query)", count)["rows"] == before
        assert all(url.startswith(static) for url in watch.requests)


def test_other_forms_of_queries_are_shown(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        asked(page, PREFIX + "ASK { ?x a tg:Project }")
        assert page.locator("#result .word").inner_text() == "Ja"
        asked(page, PREFIX + "CONSTRUCT { ?x tg:start ?s } WHERE { ?x a tg:Project ; tg:start ?s }")
        assert len(table(page)) > 5
        asked(page, "SELECT * { <x:no> ?p ?o }")
        assert "Keine Zeilen" in page.locator("#result").inner_text()


def test_a_query_can_be_stopped(browser: Browser, static: str) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?a), STR(?d), STR(?g)) = '') }"
    with opened(browser, f"{static}sparql.de.html") as (page, _):
        written(page, endless)
        page.keyboard.press("Control+Enter")
        page.get_by_role("button", name="Anhalten").click()
        until(page, "() => document.querySelector('#result [role=status]').textContent === 'Angehalten'")
        asked(page, PREFIX + "ASK { ?x a tg:Project }")  # a new worker answers
        assert page.locator("#result .word").inner_text() == "Ja"


def test_an_answer_is_sorted_and_given_in_each_format(
    browser: Browser, start: str, saxony: tg.Release
) -> None:
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        asked(page, PROJECTS)
        page.get_by_role("button", name="start").click()
        ascending = [row[1] for row in table(page)]
        page.get_by_role("button", name="start").click()
        assert [row[1] for row in table(page)] == sorted(ascending, reverse=True)
        assert page.locator("th[aria-sort=descending]").count() == 1
        for name, ending in (("CSV", "csv"), ("TSV", "tsv"), ("JSON", "srj"), ("XML", "srx")):
            with page.expect_download() as download:
                page.locator(".downloads").get_by_role("button", name=name, exact=True).click()
            assert download.value.suggested_filename == f"antwort.{ending}"
            if name == "CSV":
                rows = list(csv.reader(io.StringIO(Path(download.value.path()).read_text("utf-8"))))
                assert rows[1:] == found(saxony, PROJECTS)
        asked(page, PREFIX + "CONSTRUCT { ?x tg:start ?s } WHERE { ?x a tg:Project ; tg:start ?s }")
        for name in ("Turtle", "N-Triples", "JSON-LD", "RDF/XML"):
            with page.expect_download() as download:
                page.locator(".downloads").get_by_role("button", name=name, exact=True).click()
            assert Path(download.value.path()).stat().st_size > 200


def test_an_answer_is_drawn_as_chart_map_and_network(browser: Browser, start: str) -> None:
    geo = "PREFIX geo: <http://www.opengis.net/ont/geosparql#>\n"
    places = (
        PREFIX
        + geo
        + "SELECT ?place ?wkt (COUNT(?o) AS ?n) { ?o tg:seat ?place . ?place geo:hasGeometry/geo:asWKT ?wkt } GROUP BY ?place ?wkt"
    )
    ties = PREFIX + "SELECT ?who ?what { ?p tg:participant ?who ; tg:participatesIn ?what } LIMIT 40"
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        asked(page, places)
        page.get_by_role("button", name="Diagramm").click()
        page.wait_for_selector("#result svg rect")
        assert page.locator("#result svg[role=img]").get_attribute("aria-label")
        page.get_by_role("button", name="Karte").click()
        page.wait_for_selector("#result svg circle")
        assert page.locator("#result svg circle").count() > 5
        asked(page, ties)
        assert page.get_by_role("button", name="Karte").count() == 0  # nothing has a position
        page.get_by_role("button", name="Netz").click()
        page.wait_for_selector("#result svg.network line")
        nodes, lines = page.locator("svg.network circle").count(), page.locator("svg.network line").count()
        assert nodes > 10 and lines > 10
        assert page.url.count("view=network") == 1


# Its address


def test_a_link_gives_the_same_answer_again(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        asked(page, PROJECTS)
        page.get_by_role("button", name="Diagramm").click()
        page.wait_for_selector("#result svg")
        before, link = table(page), page.url
        assert "query=" in link and link.endswith("view=chart")
    with opened(browser, link) as (page, _):
        page.wait_for_selector("#result svg")
        page.get_by_role("button", name="Tabelle").click()
        assert page.evaluate("transfergraphWorkbench.field.text") == PROJECTS
        assert len(table(page)) >= len(before) > 0 or before == []
    long = "# " + "x" * 7000 + "\nASK {}"
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        asked(page, long)
        link = page.url
        assert "#query=" in link
    with opened(browser, link) as (page, _):
        page.wait_for_selector("#result .word")
        assert page.evaluate("transfergraphWorkbench.field.text") == long


def test_lines_for_other_programs_give_the_same_rows(
    browser: Browser, server: Served, saxony: tg.Release, tmp_path: Path
) -> None:
    query = PROJECTS + ' # it\'s "so" \\ '
    with opened(browser, f"{server.url}sparql.en.html") as (page, _):
        lines = page.evaluate("query => transfergraphWorkbench.snippets(query)", query)
    assert lines.keys() == {"curl", "Python", "R", "Spreadsheet"}
    rows = found(saxony, PROJECTS)
    if shutil.which("curl"):
        done = subprocess.run(["sh", "-c", lines["curl"]], capture_output=True, text=True, check=True)
        assert list(csv.reader(io.StringIO(done.stdout)))[1:] == rows
    file = tmp_path / "snippet.py"
    file.write_text(lines["Python"], "utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert rows[0][1] in done.stdout
    answer = server.get(lines["Spreadsheet"].removeprefix(server.url))
    assert answer.media_type == "text/csv" and list(csv.reader(io.StringIO(answer.text)))[1:] == rows
    assert (
        json.loads(re.findall(r"^query <- (.*)$", lines["R"], re.MULTILINE)[0]) == query
    )  # strings of R and JSON agree here
    if shutil.which("Rscript"):
        file = tmp_path / "snippet.R"
        file.write_text(lines["R"], "utf-8")
        done = subprocess.run(["Rscript", str(file)], capture_output=True, text=True, check=True)
        assert rows[0][1] in done.stdout


def test_lines_of_a_site_take_its_dump(
    browser: Browser, static: str, saxony: tg.Release, tmp_path: Path
) -> None:
    with opened(browser, f"{static}sparql.en.html") as (page, _):
        page.get_by_text("For other programs").click()
        page.locator("[data-panel=snippets]").get_by_text("no endpoint").first.wait_for()  # visible
        lines = page.evaluate("query => transfergraphWorkbench.snippets(query)", PROJECTS)
    assert lines.keys() == {"curl", "Python"}
    file = tmp_path / "snippet.py"
    file.write_text(lines["Python"].replace("http://localhost/", static), "utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True, check=True)
    assert "start" in done.stdout and found(saxony, PROJECTS)[0][1] in done.stdout


def test_earlier_queries_stay_in_the_browser(browser: Browser, server: Served) -> None:
    with opened(browser, f"{server.url}sparql.de.html") as (page, watch):
        asked(page, PREFIX + "ASK { ?kept a tg:Project }")
        page.get_by_text("Frühere Abfragen").click()
        page.get_by_role("button", name="ASK { ?kept a tg:Project }").click()
        assert "?kept" in page.evaluate("transfergraphWorkbench.field.text")
        assert sum("sparql" in url and "html" not in url for url in watch.requests) == 1  # the query itself
        assert page.context.cookies() == []
        page.get_by_role("button", name="Alle löschen").click()
        assert page.evaluate("localStorage.getItem('transfergraph-queries')") == "[]"


# The editor


def test_properties_of_the_class_at_hand_come_first_the_mandatory_before_the_optional(
    browser: Browser, start: str
) -> None:
    query = PREFIX + "SELECT * WHERE {\n  ?x a tg:Project ;\n    \n}"
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        written(page, query, "Project ;\n    ")
        page.keyboard.press("Control+Space")
        found = offered(page)
        sections = list(dict.fromkeys(section for section, _, _ in found))
        assert sections[:3] == ["Projekt: Pflicht", "Projekt: freiwillig", "Andere Eigenschaften"]
        assert ("Projekt: Pflicht", "dct:source", "Quellen") in found
        assert ("Projekt: freiwillig", "tg:start", "Beginn") in found
        assert {label: section for section, label, _ in found}["tg:seat"] == "Andere Eigenschaften"
        page.keyboard.type("begi")  # by the name in the reader's language
        until(
            page,
            "() => document.querySelector('.editor').shadowRoot.querySelector('[aria-selected] .cm-completionLabel')?.textContent === 'tg:start'",
        )
        page.keyboard.press("Enter")
        assert "?x a tg:Project ;\n    tg:start" in page.evaluate("transfergraphWorkbench.field.text")
        assert page.evaluate("document.querySelector('textarea').value") == page.evaluate(
            "transfergraphWorkbench.field.text"
        )


def test_the_names_are_those_of_the_language_of_the_page(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}sparql.en.html") as (page, _):
        written(page, PREFIX + "SELECT * WHERE { ?x a  }", "?x a ")
        page.keyboard.press("Control+Space")
        assert ("Classes", "tg:Project", "Project") in offered(page)
        written(page, PREFIX + "SELECT * WHERE { ?x tg:role  }", "tg:role ")
        page.keyboard.press("Control+Space")
        values = [name for section, _, name in offered(page) if section.startswith("Values of")]
        assert "Partner" in values and len(values) > 5


@pytest.mark.parametrize(
    ("query", "at", "place", "subject", "classes"),
    [
        (
            "SELECT * { ?a a tg:Lab . ?b a tg:Project . ?b ",
            "?b a tg:Project . ?b ",
            "predicate",
            "?b",
            ["Project"],
        ),
        ("SELECT * { ?a ; a tg:Lab }", "?a ", "predicate", "?a", ["Lab"]),
        ("SELECT * { ?a  . ?a a tg:Lab }", "{ ?a ", "predicate", "?a", ["Lab"]),
        ("SELECT * { ?a tg:start|tg: ?b . ?a a tg:Lab }", "|tg:", "predicate", "?a", ["Lab"]),
        ("SELECT * { ?a tg:start ?b FILTER(?b > ", "> ", "expression", "?a", []),
        ("SELECT * { ?a tg:start ?b FILTER(?b > 1) ?a ", "1) ?a ", "predicate", "?a", []),
        ("SELECT * { ?a tg:x [ a tg:Lab ;  ] }", "tg:Lab ; ", "predicate", "[1", ["Lab"]),
        ("SELECT * { ?a tg:x [ a tg:Lab ] ;  }", "] ; ", "predicate", "?a", []),
        ("SELECT * { OPTIONAL { ?a a tg:Lab } GRAPH ?g { ?a  } }", "?g { ?a ", "predicate", "?a", ["Lab"]),
        ("SELECT * { VALUES ?x { tg:a tg:b } ?x ", "} ?x ", "predicate", "?x", []),
        ("SELECT (COUNT(?a) AS ?n) { ?a a ", "?a a ", "object", "?a", []),
        ("SELECT * { ?a skos:prefLabel 'it\\'s' , ", "' , ", "object", "?a", []),
    ],
)
def test_the_place_in_a_query_is_understood(
    page: Page, query: str, at: str, place: str, subject: str, classes: list[str]
) -> None:
    given = PREFIX + SKOS + query
    state = page.evaluate(
        "([text, at]) => { const state = transfergraphWorkbench.stateAt(text, text.lastIndexOf(at) + at.length); return {...state, classes: [...state.classes]}; }",
        [given, at],
    )
    assert (state["place"], state["subject"]) == (place, subject)
    assert [one.rpartition("#")[2] for one in state["classes"]] == classes


@pytest.fixture(scope="module")
def page(browser: Browser, static: str) -> Iterator[Page]:
    with opened(browser, f"{static}sparql.de.html") as (one, _):
        yield one


def test_prefixes_are_declared_as_one_types(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}sparql.de.html") as (page, _):
        written(page, "SELECT * WHERE { ?x  }", "?x ")
        page.keyboard.type("foaf:")
        text = page.evaluate("transfergraphWorkbench.field.text")
        assert text == "PREFIX foaf: <http://xmlns.com/foaf/0.1/>\nSELECT * WHERE { ?x foaf: }"
        page.keyboard.type("homepage skos:")
        text = page.evaluate("transfergraphWorkbench.field.text")
        assert text.count("PREFIX") == 2 and text.endswith("{ ?x foaf:homepage skos: }")
        for untouched in ("SELECT * { ?x ?p 'a tg", "# tg", "SELECT * { ?x ?p <http", "PREFIX tg"):
            written(page, untouched)
            page.keyboard.type(":")
            assert "PREFIX tg: <" not in page.evaluate("transfergraphWorkbench.field.text"), untouched


def test_the_first_error_is_underlined_at_its_place_and_keeps_nothing_from_being_sent(
    browser: Browser, server: Served
) -> None:
    lines = ".cm-lintRange-error"
    with opened(browser, f"{server.url}sparql.de.html") as (page, _):
        written(page, "SELECT * WHERE {\n  ?s ?p ?o .\n  OPTIONL { ?s ?q ?r } .\n  ?a ?b }} wrong }\n")
        page.wait_for_selector(lines)
        assert page.locator(lines).count() == 1
        assert "Zeile 3" in page.locator(".syntax").inner_text()
        assert page.evaluate(
            "document.querySelector('.editor').shadowRoot.querySelector('.cm-lintRange-error').closest('.cm-line').textContent"
        ).startswith("  OPTIONL")
        page.keyboard.press("Control+Enter")
        page.wait_for_selector("#result [role=alert]")  # what the server says
        newer = "SELECT * { << ?a ?b ?c >> ?d ?e }"
        asked(page, newer)
        until(page, "() => document.querySelector('.syntax').textContent !== ''")
        assert page.locator("#result [role=alert]").count() == 0
        written(page, "SELECT * WHERE { ?s ?p ?o }")
        until(page, "() => document.querySelector('.syntax').textContent === ''")
        assert page.locator(lines).count() == 0


def test_tab_leaves_the_editor_and_everything_is_reached_by_keyboard(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}sparql.de.html") as (page, _):
        written(page, PREFIX + "ASK { ?x a tg:Project }")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Ausführen"
        page.keyboard.press("Enter")
        page.wait_for_selector("#result .word")
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement.className") == "editor"
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_ontology_lies_beside_and_writes_names(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}sparql.de.html") as (page, _):
        panel = page.locator("[data-panel=ontology]")
        assert panel.get_by_role("link", name="schema.md").get_attribute("href") == "./schema.md"
        panel.get_by_role("searchbox").fill("zuwendung")
        panel.locator(".classes summary").first.click()
        written(page, "SELECT * { ?x a  }", "?x a ")
        panel.get_by_role("button", name="tg:Funding", exact=True).click()
        assert page.evaluate("transfergraphWorkbench.field.text") == PREFIX + "SELECT * { ?x a tg:Funding  }"


def test_a_property_is_found_by_the_name_of_its_column(browser: Browser, static: str) -> None:
    with opened(browser, f"{static}sparql.de.html") as (page, _):
        panel = page.locator("[data-panel=ontology]")
        panel.get_by_role("searchbox").fill("ROR")
        found = panel.locator(".classes li", has_text="owl:sameAs")
        expect(found.first).to_contain_text("Auch verzeichnet als")
        expect(found.first).to_contain_text("Spalte „ror“: ROR-Kennung ohne Adresse (05q5pk319)")
        classes = (
            panel.locator(".classes details", has_text="owl:sameAs").locator("summary").all_inner_texts()
        )
        assert any(one.startswith("Organisation") for one in classes)
        assert not any(
            one.startswith(("Region", "Ort")) for one in classes
        )  # their tables have no such column
        offered = page.evaluate(
            "text => transfergraphWorkbench.options(text, text.length, true).options.map(one => one.label)",
            "SELECT * { ?x ror",
        )
        assert any(one.startswith("owl:sameAs") for one in offered)


def test_examples_are_those_of_the_saved_questions_in_the_language_of_the_page(
    browser: Browser, start: str, saxony: tg.Release
) -> None:
    question = next(one for one in saxony.questions if one.name == "alliances")
    with opened(browser, f"{start}sparql.en.html") as (page, _):
        page.locator("summary", has_text=question.summary.in_language("en")).click()
        page.locator("details[open] [data-example]").first.click()
        page.wait_for_selector("#result tbody tr")
        text = page.evaluate("transfergraphWorkbench.field.text")
        assert text.startswith(f"# {question.summary.in_language('en')}\n") and "#+" not in text
        assert len(table(page)) == len(found(saxony, question.text))


# Without scripts, narrow, dark, small


def test_without_scripts_the_server_answers_and_a_site_says_what_there_is(
    browser: Browser, server: Served, static: str
) -> None:
    with opened(browser, f"{server.url}sparql.de.html", scripts=False) as (page, _):
        page.locator("textarea").fill(PROJECTS)
        page.get_by_role("button", name="Ausführen").click()
        assert page.locator("tbody tr").count() > 5
        assert not page.locator("[data-panel=history]").is_visible()
    with opened(browser, f"{static}sparql.de.html", scripts=False) as (page, _):
        assert "Ohne JavaScript" in page.locator("main").inner_text()


def test_a_large_graph_is_loaded_on_demand(browser: Browser, static: str) -> None:
    query = quote("ASK {}")
    large = {"sparql.de.html": (r'"triples":\d+', '"triples":100001')}
    with opened(browser, f"{static}sparql.de.html?query={query}", routed=large) as (page, watch):
        page.get_by_role("button", name="100.001 Aussagen laden und ausführen").wait_for()
        assert not any("worker.js" in url for url in watch.requests)
        page.get_by_role("button", name="100.001 Aussagen laden und ausführen").click()
        page.wait_for_selector("#result .word")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (390, True), (1280, False)])
def test_the_workbench_is_accessible_in_both_schemes_and_at_each_width(
    browser: Browser, static: str, width: int, dark: bool
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make peers)")
    with opened(browser, f"{static}sparql.de.html", size=(width, 900), dark=dark) as (page, _):
        asked(page, PROJECTS)
        page.get_by_text("Für andere Programme").click()
        page.get_by_text("Frühere Abfragen").click()
        page.evaluate(AXE.read_text("utf-8"))
        for view in ("Tabelle", "Diagramm", "Netz"):
            if page.get_by_role("button", name=view).count():
                page.get_by_role("button", name=view).click()
                page.wait_for_selector("#result .picture > *")
                assert _axe(page) == []
        written(page, PREFIX + "SELECT * WHERE { ?x a tg:Project ;  }", "Project ; ")
        page.keyboard.press("Control+Space")
        offered(page)
        assert _axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def _axe(page: Page) -> list[str]:
    """What axe-core finds, but for one: the list of completions scrolls with the arrow keys, from the editor, as that of
    a combobox does, and takes no focus."""
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
        for one in result["violations"]
        for node in one["nodes"]
        if not (one["id"] == "scrollable-region-focusable" and 'role="listbox"' in node["html"])
    ]


def test_the_workbench_is_small_before_its_store(browser: Browser, static: str, site: Path) -> None:
    """200 kB for page, styles and scripts as web servers compress them; store and charts come when they are asked for."""
    with opened(browser, f"{static}sparql.de.html") as (page, watch):
        page.wait_for_load_state("networkidle")
        loaded = {url.removeprefix(static).partition("?")[0] for url in watch.requests} - {"favicon.ico"}
    assert {"sparql.de.html", "pages.css", "workbench/editor.js", "workbench/terms.js"} <= loaded
    assert not any("wasm" in one or "graph-" in one or "charts" in one for one in loaded)
    sizes = {one: len(gzip.compress((site / one).read_bytes())) for one in loaded}
    assert sum(sizes.values()) < 200_000, sizes


def test_only_the_worker_may_start_wasm(browser: Browser, server: Served) -> None:
    for path in ("sparql.html", "questions/alliances.html", "", "workbench/engine.js"):
        assert WASM not in server.get(path).field("content-security-policy")


# The saved questions


def test_a_question_is_asked_by_name_on_each_carrier(
    browser: Browser, start: str, server: Served, saxony: tg.Release
) -> None:
    with opened(browser, f"{start}questions/partners-of.de.html") as (page, _):
        field = page.locator("#field-organisation")
        if start == server.url:  # a site without pages about entities has no search
            field.fill("HSZG")  # another name
            page.wait_for_selector(".completing .popup:not([hidden])")
            (found,) = page.locator(".completing [role=option]").all_inner_texts()
            assert found.startswith("Hochschule Zittau/Görlitz")
        field.fill("hochschule zittau")
        until(page, "() => document.querySelector('.completing').dataset.for === 'hochschule zittau'")
        page.wait_for_selector(".completing .popup:not([hidden])")
        assert page.locator(".completing [role=option]").all_inner_texts() == ["Hochschule Zittau/Görlitz"]
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        assert field.input_value() == "Hochschule Zittau/Görlitz"
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("organisation=hszg"), wait_until="commit")
        if start != server.url:
            page.wait_for_selector("#result[data-done]")
        expected = saxony.question("partners-of", organisation="hszg")
        assert isinstance(expected, Answer)
        assert page.locator("#result tbody tr").count() == min(len(expected.rows), 100)
        assert page.locator("thead th").all_inner_texts()[:2] == ["Partner", "Vorhaben"]
        link = page.url
    with opened(browser, link) as (page, _):
        until(
            page,
            "count => document.querySelectorAll('#result tbody tr').length === count",
            min(len(expected.rows), 100),
        )
        assert page.locator("#field-organisation").input_value() == "Hochschule Zittau/Görlitz"


def test_fields_of_many_choices_ask_the_search(browser: Browser, server: Served) -> None:
    select = r'<select id="field-organisation".*?</select>'
    key = '<input id="field-organisation" name="organisation" type="text" data-kind="key" value="htw-dresden" required>'
    with opened(
        browser, f"{server.url}questions/partners-of.de.html", routed={"partners-of.de.html": (select, key)}
    ) as (page, watch):
        page.locator("#field-organisation").fill("HSZG")  # another name
        page.wait_for_selector(".completing .popup:not([hidden])")
        page.locator(".completing [role=option]").first.click()
        assert page.locator("#field-organisation").input_value() == "Hochschule Zittau/Görlitz"
        assert page.locator("input[name=organisation]").input_value() == "hszg"
        assert any("search.json" in url for url in watch.requests)


def test_the_script_binds_values_as_python_does(browser: Browser, static: str, saxony: tg.Release) -> None:
    given: dict[str, list[dict[str, str | int]]] = {
        "partners-of": [{"organisation": "hszg"}, {}],
        "find-organisation": [{"name": 'O\'Neil "x" \\ } ?s ?p ?o # \n'}, {"name": "görlitz"}],
        "running-in-year": [{"year": "2020"}],
    }
    base = saxony.manifest.base
    for name, several in given.items():
        question = next(one for one in saxony.questions if one.name == name)
        known = {one.name for one in question.parameters}
        with opened(browser, f"{static}questions/{name}.de.html") as (page, _):
            for values in several:
                assert values.keys() <= known
                here = bind(saxony.store, question, base, values)
                there = page.evaluate("values => transfergraphQuestion.bound(values)", values)
                assert there == here, values
    with opened(browser, f"{static}questions/running-in-year.de.html") as (page, _):
        for wrong in ("12", "20200", "abcd"):
            message = page.evaluate(
                "year => { try { return transfergraphQuestion.bound({year}); } catch (error) { return error.message; } }",
                wrong,
            )
            assert message.startswith("Der Wert passt nicht"), wrong


def test_the_table_of_a_question_is_sorted_and_its_map_drawn(browser: Browser, start: str) -> None:
    with opened(browser, f"{start}questions/organisations-on-the-map.de.html") as (page, _):
        head = page.get_by_role("button", name="Organisation", exact=True)
        head.click()
        names = page.locator("#result tbody td:last-child").all_inner_texts()
        assert names == sorted(names, key=str.casefold) or len(set(names)) == len(names)
        assert page.locator("th[aria-sort=ascending]").count() == 1
        page.locator("[data-pictures]").click()
        page.wait_for_selector("#result[data-done]")
        page.get_by_role("button", name="Karte").click()
        page.wait_for_selector("#result svg circle")
        assert page.url.endswith("view=map")
        assert page.locator("[data-run]").get_attribute("href")


def test_questions_stand_by_theme_in_the_language_of_the_page(
    browser: Browser, server: Served, saxony: tg.Release
) -> None:
    assert all(one.theme is not None for one in saxony.questions)
    for language, theme in (("de", "Förderung"), ("en", "Funding")):
        answer = server.get(f"questions/index.{language}.html").text
        assert re.search(rf"<h2 id=\"theme-\d\">{theme}</h2>", answer)
        assert answer.count("<h3><a ") == len(saxony.questions)


def test_a_question_works_without_scripts(browser: Browser, server: Served, static: str) -> None:
    with opened(browser, f"{server.url}questions/partners-of.de.html", scripts=False) as (page, _):
        page.locator("select").select_option("hszg")
        page.get_by_role("button", name="Frage stellen").click()
        assert "organisation=hszg" in page.url and page.locator("tbody tr").count() > 5
    with opened(browser, f"{static}questions/partners-of.de.html", scripts=False) as (page, _):
        assert not page.locator("form.question").is_visible()
        assert page.locator("#asked").is_visible() and page.locator("tbody tr").count() > 5


@pytest.mark.parametrize("dark", [False, True])
def test_a_question_is_accessible_narrow_and_wide(browser: Browser, static: str, dark: bool) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (make peers)")
    for width in (320, 1280) if not dark else (390,):
        with opened(browser, f"{static}questions/partners-of.de.html", size=(width, 900), dark=dark) as (
            page,
            _,
        ):
            page.evaluate(AXE.read_text("utf-8"))
            page.locator("#field-organisation").fill("zittau")
            page.wait_for_selector(".completing .popup:not([hidden])")
            assert _axe(page) == []
            page.keyboard.press("Escape")
            page.locator("[data-pictures]").click()
            page.wait_for_selector("#result[data-done]")
            page.get_by_role("button", name="Netz").click()
            page.wait_for_selector("#result svg")
            assert _axe(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_values_of_an_address_that_do_not_fit_are_told(browser: Browser, static: str) -> None:
    hostile = urlencode({"organisation": "<script>alert(1)</script>", "other": "x"})
    with opened(browser, f"{static}questions/partners-of.de.html?{hostile}") as (page, _):
        page.wait_for_selector("#result[data-done]")
        assert page.locator("#result script").count() == 0
        assert "<script>alert(1)</script>" in page.locator("#result [role=alert]").inner_text()
        assert page.locator("#field-organisation").input_value() == "<script>alert(1)</script>"
