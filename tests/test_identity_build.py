"""Rows of two sources that are one organisation, in a build: one key everywhere, names, addresses, decisions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner
from workspaces import SOURCE, TABLES, declare, make_workspace

import transfergraph as tg
from transfergraph.cli.app import app
from transfergraph.identity.pair_outcome import Judgement
from transfergraph.identity.settled_identities import JudgedPair, settle

BASE = "https://w3id.org/transfergraph/saxony/"
HTW = "Hochschule für Technik und Wirtschaft Dresden"
OWN = f"""id,kind,name_de,name_en,alternative_names,description_de,part_of,place,ror,website,source
bund,government,Ministerium,Ministry,,,,,,,page
htw-dresden,university-of-applied-sciences,{HTW},HTW Dresden,HTWD;HTW,Eine Hochschule.,,dresden,05q5pk319,https://www.htw-dresden.de,page
müller-ag,company,Müller Vakuum AG,Müller Vakuum AG,,,,dresden,,,page
"""
LIST = """id,kind,name_de,name_en,alternative_names,description_de,part_of,place,ror,website,source
p1,university-of-applied-sciences,HOCHSCHULE FUER TECHNIK UND WIRTSCHAFT DRESDEN,HTW Dresden,HTWD,Eine Fachhochschule.,,dresden,,,page
p2,company,MUELLER VAKUUM AG,MUELLER VAKUUM AG,Müller Vakuum AG,,,dresden,,,page
p3,company,Müller Vakuum Service GmbH,Müller Vakuum Service GmbH,,,,dresden,,,page
p4,company,Muellar Vakuum AG,Muellar Vakuum AG,,,,dresden,,,page
p5,research-institute,Institut für Wasserbau,Institute of Hydraulics,,,p1,dresden,,,page
"""
PROJECTS = """id,kind,name_de,name_en,place,start,source
x1,research-and-development,Vorhaben X,Undertaking X,dresden,2020,page
"""
PARTS = """undertaking,organisation,role,start,end,source
x1,p1,coordinator,2020,2021,page
x1,p2,partner,,,page
x1,p3,partner,,,page
x1,p4,partner,,,page
x1,p5,partner,,,page
"""
DECISIONS = "first,second,decision,date,reason\n"


def two_sources(folder: Path, decisions: str | None = None, leading: str = "source", **changed: str) -> Path:
    """A workspace with tables of its own, and a list that speaks of some of the same organisations."""
    root = make_workspace(folder / "ws", organisations=OWN)
    if leading:
        with (root / "transfergraph.toml").open("a", encoding="utf-8") as settings:
            settings.write(f'\n[identity]\nleading = ["{leading}"]\n')
    added = root / "data" / "list"
    added.mkdir()
    (added / "source.toml").write_text(SOURCE, encoding="utf-8")
    told = {"organisations": LIST, "projects": PROJECTS, "participations": PARTS}
    for name, text in {
        **{one: TABLES[one] for one in ("sources", "regions", "places")},
        **told,
        **changed,
    }.items():
        (added / f"{name}.csv").write_text(text, encoding="utf-8")
    if decisions is not None:
        decide(root, decisions)
    return root


def decide(root: Path, rows: str) -> None:
    """Write the file of decisions."""
    (root / "data" / "identity").mkdir(exist_ok=True)
    (root / "data" / "identity" / "decisions.csv").write_text(DECISIONS + rows, encoding="utf-8")


def rows(release: Path, source: str, table: str) -> list[dict[str, str]]:
    """The rows of a table of a release."""
    text = (release / "data" / "tables" / source / f"{table}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def built(root: Path, output: Path) -> Path:
    """The release of a workspace that has no violations."""
    outcome = tg.build(root, output)
    assert outcome.manifest is not None and outcome.release is not None, [
        (one.code, str(one.place)) for one in outcome.report.findings if one.severity is tg.Severity.VIOLATION
    ]
    return outcome.release


def codes(report: tg.Report) -> Mapping[str, tg.Finding]:
    """The findings about identity."""
    return {one.code: one for one in report.findings if one.code.startswith("identity.")}


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, tg.Report]:
    """The workspace with its release and its report."""
    folder = tmp_path_factory.mktemp("identity")
    root = two_sources(folder)
    outcome = tg.build(root, folder / "build")
    assert outcome.release is not None
    return root, outcome.release, outcome.report


def test_rows_of_two_sources_take_one_key_in_every_table(merged: tuple[Path, Path, tg.Report]) -> None:
    release = merged[1]
    keys = [one["id"] for one in rows(release, "list", "organisations")]
    assert keys == ["htw-dresden", "müller-ag", "p3", "p4", "p5"]
    assert [one["organisation"] for one in rows(release, "list", "participations")] == keys
    assert rows(release, "list", "organisations")[4]["part_of"] == "htw-dresden"
    assert [one["id"] for one in rows(release, "source", "organisations")] == [
        "bund",
        "htw-dresden",
        "müller-ag",
    ]


def test_the_other_source_speaks_of_the_same_address_in_its_own_graph(
    merged: tuple[Path, Path, tg.Report],
) -> None:
    answer = tg.open(merged[1]).sparql(
        "PREFIX tg: <https://w3id.org/transfergraph/ontology#> SELECT DISTINCT ?g ?u WHERE { GRAPH ?g { "
        f"?p tg:participant <{BASE}organisation/htw-dresden> ; tg:participatesIn ?u }} }} ORDER BY ?g ?u"
    )
    told = csv.reader(io.StringIO(answer.write("csv")))
    found = {tuple(cell.rsplit("/", 1)[-1] for cell in row) for row in list(told)[1:]}
    assert found == {("source", "recomine"), ("source", "pilot"), ("list", "x1")}


def test_a_name_that_differs_becomes_another_name(merged: tuple[Path, Path, tg.Report]) -> None:
    """And one that is that of the leading row is not repeated as another name."""
    told = rows(merged[1], "list", "organisations")
    assert (told[0]["name_de"], told[0]["alternative_names_de"]) == ("", HTW.replace("ü", "ue").upper())
    assert (told[0]["name_en"], told[0]["alternative_names_en"]) == ("HTW Dresden", "")
    assert (told[1]["name_de"], told[1]["alternative_names"]) == ("", "")
    assert told[1]["alternative_names_de"] == told[1]["alternative_names_en"] == "MUELLER VAKUUM AG"
    described = json.loads((merged[1] / "data/tables/list/csvw-metadata.json").read_text(encoding="utf-8"))
    columns = next(one for one in described["tables"] if one["url"] == "organisations.csv")["tableSchema"][
        "columns"
    ]
    required = {one["name"] for one in columns if one.get("required")}
    assert "id" in required and not required & {"name_de", "name_en"}


def test_lists_and_network_tell_which_source_says_what(merged: tuple[Path, Path, tg.Report]) -> None:
    """As a facet; in the network a choice of sources holds for participations and ties as well."""
    text = (merged[1] / "lists" / "organisations.js").read_text(encoding="utf-8")
    (told,) = [one for one in json.loads(text[text.index("{") : -3])["facets"] if one["key"] == "data"]
    assert told["label"] == {"de": "Datenquelle", "en": "Data source"}
    assert {one[0].rpartition("/")[2] for one in told["values"]} == {"list", "source"}
    listed = tg.open(merged[1]).sparql(
        f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ GRAPH <{BASE}graph/list> {{ ?thing a ?type . }} "
        f'FILTER(STRSTARTS(STR(?thing), "{BASE}organisation/")) }}'
    )
    assert "5" in listed.write("csv")
    network = json.loads((merged[1] / "network" / "explorer.json").read_text(encoding="utf-8"))
    keys = network["concepts"]["sources"]["key"]
    assert {keys[at]: count for at, count in network["facets"]["sources"]} == {
        "graph/source": 3,
        "graph/list": 5,
    }
    stated = {tuple(keys[at] for at in one) for one in network["links"]["stated"]}
    assert stated == {("graph/list",), ("graph/source",)}


def test_what_gives_way_is_told_with_its_cell(merged: tuple[Path, Path, tg.Report]) -> None:
    found = codes(merged[2])["identity.given-way"]
    assert (found.place.file, found.place.row, found.place.column) == (
        "data/list/organisations.csv",
        2,
        "description_de",
    )
    assert found.value == "Eine Fachhochschule."
    assert "data/source/organisations.csv:3:description_de" in found.message.english


SHORT = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX tg: <https://w3id.org/transfergraph/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX own: <https://example.org/shapes#>
own:Short a sh:NodeShape ; sh:targetClass tg:Organisation ; sh:property own:OtherName .
own:OtherName sh:path skos:altLabel ; sh:maxLength 8 .
"""


