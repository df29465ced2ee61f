"""Writing the catalogue of a release into its folder, once all its other files are final."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from transfergraph.catalogue.completeness import Known, count_known, count_rows
from transfergraph.catalogue.describe import describe, describe_graph
from transfergraph.catalogue.inputs import Release
from transfergraph.catalogue.triples import write_triples
from transfergraph.store import Store
from transfergraph.workspace import Source

CATALOGUE = "catalog.ttl"
VOID = "void.ttl"


def write_catalogue(folder: Path, release: Release, known: Iterable[Known]) -> list[Path]:
    """Write ``catalog.ttl``, ``catalog.rdf`` and ``catalog.jsonld`` (one graph) and ``void.ttl``."""
    triples = describe(release, known)
    written = [folder / name for name in (CATALOGUE, "catalog.rdf", "catalog.jsonld")]
    for file in written:
        write_triples(triples, file)
    write_triples(describe_graph(release), folder / VOID)
    return [*written, folder / VOID]


def count_all(
    store: Store, release: Release, sources: Sequence[Source], tables: Iterable[str]
) -> list[Known]:
    """Every count of known against stated records; ``tables`` are the names of the canonical tables."""
    period = release.settings.catalogue.period
    rows = {(table.source, table.table): table.rows for table in release.tables}
    return [
        *count_known(store, sources, (period[0].year, period[1].year)),
        *count_rows(rows, sources, tables),
    ]
