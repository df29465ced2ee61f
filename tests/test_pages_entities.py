"""What the page of an entity tells beside its document: pictures, parts, sums, what is alike, rules, history."""

from __future__ import annotations

import dataclasses
import gzip
import io
import json
import re
import shutil
from collections import Counter
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pages_fixture import BASE, SITE, Read, store_of
from PIL import Image
from workspaces import copied

import transfergraph as tg
from transfergraph.errors import ReleaseError
from transfergraph.release.release_facts import read_facts, read_published
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web.addresses import FAVICON, HTML, PNG, SEARCH_SCRIPT, Address
from transfergraph.web.appearance import stylesheet
from transfergraph.web.derived_statements import constructed
from transfergraph.web.entity_contradictions import read_contradictions
from transfergraph.web.entity_details import COMMON, MOST, read_details
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_map import read_atlas
from transfergraph.web.entity_page import render_entity
from transfergraph.web.known_things import KnownThings
from transfergraph.web.part_money import MOST_PARTS, read_part_money
from transfergraph.web.resources import Resources

LIMIT = 100_000  # bytes of HTML, style sheet and script of a page, packed


def resources_of(release: tg.Release) -> Resources:
    facts = read_facts(release.path)
    site = dataclasses.replace(facts.site(SITE.url, documents=True))
    return Resources(release.store, read_published(facts, facts.folder), site)


def form(resources: Resources, local: str, language: str = "de", ending: str = HTML) -> bytes:
    found = resources.find(Address(local, ending, language))
    assert found is not None, local
    return found.forms[ending](language)


@pytest.fixture(scope="module")
def curated(saxony: tg.Release) -> Resources:
    return resources_of(saxony)


def read(resources: Resources, local: str, language: str = "de") -> Read:
    return Read(form(resources, local, language).decode())


def shown(store: EmbeddedStore, local: str, language: str = "de", page: int = 1) -> str:
    """The page of an entity of a store of a few statements, with all that stands beside its document."""
    known = KnownThings()
    document = find_document(store, BASE, BASE + local, page, known=known)
    assert document is not None
    details = read_details(store, document, SITE.presentation, known)
    return render_entity(document, SITE, language, None, details, atlas=read_atlas(store))


# Contradictions


def test_a_page_says_where_the_sources_disagree_about_it(curated: Resources) -> None:
    page = form(curated, "undertaking/recomine").decode()
    assert ">Die Quellen widersprechen sich in 1 Punkt</a>" in page
    section = page[page.index('id="contradictions"') :].partition("</section>")[0]
    (point,) = re.findall("<li>(.*?)</li>", section)
    assert "Helmholtz-Institut Freiberg" in point and "Bergakademie Freiberg" in point
    assert "Sources disagree in 1 point" in form(curated, "undertaking/recomine", "en").decode()
    dates = form(curated, "undertaking/life-and-technology-strategy").decode()
    assert "Für das Projekt ist Juni 2019 angegeben, für seine Zuwendung 1. Juli 2019." in dates
    assert 'id="contradictions"' not in form(curated, "undertaking/smarterz").decode()


def test_the_report_tells_what_disagrees_and_where(saxony: tg.Release, tmp_path: Path) -> None:
    found = read_contradictions(saxony.path)
    report = json.loads((saxony.path / "report.json").read_text("utf-8"))
    focuses = [one["focus"] for one in report["findings"] if one["contradiction"]]
    assert {focus: len(told) for focus, told in found.items()} == Counter(focuses) and len(focuses) == 3
    assert read_contradictions(tmp_path) == {}
    (tmp_path / "report.json").write_text('{"message": 1, "contradiction": true}', "utf-8")
    with pytest.raises(ReleaseError, match=r"report\.json"):
        read_contradictions(tmp_path)


# Roles, partners, parts


def test_the_roles_of_one_partner_are_one_row(curated: Resources) -> None:
    page = form(curated, "organisation/htw-dresden").decode()
    section = page[page.index('id="tg-participant"') : page.index('id="tg-cooperatesWith"')]
    assert section.count(">Saxony5</bdi>") == 1
    row = next(one for one in section.split("<tr") if ">Saxony5</bdi>" in one)
    assert "Koordination" in row and "Partner" in row
    assert row.count("/participation/") == 2


