"""The pages as HTML: what they say, where they lead, and that nothing in the data can break them."""

from __future__ import annotations

import dataclasses
import json
from html import escape, unescape
from itertools import pairwise
from pathlib import Path

import markupsafe
import pyoxigraph as ox
import pytest
from pages_fixture import BASE, SITE, STATED, Read, loaded, store_of

import transfergraph as tg
from transfergraph import Text
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.term_lists import read_turtle
from transfergraph.web import document_terms as terms
from transfergraph.web import site_pages as html
from transfergraph.web.entity_document import PAGE, find_document
from transfergraph.web.entity_lists import MANY, ListEntry, Listing, Overview, read_listing
from transfergraph.web.entity_page import render_entity
from transfergraph.web.ontology_page import read_ontology, render_ontology, vocabulary
from transfergraph.web.start_page import render_start

RECOMINE = BASE + "undertaking/recomine"


def page_of(store: EmbeddedStore, iri: str, language: str = "de", page: int = 1) -> str:
    document = find_document(store, BASE, iri, page)
    assert document is not None
    return render_entity(document, SITE, language)


@pytest.fixture(scope="module")
def recomine(saxony: tg.Release) -> str:
    return page_of(saxony.store, RECOMINE)


def test_a_page_says_what_is_known(recomine: str) -> None:
    read = Read(recomine)
    assert read.all("html") == [{"lang": "de"}]
    for words in (
        "recomine ist ein Bündnis mit Sitz in Freiberg",
        "Bündnis im Erzgebirge, das Umwelttechnik",
        "Helmholtz-Institut Freiberg für Ressourcentechnologie Forschungsinstitut Koordination",
        "Mindestens 40 Partner",
        "höchstens 15.000.000 EUR",
        "Auswahl von recomine bei WIR! Auswahl 21. März 2019",
        "Sächsische Projekte für Innovation und Transfer bei futureSAX, futureSAX.",
        "abgerufen am 12. März 2025",
        "Release 2026.11-0123456789ab vom 24. November 2026",
        "CC BY 4.0",
        RECOMINE,
    ):
        assert words in read.words, words


def test_money_is_shown_with_its_currency_and_titles_stand_with_the_names(saxony: tg.Release) -> None:
    statement = Read(page_of(saxony.store, f"{BASE}statement/recomine-funding-total", "en")).words
    assert "Amount EUR 12,700,000" in statement
    assert "authority/currency" not in statement
    grant = Read(page_of(saxony.store, f"{BASE}funding/recomine-wir-2019")).words
    assert "Betrag höchstens 15.000.000 EUR" in grant
    project = Read(page_of(saxony.store, f"{BASE}undertaking/smarthydro")).words
    assert "Auf einen Blick Titel Technologieentwicklung für intelligente Tankträgersysteme" in project


def test_of_what_sources_say_the_latest_comes_first_and_a_season_at_its_place(saxony: tg.Release) -> None:
    words = Read(page_of(saxony.store, f"{BASE}undertaking/smarterz", "en")).words
    dated = ("July 2021", "December 2019", "spring 2019", "October 2018", "2018 ")
    places = [words.index(f"partners, as of {date}") for date in dated]
    assert places == sorted(places)


def test_a_publisher_with_a_full_stop_gets_no_second_one(saxony: tg.Release) -> None:
    words = Read(page_of(saxony.store, f"{BASE}undertaking/reminingplus")).words
    assert "Tharandter Wald e.V. " in words
    assert "e.V.." not in words


