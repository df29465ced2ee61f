"""The search over HTTP: a page that works as a form, JSON, and what nonsense gets."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from server_fixture import HTW, Served

import transfergraph as tg


def test_json_has_the_hits_of_python(server: Served, saxony: tg.Release) -> None:
    answer = server.get(f"search.json?q={quote('Görlitz')}&language=de")
    assert (answer.status, answer.media_type) == (200, "application/json")
    assert answer.field("content-language") == "de" and answer.field("x-robots-tag") == "noindex"
    values = answer.json
    result = saxony.search("Görlitz", language="de")
    assert [hit["iri"] for hit in values["hits"]] == [hit.iri for hit in result.hits]
    assert values["more"] and not values["similar"] and values["release"] == saxony.manifest.id
    assert values["hits"][0]["path"] == "place/goerlitz"
    assert values["hits"][0]["kind"] == {"key": "places", "label": "Orte"}


def test_a_hit_is_explained_in_the_language_asked_for(server: Served) -> None:
    for language, words in (("de", "anderer Name"), ("en", "other name")):
        (hit,) = server.get(f"search.json?q=HTWD&language={language}").json["hits"]
        assert (hit["found"], hit["as_name"], hit["path"]) == ([words], "HTWD", HTW)
    negotiated = server.ask("/search.json?q=HTWD", headers={"Accept-Language": "en"})
    assert negotiated.json["hits"][0]["found"] == ["other name"]


def test_a_page_has_the_hits_by_kind_with_links_and_reasons(server: Served) -> None:
    page = server.get("search.de.html?q=HTWD")
    assert page.status == 200 and page.field("content-language") == "de"
    assert f'<a href="./{HTW}.de.html">' in page.text and "<h2>Organisationen</h2>" in page.text
    assert "anderer Name: <bdi>HTWD</bdi>" in page.text and 'value="HTWD"' in page.text
    assert "1 Ergebnis<" in page.text and "data-answered" in page.text
    assert '<a href="./search.en.html?q=HTWD" hreflang="en"' in page.text
    similar = server.get(f"search.de.html?q={quote('Gölritz')}")
    assert "So geschrieben gibt es nichts" in similar.text and "Hochschule Zittau/Görlitz" in similar.text
    assert "Nichts gefunden" in server.get("search.de.html?q=zzzzqqq").text


@pytest.mark.parametrize(
    ("text", "german", "english"),
    [
        ("Hochschule zzzzqqq", "Nirgends gefunden: „zzzzqqq“. Weniger", "Nothing has “zzzzqqq”. Fewer"),
        ("Hochschule Zittaux", "Nirgends gefunden: „Zittaux“. Ähnlich", "Nothing has “Zittaux”. These"),
        ("hszg recomine saxony5", "Jedes dieser Wörter", "Each of these words"),
        ("zzzzqqq", "Nichts gefunden", "Nothing found"),
    ],
)
def test_the_page_says_which_word_is_missing(server: Served, text: str, german: str, english: str) -> None:
    for language, words in (("de", german), ("en", english)):
        assert f'<p class="text">{words}' in server.get(f"search.{language}.html?q={quote(text)}").text
    missing = [one for one in text.split() if f"“{one}”" in english]
    assert server.get(f"search.json?q={quote(text)}").json["missing"] == missing


def test_the_form_without_a_text_is_the_page_of_the_site(server: Served) -> None:
    plain, empty = server.get("search.de.html"), server.get("search.de.html?q=++")
    assert plain.status == empty.status == 200 and plain.body == empty.body
    assert "<noscript>" in plain.text and "data-answered" not in plain.text
    assert server.get("search.json").json["list"] == "search/list.js"
    assert server.get("search/list.js").media_type == "text/javascript"
    assert server.get("search.js").media_type == "text/javascript"


def test_the_address_without_an_ending_negotiates(server: Served) -> None:
    for accept, kind in (("text/html", "text/html"), ("application/json", "application/json")):
        answer = server.ask("/search?q=HTWD", headers={"Accept": accept})
        assert (answer.status, answer.media_type) == (200, kind)
    assert server.ask("/search?q=HTWD", headers={"Accept": "image/png"}).status == 406


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=a&q=b", "q"),
        ("q=a&limit=0", "1 to 100"),
        ("q=a&limit=101", "1 to 100"),
        ("q=a&limit=-1", "1 to 100"),
        ("q=a&limit=1&limit=2", "1 to 100"),
        ("q=a&limit=x", "1 to 100"),
        ("q=a&limit=99999999999999999999", "1 to 100"),
        ("q=%ff", "UTF-8"),
        (f"q={'x' * 10_000}", "500"),
    ],
)
def test_nonsense_gets_problem_details(server: Served, query: str, words: str) -> None:
    answer = server.get(f"search.json?{query}")
    assert (answer.status, answer.media_type) == (400, "application/problem+json")
    assert words in answer.json["detail"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "\u202eمرحبا",
        "x" * 10_000,
        "' OR 1=1",
        "\0",
    ],
)
def test_a_hostile_text_gets_a_whole_page_that_only_shows_it(server: Served, text: str) -> None:
    begun = time.monotonic()
    page = server.get(f"search.de.html?q={quote(text)}")
    assert page.status == (400 if len(text) > 500 else 200)
    assert time.monotonic() - begun < 5
    assert (
        page.text.rstrip().endswith("</html>")
        and "<script>alert" not in page.text
        and "<img src" not in page.text
    )
    assert page.text.count("<script") == 2  # those of the colours and of the search


def test_an_unknown_language_or_form_is_nothing(server: Served) -> None:
    assert server.get("search.xx.html?q=a").status == 404
    assert server.get("search.ttl?q=a").status == 404
    assert server.get("search.json?q=HTWD&language=xx").status == 200


def test_scripts_and_requests_of_our_own_are_allowed_and_nothing_else(server: Served) -> None:
    for path in ("index.de.html", "search.de.html?q=a", "organisations/"):
        policy = server.get(path).field("content-security-policy")
        assert (
            "default-src 'none'" in policy
            and "script-src 'self';" in policy
            and "connect-src 'self';" in policy
        )
        assert "unsafe" not in policy
        assert server.get(path).headers["set-cookie"] is None


def test_every_page_has_the_form_in_its_head(server: Served) -> None:
    for path, root in (
        ("index.de.html", "./"),
        (f"{HTW}.de.html", "../"),
        ("organisations/", "../"),
        ("questions/", "../"),
    ):
        page = server.ask(f"/{path}", headers={"Accept-Language": "de", "Accept": "text/html"}).text
        assert f'action="{root}search.de.html"' in page and f'src="{root}search.js"' in page, path
    absent = server.ask("/a/b/c/d", headers={"Accept-Language": "de", "Accept": "text/html"})
    assert absent.status == 404 and 'action="/search.de.html"' in absent.text
