"""``docs/your-region.md``, followed from an empty folder with the installed wheel: every step, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
from docs_steps import Reader
from wheel_fixture import bare
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.queries import Answer

PAGE = (REPOSITORY / "docs" / "your-region.md").read_text(encoding="utf-8")
INSTALLED = """```sh
python3 -m venv transfergraph-env
. transfergraph-env/bin/activate
pip install ./{wheel}
```"""
ASKED = """
PREFIX org: <http://www.w3.org/ns/org#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX tg: <https://w3id.org/transfergraph/ontology#>
SELECT ?name ?kind ?wider ?mentored {
  ?one org:classification ?term ; skos:prefLabel ?name . FILTER(LANG(?name) = "pl")
  ?term skos:broader/skos:prefLabel ?wider ; skos:prefLabel ?kind . FILTER(LANG(?kind) = "pl" && LANG(?wider) = "en")
  ?part tg:role/skos:prefLabel "Mentor"@pl ; tg:participatesIn/skos:prefLabel ?mentored . FILTER(LANG(?mentored) = "en")
}"""


@pytest.fixture(scope="module")
def reader(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Somebody who has followed the page from its second section to its end."""
    someone = Reader(tmp_path_factory.mktemp("region"), installed)
    someone.follow(PAGE, "## 2. ")
    return someone


def test_what_it_installs_is_the_wheel(wheel: Path) -> None:
    assert (
        INSTALLED.format(wheel=wheel.name) in PAGE
    )  # the fixture installs it like that, without the network


def test_it_leads_to_a_served_graph_with_terms_of_its_own(reader: Reader) -> None:
    first, own, site = reader.seen
    assert "Lightweight Uplands" in first
    assert "Zielony Wodór" in own and "Innowacje na Dolnym Śląsku" in own and '<html lang="pl">' in own
    assert "Zielony Wodór" in site
    release = tg.open(reader.folder / "build")
    assert {name: release.manifest.counts[name] for name in ("alliances", "projects", "organisations")} == {
        "alliances": 3,
        "projects": 6,
        "organisations": 12,
    }
    answer = release.sparql(ASKED)
    assert isinstance(answer, Answer)
    assert [[str(value.value) for value in row if value is not None] for row in answer.rows] == [
        ["Szlifierze Szkła", "Spółdzielnia rzemieślnicza", "Cooperative", "Heat from the Shaft"]
    ]


def test_what_is_left_to_mend_are_hints_at_cells_of_the_language(reader: Reader, tmp_path: Path) -> None:
    found = tg.check(reader.folder, tmp_path).findings
    assert {finding.severity.name for finding in found} == {"INFO"}
    columns = {one.code: one.place.column for one in found if one.code.startswith("DescribedIn")}
    assert columns == {"DescribedIn-pl": "description_pl", "DescribedInEnglish": "description_en"}
    remedies = {one.remedy.english for one in found if one.code == "DescribedIn-pl"}
    assert remedies == {"Fill the column description_pl."}


def test_at_a_terminal_the_server_says_where_to_look(reader: Reader) -> None:
    ours, theirs = os.openpty()
    command: list[str | Path] = [reader.program, "serve", "--port", "0", "--workspace", reader.folder]
    environment = {**bare(), "LANG": "pl_PL.UTF-8"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment) as process:
        os.close(theirs)
        with os.fdopen(ours, encoding="utf-8") as terminal:
            told = terminal.readline()
        process.terminate()
    assert "Strony są pod adresem http://127.0.0.1:" in told and "Ctrl+C" in told


def test_own_terms_stand_on_the_page_of_terms(reader: Reader) -> None:
    page = (reader.folder.parent / "public" / "ontology.pl.html").read_text(encoding="utf-8")
    assert "Spółdzielnia rzemieślnicza" in page and "Towarzyszy projektowi doświadczeniem." in page
    assert (
        "Auf Dauer angelegte" not in page and "Lasting cooperation" in page
    )  # English where there is no Polish
    schema = (reader.folder.parent / "public" / "schema.md").read_text(encoding="utf-8")
    assert "craft-cooperative" in schema and "mentor" in schema


def test_the_sentence_at_the_head_of_a_page_is_in_one_language(reader: Reader) -> None:
    page = (reader.folder.parent / "public" / "organisation" / "politechnika.pl.html").read_text("utf-8")
    said = re.sub(r"<[^>]+>", "", page.partition('class="lede"')[2].partition("</p>")[0])
    assert (
        "(Uniwersytet, Wrocław) uczestniczy w 3 przedsięwzięciach i współpracuje z 4 organizacjami." in said
    )
