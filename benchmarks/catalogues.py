"""The check of large catalogues: what it takes at several sizes, and how that grows from the first on.

    python -m benchmarks.catalogues --datasets 1000 10000 18000

A catalogue is as portals have them: three files to a dataset, codes that are not described, a contact and a
period without an address; 10,000 datasets are 28 MB of Turtle, 18,000 are 50 MB. The ratio is that of CPU
seconds to what the growth of the catalogue alone would give, start-up included: at most 1.2, so that no step
looks at every pair; it fails beyond that.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import Run, run
from benchmarks.results import Row, table

GOAL = 1.2
_BASE = "https://data.sample.eu/"
_EU = "http://publications.europa.eu/resource/authority/"
_HEAD = f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix eu: <{_EU}> .
<{_BASE}catalog> a dcat:Catalog ; dct:title "Catalogue"@en ; dct:description "All"@en ;
  dct:publisher <{_BASE}office> .
<{_BASE}office> a foaf:Organization ; foaf:name "Office"@en .
"""
_CHECK = (
    "import sys; from transfergraph.cli import main; sys.argv[1:] = {arguments!r}\n"
    "try: main()\nexcept SystemExit as end: assert end.code in (0, 1), end.code"
)


def _dataset(number: int) -> str:
    node = f"{_BASE}dataset/{number}"
    files = [f"<{node}/{file}>" for file in range(3)]
    described = "".join(
        f'{one} a dcat:Distribution ; dct:title "File"@en ; dcat:accessURL {one} ; dcat:downloadURL {one} ;\n'
        f"  dct:format <{_EU}file-type/CSV> ; dct:license <{_EU}licence/CC_BY_4_0> ;\n"
        "  dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;\n"
        f'  dcat:byteSize "{number}"^^xsd:nonNegativeInteger ; dct:modified "2021-02-01"^^xsd:date .\n'
        for one in files
    )
    return f"""<{_BASE}catalog> dcat:dataset <{node}> .
<{node}> a dcat:Dataset ; dct:title "Dataset {number}"@en, "Datensatz {number}"@de ;
  dct:identifier "{number}" ;
  dct:description "What the measurements of station {number} are, how they were made, by whom, and why."@en ;
  dcat:keyword "water"@en, "air {number % 97}"@en ; dcat:theme <{_EU}data-theme/ENVI> ;
  dct:publisher <{_BASE}office> ; dct:issued "2020-01-01"^^xsd:date ; dct:modified "2021-02-01"^^xsd:date ;
  dct:temporal [ a dct:PeriodOfTime ; dcat:startDate "2019-01-01"^^xsd:date ;
    dcat:endDate "2019-12-31"^^xsd:date ] ;
  dcat:contactPoint [ a vcard:Organization ; vcard:fn "Office" ; vcard:hasEmail <mailto:office@sample.eu> ] ;
  dct:accrualPeriodicity <{_EU}frequency/ANNUAL> ; dcat:distribution {", ".join(files)} .
{described}"""


def _checked(datasets: int, folder: Path) -> tuple[Run, float]:
    """The run of a check, and the megabytes of its catalogue."""
    file = folder / f"{datasets}.ttl"
    with file.open("w", encoding="utf-8") as stream:
        stream.write(_HEAD)
        stream.writelines(map(_dataset, range(datasets)))
    arguments = ["catalogue", "check", str(file), "--offline"]
    return run([sys.executable, "-c", _CHECK.format(arguments=arguments)]), file.stat().st_size / 1e6


def measure(sizes: Sequence[int], folder: Path) -> Iterator[Row]:
    """A row for each size."""
    first: Run | None = None
    for size in sizes:
        done, megabytes = _checked(size, folder)
        first = first or done
        growth = done.cpu / first.cpu / (size / sizes[0])
        goal = f"at most {GOAL}" if done is not first else ""
        what = f"{size} datasets, {megabytes:.0f} MB"
        yield Row("catalogue check", "ours", what, done.seconds, done.cpu, done.memory, growth, goal)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, nargs="+", default=[1_000, 10_000])
    with TemporaryDirectory() as scratch:
        rows = list(measure(parser.parse_args().datasets, Path(scratch)))
    print(table(rows))
    sys.exit(any(row.goal and row.ratio is not None and row.ratio > GOAL for row in rows))