def test_an_undertaking_tells_what_else_its_partners_do_together(curated: Resources) -> None:
    page = form(curated, "undertaking/saxony5-additive-manufacturing").decode()
    section = page[page.index('id="joint"') :]
    row = next(one for one in section.split("<tr") if ">Co-Creation Lab Fabrik der Zukunft</bdi>" in one)
    assert ">Hochschule Mittweida</bdi>" in row and 'href="#source-' in row
    # nothing that it is part of, and nothing where only one of them is
    assert ">Saxony5</bdi>" not in section[: section.index("</section>")]
    assert 'id="joint"' not in form(curated, "undertaking/smarterz").decode()


def test_roles_of_different_times_say_theirs(tmp_path: Path) -> None:
    both = "tg:participatesIn <undertaking/u> ; tg:participant <organisation/o>"
    store = store_of(
        tmp_path,
        f"""<undertaking/u> a tg:Project ; skos:prefLabel "U"@de . <organisation/o> a tg:Organisation ;
        skos:prefLabel "O"@de . role:x skos:prefLabel "X"@de . role:y skos:prefLabel "Y"@de .
        <participation/1> a tg:Participation ; {both} ; tg:role role:x ; tg:start "2019" .
        <participation/2> a tg:Participation ; {both} ; tg:role role:y ; tg:start "2021" .""",
    )
    words = Read(shown(store, "undertaking/u")).words
    assert "X, seit 2019 Y, seit 2021" in words


def test_a_partner_says_through_what_and_since_when(tmp_path: Path) -> None:
    def part(n: int, undertaking: str, organisation: str, start: str = "") -> str:
        since = f' ; tg:start "{start}"' if start else ""
        return (
            f"<participation/{n}> a tg:Participation ; tg:participatesIn <undertaking/{undertaking}> ; "
            f"tg:participant <organisation/{organisation}>{since} .\n"
        )

    names = "".join(
        f'<organisation/{n}> a tg:Organisation ; skos:prefLabel "{n.upper()}"@de .\n' for n in "abc"
    )
    store = store_of(
        tmp_path,
        f"""{names}<undertaking/u> a tg:Project ; skos:prefLabel "Das U"@de ; tg:start "2017" .
        <undertaking/v> a tg:Project ; skos:prefLabel "Das V"@de .
        {part(1, "u", "a")}{part(2, "u", "b", "2020")}{part(3, "v", "a", "2018")}{part(4, "v", "b")}
        {part(5, "v", "c")}
        <organisation/b> tg:cooperatesWith <organisation/a> . <organisation/c> tg:cooperatesWith <organisation/a> .""",
    )
    page = shown(store, "organisation/a")
    rows = {name: next(one for one in page.split("<tr") if f">{name}</bdi></a></th>" in one) for name in "BC"}
    assert (
        "Das U" in rows["B"] and "Das V" in rows["B"] and ">2018<" in rows["B"]
    )  # the earlier of 2020 and 2018
    assert "Das U" not in rows["C"] and ">2018<" in rows["C"]
    assert "Gemeinsame Vorhaben Seit" in Read(page).words


def test_partners_in_parts_stand_apart_from_those_that_take_part_directly(curated: Resources) -> None:
    page = read(curated, "undertaking/recomine", "en").words
    direct, through = (
        page.index("Who takes part in it directly."),
        page.index("Partners in its projects and labs"),
    )
    assert direct < through < page.index("What sources say about its size")
    assert "Beak Consultants GmbH Company TEVLiS" in page[through:]
    assert "Beak Consultants" not in page[direct:through]
    wholes = read(curated, "organisation/beak-consultants", "en").words
    assert "Takes part through projects and labs" in wholes
    assert "recomine Alliance TEVLiS" in wholes[wholes.index("Takes part through projects and labs") :]


def test_partners_in_many_parts_are_paged(tmp_path: Path) -> None:
    parts = "".join(
        f"<undertaking/p> dct:isPartOf <undertaking/u> . <participation/{n}> a tg:Participation ; "
        f"tg:participatesIn <undertaking/p> ; tg:participant <organisation/{n:03}> .\n"
        f'<organisation/{n:03}> a tg:Organisation ; skos:prefLabel "Firma {n:03}"@de .\n'
        for n in range(120)
    )
    store = store_of(tmp_path, f"<undertaking/u> a tg:Project . <undertaking/p> a tg:Project . {parts}")
    pages = [Read(shown(store, "undertaking/u", page=page)).words for page in (1, 2, 3)]
    assert "1 bis 50 von 120" in pages[0] and "101 bis 120 von 120" in pages[2]
    told = [set(re.findall(r"Firma \d{3}", page[page.index("Partner in seinen") :])) for page in pages]
    assert set.union(*told) >= {f"Firma {n:03}" for n in range(120)}