def test_headings_descend_one_by_one(recomine: str) -> None:
    levels = [int(tag[1]) for tag, _ in Read(recomine).elements if tag in ("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_number_of_a_source_leads_to_it(recomine: str) -> None:
    read = Read(recomine)
    anchors = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
    cited = [link for link in read.links if link.startswith("#source-")]
    assert len(cited) > 30
    assert all(link[1:] in anchors for link in read.links if link.startswith("#"))
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_links_stay_under_the_prefix_or_are_marked(recomine: str) -> None:
    anchors = [a for a in Read(recomine).all("a") if not a["href"].startswith("#")]
    assert "/graph/organisation/hif.de.html" in {a["href"] for a in anchors}
    for anchor in anchors:
        if anchor["href"].startswith("/graph/"):
            assert "rel" not in anchor or anchor["rel"] in ("prev", "next")
        else:
            assert anchor["href"].startswith(("https://", "http://"))
            assert "noreferrer" in anchor["rel"]


def test_the_head_names_the_other_forms(recomine: str) -> None:
    links = Read(recomine).all("link")
    url = "https://data.agency.example/graph/undertaking/recomine"
    assert {"rel": "canonical", "href": f"{url}.de.html"} in links
    assert {link["hreflang"]: link["href"] for link in links if "hreflang" in link} == {
        "de": f"{url}.de.html",
        "en": f"{url}.en.html",
        "x-default": f"{url}.html",
    }
    forms = (link for link in links if link["rel"] == "alternate" and "type" in link)
    assert {link["type"]: link["href"] for link in forms} == {
        "text/turtle": "/graph/undertaking/recomine.ttl",
        "application/n-triples": "/graph/undertaking/recomine.nt",
        "application/ld+json": "/graph/undertaking/recomine.jsonld",
        "application/rdf+xml": "/graph/undertaking/recomine.rdf",
    }
    assert {"rel": "license", "href": SITE.licence} in links
    assert [link["href"] for link in links if link["rel"] == "stylesheet"] == ["/graph/pages.css"]


def test_there_is_no_script_but_the_colours_and_a_data_block_for_search_engines(recomine: str) -> None:
    read = Read(recomine)
    assert read.all("script") == [{"src": "/graph/scheme.js"}, {"type": "application/ld+json"}]
    assert not [name for _, attributes in read.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in read.elements if "style" in attributes]
    assert not [tag for tag, _ in read.elements if tag in ("style", "iframe", "img", "object", "base")]
    block = recomine.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    data = json.loads(block)
    assert data["@id"] == RECOMINE
    assert data["@type"] == "Consortium"
    assert data["location"] == {"@id": BASE + "place/freiberg", "name": "Freiberg"}
    assert data["subjectOf"]["license"] == SITE.licence
    assert "<" not in block


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_entity_has_a_page(saxony: tg.Release, language: str) -> None:
    entities = sorted(
        {
            str(row[0].value)
            for row in saxony.store.select(
                f"SELECT DISTINCT ?entity {{ {STATED.format('?entity a ?class')} }}"
            ).rows
            if row[0] is not None and str(row[0].value).startswith((BASE, terms.SCHEMES))
        }
    )
    assert len(entities) > 500
    for number, entity in enumerate(entities):
        if number % 5 == 0:
            page = page_of(saxony.store, entity, language)
            assert "{" not in Read(page).text, entity
            assert page.endswith("</html>\n")


def test_the_other_language_says_it_in_its_own_words(saxony: tg.Release) -> None:
    read = Read(page_of(saxony.store, BASE + "organisation/hszg", "en"))
    for words in ("Takes part in", "Cooperates with", "Shared undertakings", "At a glance", "Cite as"):
        assert words in read.words
    assert "Zusammenarbeit" not in read.words and "Quelle" not in read.words


def test_a_name_in_another_language_says_so(tmp_path: Path) -> None:
    store = store_of(
        tmp_path, '<place/a> a tg:Place ; skos:prefLabel "Ort"@de ; dct:description "Nur deutsch."@de .'
    )
    page = page_of(store, BASE + "place/a", "en")
    assert '<h1><bdi lang="de">Ort</bdi></h1>' in page
    assert '<p class="text" lang="de" dir="auto">Nur deutsch.</p>' in page
    assert 'lang="de">Ort' not in page_of(store, BASE + "place/a", "de")


def test_pages_of_much_lead_to_each_other(tmp_path: Path) -> None:
    many = "".join(
        f'<organisation/{n:04}> tg:seat <place/a> ; skos:prefLabel "O{n}"@de .\n' for n in range(2 * PAGE + 5)
    )
    store = store_of(tmp_path, f'<place/a> a tg:Place ; skos:prefLabel "Ort"@de .\n{many}')
    first, second, third = (Read(page_of(store, BASE + "place/a", page=page)) for page in (1, 2, 3))
    assert f"1 bis {PAGE} von {2 * PAGE + 5}" in first.words
    assert "Seite 2 von 3" in second.words
    steps = {link["rel"]: link["href"] for link in second.all("link") if link["rel"] in ("prev", "next")}
    assert steps == {"prev": "/graph/place/a.de.html", "next": "/graph/place/a.page-3.de.html"}
    assert "/graph/place/a.page-2.de.html" in first.links
    assert [link["href"] for link in third.all("link") if link["rel"] == "next"] == []
    turtle = (link for link in third.all("link") if link.get("type") == "text/turtle")
    assert {(link["rel"], link["href"]) for link in turtle} == {
        ("alternate", "/graph/place/a.page-3.ttl"),
        ("describedby", "https://data.agency.example/graph/place/a.page-3.ttl"),
    }


EVIL = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></h1></script><script>alert(1)</script>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;script&gt; <!-- ]]>",
    "\u202eevil\u2066",
    "مرحبا بالعالم",
    "%3Cscript%3E",
    "nul\u0007bell",
)


