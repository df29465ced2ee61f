"""The CSVW test suite of the W3C: each test is answered right or refused by name, none silently wrong.

Fitted to what our reader is: it takes a description (a CSV without one is refused), reads one workspace, makes the
graph of minimal mode, and has no blank nodes, so that tables without an ``aboutUrl`` get one from the number of the
row. What the suite says of a test (``rdfs:label``, ``rdfs:comment``) is left out. Of the expected graph of standard mode the triples about what rows describe count; literals are compared by
their values, texts in Unicode NFC without surrounding space.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from csvw_reader import Answer, answer
from workspaces import REPOSITORY

SUITE = REPOSITORY.parent / "shared" / "suites" / "csvw" / "tests"
TESTS = "http://www.w3.org/2013/csvw/tests/"
CSVW = "http://www.w3.org/ns/csvw#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SKOLEM = "row-of-no-subject-"

pytestmark = pytest.mark.skipif(not SUITE.is_dir(), reason="the CSVW suite is not beside the repository")


def entries(kind: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((SUITE / f"manifest-{kind}.jsonld").read_bytes())["entries"]
    return entries


def description_of(entry: dict[str, Any]) -> tuple[str | None, str | None]:
    """The text of the description that the test finds, by the order of the standard, and the CSV it is asked of."""
    action: str = entry["action"]
    if action.endswith(".json"):
        return (SUITE / action).read_text("utf-8"), None
    linked = re.search(r"<([^>]+)>; rel=\"describedby\"", entry.get("httpLink") or "")
    candidates = [
        (entry.get("option") or {}).get("metadata"),
        str(Path(action).parent / linked[1]) if linked else None,
        f"{action}-metadata.json",
        str(Path(action).parent / "csv-metadata.json"),
        *(one for one in entry.get("implicit") or () if one.endswith("json")),
    ]
    for candidate in candidates:
        if candidate and (SUITE / candidate).is_file() and describes(SUITE / candidate, action):
            return (SUITE / candidate).read_text("utf-8"), action
    return None, action


def describes(description: Path, action: str) -> bool:
    """Whether a description that was found is of this CSV; one without any url is."""
    try:
        found = json.loads(description.read_bytes())
        urls = [table.get("url") for table in found.get("tables", [found])]
    except (ValueError, AttributeError, TypeError):
        return True
    return urls == [None] or any(
        (description.parent / str(url)).resolve() == (SUITE / action) for url in urls
    )


def fitted(text: str, action: str | None) -> Any:
    """The description with a url where it is that of the CSV, and an aboutUrl where it has none."""
    try:
        described = json.loads(text)
    except ValueError:
        return text
    if not isinstance(described, dict):
        return text
    if action is not None and "tables" not in described and "url" not in described:
        described["url"] = Path(action).name
    tables = described.get("tables", [described])
    for table in tables if isinstance(tables, list) else []:
        schema = table.get("tableSchema") if isinstance(table, dict) else None
        if isinstance(schema, dict) and not has_about(described, table, schema):
            schema["aboutUrl"] = f"#{SKOLEM}{{_row}}"
    return {key: value for key, value in described.items() if key not in ("rdfs:label", "rdfs:comment")}


def has_about(*entries: dict[str, Any]) -> bool:
    columns = entries[-1].get("columns")
    own = [one for one in columns if isinstance(one, dict)] if isinstance(columns, list) else []
    return any("aboutUrl" in one for one in entries) or (bool(own) and all("aboutUrl" in one for one in own))


def run(entry: dict[str, Any], folder: Path) -> Answer:
    text, action = description_of(entry)
    if text is None:
        return Answer(None, "a table without a description", ())
    described = fitted(text, action)
    at = Path(entry["action"]).parent
    tables = {path.stem: path.read_bytes() for path in used(described, SUITE / at)}
    return answer(folder, described, tables, f"{TESTS}{at}/" if str(at) != "." else TESTS)


def used(described: Any, folder: Path) -> Iterator[Path]:
    tables = described.get("tables", [described]) if isinstance(described, dict) else []
    for table in tables if isinstance(tables, list) else []:
        url = table.get("url") if isinstance(table, dict) else None
        if isinstance(url, str) and (folder / url).is_file():
            yield folder / url


def expected_graph(entry: dict[str, Any]) -> set[ox.Triple]:
    """What the result says of the subjects that rows describe: the graph of minimal mode."""
    result = SUITE / entry["result"]
    base = TESTS + entry["result"]
    found = {quad.triple for quad in ox.parse(path=str(result), format=ox.RdfFormat.TURTLE, base_iri=base)}
    if (entry.get("option") or {}).get("minimal"):
        return found
    described = {one.object for one in found if one.predicate.value == f"{CSVW}describes"}
    return {one for one in found if one.subject in described}


def comparable(triples: set[ox.Triple] | frozenset[ox.Triple]) -> str:
    """The canonical form of a graph; literals by value, made-up subjects as blank nodes."""
    dataset = ox.Dataset()
    for one in triples:
        dataset.add(ox.Quad(_subject(one.subject), one.predicate, _value(one.object)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return "\n".join(sorted(map(str, dataset)))


def _subject(term: Any) -> Any:
    if isinstance(term, ox.NamedNode) and SKOLEM in term.value:
        return ox.BlankNode(re.sub(r"[^A-Za-z0-9]", "", term.value))
    return term


NUMBERS = ("decimal", "integer", "double", "float", "long", "int", "short", "byte", "Integer")


def _value(term: Any) -> Any:
    if not isinstance(term, ox.Literal):
        return _subject(term)
    kind = term.datatype.value.rpartition("#")[2]
    if kind.startswith("unsigned") or kind.endswith(NUMBERS):
        try:
            return ox.Literal(f"{Decimal(term.value).normalize():f}", datatype=term.datatype)
        except InvalidOperation:
            return term
    if term.language:
        return term
    text = re.sub(r"(:\d\d)\.0+(?=$|Z|[+-])", r"\1", term.value) if "ime" in kind else term.value
    return ox.Literal(unicodedata.normalize("NFC", text).strip(), datatype=term.datatype)


def verdict(entry: dict[str, Any], said: Answer) -> str:
    """``right``, ``refused`` (by name, or with findings), or what is wrong.

    A negative test that was refused for what we do not support is no right answer.
    """
    kind = entry["type"].removeprefix("csvt:")
    is_told = said.graph is None
    if kind.startswith("Negative"):
        by_chance = "supported" in said.refused
        return "refused" if by_chance else "right" if is_told else "WRONG: accepted"
    if is_told:
        return "refused"
    if "Warning" in kind and not said.findings and entry["id"].rpartition("#")[2] not in FOUND_ELSEWHERE:
        return "WRONG: without a word"
    if "result" in entry and kind.startswith("ToRdf"):
        assert said.graph is not None
        return "right" if comparable(said.graph) == comparable(expected_graph(entry)) else "WRONG: graph"
    return "right"


FOUND_ELSEWHERE = {"test122", "test123"}
"""Where the warning is of a description that was found first and is of another file: finding is not our reader's."""


