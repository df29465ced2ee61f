"""A report as a W3C SHACL validation report (SHACL, section 3.6) in Turtle.

All nodes have IRIs: the report is ``{base}report`` and each result ``{base}report#`` with a hash of what
it says, so that reports can be sorted and compared. Beyond what SHACL asks for:

- ``prov:atLocation`` names the cell (row, column or file), for PROV-O calls a row or a column a location.
  In a CSV file it is named by RFC 7111 (``…/projects.csv#cell=17,4``), in a workbook as spreadsheet
  programs link to it (``…/tables.xlsx#projects!D17``).
- The cell is also the ``sh:focusNode`` of a finding of the table check, which comes before any graph.
- ``rdfs:comment`` is the remedy.
- ``rdfs:seeAlso`` leads from the shape, or else the component, to its page in the documentation.
- A fault that no SHACL constraint found has ``https://w3id.org/transfergraph/check/`` and its code as
  its ``sh:sourceConstraintComponent``.
- ``sh:value`` is an IRI where a shape found the fault and the value is an IRI, and else a string: the
  value as it stands in the cell.

``sh:conformanceDisallows`` (SHACL 1.2 Core, section 6.7.1) says which severity ``sh:conforms`` heeds: the one
that stops a release, so that a release with hints conforms. By default any result would be against it.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from transfergraph.common.namespaces import CHECK, PROV, RDFS, SH, TYPE, XSD, prefixes
from transfergraph.common.property_paths import path_triples
from transfergraph.common.text import Languages
from transfergraph.finding_reports.json_report import escape_unseen, finding_content
from transfergraph.findings import Finding, Report, Severity, cell_iri

_PREFIXES = prefixes("sh rdf rdfs prov xsd")
_SURROGATE = re.compile("[\ud800-\udfff]")

_Object = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class UsedGraphs:
    """What was validated against what, by their IRIs (SHACL 1.2 Core, section 6.7.1)."""

    data: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()


def report_to_turtle(report: Report, base: str, languages: Languages, used: UsedGraphs = UsedGraphs()) -> str:
    """The report as Turtle; ``base`` is the base IRI of the workspace and ends with a slash.

    Files are named under it, as findings name them. The same report gives the same text.
    """
    written = io.BytesIO()
    serialize(_triples(report, base, languages, used), written, RdfFormat.TURTLE, prefixes=_PREFIXES)
    return escape_unseen(written.getvalue().decode())


def _triples(report: Report, base: str, languages: Languages, used: UsedGraphs) -> Iterator[Triple]:
    report_node = NamedNode(f"{base}report")
    names = [f"{base}report#{_hash(finding, languages)}" for finding in report.findings]
    conforms = Literal("true" if report.conforms else "false", datatype=NamedNode(f"{XSD}boolean"))
    yield Triple(report_node, NamedNode(TYPE), NamedNode(f"{SH}ValidationReport"))
    yield Triple(report_node, NamedNode(f"{SH}conforms"), conforms)
    disallowed = NamedNode(Severity.VIOLATION.value)
    yield Triple(report_node, NamedNode(f"{SH}conformanceDisallows"), disallowed)
    for name, graphs in (("usedDataGraph", used.data), ("usedShapesGraph", used.shapes)):
        yield from (Triple(report_node, NamedNode(SH + name), NamedNode(graph)) for graph in graphs)
    for name in names:
        yield Triple(report_node, NamedNode(f"{SH}result"), NamedNode(name))
    for name, finding in zip(names, report.findings, strict=True):
        path, inner = path_triples(finding.path, f"{name}-path-") if finding.path else (None, [])
        for predicate, value in _result(finding, path, base, report_node, languages):
            yield Triple(NamedNode(name), NamedNode(predicate), value)
        yield from inner
    for about in dict.fromkeys((_source(finding), finding.page) for finding in report.findings):
        yield Triple(about[0] or report_node, NamedNode(f"{RDFS}seeAlso"), NamedNode(about[1]))


def _source(finding: Finding) -> NamedNode | None:
    """The shape that found it, or the component that stands for its code."""
    return _iri(finding.shape) or _iri(CHECK + finding.code)


def _result(
    finding: Finding, path: NamedNode | None, base: str, report_node: NamedNode, languages: Languages
) -> Iterator[tuple[str, _Object]]:
    cell = _iri(cell_iri(finding.place, base))
    yield TYPE, NamedNode(f"{SH}ValidationResult")
    yield f"{SH}focusNode", _iri(finding.focus) or cell or report_node
    if path is not None:
        yield f"{SH}resultPath", path
    if finding.value is not None:
        value = _iri(finding.value) if finding.component else None
        yield f"{SH}value", value or _literal(finding.value)
    yield f"{SH}resultSeverity", NamedNode(finding.severity.value)
    if shape := _iri(finding.shape):
        yield f"{SH}sourceShape", shape
    yield (
        f"{SH}sourceConstraintComponent",
        _iri(finding.component) or _iri(CHECK + finding.code) or report_node,
    )
    for predicate, told in ((f"{SH}resultMessage", finding.message), (f"{RDFS}comment", finding.remedy)):
        yield from ((predicate, _literal(text, one)) for one, text in told.tagged(languages).items())
    if cell is not None:
        yield f"{PROV}atLocation", cell


def _iri(text: str | None) -> NamedNode | None:
    """The text as an IRI, or None when it is no absolute IRI (RFC 3987)."""
    try:
        return NamedNode(text) if text is not None else None
    except ValueError:
        return None


def _literal(text: str, language: str | None = None) -> Literal:
    return Literal(_SURROGATE.sub("\ufffd", text), language=language)


def _hash(finding: Finding, languages: Languages) -> str:
    return hashlib.sha256(json.dumps(finding_content(finding, languages)).encode()).hexdigest()[:32]
