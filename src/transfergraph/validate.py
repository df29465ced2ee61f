"""Validation of the whole graph: shapes and checks, each finding led back to its cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import SH

from transfergraph.common.files import read_without_bom
from transfergraph.common.namespaces import local_name
from transfergraph.common.processes import QueryLimits
from transfergraph.common.text import Languages, Text
from transfergraph.config.workspace import Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.findings import Finding
from transfergraph.mapping.locate import Locator
from transfergraph.messages import both, explained
from transfergraph.queries import load_checks, run_checks
from transfergraph.shacl import Result, read_shapes, validate_shapes
from transfergraph.shacl.rdf_terms import turtle_graph
from transfergraph.shacl.shape_languages import asked_languages, shapes_in
from transfergraph.store import Store
from transfergraph.tables.load import Tables


def validate(store: Store, workspace: Workspace, tables: Tables) -> Iterator[Finding]:
    """All findings of the shapes and checks that the workspace declares.

    ``store`` holds the graph of the tables, wherever it is; they lead findings back to cells.
    """
    locator, languages = Locator(tables), workspace.settings.languages
    files = workspace.declarations.shapes
    shapes = read_shapes_graph(files, languages)
    try:
        yield from shape_findings(store, shapes, locator, workspace.settings.limits.of_queries)
    except WorkspaceError as error:
        own = [file for file in files if file.is_relative_to(workspace.root)]
        raise WorkspaceError(f"{', '.join(map(str, own or files))}: {error}") from error
    found = list(run_checks(store, load_checks(workspace.declarations.checks, languages)))
    locator.look_up(finding.focus for finding in found if finding.focus)
    for finding in found:
        value = None if finding.value is None else Literal(finding.value)
        place = locator.locate(finding.focus, finding.path, value) if finding.focus else finding.place
        yield replace(finding, place=place)


def read_shapes_graph(files: Iterable[Path], languages: Languages) -> rdflib.Graph:
    """The graph of these files together, in these languages.

    Raises :class:`WorkspaceError` for a file that is not valid Turtle.
    """
    graph = rdflib.Graph()
    for file in files:
        try:
            text, base = read_without_bom(file), file.absolute().as_uri()
            graph += shapes_in(languages, turtle_graph(text, base))
        except Exception as error:  # rdflib's parsers raise errors of many kinds
            raise WorkspaceError(explained("error.unreadable", file=file, error=error)) from error
    return graph


def shape_findings(
    store: Store, shapes: rdflib.Graph, locator: Locator, limits: QueryLimits
) -> Iterator[Finding]:
    """The findings of a shapes graph; the ``sh:description`` of a shape is the remedy."""
    remedies, asked = _remedies(shapes), asked_languages(shapes)
    results = validate_shapes(store, read_shapes(shapes), limits=limits)
    locator.look_up(result.focus.value for result in results)
    for result in results:
        yield _finding(result, remedies, asked, locator)


def _remedies(shapes: rdflib.Graph) -> Mapping[str, Text]:
    by_language: dict[str, dict[str, str]] = {}
    for shape, text in shapes.subject_objects(SH.description):
        if isinstance(text, rdflib.Literal):
            by_language.setdefault(str(shape), {})[text.language or ""] = str(text)
    return {shape: Text(texts) for shape, texts in by_language.items()}


def _finding(
    result: Result, remedies: Mapping[str, Text], asked: Mapping[str, str], locator: Locator
) -> Finding:
    focus, shape = result.focus.value, result.shape.value
    value = result.value
    missing = Literal("", language=asked[shape]) if value is None and shape in asked else value
    place = locator.locate(focus, result.path, missing)
    return Finding(
        severity=result.grade,
        code=local_name(shape),
        message=result.text,
        remedy=remedies.get(shape) or both("shape.remedy"),
        place=place,
        value=None if value is None or value == result.focus else value.value,
        focus=focus,
        path=result.path,
        shape=shape if isinstance(result.shape, NamedNode) else None,
        component=result.component.value,
    )