@cache
def verdicts(kind: str, folder: Path) -> dict[str, str]:
    return {
        entry["id"].partition("#")[2]: verdict(entry, run(entry, folder / entry["id"].partition("#")[2]))
        for entry in entries(kind)
    }


COUNTS: dict[str, dict[str, int]] = {
    "rdf": {
        "NegativeRdfTest refused": 13,
        "NegativeRdfTest right": 45,
        "ToRdfTest refused": 41,
        "ToRdfTest right": 35,
        "ToRdfTestWithWarnings refused": 134,
        "ToRdfTestWithWarnings right": 2,
    },
    "validation": {
        "NegativeValidationTest refused": 16,
        "NegativeValidationTest right": 129,
        "PositiveValidationTest refused": 38,
        "PositiveValidationTest right": 38,
        "WarningValidationTest refused": 59,
        "WarningValidationTest right": 2,
    },
}
"""Whoever makes more of them right counts anew; what is supported is never less by accident."""


@pytest.mark.parametrize("kind", ["rdf", "validation"])
def test_each_test_is_answered_right_or_refused_by_name(
    kind: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = verdicts(kind, tmp_path_factory.mktemp(kind))
    wrong = {name: said for name, said in found.items() if said.startswith("WRONG")}
    types = {entry["id"].partition("#")[2]: entry["type"].removeprefix("csvt:") for entry in entries(kind)}
    assert wrong == {}
    counts = Counter((types[name], said) for name, said in found.items())
    assert {f"{of} {said}": count for (of, said), count in sorted(counts.items())} == COUNTS[kind]