# Topics, programmes, regions


def test_a_topic_tells_who_what_how_much_and_since_when(curated: Resources) -> None:
    words = read(curated, "region/erzgebirge", "en").words
    assert "20 undertakings; " in words and "EUR 26,700,000 stated, for 2 of them" in words
    assert "earliest beginning: 1 April 2019." in words
    assert "Alliances (2) recomine 1 April 2019 to 2025 7 EUR 12,700,000" in words
    assert "Projects (18)" in words
    assert "Organisations Organisation Kind Seat Undertakings" in words
    assert "TU Bergakademie Freiberg University Freiberg recomine" in words


def test_all_money_of_an_undertaking_stands_together_with_its_funders(curated: Resources) -> None:
    words = read(curated, "undertaking/smarterz").words
    money = words[words.index("Geld Zuwendung oder Summe") :]
    grants, stated = money.split("Summen, die Quellen für das Ganze nennen (3)")
    assert "Zuwendungen (1)" in grants and "6.000.000 EUR" in grants
    for one in (
        "Eigenmittel",
        "etwa 8.000.000 EUR",
        "Fördermittel insgesamt",
        "14.000.000 EUR",
        "Stand 2022",
    ):
        assert one in stated, one
    assert "EUR" not in words[words.index("Was Quellen zur Größe sagen") : words.index("Geld Zuwendung")]
    phase = read(curated, "undertaking/saxony5-smart-university-grid", "en").words
    money = phase[phase.index("Funder") :]
    assert "Funder" in money and "Free State of Saxony" in money
    only_stated = read(curated, "programme/innovative-hochschule").words
    assert "Geld Zuwendung oder Summe" in only_stated and "Zuwendungen (" not in only_stated


def test_money_of_phases_stands_on_the_page_of_the_alliance_and_is_not_added_up(curated: Resources) -> None:
    words = read(curated, "undertaking/saxony5").words
    money = words[words.index("Geld seiner Teile") :]
    assert "Es ist nicht addiert" in money
    for one in (
        "Saxony5 – Smart University Grid",
        "höchstens 15.000.000 EUR",
        "2018 bis 2022",
        "Freistaat Sachsen",
    ):
        assert one in money, one
    assert "30.000.000" not in words
    # the sources of the grants are among those of the page
    sources = words[words.index("Quellen") :]
    assert "Saxony5" in sources
    english = read(curated, "undertaking/saxony5", "en").words
    assert "Money of its parts" in english and "at most EUR 15,000,000" in english
    # of a part itself it is its own money
    assert "Geld seiner Teile" not in read(curated, "undertaking/saxony5-smart-university-grid").words


def test_money_of_parts_of_parts_is_told_and_of_too_many_parts_nothing(tmp_path: Path) -> None:
    deep = """<undertaking/a> a tg:Alliance ; skos:prefLabel "A"@de .
    <undertaking/b> a tg:Project ; skos:prefLabel "B"@de ; dct:isPartOf <undertaking/a> .
    <undertaking/c> a tg:Project ; skos:prefLabel "C"@de ; dct:isPartOf <undertaking/b> .
    <funding/f> a tg:Funding ; tg:funds <undertaking/c> ; tg:amount 5.00 ; tg:currency <https://example.org/EUR> .
    <funding/none> a tg:Funding ; tg:funds <undertaking/b> ."""
    for name in ("deep", "many"):
        (tmp_path / name).mkdir()
    found = read_part_money(store_of(tmp_path / "deep", deep), BASE + "undertaking/a")
    assert found.pairs == ((BASE + "undertaking/c", BASE + "funding/f"),)
    many = deep + "".join(f"<undertaking/{n}> dct:isPartOf <undertaking/a> . " for n in range(MOST_PARTS))
    assert read_part_money(store_of(tmp_path / "many", many), BASE + "undertaking/a").pairs == ()


def test_a_place_tells_its_seats_by_class_and_all_in_all(curated: Resources) -> None:
    words = read(curated, "place/zittau").words
    seats = words[words.index("Hat hier den Sitz") : words.index("Hier durchgeführt")]
    assert "Insgesamt: 5 Vorhaben; 12 Organisationen" in seats  # the alliance is none
    assert "Organisationen (3)" in seats and "Bündnisse (1)" in seats


