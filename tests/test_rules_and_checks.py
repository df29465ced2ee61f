"""What follows from what is stated, and what each check finds, on graphs small enough to see through."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
from golden_answers import curated_graph
from pyoxigraph import Literal, NamedNode
from workspaces import REPOSITORY

from transfergraph import Finding, Severity
from transfergraph.queries import GraphAnswer, load_checks, load_queries, run, run_checks
from transfergraph.store.embedded import EmbeddedStore

BASE = "https://example.org/"
RULES = {rule.name: rule for rule in load_queries(REPOSITORY / "queries" / "rules")}
CHECKS = {check.query.name: check for check in load_checks(REPOSITORY / "queries" / "checks")}

PREFIXES = """\
@prefix : <https://example.org/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix kind: <https://w3id.org/transfergraph/scheme/organisation-kind/> .
@prefix measure: <https://w3id.org/transfergraph/scheme/measure/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qualifier: <https://w3id.org/transfergraph/scheme/qualifier/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/transfergraph/scheme/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
@prefix wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
"""

LABELS = "".join(
    f'{name} skos:prefLabel "{name} de"@de , "{name} en"@en .\n'
    for name in (
        *(":a", ":b", ":u", ":v", "measure:partners", "measure:labs"),
        *(f"qualifier:{name}" for name in ("exactly", "at-least", "at-most", "about")),
    )
)


def store_of(folder: Path, turtle: str) -> EmbeddedStore:
    """A store whose triples lie in one named graph each, as if each came from a source of its own."""
    triples = list(ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE))
    quads = [
        ox.Quad(t.subject, t.predicate, t.object, NamedNode(f"{BASE}graph/{i}"))
        for i, t in enumerate(triples)
    ]
    (folder / "data.nq").write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    store = EmbeddedStore.in_memory()
    store.load(folder / "data.nq")
    return store


def derived(folder: Path, rule: str, turtle: str, **parameters: int) -> set[ox.Triple]:
    graph = run(store_of(folder, turtle), RULES[rule], BASE, parameters)
    assert isinstance(graph, GraphAnswer)
    return set(graph.triples)


def triples(turtle: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)}


def participations(*pairs: str) -> str:
    """``"u a"`` is a participation of ``:a`` in ``:u``."""
    return "".join(
        f":{pair.replace(' ', '-')} tg:participatesIn :{pair.split()[0]} ; tg:participant :{pair.split()[1]} .\n"
        for pair in pairs
    )


def found(folder: Path, check: str, turtle: str) -> list[Finding]:
    return list(run_checks(store_of(folder, LABELS + turtle), [CHECKS[check]]))


class TestRules:
    def test_all_rules_are_known_here(self) -> None:
        assert sorted(RULES) == [
            "cooperates-with",
            "geometries",
            "nuts-links",
            "public-organisations",
            "superclasses",
            "top-concepts",
            "universities",
        ]

    def test_partners_of_one_undertaking_cooperate_both_ways(self, tmp_path: Path) -> None:
        data = participations("u a", "u b", "u c", "v c", "v d", "w e")
        assert derived(tmp_path, "cooperates-with", data) == triples(
            ":a tg:cooperatesWith :b , :c . :b tg:cooperatesWith :a , :c ."
            ":c tg:cooperatesWith :a , :b , :d . :d tg:cooperatesWith :c ."
        )

    def test_two_roles_are_one_partner(self, tmp_path: Path) -> None:
        data = participations("u a", "u b") + ":again tg:participatesIn :u ; tg:participant :a ."
        expected = triples(":a tg:cooperatesWith :b . :b tg:cooperatesWith :a .")
        assert derived(tmp_path, "cooperates-with", data, limit=2) == expected
        alone = participations("u a") + ":again tg:participatesIn :u ; tg:participant :a ."
        assert derived(tmp_path, "cooperates-with", alone) == set()

    def test_a_big_consortium_ties_nobody(self, tmp_path: Path) -> None:
        data = participations("u a", "u b", "u c", "v a", "v b")
        assert derived(tmp_path, "cooperates-with", data, limit=2) == triples(
            ":a tg:cooperatesWith :b . :b tg:cooperatesWith :a ."
        )
        assert len(derived(tmp_path, "cooperates-with", data, limit=3)) == 6
        assert derived(tmp_path, "cooperates-with", data, limit=1) == set()

    def test_superclasses_of_our_own_only(self, tmp_path: Path) -> None:
        ontology = (
            "tg:A a owl:Class ; rdfs:subClassOf tg:B , org:Organization . tg:B a owl:Class ; rdfs:subClassOf tg:C ."
            "tg:C a owl:Class . org:Organization a owl:Class . :x a tg:A . :y a tg:C ."
        )
        assert derived(tmp_path, "superclasses", ontology) == triples(":x a tg:B , tg:C .")

    def test_universities_by_their_kind(self, tmp_path: Path) -> None:
        data = (
            ":tu a tg:Organisation ; org:classification kind:university ."
            ":htw a tg:Organisation ; org:classification kind:university-of-applied-sciences ."
            ":ag a tg:Organisation ; org:classification kind:company ."
        )
        assert derived(tmp_path, "universities", data) == triples(
            ":tu a tg:University . :htw a tg:University , tg:UniversityOfAppliedSciences ."
        )

    def test_kinds_say_who_is_a_public_organisation(self, tmp_path: Path) -> None:
        data = (
            ":land a tg:Organisation ; org:classification kind:government . "
            ":kreis a tg:Organisation ; org:classification kind:local-authority . "
            ":ag a tg:Organisation ; org:classification kind:company ."
        )
        expected = triples(":land a tg:PublicOrganisation . :kreis a tg:PublicOrganisation .")
        assert derived(tmp_path, "public-organisations", data) == expected

    def test_nuts_codes_become_links(self, tmp_path: Path) -> None:
        data = ':r a tg:Region ; tg:nutsCode "DED21" . :q a tg:Region . :p tg:nutsCode "DED2" .'
        expected = ":r skos:exactMatch <http://data.europa.eu/nuts/code/DED21> ."
        assert derived(tmp_path, "nuts-links", data) == triples(expected)

    def test_coordinates_become_points(self, tmp_path: Path) -> None:
        data = ":p a tg:Place ; wgs84:lat 50.918 ; wgs84:long -13.34 . :q a tg:Place ; wgs84:lat 51.0 ."
        assert derived(tmp_path, "geometries", data) == triples(
            ":p geo:hasGeometry <https://example.org/p#geometry> ."
            "<https://example.org/p#geometry> a geo:Geometry ;"
            '  geo:asWKT "POINT(-13.34 50.918)"^^geo:wktLiteral .'
        )

    def test_nothing_more_follows_from_what_was_derived(self, tmp_path: Path) -> None:
        store, files = curated_graph(tmp_path)
        known = {
            quad.triple for file in files for quad in ox.parse(path=str(file), format=ox.RdfFormat.N_QUADS)
        }
        for rule in RULES.values():
            again = run(store, rule, BASE, {})
            assert isinstance(again, GraphAnswer)
            assert again.triples
            assert set(again.triples) <= known, rule.name

    def test_no_derived_node_is_blank(self, tmp_path: Path) -> None:
        _, files = curated_graph(tmp_path)
        quads = list(ox.parse(path=str(files[2]), format=ox.RdfFormat.N_QUADS))
        assert quads
        for quad in quads:
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode | Literal)


def statements(one: str, other: str) -> str:
    return f":s1 tg:about :u ; tg:measure measure:partners ; {one} .\n:s2 tg:about :u ; tg:measure measure:partners ; {other} ."


def grants(one: str, other: str) -> str:
    return "".join(
        f":{name} tg:funds :u ; tg:qualifier qualifier:exactly ; tg:currency :EUR ; {rest} ."
        for name, rest in (("f1", one), ("f2", other))
    )


class TestChecks:
    def test_all_checks_are_known_here(self) -> None:
        tested = {name.removeprefix("test_").replace("_", "-") for name in vars(TestChecks)}
        assert set(CHECKS) <= tested
        assert len(CHECKS) == 11

    def test_contradictory_coordinators(self, tmp_path: Path) -> None:
        two = participations("u a", "u b") + ":u-a tg:role role:coordinator . :u-b tg:role role:coordinator ."
        (first,) = found(tmp_path, "contradictory-coordinators", two)
        assert first.severity is Severity.INFO and first.contradiction
        assert (first.focus, first.value) == (f"{BASE}u-a", f"{BASE}a")
        assert "als Koordination angegeben und zugleich :b de" in first.message.in_language("de")
        assert first.message.english.startswith(":a en is named as coordinator of :u en, and so is :b en")
        partner = two.replace(":u-b tg:role role:coordinator", ":u-b tg:role role:partner")
        assert found(tmp_path, "contradictory-coordinators", partner) == []
        after = two + ':u-a tg:end "2021-06"^^edtf:EDTF . :u-b tg:start "2021-07"^^edtf:EDTF .'
        assert found(tmp_path, "contradictory-coordinators", after) == []
        overlap = two + ':u-a tg:end "2021-07"^^edtf:EDTF . :u-b tg:start "2021-06"^^edtf:EDTF .'
        assert len(found(tmp_path, "contradictory-coordinators", overlap)) == 1

    @pytest.mark.parametrize(
        ("one", "other", "expected"),
        [
            ("exactly 6", "exactly 7", True),
            ("exactly 6", "exactly 6", False),
            ("exactly 6", "at-least 7", True),
            ("at-least 7", "exactly 6", True),
            ("exactly 7", "at-least 7", False),
            ("at-most 6", "at-least 7", True),
            ("at-least 7", "at-most 6", True),
            ("at-most 7", "at-least 7", False),
            ("exactly 8", "at-most 7", True),
            ("at-most 7", "exactly 8", True),
            ("at-most 7", "exactly 6", False),
            ("at-least 40", "at-least 100", False),
            ("at-most 40", "at-most 100", False),
            ("about 6", "exactly 7", False),
            ("exactly 6 2019", "exactly 7 2019", True),
            ("exactly 6 2019", "exactly 7 2019-10", False),
            ("exactly 6 2019-10-01", "exactly 7 2019-10", False),
            ("exactly 6 2019-10", "exactly 7 2019-10", True),
            ("exactly 6 2019", "exactly 7 2020-01", False),
            ("exactly 6 2019-10", "exactly 7 2019-11", False),
            ("exactly 6 2019", "exactly 7", False),
            ("exactly 13800000", "exactly 14000000", False),
            ("exactly 160 2019", "exactly 156 2019", False),
            ("exactly 154", "exactly 160", True),
            ("exactly 57", "exactly 60", True),
            ("exactly 5", "exactly 10", True),
            ("exactly 14400000", "exactly 15000000", True),
        ],
    )
    def test_contradictory_statements(self, tmp_path: Path, one: str, other: str, expected: bool) -> None:
        def turtle(text: str) -> str:
            qualifier, value, *date = text.split()
            as_of = f' ; tg:asOf "{date[0]}"^^edtf:EDTF' if date else ""
            return f"tg:qualifier qualifier:{qualifier} ; tg:value {value}{as_of}"

        data = statements(turtle(one), turtle(other))
        findings = found(tmp_path, "contradictory-statements", data)
        assert [finding.focus for finding in findings] == ([f"{BASE}s1"] if expected else [])
        others = data.replace(":s2 tg:about :u", ":s2 tg:about :v")
        assert found(tmp_path, "contradictory-statements", others) == []
        labs = data.replace("measure:partners", "measure:labs", 1)
        assert found(tmp_path, "contradictory-statements", labs) == []
        money = data.replace(" ; tg:qualifier", " ; tg:currency :EUR ; tg:qualifier").replace(
            "value", "amount"
        )
        findings = found(tmp_path, "contradictory-statements", money)
        assert [finding.focus for finding in findings] == ([f"{BASE}s1"] if expected else [])
        for finding in findings:
            assert finding.path_text == "<https://w3id.org/transfergraph/ontology#amount>"
            assert finding.message.english.count(" EUR") == 2
        other_money = money.replace(":EUR", ":CZK", 1)
        assert found(tmp_path, "contradictory-statements", other_money) == []

    def test_contradictory_fundings(self, tmp_path: Path) -> None:
        period = 'tg:start "2023"^^edtf:EDTF ; tg:end "2025"^^edtf:EDTF'
        same = grants(f"tg:amount 57055.54 ; {period}", f"tg:amount 57155.00 ; {period}")
        (finding,) = found(tmp_path, "contradictory-fundings", same)
        assert (finding.severity, finding.focus, finding.value) == (Severity.INFO, f"{BASE}f1", "57055.54")
        later = period.replace("2025", "2026")
        for fine in (
            grants(f"tg:amount 57056.00 ; {period}", f"tg:amount 57056.0 ; {period}"),
            grants(f"tg:amount 57055.54 ; {period}", f"tg:amount 57056.00 ; {period}"),
            grants(f"tg:amount 57000.00 ; {period}", f"tg:amount 57055.54 ; {period}"),
            grants(f"tg:amount 1.0 ; {period}", f"tg:amount 2.0 ; {later}"),
            grants("tg:amount 1.0", "tg:amount 2.0"),
            grants(
                f'tg:amount 1.0 ; {period} ; tg:grantNumber "A"',
                f'tg:amount 2.0 ; {period} ; tg:grantNumber "B"',
            ),
            same.replace("qualifier:exactly", "qualifier:at-most", 1),
            same.replace(":EUR", ":CHF", 1),
        ):
            assert found(tmp_path, "contradictory-fundings", fine) == []
        numbered = grants(
            'tg:amount 1.0 ; tg:grantNumber "A"', f'tg:amount 2.0 ; {period} ; tg:grantNumber "A"'
        )
        assert len(found(tmp_path, "contradictory-fundings", numbered)) == 1

    def test_period_differs_from_funding(self, tmp_path: Path) -> None:
        data = ':u a tg:Project ; tg:start "%s"^^edtf:EDTF . :f tg:funds :u ; tg:start "%s"^^edtf:EDTF .'
        (finding,) = found(tmp_path, "period-differs-from-funding", data % ("2019-06", "2019-07-01"))
        assert (finding.severity, finding.focus, finding.value) == (Severity.INFO, f"{BASE}u", "2019-06")
        assert finding.path_text == "<https://w3id.org/transfergraph/ontology#start>"
        for fine in (("2019", "2019-07-01"), ("2019-07-01", "2019-07"), ("2019", "2019")):
            assert found(tmp_path, "period-differs-from-funding", data % fine) == []

    def test_participation_outside_period(self, tmp_path: Path) -> None:
        data = participations("u a") + (
            ':u tg:start "2019-04"^^edtf:EDTF ; tg:end "2021"^^edtf:EDTF .'
            ':u-a tg:start "%s"^^edtf:EDTF ; tg:end "%s"^^edtf:EDTF .'
        )
        assert found(tmp_path, "participation-outside-period", data % ("2019", "2021-12-31")) == []
        (early,) = found(tmp_path, "participation-outside-period", data % ("2019-03-31", "2021"))
        assert (early.severity, early.focus, early.value) == (Severity.WARNING, f"{BASE}u-a", "2019-03-31")
        (late,) = found(tmp_path, "participation-outside-period", data % ("2019-04", "2022-01"))
        assert late.path_text == "<https://w3id.org/transfergraph/ontology#end>"
        assert "2022-01" in late.message.in_language("de")
        assert "2021" in late.message.in_language("de")

    def test_more_partners_than_stated(self, tmp_path: Path) -> None:
        people = participations("u a", "u b") + ":again tg:participatesIn :u ; tg:participant :a ."
        data = (
            people
            + ":s tg:about :u ; tg:measure measure:partners ; tg:qualifier qualifier:%s ; tg:value %d ."
        )
        (finding,) = found(tmp_path, "more-partners-than-stated", data % ("exactly", 1))
        assert (finding.severity, finding.focus, finding.value) == (Severity.INFO, f"{BASE}s", "1")
        assert "nennt 2" in finding.message.in_language("de")
        assert len(found(tmp_path, "more-partners-than-stated", data % ("at-most", 1))) == 1
        for fine in (("exactly", 2), ("at-most", 3), ("at-least", 1), ("about", 1)):
            assert found(tmp_path, "more-partners-than-stated", data % fine) == []

    def test_shares_exceed_funding(self, tmp_path: Path) -> None:
        data = participations("u a", "u b") + (
            ":u-a tg:amount 60.5 ; tg:currency :EUR ; tg:qualifier qualifier:exactly ."
            ":u-b tg:amount 50.0 ; tg:currency :EUR ; tg:qualifier qualifier:exactly ."
            ":f tg:funds :u ; tg:amount %s ; tg:currency :EUR ."
        )
        (finding,) = found(tmp_path, "shares-exceed-funding", data % "110.49")
        assert (finding.severity, finding.focus) == (Severity.WARNING, f"{BASE}u")
        assert "110.5" in finding.message.english
        assert found(tmp_path, "shares-exceed-funding", data % "110.5") == []
        unknown = data % "1.0" + ':g tg:funds :u ; tg:grantNumber "A" .'
        assert found(tmp_path, "shares-exceed-funding", unknown) == []
        assert (
            found(
                tmp_path,
                "shares-exceed-funding",
                (data % "70.0").replace("qualifier:exactly", "qualifier:about", 1),
            )
            == []
        )

    def test_name_of_several_organisations(self, tmp_path: Path) -> None:
        def bearers(*organisations: str) -> list[tuple[str, str]]:
            data = "".join(
                f":{name} a tg:Organisation ; skos:prefLabel 'Dean'@en . {rest} "
                for name, _, rest in (one.partition(" ") for one in organisations)
            )
            findings = found(tmp_path, "name-of-several-organisations", data)
            assert all(f.severity is Severity.WARNING and f.value == "Dean" for f in findings)
            return [((f.focus or "").removeprefix(BASE), f.message.english.split()[0]) for f in findings]

        assert bearers("x", "y", "z") == [("x", "3"), ("y", "3"), ("z", "3")]
        assert bearers("x") == []
        assert bearers("x :x org:unitOf :a .", "y :y org:unitOf :b .") == []
        assert bearers("x :x org:unitOf :a .", "y :y org:unitOf :a .") == [("x", "2"), ("y", "2")]
        mixed = bearers("x :x org:unitOf :a .", "y :y org:unitOf :a .", "z :z org:unitOf :b .")
        assert mixed == [("x", "3"), ("y", "3")]
        assert bearers("x :x org:unitOf :a .", "y") == [("x", "2"), ("y", "2")]

    def test_identifier_of_several_organisations(self, tmp_path: Path) -> None:
        data = ":x a tg:Organisation ; owl:sameAs :id , :other . :y a tg:Organisation ; owl:sameAs :id ."
        findings = found(tmp_path, "identifier-of-several-organisations", data)
        assert [(f.severity, f.focus, f.value) for f in findings] == [
            (Severity.VIOLATION, f"{BASE}{name}", f"{BASE}id") for name in "xy"
        ]
        alone = data.replace(":y a tg:Organisation", ":y a tg:Project")
        assert found(tmp_path, "identifier-of-several-organisations", alone) == []

    def test_too_many_to_compare(self, tmp_path: Path) -> None:
        def many(count: int) -> str:
            return "".join(
                f":s{n} tg:about :u ; tg:measure measure:labs ; tg:qualifier qualifier:exactly ; tg:value {n + 1} ."
                f":f{n} tg:funds :u ; tg:amount {n + 1001} ; tg:currency :EUR ; tg:qualifier qualifier:exactly ;"
                " tg:grantNumber 'X' ."
                f":p{n} tg:participatesIn :u ; tg:participant :o{n} ; tg:role role:coordinator ."
                f':o{n} skos:prefLabel "o"@de , "o"@en .'
                for n in range(count)
            )

        pairs = "contradictory-coordinators", "contradictory-fundings", "contradictory-statements"
        few = {name: len(found(tmp_path, name, many(20))) for name in pairs}
        assert few["contradictory-coordinators"] == 190
        assert all(few.values())
        assert found(tmp_path, "too-many-to-compare", many(20)) == []
        assert not any(found(tmp_path, name, many(21)) for name in pairs)
        findings = found(tmp_path, "too-many-to-compare", many(21))
        assert [f.focus for f in findings] == [f"{BASE}u"] * 3
        assert {f.message.english[:21] for f in findings} == {
            f"There are 21 {what}" for what in ("coordina", "grants h", "statemen")
        }

    def test_unit_beside_its_whole(self, tmp_path: Path) -> None:
        data = participations("u a", "u b")
        (finding,) = found(tmp_path, "unit-beside-its-whole", data + ":a org:unitOf :b .")
        assert (finding.severity, finding.focus, finding.value) == (Severity.INFO, f"{BASE}u-a", f"{BASE}a")
        assert found(tmp_path, "unit-beside-its-whole", data) == []
        apart = participations("u a", "v b") + ":a org:unitOf :b ."
        assert found(tmp_path, "unit-beside-its-whole", apart) == []
