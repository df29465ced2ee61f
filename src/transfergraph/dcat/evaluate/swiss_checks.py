"""What opendata.swiss asks for beyond what must be there: its own terms of use, and its languages.

After the handbook of opendata.swiss, DCAT-AP CH (https://handbook.opendata.swiss/).
"""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.catalogue_findings import finding
from transfergraph.findings import Finding, Severity

TERMS_OF_USE = "http://dcat-ap.ch/vocabulary/licenses/"

_OFFERED = tuple(f"{TERMS_OF_USE}{name}" for name in ("terms_open", "terms_by", "terms_ask", "terms_by_ask"))
_LANGUAGES = ("de", "en", "fr", "it")


def check_swiss(index: CatalogueIndex) -> Iterator[Finding]:
    """Licences that are none of the four terms of use, and titles in none of the four languages."""
    for node in index.instances(DCAT + "Distribution"):
        for value in index.values(node, DCT + "license"):
            if value.value not in _OFFERED:
                yield finding(
                    index, "catalogue.licence-not-swiss", Severity.VIOLATION, node, DCT + "license", value
                )
    for dataset in index.datasets():
        titles = [one for one in index.values(dataset, DCT + "title") if isinstance(one, ox.Literal)]
        if titles and not any((one.language or "").lower().startswith(_LANGUAGES) for one in titles):
            yield finding(
                index, "catalogue.no-swiss-language", Severity.WARNING, dataset, DCT + "title", titles[0]
            )
