"""The facts of the first workspace that no later edit may lose."""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "data" / "saxony"
TABLES = sorted(FOLDER.glob("*.csv"))
PAGE = "futuresax-projects"
ALLIANCES = {"recomine", "smarterz", "life-and-technology", "lessie", "saxony5"}
UNIVERSITIES = {"htw-dresden", "htwk-leipzig", "hs-mittweida", "hszg", "wh-zwickau"}
Row = dict[str, str]


def read(table: str) -> list[Row]:
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def row(table: str, key: str) -> Row:
    (found,) = (r for r in read(table) if r["id"] == key)
    return found


def parts(cell: str) -> set[str]:
    return set(filter(None, cell.split(";")))


def where(table: str, **cells: str) -> list[Row]:
    return [r for r in read(table) if all(r[column] == value for column, value in cells.items())]


def partners(undertaking: str, role: str) -> set[str]:
    return {r["organisation"] for r in where("participations", undertaking=undertaking, role=role)}


def sizes(about: str, measure: str) -> set[tuple[str, int]]:
    """Qualifier and number, or amount, of what is said about an undertaking or a programme."""
    return {
        (r["qualifier"], int(r["value"] or r["amount"]))
        for r in read("statements")
        if about in (r["undertaking"], r["programme"]) and r["measure"] == measure
    }