def test_a_finding_of_the_merged_leads_to_the_row_of_its_source(tmp_path: Path) -> None:
    root = two_sources(tmp_path, organisations=LIST.replace(",HTWD,", ",HTWD;FHDresden,"))
    declare(root, "ontology/own.shapes.ttl", SHORT)
    found = [one for one in tg.check(root, tmp_path / "build").findings if one.code == "OtherName"]
    places = {one.value: (one.place.file, one.place.row, one.place.column) for one in found}
    assert places["FHDresden"] == ("data/list/organisations.csv", 2, "alternative_names")
    assert places[HTW.replace("ü", "ue").upper()][:2] == ("data/list/organisations.csv", 2)


def test_the_other_address_answers_with_its_successor(merged: tuple[Path, Path, tg.Report]) -> None:
    assert rows(merged[1], "list", "former_organisations") == [
        {"id": "p1", "replaced_by": "htw-dresden"},
        {"id": "p2", "replaced_by": "müller-ag"},
    ]
    gone = json.loads((merged[1] / "changes" / "gone.json").read_text(encoding="utf-8"))
    assert {one["iri"]: one["successor"] for one in gone}[
        f"{BASE}organisation/p1"
    ] == f"{BASE}organisation/htw-dresden"


def test_a_part_and_a_sister_stay_themselves_and_a_typing_error_is_asked(
    merged: tuple[Path, Path, tg.Report],
) -> None:
    root, release, report = merged
    text = (release.parent.parent / "identity" / "review.csv").read_text(encoding="utf-8")
    (asked,) = csv.DictReader(io.StringIO(text))
    assert {asked["first"], asked["second"]} == {"list/p4", "list/p2"} or {
        asked["first"],
        asked["second"],
    } == {
        "list/p4",
        "source/müller-ag",
    }
    assert asked["first_cell"].startswith("data/list/organisations.csv:")
    assert "Wenige Buchstaben" in asked["reasons_de"] and "the same town" in asked["reasons_en"]
    assert [asked[one] for one in ("decision", "date", "reason")] == ["", "", ""]
    assert codes(report)["identity.to-ask"].severity is tg.Severity.INFO
    assert [one.score for one in tg.review(root)] == [pytest.approx(float(asked["score"]), abs=0.01)]


