"""Public catalogues of other countries, judged in both languages and scored by both scorers.

    python tests/foreign_catalogues.py              # fetches them; needs the web
    python tests/foreign_catalogues.py FOLDER       # judges the files in a folder

The addresses are files of public repositories, each at one commit: what ministries, portals and makers of portals
show and test their profiles with. What is printed is the table of ``docs/portals.md``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

import pyoxigraph as ox
from mqa_scorer import score
from official_shapes import as_rdflib

from transfergraph.dcat.evaluate.evaluate import evaluate_location
from transfergraph.findings import Severity

HOST = "https://raw.githubusercontent.com"
_CH = "opendata-swiss/ckanext-dcatapchharvest/{}/ckanext/dcatapchharvest/tests/fixtures/{}"
_ES = "datosgobes/DCAT-AP-ES/{}/examples/ttl/{}.ttl"
_FR = "opendatateam/udata/{}/udata/harvest/tests/dcat/{}"
_NO = "Informasjonsforvaltning/dcat-ap-no-validator-service/{}/tests/files/{}.ttl"
ADDRESSES = {
    "ch-1": _CH.format("3192e859b9fcc861ac4a2e9b14a7196e732dc41e", "conformant/dataset-publisher.xml"),
    "ch-2": _CH.format("eeb48f66f51eb36b25f72433032865889104b074", "dataset-multiple-rights.xml"),
    "ch-3": _CH.format("4feca09237a6714ebff54210f4fd2f5780bdd16f", "dataset-temporals.xml"),
    "ch-4": _CH.format("5a00ba4bbe0dda22d32683fc2f020f5e05aeddb5", "conformant/dataset-landing-page.xml"),
    "dk-1": "digst/DCAT-AP-DK/2ee065ea5635f26373c83433b09730bbcdbadb31/exampleDataGraph.ttl",
    "es-1": _ES.format("847ab2da52ecf40fcd6d43937cde85a1d9e027ec", "E1_Catalogo_solo_obligatorias"),
    "es-2": _ES.format("8b0c00d58f0caa461f2d09a05495df1bfe3371e0", "E6_Dataset_HVD"),
    "es-3": _ES.format("eae91a4e6f53eebaf2591ed89321cb655d45caae", "NTI-RISPv1_Catalog"),
    "es-4": _ES.format("a036519fff4da676213f33ff1957a82639984eb1", "Conventions_dataset-dcat-distribution"),
    "fr-1": _FR.format("a7b14542e264d2949b4f5a17273fcf6238ba996c", "conflicting-dois.xml"),
    "fr-2": _FR.format("da05e8895ee101f6b3b2de8dd81253d85f1c1b0a", "serves-dataset-by-uri-1.xml"),
    "fr-3": _FR.format("347bcff0389b0e7b97aaa9374d1449a2d1f06c75", "partial-collection-1.jsonld"),
    "gb-1": "ckan/ckanext-dcat/523def1a0d1c1e7951d3c12247bd9bcbf51dc3cc/examples/dcat/dataset_deri.ttl",
    "it-1": "geosolutions-it/ckanext-dcatapit/8e5720253d8d08214149413f8324d84aa12d5119"
    "/examples/dataset_identifier.rdf",
    "no-1": _NO.format("00835057de4960626ad48c423b9a626254a88227", "catalog_1_minimal"),
    "no-2": _NO.format("1ae09240a831c2835684d1cc762108a13654ba89", "valid_catalog"),
    "no-3": _NO.format("94563eae79fcfefd12373ef46c78cba3221e0677", "valid_catalog_with_distribution"),
    "no-4": _NO.format("0ca2687f9c240ca98f2f2f849262c97a6759fffc", "catalog_2_not_valid"),
    "se-1": "diggsweden/DCAT-AP-SE/22baf9424866567cf3c024d0a223c65f2b8e41eb/exempel/obligatoriskt.ttl",
    "se-2": "diggsweden/DCAT-AP-SE/22baf9424866567cf3c024d0a223c65f2b8e41eb/exempel/rekommenderat.ttl",
}
TODAY = date(2026, 12, 1)
_HEADER = ("catalogue", "rules", "datasets", "violations", "warnings", "of 405", "of 7.5", "second scorer")


def fetched(folder: Path) -> Iterator[Path]:
    """The files that could be had, as RDF/XML where their name ends with ``.xml``."""
    for name, address in ADDRESSES.items():
        ending = address.rpartition(".")[2].replace("xml", "rdf")
        with suppress(URLError, OSError), urlopen(f"{HOST}/{address}", timeout=30) as answer:
            file = folder / f"{name}.{ending}"
            file.write_bytes(answer.read())
            yield file


def judged(file: Path) -> tuple[str, ...]:
    """The cells of a row; raises :class:`AssertionError` where the scorers differ or a text is missing."""
    evaluation = evaluate_location(str(file), TODAY, None)
    for language in ("de", "en"):
        assert evaluation.to_text(language)
        for one in evaluation.report.findings:
            assert one.message.in_language(language) and one.remedy.in_language(language), one
    chosen = ox.RdfFormat.from_extension(file.suffix.removeprefix("."))
    parsed = ox.parse(path=str(file), format=chosen, lenient=True, base_iri=file.resolve().as_uri())
    second = score(as_rdflib([quad.triple for quad in parsed]))
    scores = round(evaluation.mqa.points, 3), round(evaluation.fair.points, 3)
    assert scores == (round(second.old, 3), round(second.new, 3)), (file.name, scores, second)
    counts = Counter(one.severity for one in evaluation.report.findings)
    return (
        file.stem,
        evaluation.profile.value,
        str(evaluation.mqa.datasets),
        *(str(counts[one]) for one in (Severity.VIOLATION, Severity.WARNING)),
        f"{scores[0]:g} to {evaluation.mqa.possible:g}",
        f"{scores[1]:g} to {evaluation.fair.possible:g}",
        "the same",
    )


def table(files: list[Path]) -> str:
    """The table of these files in Markdown."""
    rows = [_HEADER, ("---",) * len(_HEADER), *map(judged, files)]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    with TemporaryDirectory() as scratch:
        given = sorted(Path(sys.argv[1]).iterdir()) if len(sys.argv) > 1 else list(fetched(Path(scratch)))
        sys.stdout.write(table(given))
        if not given:
            sys.exit("none of the addresses could be reached")
