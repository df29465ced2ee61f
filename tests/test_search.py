"""Finding entities by name: the rule, the list, the index, and what Python and the command line make of them."""

from __future__ import annotations

import csv
import errno
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner
from workspaces import REPOSITORY, copied, declare

import transfergraph as tg
from transfergraph.cli.app import app
from transfergraph.config.declarations import CORE, declarations_of
from transfergraph.search import MOST
from transfergraph.search.browser_list import write_list
from transfergraph.search.find import SearchIndex
from transfergraph.search.folding import errors_in, fold, forms
from transfergraph.search.index_file import system_errors, write_index
from transfergraph.search.name_list import NameList, read_names
from transfergraph.vocabulary.presentation_reader import read_presentation

TESTS = REPOSITORY / "tests"
BASE = "https://w3id.org/transfergraph/saxony/"
PREF, ALT = (f"http://www.w3.org/2004/02/skos/core#{name}" for name in ("prefLabel", "altLabel"))
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LONG_NAME = "Verband " * 37 + "Ende"  # 300 characters


def local(iri: str) -> str | None:
    return iri.removeprefix(BASE) if iri.startswith(BASE) else None


def listed(folder: Path, lines: str) -> NameList:
    """The list of a graph of such lines: subject, property, value."""
    file = folder / "graph.nt"
    triples = (line.strip().split(" ", 2) for line in lines.strip().splitlines())
    written = {f"<{BASE}{s}> <{p}> {o} .\n" for s, p, o in triples}
    file.write_text("".join(sorted(written)), encoding="utf-8")
    return read_names(file, local, read_presentation(declarations_of(CORE)))


def indexed(folder: Path, lines: str) -> SearchIndex:
    names = listed(folder, lines)
    write_index(names, folder / "index.sqlite")
    return SearchIndex(folder / "index.sqlite")


def found(release: tg.Release, text: str, language: str = "de") -> list[str]:
    return [hit.iri.removeprefix(BASE) for hit in release.search(text, language=language).hits]


# The rule


@pytest.mark.parametrize(
    ("text", "expected"), json.loads((TESTS / "search_rules.json").read_bytes())["forms"]
)
def test_texts_are_folded_by_the_shared_rule(text: str, expected: list[str]) -> None:
    assert list(forms(text)) == expected
    assert fold(text) == expected[0]


@pytest.mark.parametrize(
    ("typed", "word", "most", "expected"), json.loads((TESTS / "search_rules.json").read_bytes())["errors"]
)
def test_errors_are_counted_by_the_shared_rule(typed: str, word: str, most: int, expected: list[int]) -> None:
    assert list(errors_in(typed, word, most)) == expected


# What is found


@pytest.mark.parametrize("text", ["Görlitz", "görlitz", "GOERLITZ", "gorlitz", " Görlitz! "])
def test_a_place_is_found_first_in_every_spelling(saxony: tg.Release, text: str) -> None:
    result = saxony.search(text, language="de")
    assert result.hits[0].iri == f"{BASE}place/goerlitz" and not result.similar
    assert result.hits[0].found == ()  # its name says why
    assert result.hits[0].kind.label.in_language("de") == "Orte"
    assert len(result.hits) == 10 and result.more


def test_a_hit_by_another_name_says_so(saxony: tg.Release) -> None:
    (hit,) = saxony.search("HTWD", language="de").hits
    assert (hit.name, hit.as_name) == ("Hochschule für Technik und Wirtschaft Dresden", "HTWD")
    assert [one.label.in_language("de") for one in hit.found] == ["anderer Name"]
    assert [one.label.in_language("en") for one in hit.found] == ["other name"]


@pytest.mark.parametrize(
    ("text", "name", "by"),
    [
        ("Energiespeicher", "Vernetzte Energiesysteme mit Speichern", "Energiespeicher"),
        ("energy storage", "Vernetzte Energiesysteme mit Speichern", "Energy storage"),
        ("3D-Druck", "Additive Fertigung", "3D-Druck"),
        ("KI", "Künstliche Intelligenz", "KI"),
        ("wastewater", "Abwasser", "Wastewater"),
        ("Industrie 4.0", "Intelligente Fabrik (Smart Factory)", "Industrie 4.0"),
    ],
)
def test_a_topic_is_found_by_its_other_names_and_what_is_about_it_after_it(
    saxony: tg.Release, text: str, name: str, by: str
) -> None:
    first, *others = saxony.search(text, language="de", limit=MOST).hits
    assert (first.name, first.as_name) == (name, by)
    assert [one.label.in_language("en") for one in first.found] == ["other name"]
    assert any("Thema" in [one.label.in_language("de") for one in hit.found] for hit in others)


