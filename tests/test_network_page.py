"""The network page as a file: complete, escaped, the same every time."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, EURO, TG, Tables, analysis_of, evil, five_alliances, page_of
from workspaces import LANGUAGES

from transfergraph import Text
from transfergraph.common.displayed_values import sort_key, web_address
from transfergraph.messages import both
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.sentences import period
from transfergraph.network.output import list_pages
from transfergraph.network.output.explorer_page import SCRIPTS, complete_list, network_page
from transfergraph.network.output.network_lists import undertaking_rows
from transfergraph.network.output.picture import symbols_of
from transfergraph.network.output.shapes import SHAPES

ROOM = Path(str(sys.modules["transfergraph.network"].__file__)).parent
TEMPLATES, MODULES = ROOM / "templates", ROOM / "script"


class Document(HTMLParser):
    """Elements with their attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[tuple[dict[str, str | None], str]]] = {"script": [], "style": []}
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag in self.raw and self.cdata_elem == tag:
            self.raw[tag].append((attributes, data))
        else:
            self.text.append(data)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    return page_of(five_alliances(), tmp_path_factory.mktemp("page"))


@pytest.fixture(scope="module")
def document(html: str) -> Document:
    return Document(html)


def scripts(document: Document) -> list[str]:
    """The text of each script that runs."""
    joined: list[str] = []
    for attributes, text in document.raw["script"]:
        if attributes.get("type") is None:
            joined.append(text)
    return joined


def data(document: Document) -> dict[str, Any]:
    (content,) = [
        text for attributes, text in document.raw["script"] if attributes.get("id") == "network-data"
    ]
    loaded = json.loads(content)
    assert isinstance(loaded, dict)
    return loaded


def sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_page_is_one_file_that_asks_for_nothing(html: str, document: Document) -> None:
    assert html.startswith('<!doctype html>\n<html lang="de" data-languages="de en">\n')
    loading = {
        "src",
        "srcset",
        "data",
        "action",
        "formaction",
        "background",
        "poster",
        "manifest",
        "ping",
        "style",
    }
    for tag, attributes in document.elements:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "video", "audio"}
        assert not loading.intersection(attributes), (tag, attributes)
        assert not any(name.startswith("on") for name in attributes)
    (style,) = [text for _, text in document.raw["style"]]
    assert "url(" not in style and "@import" not in style
    assert len(html.encode()) < 900_000