@pytest.mark.parametrize("evil", EVIL)
def test_nothing_in_the_data_becomes_markup(tmp_path: Path, evil: str) -> None:
    """The same text stands in every literal that a page can show."""
    harmless = Read(_hostile_page(tmp_path, "harmless"))
    page = _hostile_page(tmp_path, evil)
    read = Read(page)
    assert [tag for tag, _ in read.elements] == [tag for tag, _ in harmless.elements]
    assert [set(attributes) for _, attributes in read.elements] == [set(a) for _, a in harmless.elements]
    assert evil.replace("\u0007", "\ufffd").split()[0] in read.text
    assert all(link.startswith(("/graph/", "#", "https://")) for link in read.links)


def _hostile_page(folder: Path, text: str) -> str:
    """A page about an undertaking of which everything is called ``text``."""
    thing, other, record, source, statement = (
        ox.NamedNode(BASE + path)
        for path in ("undertaking/x", "organisation/y", "participation/z", "source/s", "statement/t")
    )
    german, english, bare = ox.Literal(text, language="de"), ox.Literal(text, language="en"), ox.Literal(text)
    graph = ox.NamedNode(BASE + "graph/evil")
    stated: list[tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]] = [
        (thing, terms.TYPE, ox.NamedNode(terms.TG + "Alliance")),
        (statement, terms.ABOUT, thing),
        (statement, terms.VALUE, bare),
        (statement, terms.AS_OF, bare),
        (statement, terms.NOTE, german),
        (record, terms.PARTICIPATES_IN, thing),
        (record, terms.PARTICIPANT, other),
        (record, terms.ROLE, ox.NamedNode(terms.SCHEMES + "role/evil")),
        (record, terms.AMOUNT, bare),
        (record, terms.START, bare),
        (record, terms.SOURCE, source),
        (source, terms.PUBLISHER, bare),
        (source, terms.RETRIEVED, bare),
        (source, terms.WEB_PAGE, ox.NamedNode("javascript:alert(1)")),
        (source, terms.LICENCE, ox.NamedNode("data:text/html,x")),
        (thing, terms.SOURCE, source),
        (thing, terms.HOMEPAGE, ox.NamedNode("javascript:alert(1)")),
        (thing, terms.START, bare),
        (thing, "https://example.org/property/%22%3E", bare),
        (ox.NamedNode("https://example.org/elsewhere"), "https://example.org/points", thing),
    ]
    for named in (thing, other, source, ox.NamedNode(terms.SCHEMES + "role/evil")):
        for property_ in (terms.PREF_LABEL, terms.ALT_LABEL, terms.DESCRIPTION):
            stated.extend(((named, property_, german), (named, property_, english)))
    store = loaded(folder, (ox.Quad(s, ox.NamedNode(p), o, graph) for s, p, o in stated))
    return page_of(store, thing.value)


