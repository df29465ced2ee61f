"""The table [catalogue] of transfergraph.toml: what is mandatory, and which values are refused."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest
from catalogue_fixture import set_keys, small_workspace
from workspaces import REPOSITORY, make_workspace

from transfergraph import WorkspaceError
from transfergraph.config.code_tables import read_codes
from transfergraph.config.workspace import SETTINGS_FILE, open_workspace

MANDATORY = [
    "publisher_mail",
    "publisher_type",
    "contact_name",
    "contact_mail",
    "attribution_de",
    "attribution_en",
    "themes",
    "frequency",
    "period_start",
    "period_end",
    "keywords_de",
    "keywords_en",
    "iri",
    "name_de",
    "name_en",
    "box",
]
BAD = [
    ("publisher_mail", '"Landesamt"', "must be a mail address", "open-data@agency.example"),
    ("contact_mail", '"open data@agency.de"', "must be a mail address", "open-data@agency.example"),
    ("publisher_type", '"Verein"', "must be a code of http://purl.org/adms/publishertype/", "NonProfit"),
    ("licence", '"https://creativecommons.org/licenses/by/4.0/"', "German list of licences", "cc-by/4.0"),
    ("licence", '"http://dcat-ap.de/def/licenses/cc-by/5.0"', "German list of licences", "cc-by/4.0"),
    ("licence", '"http://dcat-ap.de/def/licenses/cc-zero"', "name different licences", "publicdomain/zero"),
    (
        "contributor",
        '"http://dcat-ap.de/def/contributors/dresden"',
        "list of contributors",
        "govData",
    ),
    ("themes", '["TECH", "FORSCHUNG"]', "unknown theme (FORSCHUNG)", '["TECH", "REGI"]'),
    ("themes", '["TECH", "TECH"]', "different texts", '["TECH", "REGI"]'),
    ("frequency", '"jährlich"', "must be a code of", "IRREG"),
    ("level", '"Land"', "must be a code of", "state"),
    ("period_end", "2017-12-31", "lies before period_start (2018-01-01)", "2018-12-31"),
    ("period_start", '"2018"', "must be a date", "2018-01-01"),
    ("keywords_de", '["Bund/Länder"]', "the keyword “Bund/Länder”", "better “Bund Länder”"),
    ("keywords_de", '["Forschung, Lehre"]', "the keyword “Forschung, Lehre”", "better “Forschung Lehre”"),
    ("keywords_en", '["x"]', "the keyword “x”", "funding"),
    ("keywords_en", "[]", "must be a list of different texts", "funding"),
    (
        "public_url",
        '"data.agency.de/graph/"',
        "must be a whole web address",
        "https://data.agency.example/graph/",
    ),
    (
        "public_url",
        '"https://data.agency.de/graph"',
        "end with a slash",
        "https://data.agency.example/graph/",
    ),
    ("german_2_conventions", '"no"', "must be true or false", "false"),
    ("legislation", '["Gesetz"]', "ELI addresses", "dir/2019/1024"),
    ("high_value", '["Statistik"]', "must be a code of", "c_e1da4e07"),
    ("high_value", '"c_e1da4e07"', "must be a list of different texts", "c_e1da4e07"),
    ("iri", '"geonames:2842566"', "must be a whole web address", "https://sws.geonames.org/0/"),
    ("nuts", '"Sachsen"', "must be a NUTS code", "CZ0"),
    ("state", '"99"', "must be a code of", "14"),
    ("box", "[15.0, 50.1, 11.8, 51.7]", "the smaller one first", "[10.0, 50.0, 12.0, 52.0]"),
    ("box", "[11.8, 50.1]", "four numbers", "[10.0, 50.0, 12.0, 52.0]"),
]


def test_the_settings_of_this_workspace_are_read(tmp_path: Path) -> None:
    catalogue = open_workspace(make_workspace(tmp_path)).settings.catalogue
    assert catalogue is not None
    assert catalogue.licence == "http://dcat-ap.de/def/licenses/cc-by/4.0"
    assert catalogue.period == (date(2018, 1, 1), date(2025, 12, 31))
    assert (catalogue.contributor, catalogue.public_url, catalogue.german_2) == (None, None, False)
    assert catalogue.area.nuts == "DED"


@pytest.mark.parametrize("key", MANDATORY)
def test_a_mandatory_key_that_is_missing_is_named_with_an_example(key: str, tmp_path: Path) -> None:
    file = make_workspace(tmp_path) / SETTINGS_FILE
    file.write_text(_only_missing_in_catalogue(file.read_text("utf-8"), key), "utf-8")
    with pytest.raises(
        WorkspaceError, match=rf"catalogue\.(place\.)?{key} is missing; for example: {key} = \S"
    ):
        open_workspace(tmp_path)


@pytest.mark.parametrize("key", [key for key in MANDATORY if key not in ("period_start", "period_end")])
def test_a_mandatory_key_that_is_empty_is_named_with_an_example(key: str, tmp_path: Path) -> None:
    empty = "[]" if key in ("themes", "keywords_de", "keywords_en", "box") else '"  "'
    set_keys(make_workspace(tmp_path), **{key: empty})
    with pytest.raises(WorkspaceError, match=rf"catalogue\.(place\.)?{key} .*for example: \S"):
        open_workspace(tmp_path)


@pytest.mark.parametrize("key,value,fault,example", BAD, ids=[f"{key}-{value}" for key, value, _, _ in BAD])
def test_a_bad_value_is_refused_with_key_and_remedy(
    key: str, value: str, fault: str, example: str, tmp_path: Path
) -> None:
    set_keys(small_workspace(tmp_path), **{key: value})
    with pytest.raises(WorkspaceError) as caught:
        open_workspace(tmp_path)
    said = str(caught.value)
    assert "catalogue." in said
    assert key in said
    assert fault in said
    assert example in said


def test_an_unknown_key_is_named(tmp_path: Path) -> None:
    set_keys(make_workspace(tmp_path), contributer='"x"')
    with pytest.raises(
        WorkspaceError, match=r"unknown key: catalogue\.contributer; did you mean catalogue\.contributor\?"
    ):
        open_workspace(tmp_path)


@pytest.mark.parametrize(
    ("licence", "told"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "http://dcat-ap.de/def/licenses/cc-by/4.0"),
        ("https://example.org/licence", "https://example.org/licence"),  # of no list
    ],
)
def test_the_licence_that_portals_are_told_follows_from_that_of_the_graph(
    licence: str, told: str, tmp_path: Path
) -> None:
    file = make_workspace(tmp_path) / SETTINGS_FILE
    text = re.sub(r"^licence = .*dcat-ap.*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
    text = text.replace("https://creativecommons.org/licenses/by/4.0/", licence)
    file.write_text(text, "utf-8")
    settings = open_workspace(tmp_path).settings
    assert settings.catalogue is not None and settings.catalogue.licence is None
    assert settings.portal_licence == told


@pytest.mark.parametrize("licence", ["https://creativecommons.org/licenses/by/4.0/", "https://example.org/l"])
def test_where_a_licence_has_conditions_what_to_print_is_asked_for(licence: str, tmp_path: Path) -> None:
    file = make_workspace(tmp_path) / SETTINGS_FILE
    text = re.sub(r"^(licence = .*dcat-ap|attribution_).*\n", "", file.read_text("utf-8"), flags=re.MULTILINE)
    file.write_text(text.replace("https://creativecommons.org/licenses/by/4.0/", licence), "utf-8")
    with pytest.raises(WorkspaceError, match=r"catalogue\.attribution_de is missing; for example: "):
        open_workspace(tmp_path)


def test_a_licence_without_conditions_needs_no_attribution(tmp_path: Path) -> None:
    file = make_workspace(tmp_path) / SETTINGS_FILE
    text = file.read_text("utf-8")
    text = text.replace(
        "https://creativecommons.org/licenses/by/4.0/", "https://creativecommons.org/publicdomain/zero/1.0/"
    )
    text = text.replace("licenses/cc-by/4.0", "licenses/cc-zero")
    text = "\n".join(line for line in text.splitlines() if not line.startswith("attribution_"))
    file.write_text(text, "utf-8")
    catalogue = open_workspace(tmp_path).settings.catalogue
    assert catalogue is not None and catalogue.attribution is None


def test_each_code_table_names_its_source_and_has_whole_addresses() -> None:
    tables = read_codes().tables
    assert len(tables) > 15
    for table in tables.values():
        assert len(table.source) > 20
        assert table.prefix.startswith("http")
        for code in table.codes:
            concept = table.concept(code)
            assert concept is not None
            assert concept.iri in table
            assert concept.types


def test_each_code_that_a_release_uses_has_a_name() -> None:
    codes = read_codes()
    assert codes.find("http://publications.europa.eu/resource/authority/data-theme/TECH") is not None
    assert codes.find("https://example.org/TECH") is None
    with pytest.raises(KeyError):
        codes.iri("frequency", "SOMETIMES")
    for licence in codes.licences.values():
        assert codes.iri("licence", licence.eu)
        assert codes.iri("licence-type", licence.type)


def _catalogue_part(text: str) -> tuple[str, str]:
    before, mark, after = text.partition("[catalogue]\n")
    assert mark
    return before + mark, after


def _only_missing_in_catalogue(text: str, key: str) -> str:
    before, after = _catalogue_part(text)
    lines = after.splitlines()
    kept = [line for line in lines if not line.startswith(f"{key} = ")]
    assert len(kept) == len(lines) - 1
    return before + "\n".join(kept) + "\n"


def test_the_page_for_portal_operators_explains_every_key(tmp_path: Path) -> None:
    page = (REPOSITORY / "docs" / "portals.md").read_text("utf-8")
    workspace = small_workspace(tmp_path) / SETTINGS_FILE
    catalogue = tomllib.loads(workspace.read_text("utf-8"))["catalogue"]
    keys = {key for key in catalogue if key != "place"} | {f"place.{key}" for key in catalogue["place"]}
    assert len(keys) > 20
    assert [key for key in sorted(keys) if f"`{key}`" not in page] == []
