"""Query files, parameters, answers and their formats."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import polars
import pyoxigraph as ox
import pytest
import rdflib
from endpoint import Fault, serving
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph import QueryError, Severity, StoreError, Text, UsageError, WorkspaceError
from transfergraph.queries import (
    Answer,
    BooleanAnswer,
    GraphAnswer,
    NamedQuery,
    load_checks,
    load_queries,
    run,
    run_checks,
    run_text,
)
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.remote import RemoteStore

BASE = "https://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"

DATA = """\
<https://example.org/organisation/htw-dresden> a <https://example.org/O> ; <https://example.org/size> 5 .
<https://example.org/organisation/htwk-leipzig> a <https://example.org/O> ; <https://example.org/size> 7 .
<https://example.org/organisation/m%C3%BCller%2Fs%C3%B6hne> a <https://example.org/O> ; <https://example.org/size> 9 .
<https://example.org/scheme/role/lead> a <https://example.org/Role> .
"""

HEADER = """\
#+ summary_de: Wie groß?
#+ summary_en: How big?
"""
SIZE = (
    HEADER
    + """\
#+ parameter: organisation organisation/ | die Organisation | the organisation
SELECT ?organisation ?size {
  VALUES ?organisation { <https://example.org/organisation/htw-dresden> }
  ?organisation <https://example.org/size> ?size .
} ORDER BY ?size
"""
)
CHECK = (
    HEADER
    + """\
#+ severity: warning
#+ problem_de: {o} hat {size}.
#+ problem_en: {o} has {size}, and {missing} else.
#+ remedy_de: {size} verringern.
#+ remedy_en: Make {size} smaller.
#+ focus: ?o
#+ path: ?path
#+ value: ?size
SELECT ?o ?path ?size ?missing {
  BIND(<https://example.org/size> AS ?path)
  ?o <https://example.org/size> ?size FILTER(?size > 5)
} ORDER BY ?size
"""
)


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    triples = ox.parse(DATA, format=ox.RdfFormat.TURTLE)
    graph = NamedNode("https://example.org/graph")
    quads = (ox.Quad(q.subject, q.predicate, q.object, graph) for q in triples)
    (tmp_path / "data.nq").write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    embedded = EmbeddedStore.in_memory()
    embedded.load(tmp_path / "data.nq")
    return embedded


def written(folder: Path, text: str, name: str = "size.rq") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def loaded(folder: Path, text: str) -> NamedQuery:
    (query,) = load_queries(written(folder, text))
    return query


def rows(result: object) -> list[tuple[str, ...]]:
    assert isinstance(result, Answer)
    return [tuple("" if term is None else str(term.value) for term in row) for row in result.rows]


class TestFiles:
    def test_a_file_is_read_with_its_header(self, tmp_path: Path) -> None:
        text = (
            "#+ summary_de: Wie groß ist\n#+   sie: sehr?\n#+ summary_en: How\n#+    big?\n"
            "#+ description_de: Lang.\n#+ description_en: Long.\nASK {}\n"
        )
        query = loaded(tmp_path / "q", text)
        assert query.name == "size"
        assert query.summary == Text(de="Wie groß ist sie: sehr?", en="How big?")
        assert query.description == Text(de="Lang.", en="Long.")
        assert (query.form, query.parameters, query.text) == ("ASK", (), text)

    def test_a_parameter_has_kind_description_and_example(self, tmp_path: Path) -> None:
        (parameter,) = loaded(tmp_path / "q", SIZE).parameters
        assert (parameter.name, parameter.kind) == ("organisation", "organisation/")
        assert parameter.description == Text(de="die Organisation", en="the organisation")
        assert parameter.example == "<https://example.org/organisation/htw-dresden>"

    def test_queries_come_by_name(self, tmp_path: Path) -> None:
        for name in ("b.rq", "a.rq", "c.rq"):
            written(tmp_path / "q", HEADER + "ASK {}", name)
        assert [query.name for query in load_queries(tmp_path / "q")] == ["a", "b", "c"]

    @pytest.mark.parametrize(
        ("text", "line", "reason"),
        [
            ("SELECT * {}", 1, "needs the key summary_en"),
            (HEADER + "#+ sumary: x\nASK {}", 3, "unknown key sumary"),
            (HEADER + "#+ severity: info\nASK {}", 3, "unknown key severity"),
            (HEADER + "#+ summary_de: noch einmal\nASK {}", 3, "stands twice"),
            (HEADER + "#+ nonsense\nASK {}", 3, "a header line looks like this"),
            (HEADER + "#+summary_fr: x\nASK {}", 3, "a header line looks like this"),
            (HEADER + "ASK {}\n#+ description_de: zu spät", 4, "stand together at the top"),
            (HEADER + "#+ parameter: x\nASK {}", 3, "a parameter is declared so"),
            (HEADER + "#+ parameter: x text | nur deutsch\nASK {}", 3, "a parameter is declared so"),
            (HEADER + "#+ parameter: x date | a | b\nASK {}", 3, "date is no kind of parameter"),
            (HEADER + "#+ parameter: x text | a | b\nASK {}", 3, "needs an example: VALUES ?x"),
            (HEADER + "#+ parameter: x text | a | b\nASK { VALUES ?x { } }", 4, "“” is no example"),
            (
                HEADER + "#+ parameter: x text | a | b\nASK {\n VALUES ?x { 5 } }",
                5,
                "“5” is no example of kind text",
            ),
            (HEADER + "#+ parameter: x integer | a | b\nASK { VALUES ?x { 'y' } }", 4, "of kind integer"),
            (HEADER + "#+ parameter: x place/ | a | b\nASK { VALUES ?x { 'y' } }", 4, "of kind place/"),
            (
                HEADER + "#+ parameter: x text | a | b\n" * 2 + "ASK { VALUES ?x { 'y' } }",
                1,
                "declared twice",
            ),
            (
                HEADER + "#+ parameter: x text | a | b\nASK { VALUES ?x { 'y' } VALUES ?x { 'z' } }",
                3,
                "everywhere the same",
            ),
            (HEADER + "SELECT * {\n ?s ?p }", 4, "not valid SPARQL"),
            (HEADER + "DELETE WHERE { ?s ?p ?o }", None, "takes no updates"),
            (HEADER + "SELECT * { SERVICE <http://x/> {} }", None, "SERVICE is not allowed"),
        ],
    )
    def test_a_fault_names_file_and_line(
        self, tmp_path: Path, text: str, line: int | None, reason: str
    ) -> None:
        folder = written(tmp_path / "q", text)
        with pytest.raises(WorkspaceError) as error:
            load_queries(folder)
        assert str(error.value).startswith(str(folder / "size.rq"))
        assert reason in str(error.value)
        assert line is None or f"line {line}" in str(error.value)

    def test_a_folder_without_queries_is_a_fault(self, tmp_path: Path) -> None:
        with pytest.raises(WorkspaceError, match="has no query"):
            load_queries(tmp_path)
        written(tmp_path, HEADER + "ASK {}", "not-a-query.txt")
        with pytest.raises(WorkspaceError, match="has no query"):
            load_checks(tmp_path)

    def test_a_file_that_is_not_utf_8(self, tmp_path: Path) -> None:
        (tmp_path / "x.rq").write_bytes("#+ summary_de: größe".encode("latin-1"))
        with pytest.raises(WorkspaceError, match=r"x\.rq cannot be read as UTF-8"):
            load_queries(tmp_path)


class TestChecks:
    def test_each_solution_is_a_finding(self, store: EmbeddedStore, tmp_path: Path) -> None:
        (check,) = load_checks(written(tmp_path / "q", CHECK))
        first, second = run_checks(store, [check])
        assert first.severity is Severity.WARNING
        assert first.code == "size"
        assert first.focus == "https://example.org/organisation/htwk-leipzig"
        assert first.path_text == "<https://example.org/size>"
        assert first.value == "7"
        assert first.message == Text(de=f"{first.focus} hat 7.", en=f"{first.focus} has 7, and – else.")
        assert first.remedy == Text(de="7 verringern.", en="Make 7 smaller.")
        assert second.value == "9"

    @pytest.mark.parametrize(
        ("old", "new", "reason"),
        [
            ("severity: warning", "severity: grave", "grave is no severity: violation, warning, info"),
            ("#+ severity: warning\n", "", "needs the key severity"),
            ("#+ focus: ?o\n", "", "needs the key focus"),
            ("focus: ?o", "focus: ?who", "uses the variable who, which the query does not select"),
            ("{o} hat", "{wer} hat", "uses the variable wer"),
        ],
    )
    def test_a_faulty_check_is_named(self, tmp_path: Path, old: str, new: str, reason: str) -> None:
        folder = written(tmp_path / "q", CHECK.replace(old, new))
        with pytest.raises(WorkspaceError, match=r"size\.rq, line") as error:
            load_checks(folder)
        assert reason in str(error.value)


class TestParameters:
    def ask(
        self,
        store: EmbeddedStore,
        tmp_path: Path,
        values: Mapping[str, str | int | list[str]],
        text: str = SIZE,
    ) -> list[tuple[str, ...]]:
        return rows(run(store, loaded(tmp_path / "q", text), BASE, values))

    def test_without_values_the_examples_hold(self, store: EmbeddedStore, tmp_path: Path) -> None:
        assert self.ask(store, tmp_path, {}) == [("https://example.org/organisation/htw-dresden", "5")]

    @pytest.mark.parametrize(
        "value",
        ["müller/söhne", "https://example.org/organisation/m%C3%BCller%2Fs%C3%B6hne"],
        ids=["key", "iri"],
    )
    def test_a_key_and_a_whole_iri_mean_the_same(
        self, store: EmbeddedStore, tmp_path: Path, value: str
    ) -> None:
        assert [size for _, size in self.ask(store, tmp_path, {"organisation": value})] == ["9"]

    def test_several_values(self, store: EmbeddedStore, tmp_path: Path) -> None:
        found = self.ask(store, tmp_path, {"organisation": ["htwk-leipzig", "htw-dresden"]})
        assert [size for _, size in found] == ["5", "7"]

    def test_only_the_block_of_the_parameter_is_exchanged(self, store: EmbeddedStore, tmp_path: Path) -> None:
        text = HEADER + (
            "#+ parameter: x text | a | b\n# VALUES ?x { 'c' }\n"
            "SELECT ?x ?y ?z { VALUES ?y { 'a' } VALUES ?x { 'a' } VALUES (?z) { ('VALUES ?x { 1 }') }\n"
            "{ SELECT ?x { VALUES $x {\n'a'\n} } } }"
        )
        assert self.ask(store, tmp_path, {"x": "b"}, text) == [("b", "a", "VALUES ?x { 1 }")]

    @pytest.mark.parametrize(
        "value", ['"} ?s ?p ?o #', "a\nb", "\\", "'''", "ü✓", "} SERVICE <http://x/> {}", ""]
    )
    def test_a_text_stays_a_text(self, store: EmbeddedStore, tmp_path: Path, value: str) -> None:
        text = HEADER + "#+ parameter: x text | a | b\nSELECT ?x { VALUES ?x { 'a' } }"
        assert self.ask(store, tmp_path, {"x": value}, text) == [(value,)]

    def test_integers_and_years(self, store: EmbeddedStore, tmp_path: Path) -> None:
        text = HEADER + (
            "#+ parameter: n integer | a | b\n#+ parameter: y year | a | b\n"
            'SELECT (?n + 1 AS ?m) ?y { VALUES ?n { 1 } VALUES ?y { "2020" } }'
        )
        assert self.ask(store, tmp_path, {"n": "041", "y": 2021}, text) == [("42", "2021")]
        for bad in ({"n": "1.5"}, {"n": "1 } ?s ?p ?o {"}, {"y": "21"}, {"y": "20211"}):
            with pytest.raises(UsageError, match=r"needed, not .* \((n|y)\)"):
                self.ask(store, tmp_path, bad, text)

    def test_entities_of_a_scheme(self, store: EmbeddedStore, tmp_path: Path) -> None:
        text = HEADER + (
            "#+ parameter: role https://example.org/scheme/role/ | a | b\n"
            "SELECT ?role { VALUES ?role { <https://example.org/scheme/role/lead> } }"
        )
        assert self.ask(store, tmp_path, {"role": "lead"}, text) == [
            ("https://example.org/scheme/role/lead",)
        ]

    @pytest.mark.parametrize(
        ("value", "near"),
        [
            ("htw-dresdn", "htw-dresden"),
            ("HTW Dresden", "htw-dresden"),
            ("https://example.org/organisation/htwk-leipsig", "htwk-leipzig"),
            ("muller/sohne", "müller/söhne"),
        ],
    )
    def test_an_unknown_entity_suggests_its_neighbours(
        self, store: EmbeddedStore, tmp_path: Path, value: str, near: str
    ) -> None:
        with pytest.raises(UsageError, match=rf"Nothing is known of .* \(organisation\)\. Near it: {near}"):
            self.ask(store, tmp_path, {"organisation": value})

    @pytest.mark.parametrize("value", ["", "?", "xyzzy", "> } ?s ?p ?o #"])
    def test_an_entity_that_resembles_none(self, store: EmbeddedStore, tmp_path: Path, value: str) -> None:
        with pytest.raises(UsageError, match=r"^Nothing is known of “[^”]*” \(organisation\)\.$"):
            self.ask(store, tmp_path, {"organisation": value})

    @pytest.mark.parametrize("value", ["https://example.org/> } #", "https://exa mple.org/"])
    def test_what_is_no_iri(self, store: EmbeddedStore, tmp_path: Path, value: str) -> None:
        with pytest.raises(UsageError, match="is no IRI"):
            self.ask(store, tmp_path, {"organisation": value})

    def test_unknown_parameters_and_missing_values(self, store: EmbeddedStore, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"no parameter “organization”\. It has: organisation\."):
            self.ask(store, tmp_path, {"organization": "x"})
        with pytest.raises(UsageError, match=r"no parameter “x”\. It has none\."):
            self.ask(store, tmp_path, {"x": "y"}, HEADER + "SELECT * {}")
        with pytest.raises(UsageError, match="needs a value"):
            self.ask(store, tmp_path, {"organisation": []})


class TestAnswers:
    def test_the_form_decides_the_kind_of_answer(self, store: EmbeddedStore) -> None:
        assert isinstance(run_text(store, "SELECT * { ?s ?p ?o }"), Answer)
        assert run_text(store, "ASK { ?s ?p ?o }") == BooleanAnswer(True)
        assert isinstance(run_text(store, "DESCRIBE <https://example.org/scheme/role/lead>"), GraphAnswer)
        with pytest.raises(QueryError, match="takes no updates"):
            run_text(store, "DROP ALL")

    @pytest.mark.parametrize(
        ("limit", "count", "cut"), [(None, 3, False), (3, 3, False), (2, 2, True), (0, 0, True)]
    )
    def test_an_answer_says_when_it_was_cut(
        self, store: EmbeddedStore, limit: int | None, count: int, cut: bool
    ) -> None:
        answer = run_text(store, "SELECT ?n { ?s <https://example.org/size> ?n } ORDER BY ?n", limit)
        graph = run_text(store, "CONSTRUCT WHERE { ?s <https://example.org/size> ?n }", limit)
        assert isinstance(answer, Answer)
        assert isinstance(graph, GraphAnswer)
        assert (len(answer.rows), answer.cut) == (len(graph.triples), graph.cut) == (count, cut)

    def test_errors_of_a_named_query_name_it(self, tmp_path: Path) -> None:
        query = loaded(tmp_path / "q", HEADER + "SELECT * {}")
        with serving(ox.Store()) as server:
            server.faults.append(Fault(400, b"too hard"))
            with pytest.raises(QueryError, match=r"^size\.rq: http.* refused the query: too hard$"):
                run(RemoteStore(server.url), query, BASE, {})


TERMS: tuple[tuple[NamedNode | BlankNode | Literal | None, ...], ...] = (
    (NamedNode("https://example.org/ü?a=1&b=<".replace("<", "%3C")), Literal("plain")),
    (None, Literal('Tabs\tand\nlines\r, "quotes", ☃ & <b>', language="de-at")),
    (BlankNode("b1"), None),
    (Literal(5), Literal("2019-10", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF"))),
    (Literal("1.50", datatype=NamedNode(f"{XSD}decimal")), Literal("")),
    (None, None),
)
ALL = Answer(("x", "y_1"), TERMS)

terms = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_characters="\x00")).map(Literal),
    st.text(st.characters(codec="utf-8")).map(lambda t: Literal(t, language="en")),
    st.integers().map(Literal),
    st.sampled_from([NamedNode("https://example.org/x"), BlankNode("a")]),
)


class TestFormats:
    @pytest.mark.parametrize(
        ("name", "format_"),
        [
            ("json", ox.QueryResultsFormat.JSON),
            ("tsv", ox.QueryResultsFormat.TSV),
            ("xml", ox.QueryResultsFormat.XML),
        ],
    )
    def test_what_is_written_can_be_read_again(self, name: str, format_: ox.QueryResultsFormat) -> None:
        read = ox.parse_query_results(ALL.write(name).encode(), format=format_)
        assert isinstance(read, ox.QuerySolutions)
        assert tuple(variable.value for variable in read.variables) == ALL.variables
        assert [tuple(row[i] for i in range(2)) for row in read] == list(ALL.rows)

    @given(st.lists(st.tuples(terms, terms), max_size=5))
    def test_any_terms_can_be_read_again(self, found: list[tuple[Literal | None, Literal | None]]) -> None:
        answer = Answer(("a", "b"), tuple(found))
        for name, format_ in (("json", ox.QueryResultsFormat.JSON), ("tsv", ox.QueryResultsFormat.TSV)):
            read = ox.parse_query_results(answer.write(name).encode(), format=format_)
            assert isinstance(read, ox.QuerySolutions)
            assert [tuple(row[i] for i in range(2)) for row in read] == found
        lines = list(csv.reader(io.StringIO(answer.write("csv"), newline="")))
        assert lines[0] == ["a", "b"]
        assert [line[0] for line in lines[1:]] == [_plain(first) for first, _ in found]
        assert len(ElementTree.fromstring(answer.write("xml"))[1]) == len(found)

    def test_csv_is_exact(self) -> None:
        assert ALL.write("csv") == (
            "x,y_1\r\nhttps://example.org/ü?a=1&b=%3C,plain\r\n"
            ',"Tabs\tand\nlines\r, ""quotes"", ☃ & <b>"\r\n_:b1,\r\n5,2019-10\r\n1.50,\r\n,\r\n'
        )

    def test_tsv_is_exact(self) -> None:
        assert ALL.write("tsv") == (
            '?x\t?y_1\n<https://example.org/ü?a=1&b=%3C>\t"plain"\n'
            '\t"Tabs\\tand\\nlines\\r, \\"quotes\\", ☃ & <b>"@de-at\n_:b1\t\n'
            f'"5"^^<{XSD}integer>\t"2019-10"^^<http://id.loc.gov/datatypes/edtf/EDTF>\n'
            f'"1.50"^^<{XSD}decimal>\t""\n\t\n'
        )

    def test_json_is_exact(self) -> None:
        document = json.loads(ALL.write("json"))
        assert document["head"] == {"vars": ["x", "y_1"]}
        assert document["results"]["bindings"][:4] == [
            {
                "x": {"type": "uri", "value": "https://example.org/ü?a=1&b=%3C"},
                "y_1": {"type": "literal", "value": "plain"},
            },
            {
                "y_1": {
                    "type": "literal",
                    "value": 'Tabs\tand\nlines\r, "quotes", ☃ & <b>',
                    "xml:lang": "de-at",
                }
            },
            {"x": {"type": "bnode", "value": "b1"}},
            {
                "x": {"type": "literal", "value": "5", "datatype": f"{XSD}integer"},
                "y_1": {
                    "type": "literal",
                    "value": "2019-10",
                    "datatype": "http://id.loc.gov/datatypes/edtf/EDTF",
                },
            },
        ]
        assert document["results"]["bindings"][5] == {}

    def test_rdflib_reads_the_formats_too(self) -> None:
        for name in ("json", "xml", "tsv"):
            answer = Answer(ALL.variables, tuple(row for row in ALL.rows if row[0] is not None))
            result = rdflib.query.Result.parse(io.BytesIO(answer.write(name).encode()), format=name)
            assert [str(variable) for variable in result.vars or ()] == ["x", "y_1"]
            assert len(result) == len(answer.rows)

    def test_xml_never_holds_what_xml_cannot(self) -> None:
        xml = Answer(("x",), ((Literal("a\x00\x0b\ufffe]]>\r"),),)).write("xml")
        literal = ElementTree.fromstring(xml).find(".//{http://www.w3.org/2005/sparql-results#}literal")
        assert literal is not None
        assert literal.text == "a\ufffd\ufffd\ufffd]]>\r"

    def test_a_truth_value(self) -> None:
        assert json.loads(BooleanAnswer(True).write("json")) == {"head": {}, "boolean": True}
        assert "<boolean>false</boolean>" in BooleanAnswer(False).write("xml")
        assert [BooleanAnswer(True).write("table", "de"), BooleanAnswer(False).write("table")] == [
            "ja\n",
            "no\n",
        ]
        with pytest.raises(UsageError, match="has no form in csv"):
            BooleanAnswer(True).write("csv")
        assert all(BooleanAnswer(True).write(name) for name in BooleanAnswer(True).formats)

    def test_a_graph_in_every_format(self, store: EmbeddedStore) -> None:
        graph = run_text(store, "CONSTRUCT WHERE { ?s ?p ?o }")
        assert isinstance(graph, GraphAnswer)
        assert "turtle" in graph.formats
        for name in set(graph.formats) - {"n-quads", "json-ld"}:
            parsed = rdflib.Graph().parse(
                data=graph.write(name), format={"rdf-xml": "xml", "n-triples": "nt"}.get(name, name)
            )
            assert len(parsed) == len(graph.triples) == 7
        assert graph.write("turtle", {"ex": BASE}).startswith("@prefix ex: <https://example.org/> .")
        assert graph.write("n-triples") == "".join(f"{t} .\n" for t in sorted(graph.triples, key=str))

    def test_an_unknown_format(self) -> None:
        with pytest.raises(UsageError, match="csv, tsv, json, xml"):
            ALL.write("xlsx")
        with pytest.raises(UsageError, match="turtle"):
            GraphAnswer(()).write("csv")

    def test_a_triple_as_a_value_is_refused(self) -> None:
        nested = run_text(EmbeddedStore.in_memory(), "SELECT * { VALUES ?x { <<( <a:a> <a:b> 1 )>> } }")
        assert isinstance(nested, Answer)
        for name in ("json", "xml", "csv", "table"):
            with pytest.raises(StoreError, match="triple as a value"):
                nested.write(name)


def _plain(term: NamedNode | BlankNode | Literal | None) -> str:
    if term is None:
        return ""
    return f"_:{term.value}" if isinstance(term, BlankNode) else term.value


class TestTable:
    def test_columns_are_aligned(self) -> None:
        answer = Answer(
            ("name", "größe"),
            ((Literal("Zittau/Görlitz", language="de"), Literal(5)), (Literal("日本"), Literal(12345))),
        )
        assert answer.write("table", "de") == (
            "name            größe\n"
            "--------------  -----\n"
            "Zittau/Görlitz      5\n"
            "日本            12345\n"
            "2 Zeilen\n"
        )

    def test_nothing_steers_the_terminal(self) -> None:
        text = Answer(("x",), ((Literal("a\x1b[31m\nb\u202e\tc\x9b"),),)).write("table")
        assert text.splitlines()[2] == "a [31m b  c"

    def test_a_cut_answer_says_so(self) -> None:
        answer = Answer(("x",), ((Literal(1),),), cut=True)
        assert answer.write("table").splitlines()[-1] == "Cut after 1 row: there are more."
        assert answer.write("table", "de").splitlines()[-1] == "Nach 1 Zeile abgeschnitten: Es gibt mehr."

    def test_an_empty_answer(self) -> None:
        assert Answer(("a", "bc"), ()).write("table") == "a  bc\n-  --\n0 rows\n"
        assert Answer((), ((),)).write("table").splitlines()[-1] == "1 row"


class TestFrames:
    answer = Answer(
        ("text", "number", "amount", "mixed", "flag", "empty", "huge"),
        (
            (
                Literal("a", language="de"),
                Literal(5),
                Literal("1.50", datatype=NamedNode(f"{XSD}decimal")),
                Literal(1),
                Literal(True),
                None,
                Literal(2**70),
            ),
            (NamedNode("https://example.org/x"), None, Literal(2), Literal("x"), None, None, None),
        ),
    )

    def test_pandas(self) -> None:
        frame = self.answer.to_pandas()
        assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == {
            "text": "object",
            "number": "Int64",
            "amount": "Float64",
            "mixed": "object",
            "flag": "boolean",
            "empty": "object",
            "huge": "object",
        }
        assert frame["text"].tolist() == ["a", "https://example.org/x"]
        assert frame["number"].sum() == 5
        assert frame["amount"].tolist() == [1.5, 2.0]
        assert frame["mixed"].tolist() == ["1", "x"]
        assert frame["empty"].tolist() == [None, None]
        assert frame["number"].isna().tolist() == [False, True]

    def test_polars(self) -> None:
        frame = self.answer.to_polars()
        assert frame.schema == {
            "text": polars.String,
            "number": polars.Int64,
            "amount": polars.Float64,
            "mixed": polars.String,
            "flag": polars.Boolean,
            "empty": polars.String,
            "huge": polars.String,
        }
        assert frame.row(0) == ("a", 5, 1.5, "1", True, None, str(2**70))
        assert frame.row(1) == ("https://example.org/x", None, 2.0, "x", None, None, None)

    def test_no_rows_and_no_columns(self) -> None:
        assert list(Answer(("a", "b"), ()).to_pandas().columns) == ["a", "b"]
        assert Answer(("a", "b"), ()).to_polars().columns == ["a", "b"]
        assert len(Answer((), ((), ())).to_pandas()) == 2

    @pytest.mark.parametrize("package", ["pandas", "polars"])
    def test_a_missing_package_is_named(self, monkeypatch: pytest.MonkeyPatch, package: str) -> None:
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(UsageError, match=rf"{package} is not installed; .*transfergraph\[frames\]"):
            getattr(self.answer, f"to_{package}")()

    def test_money_stays_exact_in_the_rows(self) -> None:
        amount = self.answer.rows[0][2]
        assert isinstance(amount, Literal)
        assert Decimal(amount.value) == Decimal("1.50")
