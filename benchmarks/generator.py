"""A seeded generator of cooperation networks: a whole workspace in the canonical tables.

The same seed and size give the same bytes. Nothing in it is about real organisations: NUTS codes begin
with the user-assigned country code ``ZZ`` and web addresses lie in ``example.org`` (RFC 2606).

A network of N projects has 2 to 40 partners per project by a Zipf law (4.0 in the mean), N/5
organisations, each active at least once and few of them very often, 400 regions, 50 programmes, N/500
alliances, and some 37 triples per project in all.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyoxigraph as ox

from benchmarks.network import TABLES, Network, Row

BASE = "https://example.org/cooperation/"
SOURCE = "generated"

_CONCEPT = re.compile(r"https://w3id\.org/transfergraph/scheme/([^/]+)/([^/]+)")
_SKOS_CONCEPT = ox.NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
_BROADER = ox.NamedNode("http://www.w3.org/2004/02/skos/core#broader")
_LINE = re.compile(r'^(base|title_de|title_en) = ".*"', re.MULTILINE)
_SETTINGS = {"base": BASE, "title_de": "Erfundenes Netzwerk", "title_en": "Invented network"}
_SOURCE_TOML = """\
title_de = "Erfundenes Netzwerk"
title_en = "Invented network"
publisher = "transfergraph"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
attribution_de = "Erfunden vom Generator"
attribution_en = "Invented by the generator"
url = "https://example.org/cooperation"
retrieved = 2026-01-31

[rows]
"""


def generate(repository: Path, target: Path, projects: int, seed: int = 1) -> dict[str, int]:
    """Write a workspace of that many projects into ``target``, an empty or new folder.

    The settings are those of ``repository``, with a base IRI and a title of its own. Returns the
    number of rows of each table.
    """
    folder = target / "data" / SOURCE
    folder.mkdir(parents=True)
    settings = (repository / "transfergraph.toml").read_text(encoding="utf-8")
    settings = re.sub(r"\[examples\].*?\n\n", "", settings, flags=re.DOTALL)
    settings = _LINE.sub(lambda line: f'{line[1]} = "{_SETTINGS[line[1]]}"', settings)
    (target / "transfergraph.toml").write_text(settings, encoding="utf-8")
    schemes = repository / "ontology" / "schemes"
    network = Network(seed, projects, concept_keys(schemes), money_measures(schemes))
    columns = file_columns(repository / "ontology" / "tables.json")
    counts = {
        name: _write(folder / f"{name}.csv", columns[name], make(network)) for name, make in TABLES.items()
    }
    expected = "".join(f"{name} = [{count}, {count}]\n" for name, count in counts.items())
    (folder / "source.toml").write_text(_SOURCE_TOML + expected, encoding="utf-8")
    return counts


def concept_keys(folder: Path) -> dict[str, list[str]]:
    """The keys of the concepts of each scheme, in order, read from its Turtle files."""
    keys: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.ttl")):
        for quad in ox.parse(path=str(file)):
            concept = quad.object == _SKOS_CONCEPT and _CONCEPT.fullmatch(str(quad.subject).strip("<>"))
            if concept:
                keys.setdefault(concept[1], []).append(concept[2])
    return {scheme: sorted(found) for scheme, found in keys.items()}


def money_measures(folder: Path) -> frozenset[str]:
    """The keys of the measures that are money: their statements have amount and currency, and no value."""
    money = "https://w3id.org/transfergraph/scheme/measure/money"
    narrower = {money}
    quads = [quad for quad in ox.parse(path=str(folder / "measure.ttl")) if quad.predicate == _BROADER]
    for _ in quads:  # as many levels as there can be
        narrower |= {str(quad.subject)[1:-1] for quad in quads if str(quad.object)[1:-1] in narrower}
    return frozenset(iri.rpartition("/")[2] for iri in narrower)


def file_columns(file: Path) -> Mapping[str, list[str]]:
    """The columns that stand in the file of each canonical table."""
    tables = json.loads(file.read_text(encoding="utf-8"))["tables"]
    return {
        table["url"].removesuffix(".csv"): [
            column["name"] for column in table["tableSchema"]["columns"] if not column.get("virtual")
        ]
        for table in tables
    }


def _write(file: Path, columns: list[str], rows: Iterable[Row]) -> int:
    count = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            count += 1
    return count
