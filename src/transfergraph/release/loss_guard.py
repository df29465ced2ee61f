"""How much a release holds, and the guard against one that would lose too much of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, TYPE
from transfergraph.findings import NOWHERE, Finding, Place, Severity
from transfergraph.messages import Value, advice
from transfergraph.release.manifest import Manifest
from transfergraph.tables.load import Tables


def count_rows(tables: Tables) -> dict[str, dict[str, int]]:
    """The rows of each table of each source, tables without rows left out."""
    rows: dict[str, dict[str, int]] = {}
    for source in tables.sources:
        counts = {
            table.name: tables.connection.execute(
                f"SELECT count(*) FROM {tables.name(source.name, table.name)}"
            ).fetchall()[0][0]
            for table in tables.group.tables
        }
        rows[source.name] = {name: int(count) for name, count in counts.items() if count}
    return rows


def count_datasets(release: Path) -> dict[str, int]:
    """The distributions and parts of each dataset, as ``catalog.ttl`` of the release lists them."""
    files: Counter[str] = Counter()
    datasets = set()
    for quad in ox.parse(path=str(release / "catalog.ttl"), format=ox.RdfFormat.TURTLE):
        subject = str(quad.subject)[1:-1]
        if quad.predicate.value in (f"{DCAT}distribution", f"{DCT}hasPart"):
            files[subject] += 1
        elif quad.predicate.value == TYPE and quad.object == ox.NamedNode(f"{DCAT}Dataset"):
            datasets.add(subject)
    return {dataset: files[dataset] for dataset in sorted(datasets)}


def find_losses(before: Manifest, after: Manifest, percent: int) -> Iterator[Finding]:
    """What a release would lose of the one before beyond ``percent`` per cent, each a violation.

    Compared are the rows of each source, the entities of each class, the datasets of the catalogue and the
    files of each dataset. Of a release that an older version made, which did not count these, the rows of
    each table are compared.
    """
    if not before.rows:
        yield from _lost_tables(before, after, percent)
        return
    rows = {source: sum(counts.values()) for source, counts in after.rows.items()}
    for source, counts in before.rows.items():
        place = Place(source, f"data/{source}")
        yield from _lost(
            "release.lost-rows", place, sum(counts.values()), rows.get(source, 0), percent, source=source
        )
    for name, count in before.entities.items():
        left = after.entities.get(name, 0)
        yield from _lost("release.lost-entities", NOWHERE, count, left, percent, entity_class=name)
    missing = sorted(before.datasets.keys() - after.datasets.keys())
    yield from _lost(
        "release.lost-datasets", NOWHERE, len(before.datasets), len(after.datasets), percent, names=missing
    )
    for dataset, count in before.datasets.items():
        left = after.datasets.get(dataset, count)
        yield from _lost("release.lost-files", NOWHERE, count, left, percent, dataset=dataset)


def _lost_tables(before: Manifest, after: Manifest, percent: int) -> Iterator[Finding]:
    for table, count in before.counts.items():
        yield from _lost(
            "release.lost-table", NOWHERE, count, after.counts.get(table, 0), percent, table=table
        )


def _lost(
    code: str, place: Place, before: int, after: int, percent: int, **values: Value
) -> Iterator[Finding]:
    if (before - after) * 100 > percent * before:
        share = -((after - before) * 100 // before)  # rounded up, so that it never looks allowed
        named: Mapping[str, Value] = {**values, "before": before, "after": after, "limit": percent}
        message, remedy = advice(code, **{**named, "percent": share})
        yield Finding(Severity.VIOLATION, code, message, remedy, place, str(after))