def test_a_decision_wins_is_transitive_and_never_asked_again(tmp_path: Path) -> None:
    """Over a row of a source that is not there as well, and against what the names say."""
    said = (
        "source/müller-ag,away/z9,same,2026-11-01,register\n"
        "away/z9,list/p4,same,2026-11-01,register\n"
        "list/p1,source/htw-dresden,different,2026-11-02,told by telephone\n"
    )
    root = two_sources(tmp_path, said)
    release = built(root, tmp_path / "build")
    assert [one["id"] for one in rows(release, "list", "organisations")] == [
        "p1",
        "müller-ag",
        "p3",
        "müller-ag",
        "p5",
    ]
    assert tg.review(root) == ()
    described = json.loads((release / "data/tables/list/csvw-metadata.json").read_text(encoding="utf-8"))
    schema = next(one for one in described["tables"] if one["url"] == "organisations.csv")["tableSchema"]
    assert "primaryKey" not in schema  # two rows of one organisation


def test_a_decision_that_is_deleted_takes_its_merge_with_it(tmp_path: Path) -> None:
    root = two_sources(tmp_path, "source/müller-ag,list/p3,same,2026-11-01,a mistake\n")
    built(root, tmp_path / "build")
    decide(root, "")
    release = built(root, tmp_path / "build")
    assert [one["id"] for one in rows(release, "list", "organisations")][2] == "p3"
    gone = json.loads((release / "changes" / "gone.json").read_text(encoding="utf-8"))
    assert f"{BASE}organisation/p3" not in {one["iri"] for one in gone}


