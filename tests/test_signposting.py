"""Typed links by which programs find their way: FAIR Signposting, on a server and as files."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from server_fixture import BASE, HTW, Served

from transfergraph.common.formats import MEDIA_TYPES

Link = tuple[str, str, str]
RDF = {MEDIA_TYPES[ending] for ending in ("ttl", "nt", "jsonld", "rdf")}
RELATIONS = {"cite-as", "type", "author", "describedby", "item", "linkset", "license"}


def links(field: str) -> set[Link]:
    """Relation, target and media type of each link of a field (RFC 8288)."""
    found = set()
    for target, rest in re.findall(r"<([^>]*)>([^<]*)", field):
        parameters = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        found.add((parameters["rel"], target, parameters.get("type", "")))
    return found


class Elements(HTMLParser):
    """The ``link`` elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[Link] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "link":
            self.found.add((given["rel"] or "", given["href"] or "", given.get("type") or ""))


def signposts(found: set[Link]) -> set[Link]:
    return {one for one in found if one[0] in RELATIONS}


def of_set(text: str, anchor: str) -> set[Link]:
    """The links of a set of links (RFC 9264) from one place."""
    (context,) = [one for one in json.loads(text)["linkset"] if one["anchor"] == anchor]
    return {
        (relation, target["href"], target.get("type", ""))
        for relation, targets in context.items()
        if relation != "anchor"
        for target in targets
    }


@pytest.mark.parametrize(("local", "files"), [(HTW, 0), ("dataset/graph", 6), ("dataset/tables", -1)])
def test_a_page_leads_programs_to_what_it_is_about(server: Served, local: str, files: int) -> None:
    page = server.get(f"{local}.html", "text/html")
    assert len(page.field("link")) < 2900, "nginx takes fields of 4 KiB together, of any address"
    field = signposts(links(page.field("link")))
    by = {relation: {target for name, target, _ in field if name == relation} for relation in RELATIONS}
    assert by["cite-as"] == {BASE + local}
    assert by["linkset"] == {f"{server.url}{local}.linkset"}
    assert by["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
    assert {kind for name, _, kind in field if name == "describedby"} == RDF
    about = {"https://schema.org/AboutPage"}
    assert by["type"] == (about | {"https://schema.org/Dataset"} if files else about)
    assert by["author"] == ({f"{BASE}agent/publisher"} if files else set())
    assert signposts(Elements(page.text).found) == field
    if files >= 0:
        assert len(by["item"]) == files
    for name, target, kind in field:
        if target.startswith(server.url):
            answer = server.ask("/" + target.removeprefix(server.url), "HEAD")
            assert answer.status == 200 and answer.media_type == kind, (name, target)


def test_the_set_of_links_has_all_of_them_and_the_ways_back(server: Served) -> None:
    for local in (HTW, "dataset/graph", "dataset/tables"):
        answer = server.get(f"{local}.linkset")
        assert answer.media_type == "application/linkset+json"
        page = f"{server.url}{local}.html"
        field = signposts(links(server.get(f"{local}.html").field("link")))
        whole = of_set(answer.text, page)
        assert field - {one for one in field if one[0] == "linkset"} <= whole
        items = {target for name, target, _ in whole if name == "item"}
        assert items == {context["anchor"] for context in answer.json["linkset"] if "collection" in context}
        for context in answer.json["linkset"][1:]:
            (relation,) = context.keys() - {"anchor"}
            assert context[relation] == [{"href": page, "type": "text/html"}]
    tables = of_set(server.get("dataset/tables.linkset").text, f"{server.url}dataset/tables.html")
    assert sum(name == "item" for name, _, _ in tables) > 16  # more than a field can take


def test_a_file_leads_back_to_its_dataset(server: Served) -> None:
    for path, local in (
        ("data/graph.nt.gz", "dataset/graph"),
        ("data/cells.nt.gz", "dataset/graph"),
        ("data/tables/saxony/projects.csv", "dataset/tables"),
        ("ontology/transfergraph.ttl", "dataset/ontology"),
    ):
        field = links(server.ask(f"/{path}", "HEAD").field("link"))
        assert ("collection", f"{server.url}{local}.html", "text/html") in field
    assert "collection" not in {one[0] for one in links(server.ask("/catalog.ttl", "HEAD").field("link"))}


def test_files_of_a_site_lead_as_the_server_does(saxon_site: Path) -> None:
    start = "http://localhost/"
    for local in (HTW, "dataset/graph"):
        page = (saxon_site / f"{local}.en.html").read_text("utf-8")
        stated = signposts(Elements(page).found)
        listed = of_set((saxon_site / f"{local}.linkset").read_text("utf-8"), f"{start}{local}.html")
        assert stated - {("linkset", f"{start}{local}.linkset", "application/linkset+json")} == listed
        for _, target, _ in stated:
            if target.startswith(start):
                assert (saxon_site / target.removeprefix(start)).is_file(), target
    assert "application/linkset+json linkset;" in (saxon_site / "server-config/nginx.conf").read_text("utf-8")
    assert "AddType application/linkset+json .linkset" in (saxon_site / ".htaccess").read_text("utf-8")


def test_later_pages_cite_the_same_and_have_no_set_of_their_own(server: Served) -> None:
    most = (
        f'SELECT ?o (COUNT(?s) AS ?n) {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), "{BASE}")) }} '
        "GROUP BY ?o ORDER BY DESC(?n) LIMIT 1"
    )
    local = server.rows(most)[0]["o"].removeprefix(BASE)
    field = links(server.get(f"{local}.page-2.html").field("link"))
    assert ("cite-as", BASE + local, "") in field
    assert ("linkset", f"{server.url}{local}.linkset", "application/linkset+json") in field
    assert ("describedby", f"{server.url}{local}.page-2.ttl", "text/turtle") in field
    assert server.ask(f"/{local}.page-2.linkset").status == 404
