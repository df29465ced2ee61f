"""Each constraint component and each kind of path and target, with valid and invalid nodes."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from shapes_cases import EX, FILES, load, row

from transfergraph import WorkspaceError
from transfergraph.common.namespaces import SH
from transfergraph.common.property_paths import Alternative, Inverse, Predicate, Repeated, Sequence
from transfergraph.common.property_paths import Path as PropertyPath
from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.shacl.pyshacl_engine import validate_with_pyshacl
from transfergraph.shacl.shape_model import component_of

COMPONENTS = {
    *("Class", "Datatype", "NodeKind", "MinCount", "MaxCount", "MinExclusive", "MinInclusive"),
    *("MaxExclusive", "MaxInclusive", "MinLength", "MaxLength", "Pattern", "LanguageIn", "UniqueLang"),
    *("Equals", "Disjoint", "LessThan", "LessThanOrEquals", "Not", "And", "Or", "Xone", "Node"),
    *("QualifiedMinCount", "QualifiedMaxCount", "Closed", "HasValue", "In", "SPARQL"),
}
"""All of SHACL Core, and SPARQL constraints; sh:property makes no results of its own."""


def test_there_are_cases() -> None:
    assert len(FILES) > 40


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_results_are_those_of_the_recommendation(file: Path) -> None:
    case = load(file)
    plan = compile_shapes(read_shapes(case.shapes))
    assert not plan.handed_over
    assert sorted(map(row, run_plan(case.store(), plan, case.data))) == case.expected()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_pyshacl_answers_alike_unless_the_case_says_why_not(file: Path) -> None:
    case = load(file)
    shapes = read_shapes(case.shapes)
    try:
        answer = set(map(row, validate_with_pyshacl(case.data_graph(), shapes, list(shapes.by_term))))
    except WorkspaceError:
        answer = None
    assert (answer == set(case.expected())) == (case.deviation is None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_names_of_focus_nodes_say_which_are_invalid(file: Path) -> None:
    case = load(file)
    named = {
        str(term)
        for quad in case.data
        for term in (quad.subject, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith((EX + "valid", EX + "invalid"))
    }
    invalid = {name for name in named if "/invalid" in name}
    broken = {focus for focus, *_ in case.expected()}
    assert named - invalid, "a case needs a valid node"
    assert broken & named == invalid


def test_every_component_and_every_path_has_a_case() -> None:
    components: set[str] = set()
    paths: set[str] = set()
    for file in FILES:
        case = load(file)
        components |= {component for *_, component, _ in case.expected()}
        for shape in read_shapes(case.shapes).by_term.values():
            if shape.path is not None:
                paths |= kinds(shape.path)
            for constraint in shape.constraints:
                assert component_of(constraint).value.startswith(SH)
    assert components == {f"<{SH}{name}ConstraintComponent>" for name in COMPONENTS}
    assert paths == {"Predicate", "Inverse", "Sequence", "Alternative", "*", "+", "?"}


def kinds(path: PropertyPath) -> set[str]:
    match path:
        case Predicate():
            return {"Predicate"}
        case Inverse(step):
            return {"Inverse"} | kinds(step)
        case Sequence(steps):
            return {"Sequence"}.union(*map(kinds, steps))
        case Alternative(choices):
            return {"Alternative"}.union(*map(kinds, choices))
        case Repeated(step, times):
            return {times} | kinds(step)
