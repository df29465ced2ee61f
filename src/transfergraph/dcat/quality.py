"""Data quality as data, in the Data Quality Vocabulary (W3C, 2016).

What is counted is a measurement with its metric; a measurement of known records says by ``dct:type`` what
the count means. Where nothing was collected there is no value, so that nobody takes a gap for a zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import DCT, DQV, RDFS, SKOS, XSD, name_in_key
from transfergraph.common.text import Text
from transfergraph.dcat.completeness import CountStatus, RecordCount
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.provenance import source_entity
from transfergraph.dcat.triple_writer import TripleWriter, iri, typed
from transfergraph.findings import Severity
from transfergraph.messages import both

LISTED = 500
"""How many alliances and programmes are listed with their counts; of more, those with the most records."""

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
    out: TripleWriter, release: DescribedRelease, known: Iterable[RecordCount], datasets: Mapping[str, str]
) -> None:
    """State the metrics and every measurement; ``datasets`` maps ``graph`` and ``tables`` to their IRIs."""
    _describe_metrics(out, release)
    counts = list(known)
    shown, left_out = _shown(counts)
    for count in shown:
        target = datasets.get("tables" if count.kind == "source" else "graph")
        if target is not None:
            _describe_known(out, release, count, target)
    graph = datasets.get("graph")
    if graph is None:
        return
    _measured(out, release, "left-out", graph, "all", typed(left_out, "integer"))
    for severity in Severity:
        name = severity.name.lower()
        node = _measured(
            out, release, "findings", graph, name, typed(release.findings.count(severity), "integer")
        )
        out.add(node, DCT + "subject", iri(severity.value))
    for (entity_class, name, language), (filled, total) in _fill_rates(release).items():
        key = "/".join(filter(None, (name_in_key(entity_class), name_in_key(name), language)))
        node = _measured(out, release, "fill-rate", graph, key, _share(filled, total))
        out.add(node, DCT + "subject", iri(entity_class), iri(name))
        if language:
            out.add(node, DCT + "language", ox.Literal(language))


def _describe_metrics(out: TripleWriter, release: DescribedRelease) -> None:
    for dimension in ("completeness", "consistency"):
        out.type(_LDQD + dimension, DQV + "Dimension")
        out.add(_LDQD + dimension, SKOS + "prefLabel", both(f"quality.{dimension}"))
    for metric, (dimension, datatype) in _METRICS.items():
        node = _metric(release, metric)
        out.type(node, DQV + "Metric")
        out.add(node, SKOS + "prefLabel", both(f"quality.{metric}"))
        out.add(node, SKOS + "definition", both(f"quality.{metric}.about"))
        out.add(node, DQV + "expectedDataType", iri(XSD + datatype))
        out.add(node, DQV + "inDimension", iri(_LDQD + dimension))
    scheme = release.iri("quality/status")
    out.type(scheme, SKOS + "ConceptScheme")
    out.add(scheme, DCT + "title", both("quality.status"))
    out.add(scheme, SKOS + "prefLabel", both("quality.status"))
    for status in CountStatus:
        node = f"{scheme}/{status.value}"
        out.type(node, SKOS + "Concept")
        out.add(node, SKOS + "inScheme", iri(scheme))
        out.add(node, SKOS + "prefLabel", both(f"quality.{status.value}"))
        out.add(node, SKOS + "definition", both(f"quality.{status.value}.about"))


def _shown(counts: list[RecordCount]) -> tuple[list[RecordCount], int]:
    """The counts to list, and how many alliances and programmes are left out."""
    largest: Counter[str] = Counter()
    for count in counts:
        if count.kind in ("alliance", "programme"):
            largest[count.subject] = max(largest[count.subject], count.known or 0)
    kept = sorted(largest, key=lambda subject: (-largest[subject], subject))[:LISTED]
    listed = set(kept)
    shown = [count for count in counts if count.subject not in largest or count.subject in listed]
    return shown, len(largest) - len(kept)


def _describe_known(out: TripleWriter, release: DescribedRelease, count: RecordCount, dataset: str) -> None:
    key = f"{count.kind}/{quote(_key(release, count), safe='/~')}/{quote(count.noun)}"
    value = None if count.known is None else typed(count.known, "integer")
    nodes = [_measured(out, release, "rows-known", dataset, key, value)]
    out.add(nodes[0], DCT + "type", iri(release.iri(f"quality/status/{count.status.value}")))
    if count.stated is not None:
        nodes.append(_measured(out, release, "rows-stated", dataset, key, typed(count.stated, "integer")))
        if count.known is not None and count.stated > 0:
            share = _share(min(count.known, count.stated), count.stated)
            nodes.append(_measured(out, release, "share-known", dataset, key, share))
    for node in nodes:
        out.add(node, RDFS + "label", _noun(count))
        if count.kind == "year":
            out.add(node, DCT + "temporal", ox.Literal(count.subject, datatype=ox.NamedNode(XSD + "gYear")))
        else:
            out.add(node, DCT + "subject", iri(_subject(release, count)))


def _noun(count: RecordCount) -> Text:
    if count.kind == "source":
        return both("quality.rows").each(lambda rows: f"{rows}: {count.noun}")
    return both(f"quality.{count.noun}")


def _subject(release: DescribedRelease, count: RecordCount) -> str:
    if count.kind == "source":
        return next(source_entity(release, s) for s in release.sources if s.name == count.subject)
    return count.subject


def _key(release: DescribedRelease, count: RecordCount) -> str:
    return count.subject.removeprefix(release.settings.base)


def _fill_rates(release: DescribedRelease) -> dict[tuple[str, str, str], tuple[int, int]]:
    """Filled and all records of each class and property that a table has a column for."""
    statistics = release.statistics
    return {
        (entity_class, name, language): (
            statistics.filled.get((entity_class, name, language), 0),
            statistics.records[entity_class],
        )
        for entity_class, properties in release.expected.items()
        if entity_class in statistics.records
        for name, language in properties
    }


def _metric(release: DescribedRelease, metric: str) -> str:
    return release.iri(f"quality/metric/{metric}")


def _measured(
    out: TripleWriter,
    release: DescribedRelease,
    metric: str,
    dataset: str,
    key: str,
    value: ox.Literal | None,
) -> str:
    node = release.iri(f"quality/{metric}/{key}")
    out.type(node, DQV + "QualityMeasurement")
    out.add(node, DQV + "isMeasurementOf", iri(_metric(release, metric)))
    out.add(node, DQV + "computedOn", iri(dataset))
    out.add(dataset, DQV + "hasQualityMeasurement", iri(node))
    out.add(node, DQV + "value", value)
    return node


def _share(part: int, whole: int) -> ox.Literal:
    """A share with four decimals, rounded down so that 1 means all."""
    return typed(f"{part * 10000 // whole / 10000:.4f}", "decimal")
