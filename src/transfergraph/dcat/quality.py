"""Data quality as data, in the Data Quality Vocabulary (W3C, 2016).

What is counted is a measurement with its metric; a measurement of known records says by ``dct:type`` what
the count means. Where nothing was collected there is no value, so that nobody takes a gap for a zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import XSD, name_in_key
from transfergraph.common.text import Text
from transfergraph.dcat.completeness import CountStatus, RecordCount
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.provenance import source_entity
from transfergraph.dcat.triple_writer import Properties, TripleWriter, typed
from transfergraph.findings import Severity
from transfergraph.messages import both

LISTED = 500
"""How many entities are listed with their counts; of more, those with the most records."""

_LDQD = "http://www.w3.org/2016/05/ldqd#"
_METRICS = {
    "rows-known": ("completeness", "integer"),
    "rows-stated": ("completeness", "integer"),
    "share-known": ("completeness", "decimal"),
    "fill-rate": ("completeness", "decimal"),
    "findings": ("consistency", "integer"),
    "left-out": ("completeness", "integer"),
}


def describe_quality(
    out: TripleWriter, release: DescribedRelease, counts: Iterable[RecordCount], datasets: Mapping[str, str]
) -> None:
    """State the metrics and every measurement; ``datasets`` maps ``graph`` and ``tables`` to their IRIs."""
    _describe_metrics(out, release)
    shown, left_out = _shown(list(counts))
    for count in shown:
        target = datasets.get("tables" if count.kind == "source" else "graph")
        if target is not None:
            _describe_count(out, release, count, target)
    graph = datasets.get("graph")
    if graph is None:
        return
    _describe_measurement(out, release, "left-out/all", graph, {"dqv:value": left_out})
    for severity in Severity:
        number = release.findings.count(severity)
        properties: Properties = {"dqv:value": number, "dct:subject": severity.value}
        _describe_measurement(out, release, f"findings/{severity.name.lower()}", graph, properties)
    for (kind, name, language), (filled, total) in _fill_rates(release).items():
        called = f"{'scheme-' if kind in release.statistics.schemes else ''}{name_in_key(kind)}"
        key = "/".join(filter(None, (called, name_in_key(name), language)))
        properties = {
            "dqv:value": _share(filled, total),
            "dct:subject": (kind, name),
            "dct:language": ox.Literal(language) if language else None,
        }
        _describe_measurement(out, release, f"fill-rate/{key}", graph, properties)


def _describe_metrics(out: TripleWriter, release: DescribedRelease) -> None:
    for dimension in ("completeness", "consistency"):
        label = both(f"quality.{dimension}")
        out.describe(_LDQD + dimension, "dqv:Dimension", {"skos:prefLabel": label})
    for metric, (dimension, datatype) in _METRICS.items():
        properties: Properties = {
            **_defined(metric),
            "dqv:expectedDataType": XSD + datatype,
            "dqv:inDimension": _LDQD + dimension,
        }
        out.describe(_metric(release, metric), "dqv:Metric", properties)
    scheme, title = release.iri("quality/status"), both("quality.status")
    out.describe(scheme, "skos:ConceptScheme", {"dct:title": title, "skos:prefLabel": title})
    for status in CountStatus:
        properties = {"skos:inScheme": scheme, **_defined(status.value)}
        out.describe(f"{scheme}/{status.value}", "skos:Concept", properties)


def _defined(key: str) -> Properties:
    return {"skos:prefLabel": both(f"quality.{key}"), "skos:definition": both(f"quality.{key}.about")}


def _shown(counts: list[RecordCount]) -> tuple[list[RecordCount], int]:
    """The counts to list, and of how many entities those are left out."""
    largest: Counter[str] = Counter()
    for count in counts:
        if count.kind not in ("year", "source"):
            largest[count.subject] = max(largest[count.subject], count.known or 0)
    kept = sorted(largest, key=lambda subject: (-largest[subject], subject))[:LISTED]
    listed = set(kept)
    shown = [count for count in counts if count.subject not in largest or count.subject in listed]
    return shown, len(largest) - len(kept)


def _describe_count(out: TripleWriter, release: DescribedRelease, count: RecordCount, dataset: str) -> None:
    subject = quote(count.subject.removeprefix(release.settings.base), safe="/~")
    key = f"{count.kind}/{subject}/{quote(count.noun)}"
    status = release.iri(f"quality/status/{count.status.value}")
    measured: dict[str, Properties] = {"rows-known": {"dqv:value": count.known, "dct:type": status}}
    if count.stated is not None:
        measured["rows-stated"] = {"dqv:value": count.stated}
        if count.known is not None and count.stated > 0:
            share = _share(min(count.known, count.stated), count.stated)
            measured["share-known"] = {"dqv:value": share}
    common: Properties = {"rdfs:label": _noun(release, count), **_subject(release, count)}
    for metric, value in measured.items():
        _describe_measurement(out, release, f"{metric}/{key}", dataset, {**common, **value})


def _noun(release: DescribedRelease, count: RecordCount) -> Text:
    titles = {table.name: Text(table.title) for table in release.group.tables}
    return count.label or both("quality.rows").each("{}: {}".format, titles[count.noun])


def _subject(release: DescribedRelease, count: RecordCount) -> Properties:
    match count.kind:
        case "year":
            return {"dct:temporal": typed(count.subject, "gYear")}
        case "source":
            sources = {source.name: source for source in release.sources}
            return {"dct:subject": source_entity(release, sources[count.subject])}
    return {"dct:subject": count.subject}


def _fill_rates(release: DescribedRelease) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Filled and all entities of each class and property (with the language of a text, else empty); of
    tables whose rows are the concepts of a scheme those of the scheme.

    Counted are all of the graph, also those of vocabularies (the roles of the core, for example), for the
    properties for which the table has a column.
    """
    statistics = release.statistics
    totals = {**statistics.classes, **statistics.schemes}
    columns = {
        kind: table.file_columns
        for table in release.group.tables
        for kind in ([table.scheme] if table.scheme else table.classes)
    }
    return {
        key: (statistics.filled.get(key, 0), totals[kind])
        for kind in columns.keys() & totals.keys()
        for column in columns[kind]
        if column.property is not None
        for key in [(kind, column.property, column.language or "")]
    }


def _metric(release: DescribedRelease, metric: str) -> str:
    return release.iri(f"quality/metric/{metric}")


def _describe_measurement(
    out: TripleWriter, release: DescribedRelease, path: str, dataset: str, properties: Properties
) -> None:
    """State a measurement; ``path`` is the metric and what was measured, as they stand in its IRI."""
    node, metric = release.iri(f"quality/{path}"), _metric(release, path.partition("/")[0])
    measured: Properties = {"dqv:isMeasurementOf": metric, "dqv:computedOn": dataset}
    out.describe(node, "dqv:QualityMeasurement", {**measured, **properties})
    out.describe(dataset, "", {"dqv:hasQualityMeasurement": node})


def _share(part: int, whole: int) -> ox.Literal:
    """A share rounded to four decimals, but never to 0 or 1, which mean none and all."""
    rounded = round(Fraction(part, whole) * 10_000)
    if 0 < part < whole:
        rounded = min(max(rounded, 1), 9_999)
    return typed(f"{rounded / 10_000:.4f}", "decimal")