def test_a_region_has_what_lies_in_its_places(curated: Resources) -> None:
    words = read(curated, "region/kreis-goerlitz").words
    assert "Insgesamt: 5 Vorhaben; 13 Organisationen; frühester Beginn: 2019." in words
    # who sits there is in the table with what it takes part in anywhere
    assert "Lausitzer Energy Systems GmbH Unternehmen Weißwasser/O.L. GreenHeater" in words


def test_where_no_undertaking_lies_the_page_tells_what_those_who_sit_there_take_part_in(
    curated: Resources,
) -> None:
    alone = "In all: 1 organisation; taking part in 6 undertakings; earliest beginning: 2018."
    assert alone in read(curated, "place/mittweida", "en").words


def test_names_in_a_picture_are_whole_where_there_is_room(curated: Resources) -> None:
    page = form(curated, "place/zittau").decode()
    labels = re.findall(r"<text[^>]*>([^<]*)</text>", page)
    assert {"DLR_School_Lab Hochschule Zittau/Görlitz", "Co-Creation Lab Versorgungsinfrastruktur"} <= set(
        labels
    )
    assert sum("…" in one for one in labels) <= 2


def test_a_programme_counts_what_is_funded_within_it_and_only_its_own_money(curated: Resources) -> None:
    words = read(curated, "programme/wir", "en").words
    assert "32 undertakings" in words
    assert "at most EUR 15,000,000" in words  # the grant under the programme
    assert "12,700,000" not in words  # a total that another source states of the alliance


def test_what_has_too_much_to_do_with_it_is_listed_and_not_summed_up(tmp_path: Path) -> None:
    many = "".join(
        f'<undertaking/{n}> a tg:Project ; skos:prefLabel "P{n}"@de ; dct:subject <topic/t> .\n'
        for n in range(MOST + 1)
    )
    scheme = "<https://w3id.org/transfergraph/scheme/topic>"
    topic = f'<topic/t> a skos:Concept ; skos:inScheme {scheme} ; skos:prefLabel "T"@de . '
    words = Read(shown(store_of(tmp_path, topic + many), "topic/t")).words
    assert "frühester Beginn" not in words and "1 bis 50 von 301" in words
    few = store_of(tmp_path, topic + many.replace(f"<undertaking/{MOST}> a", "<undertaking/0> a", 1))
    assert "300 Vorhaben" in Read(shown(few, "topic/t")).words


# What is alike


def test_similar_entities_say_what_they_share(curated: Resources) -> None:
    words = read(curated, "undertaking/recomine", "en").words
    similar = words[
        words.index("Similar What shares most values; what few have counts more.") : words.index(
            "Sources Home page"
        )
    ]
    assert "In region: Ore Mountains" in similar and "Funded under: WIR!, first round" in similar
    assert "Initial projects of recomine" not in similar  # a part is related, not alike


def test_what_many_share_makes_nothing_alike(tmp_path: Path) -> None:
    def projects(count: int) -> str:
        return "".join(
            f'<undertaking/{n}> a tg:Project ; skos:prefLabel "P{n}"@de ; tg:fundedUnder <programme/p> .\n'
            for n in range(count)
        )

    assert "Ähnliches" in shown(store_of(tmp_path, projects(3)), "undertaking/1")
    assert "Ähnliches" not in shown(store_of(tmp_path, projects(COMMON + 1)), "undertaking/1")


# Where statements come from, and whom to tell


def test_the_rules_that_derived_something_are_named_and_linked(
    curated: Resources, saxony: tg.Release
) -> None:
    page = form(curated, "organisation/htw-dresden", "en").decode()
    stated = page[page.index("Stated in") : page.index("Table and row")]
    assert "graph/derived" not in stated and "graph/saxony" not in stated
    assert "Those who take part in one undertaking cooperate with each other" in stated
    assert "The kind of an organisation says whether it is a university" in stated
    assert "public organisation" not in stated
    assert 'href="../queries/rules/cooperates-with.rq"' in stated
    assert "tables of the source saxony" in stated
    assert (saxony.path / "queries" / "rules" / "cooperates-with.rq").is_file()
    company = form(curated, "organisation/ult", "en").decode()
    assert "whether it is a university" not in company


