"""Where things lie on the site: from IRIs to paths and back, under any prefix; and the sitemap."""

from __future__ import annotations

import dataclasses
from datetime import date

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages_fixture import BASE, SITE
from workspaces import LANGUAGES, REPOSITORY

from transfergraph import Text
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.presentation_reader import released_presentation
from transfergraph.web import search_engines
from transfergraph.web.addresses import DOCUMENT_FORMATS, ONTOLOGY, SCHEMES, Address, Site, SiteLink, readings
from transfergraph.web.entity_lists import read_page_paths


@pytest.mark.parametrize(
    ("iri", "local"),
    [
        (BASE + "undertaking/recomine", "undertaking/recomine"),
        (BASE + "participation/recomine~hif~coordinator", "participation/recomine~hif~coordinator"),
        (BASE + "organisation/m%C3%BCller%2Fs%C3%B6hne", "organisation/m%C3%BCller%2Fs%C3%B6hne"),
        (ONTOLOGY, "ontology"),
        (ONTOLOGY + "#Alliance", "ontology#Alliance"),
        (ONTOLOGY + "/0.1.0", "ontology/0.1.0"),
        (SCHEMES + "role/partner", "scheme/role/partner"),
    ],
)
def test_an_iri_of_ours_has_a_path_and_the_path_leads_back(iri: str, local: str) -> None:
    assert SITE.local(iri) == local
    assert SITE.iri(local) == iri
    assert SITE.path(local) == f"/graph/{local}"


@pytest.mark.parametrize(
    "iri",
    [
        BASE,
        SCHEMES,
        "https://example.org/x",
        ONTOLOGY + "-other",
        BASE + "../secret",
        BASE + "a/../../b",
        BASE + "a/%2e%2E/b",
        BASE + "a/./b",
    ],
)
def test_what_is_not_ours_or_steps_upwards_has_no_path(iri: str) -> None:
    assert SITE.local(iri) is None


def test_a_path_never_becomes_another_host() -> None:
    root = dataclasses.replace(SITE, url="https://data.agency.example/")
    assert root.prefix == "/"
    link = root.link(BASE + "/evil.example/", "de")
    assert link == SiteLink("/%2Fevil.example/index.de.html", external=False)


def test_links_lead_to_the_page_in_the_language_of_the_reader() -> None:
    assert SITE.link(BASE + "undertaking/recomine", "en") == SiteLink(
        "/graph/undertaking/recomine.en.html", False
    )
    assert SITE.link(ONTOLOGY + "#Lab", "de") == SiteLink("/graph/ontology.de.html#Lab", False)
    assert SITE.link("https://ror.org/056tzgr32", "de") == SiteLink("https://ror.org/056tzgr32", True)


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "urn:x:y",
        "file:///etc",
        "https:x",
        "",
    ],
)
def test_only_web_addresses_become_links(iri: str) -> None:
    assert SITE.link(iri, "de") == SiteLink("", external=False)


@pytest.mark.parametrize(
    ("address", "path"),
    [
        (Address("undertaking/recomine"), "undertaking/recomine"),
        (Address("undertaking/recomine", "html"), "undertaking/recomine.html"),
        (Address("undertaking/recomine", "html", "en"), "undertaking/recomine.en.html"),
        (Address("undertaking/recomine", "html", "en", 2), "undertaking/recomine.page-2.en.html"),
        (Address("undertaking/recomine", "ttl", "", 12), "undertaking/recomine.page-12.ttl"),
        (Address("", "html", "de"), "index.de.html"),
        (Address("organisations/", "html", "de", 3), "organisations/index.page-3.de.html"),
    ],
)
def test_an_address_is_written_and_read(address: Address, path: str) -> None:
    assert str(address) == path
    assert list(readings(path, LANGUAGES))[-1] == address


def test_the_longest_name_of_an_entity_is_tried_first() -> None:
    assert list(readings("undertaking/wir.page-2.en.html", LANGUAGES)) == [
        Address("undertaking/wir.page-2.en.html"),
        Address("undertaking/wir.page-2.en", "html"),
        Address("undertaking/wir.page-2", "html", "en"),
        Address("undertaking/wir", "html", "en", 2),
    ]
    assert list(readings("organisation/index.html", LANGUAGES)) == [
        Address("organisation/index.html"),
        Address("organisation/index", "html"),
        Address("organisation/", "html"),
    ]
    assert list(readings("undertaking/wir.en.ttl", LANGUAGES)) == [
        Address("undertaking/wir.en.ttl"),
        Address("undertaking/wir.en", "ttl"),
    ]


@given(
    st.text(st.sampled_from("ab.%-/~0page"), min_size=1, max_size=12)
    | st.sampled_from(["index", "a/index", "a/"]),
    st.sampled_from(["html", *(known.ending for known in DOCUMENT_FORMATS)]),
    st.integers(1, 30),
)
def test_whatever_is_written_is_among_its_readings(local: str, ending: str, page: int) -> None:
    address = Address(local, ending, "", page)
    assert address in list(readings(str(address), LANGUAGES))


def test_a_long_sitemap_comes_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    quads = "".join(
        f"<https://x/place/{n}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
        f"<https://w3id.org/transfergraph/ontology#Place> <urn:g> .\n"
        for n in range(5)
    )
    store = ox.Store()
    store.load(quads.encode(), format=ox.RdfFormat.N_QUADS)
    words = Text(de="x", en="x")
    site = Site(
        *(words, words, "https://x/", "https://y/", "r", date(2026, 1, 1), "l", words, "p", "h", LANGUAGES),
        presentation=released_presentation(REPOSITORY),
    )
    # seven paths; there are thirteen beside those of the places
    monkeypatch.setattr(search_engines, "MOST_IN_SITEMAP", 14)
    paths = read_page_paths(EmbeddedStore(store), site, [])
    lists = [f"{key}/" for key in site.presentation.lists]
    assert (
        paths[:-5] == ["", "questions/", "about", "download", "ontology", *lists] and 17 <= len(paths) <= 23
    )
    addresses = [site.address(path, "html", language) for path in paths for language in site.languages]
    index = search_engines.sitemap(site.url, addresses)
    assert [f"https://y/sitemap-{n}.xml" in index for n in range(5)] == [False, True, True, True, False]
    parts = [search_engines.sitemap(site.url, addresses, n) for n in (1, 2, 3)]
    assert "<loc>" not in search_engines.sitemap(site.url, addresses, 4)
    for n in range(5):
        assert [f"https://y/place/{n}.en.html" in part for part in parts].count(True) == 1
    assert "https://y/index.de.html" in parts[0] and "https://y/index.de.html" not in parts[1]
