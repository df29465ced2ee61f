"""The pages of a whole site: words for people, no keys, addresses or codes where nobody asked, and valid HTML."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from pages_fixture import STATED
from workspaces import REPOSITORY

import transfergraph as tg

SCHEMES = "https://w3id.org/transfergraph/scheme/"

_VOID = frozenset(("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"))
_CODE = frozenset(("script", "style", "pre", "code", "textarea", "svg", "option", "iframe"))
_MEANT = frozenset(("code", "external", "citation"))
"""Classes of elements that hold keys and addresses because they are asked for: permanent addresses, checksums,
columns of tables; the addresses of other sites; how to cite."""

_NOTATIONS = frozenset(("Kürzel", "Notation"))
"""Fields that state a key as such."""

_ADDRESS = re.compile(r"(?:https?|urn):\S+")
_PREFIXED = re.compile(r"\b(?:tg|tgsh|skos|dct|dcat|org|foaf|rdfs?|owl|dqv|prov|xsd|edtf):[A-Za-z]\w*")
_TECHNICAL = re.compile(r"\b(?:Default-Graph|default graph|graph/\w+)\b")
_TOKEN = re.compile(r"(?<![\w./@-])[a-z0-9]+(?:[-_~][a-z0-9]+)+(?![\w/@-]|\.\w)")


VALIDATOR = REPOSITORY / ".tools" / "html" / "node_modules" / ".bin" / "html-validate"
RULES = {
    "root": True,
    "extends": ["html-validate:recommended"],
    "rules": {
        # On a phone tables are shown as blocks, and some browsers then take them for no tables: each says what it is.
        "no-redundant-role": "off",
        # A field with suggestions in an ARIA pattern that no element of HTML has.
        "prefer-native-element": ["error", {"exclude": ["listbox"]}],
        # Names of entities are as long as they are.
        "long-title": "off",
        # Keys are anchors of the list of the network: HTML allows all but spaces.
        "valid-id": ["error", {"relaxed": True}],
        "doctype-style": ["error", {"style": "lowercase"}],
        # Boxes that belong together have one name: each that is ticked is a value of it.
        "form-dup-name": "off",
    },
}
_OF_A_KIND = 2


@dataclass(frozen=True)
class Shown:
    """A text on a page, with the elements and classes around it, the outermost first.

    ``language`` is the nearest that is stated, ``field`` the name of the field of which it is a value.
    """

    text: str
    around: tuple[tuple[str, frozenset[str]], ...]
    language: str
    field: str

    @property
    def is_meant(self) -> bool:
        """True where keys and addresses belong."""
        return any(tag in _CODE or classes & _MEANT for tag, classes in self.around)


class _Words(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, frozenset[str], str]] = []
        self._field = ""
        self.found: list[Shown] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            stated = dict(attrs)
            language = stated.get("lang") or (self._open[-1][2] if self._open else "")
            self._open.append((tag, frozenset((stated.get("class") or "").split()), language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Nothing is in it."""

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if data.strip():
            text, (tag, _, language) = " ".join(data.split()), self._open[-1]
            if tag == "dt":
                self._field = text
            value = any(one[0] == "dd" for one in self._open)
            around = tuple(one[:2] for one in self._open)
            self.found.append(Shown(text, around, language, self._field if value else ""))


@dataclass(frozen=True)
class Codes:
    """The keys of all entities and questions but those that texts use as words, such as kick-off; and those of
    terms with their names by language."""

    keys: frozenset[str]
    terms: Mapping[str, Mapping[str, str]]

    def faults(self, shown: Shown, language: str) -> Iterator[str]:
        """What in a text is no word for people."""
        if shown.is_meant or shown.field in _NOTATIONS:
            return
        for pattern in (_ADDRESS, _PREFIXED, _TECHNICAL):
            yield from pattern.findall(shown.text)
        yield from (one for one in _TOKEN.findall(shown.text) if one in self.keys or "_" in one)
        named = self.terms.get(shown.text, {}).get(language, shown.text)
        is_word = language == "en" and "-" not in shown.text  # keys are made of English words
        if named != shown.text and shown.language == language and not is_word:
            yield f"{shown.text} for {named}"