def test_a_text_of_a_megabyte_is_cut_on_the_page_and_whole_in_rdf(tmp_path: Path) -> None:
    long = "Wort " * 200_000
    store = store_of(
        tmp_path, f'<place/a> a tg:Place ; skos:prefLabel "{long}"@de ; dct:description "{long}"@de .'
    )
    page = page_of(store, BASE + "place/a")
    assert len(page) < 40_000
    assert "Gekürzt" in page
    document = find_document(store, BASE, BASE + "place/a")
    assert document is not None
    assert sum(len(str(triple.object)) for triple in document.triples) > 2_000_000


def test_what_the_pages_do_not_know_is_told_by_its_name(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """<thing/a> a <https://example.org/Widget> ; rdfs:label "Ding" ; <https://example.org/colour> "blau" ;
        <https://example.org/flag> true ; <https://example.org/when> "2020-01-02"^^xsd:date .
        <thing/b> <https://example.org/likes> <thing/a> .""",
    )
    read = Read(page_of(store, BASE + "thing/a"))
    for words in ("Colour blau", "Flag ja", "When 2. Januar 2020", "Verweise hierher: Likes", "Ding"):
        assert words in read.words


def test_the_start_page_leads_everywhere(saxony: tg.Release) -> None:
    manifest = saxony.manifest
    overview = Overview(manifest.counts, read_listing(saxony.store, SITE, "alliances"), saxony.questions)
    read = Read(render_start(SITE, "de", overview))
    assert (
        "5 Bündnisse" in read.words and "54 Organisationen" in read.words and "91 Beteiligungen" in read.words
    )
    for path in (
        "organisations/index.de.html",
        "undertaking/recomine.de.html",
        "questions/index.de.html",
        "network.html#lang=de&site=1",
        "sparql.de.html",
        "ontology.de.html",
        "about.de.html",
        "download.de.html",
        "index.en.html",
    ):
        assert f"/graph/{path}" in read.links, path


def test_a_site_without_an_endpoint_offers_none(saxony: tg.Release) -> None:
    still = dataclasses.replace(SITE, endpoint=False)
    overview = Overview({}, read_listing(saxony.store, SITE, "alliances"), saxony.questions)
    links = [link for link in Read(render_start(still, "en", overview)).links if "sparql" in link]
    assert [link.rpartition("/")[2] for link in links] == [
        "sparql.en.html"
    ]  # the page that computes by itself
    question = html.render_question(saxony.questions[0], None, still, "en")
    assert not [link for link in Read(question).links if "?query=" in link]


@pytest.mark.parametrize("key", sorted(SITE.presentation.lists))
def test_a_list_names_everything_of_its_kind(saxony: tg.Release, key: str) -> None:
    listing = read_listing(saxony.store, SITE, key)
    assert len(listing.entries) == saxony.manifest.counts[key]
    read = Read(html.render_list(listing, SITE, "de"))
    for entry in listing.entries:
        link = SITE.link(entry.iri, "de")
        assert link.target and link.target in read.links
        assert " ".join(entry.label.in_language("de").split()) in read.words


def test_a_long_list_has_pages_in_the_order_of_the_alphabet() -> None:
    names = [f"{letter}{n:03}" for n in range(70) for letter in ("ä", "B", "c", "Z", "9")]
    listing = Listing(
        "places", tuple(ListEntry(f"{BASE}place/{name}", Text(de=name, en=name), None) for name in names)
    )
    assert listing.pages == 2
    first, second = (Read(html.render_list(listing, SITE, "de", page)).words for page in (1, 2))
    assert first.index("9000") < first.index("ä000") < first.index("B000") < first.index("c000")
    assert "Z069" not in first and "Z069" in second
    assert Read(html.render_list(Listing("labs", ()), SITE, "en")).words.count("The release holds none.") == 1


