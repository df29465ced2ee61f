"""The laboratory of CellBench: plants faults, checks the tables, enters what is advised, and checks again."""

from __future__ import annotations

import random
import shutil
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.cell_scores import Naming, Score, Scores, names, score
from benchmarks.damaged_copies import Cell, DamagedCopy, Fault, Grid, read_grids
from benchmarks.fault_kinds import KINDS, FaultKind, Stage
from benchmarks.generator import SOURCE, generate
from transfergraph import Finding, check
from transfergraph.findings import column_number

REPOSITORY = Path(__file__).parent.parent
TOGETHER = {Stage.CELLS: 60, Stage.FILES: 6, Stage.WORKBOOKS: 40, Stage.GRAPH: 40}
"""How many faults a copy gets at most, by what they hide."""
PROJECTS = 200

Known = frozenset[object]


@dataclass
class Tally:
    """What is counted of one kind.

    ``entered`` are the values that findings proposed, ``accepted`` those of them after which nothing is
    found; ``meant`` are the faults whose right value is among the proposed ones.
    """

    planted: int = 0
    found: int = 0
    right: int = 0
    single: int = 0
    entered: int = 0
    accepted: int = 0
    meant: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    def add(self, one: Score) -> None:
        """Count what became of a fault."""
        self.planted += 1
        self.found += one.is_found
        self.right += one.is_right
        self.single += one.causes == 1


@dataclass
class Outcome:
    """What a run has come to: a tally for each kind, and what was found or advised where nothing is.

    ``amiss`` are faults that were missed, named at another cell or more than once, ``refused`` what was found
    after advice. ``seconds`` are those of the checks of the damaged copies.
    """

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    elsewhere: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    amiss: list[str] = field(default_factory=list)
    seconds: float = 0.0
    copies: int = 0

    @property
    def whole(self) -> Tally:
        """The sum over all kinds; a finding at no fault, or added by advice, counts against it."""
        whole = Tally()
        for tally in self.tallies.values():
            whole += tally
        whole.single -= len(self.elsewhere)
        return whole


class Laboratory:
    """A sound workspace, and the folders in which its copies are checked."""

    def __init__(self, folder: Path, seed: int, projects: int = PROJECTS) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.sound_folder = folder / "sound"
        generate(REPOSITORY, self.sound_folder, projects, seed)
        self.sound = read_grids(self.sound_folder / "data" / SOURCE)
        self._give_room()
        self._known: Known = frozenset(_identity(finding) for finding in self._checked(self.sound_folder))

    def _give_room(self) -> None:
        """A table may have some rows more or fewer than it has."""
        settings = self.sound_folder / "data" / SOURCE / "source.toml"
        before = settings.read_text(encoding="utf-8").partition("[rows]")[0]
        counts = {table: len(grid) - 1 for table, grid in self.sound.items()}
        rows = "".join(f"{table} = [{count // 2}, {2 * count + 30}]\n" for table, count in counts.items())
        settings.write_text(f"{before}[rows]\n{rows}", encoding="utf-8")

    def write(self, copy: DamagedCopy, name: str) -> Path:
        """A workspace with the tables of the copy."""
        root = self.folder / name
        shutil.rmtree(root, ignore_errors=True)
        data = root / "data" / SOURCE
        data.mkdir(parents=True)
        shutil.copy(self.sound_folder / "transfergraph.toml", root)
        shutil.copy(self.sound_folder / "data" / SOURCE / "source.toml", data)
        copy.write(data)
        return root

    def new_findings(self, root: Path) -> list[Finding]:
        """What is found in a workspace and not in the sound one."""
        return [finding for finding in self._checked(root) if _identity(finding) not in self._known]

    def _checked(self, root: Path) -> tuple[Finding, ...]:
        return check(root, root / "build").findings


def _identity(finding: Finding) -> object:
    return finding.code, finding.focus, finding.path_text, finding.value, finding.place.column


def plant(sound: Mapping[str, Grid], faults: int, seed: int) -> Iterator[tuple[Stage, DamagedCopy]]:
    """Copies with as many faults of each kind, together about that many."""
    chance = random.Random(seed)
    for stage in Stage:
        kinds = [kind for kind in KINDS if kind.stage is stage]
        waiting = kinds * max(1, round(faults / len(KINDS)))
        chance.shuffle(waiting)
        while waiting:
            copy, waiting = _planted(DamagedCopy(sound, chance), waiting, TOGETHER[stage])
            copy.is_workbook = stage is Stage.WORKBOOKS
            yield stage, copy


def _planted(
    copy: DamagedCopy, waiting: Sequence[FaultKind], most: int
) -> tuple[DamagedCopy, list[FaultKind]]:
    """The copy with the first faults of those that wait, and the others, which it has no room for."""
    left: list[FaultKind] = []
    for kind in waiting:
        if len(copy.faults) == most:
            left.append(kind)
            continue
        try:
            kind.plant(copy)
        except LookupError:
            if not copy.faults:
                raise
            left.append(kind)
    return copy, left


