"""Validation of the whole graph: shapes and checks, each finding led back to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib import SH

from transfergraph.common.files import FileContent, read_without_bom
from transfergraph.common.namespaces import local_name
from transfergraph.common.processes import QueryLimits
from transfergraph.common.text import Languages, Text
from transfergraph.config.workspace import Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.findings import Finding
from transfergraph.mapping.locate import Locator
from transfergraph.messages import both, explained
from transfergraph.queries import load_checks, run_checks
from transfergraph.shacl import Plan, Result, compile_shapes, read_shapes, run_plan
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
    shapes = read_shape_files(files, languages)
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


@dataclass(frozen=True)
class AskedShapes:
    """What a shapes graph asks; the graph is not changed any more."""

    graph: rdflib.Graph

    @cached_property
    def plan(self) -> Plan:
        """The queries; raises :class:`WorkspaceError` when a shape is not well formed."""
        return compile_shapes(read_shapes(self.graph))

    @cached_property
    def remedies(self) -> Mapping[str, Text]:
        """The ``sh:description`` of the shapes, by their IRIs."""
        by_language: dict[str, dict[str, str]] = {}
        for shape, text in self.graph.subject_objects(SH.description):
            if isinstance(text, rdflib.Literal):
                by_language.setdefault(str(shape), {})[text.language or ""] = str(text)
        return {shape: Text(texts) for shape, texts in by_language.items()}

    @cached_property
    def languages(self) -> Mapping[str, str]:
        """The shapes that ask for a text in one language, each with that language."""
        return asked_languages(self.graph)


def read_shape_files(files: Sequence[Path], languages: Languages) -> AskedShapes:
    """What these files ask together, in these languages; read once while they stay as they are.

    Raises :class:`WorkspaceError` for a file that is not valid Turtle.
    """
    return _read(tuple(files), FileContent.of(files), languages)


@lru_cache(4)
def _read(files: tuple[Path, ...], _contents: tuple[FileContent, ...], languages: Languages) -> AskedShapes:
    graph = rdflib.Graph()
    for file in files:
        try:
            text, base = read_without_bom(file), file.absolute().as_uri()
            graph += shapes_in(languages, turtle_graph(text, base))
        except Exception as error:  # rdflib's parsers raise errors of many kinds
            raise WorkspaceError(explained("error.unreadable", file=file, error=error)) from error
    return AskedShapes(graph)


def shape_findings(
    store: Store, shapes: AskedShapes, locator: Locator, limits: QueryLimits
) -> Iterator[Finding]:
    """The findings of shapes; the ``sh:description`` of a shape is the remedy."""
    results = run_plan(store, shapes.plan, limits=limits)
    locator.look_up(result.focus.value for result in results)
    for result in results:
        yield _finding(result, shapes, locator)


def _finding(result: Result, shapes: AskedShapes, locator: Locator) -> Finding:
    focus, shape = result.focus.value, result.shape.value
    value, language = result.value, shapes.languages.get(shape)
    missing = Literal("", language=language) if value is None and language else value
    place = locator.locate(focus, result.path, missing)
    return Finding(
        severity=result.grade,
        code=local_name(shape),
        message=result.text,
        remedy=shapes.remedies.get(shape) or both("shape.remedy"),
        place=place,
        value=None if value is None or value == result.focus else value.value,
        focus=focus,
        path=result.path,
        shape=shape if isinstance(result.shape, NamedNode) else None,
        component=result.component.value,
    )
