"""Own terms and own lists come from tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from tables_fixture import check
from workspaces import core_text, declare, edited, make_workspace

import transfergraph as tg
from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import Text
from transfergraph.config.declarations import TABLES
from transfergraph.findings.causes import group_findings
from transfergraph.queries import BooleanAnswer
from transfergraph.tables.csvw import read_table_group

SCHEME = "https://w3id.org/transfergraph/scheme/"
TERMS = """list,key,name_de,name_en,definition_en,broader,source
organisation-kind,guild,Gilde,Guild,Union of craftspeople.,,page
organisation-kind,sub-guild,Untergilde,Sub-guild,,guild,
readiness,tried/out,Erprobt,Tried out,,,
"""
LISTS = "key,name_de,name_en,source\nreadiness,Reife,Readiness,page\n"
GUILDS = edited("organisations", "company,", "guild,")


def holds(release: tg.Release, pattern: str) -> bool:
    answer = release.sparql(f"PREFIX skos: <{SKOS}> PREFIX s: <{SCHEME}> ASK {{ {pattern} }}")
    assert isinstance(answer, BooleanAnswer)
    return answer.value


def test_they_become_concepts_that_other_tables_may_use(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", terms=TERMS, lists=LISTS, organisations=GUILDS)
    release = tg.open(tg.build(root, tmp_path / "build").release or "")
    kinds = f"<{SCHEME}organisation-kind>"
    guild, sub, tried = (f"<{SCHEME}{key}>" for key in (
        "organisation-kind/guild", "organisation-kind/sub-guild", "readiness/tried%2Fout"
    ))  # fmt: skip
    for pattern in (
        f'{guild} a skos:Concept ; skos:inScheme {kinds} ; skos:topConceptOf {kinds} ; skos:prefLabel "Gilde"@de',
        f'{guild} skos:notation "guild" ; skos:definition "Union of craftspeople."@en',
        f"{sub} skos:broader {guild} ; skos:inScheme {kinds}",
        f"{tried} skos:topConceptOf s:readiness . s:readiness a skos:ConceptScheme",
        f"?organisation <http://www.w3.org/ns/org#classification> {guild}",
    ):
        assert holds(release, pattern), pattern
    assert not holds(release, f"{sub} skos:topConceptOf ?list")
    assert not holds(release, "?s skos:broader ?o FILTER(STRENDS(STR(?o), '/'))")


def test_they_have_their_names_wherever_terms_are_told(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", terms=TERMS, lists=LISTS)
    guides = {guide.table.name: guide for guide in tg.columns(root)}
    kinds = next(one.terms for one in guides["organisations"].columns if one.column.name == "kind")
    assert kinds is not None and kinds.extended_in == "terms"
    assert kinds.terms["guild"] == Text(de="Gilde", en="Guild")


def test_a_term_by_its_name_and_one_that_is_nowhere(tmp_path: Path) -> None:
    named = edited("organisations", "company,", "Gilde,")
    (found,) = check(make_workspace(tmp_path / "named", terms=TERMS, lists=LISTS, organisations=named))
    assert "“guild” (Guild)" in found.remedy.english
    (found,) = check(
        make_workspace(tmp_path / "nowhere", organisations=edited("organisations", "company,", "xyzq,"))
    )
    assert "A term of your own is a row of terms.csv." in found.remedy.english


def test_a_list_that_is_not_there_comes_before_what_follows_from_it(tmp_path: Path) -> None:
    terms = TERMS.replace("readiness,tried", "ready,tried").replace("organisation-kind,guild", "kinds,guild")
    report = tg.check(
        make_workspace(tmp_path / "ws", terms=terms, lists=LISTS, organisations=GUILDS), tmp_path / "build"
    )
    groups = group_findings(report)
    assert [(one.code, one.count) for one in groups][:1] == [("table.unknown-list", 2)]
    assert "table.unknown-concept" in {one.code for one in groups}


def test_terms_of_one_source_hold_in_another(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", organisations=GUILDS)
    source = core_text("data/saxony/source.toml").partition("[rows]")[0] + "[rows]\n"
    declare(root, "data/lists/source.toml", source)
    declare(root, "data/lists/terms.csv", TERMS.partition("readiness")[0].replace(",page", ","))
    assert tg.check(root, tmp_path / "build").conforms


STATED = "id,undertaking,measure,qualifier,value,amount,currency,as_of,source\n"


def test_a_measure_of_money_of_ones_own_stands_below_money(tmp_path: Path) -> None:
    terms = "list,key,name_de,name_en,broader,source\nmeasure,rent,Miete,Rent,money,page\n"
    paid = f"{STATED}rent,recomine,rent,at-most,,1250.50,CZK,2025,page\n"
    assert tg.check(make_workspace(tmp_path / "a", terms=terms, statements=paid), tmp_path / "out").conforms
    counted = f"{STATED}rent,recomine,rent,at-most,1250,,,2025,page\n"
    report = tg.check(make_workspace(tmp_path / "b", terms=terms, statements=counted), tmp_path / "out")
    [fault] = [one for one in report.findings if one.severity is tg.Severity.VIOLATION]
    assert (fault.code, fault.place.row, fault.place.column) == ("MoneyIsAmount", 2, "value")


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ("budget,exactly,,,", "StatementHasAmount", "amount"),
        ("partners,exactly,,,", "StatementHasValue", "value"),
        ("budget,exactly,5,,", "MoneyIsAmount", "value"),
        ("budget,exactly,5,5.0,EUR", "StatementNotBoth", "value"),
        ("budget,exactly,,5.0,", "AmountHasCurrency", "currency"),
        ("partners,exactly,,5.0,EUR", "CountIsValue", "amount"),
    ],
)
def test_a_statement_counts_or_gives_money_as_its_measure_says(
    tmp_path: Path, cells: str, code: str, column: str
) -> None:
    root = make_workspace(tmp_path / "ws", statements=f"{STATED}s,recomine,{cells},2025,page\n")
    report = tg.check(root, tmp_path / "out")
    [fault] = [one for one in report.findings if one.severity is tg.Severity.VIOLATION]
    assert (fault.code, fault.place.file, fault.place.row, fault.place.column) == (
        code,
        "data/source/statements.csv",
        2,
        column,
    )
    for language in ("de", "en"):
        assert any(word in fault.remedy.in_language(language) for word in (column, "value", "amount"))


@pytest.mark.parametrize(
    "name",
    ["budget", "budget-per-alliance", "call-budget", "funding-total", "own-funds", "recommended-funding"],
)
def test_a_measure_that_is_no_more_is_told_with_the_one_in_its_place(tmp_path: Path, name: str) -> None:
    old = edited("statements", "partners,at-least", f"{name}-eur,at-least")
    [fault] = tg.check(make_workspace(tmp_path / "ws", statements=old), tmp_path / "out").findings
    assert (fault.place.row, fault.place.column, fault.value) == (2, "measure", f"{name}-eur")
    assert fault.code == "table.retired-concept.noted"
    assert fault.proposals == (name,)
    remedy = "„{}“ eintragen. Den Betrag in amount und seine Währung in currency eintragen, value leeren."
    assert fault.remedy.in_language("de") == remedy.format(name)
    assert fault.remedy.english.startswith(f"Enter “{name}”. Enter the amount under “amount”")


def test_a_term_that_is_no_more_may_leave_nothing_else_to_do(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", participations=edited("participations", "coordinator", "head"))
    role = f"<{SCHEME}role/head> <http://purl.org/dc/terms/isReplacedBy> <{SCHEME}role/coordinator> ."
    declare(root, "ontology/schemes/own.ttl", role)
    [fault] = tg.check(root, tmp_path / "out").findings
    assert (fault.code, fault.place.column, fault.proposals) == (
        "table.retired-concept",
        "role",
        ("coordinator",),
    )
    assert fault.remedy.english == "Enter “coordinator”."


@pytest.mark.parametrize(
    ("terms", "lists", "code", "column"),
    [
        (None, None, "table.unknown-concept", "kind"),
        (TERMS, None, "table.unknown-list", "list"),
        (TERMS.replace(",guild,\n", ",gild,\n"), LISTS, "BroaderInSameScheme", "broader"),
        (TERMS.replace("organisation-kind,sub", "readiness,sub"), LISTS, "BroaderInSameScheme", "broader"),
        (
            TERMS.replace("craftspeople.,,", "craftspeople.,sub-guild,"),
            LISTS,
            "ConceptNotBelowItself",
            "broader",
        ),
        (TERMS.replace("readiness,tried", "a b,tried"), LISTS, "table.forbidden-character.key", "list"),
        (
            TERMS.replace("organisation-kind,sub-", "organisation-kind,"),
            LISTS,
            "table.duplicate-key.together",
            "list",
        ),
    ],
)
def test_a_fault_leads_to_its_cell(
    tmp_path: Path, terms: str | None, lists: str | None, code: str, column: str
) -> None:
    root = make_workspace(tmp_path / "ws", terms=terms, lists=lists, organisations=GUILDS)
    report = tg.check(root, tmp_path / "build")
    found = [one for one in report.findings if one.code == code and one.place.column == column]
    assert found and not report.conforms, report.findings
    file = "organisations" if terms is None else "terms"
    assert {one.place.file for one in found} == {f"data/source/{file}.csv"}


def test_a_template_of_a_value_may_use_other_columns_that_there_are(tmp_path: Path) -> None:
    tables = core_text(TABLES)
    for new, said in (("scheme/{lost}/{broader}", "“lost”"), ("scheme/{list}", "its own name")):
        changed = declare(tmp_path, "tables.json", tables.replace("scheme/{list}/{broader}", new))
        with pytest.raises(tg.WorkspaceError, match=said):
            read_table_group([changed], "https://example.org/")