def measure(laboratory: Laboratory, faults: int, seed: int) -> tuple[Outcome, dict[Path, DamagedCopy]]:
    """Plant, check, enter the advice and check again; the copies by their folders."""
    outcome = Outcome()
    copies: dict[Path, DamagedCopy] = {}
    for stage, copy in plant(laboratory.sound, faults, seed):
        root = laboratory.write(copy, f"{stage.value}-{outcome.copies:02}")
        copies[root] = copy
        began = time.perf_counter()
        findings = laboratory.new_findings(root)
        outcome.seconds += time.perf_counter() - began
        outcome.copies += 1
        _count(outcome, score(copy.faults, map(naming_of, findings)))
        _enter_advice(laboratory, copy, findings, outcome)
    return outcome, copies


def naming_of(finding: Finding) -> Naming:
    """What a finding of ours names."""
    place = finding.place
    file = (place.file or "").rpartition("/")[2]
    table = place.sheet or file.removesuffix(".csv")
    return Naming(Cell(table, place.row or 0, place.column or ""), finding.code)


def _count(outcome: Outcome, scores: Scores) -> None:
    for one in scores.of_faults:
        outcome.tallies[one.fault.kind].add(one)
        if not one.is_right or one.causes != 1:
            outcome.amiss.append(f"{one.fault} {'found' if one.is_found else 'missed'}, {one.causes} causes")
    outcome.elsewhere += [f"{naming.cause} {naming.cell}" for naming in scores.elsewhere]


def _enter_advice(
    laboratory: Laboratory, copy: DamagedCopy, findings: Sequence[Finding], outcome: Outcome
) -> None:
    """Enter what is proposed, in rounds of one value for each fault, and see whether anything is found then.

    What has no advice, or no further one, is mended.
    """
    advised = [(fault, _entries(fault, findings)) for fault in copy.faults]
    for fault, entries in advised:
        outcome.tallies[fault.kind].meant += any(_entered(copy, *entry) == fault.right for entry in entries)
    for turn in range(max((len(entries) for _, entries in advised), default=0)):
        mended = _copied(copy)
        entered: dict[Fault, str] = {}
        for fault, entries in advised:
            if turn < len(entries):
                finding, proposal = entries[turn]
                entered[fault] = f"{fault.kind}: {finding.value!r} → {proposal!r}"
                _enter(mended, finding, proposal)
            else:
                mended.mended(fault)
        _count_advice(laboratory.new_findings(laboratory.write(mended, "advised")), entered, outcome)


def _count_advice(after: Sequence[Finding], entered: Mapping[Fault, str], outcome: Outcome) -> None:
    remaining = list(after)
    for fault, told in entered.items():
        here = [finding for finding in after if names(naming_of(finding), fault)]
        remaining = [finding for finding in remaining if finding not in here]
        tally = outcome.tallies[fault.kind]
        tally.entered += 1
        tally.accepted += not here
        outcome.refused += [f"{told}: {finding.code} {finding.place} {finding.value!r}" for finding in here]
    outcome.refused += [f"elsewhere: {finding.code} {finding.place}" for finding in remaining]


def _entries(fault: Fault, findings: Iterable[Finding]) -> list[tuple[Finding, str]]:
    """The values that findings at a fault propose, each with its finding, one after the other."""
    here = [finding for finding in findings if names(naming_of(finding), fault)]
    return [(finding, proposal) for finding in here for proposal in finding.proposals]


def _copied(copy: DamagedCopy) -> DamagedCopy:
    other = DamagedCopy(copy.sound, copy.chance)
    other.tables = {table: [[*row] for row in grid] for table, grid in copy.tables.items()}
    other.lines, other.typed = dict(copy.lines), dict(copy.typed)
    other.merged, other.is_workbook = [*copy.merged], copy.is_workbook
    return other


def _entered(copy: DamagedCopy, finding: Finding, proposal: str) -> str:
    """The text of the cell that a finding names when the proposal is in the place of its value."""
    cell, column = naming_of(finding).cell, column_number(finding.place.letter)
    text = copy.tables[cell.table][cell.row - 1][(column or 1) - 1]
    items = [item.strip() for item in text.split(";")]
    if len(items) < 2 or finding.value not in items:
        return proposal
    items[items.index(finding.value)] = proposal
    return ";".join(items)


def _enter(copy: DamagedCopy, finding: Finding, proposal: str) -> None:
    cell, column = naming_of(finding).cell, column_number(finding.place.letter)
    copy.tables[cell.table][cell.row - 1][(column or 1) - 1] = _entered(copy, finding, proposal)
    copy.lines.pop((cell.table, cell.row), None)
    copy.typed.pop(cell, None)