@pytest.mark.parametrize(
    ("said", "code", "row", "column"),
    [
        ("list/p1,list/p2,perhaps,2026-11-01,r\n", "identity.decision.word", 2, "decision"),
        ("list/p1,list/p2,same,01.11.2026,r\n", "identity.decision.date", 2, "date"),
        ("list/p1,list/p2,different,2026-11-01,\n", "identity.decision.blank", 2, "reason"),
        ("list/p1,list/p99,different,2026-11-01,r\n", "identity.decision.unknown", 2, "second"),
        (
            "list/p1,list/p3,same,2026-11-01,r\nlist/p3,list/p4,same,2026-11-01,r\nlist/p4,list/p1,different,2026-11-01,r\n",
            "identity.contradiction",
            4,
            "decision",
        ),
    ],
)
def test_what_is_wrong_with_the_decisions_is_told_by_its_row(
    tmp_path: Path, said: str, code: str, row: int, column: str
) -> None:
    found = codes(tg.check(two_sources(tmp_path, said), tmp_path / "build"))[code]
    assert (found.place.file, found.place.row, found.place.column) == (
        "data/identity/decisions.csv",
        row,
        column,
    )
    if code == "identity.contradiction":
        assert "2" in found.message.english and "3" in found.message.english
    assert (found.severity is tg.Severity.VIOLATION) == (code != "identity.decision.unknown")


def test_a_header_that_is_none_and_one_key_that_is_said_to_be_two_are_told(tmp_path: Path) -> None:
    same_key = LIST.replace("p2,", "müller-ag,")
    root = two_sources(tmp_path, organisations=same_key, participations=PARTS.replace("p2", "müller-ag"))
    decide(root, "list/müller-ag,source/müller-ag,different,2026-11-01,r\n")
    assert "identity.contradiction.one-key" in codes(tg.check(root, tmp_path / "build"))
    (root / "data/identity/decisions.csv").write_text("first,second\na,b\n", encoding="utf-8")
    assert codes(tg.check(root, tmp_path / "build"))["identity.decision.columns"].place.row == 1


def test_one_identifier_of_what_is_kept_apart_is_told_and_asked(tmp_path: Path) -> None:
    """A limited company that has the ROR id of an association."""
    own = OWN.replace(
        "Müller Vakuum AG,Müller Vakuum AG,,,,dresden,", "Verein Vakuum e.V.,Vacuum e.V.,,,,dresden,03yrm5c26"
    )
    other = LIST.replace(
        "Müller Vakuum Service GmbH,,,,dresden,", "Müller Vakuum Service GmbH,,,,dresden,03yrm5c26"
    )
    root = two_sources(tmp_path, organisations=other)
    (root / "data/source/organisations.csv").write_text(own, encoding="utf-8")
    found = codes(tg.check(root, tmp_path / "build"))["identity.conflict"]
    assert found.place.file == "data/list/organisations.csv" and "source/müller-ag" in found.message.english
    assert any("03yrm5c26" in reason.english for one in tg.review(root) for reason in one.reasons)