def test_a_list_of_very_many_is_read_page_by_page(tmp_path: Path) -> None:
    count = MANY + 1
    store = store_of(
        tmp_path,
        "".join(f'<place/{n:05}> a tg:Place ; skos:prefLabel "Ort {count - n}"@de .\n' for n in range(count)),
    )
    listing = read_listing(store, SITE, "places", 2)
    assert (listing.count, listing.pages, len(listing.entries)) == (count, 34, 300)
    read = Read(html.render_list(listing, SITE, "de", 2))
    assert "10.001 Einträge" in read.words and f"Ort {count - 300}" in read.words
    assert [link for link in read.links if "/place/" in link][:2] == [
        "/graph/place/00300.de.html",
        "/graph/place/00301.de.html",
    ]


def test_the_ontology_is_documented_in_both_languages(saxony: tg.Release) -> None:
    alignments = list(read_turtle(saxony.path / "ontology" / "alignments.ttl"))
    ontology = read_ontology(vocabulary(saxony.store, BASE), alignments, ("0.1.0", "0.0.9"))
    german, english = (Read(render_ontology(ontology, SITE, language)) for language in ("de", "en"))
    for read in (german, english):
        anchors = {attributes["id"] for _, attributes in read.elements if "id" in attributes}
        assert all(link[1:] in anchors for link in read.links if link.startswith("#"))
        for iri in {
            t.subject.value for t in vocabulary(saxony.store, BASE) if isinstance(t.subject, ox.NamedNode)
        }:
            if iri.startswith(terms.TG):
                assert iri.removeprefix(terms.TG) in anchors
                assert "tg:" + iri.removeprefix(terms.TG) in read.text
        assert "org:OrganizationalCollaboration" in read.text
        assert {"/graph/ontology.ttl", "/graph/ontology.jsonld"} <= set(read.links)
    assert "Bündnis Alliance tg:Alliance Auf Dauer angelegte Zusammenarbeit" in german.words
    assert "Unterklasse von Vorhaben" in german.words and "Subclass of Undertaking" in english.words
    assert "Koordination Coordinator coordinator Führt ein Bündnis" in german.words
    assert "/graph/scheme/role/coordinator.de.html" in german.links
    assert "/graph/ontology/0.0.9.de.html" in german.links
    assert "Lightweight Uplands" in english.words


def test_an_older_version_of_the_ontology_says_which_it_is() -> None:
    old = ox.parse(
        '<https://w3id.org/transfergraph/ontology> <http://www.w3.org/2002/07/owl#versionInfo> "0.0.9" .',
        format=ox.RdfFormat.TURTLE,
    )
    ontology = read_ontology((quad.triple for quad in old), versions=("0.1.0", "0.0.9"))
    links = Read(render_ontology(ontology, SITE, "en", "ontology/0.0.9")).all("link")
    assert {"rel": "canonical", "href": f"{SITE.url}ontology/0.0.9.en.html"} in links


def test_what_is_not_there_says_so_and_leads_on() -> None:
    page = html.render_not_found(SITE, "de", "/graph/<script>alert(1)</script>" + "x" * 10_000)
    read = Read(page)
    assert "Nicht gefunden" in read.words and "<script>alert(1)" in read.text
    assert read.all("script") == [{"src": "/graph/scheme.js"}] and len(page) < 6_000
    assert {"name": "robots", "content": "noindex"} in read.all("meta")
    assert "/graph/index.de.html" in read.links


def test_what_is_gone_leads_to_its_successor() -> None:
    gone = html.GoneEntity(
        BASE + "organisation/old",
        Text(de="Alte AG", en="Old Ltd"),
        "2026.05-abc",
        BASE + "organisation/ult",
        Text(de="ULT AG", en="ULT AG"),
    )
    read = Read(html.render_gone(gone, SITE, "de"))
    assert "Alte AG stand zuletzt im Release 2026.05-abc" in read.words
    assert "An seine Stelle trat ULT AG." in read.words
    assert "/graph/organisation/ult.de.html" in read.links
    alone = Read(html.render_gone(dataclasses.replace(gone, successor=None), SITE, "en"))
    assert "Old Ltd was last part of the release 2026.05-abc" in alone.words and "replaced" not in alone.words
    evil = html.GoneEntity(
        BASE + "x", Text(de="<b>", en="<b>"), "r", "javascript:alert(1)", Text(de="y", en="y")
    )
    assert not [link for link in Read(html.render_gone(evil, SITE, "de")).links if "javascript" in link]


