"""How what somebody found is held against what was planted.

A fault is *found* when a finding names its row, at its *right cell* when it names one of its cells, and has
*one finding* when nothing of another cause is said of its rows. What was said of the sound tables too does
not count. The planted cells are all that is compared; nobody's codes of faults are expected.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.damaged_copies import Cell, Fault


@dataclass(frozen=True, slots=True)
class Naming:
    """What a finding names: a cell, a row or a file (row 0); the ``cause`` is what its finder calls it."""

    cell: Cell
    cause: Hashable


@dataclass(frozen=True, slots=True)
class Score:
    """What became of a fault."""

    fault: Fault
    is_found: bool
    is_right: bool
    causes: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Those of a copy, and the findings that are at no fault."""

    of_faults: tuple[Score, ...]
    elsewhere: tuple[Naming, ...]


def names(naming: Naming, fault: Fault) -> bool:
    """Whether a finding is at a row of the fault."""
    return any((naming.cell.table, naming.cell.row) == (cell.table, cell.row) for cell in fault.cells)


def names_cell(naming: Naming, fault: Fault) -> bool:
    """Whether a finding is at a cell of the fault, or at its row where the fault is of a row."""
    return any(
        (naming.cell.table, naming.cell.row) == (cell.table, cell.row)
        and cell.column in ("", naming.cell.column)
        for cell in fault.cells
    )


def score(faults: Sequence[Fault], namings: Iterable[Naming]) -> Scores:
    """Hold the findings of a copy against its faults."""
    namings = tuple(namings)
    found = tuple(_score(fault, namings) for fault in faults)
    return Scores(found, tuple(one for one in namings if not any(names(one, fault) for fault in faults)))


def _score(fault: Fault, namings: Sequence[Naming]) -> Score:
    here = [naming for naming in namings if names(naming, fault)]
    right = [naming for naming in here if names_cell(naming, fault)]
    beside = {(naming.cell, naming.cause) for naming in here if naming not in right}
    return Score(fault, bool(here), bool(right), len({naming.cause for naming in right}) + len(beside))
