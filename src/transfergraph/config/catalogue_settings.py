"""What open-data portals must be told and no data says: the table ``[catalogue]`` of ``transfergraph.toml``.

Code lists are those of DCAT-AP 3.0.1 and DCAT-AP.de 3.0, see :mod:`transfergraph.config.code_tables`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from transfergraph.common.text import Text
from transfergraph.config.code_tables import CONTRIBUTORS, GERMAN_LICENCES, Codes, CodeTable, read_codes
from transfergraph.config.toml_keys import Keys

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_KEYWORD = re.compile(r"[\w .-]{2,100}")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_NUTS = re.compile(r"[A-Z]{2}[A-Z0-9]{0,3}")


class Box(NamedTuple):
    """A bounding box in degrees of WGS 84: longitudes -180..180, latitudes -90..90."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Area:
    """The area that the data is about.

    ``iri`` is its GeoNames or EU identifier, ``nuts`` its NUTS code, ``state`` the two digits of a German
    state in the official municipality key; the last two are None outside Germany or below a state.
    """

    iri: str
    name: Text
    box: Box
    nuts: str | None
    state: str | None


@dataclass(frozen=True, slots=True)
class CatalogueSettings:
    """The values of ``[catalogue]``.

    ``licence`` is an IRI of the German list of licences, ``contributor`` one of the list of contributors
    that GovData keeps, or None before one has been agreed. ``themes`` and ``frequency`` are codes of the EU
    tables, ``publisher_type`` one of ADMS, ``level`` one of politicalGeocoding/Level. ``attribution`` is the
    text that reusers must print; None where the licence asks for none. ``legislation`` are the laws that
    demand the publication, seldom any. ``public_url`` is where the current release is served, ending with a
    slash, or None. ``german_2`` adds what DCAT-AP.de 2.0 demanded and 3.0 deprecates.
    """

    publisher_mail: str
    publisher_type: str
    contact_name: str
    contact_mail: str
    contact_page: str | None
    licence: str
    attribution: Text | None
    contributor: str | None
    themes: tuple[str, ...]
    frequency: str
    period: tuple[date, date]
    area: Area
    level: str | None
    keywords_de: tuple[str, ...]
    keywords_en: tuple[str, ...]
    legislation: tuple[str, ...]
    public_url: str | None
    german_2: bool


def read_catalogue_settings(keys: Keys, graph_licence: str) -> CatalogueSettings:
    """Take the table ``[catalogue]``; ``graph_licence`` is the address that ``graph.licence`` gives.

    Raises :class:`~transfergraph.errors.WorkspaceError` naming the key and what it should be like.
    """
    codes = read_codes()
    licence = _licence(keys, codes, graph_licence)
    settings = CatalogueSettings(
        publisher_mail=_mail(keys, "publisher_mail"),
        publisher_type=_code(keys, "publisher_type", codes.tables["publisher-type"], "NonProfitOrganisation"),
        contact_name=keys.take("contact_name", str, '"Editors of the graph"'),
        contact_mail=_mail(keys, "contact_mail"),
        contact_page=keys.iri("contact_page", '"https://agency.de/contact"')
        if "contact_page" in keys
        else None,
        licence=licence,
        attribution=_attribution(keys, codes, licence),
        contributor=_contributor(keys, codes),
        themes=_themes(keys, codes.tables["data-theme"]),
        frequency=_code(keys, "frequency", codes.tables["frequency"], "IRREG"),
        period=_period(keys),
        level=_code(keys, "level", codes.tables["geocoding-level"], "state") if "level" in keys else None,
        keywords_de=_keywords(keys, "keywords_de", "Förderung"),
        keywords_en=_keywords(keys, "keywords_en", "funding"),
        legislation=_legislation(keys),
        public_url=_public_url(keys),
        german_2=keys.take("german_2_conventions", bool, "false")
        if "german_2_conventions" in keys
        else False,
        area=_area(keys.table("place"), codes.tables["state-key"]),
    )
    keys.finish()
    return settings


def _mail(keys: Keys, key: str) -> str:
    example = '"open-data@agency.de"'
    value = keys.take(key, str, example)
    if not _MAIL.fullmatch(value):
        raise keys.wrong(key, "must be a mail address", example)
    return value


def _code(keys: Keys, key: str, table: CodeTable, example: str) -> str:
    value = keys.take(key, str, f'"{example}"')
    if value not in table.codes:
        raise keys.wrong(key, f"must be a code of {_list_name(table)}", f'"{example}"')
    return value


def _list_name(table: CodeTable) -> str:
    codes = sorted(table.labels)
    return f"{table.prefix} ({', '.join(codes[:40])})"


