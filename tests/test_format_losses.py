"""What each format of an export cannot carry: the list is complete, and it is so."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

import transfergraph as tg
from transfergraph.common.format_losses import ANSWER, GRAPH, LIST, LOSSES, NETWORK
from transfergraph.common.formats import GRAPH_FORMATS, RESULT_FORMATS
from transfergraph.network.model.subnetworks import make_selection
from transfergraph.queries import Answer
from transfergraph.release.network_files import ENDINGS, read_part, write_part
from transfergraph.web.list_page import FILES


def test_every_format_is_in_the_list() -> None:
    assert set(NETWORK) == set(ENDINGS)
    assert set(GRAPH) == {one.ending for one in GRAPH_FORMATS} | {"csv"}
    assert set(LIST) == set(FILES) - {"rq"}
    assert set(ANSWER) == {one.name for one in RESULT_FORMATS}
    assert all(len(set(lost)) == len(lost) for losses in LOSSES.values() for lost in losses.values())


@pytest.fixture(scope="module")
def exported(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The text of an alliance's network in each format that is text, in English."""
    folder = tmp_path_factory.mktemp("exports")
    part = read_part(saxony, make_selection("partners", "smarterz"))
    made = {ending: "" for ending in NETWORK if ending not in ("png", "pdf")}
    for ending in made:
        for file in write_part(saxony, part, folder / f"smarterz.{ending}", "en"):
            made[ending] += file.read_text("utf-8")
    return made


def test_what_the_files_of_the_network_lack_is_what_they_are_said_to_lack(
    exported: Mapping[str, str], saxony: tg.Release
) -> None:
    telltale = {
        "languages": "Technische Universität Chemnitz",
        "cells": "data/saxony/participations",
        "citation": saxony.citation,
        "ties": "SmartERZ; ",
    }
    for ending, text in exported.items():
        lost = NETWORK[ending]
        shown = text.replace("\\u002d", "-")
        assert (telltale["languages"] in shown) == ("languages" not in lost), ending
        if "data" in lost:
            assert json.dumps(saxony.citation)[1:-1] not in exported["csv"]
            continue
        assert (telltale["cells"].rpartition("/")[2] in shown) == ("cells" not in lost), ending
        assert (saxony.citation in shown) == ("citation" not in lost), ending
    links = json.loads(exported["json"])["network"]["links"]
    assert {name for one in links for name in one} == {"source_id", "target_id", "strength"}
    assert {name for one in json.loads(exported["json"])["network"]["items"] for name in one} == {
        *("id", "label", "x", "y", "cluster", "description", "url", "weights"),
    }


def test_dumps_and_answers_lack_what_they_are_said_to_lack(saxony: tg.Release) -> None:
    graphs = {one.ending for one in GRAPH_FORMATS if one.oxigraph.supports_datasets and one.ending == "nq"}
    assert graphs == {ending for ending, lost in GRAPH.items() if "origins" not in lost and ending != "csv"}
    query = 'SELECT ("x"@de AS ?text) (1 AS ?number) (<http://a/> AS ?thing) {}'
    answer = saxony.sparql(query)
    assert isinstance(answer, Answer)
    for one in RESULT_FORMATS:
        written = answer.write(one.name, "en")
        kept = "@de" in written or 'lang": "de"' in written or 'lang="de"' in written
        assert kept == ("tags" not in ANSWER[one.name]), one.name
        typed = "integer" in written or one.name == "tsv"
        assert typed == ("types" not in ANSWER[one.name]), one.name
        assert saxony.citation not in written
    assert list(csv.reader(io.StringIO(answer.write("csv", "en"))))[1] == ["x", "1", "http://a/"]


def test_the_page_of_the_data_tells_it(saxon_site: Path) -> None:
    page = (saxon_site / "download.en.html").read_text("utf-8")
    rows = page.partition('id="losses"')[2].partition("</table>")[0]
    assert rows.count("<tr role") == 1 + sum(map(len, LOSSES.values()))
    assert ".graphml" in rows and "which source makes which statement" in rows
    network = (saxon_site / "network.html").read_text("utf-8")
    assert network.partition('class="losses"')[2].partition("</ul>")[0].count("<li>") == 6