def test_what_a_rule_constructs_is_read_from_its_query() -> None:
    text = """PREFIX e: <https://e.example/> CONSTRUCT { ?a e:p ?b , e:c ; a ?k . ?b <https://e.example/q> "x" }
    WHERE { VALUES (?z ?k) { (1 e:K) (2 <https://e.example/L>) } ?a e:r ?b }"""
    e, kind = "https://e.example/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
    assert constructed(text) == {
        (e + "p", ""),
        (e + "p", e + "c"),
        (kind, e + "K"),
        (kind, e + "L"),
        (e + "q", ""),
    }
    assert constructed("SELECT * { ?a ?b ?c }") == constructed("CONSTRUCT WHERE { ?a ?b ?c }") == frozenset()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_mail_names_record_cell_and_release(curated: Resources, language: str) -> None:
    links = read(curated, "organisation/htw-dresden", language).links
    (mail,) = [one for one in links if one.startswith("mailto:")]
    parts = urlsplit(mail)
    fields = parse_qs(parts.query, strict_parsing=True)
    assert parts.path == "open-data@transfergraph.example"
    assert "HTW" in fields["subject"][0] or "Hochschule" in fields["subject"][0]
    body = fields["body"][0]
    assert BASE + "organisation/htw-dresden" in body and "data/saxony/organisations.csv" in body
    assert "46: kind, name_de" in body and read_facts(Path(str(curated._content.folder))).manifest.id in body
    assert len(mail) < 2000


def test_without_an_address_there_is_no_mail(tmp_path: Path) -> None:
    store = store_of(tmp_path, '<organisation/o> a tg:Organisation ; skos:prefLabel "O"@de .')
    assert "mailto:" not in shown(store, "organisation/o")


# Pictures