def test_the_same_arguments_give_the_same_bytes(saxony: tg.Release, recomine: str) -> None:
    assert page_of(tg.open(saxony.path).store, RECOMINE) == recomine


def test_another_prefix_changes_every_link(saxony: tg.Release, recomine: str) -> None:
    document = find_document(saxony.store, BASE, RECOMINE)
    assert document is not None
    root = dataclasses.replace(SITE, url="https://data.agency.example/")
    assert render_entity(document, root, "de") == recomine.replace("/graph/", "/")


def test_partners_and_undertakings_lead_into_the_network_and_can_be_embedded(
    saxony: tg.Release, recomine: str
) -> None:
    fragment = "ego=undertaking/recomine&depth=2&lang=de"
    assert f"/graph/network.html#{fragment}" in {a["href"] for a in Read(recomine).all("a")}
    frame = f'<iframe src="{SITE.url}network.html#{escape(fragment)}&amp;bare=1" width="800" height="600"'
    assert str(markupsafe.escape(frame)) in recomine


def test_every_other_page_shows_those_whom_it_concerns(saxony: tg.Release) -> None:
    for local, shown in {
        "region/kreis-goerlitz": "regions=region/kreis-goerlitz",
        "region/erzgebirge": "alliances=undertaking/recomine&alliances=undertaking/smarterz",
        "programme/wir": "programmes=programme/wir",
        "topic/mining-waste": "topics=topic/mining-waste",
        "place/chemnitz": "places=place/chemnitz",
        "place/ehrenfriedersdorf": "ego=undertaking/terzinn&depth=1",
        "source/recomine-startseite": "sources=source/recomine-startseite",
        "participation/recomine~hif~coordinator": "ego=undertaking/recomine&depth=1&node=organisation/hif",
        "funding/recomine-wir-2019": "ego=undertaking/recomine&depth=1",
        "event/recomine-selection-2019": "ego=undertaking/recomine&depth=1",
        "event/transfer-roadshow": "ego=organisation/futuresax&depth=1",
        "aim/recomine-strategy": "ego=undertaking/recomine-initial-projects&depth=1",
        "statement/recomine-partners-futuresax": "ego=undertaking/recomine&depth=1",
    }.items():
        assert f'network.html#{shown}&lang=de"' in unescape(page_of(saxony.store, BASE + local)), local
    role = "https://w3id.org/transfergraph/scheme/role/coordinator"
    assert f'network.html#roles={role}&lang=de"' in unescape(page_of(saxony.store, role))


def test_a_page_of_what_the_network_does_not_know_shows_none_of_it(saxony: tg.Release) -> None:
    for local in ("programme/wir-round-2", "source/bkg-vg250-2023", "statement/innovative-hochschule-budget"):
        links = [one for one in Read(page_of(saxony.store, BASE + local)).links if "network.html#" in one]
        assert links == [
            "/graph/network.html#ground=map&lang=de&site=1",
            "/graph/network.html#lang=de&site=1",
        ]


def test_what_an_entity_is_stands_above_its_name_once(saxony: tg.Release) -> None:
    kinds = {
        "organisation/hszg": ["Hochschule für Angewandte Wissenschaften"],
        "undertaking/terzinn": ["Projekt", "Forschung und Entwicklung"],
        "undertaking/recomine": ["Bündnis"],
        "participation/recomine~hif~coordinator": [],
    }
    for local, expected in kinds.items():
        above = page_of(saxony.store, BASE + local).partition("<h1>")[0].partition('<p class="kind">')[2]
        assert [one.strip() for one in Read(above).text.split(" · ") if one.strip()] == expected, local