def test_there_are_fifteen_tables() -> None:
    assert len(TABLES) == 15


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_tables_are_clean_text(table: Path) -> None:
    content = table.read_bytes()
    text = content.decode("utf-8")
    assert b"\r" not in content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert unicodedata.is_normalized("NFC", text)
    rows = read(table.stem)
    assert rows
    for number, cells in enumerate(rows, start=2):
        assert None not in cells, f"{table.name}, row {number}: more cells than columns"
        for column, value in cells.items():
            assert value == value.strip(), f"{table.name}, row {number}, {column}"
            assert "  " not in value, f"{table.name}, row {number}, {column}"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_column_is_filled_by_somebody(table: Path) -> None:
    rows = read(table.stem)
    assert [column for column in rows[0] if not any(r[column] for r in rows)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_the_faults_of_the_page_left_no_trace(table: Path) -> None:
    faults = re.compile(
        r"oops|error occurred|\brecome\b|recomime|rethinging|chakater|mobilitiy", re.IGNORECASE
    )
    titles = re.compile(r"\b(prof|dr|dipl|frau|herr|mr|mrs|ms)\b\.?\s+[A-ZÄÖÜ]")
    for cells in read(table.stem):
        for column, value in cells.items():
            assert not faults.search(value), f"{table.name}, {column}: {value}"
            assert not titles.search(value), f"{table.name}, {column}: {value}"
            assert "@" not in value, f"{table.name}, {column}: {value}"


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_german_and_english_stand_side_by_side(table: Path) -> None:
    for cells in read(table.stem):
        for column in cells:
            if column.endswith("_de") and not column.startswith("alternative_names"):
                other = column.removesuffix("_de") + "_en"
                assert bool(cells[column]) == bool(cells[other]), f"{table.name}: {cells}"


def test_every_row_cites_a_source_and_every_source_is_cited() -> None:
    known = {r["id"] for r in read("sources")}
    cited: set[str] = set()
    for table in TABLES:
        if table.stem not in (
            "sources",
            "terms",
        ):  # terms are the words of this graph, with definitions of its own
            for cells in read(table.stem):
                assert parts(cells["source"]), f"{table.name}: {cells}"
                cited |= parts(cells["source"])
    assert cited == known


def test_only_the_page_has_a_known_day_of_reading() -> None:
    dated = {r["id"]: r["retrieved"] for r in read("sources") if r["retrieved"]}
    assert dated == {PAGE: "2025-03-12"}


def test_keys_of_undertakings_are_unique_together() -> None:
    keys = [r["id"] for table in ("alliances", "projects", "labs") for r in read(table)]
    assert len(keys) == len(set(keys))


def test_amounts_carry_currency_and_qualifier() -> None:
    rows = [*read("fundings"), *read("participations")]
    for cells in rows:
        assert bool(cells["amount"]) == bool(cells["currency"]) == bool(cells["qualifier"]), cells
    assert {r["currency"] for r in rows if r["amount"]} == {"EUR"}


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_texts_have_the_same_numbers_in_both_languages(table: Path) -> None:
    for cells in read(table.stem):
        for column in [one for one in cells if one.endswith("_de")]:
            german, english = cells[column], cells[column.removesuffix("_de") + "_en"]
            texts = (re.sub(r"(?<=\d)[ .,](?=\d{3}\b)", "", text) for text in (german, english))
            one, other = (sorted(re.findall(r"\d+", text)) for text in texts)
            assert one == other, (german, english)


def test_statements_count_or_give_money() -> None:
    rows = read("statements")
    for cells in rows:
        assert bool(cells["value"]) != bool(cells["amount"]), cells
        assert bool(cells["amount"]) == bool(cells["currency"]), cells
    assert {r["measure"] for r in rows if r["amount"]} == {
        *(
            "budget",
            "budget-per-alliance",
            "call-budget",
            "funding-total",
            "own-funds",
            "recommended-funding",
        ),
    }


@pytest.mark.parametrize(
    ("alliance", "programme", "place", "regions"),
    [
        ("recomine", "wir-round-1", "freiberg", {"erzgebirge", "montanregion-erzgebirge"}),
        ("smarterz", "wir-round-1", "annaberg-buchholz", {"erzgebirge"}),
        ("life-and-technology", "wir-round-1", "zittau", {"lausitz", "dreilaendereck"}),
        ("lessie", "", "leipzig", {"raum-leipzig", "mitteldeutschland", "sachsen"}),
        ("saxony5", "innovative-hochschule", "", {"sachsen"}),
    ],
)
def test_programme_seat_and_regions(alliance: str, programme: str, place: str, regions: set[str]) -> None:
    cells = row("alliances", alliance)
    assert (cells["programme"], cells["place"], parts(cells["regions"])) == (programme, place, regions)
    assert PAGE in parts(cells["source"])


def test_there_are_five_alliances() -> None:
    assert {r["id"] for r in read("alliances")} == ALLIANCES


def test_funders_of_the_programmes() -> None:
    assert parts(row("programmes", "wir")["funders"]) == {"bmbf"}
    assert row("programmes", "wir")["part_of"] == "innovation-strukturwandel"
    for programme in ("", "-round-1", "-round-2"):
        assert parts(row("programmes", f"innovative-hochschule{programme}")["funders"]) == {"bund", "laender"}
    assert sizes("innovative-hochschule", "federal-share-percent") == {("exactly", 90)}
    assert sizes("innovative-hochschule", "land-share-percent") == {("exactly", 10)}
    assert sizes("innovative-hochschule", "budget") == {
        ("exactly", 550_000_000),
        ("at-most", 550_000_000),
    }


def test_saxony_funds_saxony5_and_not_the_initiative() -> None:
    for funding in where("fundings", undertaking="saxony5-smart-university-grid"):
        assert parts(funding["funders"]) == {"bmbf", "freistaat-sachsen"}
    assert [r["id"] for r in read("programmes") if "freistaat-sachsen" in parts(r["funders"])] == []


def test_rounds_have_their_undertakings() -> None:
    rounds = {
        "recomine": "wir-round-1",
        "smarterz": "wir-round-1",
        "life-and-technology": "wir-round-1",
    }
    assert {r["id"]: r["programme"] for r in read("alliances") if r["programme"].endswith("-1")} == rounds
    assert row("projects", "saxony5-smart-university-grid")["programme"] == "innovative-hochschule-round-1"
    assert (
        row("projects", "saxony5-sustained-university-grid")["programme"] == "innovative-hochschule-round-2"
    )


def test_topics_of_recomine() -> None:
    assert parts(row("alliances", "recomine")["topics"]) == {
        "mining-waste",
        "environmental-technology",
        "resource-technology",
        "mining-digitalisation",
    }


def test_partners_of_recomine_over_time() -> None:
    assert sizes("recomine", "partners") == {("at-least", 40), ("at-least", 70), ("at-least", 100)}
    (page,) = (
        r for r in where("statements", undertaking="recomine", measure="partners") if r["source"] == PAGE
    )
    assert (page["value"], page["as_of"]) == ("40", "")


def test_no_statement_is_dated_by_the_day_on_which_its_page_was_read() -> None:
    assert not [r["id"] for r in read("statements") if r["as_of"].startswith("2025-03")]
    page_only = [r for r in read("statements") if r["source"] == PAGE]
    assert {r["as_of"] for r in page_only} == {""}


def test_recomine_runs_from_april_2019_to_the_end_of_2025() -> None:
    alliance = row("alliances", "recomine")
    assert (alliance["start"], alliance["end"]) == ("2019-04-01", "2025")
    assert row("projects", "recomine-sn-cz")["end"] == "2022-12"


def test_recomine_has_two_stated_coordinators() -> None:
    sources = {
        r["organisation"]: parts(r["source"])
        for r in where("participations", undertaking="recomine", role="coordinator")
    }
    assert set(sources) == {"hif", "tu-bergakademie-freiberg"}
    assert not sources["hif"] & sources["tu-bergakademie-freiberg"]


def test_initial_projects_of_recomine_and_their_four_aims() -> None:
    assert row("projects", "recomine-initial-projects")["part_of"] == "recomine"
    assert sizes("recomine-initial-projects", "projects") == {("exactly", 3)}
    assert {r["id"] for r in where("aims", undertaking="recomine-initial-projects")} == {
        "recomine-strategy",
        "recomine-sales",
        "recomine-transfer-office",
        "recomine-exchange",
    }


def test_technical_projects_of_recomine() -> None:
    assert sizes("recomine-technical-projects", "projects") == {("exactly", 4)}
    found = {r["id"]: r["topics"] for r in where("projects", part_of="recomine-technical-projects")}
    assert found == {
        "recomine-grubenwasser": "mine-water",
        "recomine-sedimente": "mine-water-sediments",
        "recomine-haldenwald": "tailings-forestry",
        "recomine-biolaugung": "bioleaching",
    }


def test_selection_rounds_of_recomine() -> None:
    rounds = where("events", undertaking="recomine", kind="selection-round")
    assert [(r["start"], r["end"]) for r in rounds] == [("2020-07", "2020-09"), ("2021-01", "2021-03")]


def test_reminingplus() -> None:
    assert partners("reminingplus", "lead") == {"geos"}
    assert partners("reminingplus", "partner") == {
        "hif",
        "saxonia",
        "geopark-tharandter-wald",
        "kaden-doering",
    }
    (funding,) = where("fundings", undertaking="reminingplus")
    assert (funding["grant_number"], funding["agency"]) == ("03WIR1905A", "projekttraeger-karlsruhe")
    assert not where("participations", organisation="projekttraeger-karlsruhe")


def test_partners_of_smarterz_are_160_and_more_than_160() -> None:
    page = [r for r in where("statements", undertaking="smarterz", measure="partners") if r["source"] == PAGE]
    assert {(r["qualifier"], r["value"], r["as_of"]) for r in page} == {
        ("exactly", "160", ""),
        ("at-least", "160", ""),
    }
    assert sizes("smarterz", "partners") == {
        ("exactly", 60),
        ("exactly", 120),
        ("exactly", 136),
        ("exactly", 160),
        ("at-least", 160),
        ("exactly", 197),
    }


def test_first_projects_of_smarterz_begin_in_2019() -> None:
    found = where("projects", part_of="smarterz-first-projects")
    assert {r["name_de"] for r in found} == {"SMARTStrat", "eHeatDigiLine", "StrukTronik", "SmartHydro"}
    assert {r["start"] for r in found} == {"2019-12~"}
    assert all(r["description_de"] and PAGE in parts(r["source"]) for r in found)
    assert row("projects", "smarterz-first-projects")["part_of"] == "smarterz"
    assert sizes("smarterz-first-projects", "partners") == {("exactly", 16)}


def test_totals_of_smarterz_disagree() -> None:
    assert sizes("smarterz", "funding-total") == {("about", 13_800_000), ("exactly", 14_000_000)}


def test_partners_in_the_projects_of_smarterz() -> None:
    assert partners("smarterz", "coordinator") == {"wfe"}
    assert partners("smarterz", "advisory-board") == {"tu-chemnitz", "ihk-chemnitz-erzgebirge"}
    assert partners("smarterz", "partner") == set()
    assert partners("smartstrat", "partner") == {"mogatec", "hugo-stiehl", "steinbeis-alp", "cip-mobility"}
    assert partners("eheatdigiline", "partner") == {"koestler", "titv", "flyacts"}
    assert partners("struktronik", "partner") == {"komitec"}
    assert partners("smarthydro", "partner") == {"gebrueder-ficker"}


def test_first_projects_of_smarterz_bear_their_titles() -> None:
    titles = {
        r["id"]: (r["title_de"], r["title_en"]) for r in where("projects", part_of="smarterz-first-projects")
    }
    assert titles["smartstrat"][1].startswith("Testing and manufacturing strategies")
    assert titles["eheatdigiline"][0].startswith("Konfiguratorbasierte Produktionslinie")
    assert titles["struktronik"][1].startswith("Structurally conformal embedding")
    assert titles["smarthydro"][1].startswith("Technology development for intelligent tank carrier systems")
    assert all(all(pair) for pair in titles.values())


def test_life_and_technology() -> None:
    four = {"hszg", "landkreis-goerlitz", "ult", "fraunhofer-iwu"}
    assert partners("life-and-technology", "founder") == four
    assert partners("life-and-technology", "partner") == set()
    for cells in where("participations", undertaking="life-and-technology", role="founder"):
        assert parts(cells["source"]) == {PAGE, "life-and-technology-bilanz-2025"}
    assert parts(row("alliances", "life-and-technology")["topics"]) == {
        "networked-energy-storage",
        "additive-manufacturing",
        "non-formal-education",
        "living-and-working-spaces",
    }
    assert sizes("life-and-technology", "innovation-fields") == {("exactly", 4), ("exactly", 3)}
    assert sizes("life-and-technology", "partners") == {("exactly", 50), ("at-least", 70), ("at-least", 85)}


def test_both_periods_of_the_strategy_project_are_kept() -> None:
    project = row("projects", "life-and-technology-strategy")
    (funding,) = where("fundings", undertaking="life-and-technology-strategy")
    assert (project["start"], project["end"]) == ("2019-06", "2022-06")
    assert (funding["start"], funding["end"], funding["amount"]) == ("2019-07-01", "2022-08-31", "538787.00")


def test_status_is_what_the_page_of_the_project_says() -> None:
    assert {r["id"]: r["status"] for r in read("projects") if r["status"]} == {
        "recomine-sn-cz": "ended",
        "life-and-technology-strategy": "ended",
        "wir-lat-strategie": "approved",
        "life-and-technology-innovation-management": "approved",
    }


def test_legal_forms_are_those_of_the_names() -> None:
    endings = {
        "gmbh": ("GmbH", " mbH"),
        "ggmbh": ("gGmbH",),
        "ag": (" AG",),
        "ohg": (" OHG",),
        "ev": (" e.V.",),
    }
    forms = {r["name_de"]: r["legal_form"] for r in read("organisations")}
    assert len([form for form in forms.values() if form]) == 24
    for name, form in forms.items():
        known = max((one for one in endings if name.endswith(endings[one])), key=len, default="")
        assert form == known, name


def test_amounts_of_both_versions_of_a_page_are_kept() -> None:
    amounts = {
        project: {r["amount"] for r in where("fundings", undertaking=project)}
        for project in ("wir-lat-strategie", "life-and-technology-innovation-management")
    }
    assert amounts == {
        "wir-lat-strategie": {"396868.99", "396869.00"},
        "life-and-technology-innovation-management": {"57055.54", "57056.00"},
    }


def test_lessie() -> None:
    alliance = row("alliances", "lessie")
    assert partners("lessie", "manager") == {"ifdt"}
    assert row("labs", "smart-service-lab")["part_of"] == "lessie"
    assert parts(alliance["topics"]) == {
        "blockchain-services",
        "digital-work",
        "3d-printing-services",
        "medical-data-analytics",
        "decentralised-data-management",
        "public-administration-services",
    }
    assert "aller Branchen" in alliance["description_de"]
    assert "all sectors" in alliance["description_en"]


def test_universities_of_saxony5_and_their_towns() -> None:
    assert partners("saxony5", "partner") == UNIVERSITIES
    assert partners("saxony5", "coordinator") == {"htw-dresden"}
    towns = {key: row("organisations", key)["place"] for key in UNIVERSITIES}
    assert set(towns.values()) == {"dresden", "leipzig", "mittweida", "zittau", "zwickau"}
    assert all(row("organisations", key)["ror"] for key in UNIVERSITIES)
    assert row("organisations", "hszg")["sites"] == "goerlitz"


def test_up_to_15_million_of_2017_and_the_wording_of_2022_are_two_grants() -> None:
    grants = where("fundings", undertaking="saxony5-smart-university-grid")
    assert {(r["qualifier"], r["amount"]) for r in grants} == {
        ("at-most", "15000000"),
        ("exactly", "15000000"),
    }
    assert all("saxony5-planung" not in parts(r["source"]) for r in grants)
    (sub_projects,) = where("statements", measure="sub-projects")
    assert sub_projects["source"] == "saxony5-nach-drei-jahren"


def test_organisations_bear_their_legal_names_and_have_descriptions() -> None:
    organisations = {r["id"]: r for r in read("organisations")}
    for key, name in {
        "titv": "Textilforschungsinstitut Thüringen-Vogtland e.V.",
        "komitec": "KOMITEC electronics GmbH",
        "lausitz-energy-systems": "Lausitzer Energy Systems GmbH",
        "atn-hoelzel": "ATN Hölzel GmbH",
    }.items():
        assert organisations[key]["name_de"] == organisations[key]["name_en"] == name
    assert organisations["freistaat-sachsen"]["ror"] == "02hyyn853"
    assert (
        "Federal Ministry of Research, Technology and Space" in organisations["bmbf"]["alternative_names_en"]
    )
    assert "eine Firma oder zwei" in organisations["bosecker-walther-werke"]["description_de"]
    assert [
        key for key, r in organisations.items() if not (r["description_de"] and r["description_en"])
    ] == []


SEATS = {
    "atn-hoelzel": "oppach",
    "beak-consultants": "freiberg",
    "freistaat-sachsen": "dresden",
    "geos": "halsbruecke",
    "hugo-stiehl": "crottendorf",
    "koestler": "joehstadt",
    "komitec": "zwoenitz",
    "pno-consultants": "leipzig",
    "sachsenenergie": "dresden",
    "stfi": "chemnitz",
    "titv": "greiz",
    "ult": "loebau",
}
LISTS = {"esf-sachsen-2016", "efre-sachsen-2016", "cordis-horizon-2025", "ror"}


def test_seats_that_public_lists_give() -> None:
    for key, place in SEATS.items():
        cells = row("organisations", key)
        assert cells["place"] == place
        assert parts(cells["source"]) & LISTS, key


def test_workshops_of_lessie_and_their_host() -> None:
    workshops = where("events", undertaking="lessie", kind="workshop")
    assert {(r["start"], r["organiser"]) for r in workshops} == {
        ("2017-12-12", "ewerk-it"),
        ("2018-01-30", "ewerk-it"),
    }


def test_further_projects_and_results_of_life_and_technology() -> None:
    projects = {r["id"] for r in where("projects", part_of="life-and-technology")}
    assert {"wirksam", "ankip", "zukunftslernort-oberlausitz", "lowex-dezentral", "innova-geist"} <= projects
    assert partners("wirksam", "partner") == {"fraunhofer-iwu", "neonet", "arnell", "hpf", "ult"}
    assert sizes("life-and-technology", "demonstrators") == {("exactly", 5)}
    assert sizes("life-and-technology", "further-projects") == {("at-least", 5)}


def test_universities_in_the_labs_of_saxony5() -> None:
    for lab, lead in (("factory-of-the-future", "htw-dresden"), ("surface-technology", "wh-zwickau")):
        assert partners(f"saxony5-{lab}", "lead") == {lead}
        assert partners(f"saxony5-{lab}", "partner") >= UNIVERSITIES - {lead}
    assert partners("saxony5-additive-manufacturing", "partner") == {"htwk-leipzig"}
    assert row("labs", "saxony5-mint-dc-grid")["part_of"] == "saxony5-networked-mobility"
    assert row("labs", "dlr-school-lab-hszg")["place"] == "zittau"


LABS = {
    "saxony5-factory-of-the-future": "digital-leadership;smart-operations;smart-factory;factory-employees;"
    "smart-products;data-driven-services",
    "saxony5-networked-mobility": "connected-and-autonomous-driving;v2x-and-charging-communication;smart-grid;"
    "smart-city;human-machine-interaction",
    "saxony5-additive-manufacturing": "laser-printing-of-metal-and-ceramics;3d-printing-of-plastics;"
    "3d-printing-in-construction",
    "saxony5-supply-infrastructure": "electricity-supply;heat-supply;cooling-supply;gas-supply;water-supply;"
    "sewage-disposal;data-supply;it-supply;supply-networks",
    "saxony5-agriculture-and-biodiversity": "organic-farming;nitrate-leaching;genetic-diagnostics;"
    "agroecosystem-biodiversity;climate-protection-and-adaptation;critical-biocides",
    "saxony5-surface-technology": "surface-analysis;surface-structuring;surface-functionalisation;"
    "coating-technology",
}


def test_labs_of_saxony5_with_all_their_topics() -> None:
    found = {r["id"]: r["topics"] for r in where("labs", part_of="saxony5") if PAGE in parts(r["source"])}
    assert found == LABS


def test_leads_of_the_labs() -> None:
    leads = {r["undertaking"]: r["organisation"] for r in where("participations", role="lead")}
    assert {lab: leads[lab] for lab in LABS} == {
        "saxony5-factory-of-the-future": "htw-dresden",
        "saxony5-networked-mobility": "htwk-leipzig",
        "saxony5-additive-manufacturing": "hs-mittweida",
        "saxony5-supply-infrastructure": "hszg",
        "saxony5-agriculture-and-biodiversity": "htw-dresden",
        "saxony5-surface-technology": "wh-zwickau",
    }


def test_numbers_of_labs_are_a_series_and_plans_are_no_results() -> None:
    assert sizes("saxony5", "labs") == {("exactly", 6), ("exactly", 7)}
    assert sizes("saxony5", "planned-labs") == {("exactly", 5), ("exactly", 8)}


def test_topics_belong_to_fields_and_are_worked_on() -> None:
    topics = read("topics")
    assert len({r["field"] for r in topics}) == 10
    worked_on = {
        key for table in ("alliances", "projects", "labs") for r in read(table) for key in parts(r["topics"])
    }
    broader = {r["broader"] for r in topics if r["broader"]}
    assert {r["id"] for r in topics} == worked_on | broader
    # Which field a topic belongs to is our own ordering: no page says it.
    assert all("transfergraph-curation" in parts(r["source"]) for r in topics)


def test_transfer_roadshow() -> None:
    roadshow = row("events", "transfer-roadshow")
    assert (roadshow["kind"], roadshow["organiser"]) == ("event-series", "futuresax")


def test_towns_have_codes_and_coordinates() -> None:
    places = {r["id"]: r for r in read("places")}
    assert places["freiberg"]["ags"] == "14522180"
    assert places["freiberg"]["region"] == "mittelsachsen"
    assert row("regions", "mittelsachsen")["nuts"] == "DED43"
    for cells in places.values():
        assert cells["ags"] and cells["lat"] and cells["long"], cells
        assert row("regions", cells["region"])["kind"] == "nuts-3"