def test_the_policy_allows_exactly_what_is_in_the_page(document: Document) -> None:
    (policy,) = [
        attributes["content"]
        for tag, attributes in document.elements
        if tag == "meta" and attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    (style,) = [text for _, text in document.raw["style"]]
    assert policy == (
        f"default-src 'none'; script-src {' '.join(map(sha256, scripts(document)))}; style-src {sha256(style)}; "
        "base-uri 'none'; form-action 'none'"
    )
    assert len(scripts(document)) == 3


def test_the_scripts_never_write_html() -> None:
    own = {file.stem: file.read_text("utf-8") for file in MODULES.glob("*.js")}
    assert own.keys() == set(SCRIPTS)
    assert len(set(SCRIPTS)) == len(SCRIPTS)
    for name, text in own.items():
        assert text.startswith("// "), name
        assert len(text.splitlines()) < 400, name
        for trap in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
            assert trap not in text, name
        assert not re.search(r"\b(fetch|XMLHttpRequest|importScripts|WebSocket|sendBeacon)\b", text), name


def test_the_stored_layout_is_what_is_drawn_and_physics_are_off(document: Document) -> None:
    (options,) = [
        text for attributes, text in document.raw["script"] if attributes.get("id") == "picture-options"
    ]
    assert json.loads(json.loads(options))["physics"] == {"enabled": False}
    nodes = data(document)["nodes"]
    assert len(nodes["x"]) == len(nodes["y"]) == 35 + 27
    assert all(isinstance(value, int) for value in nodes["x"] + nodes["y"])


def test_every_participation_and_every_part_is_in_the_page(document: Document) -> None:
    content = data(document)
    assert (len(content["parts"]), len(content["links"]["o"])) == (22, 50 - 1)
    text = "".join(document.text)
    assert "Koordination, Partner" in text and "Coordinator, Partner" in text


def test_the_numbers_and_the_coverage_are_stated(document: Document) -> None:
    text = " ".join("".join(document.text).split())
    for sentence in (
        "35 Organisationen", "35 organisations", "27 Vorhaben", "27 undertakings", "51 Beteiligungen",
        "mindestens 40 Partner, Stand 12. März 2025", "at least 40 partners, as of 12 March 2025",
        "4 unmittelbar mit Namen bekannt, 11 mit Projekten und Laboren", "1 weitere Angabe", "keine Angabe der Quellen", "Ausgedachte Quelle",
        "https://creativecommons.org/licenses/by/4.0/", "vis-network 9.1.2",
    ):  # fmt: skip
        assert sentence in text, sentence


def test_every_node_has_a_row_and_every_link_leads_to_one(document: Document) -> None:
    ids = [attributes["id"] for _, attributes in document.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert set(data(document)["nodes"]["key"]) <= set(ids)
    targets = {attributes["href"] for tag, attributes in document.elements if tag == "a"}
    assert {str(target)[1:] for target in targets if str(target).startswith("#")} <= set(ids)
    assert all(str(target).startswith(("#", "https://")) for target in targets)


def test_both_languages_everywhere(document: Document) -> None:
    languages = [attributes.get("lang") for tag, attributes in document.elements if tag == "span"]
    assert languages.count("de") == languages.count("en") > 50


def test_same_input_same_bytes_whatever_the_hashes(html: str, tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1])\n"
        "from network_fixture import five_alliances, page_of\n"
        "sys.stdout.buffer.write(page_of(five_alliances(), pathlib.Path(sys.argv[2])).encode())\n"
    )
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program, str(Path(__file__).parent), str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        assert run.stdout == html.encode()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "2"]


def test_evil_labels_stay_text(tmp_path: Path) -> None:
    tables = evil()
    html = page_of(tables, tmp_path)
    document = Document(html)
    harmless = Document(page_of(five_alliances(), tmp_path / "harmless"))
    assert {tag for tag, _ in document.elements} <= {tag for tag, _ in harmless.elements}
    allowed = {name for _, attributes in harmless.elements for name in attributes}
    assert {name for _, attributes in document.elements for name in attributes} <= allowed
    assert len(document.raw["script"]) == 5
    for attributes, text in document.raw["script"]:
        if attributes.get("type") == "application/json":
            assert not set("<>&\u2028\u2029").intersection(text)
    assert not any(
        str(attributes.get("href", "#")).startswith(("javascript", "data", "vbscript"))
        for _, attributes in document.elements
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "//host/x",
        "ftp://host/",
        "",
        "http://[",
        "https:",
    ],
)
def test_only_web_addresses_become_links(url: str) -> None:
    assert web_address(url) == ""


def test_web_addresses_pass() -> None:
    assert web_address("https://www.hszg.de/a?b=c#d") == "https://www.hszg.de/a?b=c#d"


def test_an_empty_network_and_a_single_node_make_a_page(tmp_path: Path) -> None:
    empty = Document(page_of(Tables(), tmp_path / "empty"))
    assert "0 Organisationen" in "".join(empty.text)
    alone = Tables()
    alone.organisation("o", "company", "Allein & Söhne")
    assert "Allein & Söhne" in "".join(Document(page_of(alone, tmp_path / "alone")).text)


def test_an_excerpt_says_so(tmp_path: Path) -> None:
    html = page_of(five_alliances(), tmp_path, at_most=20)
    text = " ".join("".join(Document(html).text).split())
    assert "Gezeigt werden die am stärksten verbundenen" in text
    assert "35 Organisationen" in text


