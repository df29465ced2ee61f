"""The page of futureSAX, fact by fact: each is in the built release, in both languages and with its source.

``facts/futuresax.csv`` holds a fact per row: its number, what it says in our own words, a graph pattern that binds
``?record`` (the record that rests on the source) and ``?thing`` (what the words are said of), words that a German and
an English text of ``?thing`` must contain, separated by semicolons, and the source.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.queries import BooleanAnswer

FOLDER = Path(__file__).parent / "facts"
PAGE = REPOSITORY.parent / "shared" / "sources" / "000_e9acecd4deaafc04.txt"
BASE = "https://w3id.org/transfergraph/saxony/"
SCHEME = "https://w3id.org/transfergraph/scheme/"
RECORDS = {
    "a": "aim",
    "e": "event",
    "o": "organisation",
    "p": "place",
    "pr": "programme",
    "r": "region",
    "s": "statement",
    "t": "topic",
    "u": "undertaking",
    "source": "source",
}
PREFIXES = "".join(
    f"PREFIX {prefix}: <{iri}>\n"
    for prefix, iri in (
        ("dct", "http://purl.org/dc/terms/"),
        ("edtf", "http://id.loc.gov/datatypes/edtf/"),
        ("skos", "http://www.w3.org/2004/02/skos/core#"),
        ("tg", "https://w3id.org/transfergraph/ontology#"),
        *((prefix, f"{BASE}{path}/") for prefix, path in RECORDS.items()),
        *((scheme, f"{SCHEME}{scheme}/") for scheme in ("event-kind", "measure", "qualifier", "role")),
    )
)
Fact = dict[str, str]


def facts() -> list[Fact]:
    with (FOLDER / "futuresax.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def query(fact: Fact) -> str:
    """Asks for the pattern, its source, and a text of the thing in each language with all its words."""
    parts = [f"{{ {fact['pattern']} }}", f"?record dct:source source:{fact['source']} ."]
    for language in ("de", "en"):
        words = [word for word in fact[language].split(";") if word]
        contained = "".join(f' && CONTAINS(LCASE(STR(?{language})), "{word}")' for word in words)
        parts.append(
            f'FILTER EXISTS {{ ?thing ?in_{language} ?{language} FILTER(LANG(?{language}) = "{language}"{contained}) }}'
        )
    return f"{PREFIXES}ASK {{ {' '.join(parts)} }}"


def holds(release: tg.Release, fact: Fact) -> bool:
    answer = release.sparql(query(fact))
    assert isinstance(answer, BooleanAnswer)
    return answer.value


@pytest.mark.parametrize("fact", facts(), ids=lambda fact: f"{fact['number']}-{fact['fact']}")
def test_the_release_holds_the_fact(saxony: tg.Release, fact: Fact) -> None:
    assert holds(saxony, fact)


def test_a_fact_that_the_page_does_not_state_is_missed(saxony: tg.Release) -> None:
    fact = facts()[0]
    for changed in (
        {"source": "saxony5-idw-2022"},
        {"de": "raumfahrtagentur"},
        {"en": "space agency"},
        {"pattern": "VALUES (?record ?thing) { (o:futuresax o:futuresax) } ?record a tg:Alliance"},
    ):
        assert not holds(saxony, {**fact, **changed})


def test_there_are_more_than_168_facts_numbered_in_order() -> None:
    rows = facts()
    assert [int(row["number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 168
    assert len({row["fact"] for row in rows}) == len(rows)
    for row in rows:
        assert "?record" in row["pattern"]
        assert "?thing" in row["pattern"]
        assert bool(row["de"]) == bool(row["en"])


def test_no_sentence_of_the_page_is_copied() -> None:
    """No ten words in a row, in the table of facts and in the texts of the data alike."""
    if not PAGE.is_file():
        pytest.skip("no text of the page in ../shared/sources")
    words = re.findall(r"\w+", PAGE.read_text(encoding="utf-8").lower())
    runs = {tuple(words[i : i + 10]) for i in range(len(words))}
    texts = [row["fact"] for row in facts()]
    for file in (REPOSITORY / "data" / "saxony").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as opened:
            for cells in csv.DictReader(opened):
                texts += [
                    cell
                    for column, cell in cells.items()
                    if column.startswith(("description", "name", "note"))
                ]
    for text in texts:
        found = re.findall(r"\w+", text.lower())
        assert not {tuple(found[i : i + 10]) for i in range(len(found) - 9)} & runs, text