def test_an_undertaking_is_found_by_its_title(saxony: tg.Release) -> None:
    hit = saxony.search("Maschinenbau", language="de").hits[0]
    assert hit.name == "AFiin" and "Maschinenbaugruppen" in hit.as_name
    assert [one.label.in_language("de") for one in hit.found] == ["Titel"]


def test_firms_of_a_town_are_found_by_the_everyday_word(saxony: tg.Release) -> None:
    for text in ("Firmen Zittau", "Firma Zittau", "Unternehmen Zittau"):
        assert "organisation/zittauer-stadtwerke" in found(saxony, text), text


def test_a_name_in_another_language_is_found_and_said(saxony: tg.Release) -> None:
    hit = saxony.search("Zittau/Görlitz University", language="de").hits[0]
    assert hit.name == "Hochschule Zittau/Görlitz" and hit.as_name.startswith("Zittau/Görlitz University")
    assert saxony.search("Zittau/Görlitz University", language="en").hits[0].found == ()


def test_parts_of_words_are_found(saxony: tg.Release) -> None:
    names = [hit.name for hit in saxony.search("werkstoff", language="de").hits]
    assert "Verbundwerkstoffe mit Funktionen (Smart Composites)" in names
    names = [hit.name for hit in saxony.search("Verbund", language="de").hits]
    assert names[0] == "Verbundwerkstoffe mit Funktionen (Smart Composites)"


def test_words_around_an_entity_find_it_after_those_with_the_name(saxony: tg.Release) -> None:
    result = saxony.search("Verbund", language="de", limit=MOST)
    reasons = [[one.label.in_language("de") for one in hit.found] for hit in result.hits]
    by_name = [place for place, reason in enumerate(reasons) if not reason]
    by_text = [place for place, reason in enumerate(reasons) if {"Thema", "Beschreibung"} & set(reason)]
    assert by_name and by_text and max(by_name) < min(by_text)
    assert all(
        hit.as_name == "" for hit in result.hits if "Thema" in [f.label.in_language("de") for f in hit.found]
    )


def test_words_of_the_name_and_of_the_topic_together_find_a_project(saxony: tg.Release) -> None:
    hits = saxony.search("Lausitz Energie", language="de").hits
    assert any("Thema" in [one.label.in_language("de") for one in hit.found] for hit in hits)


def reasons(release: tg.Release, text: str) -> dict[str, list[str]]:
    """By what each hit was found."""
    hits = release.search(text, language="de", limit=MOST).hits
    return {hit.iri.removeprefix(BASE): [one.label.in_language("de") for one in hit.found] for hit in hits}


@pytest.mark.parametrize(
    ("text", "thing", "reason"),
    [
        (
            "Landkreis Görlitz",
            "organisation/zittauer-stadtwerke",
            "Region",
        ),  # by its seat, and what that lies in
        ("Landkreis Görlitz", "organisation/hszg", "Region"),
        ("Energie und Versorgung", "topic/gas-supply", "Innovationsfeld"),
        ("Energie und Versorgung", "undertaking/life-and-technology", "Innovationsfeld"),  # by its topics
        ("WIR!", "undertaking/smarterz", "Programm"),  # by its grants
        ("Firmen Landkreis Görlitz Energiespeicher", "organisation/ult", "Thema"),  # by its undertakings
    ],
)
def test_a_thing_is_found_by_what_its_values_are_part_of(
    saxony: tg.Release, text: str, thing: str, reason: str
) -> None:
    assert reason in reasons(saxony, text)[thing]