def test_a_large_network_lies_in_the_page_in_pieces(tmp_path: Path) -> None:
    analysis = analysis_of(five_alliances(), tmp_path / "store")
    document = Document(network_page(analysis, whole=10))
    content = data(document)
    assert content["form"] == "overview"
    pieces = {
        str(attributes["id"]): text
        for attributes, text in document.raw["script"]
        if attributes.get("type") == "text/plain"
    }
    assert pieces.keys() == {"piece-names", "piece-lonely", *(f"piece-part-{n}" for n in range(5))}
    opened = {name: json.loads(zlib.decompress(base64.b64decode(text))) for name, text in pieces.items()}
    found = [key for name, one in opened.items() if name != "piece-names" for key in one["nodes"]["key"]]
    assert sorted(found) == sorted(opened["piece-names"]["nodes"]["key"])
    said = {text.strip() for text in document.text}
    assert {row["de"] for row in content["communities"]} <= said
    cells = [a.get("class") for tag, a in document.elements if tag == "td"]
    assert set(cells) == {"figure"} and len(cells) == 2 * len(content["communities"])
    assert [a.get("class") for tag, a in document.elements if tag == "th"][:3] == [None, "figure", "figure"]
    assert ("a", "network/list.html") in [(tag, a.get("href")) for tag, a in document.elements]


def test_the_complete_list_of_a_large_network_needs_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    analysis = analysis_of(five_alliances(), tmp_path / "store")
    monkeypatch.setattr(list_pages, "ROWS", 5)
    files = {name: Document(html) for name, html in complete_list(analysis)}
    index = files.pop("list.html")
    assert all(document.raw["script"] == [] for document in (index, *files.values()))
    links = [str(a["href"]) for tag, a in index.elements if tag == "a" and "list-" in str(a.get("href"))]
    assert links == list(files)
    ids = {name: {a.get("id") for _, a in document.elements} for name, document in files.items()}
    rows = [node.removeprefix(BASE) for node in analysis.network]
    assert all(sum(row in own for own in ids.values()) == 1 for row in rows)
    assert (
        max(len([one for one in own if one in rows]) for own in ids.values()) <= 12
    )  # an alliance and its parts
    for name, document in files.items():
        for tag, a in document.elements:
            file, hash_, anchor = str(a.get("href", "")).partition("#")
            if tag == "a" and hash_:
                assert anchor in ids[file or name]
    policy = next(a["content"] for _, a in index.elements if a.get("http-equiv"))
    assert str(policy).startswith("default-src 'none'; style-src 'sha256-")


def test_of_many_nodes_the_lists_lie_beside_the_page_and_the_data_compressed(tmp_path: Path) -> None:
    analysis = analysis_of(five_alliances(), tmp_path / "store")
    document = Document(network_page(analysis, listed=10))
    content = data(document)
    assert content["form"] == "whole" and content["packed"] and "nodes" not in content
    (piece,) = [text for a, text in document.raw["script"] if a.get("id") == "piece-whole"]
    packed = json.loads(zlib.decompress(base64.b64decode(piece)))
    assert len(packed["nodes"]["key"]) == len(analysis.network)
    links = [a.get("href") for tag, a in document.elements if tag == "a"]
    assert "network/list.html" in links and "#organisation/hif" not in links
    alone = Document(network_page(analysis, listed=10, beside=False))
    assert "#organisation/hif" in [a.get("href") for tag, a in alone.elements if tag == "a"]


def test_undertakings_are_listed_below_their_wholes(tmp_path: Path) -> None:
    rows = undertaking_rows(build_network(five_alliances().store(tmp_path), LANGUAGES, CLASSES), BASE)
    assert [(row.label.in_language("de"), row.depth) for row in rows][:3] == [
        ("Lausitz – Life & Technology", 0),
        ("AFiin", 1),
        ("GreenHeater", 1),
    ]
    assert [row.belongs_to[0].target for row in rows[1:3]] == ["#undertaking/life-and-technology"] * 2