def _licence(keys: Keys, codes: Codes, graph_licence: str) -> str:
    example = f'"{GERMAN_LICENCES}/cc-by/4.0"'
    value = keys.take("licence", str, example)
    table = codes.tables["german-licence"]
    if value not in table:
        known = ", ".join(sorted(codes.licences))
        raise keys.wrong(
            "licence",
            f"must be an IRI of the German list of licences, {table.prefix} with one of {known}",
            example,
        )
    facts = codes.licences.get(value.removeprefix(table.prefix))
    if facts is not None and graph_licence.rstrip("/") != facts.address.rstrip("/"):
        raise keys.wrong(
            "licence", f"and graph.licence name different licences ({graph_licence})", facts.address
        )
    return value


def _attribution(keys: Keys, codes: Codes, licence: str) -> Text | None:
    facts = codes.licences.get(licence.removeprefix(codes.tables["german-licence"].prefix))
    if facts is not None and facts.type == "PublicDomain" and "attribution_de" not in keys:
        return None
    return keys.text("attribution", '"Name of the agency, CC BY 4.0"')


def _contributor(keys: Keys, codes: Codes) -> str | None:
    if "contributor" not in keys:
        return None
    example = f'"{CONTRIBUTORS}/freistaatSachsen"'
    value = keys.take("contributor", str, example)
    if value not in codes.tables["contributor"]:
        demand = "must be an IRI of the list of contributors (info@govdata.de assigns them), or be left out"
        raise keys.wrong("contributor", demand, example)
    return value


def _themes(keys: Keys, table: CodeTable) -> tuple[str, ...]:
    example = '["TECH", "REGI"]'
    values = keys.texts("themes", example)
    unknown = [value for value in values if value not in table.codes]
    if unknown:
        demand = f"has an unknown theme ({', '.join(unknown)}); known are {', '.join(sorted(table.codes))}"
        raise keys.wrong("themes", demand, example)
    return values


def _period(keys: Keys) -> tuple[date, date]:
    start, end = keys.take("period_start", date, "2018-01-01"), keys.take("period_end", date, "2025-12-31")
    if end < start:
        raise keys.wrong("period_end", f"lies before period_start ({start})", "2025-12-31")
    return start, end


def _keywords(keys: Keys, key: str, example: str) -> tuple[str, ...]:
    values = keys.texts(key, f'["{example}"]')
    for value in values:
        if not _KEYWORD.fullmatch(value) or value != value.strip():
            demand = (
                f"has the keyword {value!r}; a keyword has 2 to 100 letters, digits, blanks, hyphens, "
                "underscores and full stops only, because portals refuse or split others"
            )
            better = _cleaned(value)
            raise keys.wrong(key, demand, f'["{better if _KEYWORD.fullmatch(better) else example}"]')
    return values


def _cleaned(keyword: str) -> str:
    words = re.sub(r"[^\w.-]+", " ", keyword).split()
    return " ".join(words)[:100].strip()


def _legislation(keys: Keys) -> tuple[str, ...]:
    if "legislation" not in keys:
        return ()
    example = '["http://data.europa.eu/eli/dir/2019/1024/oj"]'
    values = keys.texts("legislation", example)
    if not all(_ADDRESS.fullmatch(value) for value in values):
        raise keys.wrong("legislation", "must be a list of ELI addresses", example)
    return values


def _public_url(keys: Keys) -> str | None:
    if "public_url" not in keys:
        return None
    example = '"https://data.agency.de/graph/"'
    value = keys.iri("public_url", example)
    if not value.endswith("/") or "?" in value or "#" in value:
        raise keys.wrong("public_url", "must be the address of a folder and end with a slash", example)
    return value


def _area(keys: Keys, states: CodeTable) -> Area:
    iri = keys.iri("iri", '"https://sws.geonames.org/2842566/"')
    name = keys.text("name", '"Free State of Saxony"')
    nuts = keys.take("nuts", str, '"DED"') if "nuts" in keys else None
    if nuts is not None and not _NUTS.fullmatch(nuts):
        raise keys.wrong("nuts", "must be a NUTS code", '"DED"')
    state = _code(keys, "state", states, "14") if "state" in keys else None
    box = _box(keys)
    keys.finish()
    return Area(iri, name, box, nuts, state)


def _box(keys: Keys) -> Box:
    example = "[11.8, 50.1, 15.1, 51.7]"
    match keys.take("box", list, example):
        case [
            int() | float() as west,
            int() | float() as south,
            int() | float() as east,
            int() | float() as north,
        ]:
            box = Box(float(west), float(south), float(east), float(north))
        case _:
            raise keys.wrong("box", "must have four numbers: west, south, east, north", example)
    if not (-180 <= box.west < box.east <= 180 and -90 <= box.south < box.north <= 90):
        raise keys.wrong("box", "must be west, south, east, north in degrees, the smaller one first", example)
    return box