@pytest.mark.parametrize(
    ("text", "first", "kind"),
    [
        ("Energie und Versorgung", "https://w3id.org/transfergraph/scheme/field/energy-and-supply", "Innovationsfelder"),
        ("Vernetzte Energiesysteme", f"{BASE}topic/networked-energy-storage", "Themen"),
        ("WIR!", f"{BASE}programme/wir", "Förderprogramme"),
        ("Görlitz, Landkreis", f"{BASE}region/kreis-goerlitz", "Regionen"),
        ("Tschechische Partner", "https://w3id.org/transfergraph/scheme/measure/czech-partners", "Messgrößen"),
    ],
)  # fmt: skip
def test_topics_programmes_regions_and_terms_are_found_and_called_by_their_list(
    saxony: tg.Release, text: str, first: str, kind: str
) -> None:
    hit = saxony.search(text, language="de").hits[0]
    assert (hit.iri, hit.kind.label.in_language("de")) == (first, kind)


def test_wholes_that_go_round_in_a_circle_end(tmp_path: Path) -> None:
    part, subject = (f"http://purl.org/dc/terms/{name}" for name in ("isPartOf", "subject"))
    index = indexed(
        tmp_path,
        f"""
        topic/a {PREF} "Wärme"@de
        topic/a {part} <{BASE}topic/b>
        topic/b {PREF} "Kälte"@de
        topic/b {part} <{BASE}topic/a>
        project/x {PREF} "Vorhaben X"@de
        project/x {subject} <{BASE}topic/a>
        """,
    )
    assert [hit.name for hit in index.search("kälte vorhaben").hits] == ["Vorhaben X"]


@pytest.mark.parametrize(
    "text", ["x" * 500, "ab" * 250, " ".join("abcdefghijklmnopqrstuvwxyz") * 9, "sachsen " * 60]
)
def test_long_texts_take_no_time(saxony: tg.Release, text: str) -> None:
    begun = time.thread_time()
    saxony.search(text, limit=MOST)
    assert time.thread_time() - begun < 0.1


@pytest.mark.parametrize("text", ["Gölritz", "Goerlizt", "Görliz", "Görrlitz", "hochschul zitau"])
def test_errors_of_typing_are_forgiven(saxony: tg.Release, text: str) -> None:
    result = saxony.search(text, language="de")
    assert "organisation/hszg" in found(saxony, text)
    assert not result.more


def test_similar_names_are_told_as_such_and_only_where_nothing_else_is_found(saxony: tg.Release) -> None:
    result = saxony.search("Gölritz")
    assert result.similar and result.hits[0].iri == f"{BASE}place/goerlitz"  # called so, and no more
    assert not saxony.search("Görlitz").similar
    nothing = saxony.search("zzzzqqqq")
    assert nothing.hits == () and not nothing.similar


@pytest.mark.parametrize(
    ("text", "missing", "similar"),
    [
        ("Hochschule zzzzqqq", ("zzzzqqq",), False),
        ("Zzzzqqq Görlitz Ölqqqqy", ("Zzzzqqq", "Ölqqqqy"), False),
        ("Hochschule Zittaux", ("Zittaux",), True),
        ("hszg recomine saxony5", (), False),  # each is somewhere
        ("Hochschule Zittau", (), False),
        ("Gölritz", (), True),  # one word alone
        ("zzzzqqq", (), False),
    ],
)
def test_the_words_that_nothing_has_are_told(
    saxony: tg.Release, text: str, missing: tuple[str, ...], similar: bool
) -> None:
    result = saxony.search(text, language="de")
    assert (result.missing, result.similar) == (missing, similar)
    if missing:
        assert bool(result.hits) is similar


def test_a_word_of_texts_alone_is_not_missing(tmp_path: Path) -> None:
    """It is in no name, and what is spelled alike was found instead."""
    index = indexed(
        tmp_path,
        f"""
        organisation/a {PREF} "Ampel Nord"@de
        organisation/a {TYPE} <https://w3id.org/transfergraph/ontology#Organisation>
        organisation/b {PREF} "Werk Süd"@de
        organisation/b http://purl.org/dc/terms/description "eine Ampeln"@de
        organisation/b {TYPE} <https://w3id.org/transfergraph/ontology#Organisation>
        """,
    )
    assert index.search("Ampeln Süd", language="de").hits[0].name == "Werk Süd"
    result = index.search("Ampeln Nord", language="de")
    assert (result.similar, result.missing) == (True, ())
    assert index.search("Ampeln Nordx", language="de").missing == ("Nordx",)


