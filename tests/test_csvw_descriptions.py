"""Descriptions of tables of one's own: each is mapped right, refused by name, or its cells are findings."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from csvw_reader import BASE, answer

from transfergraph import WorkspaceError
from transfergraph.tables.csvw import read_table_group

P = "https://v.example/p"
XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KEY = {"name": "id", "suppressOutput": True}


def typed(text: str, kind: str) -> str:
    return f'"{text}"^^<{XSD}{kind}>'


def described(column: Any, **others: Any) -> dict[str, Any]:
    """A table of things with one column beside the key; ``others`` belong to the schema, or to what is named."""
    group, table = others.pop("group", {}), others.pop("table", {})
    schema = {
        "aboutUrl": "thing/{id}",
        "columns": [KEY, *column] if isinstance(column, list) else [KEY, column],
    }
    entry = {"url": "things.csv", **table, "tableSchema": {**schema, **others}}
    return {"@context": "http://www.w3.org/ns/csvw", "tables": [entry], **group}


def cell(**told: Any) -> dict[str, Any]:
    return {"name": "x", "propertyUrl": P, **told}


def of_type(base: str | int, **told: Any) -> dict[str, Any]:
    return cell(datatype={"base": base, **told})


RIGHT: dict[str, tuple[Any, str, list[str]]] = {
    # what is described, the cell, and the objects that it makes
    "text": (cell(), "a", ['"a"']),
    "letters of any script": (of_type("string", format=r"\p{L}+"), "Ökö", ['"Ökö"']),
    "letters in brackets": (of_type("string", format=r"[\p{L}\p{N}]+"), "Ж9é", ['"Ж9é"']),
    "language": (cell(lang="de-AT"), "a", ['"a"@de-at']),
    "language und": (cell(lang="und"), "a", ['"a"']),
    "date": (cell(datatype="date"), "2019-10-01", [typed("2019-10-01", "date")]),
    "language beside a date": (cell(datatype="date", lang="de"), "2019-10-01", [typed("2019-10-01", "date")]),
    "integer": (cell(datatype="integer"), "12", [typed("12", "integer")]),
    "unsigned": (cell(datatype="unsignedByte"), "255", [typed("255", "unsignedByte")]),
    "decimal": (cell(datatype="decimal"), "1.50", [typed("1.5", "decimal")]),
    "number": (cell(datatype="number"), "1e3", [typed("1e3", "double")]),
    "boolean": (cell(datatype="boolean"), "true", [typed("true", "boolean")]),
    "boolean in digits": (cell(datatype="boolean"), "0", [typed("false", "boolean")]),
    "boolean in words": (of_type("boolean", format="Ja|Nein"), "Nein", [typed("false", "boolean")]),
    "German date": (of_type("date", format="dd.MM.yyyy"), "31.12.2019", [typed("2019-12-31", "date")]),
    "American date": (of_type("date", format="M/d/yyyy"), "1/2/2019", [typed("2019-01-02", "date")]),
    "date with zone": (of_type("date", format="yyyy-MM-ddX"), "2019-01-02Z", [typed("2019-01-02Z", "date")]),
    "moment": (
        of_type("dateTime", format="dd.MM.yyyy HH:mm"),
        "01.02.2019 08:30",
        [typed("2019-02-01T08:30:00", "dateTime")],
    ),
    "moment of XSD": (
        cell(datatype="dateTime"),
        "2019-02-01T08:30:00Z",
        [typed("2019-02-01T08:30:00Z", "dateTime")],
    ),
    "time": (of_type("time", format="HHmm"), "0830", [typed("08:30:00", "time")]),
    "year": (cell(datatype="gYear"), "2019", [typed("2019", "gYear")]),
    "duration": (cell(datatype="duration"), "P1Y2M", [typed("P1Y2M", "duration")]),
    "token": (cell(datatype="token"), "a b", [typed("a b", "token")]),
    "two decimals": (of_type("decimal", format="0.00"), "15.50", [typed("15.5", "decimal")]),
    "two decimals that are none": (of_type("decimal", format="0.000"), "15.000", [typed("15", "decimal")]),
    "groups": (of_type("integer", format="#,##0"), "1,234", [typed("1234", "integer")]),
    "groups of two": (of_type("integer", format="#,##,##0"), "12,34,567", [typed("1234567", "integer")]),
    "German number": (
        of_type("decimal", format={"pattern": "#.##0,00", "decimalChar": ",", "groupChar": "."}),
        "1.234,50",
        [typed("1234.5", "decimal")],
    ),
    "marks alone": (of_type("decimal", format={"decimalChar": ",", "groupChar": "."}), "1.234,5", [typed("1234.5", "decimal")]),
    "share": (of_type("decimal", format="0%"), "50%", [typed("0.5", "decimal")]),
    "plus": (of_type("integer", format="+0"), "+7", [typed("+7", "integer")]),
    "bounds": (of_type("integer", minimum=1, maximum=9), "9", [typed("9", "integer")]),
    "bounds of a date": (of_type("date", minimum="2019-01-01"), "2019-10-01", [typed("2019-10-01", "date")]),
    "length": (of_type("string", maxLength=3), "abc", ['"abc"']),
    "expression": (of_type("string", format="[a-c]+"), "abc", ['"abc"']),
    "own datatype": (of_type("string", **{"@id": "https://v.example/d"}), "a", ['"a"^^<https://v.example/d>']),
    "address": (cell(datatype="anyURI"), "https://a.example/", [typed("https://a.example/", "anyURI")]),
    "list": (cell(separator=";"), "a; b", ['"a"', '"b"']),
    "list of dates": (
        cell(separator=";", datatype={"base": "date", "format": "d.M.yyyy"}),
        "1.2.2019;3.4.2020",
        [typed("2019-02-01", "date"), typed("2020-04-03", "date")],
    ),
    "list of decimals": (
        cell(datatype="decimal", separator=";"),
        "1.25; 15.5;0.500",
        [typed("1.25", "decimal"), typed("15.5", "decimal"), typed("0.500", "decimal")],
    ),
    "nothing": (cell(null=["", "-"]), "-", []),
    "nothing in a list": (cell(null=["", "n/a"], separator=";"), "a;n/a", ['"a"']),
    "default": (cell(default="b"), "", ['"b"']),
    "default that is not needed": (cell(default="b"), "a", ['"a"']),
    "reference": (cell(valueUrl="https://v.example/{x}"), "a b", ["<https://v.example/a%20b>"]),
    "query": (cell(valueUrl="https://v.example/?q={x}&r=1"), "a", ["<https://v.example/?q=a&r=1>"]),
    "fragment": (cell(valueUrl="https://v.example/{#x}"), "a/b", ["<https://v.example/#a/b>"]),
    "value with a prefix": (cell(valueUrl="schema:{x}"), "Person", ["<http://schema.org/Person>"]),
    "two variables": (cell(valueUrl="https://v.example/{id}/{x}"), "b", ["<https://v.example/a/b>"]),
    "titles": ({"titles": "x", "propertyUrl": P}, "a", ['"a"']),
    "other title": (cell(name="y", titles="x"), "a", ['"a"']),
    "several titles": (cell(name="y", titles=["Y", "x"]), "a", ['"a"']),
    "titles by language": (cell(name="y", titles={"de": "x", "en": "Y"}), "a", ['"a"']),
    "requirement": (cell(required=True), "a", ['"a"']),
    "direction": (cell(textDirection="rtl"), "a", ['"a"']),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_described_of_a_column_is_mapped(tmp_path: Path, name: str) -> None:
    column, content, objects = RIGHT[name]
    said = answer(tmp_path, described(column), {"things": f'id,x\na,"{content}"\n'})
    assert said.graph is not None, (said.refused, said.told)
    assert {str(one.object) for one in said.graph} == set(objects)
    assert {str(one.subject) for one in said.graph} <= {f"<{BASE}thing/a>"}
    assert {one.predicate.value for one in said.graph} <= {P}


A, THING = f"<{BASE}thing/a>", f"<{BASE}things.csv"
WHOLE: dict[str, tuple[Any, str]] = {
    # what is described of tables, and the one triple that the table with the row a, b makes
    "prefix": (described(cell(propertyUrl="schema:name")), f'{A} <http://schema.org/name> "b"'),
    "Dublin Core": (described(cell(propertyUrl="dc:title")), f'{A} <http://purl.org/dc/terms/title> "b"'),
    "relative property": (described(cell(propertyUrl="#p")), f'{A} {THING}#p> "b"'),
    "no property": (described({"name": "x"}), f'{A} {THING}#x> "b"'),
    "property by name": (described({"name": "x"}, propertyUrl="https://v.example/{_name}"), f'{A} <https://v.example/x> "b"'),
    "record number": (described(cell(), aboutUrl="#r{_row}"), f'{THING}#r1> <{P}> "b"'),
    "row number": (described(cell(), aboutUrl="#r{_sourceRow}"), f'{THING}#r2> <{P}> "b"'),
    "upwards": (described(cell(), aboutUrl="../{id}"), f'<https://example.org/a> <{P}> "b"'),
    "query": (described(cell(), aboutUrl="?i={id}"), f'{THING}?i=a> <{P}> "b"'),
    "fragment": (described(cell(), aboutUrl="{#id}"), f'{THING}#a> <{P}> "b"'),
    "absolute": (described(cell(), aboutUrl="https://v.example/{id}"), f'<https://v.example/a> <{P}> "b"'),
    "of a column": (described(cell(aboutUrl="other/{x}")), f'<{BASE}other/b> <{P}> "b"'),
    "of columns alone": (
        {"@context": "http://www.w3.org/ns/csvw", "url": "things.csv", "tableSchema": {"columns": [KEY, cell(aboutUrl="o/{id}")]}},
        f'<{BASE}o/a> <{P}> "b"',
    ),
    "from the group": (described({"name": "x"}, group={"propertyUrl": P, "lang": "de"}), f'{A} <{P}> "b"@de'),
    "from the table": (described({"name": "x"}, table={"propertyUrl": P, "lang": "de"}), f'{A} <{P}> "b"@de'),
    "own before inherited": (described(cell(lang="fr"), lang="de"), f'{A} <{P}> "b"@fr'),
    "one table": (
        {**described(cell())["tables"][0], "@context": "http://www.w3.org/ns/csvw"},
        f'{A} <{P}> "b"',
    ),
    "virtual": (
        described([{"name": "x", "suppressOutput": True}, {"name": "t", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "schema:Thing"}]),
        f"{A} <{TYPE}> <http://schema.org/Thing>",
    ),
    "virtual of another": (
        described([{"name": "x", "suppressOutput": True}, {"name": "t", "virtual": True, "propertyUrl": P, "aboutUrl": "o/{x}", "valueUrl": "thing/{id}"}]),
        f"<{BASE}o/b> <{P}> {A}",
    ),
    "dialect": (described(cell(), group={"dialect": {"delimiter": ",", "encoding": "utf-8", "header": True}}), f'{A} <{P}> "b"'),
    "texts without language": (described(cell(), group={"dc:title": "Things", "dc:description": ["a", "b"]}), f'{A} <{P}> "b"'),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_what_is_described_of_a_table_is_mapped(tmp_path: Path, name: str) -> None:
    description, triple = WHOLE[name]
    said = answer(tmp_path, description, {"things": "id,x\na,b\n"})
    assert said.graph is not None, (said.refused, said.told)
    assert [str(one) for one in said.graph] == [triple]


@pytest.mark.parametrize(
    "more",
    [
        {"group": {"notes": [{"@type": "oa:Annotation"}]}},
        {"group": {"rdfs:comment": "x"}},
        {"table": {"schema:license": {"@id": "https://l.example/"}}},
        {"rowTitles": "id"},
        {"table": {"tableDirection": "rtl"}},
        {"table": {"transformations": [{"url": "x.txt", "scriptFormat": "https://s.example/"}]}},
    ],
    ids=str,
)
def test_what_makes_no_triple_is_ignored_with_a_word(tmp_path: Path, more: dict[str, Any]) -> None:
    said = answer(tmp_path, described(cell(), **more), {"things": "id,x\na,b\n"})
    assert said.graph is not None and len(said.graph) == 1, said.refused
    [finding] = said.findings
    assert finding.code == "table.description-ignored"
    [name] = next(iter(more.values())) if isinstance(next(iter(more.values())), dict) else more
    assert name in finding.message.english


FOREIGN = {"columnReference": "x", "reference": {"resource": "others.csv", "columnReference": "id"}}
REFUSED: dict[str, tuple[Any, str]] = {
    # what is described, and what the refusal names
    "text for true": (described(cell(required="true")), "required"),
    "text for false": (described(cell(suppressOutput="false")), "suppressOutput"),
    "number for a boolean": (described(cell(virtual=0)), "virtual"),
    "language that is none": (described(cell(lang="de DE")), "lang"),
    "language as a number": (described(cell(lang=5)), "lang"),
    "inherited language that is none": (described(cell(), group={"lang": "123-@"}), "lang"),
    "unknown datatype": (described(cell(datatype="foo")), "foo"),
    "XML": (described(cell(datatype="xml")), "xml"),
    "datatype as a number": (described(cell(datatype=5)), "datatype"),
    "base as a number": (described(of_type(5)), "base"),
    "datatype of XSD by @id": (described(of_type("string", **{"@id": XSD + "date"})), "@id"),
    "datatype by a blank node": (described(of_type("string", **{"@id": "_:d"})), "_:d"),
    "facet of another type": (described(of_type("string", minimum=1)), "minimum"),
    "length of a date": (described(of_type("date", length=3)), "length"),
    "bounds that cross": (described(of_type("integer", minimum=5, maximum=4)), "contradict"),
    "two lower bounds": (described(of_type("integer", minInclusive=1, minExclusive=1)), "contradict"),
    "bound that is no number": (described(of_type("integer", minimum="many")), "many"),
    "unknown facet": (described(of_type("string", pattern="a")), "pattern"),
    "expression for a number": (described(of_type("integer", format="[0-9]+")), "UAX 35"),
    "format of a number that is none": (described(of_type("decimal", format="0.0.0")), "UAX 35"),
    "format as a list": (described(of_type("decimal", format=["0"])), "format"),
    "one mark for two things": (described(of_type("decimal", format={"decimalChar": ","})), "told apart"),
    "marks of other languages": (described(of_type("decimal", format={"pattern": "#.##0,00", "decimalChar": ",", "groupChar": " "})), "UAX 35"),
    "one word for a boolean": (described(of_type("boolean", format="YN")), "YN"),
    "two digits for a year": (described(of_type("date", format="dd.MM.yy")), "yy"),
    "date without a day": (described(of_type("date", format="yyyy-MM")), "yyyy-MM"),
    "names of months": (described(of_type("date", format="d MMM yyyy")), "MMM"),
    "format of a year": (described(of_type("gYear", format="yyyy")), "gYear"),
    "bad expression": (described(of_type("string", format="(a")), "(a"),
    "look-ahead": (described(of_type("string", format="(?=a)b")), "(?=a)b"),
    "null without the blank cell": (described(cell(null="-")), "null"),
    "null as a number": (described(cell(null=0)), "null"),
    "default as a number": (described(cell(default=0)), "default"),
    "order": (described(cell(ordered=True, separator=";")), "ordered"),
    "blank separator": (described(cell(separator="")), "separator"),
    "direction": (described(cell(textDirection="up")), "textDirection"),
    "column _row": (described(cell(name="_row")), "_row"),
    "column _subject": (described(cell(name="_subject")), "_subject"),
    "column with a blank": (described(cell(name="a b")), "a b"),
    "columns alike but for case": (described([cell(), cell(name="X")]), "X"),
    "titles alike": (described([cell(), cell(name="y", titles="X")]), "alike"),
    "one column twice": (described([cell(), cell()]), "x"),
    "column without a name": (described({"propertyUrl": P}), "no name"),
    "title in another language": (described({"titles": {"de": "x"}, "propertyUrl": P}), "no name"),
    "empty name": (described({"name": "", "propertyUrl": P}), "is no name for a column"),
    "empty name beside a title": (described({"name": "", "titles": "x", "propertyUrl": P}), "is no name for a column"),
    "column that is none": (described(["x"]), "columns"),
    "virtual before others": (described([{"name": "t", "virtual": True, "propertyUrl": P, "valueUrl": "https://v.example/"}, cell()]), "virtual"),
    "virtual without a value": (described(cell(virtual=True)), "valueUrl"),
    "property that differs by row": (described(cell(propertyUrl="https://v.example/{id}")), "propertyUrl"),
    "property without a name": (described(cell(propertyUrl="https://v.example/2020/")), "RDF/XML"),
    "operator": (described(cell(valueUrl="https://v.example/{?x}")), "operator"),
    "value of another column": (described(cell(valueUrl="https://v.example/{id}")), "own name"),
    "unknown variable": (described(cell(), aboutUrl="thing/{key}"), "key"),
    "free text as address": (described(cell(valueUrl="{+x}")), "anyURI"),
    "address with a bracket": (described(cell(valueUrl="https://v.example/[{x}]")), "["),
    "address with a blank": (described(cell(), aboutUrl="a thing/{id}"), "valid address"),
    "one subject for all": (described(cell(), aboutUrl="#all"), "#all"),
    "no subject": ({"@context": "http://www.w3.org/ns/csvw", "url": "things.csv", "tableSchema": {"columns": [KEY, cell()]}}, "aboutUrl"),
    "two tables of one name": (described(cell(), group={"tables": described(cell())["tables"] * 2}), "twice"),
    "no tables": (described(cell(), group={"tables": []}), "tables"),
    "nothing": ({"@context": "http://www.w3.org/ns/csvw"}, "tables"),
    "no url": ({"tables": [{"tableSchema": {"columns": [KEY]}}]}, "url"),
    "url elsewhere": (described(cell(), table={"url": "https://v.example/things.csv"}), "url"),
    "url in a folder": (described(cell(), table={"url": "a/things.csv"}), "url"),
    "schema elsewhere": (described(cell(), table={"tableSchema": "schema.json"}) | {"tables": [{"url": "things.csv", "tableSchema": "s.json"}]}, "tableSchema"),
    "no columns": (described(cell(), columns=[]), "columns"),
    "other context": (described(cell(), group={"@context": "https://schema.org"}), "@context"),
    "context with a base": (described(cell(), group={"@context": ["http://www.w3.org/ns/csvw", {"@base": "https://v.example/"}]}), "@base"),
    "context with a bad language": (described(cell(), group={"@context": ["http://www.w3.org/ns/csvw", {"@language": "1"}]}), "@language"),
    "dialect without header": (described(cell(), group={"dialect": {"header": False}}), "header"),
    "dialect in another encoding": (described(cell(), table={"dialect": {"encoding": "latin-1"}}), "encoding"),
    "unknown property": (described(cell(tittles="x")), "tittles"),
    "other type": (described(cell(), group={"@type": "Table"}), "@type"),
    "list of JSON-LD": (described(cell(), group={"schema:name": {"@list": ["a"]}}), "@list"),
    "title that is none": (described(cell(), group={"dc:title": 5}), "dc:title"),
    "primary key of no column": (described(cell(), primaryKey="key"), "key"),
    "primary key as a number": (described(cell(), primaryKey=1), "primaryKey"),
    "foreign key to no table": (described(cell(), foreignKeys=[FOREIGN]), "others"),
    "foreign key of no column": (described(cell(), foreignKeys=[{**FOREIGN, "columnReference": "z"}]), "z"),
    "foreign key to a schema": (described(cell(), foreignKeys=[{"columnReference": "x", "reference": {"schemaReference": "s", "columnReference": "id"}}]), "foreign key"),
    "foreign key that is none": (described(cell(), foreignKeys=["x"]), "foreignKeys"),
    "deep nesting": ("[" * 100_000, "JSON"),
    "no object": ("[]", "object"),
    "cut off": ('{"tables": [', "JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_supported_or_wrong_is_refused_by_name(tmp_path: Path, name: str) -> None:
    description, named = REFUSED[name]
    said = answer(tmp_path, description, {"things": "id,x\na,b\n"})
    assert said.graph is None and named in said.refused, said
    assert "tables.json" in said.refused or "regular expression" in said.refused


TWO = described(cell(), foreignKeys=[FOREIGN])
TWO["tables"].append(
    {"url": "others.csv", "tableSchema": {"aboutUrl": "#{_row}", "columns": [{**KEY, "name": "id"}]}}
)
FOUND: dict[str, tuple[Any, str, str]] = {
    # what is described, the table, and the code of the finding
    "text for a number": (described(cell(datatype="number")), "a,many", "table.wrong-type.decimal"),
    "text for an integer": (described(cell(datatype="integer")), "a,many", "table.wrong-type.integer"),
    "NaN": (described(cell(datatype="double")), "a,NaN", "table.wrong-type.decimal"),
    "two readings": (described(cell(datatype="decimal")), "a,15.000", "table.two-readings"),
    "two readings in a list": (
        described(cell(datatype="decimal", separator=";")), "a,2;15.000", "table.two-readings"
    ),
    "two readings beside a word for nothing": (
        described(cell(datatype="decimal", null=["", "-"])), "a,15.000", "table.two-readings"
    ),
    "two readings beside a default": (
        described(cell(datatype="decimal", default="1")), "a,15.000", "table.two-readings"
    ),
    "too large for a byte": (described(cell(datatype="byte")), "a,200", "table.out-of-bounds"),
    "more digits than are kept": (described(cell(datatype="integer")), f"a,1{'0' * 30}", "table.number-too-long"),
    "out of bounds": (described(of_type("decimal", maximum=5)), "a,6", "table.out-of-bounds"),
    "too long": (described(of_type("string", maxLength=2)), "a,abc", "table.out-of-bounds"),
    "too early": (described(of_type("date", minimum="2019-01-01")), "a,2018-12-31", "table.out-of-bounds"),
    "ISO where German is said": (described(of_type("date", format="dd.MM.yyyy")), "a,2019-12-31", "table.other-notation"),
    "German where ISO is said": (described(cell(datatype="date")), "a,31.12.2019", "table.german-date"),
    "no such day": (described(of_type("date", format="d.M.yyyy")), "a,31.2.2019", "table.no-such-day"),
    "no such moment": (described(cell(datatype="dateTime")), "a,2019-02-31T00:00:00", "table.wrong-type.pattern"),
    "third truth": (described(of_type("boolean", format="Y|N")), "a,M", "table.other-notation"),
    "groups in the wrong place": (described(of_type("integer", format="#,##0")), 'a,"12,34"', "table.other-notation"),
    "one decimal of two": (described(of_type("decimal", format="0.00")), "a,1.5", "table.other-notation"),
    "no address": (described(cell(datatype="anyURI")), "a,here", "table.wrong-type.url"),
    "no fit": (described(of_type("string", format="[a-c]+")), "a,xyz", "table.wrong-type.pattern"),
    "letters of any script": (described(of_type("string", format=r"\p{L}+")), "a,A-Za-z", "table.wrong-type.pattern"),
    "no letters at all": (described(of_type("string", format=r"[^\p{L}]+")), "a,é", "table.wrong-type.pattern"),
    "an escaped bracket": (described(of_type("string", format=r"\[\p{L}")), "a,[9", "table.wrong-type.pattern"),
    "blank where required": (described(cell(required=True)), "a,", "table.blank-required"),
    "no subject": (described(cell()), ",b", "table.blank-key"),
    "subject that climbs": (described(cell()), "..,b", "table.wrong-type.key"),
    "value that climbs": (described(cell(valueUrl="https://v.example/{x}")), "a,..", "table.wrong-type.key"),
    "two rows of one subject": (described(cell()), "a,b\na,c", "table.duplicate-key"),
    "two rows of one primary key": (described(cell(), aboutUrl="#{_row}", primaryKey="id"), "a,b\na,c", "table.duplicate-key"),
    "no such row": (TWO, "a,b", "table.missing-reference"),
    "blank row before a number": (described(cell(), aboutUrl="#{_row}"), "a,b\n\nc,d", "table.row-counted"),
    "unknown column": (described(cell(name="y")), "a,b", "table.unknown-column"),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_cell_that_is_not_as_described_is_found(tmp_path: Path, name: str) -> None:
    description, rows, code = FOUND[name]
    tables = {"things": f"id,x\n{rows}\n"}
    if description is TWO:
        tables["others"] = "id\nz\n"
    said = answer(tmp_path, description, tables)
    assert said.graph is None and code in said.told, (said.refused, said.told)
    assert all(finding.place.file for finding in said.findings)


def test_repeats_of_a_described_key_are_told_up_to_a_bound_and_then_counted(tmp_path: Path) -> None:
    description = described(cell(), aboutUrl="#{_row}", primaryKey="id")
    said = answer(tmp_path, description, {"things": "id,x\n" + "a,b\n" * 100})
    codes = Counter(finding.code for finding in said.findings)
    assert codes == {"table.duplicate-key": 20, "table.duplicate-key.more": 1}


@pytest.mark.parametrize(
    ("others", "code"),
    [("id\nz\n", "table.missing-reference"), ("id\nb\nb\n", "table.ambiguous-reference")],
)
def test_rows_that_miss_a_described_key_are_told_up_to_a_bound_and_then_counted(
    tmp_path: Path, others: str, code: str
) -> None:
    rows = "".join(f"a{number},b\n" for number in range(100))
    said = answer(tmp_path, TWO, {"things": f"id,x\n{rows}", "others": others})
    told = [finding for finding in said.findings if finding.code.startswith(code)]
    assert Counter(finding.code for finding in told) == {code: 21, f"{code}.more": 1}
    assert "79 more" in told[-1].message.english


def test_a_description_is_read_in_any_of_these_forms_without_a_crash(tmp_path: Path) -> None:
    """Whatever stands in the place of a value is refused, not a traceback."""
    whole = described(cell(datatype={"base": "decimal", "format": "0"}), primaryKey="id", foreignKeys=[])
    file = tmp_path / "tables.json"
    for odd in (None, 1, True, "x", [], {}, [1], {"a": 1}, "_:x", "é", "{"):
        for place in places(whole):
            changed = json.loads(json.dumps(whole))
            entry: Any = changed
            for step in place[:-1]:
                entry = entry[step]
            entry[place[-1]] = odd
            file.write_text(json.dumps(changed), encoding="utf-8")
            with suppress(WorkspaceError):
                assert read_table_group([file], BASE).tables


def places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        inner = [one for key, each in value.items() for one in places(each, (*at, key))]
    elif isinstance(value, list):
        inner = [one for key, each in enumerate(value) for one in places(each, (*at, key))]
    else:
        inner = []
    return ([at] if at else []) + inner
