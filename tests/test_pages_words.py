"""Dates, numbers, sizes and sentences in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from pages_fixture import BASE, SITE, STATED, store_of

import transfergraph as tg
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web import phrases as wording
from transfergraph.web.entity_document import find_document
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.page_template import licence_name
from transfergraph.web.phrases import Moment, Ref, plain
from transfergraph.web.sentence_template import read_template
from transfergraph.web.summary_sentence import summary_sentence


def said(store: EmbeddedStore, iri: str, language: str) -> str:
    document = find_document(store, BASE, BASE + iri)
    assert document is not None
    return plain(summary_sentence(LocalisedView(document, SITE, language)))


@pytest.mark.parametrize(
    ("edtf", "german", "english"),
    [
        ("2019", "2019", "2019"),
        ("2019-10", "Oktober 2019", "October 2019"),
        ("2019-03-01", "1. März 2019", "1 March 2019"),
        ("1409-12-02", "2. Dezember 1409", "2 December 1409"),  # not moved to another calendar
        ("1582-10-04", "4. Oktober 1582", "4 October 1582"),
        ("0000-02", "Februar 0000", "February 0000"),
        ("2000-02-29", "29. Februar 2000", "29 February 2000"),
    ],
)
def test_dates_are_as_exact_as_they_are_known(edtf: str, german: str, english: str) -> None:
    assert wording.moment(edtf, "de") == Moment(edtf, german)
    assert wording.moment(edtf, "en") == Moment(edtf, english)


@pytest.mark.parametrize(
    ("edtf", "machine", "german", "english"),
    [
        ("2019-12~", "2019-12", "etwa Dezember 2019", "about December 2019"),
        ("2019~", "2019", "etwa 2019", "about 2019"),
        ("2018-21", "2018", "Frühjahr 2018", "spring 2018"),
        ("2018-22", "2018", "Sommer 2018", "summer 2018"),
        ("2018-23", "2018", "Herbst 2018", "autumn 2018"),
        ("2018-24~", "2018", "etwa Winter 2018", "about winter 2018"),
    ],
)
def test_approximate_dates_and_seasons(edtf: str, machine: str, german: str, english: str) -> None:
    assert wording.moment(edtf, "de") == Moment(machine, german)
    assert wording.moment(edtf, "en") == Moment(machine, english)


@pytest.mark.parametrize(
    "other", ["2019-13", "2019-02-30", "2019/2021", "19", "", "morgen", "2019-02-03T10:00:00Z"]
)
def test_what_is_no_such_date_stays_as_it_is(other: str) -> None:
    assert wording.moment(other, "de") == other


def test_periods() -> None:
    assert plain(wording.period("2019", "2021-06", "de")) == "2019 bis Juni 2021"
    assert plain(wording.period("2019-04", "", "en")) == "since April 2019"
    assert plain(wording.period("", "2025", "de")) == "bis 2025"
    assert plain(wording.period("2019-03-21", "2019-03-21", "en")) == "21 March 2019"
    assert wording.period("", "", "de") == ()


@pytest.mark.parametrize(
    ("lexical", "german", "english"),
    [
        ("15000000", "15.000.000", "15,000,000"),
        ("57055.54", "57.055,54", "57,055.54"),
        ("1000.5", "1.000,50", "1,000.50"),
        ("1000.00", "1.000", "1,000"),
        ("-3.125", "-3,125", "-3.125"),
        ("0", "0", "0"),
        ("007", "7", "7"),
        ("1e6", "1e6", "1e6"),
    ],
)
def test_numbers(lexical: str, german: str, english: str) -> None:
    assert wording.number(lexical, "de") == german
    assert wording.number(lexical, "en") == english


def test_a_number_may_have_any_length() -> None:
    assert wording.number("9" * 5001, "en") == ",".join(["999"] * 1667)


def test_long_texts_are_cut_and_characters_without_a_place_in_html_replaced() -> None:
    assert wording.cut("a" * 1_000_000, 10) == "aaaaaaaaa…"
    assert wording.cut("Wort Wort", 6) == "Wort…"
    assert wording.cut_words("Ein Satz mit Wörtern", 15) == "Ein Satz mit …"
    assert wording.cut_words("kurz", 15) == "kurz"
    assert wording.clean("a\x00b\x1bc\ud800d\ne") == "a\ufffdb\ufffdc\ufffdd\ne"


def test_lists_of_phrases() -> None:
    a, b, c = (Ref("A"),), (Ref("B"),), (Ref("C"),)
    assert plain(wording.joined([a, b, c], "de")) == "A, B und C"
    assert plain(wording.joined([a, b], "en")) == "A and B"
    assert wording.joined([], "en") == ()


def test_licences_have_names() -> None:
    assert licence_name("https://creativecommons.org/licenses/by-sa/4.0/deed.de") == "CC BY-SA 4.0"
    assert licence_name("https://creativecommons.org/publicdomain/zero/1.0/") == "CC0 1.0"
    assert licence_name("https://www.govdata.de/dl-de/by-2-0") == "dl-de/by-2-0"
    assert licence_name("https://example.org/licence") == "example.org/licence"


@pytest.mark.parametrize(
    ("iri", "german", "english"),
    [
        (
            "undertaking/recomine",
            "recomine ist ein Bündnis mit Sitz in Freiberg, gefördert im Programm WIR!, erste Runde, 1. April 2019 "
            "bis 2025; 7 unmittelbare Partner sind mit Namen bekannt, 12 mit denen seiner Projekte und Labore.",
            "recomine is an alliance with its seat in Freiberg, funded under WIR!, first round, 1 April 2019 to 2025; "
            "7 partners are known by name directly, 12 with projects and labs.",
        ),
        (
            "undertaking/afiin",
            "AFiin ist ein Projekt des Bündnisses Lausitz – Life & Technology, gefördert im Programm WIR!, erste "
            "Runde; 1 Partner ist mit Namen bekannt.",
            "AFiin is a project of the alliance Lusatia – Life & Technology, funded under WIR!, first round; 1 "
            "partner is known by name.",
        ),
        (
            "organisation/hszg",
            "Hochschule Zittau/Görlitz (Hochschule für Angewandte Wissenschaften, Zittau) ist an 12 Vorhaben beteiligt "
            "und arbeitet mit 14 Organisationen zusammen.",
            "Zittau/Görlitz University of Applied Sciences (University of applied sciences, Zittau) takes part in 12 "
            "undertakings and cooperates with 14 organisations.",
        ),
        (
            "participation/recomine~hif~coordinator",
            "Helmholtz-Institut Freiberg für Ressourcentechnologie ist an recomine beteiligt, Rolle: Koordination.",
            "Helmholtz Institute Freiberg for Resource Technology takes part in recomine, role: Coordinator.",
        ),
        (
            "funding/recomine-wir-2019",
            "Diese Zuwendung aus dem Programm WIR! – Wandel durch Innovation in der Region gilt recomine, höchstens "
            "15.000.000 EUR, seit 1. April 2019.",
            "This grant is for recomine under WIR! – Change through Innovation in the Region, at most EUR 15,000,000, "
            "since 1 April 2019.",
        ),
        (
            "statement/recomine-partners-futuresax",
            "recomine: mindestens 40 Partner.",
            "recomine: at least 40 partners.",
        ),
        (
            "statement/recomine-funding-total",
            "recomine, Fördermittel insgesamt: genau 12.700.000 EUR.",
            "recomine, Total funding: exactly EUR 12,700,000.",
        ),
        (
            "source/futuresax-projects",
            "Sächsische Projekte für Innovation und Transfer bei futureSAX ist eine Quelle, Herausgeber: futureSAX, "
            "abgerufen am 12. März 2025; 145 Einträge beruhen darauf.",
            "Saxon projects for innovation and transfer at futureSAX is a source, publisher: futureSAX, retrieved on "
            "12 March 2025; 145 records rest on it.",
        ),
    ],
)
def test_one_sentence_says_what_an_entity_is(saxony: tg.Release, iri: str, german: str, english: str) -> None:
    assert said(saxony.store, iri, "de") == german
    assert said(saxony.store, iri, "en") == english


def test_every_entity_of_the_curated_data_has_its_sentence(saxony: tg.Release) -> None:
    entities = {
        str(row[0].value).removeprefix(BASE)
        for row in saxony.store.select(
            f"SELECT DISTINCT ?entity {{ {STATED.format('?entity a ?class')} }}"
        ).rows
        if row[0] is not None and str(row[0].value).startswith(BASE) and "#" not in str(row[0].value)
    }
    assert len(entities) > 400
    for entity in sorted(entities):
        for language in ("de", "en"):
            words = said(saxony.store, entity, language)
            assert words.endswith((".", "!")), entity
            assert "  " not in words and " ," not in words and ".." not in words and "{" not in words, words


def test_a_sentence_leaves_out_what_is_not_known(tmp_path: Path) -> None:
    store = store_of(
        tmp_path,
        """<undertaking/p> a tg:Project ; skos:prefLabel "Pilot!"@de ; dct:isPartOf <undertaking/q> ; tg:start "2019"^^edtf:EDTF .
        <undertaking/q> a tg:Project ; skos:prefLabel "Großes"@de .
        <undertaking/z> a tg:Undertaking .
        <organisation/o> a tg:Organisation ; skos:prefLabel "Firma"@de .
        <aim/a> a tg:Aim . <funding/f> a tg:Funding . <participation/x> a tg:Participation .
        <statement/s> a tg:Statement ; tg:about <undertaking/p> ; tg:value 3 .
        <statement/m> a tg:Statement ; tg:about <undertaking/p> ; tg:amount 3.5 .
        <statement/n> a tg:Statement ; tg:about <undertaking/p> .""",
    )
    assert said(store, "undertaking/p", "de") == "Pilot! ist ein Projekt (gehört zu: Großes), seit 2019."
    assert said(store, "undertaking/z", "en") == "Undertaking is an undertaking."  # it has no name
    assert said(store, "organisation/o", "en") == "Firma is listed as an organisation."
    assert [said(store, one, "de") for one in ("aim/a", "funding/f", "participation/x")] == [
        *("Ziel: Ziel.", "Zuwendung: Zuwendung."),  # none has a name
        "Beteiligung: Beteiligung.",
    ]
    assert said(store, "statement/s", "de") == "Pilot!: 3."
    assert said(store, "statement/m", "de") == "Pilot!: 3,50."
    assert said(store, "statement/n", "de") == "Pilot!"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{name}", "A"),
        ("{name}, {nothing}", None),
        ("{name}[, {nothing}]", "A"),
        ("{name}[, {nothing}|, {place}]", "A, B"),
        ("{name} <by {nothing}>", None),
        ("{name}[ <by {nothing}>| alone]", "A alone"),
        (
            "{name} <in {place}|by {nothing}|{many, plural, one {# time} other {# times}}>",
            "A in B and 1,234 times",
        ),
        ("{name}[ ({none, plural, one {#} other {#}})]", "A"),
        ("{many, plural, one {[#]} other {<#>}}", "<1,234>"),
        ("A [and [or {nothing}|{place}]]", "A and B"),
        ("", ""),
    ],
)
def test_a_template_says_what_is_known(pattern: str, expected: str | None) -> None:
    names = {"name": ("A",), "place": ("B",)}
    made = read_template(pattern).said(
        "en", lambda name: names.get(name, ()), {"many": 1234, "none": 0}.__getitem__
    )
    assert (None if made is None else plain(made)) == expected


@pytest.mark.parametrize("pattern", ["[a", "a]", "<a", "a>", "[a>", "a|b", "[a|<b]>"])
def test_a_template_with_brackets_that_do_not_fit_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"closes what is not open|is not closed"):
        read_template(pattern)