def test_what_the_workspace_says_comes_last(tmp_path: Path) -> None:
    """However much points at a source."""
    ontology = "https://w3id.org/transfergraph/ontology#"
    index = indexed(
        tmp_path,
        f"""
        organisation/z {PREF} "Saxony Z"@de
        organisation/z {TYPE} <{ontology}Organisation>
        source/a {PREF} "Saxony A"@de
        source/a {TYPE} <{ontology}Source>
        organisation/z http://purl.org/dc/terms/source <{BASE}source/a>
        """,
    )
    assert [hit.name for hit in index.search("saxony").hits] == ["Saxony Z", "Saxony A"]


def test_two_hundred_texts_find_what_they_are_about(saxony: tg.Release) -> None:
    with (TESTS / "search_queries.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 200 and len({row["kind"] for row in rows}) == 7
    missing = [row for row in rows if row["entity"] not in found(saxony, row["text"])]
    assert len(missing) <= 4, missing


# Bad input


@pytest.mark.parametrize("text", ["", "   ", "+++", '" *', "\0", "<>", "\u202e"])
def test_a_text_without_words_finds_nothing(saxony: tg.Release, text: str) -> None:
    assert saxony.search(text).hits == ()


@pytest.mark.parametrize(
    "text",
    [
        '"',
        "a* OR b",
        "own : x",
        "NEAR(a b)",
        "a AND",
        "{own",
        "-a",
        "^a",
        "<script>alert(1)</script>",
        "%",
        "\U0001f600",
    ],
)
def test_no_text_is_taken_for_a_query_of_the_index(saxony: tg.Release, text: str) -> None:
    saxony.search(text, limit=MOST)


def test_a_text_that_is_too_long_is_refused_in_every_language(saxony: tg.Release) -> None:
    with pytest.raises(tg.UsageError, match="up to 500 characters") as raised:
        saxony.search("x" * 10_000)
    assert "höchstens 500" in raised.value.in_language("de")
    saxony.search("a b " * 125)  # 500


def test_long_names_names_from_right_to_left_and_names_of_no_words(tmp_path: Path) -> None:
    index = indexed(
        tmp_path,
        f"""
        organisation/long {PREF} "{LONG_NAME}"@de
        organisation/arabic {PREF} "مركز الابتكار"@ar
        organisation/symbols {PREF} "+++"
        organisation/quotes {PREF} "Müller \\"Söhne\\" \\\\ Co\\nAG"@de
        organisation/nameless {TYPE} <urn:x>
        """,
    )
    assert len(LONG_NAME) == 300
    for text, iri in (
        (LONG_NAME, "organisation/long"),
        ("الابتكار", "organisation/arabic"),
        ('mueller "soehne"', "organisation/quotes"),
    ):
        assert [hit.iri for hit in index.search(text).hits] == [BASE + iri]
    assert index.search("mueller").hits[0].name == 'Müller "Söhne" \\ Co\nAG'
    assert index.search("nameless").hits == ()


# The list


def test_what_was_replaced_or_has_no_page_is_not_listed(tmp_path: Path) -> None:
    replaced = "http://purl.org/dc/terms/isReplacedBy"
    names = listed(
        tmp_path,
        f"""
        organisation/new {PREF} "Neu"@de
        organisation/old {PREF} "Alt"@de
        organisation/old {replaced} <{BASE}organisation/new>
        organisation/part#x {PREF} "Teil"@de
        """,
    )
    assert [one.iri for one in names.entities] == [f"{BASE}organisation/new"]


def test_a_name_that_languages_share_is_one_and_the_others_are_kept(tmp_path: Path) -> None:
    names = listed(
        tmp_path,
        f"""
        organisation/x {PREF} "Gleich"@de
        organisation/x {PREF} "Gleich"@en
        organisation/x {PREF} "Inny"@pl
        organisation/x {ALT} "GL"
        """,
    )
    (entity,) = names.entities
    assert [(one.language, one.text) for one in entity.names] == [("", "Gleich"), ("pl", "Inny"), ("", "GL")]


def test_the_same_graph_gives_the_same_bytes(tmp_path: Path) -> None:
    lines = "\n".join(
        f'organisation/{number} {PREF} "Verein {number} für Wärme"@de\n'
        f'organisation/{number} http://purl.org/dc/terms/description "Ein Text über Öl {number % 7}"@de'
        for number in range(300)
    )
    written = []
    for name in ("a", "b"):
        folder = tmp_path / name
        folder.mkdir()
        names = listed(folder, lines)
        write_index(names, folder / "index.sqlite")
        write_list(names, folder)
        written.append({file.name: file.read_bytes() for file in folder.iterdir()})
    assert written[0] == written[1]
    assert set(written[0]) == {"graph.nt", "index.sqlite", "list.js", "names-1.js", "texts-1.js"}


def test_an_entity_that_much_points_at_comes_first(tmp_path: Path) -> None:
    pointing = "\n".join(
        f"place/{number} http://purl.org/dc/terms/isPartOf <{BASE}region/z>" for number in range(9)
    )
    index = indexed(tmp_path, f'region/a {PREF} "Kreis A"\nregion/z {PREF} "Kreis Z"\n{pointing}')
    assert [hit.name for hit in index.search("kreis").hits] == ["Kreis Z", "Kreis A"]


# In a release


def test_the_files_are_in_the_manifest_and_a_damaged_index_is_told(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    _, output = copied(first_release, tmp_path)
    release = tg.open(output)
    paths = {file.path for file in release.manifest.files if file.path.startswith("search/")}
    assert paths == {f"search/{name}" for name in ("index.sqlite", "list.js", "names-1.js", "texts-1.js")}
    assert release.verify() == []
    file = release.path / "search" / "index.sqlite"
    file.write_bytes(file.read_bytes()[:-4096] + bytes(4096))
    (fault,) = release.verify()
    assert "search/index.sqlite" in str(fault)


def test_a_release_of_an_older_version_cannot_be_searched_and_says_so(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    _, output = copied(first_release, tmp_path)
    (output / "current" / "search" / "index.sqlite").unlink()
    with pytest.raises(tg.ReleaseError, match="build the release anew"):
        tg.open(output).search("HTW")


def test_a_workspace_says_what_of_its_own_is_searched(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    assert tg.open(output).search("14612000").hits == ()
    declare(
        root,
        "ontology/search.shapes.ttl",
        """
        @prefix tg: <https://w3id.org/transfergraph/ontology#> .
        @prefix tgsh: <https://w3id.org/transfergraph/shapes#> .
        tg:ags tgsh:searchedAsOtherName "Gemeindeschlüssel"@de , "municipality key"@en .
        """,
    )
    assert tg.build(root, output).manifest is not None
    hit = tg.open(output).search("14612000", language="de").hits[0]
    assert (hit.name, hit.found[0].label.in_language("de")) == ("Dresden", "Gemeindeschlüssel")


def test_the_verb_tells_what_was_found_and_why(first_release: tuple[Path, Path]) -> None:
    release = str(first_release[1])
    told = CliRunner().invoke(app, ["search", "htwd", "--release", release, "--lang", "de"])
    assert told.exit_code == 0
    assert told.output.splitlines() == [
        "HTW Dresden",
        "  Organisationen · anderer Name: HTWD",
        f"  {BASE}organisation/htw-dresden",
    ]
    told = CliRunner().invoke(app, ["search", "mueller", "sohne", "--release", release, "--json"])
    answer = json.loads(told.output)
    assert [hit["path"] for hit in answer["hits"]] == ["organisation/m%C3%BCller-ag"]
    assert CliRunner().invoke(app, ["search", "zzzz", "--release", release]).exit_code == 1


def test_a_full_disk_is_an_error_of_the_system(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "full.sqlite")) as database:
        database.execute("PRAGMA max_page_count = 2")
        with pytest.raises(OSError, match="No space left") as told, system_errors():
            database.execute("CREATE TABLE one (two TEXT)")
            database.execute("INSERT INTO one VALUES (?)", ["x" * 100_000])
        assert told.value.errno == errno.ENOSPC
        with pytest.raises(sqlite3.OperationalError, match="no such table"), system_errors():
            database.execute("SELECT * FROM two")