def test_the_address_of_the_release_before_stays(tmp_path: Path) -> None:
    """Whatever comes first by its name: "list" does, without a setting, and its names lead in any case."""
    root = two_sources(tmp_path, leading="")
    added = root / "data" / "list"
    added.rename(root / "away")
    built(root, tmp_path / "build")
    (root / "away").rename(added)
    release = built(root, tmp_path / "build")
    assert rows(release, "list", "organisations")[0]["id"] == "htw-dresden"
    assert rows(release, "list", "organisations")[0]["name_de"].isupper()
    changes = json.loads((release / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert changes["rows"]["list"]["before"] == 0 < changes["rows"]["list"]["after"]
    assert "the source “list”: 0 →" in (release / "feed.atom").read_text(encoding="utf-8")
    (root / "data" / "source" / "places.csv").write_text(TABLES["places"].replace("51.05", "51.06"), "utf-8")
    without = tg.build(root, tmp_path / "build", sources=["source"])
    assert without.release == release and without.manifest is None
    lost = next(one for one in without.report.findings if one.code == "release.lost-rows")
    assert lost.place.source == "list" and "“list” has 0 rows" in lost.message.english
    fresh = built(root, tmp_path / "fresh")
    assert rows(fresh, "source", "organisations")[1]["id"] == "p1"


def test_two_rows_of_one_source_become_one_unless_their_records_would(tmp_path: Path) -> None:
    """One name twice in a list; where both take part in the same in the same role, a person is asked."""
    twice = (
        LIST
        + "p6,company,Beta Optik GmbH,Beta Optik GmbH,,,,dresden,,,page\np7,company,BETA-OPTIK GMBH,BETA-OPTIK GMBH,,,,dresden,,,page\n"
    )
    parts = PARTS + "x1,p6,partner,,,page\n"
    root = two_sources(tmp_path, organisations=twice, participations=parts + "x1,p7,coordinator,,,page\n")
    release = built(root, tmp_path / "build")
    assert [one["id"] for one in rows(release, "list", "organisations")][-2:] == ["p6", "p6"]
    (root / "data/list/participations.csv").write_text(parts + "x1,p7,partner,,,page\n", encoding="utf-8")
    assert {"list/p6", "list/p7"} in [{one.first.called, one.second.called} for one in tg.review(root)]
    decide(root, "list/p6,list/p7,different,2026-11-01,two shops\n")
    assert len(tg.review(root)) == 1


def test_claims_follow_their_rows_and_names(tmp_path: Path) -> None:
    claims = "table,key,column,value,source\norganisations,p1,name_de,,page\nparticipations,x1~p1~coordinator,start,,page\n"
    release = built(two_sources(tmp_path, claims=claims), tmp_path / "build")
    told = [(one["key"], one["column"], one["value"]) for one in rows(release, "list", "claims")]
    assert told == [
        ("htw-dresden", "alternative_names_de", HTW.replace("ü", "ue").upper()),
        ("x1~htw-dresden~coordinator", "start", ""),
    ]


def test_the_same_inputs_give_the_same_questions_and_keys(
    merged: tuple[Path, Path, tg.Report], tmp_path: Path
) -> None:
    again = built(merged[0], tmp_path / "build")
    names = [
        f"data/tables/list/{one}.csv" for one in ("organisations", "participations", "former_organisations")
    ]
    for name in names:
        assert (again / name).read_bytes() == (merged[1] / name).read_bytes()
    review = "identity/review.csv"
    assert (tmp_path / "build" / review).read_bytes() == (merged[1].parent.parent / review).read_bytes()


def test_what_has_other_identifiers_is_not_joined_through_a_third() -> None:
    pairs = [JudgedPair(one, 1, Judgement.SAME, "score", 0.9) for one in (0, 2)]
    apart = {0: {"ror": "05q5pk319"}, 2: {"ror": "042aqky30"}}
    assert settle(pairs, [], {}, 3, {}).groups == ((0, 1, 2),)
    assert settle(pairs, [], {}, 3, apart).groups == ((0, 1),)
    assert settle(pairs, [], {}, 3, {**apart, 2: {"pic": "999897729"}}).groups == ((0, 1, 2),)


def test_one_source_is_not_touched(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    built(root, tmp_path / "build")
    assert not (tmp_path / "build" / "identity").exists() and tg.review(root) == ()


def test_the_terminal_takes_one_key_for_a_decision(tmp_path: Path) -> None:
    root = two_sources(tmp_path)
    shown = CliRunner().invoke(app, ["review", "-w", str(root), "--lang", "de"], input="x\nv\n")
    assert shown.exit_code == 0 and "1 Entscheidung wurde geschrieben" in shown.output
    assert "Muellar Vakuum AG (Dresden" in shown.output
    _, decided = (root / "data/identity/decisions.csv").read_text(encoding="utf-8").splitlines()
    assert ",different," in decided and date.today().isoformat() in decided
    assert tg.review(root) == ()
    again = CliRunner().invoke(app, ["review", "-w", str(root), "--lang", "en"])
    assert "0 decisions have been written, 0 questions are left." in again.output


@pytest.mark.parametrize("answer", ["l\n", "e\n", ""])
def test_what_is_left_for_later_is_asked_again(tmp_path: Path, answer: str) -> None:
    root = two_sources(tmp_path)
    shown = CliRunner().invoke(app, ["review", "-w", str(root), "--lang", "en"], input=answer)
    assert "1 question is left" in shown.output and len(tg.review(root)) == 1
    assert not (root / "data" / "identity").exists()


def test_a_decision_from_python_leaves_what_stands_in_the_file(tmp_path: Path) -> None:
    root = two_sources(tmp_path)
    file = root / "data/identity/decisions.csv"
    file.parent.mkdir()
    file.write_text(
        "who,first,second,decision,date,reason\nA,list/p1,list/p3,different,2026-01-02,known",
        encoding="utf-8",
    )
    tg.decide(root, "source/müller-ag", "list/p4", True, "a typing\nerror", date(2026, 11, 24))
    assert file.read_text(encoding="utf-8").splitlines()[1:] == [
        "A,list/p1,list/p3,different,2026-01-02,known",
        ",source/müller-ag,list/p4,same,2026-11-24,a typing error",
    ]
    assert tg.review(root) == ()
    for wrong in (("nowhere/x", "list/p4", "r"), ("list", "list/p4", "r"), ("list/p1", "list/p4", " ")):
        with pytest.raises(tg.UsageError):
            tg.decide(root, wrong[0], wrong[1], True, wrong[2])


def test_regions_with_one_nuts_code_are_one_whatever_their_keys(tmp_path: Path) -> None:
    """The key and the names of the tables kept by hand hold; what gives way is told."""
    own = list(csv.DictReader(io.StringIO(TABLES["regions"])))
    code = next(one for one in own if one["id"] == "dresden-nuts3" and one["nuts"])
    regions, places = (TABLES[one].replace(code["id"], "other-key") for one in ("regions", "places"))
    regions = regions.replace(f'"{code["name_de"]}"', "Code", 1)
    assert ",Code," in regions and "other-key" in places
    root = two_sources(tmp_path, regions=regions, places=places)
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.release is not None, [str(one) for one in outcome.report.findings]
    told = rows(outcome.release, "list", "regions")
    assert [one["id"] for one in told] == [one["id"] for one in own]
    assert "Code" not in {one["name_de"] for one in told}
    assert code["id"] in {one["region"] for one in rows(outcome.release, "list", "places")}
    given = [one for one in outcome.report.findings if one.code == "identity.given-way"]
    assert ("Code", "regions") in {(one.value, Path(one.place.file or "").stem) for one in given}


def test_a_reference_speaks_of_what_has_the_same_key_and_tables_kept_by_hand_do_not(tmp_path: Path) -> None:
    told = TABLES["regions"].replace(",Sachsen,Saxony,", ",Freistaat,Free State,").replace(",DED,", ",,")
    root = two_sources(tmp_path, regions=told)
    codes_found = {one.code for one in tg.check(root, tmp_path / "build").findings}
    assert "NameOncePerLanguage" in codes_found
    (root / "data/list/source.toml").write_text(f"reference = true\n{SOURCE}", encoding="utf-8")
    header, *lines = told.splitlines()
    unknown = "nowhere,nuts-1,Nirgends,Nowhere,PL9,,page"  # nobody refers to it
    (root / "data/list/regions.csv").write_text("\n".join([header, unknown, *lines]), encoding="utf-8")
    outcome = tg.build(root, tmp_path / "build")
    assert outcome.release is not None, [str(one) for one in outcome.report.findings]
    known = {one["id"]: one["name_de"] for one in rows(outcome.release, "list", "regions")}
    assert known["sachsen"] == "" and "nowhere" not in known
    named = [one["id"] for one in rows(outcome.release, "list", "organisations")]
    assert named == ["htw-dresden", "müller-ag"]  # found by their names, and nobody else
    told_at = {(one.place.file, one.place.row) for one in tg.open(outcome.release).why("region/sachsen")}
    assert ("data/list/regions.csv", 3) in told_at, told_at
