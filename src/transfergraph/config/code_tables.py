"""The code tables that open-data portals know: IRIs, names, and which class they want of each concept.

``codes.json`` holds facts of public lists and names the list and the version of each table. A code that
was added to a list after that version is unknown here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from transfergraph.common.packaged import packaged
from transfergraph.common.text import Text

GERMAN_LICENCES = "http://dcat-ap.de/def/licenses"
CONTRIBUTORS = "http://dcat-ap.de/def/contributors"


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of a code table.

    ``iri`` is its identifier, ``table`` the name of its table; ``label`` is None where only the code is
    kept; ``scheme`` is None for lists that are not published as a concept scheme; ``types`` are the classes
    that DCAT-AP demands of it.
    """

    iri: str
    table: str
    code: str
    scheme: str | None
    label: Text | None
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CodeTable:
    """A list of codes; the IRI of a concept is ``prefix`` and its code."""

    name: str
    prefix: str
    scheme: str | None
    title: Text
    types: tuple[str, ...]
    source: str
    labels: Mapping[str, Text]
    codes: frozenset[str]

    def concept(self, code: str) -> Concept | None:
        """The concept of that code, None when the table has no such code."""
        if code not in self.codes:
            return None
        return Concept(self.prefix + code, self.name, code, self.scheme, self.labels.get(code), self.types)

    def __contains__(self, iri: str) -> bool:
        return iri.startswith(self.prefix) and iri.removeprefix(self.prefix) in self.codes


@dataclass(frozen=True, slots=True)
class Licence:
    """What is known of a licence of the German list beyond its name.

    ``type`` is a code of the table ``licence-type``, ``eu`` one of the table ``licence``; ``address`` is the
    web page of its text and ``title`` the title by which CKAN knows it.
    """

    type: str
    eu: str
    address: str
    title: str


class Bounds(NamedTuple):
    """Within which degrees a country lies: latitudes from south to north, longitudes from west to east."""

    south: float
    north: float
    west: float
    east: float

    def hold(self, latitude: float, longitude: float) -> bool:
        """Whether a point lies within."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class Codes:
    """All code tables by name, the licences, and the file types by what a program can do with them.

    ``nuts_bounds`` are those of countries by their NUTS codes, None for parts that lie far away.
    ``languages`` has the code of the EU table of a language by its tag (BCP 47).
    """

    tables: Mapping[str, CodeTable]
    licences: Mapping[str, Licence]
    open_licences: frozenset[str]
    machine_readable: frozenset[str]
    non_proprietary: frozenset[str]
    languages: Mapping[str, str]
    nuts_bounds: Mapping[str, Bounds | None]

    def bounds(self, nuts: str) -> Bounds | None:
        """Within which bounds a NUTS region lies, None where that is not known."""
        known = next((nuts[:length] for length in (4, 3, 2) if nuts[:length] in self.nuts_bounds), "")
        return self.nuts_bounds.get(known)

    def german_licence(self, address: str) -> str:
        """The IRI that the German list has for the licence at this address, or else the address."""
        same = (code for code, one in self.licences.items() if one.address.rstrip("/") == address.rstrip("/"))
        return next((f"{GERMAN_LICENCES}/{code}" for code in same), address)

    def known_licence(self, iri: str) -> Licence | None:
        """What is known of a licence of the German list beyond its name."""
        return self.licences.get(iri.removeprefix(f"{GERMAN_LICENCES}/"))

    def iri(self, table: str, code: str) -> str:
        """The IRI of a code; raises KeyError for a table or code that does not exist."""
        concept = self.tables[table].concept(code)
        if concept is None:
            raise KeyError(code)
        return concept.iri

    def find(self, iri: str) -> Concept | None:
        """The concept of that IRI in any table."""
        for table in self.tables.values():
            if iri in table:
                return table.concept(iri.removeprefix(table.prefix))
        return None


@cache
def read_codes() -> Codes:
    """The code tables of the package."""
    values = json.loads(packaged("config", "codes.json").read_text(encoding="utf-8"))

    def text(words: Sequence[str]) -> Text:
        return Text(dict(zip(values["languages"], words, strict=True)))

    tables = [
        CodeTable(
            name=entry["name"],
            prefix=entry["prefix"],
            scheme=entry["scheme"],
            title=text(entry["title"]),
            types=tuple(entry["types"]),
            source=entry["source"],
            labels={code: text(label) for code, label in entry["labels"].items()},
            codes=frozenset(entry["labels"]) | frozenset(entry["codes"].split()),
        )
        for entry in values["tables"]
    ]
    return Codes(
        tables={table.name: table for table in tables},
        licences={code: Licence(**entry) for code, entry in values["licences"].items()},
        open_licences=frozenset(values["open_licences"]),
        machine_readable=frozenset(values["file_types"]["machine_readable"].split()),
        non_proprietary=frozenset(values["file_types"]["non_proprietary"].split()),
        nuts_bounds={
            code: bounds and Bounds(*bounds)
            for code, bounds in values["nuts_bounds"].items()
            if code != "source"
        },
        languages=values["language_tags"],
    )