def test_periods_in_words() -> None:
    assert period("2019-04", "2025-12") == Text(de="2019-04 bis 2025-12", en="2019-04 to 2025-12")
    assert period("2019", "") == Text(de="seit 2019", en="since 2019")
    assert period("", "2025") == Text(de="bis 2025", en="until 2025")
    assert period("", "") is None


def test_names_sort_as_readers_expect() -> None:
    names = ["Zwickau", "Öko", "Oder", "ärzte", "Bau"]
    assert sorted(names, key=sort_key) == [
        "ärzte", "Bau", "Oder", "Öko", "Zwickau",
    ]  # fmt: skip


def test_many_kinds_share_the_last_sign(tmp_path: Path) -> None:
    network = nx.Graph(languages=LANGUAGES, classes=CLASSES.described(LANGUAGES))
    for number in range(10):
        for copy in range(12 - number):
            network.add_node(
                f"{number}-{copy}", bipartite=0, kind=f"k{number}", kind_de=f"K{number}", kind_en="", **{"class": "Organisation"}
            )  # fmt: skip
    marks, of_node = symbols_of(network)
    assert len(marks) == 8
    assert len({(mark.shape, mark.colour) for mark in marks}) == 8
    assert len({mark.shape for mark in marks[:7]}) == 7
    assert marks[7].label == both("network.other-kinds")
    assert marks[7].count == 5 + 4 + 3
    assert {of_node[f"{number}-0"] for number in (7, 8, 9)} == {7}


# ---- colours: WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (marks) ----------------------------


def colours(dark: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in ("light", "dark") if dark else ("light",):
        style = (TEMPLATES / f"{name}.css").read_text("utf-8")
        found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", style))
    return found


def contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_colours_can_be_told_from_the_ground(dark: bool) -> None:
    found = colours(dark)
    outlined = {"mark-u1", "mark-u2", "mark-u3"}
    marks = {name for name in found if name.startswith("mark-")} - outlined
    assert {f"mark-{mark}" for mark in "0123456"} < marks
    for ground in ("paper", "circle", "panel"):
        for mark in marks:
            assert contrast(found[mark], found[ground]) >= 3, (mark, ground)
        for text in ("ink", "soft", "accent"):
            assert contrast(found[text], found[ground]) >= 4.5, (text, ground)
    for line in ("line", "part-line"):
        assert contrast(found[line], found["paper"]) >= 3


def test_shapes_are_of_like_size() -> None:
    for corners in SHAPES.values():
        assert all(0.5 <= (x * x + y * y) ** 0.5 <= 1.4 for x, y in corners)


def test_no_name_is_declared_twice_in_the_script() -> None:
    texts = (file.read_text(encoding="utf-8") for file in MODULES.glob("*.js"))
    names = [
        name for text in texts for name in re.findall(r"^(?:const|let|function|class) (\w+)", text, re.M)
    ]
    assert len(names) > 100
    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_shares_are_offered_only_where_a_source_states_one(tmp_path: Path) -> None:
    tables = five_alliances()
    for number, subject in enumerate(("funding/1", "participation/reminingplus~hif~partner")):
        tables.fact(subject, TG + "amount", 700_000)
        tables.fact(subject, TG + "currency", f"<{EURO}>")
        if subject == "funding/1":
            tables.fact(subject, TG + "funds", f"<{BASE}undertaking/reminingplus>")
        page = network_page(analysis_of(tables, tmp_path / str(number)))
        content = json.loads(re.findall(r'id="network-data">(.*?)</script>', page, re.DOTALL)[0])
        offered = number == 1
        assert ('value="funding"' in page) is offered
        assert ("funding" in content["weights"]) is offered
        assert ("funding" in content["measures"]) is offered
