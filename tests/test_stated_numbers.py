"""Amounts and counts of partners, wherever the built curated release prints them: each is in the tables."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from pages_fixture import BASE, SITE, Read
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.dcat.completeness import count_known
from transfergraph.network.model.subnetworks import make_selection
from transfergraph.network.output.report_content import report_content
from transfergraph.queries import Answer
from transfergraph.release.network_files import read_part, report_subject, write_part
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_page import render_entity

Row = dict[str, str]
Amount = tuple[str, Decimal]
"""A qualifier and an amount."""

NO_PARTNER = {"advisory-board", "project-management-agency"}
QUALIFIERS = {
    "about": "about", "at least": "at-least", "at most": "at-most",
    "etwa": "about", "mindestens": "at-least", "höchstens": "at-most",
}  # fmt: skip
_WORDS = "|".join(QUALIFIERS)
_NOTE = r"(?![\d.,]* million)"
"""Not the words of a note of the tables, "EUR 15 million", which stand beside the amount."""
_PRINTED = {
    "en": re.compile(rf"\b(?:({_WORDS}) )?(?:EUR ([\d,]+(?:\.\d+)?){_NOTE}|([\d,]*\d(?:\.\d+)?) EUR)"),
    "de": re.compile(rf"\b(?:({_WORDS}) )?(?:EUR ([\d.]+(?:,\d+)?){_NOTE}|([\d.]*\d(?:,\d+)?) EUR)"),
}


def read(table: str) -> list[Row]:
    file = REPOSITORY / "data" / "saxony" / f"{table}.csv"
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


ALLIANCES = [row["id"] for row in read("alliances")]
UNDERTAKINGS = ("alliances", "projects", "labs")


@pytest.fixture(scope="module")
def stated() -> set[Amount]:
    """Every amount in euro of the tables with its qualifier."""
    rows = [row for table in ("fundings", "participations") for row in read(table) if row["amount"]]
    found = {(row["qualifier"], Decimal(row["amount"])) for row in rows}
    measures = [row for row in read("statements") if row["amount"]]
    return found | {(row["qualifier"], Decimal(row["amount"])) for row in measures}


def printed(words: str, language: str) -> Iterator[Amount]:
    """The amounts in a text, each with its qualifier."""
    for qualifier, before, after in _PRINTED[language].findall(words):
        number = (before or after).replace("." if language == "de" else ",", "").replace(",", ".")
        yield QUALIFIERS.get(qualifier, "exactly"), Decimal(number)


def partners(alliance: str) -> tuple[set[str], set[str]]:
    """Who takes part directly, and with projects and labs, as a person counts them in the tables."""
    part_of = {row["id"]: row["part_of"] for table in ("projects", "labs") for row in read(table)}
    units = {row["id"]: row["part_of"] for row in read("organisations") if row["part_of"]}
    found: tuple[set[str], set[str]] = (set(), set())
    for row in read("participations"):
        if row["role"] not in NO_PARTNER:
            undertaking = row["undertaking"]
            if undertaking == alliance:
                found[0].add(row["organisation"])
            while undertaking != alliance and part_of.get(undertaking):
                undertaking = part_of[undertaking]
            if undertaking == alliance:
                found[1].add(row["organisation"])
    direct, every = ({one for one in members if units.get(one) not in members} for members in found)
    return direct, every


def page(saxony: tg.Release, iri: str, language: str) -> str:
    document = find_document(saxony.store, BASE, iri)
    assert document is not None
    return Read(render_entity(document, SITE, language)).words


def report(saxony: tg.Release, alliance: str, language: str) -> list[str]:
    """All that the report of an alliance says."""
    subject = report_subject(saxony, read_part(saxony, make_selection("partners", alliance)))
    return list(texts(dataclasses.astuple(report_content(subject, language))))


def texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from texts(one)


def explorer(saxony: tg.Release) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((saxony.path / "network/explorer.json").read_text(encoding="utf-8"))
    return content


def answer(saxony: tg.Release, question: str) -> list[dict[str, str]]:
    found = saxony.question(question)
    assert isinstance(found, Answer)
    return [
        {name: "" if term is None else term.value.removeprefix(BASE) for name, term in zip(found.variables, row, strict=True)}
        for row in found.rows
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_amount_on_a_page_is_in_the_tables_with_its_qualifier(
    saxony: tg.Release, stated: set[Amount], language: str
) -> None:
    seen: set[Amount] = set()
    for table in (*UNDERTAKINGS, "organisations", "programmes", "fundings", "statements"):
        folder = "undertaking" if table in UNDERTAKINGS else table.removesuffix("s")
        for row in read(table):
            seen |= set(printed(page(saxony, f"{BASE}{folder}/{row['id']}", language), language))
    assert seen <= stated
    assert {(row["qualifier"], Decimal(row["amount"])) for row in read("fundings") if row["amount"]} <= seen
    assert ("at-most", Decimal(2_400_000)) in seen


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_page_gives_each_number_that_a_source_states_of_it_with_its_qualifier_and_no_other(
    saxony: tg.Release, language: str
) -> None:
    mark = "." if language == "de" else ","
    said = re.compile(rf"\b({_WORDS}|exactly|genau) (?:EUR )?(\d[\d{mark}]*\d|\d)\b", re.IGNORECASE)
    statements = read("statements")
    for table in (*UNDERTAKINGS, "programmes"):
        folder = "programme" if table == "programmes" else "undertaking"
        for row in read(table):
            words = page(saxony, f"{BASE}{folder}/{row['id']}", language)
            found = {
                (QUALIFIERS.get(qualifier.lower(), "exactly"), Decimal(number.replace(mark, "")))
                for qualifier, number in said.findall(words)
            }
            of_it = [one for one in statements if one[folder] == row["id"]]
            of_it += [
                one for one in read("fundings") if table != "programmes" and one["undertaking"] == row["id"]
            ]
            of_it += [one for one in read("participations") if one["undertaking"] == row["id"]]
            numbers = {(one["qualifier"], one.get("value") or one["amount"]) for one in of_it}
            stated = {(qualifier, Decimal(number)) for qualifier, number in numbers if number}
            assert found <= stated, row["id"]
            sized = {
                (one["qualifier"], Decimal(one["value"] or one["amount"]))
                for one in of_it
                if "measure" in one
            }
            assert sized <= found | set(printed(words, language)), row["id"]


def test_each_amount_of_the_network_is_in_the_tables_with_its_qualifier(
    saxony: tg.Release, stated: set[Amount]
) -> None:
    data = explorer(saxony)
    tables = (data["nodes"], data["links"])
    shown = {(q, Decimal(str(a))) for t in tables for amounts in t["amounts"].values() for a, q in amounts}
    assert shown <= stated
    assert {("exactly", Decimal(12_700_000)), ("at-most", Decimal(15_000_000))} <= shown


def test_funding_of_partners_and_ties_adds_their_own_shares_only(saxony: tg.Release) -> None:
    shares: defaultdict[str, Decimal] = defaultdict(Decimal)
    for row in read("participations"):
        if row["amount"]:
            shares[row["organisation"]] += Decimal(row["amount"])
    data = explorer(saxony)
    funding = data["nodes"]["funding"]
    keys = [one.removeprefix("organisation/") for one in data["nodes"]["key"]]
    assert {keys[at]: Decimal(value) for at, value in enumerate(funding) if value is not None} == shares
    for a, b, value in zip(*(data["ties"][name] for name in ("a", "b", "funding")), strict=True):
        assert (value or 0) in {0, *shares.values(), shares[keys[a]] + shares[keys[b]]}


@pytest.mark.parametrize("view", ["partners", "undertakings"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_amount_of_an_export_is_in_the_tables_with_its_qualifier(
    saxony: tg.Release, stated: set[Amount], tmp_path: Path, view: str, language: str
) -> None:
    seen: set[Amount] = set()
    for ending in ("csv", "graphml", "gexf"):
        for file in write_part(
            saxony, read_part(saxony, make_selection(view)), tmp_path / f"x.{ending}", language
        ):
            seen |= set(printed(unescape(file.read_text(encoding="utf-8")), language))
    assert seen <= stated
    if view == "undertakings":
        assert {("about", Decimal(1_400_000)), ("exactly", Decimal("396868.99"))} <= seen
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(io.StringIO(stream.read())))
    assert all(bool(row.get("funding")) == bool(row.get("funding_qualifiers")) for row in rows)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("alliance", ALLIANCES)
def test_each_amount_of_a_report_is_in_the_tables_with_its_qualifier(
    saxony: tg.Release, stated: set[Amount], alliance: str, language: str
) -> None:
    words = " ".join(report(saxony, alliance, language))
    assert set(printed(words.replace("EUR im Ganzen", "").replace("EUR as a whole", ""), language)) <= stated
    if alliance == "life-and-technology":
        assert {("exactly", Decimal(6_700_000)), ("exactly", Decimal(3_000_000))} <= set(
            printed(words, language)
        )
    if alliance == "saxony5":
        assert ("at-most", Decimal(15_000_000)) in set(printed(words, language))


@pytest.mark.parametrize("alliance", ALLIANCES)
def test_partners_are_counted_alike_everywhere(saxony: tg.Release, alliance: str) -> None:
    direct, every = map(len, partners(alliance))
    iri = f"{BASE}undertaking/{alliance}"
    key = f"undertaking/{alliance}"
    same = direct == every
    english = f"{direct} partner{'s are' if direct > 1 else ' is'} known by name" + (
        "" if same else f" directly, {every} with projects and labs"
    )
    directly = "unmittelbare Partner sind" if direct > 1 else "unmittelbarer Partner ist"
    german = (
        f"{direct} Partner {'sind' if direct > 1 else 'ist'} mit Namen bekannt"
        if same
        else f"{direct} {directly} mit Namen bekannt, {every} mit denen seiner Projekte und Labore"
    )
    assert english in page(saxony, iri, "en")
    assert german in page(saxony, iri, "de")

    data = explorer(saxony)
    number = data["nodes"]["key"].index(key)
    (coverage,) = (one for one in data["coverage"] if one["undertaking"] == number)
    assert (coverage["direct"], coverage["named"]) == (direct, every)
    legend = f"{direct} known by name" + ("" if same else f" directly, {every} with projects and labs")
    assert legend in (saxony.path / "network.html").read_text(encoding="utf-8")

    (row,) = (one for one in answer(saxony, "alliances") if one["alliance"] == key)
    assert (int(row["direct_partners"]), int(row["partners"])) == (direct, every)
    kinds = [one for one in answer(saxony, "organisations-by-kind") if one["alliance"] == key]
    assert sum(int(one["organisations"]) for one in kinds) == every
    for one in answer(saxony, "coverage-of-partners"):
        if one["undertaking"] == key:
            assert (int(one["direct_partners"]), int(one["partners"])) == (direct, every)
    measured = count_known(saxony.store, (), None, SITE.presentation)
    assert [one.known for one in measured if (one.subject, one.noun) == (iri, "partners")] == [every]

    lines = report(saxony, alliance, "en")
    assert lines[lines.index("partners directly") - 1] == str(direct)
    assert lines[lines.index("with projects and labs") - 1] == str(every)


def test_one_fact_stated_twice_and_who_only_administers_do_not_count() -> None:
    assert "fraunhofer-iwu-zittau" not in partners("life-and-technology")[0]
    assert "ihk-chemnitz-erzgebirge" not in partners("smarterz")[1]