def test_the_surroundings_are_drawn_and_told(curated: Resources) -> None:
    page = form(curated, "organisation/hszg", "de").decode()
    drawing = page[page.index('<svg class="drawing"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert drawing.count("<a ") == drawing.count('tabindex="-1"') == drawing.count("<title>") == 28
    assert "hochschule" in drawing.casefold() and "style=" not in drawing
    told = page[page.index("Das Bild als Text") : page.index("</figcaption>")]
    names = set(re.findall(r"<title>(.*?)</title>", drawing))
    assert all(f">{name}</bdi>" in told for name in names - {"Hochschule Zittau/Görlitz"})
    assert form(curated, "organisation/hszg", "de").decode() == page


def test_a_symbol_means_the_same_kind_on_a_page_as_in_the_network(
    curated: Resources, saxony: tg.Release
) -> None:
    data = json.loads((saxony.path / "network" / "explorer.json").read_text("utf-8"))
    network = dict(zip(data["concepts"]["kinds"]["de"], data["kind_symbols"], strict=True))
    page = form(curated, "organisation/hszg", "de").decode()
    keys = re.findall(r'class="mark mark-(\d)"[^>]*/></svg> (.*?) \(', page)
    assert {name for _, name in keys} >= {"Unternehmen", "Forschungsinstitut"}
    for colour, name in keys:
        assert colour == network[name][1], name


def test_more_than_a_picture_holds_is_counted(tmp_path: Path) -> None:
    parts = "".join(
        f"<participation/{n}> tg:participatesIn <undertaking/u> ; tg:participant <organisation/{n}> .\n"
        f'<organisation/{n}> a tg:Organisation ; skos:prefLabel "Firma {n}"@de .\n'
        for n in range(40)
    )
    page = shown(
        store_of(tmp_path, f'<undertaking/u> a tg:Project ; skos:prefLabel "U"@de . {parts}'), "undertaking/u"
    )
    assert page.count('tabindex="-1"><title>') == 13 and "28 weitere sind nicht gezeichnet" in page


def test_places_are_marked_where_they_lie(curated: Resources) -> None:
    page = form(curated, "organisation/hszg", "en").decode()
    drawing = page[page.index('<svg class="drawing map"') :]
    drawing = drawing[: drawing.index("</svg>")]

    def at(place: str) -> tuple[float, float]:
        found = re.search(
            rf'<title>{place}</title><circle class="spot[^"]*" cx="([\d.]+)" cy="([\d.]+)"', drawing
        )
        assert found is not None, place
        return float(found[1]), float(found[2])

    assert at("Leipzig")[0] < at("Dresden")[0] < at("Zittau")[0]
    assert at("Leipzig")[1] < at("Zittau")[1]  # north is above
    assert drawing.count('class="spot own"') == 2
    assert "Grey: other places" not in page and '<a href="https://www.bkg.bund.de">©' in page


def test_a_map_has_the_outlines_of_districts_and_their_names(curated: Resources) -> None:
    def drawing(local: str, language: str) -> str:
        page = form(curated, local, language).decode()
        found = page[page.index('<svg class="drawing map"') :]
        return found[: found.index("</svg>")]

    own = drawing("organisation/hif", "de")  # in Freiberg
    for kind in ("seat", "district", "state", "river"):
        assert f'<path class="{kind}" d="M' in own, kind
    assert {"Meißen", "Nordsachsen"} <= set(re.findall(r'<text class="area"[^>]*>([^<]+)<', own))
    assert re.search(r'transform="matrix\([\d.]+ 0 0 [\d.]+ [-\d.]+ [-\d.]+\)"', own)
    shaded = re.search('<path class="seat" d="([^"]*)"', own)
    assert shaded is not None and shaded[1].count("z") == 1  # the district of the seat, and no other
    assert len(own) < 20_000
    region = drawing("region/erzgebirge", "en")  # of itself it has no place
    assert 'class="district"' in region and 'class="seat"' not in region


def test_a_map_without_outlines_has_the_other_places(curated: Resources, tmp_path: Path) -> None:
    places = "".join(
        f'<place/{n}> a tg:Place ; skos:prefLabel "Ort {n}"@de ; <http://www.w3.org/2003/01/geo/wgs84_pos#lat>'
        f' "51.{n}" ; <http://www.w3.org/2003/01/geo/wgs84_pos#long> "13.{n}" .\n'
        for n in range(1, 9)
    )
    seat = '<organisation/o> a tg:Organisation ; skos:prefLabel "O"@de ; tg:seat <place/1> .\n'
    page = shown(store_of(tmp_path, places + seat), "organisation/o")
    assert '<path class="ground" d="M' in page and "Grenzen sind nicht gezeichnet" in page
    assert 'class="outlines"' not in page


@pytest.mark.parametrize(
    "place", ['wgs:lat "x" ; wgs:long "13"', 'wgs:lat "95" ; wgs:long "13"', 'wgs:lat "51"']
)
def test_what_is_no_place_on_a_map_makes_none(tmp_path: Path, place: str) -> None:
    stated = place.replace("wgs:", "<http://www.w3.org/2003/01/geo/wgs84_pos#").replace(' "', '> "')
    store = store_of(
        tmp_path,
        f"""<place/p> a tg:Place ; skos:prefLabel "P"@de ; {stated} .
        <organisation/o> a tg:Organisation ; skos:prefLabel "O"@de ; tg:seat <place/p> .""",
    )
    assert 'id="map"' not in shown(store, "organisation/o")


def test_links_elsewhere_show_a_picture(curated: Resources) -> None:
    page = read(curated, "undertaking/recomine", "en")
    tags = {one["property"]: one["content"] for one in page.all("meta") if "property" in one}
    assert tags["og:title"] == "recomine" and tags["og:type"] == "website"
    assert tags["og:image"] == f"{SITE.url}undertaking/recomine.en.png"
    picture = form(curated, "undertaking/recomine", "en", PNG)
    with Image.open(io.BytesIO(picture)) as image:
        size = (int(tags["og:image:width"]), int(tags["og:image:height"]))
        assert image.format == "PNG" and image.size == size
        colours = {colour: count for count, colour in image.convert("RGB").getcolors(1 << 20) or ()}
        assert len(colours) > 20
        assert max(colours, key=colours.__getitem__) == (255, 255, 255)  # white, and no shade of it
        drawn = ("16324f", "0072b2", "1b2733", "4d5b6a", "9aa6b2")  # symbols, letters, ties: as on pages
        assert {tuple(bytes.fromhex(one)) for one in drawn} <= colours.keys()
    assert form(curated, "undertaking/recomine", "en", PNG) == picture
    assert form(curated, "undertaking/recomine", "de", PNG) != picture  # another kind, another title
    term = read(curated, "scheme/role/partner", "en")
    assert all(one.get("property") != "og:image" for one in term.all("meta"))


def test_the_site_has_an_icon(curated: Resources) -> None:
    found = curated.find(Address(FAVICON))
    assert found is not None and found.media_type == "image/vnd.microsoft.icon"
    with Image.open(io.BytesIO(found.forms[""](""))) as image:
        assert image.format == "ICO" and image.info["sizes"] == {(16, 16), (32, 32), (48, 48)}
    (link,) = [one for one in read(curated, "place/dresden").all("link") if one.get("rel") == "icon"]
    assert link["href"].endswith("/favicon.ico")


# History


@pytest.fixture(scope="module")
def changed(
    second_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[tg.Release, tg.Release]:
    """A third release, in which an undertaking has another end and another partner, and its last one."""
    root, output = copied(second_release, tmp_path_factory.mktemp("third"))
    data = root / "data" / "source"
    projects = (data / "projects.csv").read_text("utf-8")
    (data / "projects.csv").write_text(projects.replace("2021-06-30", "2021-11-30"), "utf-8")
    lines = (data / "participations.csv").read_text("utf-8").splitlines(True)
    (data / "participations.csv").write_text("".join(lines[:-1]), "utf-8")
    assert (data / "projects.csv").read_text("utf-8") != projects
    outcome = tg.build(root, output, accept_violations=True, accept_loss=True)
    assert outcome.release is not None
    return tg.open(outcome.release), tg.open(second_release[1])


def test_the_first_release_says_since_when_there_is_a_record(first_release: tuple[Path, Path]) -> None:
    release = tg.open(first_release[1])
    assert (release.path / "changes" / "history.tsv").read_text(
        "utf-8"
    ) == f'\t{{"since": "{release.manifest.id}"}}\n'
    resources = resources_of(release)
    local = next(iter(resources._content.rows.group.tables)).name  # any entity will do
    assert local and resources._content.history.since == release.manifest.id


def test_a_page_of_its_own_tells_what_changed(changed: tuple[tg.Release, tg.Release]) -> None:
    release, before = changed
    resources = resources_of(release)
    told = (release.path / "changes" / "history.tsv").read_text("utf-8").splitlines()
    iris = [line.partition("\t")[0] for line in told]
    assert iris == sorted(iris) and len(iris) > 3
    of = {iri: resources._content.history.of(iri) for iri in iris[1:]}
    assert all(of.values()) and resources._content.history.of(iris[1] + "x") == ()
    ended = [
        iri
        for iri, events in of.items()
        if any(one.property.endswith("#end") for e in events for one in e.changes)
    ]
    assert ended
    local = ended[0].removeprefix(resources._site.base)
    assert resources.history_of(local) == f"history/{local}"
    page = read(resources, f"history/{local}")
    assert " wurde zu 30. November 2021" in page.words
    entity = read(resources, local)
    assert any(link.endswith(f"/history/{local}.de.html") for link in entity.links)
    records = [one for events in of.values() for event in events for one in event.records]
    assert {one.kind for one in records} == {"gone"} and all(len(one.ends) == 2 for one in records)
    assert (before.path / "changes" / "history.tsv").is_file()


def test_history_grows_and_old_releases_without_one_begin_it(
    changed: tuple[tg.Release, tg.Release], second_release: tuple[Path, Path], tmp_path: Path
) -> None:
    release, before = changed
    earlier = (before.path / "changes" / "history.tsv").read_text("utf-8").splitlines()
    now = (release.path / "changes" / "history.tsv").read_text("utf-8").splitlines()
    assert now[0] == earlier[0] and before.manifest.previous is not None
    for line in earlier[1:]:
        iri, told = line.split("\t")
        assert any(one.startswith(f"{iri}\t{told[:-1]}") for one in now)
    root, output = copied(second_release, tmp_path)
    kept = tg.open(output)
    (kept.path / "changes" / "history.tsv").unlink()
    data = root / "data" / "source" / "places.csv"
    data.write_text(data.read_text("utf-8").replace("51.06", "51.07"), "utf-8")
    assert tg.build(root, output).manifest is not None
    again = (tg.open(output).path / "changes" / "history.tsv").read_text("utf-8")
    assert again.startswith(f'\t{{"since": "{kept.manifest.id}"}}\n')


def test_there_is_no_history_of_what_there_is_not(curated: Resources) -> None:
    for local in (
        "history/",
        "history/x",
        "history/organisation/htw-dresden",
        "history/history/x",
        "history/<script>",
    ):
        assert curated.find(Address(local, HTML, "de")) is None, local


# Whatever is in the data


def test_five_thousand_partners_are_a_whole_page(tmp_path: Path) -> None:
    parts = "".join(
        f"<participation/{n:05}> tg:participatesIn <undertaking/u> ; tg:participant <organisation/{n:05}> .\n"
        f'<organisation/{n:05}> a tg:Organisation ; skos:prefLabel "Firma {n}"@de .\n'
        f"<organisation/{n:05}> tg:cooperatesWith <organisation/00000> .\n"
        for n in range(5000)
    )
    store = store_of(tmp_path, f'<undertaking/u> a tg:Project ; skos:prefLabel "U"@de . {parts}')
    for local in ("undertaking/u", "organisation/00000"):
        page = shown(store, local)
        assert page.endswith("</html>\n") and "von 5.000" in page
        assert len(gzip.compress(page.encode())) < 20_000


@pytest.mark.parametrize(
    "name",
    [
        "W" * 300,
        "Wort " * 60,
        "مرحبا بالعالم",
        "\u202eevil",
        "<script>alert(1)</script>",
        "a\u0000b",
        "",
        '"><img src=x>',
    ],
)
def test_any_name_is_drawn_safely(tmp_path: Path, name: str) -> None:
    written = name.replace("\\", "\\\\").replace('"', '\\"').replace("\u0000", "\\u0000")
    store = store_of(
        tmp_path,
        f"""<undertaking/u> a tg:Project ; skos:prefLabel "{written}"@de ; tg:location <place/p> .
        <place/p> a tg:Place ; skos:prefLabel "{written}"@de ; <http://www.w3.org/2003/01/geo/wgs84_pos#lat> "51" ;
        <http://www.w3.org/2003/01/geo/wgs84_pos#long> "13" .
        <participation/p> tg:participatesIn <undertaking/u> ; tg:participant <organisation/o> .
        <organisation/o> a tg:Organisation ; skos:prefLabel "{written}"@de .""",
    )
    page = shown(store, "undertaking/u")
    assert page.endswith("</html>\n") and "<script>alert" not in page and "<img" not in page
    assert {tag for tag, _ in Read(page).elements} >= {"svg", "figure", "table"}


def test_an_entity_without_a_label_or_of_a_class_of_ones_own_has_a_page(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """<undertaking/u> a tg:Project . <thing/x> a <https://e.example/Own> ; tg:seat <place/p> .
        <participation/p> tg:participatesIn <undertaking/u> ; tg:participant <organisation/nameless> .""",
    )
    for local in ("undertaking/u", "thing/x", "organisation/nameless", "place/p"):
        assert shown(store, local).endswith("</html>\n")


def test_a_page_with_style_and_script_is_at_most_100_kb(curated: Resources) -> None:
    script = curated.find(Address(SEARCH_SCRIPT))
    assert script is not None
    shared = len(gzip.compress(stylesheet().encode())) + len(gzip.compress(script.forms[""]("")))
    for local in (
        "undertaking/recomine",
        "organisation/hszg",
        "region/sachsen",
        "programme/wir",
        "source/ror",
    ):
        for language in ("de", "en"):
            assert shared + len(gzip.compress(form(curated, local, language))) <= LIMIT, local


def test_the_marks_have_the_colours_of_the_network_page() -> None:
    root = Path(tg.__file__).parent
    pages = stylesheet()
    light, dark = pages.split("@media screen and (prefers-color-scheme: dark)", 1)
    for found, theme in ((light, "light"), (dark, "dark")):
        network = (root / "network" / "templates" / f"{theme}.css").read_text("utf-8")
        marks = re.findall(r"(--mark-(?:u\d|\d|other|outline): #[0-9a-f]{6});", network)
        assert len(marks) == 13 and all(mark in found for mark in marks)


def test_the_static_site_keeps_a_stick_working(
    changed: tuple[tg.Release, tg.Release], tmp_path: Path
) -> None:
    release, _ = changed
    folder = tmp_path / "site"
    tg.site(release.path, folder, SITE.url)
    histories = list(folder.glob("history/**/*.de.html"))
    assert histories and list(folder.glob("undertaking/*.de.png")) and (folder / "favicon.ico").is_file()
    for history in histories:
        for link in re.findall(r'href="((?:\.\./)+[^"#?]+)"', history.read_text("utf-8")):
            assert (history.parent / unquote(link)).resolve().exists(), (history, link)
    shutil.rmtree(folder)
