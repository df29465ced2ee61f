"""One function for each thing that reads what strangers write: it takes bytes, and raises where a promise is broken.

``python tests/fuzz/run.py`` lets a machine look for such bytes; ``tests/test_fuzz.py`` gives what it kept, and the
seeds below, to the same functions in each run of the tests.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import socket
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, cast

import duckdb
import pyoxigraph as ox
import rdflib
from openpyxl import Workbook

from transfergraph import Finding, QueryError, StoreError, UsageError, WorkspaceError
from transfergraph.config.workspace import Source
from transfergraph.mapping.to_rdf import record_select
from transfergraph.queries.parameters import bind
from transfergraph.queries.query_files import NamedQuery, load_queries
from transfergraph.server import negotiation
from transfergraph.shacl import compile_shapes, read_shapes
from transfergraph.shacl.shape_model import Constraint, Sparql
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.service_guard import refuse_service
from transfergraph.store.sparql_tokens import TokenKind, tokenise
from transfergraph.tables import load
from transfergraph.tables.csv_reader import Sheet, read_csv
from transfergraph.tables.csvw import TableGroup, read_table_group
from transfergraph.tables.row_origins import leave_empty
from transfergraph.tables.uri_template import sql_name
from transfergraph.tables.xlsx_reader import read_workbook

Target = Callable[[bytes], None]
_REPOSITORY = Path(__file__).resolve().parents[2]
_BASE = "https://example.org/"
_CELL = 1000
_SOURCE = cast(Source, type("Source", (), {"name": "source"}))


class Broken(Exception):
    """Something that was promised does not hold."""


@cache
def _scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="transfergraph-fuzz-"))


@contextmanager
def _file(name: str, content: bytes) -> Iterator[Path]:
    file = _scratch() / name
    file.write_bytes(content)
    try:
        yield file
    finally:
        file.unlink()


_DESCRIPTION: Mapping[str, object] = {
    "@context": "http://www.w3.org/ns/csvw",
    "tables": [
        {
            "url": "things.csv",
            "tableSchema": {
                "aboutUrl": "thing/{id}",
                "primaryKey": "id",
                "columns": [
                    {"name": "id", "required": True, "propertyUrl": "http://purl.org/dc/terms/identifier"},
                    {"name": "name", "titles": "Name", "propertyUrl": "rdfs:label", "lang": "en"},
                    {"name": "count", "datatype": "integer", "propertyUrl": "https://example.org/count"},
                    {"name": "size", "datatype": "decimal", "propertyUrl": "https://example.org/size"},
                    {"name": "tags", "separator": ";", "propertyUrl": "https://example.org/tag"},
                ],
            },
        }
    ],
}


@cache
def _group() -> TableGroup:
    with _file("tables.json", json.dumps(_DESCRIPTION).encode()) as file:
        return read_table_group([file], _BASE)


def _said(finding: Finding) -> None:
    """A finding says something in both languages, and where it is."""
    for text in (finding.message, finding.remedy):
        if not all(text.in_language(language).strip() for language in ("de", "en")):
            raise Broken(f"{finding.code} says nothing")
    if finding.place.row is not None and finding.place.row < 1:
        raise Broken(f"{finding.code} is at row {finding.place.row}")


@cache
def _connected() -> duckdb.DuckDBPyConnection:
    connection = load.connect(_scratch())
    connection.execute("SET threads TO 1")
    return connection


def _database() -> duckdb.DuckDBPyConnection:
    """A database with an empty schema for the source; one for all inputs, as opening one takes longer than they do."""
    _connected().execute("DROP SCHEMA IF EXISTS source CASCADE; CREATE SCHEMA source")
    return _connected()


def _loaded(sheet: Sheet) -> tuple[list[tuple[object, ...]], list[Finding]]:
    """The rows of the sheet as a build has them; by DuckDB alone where it is ``plain``."""
    (table,) = _group().tables
    findings: list[Finding] = []
    connection = _database()
    named = load._named(sheet, table)
    name = f"source.{sql_name(table.name)}"
    is_loaded = named.plain is not None and load._load_plain(
        named.plain, named.header, table, name, connection.cursor()
    )
    load._load(_SOURCE, table, named, is_loaded, connection, _scratch(), _CELL, findings)
    return connection.execute(f"SELECT * FROM {name} ORDER BY _row").fetchall(), findings


def csv(content: bytes) -> None:
    """A CSV file is rows or findings; DuckDB, where it reads a file by itself, reads the rows that Python reads."""
    with _file("things.csv", content) as file:
        sheet = read_csv(file, "things", "things.csv", "source", 1, {"id", "name", "count", "size", "tags"})
        if isinstance(sheet, Finding):
            _said(sheet)
            return
        rows, findings = _loaded(sheet)
        for finding in findings:
            _said(finding)
        if sheet.plain is not None:
            again, others = _loaded(replace(sheet, plain=None))
            longest = max((len(str(cell)) for row in [*rows, *again] for cell in row), default=0)
            if longest < _CELL and rows != again:
                raise Broken(f"DuckDB and Python differ: {rows} {again}")
            if longest < _CELL and [one.code for one in findings] != [one.code for one in others]:
                raise Broken("DuckDB and Python find different faults")


_PARTS = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")


@cache
def _workbook() -> Mapping[str, bytes]:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = "things"
    for row in (
        ["id", "name", "count", "size", "tags"],
        ["a", "A thing", 1, 2.5, "x;y"],
        ["b", "B", 3, 0.1, None],
    ):
        sheet.append(row)
    sheet["D2"].number_format = "0.00"
    stream = io.BytesIO()
    workbook.save(stream)
    with zipfile.ZipFile(stream) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(content: bytes) -> bytes:
    """A workbook one of whose parts is the content; its first byte says which, and any other byte: all of it."""
    number = content[0] - ord("0") if content else len(_PARTS)
    if not 0 <= number < len(_PARTS):
        return content
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, part in {**_workbook(), _PARTS[number]: content[1:]}.items():
            archive.writestr(name, part)
    return stream.getvalue()


def xlsx(content: bytes) -> None:
    """A workbook is sheets or findings, whatever its parts say."""
    with _file("things.xlsx", _packed(content)) as file:
        found = read_workbook(file, "things.xlsx", "source", 4, _group())
        if not found:
            raise Broken("neither a sheet nor a finding")
        for one in found:
            if isinstance(one, Finding):
                _said(one)
            elif one.table == "things":
                for finding in _loaded(one)[1]:
                    _said(finding)


def csvw(content: bytes) -> None:
    """A description is refused in words, or all that is compiled from it can be run."""
    with _file("tables.json", content) as file:
        try:
            group = read_table_group([file], _BASE)
        except WorkspaceError as error:
            if not str(error).strip():
                raise Broken("refused without a word") from error
            return
    connection = _database()
    try:
        load._check_patterns(group, connection)
    except WorkspaceError:
        return
    for table in group.tables:
        leave_empty(_SOURCE, table, True, connection)
        name = f"source.{sql_name(table.name)}"
        for part in table.parts:
            if any(column.property for column in part.columns):
                connection.execute(record_select(group, part, name, "source", "0:")).fetchall()


_QUERY = """#+ summary_de: Ein
#+ summary_en: One
#+ parameter: thing thing/ | das Ding | the thing
#+ parameter: word text | das Wort | the word
#+ parameter: year year | das Jahr | the year
#+ parameter: least integer | mindestens | at least
SELECT ?thing ?word ?year ?least {
  VALUES ?thing { <https://example.org/thing/a> }
  VALUES ?word { "word" }
  VALUES ?year { "2020" }
  VALUES ?least { 5 }
  ?thing ?p ?o # }
}
"""


@cache
def _bound() -> tuple[NamedQuery, EmbeddedStore]:
    folder = _scratch() / "questions"
    folder.mkdir(exist_ok=True)
    (folder / "all.rq").write_text(_QUERY, "utf-8")
    (query,) = load_queries(folder)
    store = ox.Store()
    for key in ("a", "b%20c", "%C3%A4"):
        store.add(ox.Quad(ox.NamedNode(f"{_BASE}thing/{key}"), ox.NamedNode("x:p"), ox.Literal("1")))
    return query, EmbeddedStore(store)


def _form(text: str) -> list[str]:
    """The tokens of a query without the terms of its blocks of values and without what only parts tokens."""
    tokens, inside = [], False
    for token in tokenise(text):
        inside = inside and token.text != "}"
        if not inside and token.kind is not TokenKind.SPACE:
            tokens.append(token.text)
        inside = inside or (token.text == "{" and len(tokens) > 2 and tokens[-3].upper() == "VALUES")
    return tokens


def parameters(content: bytes) -> None:
    """Whatever is given for a parameter is refused, or a term: the query around it stays as it is."""
    query, store = _bound()
    values: dict[str, str | list[str]] = {}
    for line in content.decode("utf-8", "surrogateescape").split("\n")[:8]:
        name, given, value = line.partition("=")
        if given:
            values[name] = value.split("\x1f") if "\x1f" in value else value
    try:
        text = bind(store, query, _BASE, values)
    except UsageError as error:
        if not str(error).strip():
            raise Broken("refused without a word") from error
        return
    if _form(text) != _form(query.text):
        raise Broken(f"the query has changed: {text}")
    with suppress(UnicodeEncodeError):
        text.encode()
        store.select(text)


def negotiate(content: bytes) -> None:
    """Whatever the fields say, one of the offers is chosen, or the client is told what there is."""
    accept, name, language, coding = [*content.decode("latin-1").split("\n"), "", "", "", ""][:4]
    every: tuple[Sequence[negotiation.ContentType[Any]], ...] = (
        negotiation.GRAPH_TYPES,
        negotiation.RESULT_TYPES,
    )
    for offers in every:
        known = {media_type for one in offers for media_type in one.media_types}
        try:
            media_type, _ = negotiation.choose(accept, name, offers)
        except negotiation.NotAcceptable as error:
            if error.problem.status != 406:
                raise Broken("not 406") from error
        else:
            if media_type not in known:
                raise Broken(f"{media_type} was not offered")
    if negotiation.choose_language(language, ("de", "en")) not in ("de", "en"):
        raise Broken("a language that was not offered")
    if negotiation.choose_coding(coding) not in ("br", "gzip", "identity"):
        raise Broken("a coding that was not offered")
    if any(not 0 <= one.quality <= 1 for one in negotiation.preferences(accept)):
        raise Broken("a weight beyond 1")


@cache
def _listening() -> tuple[socket.socket, str, ox.Store]:
    listener = socket.create_server(("127.0.0.1", 0))
    listener.setblocking(False)
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}/", ox.Store()


def _has_called(listener: socket.socket) -> bool:
    with suppress(BlockingIOError):
        connection, _ = listener.accept()
        connection.close()
        return True
    return False


def sparql(content: bytes) -> None:
    """No query that the guard lets through reaches the network; ``URL`` stands for a server that listens."""
    query = content.decode("utf-8", "replace")
    listener, url, store = _listening()
    if max(map(query.count, "({[")) > 40 or len(query) > 4000:
        return  # what nests without end ends the engine: such a query has a process of its own
    query = query.replace("URL", url)
    try:
        refuse_service(query)
    except QueryError:
        return
    embedded = EmbeddedStore(store)
    with suppress(QueryError, StoreError):
        result = embedded.evaluate(query)
        with suppress(OSError, RuntimeError):
            if not isinstance(result, ox.QueryBoolean):
                next(iter(result), None)
    if _has_called(listener):
        raise Broken("the query reached the network")


_PREFIXES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def shacl(content: bytes) -> None:
    """Shapes are refused in words, or each query that is made of them is one."""
    try:
        graph = rdflib.Graph().parse(data=_PREFIXES + content, format="turtle")
    except Exception:  # what rdflib says of what is no Turtle is not ours
        return
    try:
        plan = compile_shapes(read_shapes(graph))
    except WorkspaceError as error:
        if not str(error).strip():
            raise Broken("refused without a word") from error
        return
    store = ox.Store()
    for query in plan.queries:
        if max(map(query.text.count, "({[")) < 300:
            try:
                store.query(query.text)
            except SyntaxError as error:
                if not _is_misspelt(query.constraint):
                    raise Broken(f"{error}: {query.text}") from error


def _is_misspelt(constraint: Constraint) -> bool:
    """Whether the query of a constraint is no SPARQL, which is told with its shape when it is asked."""
    if not isinstance(constraint, Sparql):
        return False
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in constraint.prefixes)
    try:
        ox.Store().query(declared + constraint.select)
    except SyntaxError:
        return True
    return False


TARGETS: Mapping[str, Target] = {
    "csv": csv,
    "xlsx": xlsx,
    "csvw": csvw,
    "parameters": parameters,
    "negotiation": negotiate,
    "sparql": sparql,
    "shacl": shacl,
}
"""By the name of the folder below ``corpus/``."""


def _csvw_seeds() -> Iterator[bytes]:
    yield json.dumps(_DESCRIPTION).encode()
    core = json.loads((_REPOSITORY / "ontology" / "tables.json").read_text("utf-8"))
    for table in core["tables"]:
        yield json.dumps({"@context": core["@context"], "tables": [table]}).encode()


def seeds(name: str) -> list[bytes]:
    """What fuzzing begins with: sound input of each kind, and attacks that are known."""
    match name:
        case "csv":
            return [
                b"id,name,count\na,A,1\n",
                b'\xef\xbb\xbfid;name;tags\r\na;"A ""b"";\n c";x;y\r\n',
                b"sep=;\nid;size\na;1,5\n",
                "id\tname\tsize\nä\tB\u00a0\t1.50\n\n#c\n".encode(),
                "id,name\na,e\u0301".encode("utf-16"),
                b"A title\n\nid,name,count\na,b\nc,d,007,9\n",
            ]
        case "xlsx":
            parts = [
                b"%d" % number + _workbook()[part]
                for number, part in enumerate(_PARTS)
                if part in _workbook()
            ]
            return [*parts, _packed(parts[0])]
        case "csvw":
            return [one for one in _csvw_seeds() if len(one) < 4000]
        case "parameters":
            return [
                b"thing=a\nword=b\nyear=1999\nleast=7",
                b'word=x" } ?s ?p ?o { "\nthing=' + f"{_BASE}thing/a".encode(),
                b"thing=b c\x1f\xc3\xa4\nleast=-3\nword='''\\\x1f\"\"\"",
                b"thing=https://example.org/> <x\nnone=1",
            ]
        case "negotiation":
            return [
                b"text/turtle;q=0.5, application/ld+json, */*;q=0.1\nttl\nde-AT, en;q=0.3\nbr;q=1.0, gzip;q=0",
                b"*\njson,xml\n*\n*;q=0",
                b"application/sparql-results+xml;charset=utf-8;q=.3\n\nfr\nidentity;q=0",
            ]
        case "sparql":
            from test_store_guard import ATTACKS, HARMLESS

            return [one.encode() for one in (*ATTACKS, *HARMLESS)]
        case _:
            from test_shapes_reading import REFUSED

            graphs = [file.read_bytes() for file in sorted((_REPOSITORY / "tests" / "shacl").glob("*.trig"))]
            found = [re.search(rb"ex:shapes \{\n(.*?)\n\}", one, re.DOTALL) for one in graphs]
            small = [one[1] for one in found if one is not None]
            texts = [
                f"ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; {text} ."
                for text, _ in REFUSED.values()
            ]
            return [*(text.encode() for text in texts), *small]


def close() -> None:
    """Close what is kept open from input to input, and remove its folder."""
    if _connected.cache_info().currsize:
        _connected().close()
    if _listening.cache_info().currsize:
        _listening()[0].close()
    shutil.rmtree(_scratch(), ignore_errors=True)
    for kept in (_connected, _listening, _scratch, _bound):
        kept.cache_clear()
