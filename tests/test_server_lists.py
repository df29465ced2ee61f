"""Lists over HTTP: the page, the files, and what nonsense in the address gets."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from openpyxl import load_workbook
from pages_fixture import Read
from server_fixture import Served

import transfergraph as tg

LAUSITZ = "inRegion=region/lausitz"


def names(served: Served, address: str) -> list[str]:
    rows = csv.DictReader(io.StringIO(served.get(address).text))
    return [row["Name"] for row in rows]


def test_a_page_has_facets_as_links_rows_counts_and_sums(server: Served) -> None:
    answer = server.get(f"projects/index.de.html?{LAUSITZ}&sums=type")
    assert answer.status == 200 and answer.field("content-language") == "de"
    page = Read(answer.text)
    assert "Einträge: 10 von 32" in page.words and "In der Region: Lausitz" in page.words
    chosen = [one for one in page.all("a") if one.get("aria-current") == "true" and "data-value" in one]
    assert [one["data-value"] for one in chosen] == ["region/lausitz"]
    assert chosen[0]["href"].endswith("/projects/index.de.html?sums=type")  # leads to the list without it
    assert "992.711,53 EUR" in page.words and "Einträge: 10; mit Betrag: 3; addiert: 3." in page.words
    assert (
        "<form" in answer.text
        and 'name="columns"' in answer.text
        and answer.field("x-robots-tag") == "noindex"
    )


def test_a_workbook_speaks_the_language_and_its_numbers_can_be_added(server: Served) -> None:
    def sheet(asked: str, language: str) -> list[dict[str, object]]:
        answer = server.get(f"{asked}&language={language}")
        header, *rows = load_workbook(io.BytesIO(answer.body)).worksheets[0].iter_rows(values_only=True)
        return [dict(zip(map(str, header), row, strict=True)) for row in rows]

    amount = "Zuwendungen: Betrag, EUR"
    found = {
        row["Name"]: (row[amount], row[f"{amount}: Angabe"])
        for row in sheet("alliances/index.xlsx?columns=funds.amount.EUR", "de")
    }
    assert found["recomine"] == ("15000000; 6000000", "höchstens; genau")
    assert found["SmartERZ"] == (6_000_000, None)
    by_language = {
        language: {row["IRI"]: row[start] for row in sheet("projects/index.xlsx?columns=start", language)}
        for language, start in (("de", "Beginn"), ("en", "start"))
    }
    smarthydro = "https://w3id.org/transfergraph/saxony/undertaking/smarthydro"
    assert by_language["de"][smarthydro] == "etwa Dezember 2019"
    assert by_language["en"][smarthydro] == "about December 2019"


def test_every_link_of_a_list_leads_to_a_whole_page_with_the_count_that_it_tells(server: Served) -> None:
    page = server.get(f"projects/index.en.html?{LAUSITZ}").text
    found = re.findall(
        r'<a href="\.\./projects/(index[^"]*)" data-value="([^"]*)".*?class="count">([0-9]+)<', page
    )
    found = [one for one in found if LAUSITZ not in one[0] or one[1] != "region/lausitz"]
    assert len(found) > 40
    for href, value, count in found[::4]:
        answer = server.get("projects/" + href.replace("&amp;", "&"))
        assert answer.status == 200, href
        if "inRegion=" in href and href.count("inRegion=") == 1:
            assert {*re.findall(r"Entries: ([0-9]+) of", answer.text)} == {count}, (href, value)


def test_the_same_list_is_had_as_files_and_as_its_query(server: Served) -> None:
    asked = f"{LAUSITZ}&columns=type,start"
    table = list(csv.reader(io.StringIO(server.get(f"projects/index.csv?{asked}&language=de").text)))
    assert table[0] == ["iri", "Name", "Art", "Beginn"] and len(table) == 11
    workbook = load_workbook(io.BytesIO(server.get(f"projects/index.xlsx?{asked}&language=de").body))
    assert workbook.sheetnames == ["Liste", "Über diese Liste"]
    sheet = [[cell or "" for cell in row] for row in workbook["Liste"].iter_rows(values_only=True)]
    assert sheet[0] == ["IRI", *table[0][1:]] and sheet[1:] == table[1:]
    about = {row[0]: row[1] for row in workbook["Über diese Liste"].iter_rows(values_only=True)}
    assert about["Gewählt"] == "in der Region: Lausitz"
    values = server.get(f"projects/index.json?{asked}&language=de").json
    assert [[row["iri"], row["name"]] for row in values["rows"]] == [row[:2] for row in table[1:]]
    assert values["total"] == 10 and values["sums"][0]["sum"] == "992711.53"
    query = server.get(f"projects/index.rq?{asked}")
    assert query.media_type == "application/sparql-query" and str(about["SPARQL-Abfrage"]) == query.text
    answer = server.rows(query.text)
    assert {row["thing"] for row in answer} == {row[0] for row in table[1:]}
    turtle = server.get(f"projects/index.ttl?{asked}")
    triples = [*ox.parse(turtle.body, format=ox.RdfFormat.TURTLE)]
    assert turtle.media_type == "text/turtle"
    assert {one.subject.value for one in triples} == {row[0] for row in table[1:]}
    count = server.rows(
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {{ SELECT DISTINCT ?s ?p ?o WHERE {{ ?s ?p ?o . {_values(triples)} }} }} }}"
    )
    assert int(count[0]["n"]) == len(triples)


def _values(triples: list[ox.Quad]) -> str:
    rows = " ".join(f"({one.subject} {one.predicate} {one.object})" for one in triples)
    return f"VALUES (?s ?p ?o) {{ {rows} }}"


def test_a_list_without_parameters_is_had_as_files_too_and_negotiated(server: Served) -> None:
    whole = names(server, "projects/index.csv")
    assert len(whole) == 32
    for accept, kind in (
        ("text/csv", "text/csv"),
        ("application/json", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/html", "text/html"),
    ):
        for address in ("/projects/", f"/projects/?{LAUSITZ}"):
            answer = server.ask(address, headers={"Accept": accept})
            assert (answer.status, answer.media_type) == (200, kind), (address, accept)
    assert server.ask("/projects/", headers={"Accept": "image/png"}).status == 406


def test_names_are_in_the_language_and_in_its_order(server: Served) -> None:
    german, english = (
        names(server, f"organisations/index.csv?sort=name&language={one}") for one in ("de", "en")
    )
    assert len(german) == len(english) == 54 and german != english
    assert names(server, "organisations/index.csv?sort=-name&language=en") == english[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "nonsense=1",
        "inRegion=region/atlantis",
        f"inRegion={quote('<script>alert(1)</script>')}",
        "sort=inRegion",
        "columns=nothing",
        "sums=start-end",
        "all=nothing",
        "page=0",
        "page=x",
        "start=20211",
        "funds.amount.EUR=3",
        f"{quote('الاسم')}={quote(chr(0) + 'x')}",
        "type=" + "x" * 3000,
        "&".join(f"source=source/{number}" for number in range(90)),
    ],
)
def test_nonsense_in_the_address_gives_the_list_without_it_and_says_so(server: Served, query: str) -> None:
    answer = server.get(f"projects/index.en.html?{query}")
    assert answer.status == 400 and "which was left out" in answer.text and "<script>alert" not in answer.text
    assert "AFiin" in answer.text and "</html>" in answer.text
    file = server.get(f"projects/index.csv?{query}")
    assert file.status == 400 and file.media_type == "application/problem+json"


def test_a_page_beyond_the_last_says_so(server: Served) -> None:
    answer = server.get("projects/index.en.html?page=7&type=scheme/project-kind/research-and-development")
    assert answer.status == 404 and "There is no page 7; the list has 1." in answer.text
    assert "To the last page" in answer.text
    assert server.get("projects/index.page-7.en.html").status == 404
    far = server.get("projects/index.en.html?page=999999999&sort=-start")
    assert far.status == 404 and "There is no page 999,999,999" in far.text


def test_no_entry_for_a_choice_is_said(server: Served) -> None:
    answer = server.get("projects/index.en.html?start=1850")
    assert answer.status == 200 and "No entry fits these choices." in answer.text
    assert "Entries: 0 of 32" in answer.text


def test_a_file_has_all_rows_of_all_pages(server: Served, saxony: tg.Release) -> None:
    answer = server.get("sources/index.csv?sort=-name")
    assert len(answer.text.splitlines()) == saxony.manifest.counts["sources"] + 1


def test_other_addresses_with_parameters_are_answered_as_before(server: Served) -> None:
    assert server.get("nothing/?x=1").status == 404
    assert server.get("index.de.html?x=1").status == 200
    assert server.get("projects/index.page-1.de.html?type=-").status in (200, 404)
