"""Names of organisations made comparable: the traps of real lists, each as it stands there."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from transfergraph.identity.name_macros import create_macros


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database that knows the macros."""
    with duckdb.connect() as opened:
        create_macros(opened)
        yield opened


def said(connection: duckdb.DuckDBPyConnection, macro: str, name: str) -> object:
    """What a macro makes of a name."""
    row = connection.execute(f"SELECT {macro}", [name]).fetchone()
    assert row is not None
    return row[0]


JOINED = "identity_joined(identity_spaced(identity_bare(identity_clean(?))))"
ALIKE = [
    (
        "Technische UniversitätDresden",
        "TU Dresden",
        "TECHNISCHE UNIVERSITAET DRESDEN",
        "Dresden University of Technology",
    ),
    ("Universität Leipzig", "UNIVERSITAET LEIPZIG", "Leipzig University", "University of Leipzig"),
    (
        "HELMHOLTZ-ZENTRUM FUR UMWELTFORSCHUNG GMBH",
        "Helmholtz-Zentrum fürUmweltforschung",
        "Helmholtz-Zentrum fuer Umweltforschung",
    ),
    ("Produktions-technik GmbH", "Produktions\u00adtechnik GmbH", "PRODUKTIONSTECHNIK GMBH"),
    ("Spann- u. Fertigungstechnik GmbH", "SPANN UND FERTIGUNGSTECHNIK GMBH", "Spann & Fertigungstechnik"),
    ("Landratsamt Mittelsachsen", "Landkreis Mittelsachsen"),
    ("Landratsamt Erzgebirgskreis", "Erzgebirgskreis"),
    ("Große Kreisstadt Zwickau", "Stadtverwaltung Zwickau", "Zwickau, Stadt"),
    ("Hochschule Mittweida", "HOCHSCHULE MITTWEIDA (FH)"),
    ('"Was hab ich?" gGmbH', "WAS HAB' ICH? GEMEINNUTZIGE GMBH"),
    ("Compound Materials Gesellschaft mitbeschränkter Haftung", "COMPOUND MATERIALS GMBH"),
    ("Institut für Polymere DresdenEe.V.", "Institut für Polymere DresdenE e. V."),
]
APART = [
    ("Stadtverwaltung Zwickau", "Landkreis Zwickau"),
    ("Stadt Bernsdorf", "Gemeinde Bernsdorf"),
    (
        "Hochschule für Technik und Wirtschaft Dresden",
        "Hochschule für Technik, Wirtschaft und Kultur Leipzig",
    ),
    ("Alpha GmbH", "Alpha Service GmbH"),
]


@pytest.mark.parametrize("names", ALIKE, ids=lambda names: names[0])
def test_spellings_of_one_name_have_one_key(
    connection: duckdb.DuckDBPyConnection, names: tuple[str, ...]
) -> None:
    keys = {said(connection, JOINED, name) for name in names}
    assert len(keys) == 1 and "" not in keys, keys


@pytest.mark.parametrize(("one", "other"), APART)
def test_other_names_have_other_keys(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> None:
    assert said(connection, JOINED, one) != said(connection, JOINED, other)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Alpha GmbH & Co. KG", "gmbh-co-kg"),
        ("AlphaGmbH&Co.KG", "gmbh-co-kg"),
        ("Alpha GmbH u. Co KGGastronomie", "gmbh-co-kg"),
        ("ALPHA AG & Co. KG", "gmbh-co-kg"),
        ("HydroformingGmbH", "gmbh"),
        ("AlphaIngenieurgesellschaft mbH", "gmbh"),
        ("Alpha GmbHWirtschaftsprüfung", "gmbh"),
        ("SprachgeschädigtegGmbH", "gmbh"),
        ("Alpha gemeinnützige Gesellschaft mbH", "ggmbh"),
        ("Alpha UG(haftungsbeschränkt)", "ug"),
        ("StadtbauAktiengesellschaft", "ag"),
        ("ALPHA AG", "ag"),
        ("Selbsthilfee.V.", "ev"),
        ("ALPHA E .V.", "ev"),
        ("ALPHA EV", "ev"),
        ("Beta GbR", "gbr"),
        ("Beta e.K.", "ek"),
        ("Agrar e.G.", "eg"),
        ("Alpha SAS", "sas"),
        ("AGENTUR Beta", None),
        ("Technische Universität", None),
    ],
)
def test_the_legal_form_is_found_where_it_stands(
    connection: duckdb.DuckDBPyConnection, name: str, form: str | None
) -> None:
    assert said(connection, "identity_form(identity_clean(?))", name) == form


@pytest.mark.parametrize(
    ("macro", "value", "made"),
    [
        ("identity_domain(?)", "https://www.tu-dresden.de/ing?x=1", "tu-dresden.de"),
        ("identity_domain(?)", "HTTP://WWW2.Example.org:8080", "example.org"),
        ("identity_domain(?)", "example.org", "example.org"),
        ("identity_domain(?)", "no address", None),
        ("identity_town(?)", "Dresden, Stadt", "dresden"),
        ("identity_town(?)", "Oelsnitz/Erzgeb.", "olsnitz"),
        ("identity_town(?)", "ANNABERG-BUCHHOLZ", "annaberg buchholz"),
        (
            "identity_words(identity_spaced(identity_bare(identity_clean(?))))",
            "Institut fürPolymere der SachsenGmbH",
            ["institut", "polymere", "sachsen"],
        ),
    ],
)
def test_what_stands_beside_a_name_is_made_comparable(
    connection: duckdb.DuckDBPyConnection, macro: str, value: str, made: object
) -> None:
    assert said(connection, macro, value) == made