@pytest.fixture(scope="module")
def codes(saxony: tg.Release) -> Codes:
    """The keys of the release and of its terms."""
    subjects = saxony.store.select(
        f"SELECT DISTINCT ?thing {{ {STATED.format('?thing ?property ?value')} }}"
    ).rows
    found = (str(thing.value) for (thing,) in subjects if isinstance(thing, ox.NamedNode))
    keys = {re.split("[/#]", iri)[-1] for iri in found} | {one.name for one in saxony.questions}
    terms: dict[str, dict[str, str]] = {}
    query = (
        "SELECT ?term ?name { ?term <http://www.w3.org/2004/02/skos/core#prefLabel> ?name "
        f'FILTER(STRSTARTS(STR(?term), "{SCHEMES}")) }}'
    )
    for term, name in saxony.store.select(query).rows:
        assert isinstance(term, ox.NamedNode) and isinstance(name, ox.Literal)
        terms.setdefault(term.value.rpartition("/")[2], {})[name.language or ""] = name.value
    texts = saxony.store.select('SELECT ?text { ?thing ?property ?text FILTER(LANG(?text) != "") }').rows
    words = {word for (one,) in texts if isinstance(one, ox.Literal) for word in _TOKEN.findall(one.value)}
    return Codes(frozenset(keys - words), terms)


@pytest.fixture(scope="module")
def whole_site(saxon_site: Path) -> Path:
    """The site of the curated data."""
    return saxon_site


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_show_no_key_and_no_address_to_people_who_did_not_ask(
    whole_site: Path, codes: Codes, language: str
) -> None:
    pages = [
        page
        for page in sorted(whole_site.rglob(f"*.{language}.html"))
        if not page.relative_to(whole_site)
        .as_posix()
        .startswith("ontology")  # who looks up terms asks for keys
    ]
    assert len(pages) > 1000
    faults: dict[str, str] = {}
    for page in pages:
        for shown in _Words(page.read_text("utf-8")).found:
            for fault in codes.faults(shown, language):
                faults.setdefault(f"{shown.around[-1]} {fault}", str(page.relative_to(whole_site)))
    assert faults == {}


def test_the_test_of_words_sees_what_is_wrong(codes: Codes) -> None:
    def faults(page: str, language: str = "de") -> list[str]:
        return [one for shown in _Words(page).found for one in codes.faults(shown, language)]

    assert faults("<p>Siehe life-and-technology-partners-2020.</p>") == ["life-and-technology-partners-2020"]
    assert faults("<p>Angegeben in graph/derived und im Default-Graph</p>") == [
        "graph/derived",
        "Default-Graph",
    ]
    assert faults("<td>https://e.example/EUR</td>") == ["https://e.example/EUR"]
    assert faults("<td>at-least</td>") and not faults("<td>mindestens</td>")
    assert not faults('<dd class="code">https://e.example/a</dd><pre>former_organisations</pre>')


def test_pages_of_each_kind_are_valid_html(whole_site: Path, tmp_path: Path) -> None:
    if not VALIDATOR.is_file() or shutil.which("node") is None:
        pytest.skip("html-validate is not installed: run tests/peers/install.sh")
    kinds: dict[tuple[str, str], list[Path]] = {}
    for page in sorted(whole_site.rglob("*.html")):
        place, language = page.relative_to(whole_site), page.suffixes[-2:][0]
        kind = place.parts[0] if len(place.parts) > 1 else place.name
        kinds.setdefault((kind, language), []).append(page)
    pages = [page for several in kinds.values() for page in several[:_OF_A_KIND]]
    assert whole_site / "network.html" in pages and len(pages) > 60
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps(RULES), "utf-8")
    command = [str(VALIDATOR), "--config", str(rules), "--formatter", "json", *map(str, pages)]
    told = tmp_path / "told.json"  # it ends before all of it has gone through a pipe
    with told.open("w") as stream:
        done = subprocess.run(command, stdout=stream, stderr=subprocess.PIPE, text=True, check=False)
    found = json.loads(told.read_text("utf-8"))
    assert done.stderr == ""
    assert [
        (Path(one["filePath"]).relative_to(whole_site), fault["line"], fault["ruleId"], fault["message"])
        for one in found
        for fault in one["messages"]
    ] == []
    broken = tmp_path / "broken.html"
    broken.write_text("<!doctype html><html lang=en><title>x</title><p><div></p>", "utf-8")
    assert subprocess.run([*command[:5], str(broken)], capture_output=True, check=False).returncode == 1
