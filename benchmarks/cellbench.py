"""CellBench: how many planted faults a check of linked tables finds, where, how often, and what it advises.

    python -m benchmarks.cellbench [--faults 1000] [--seed 1] [--no-peers]

A seeded generator makes sound tables, and plants as many faults of each of forty kinds (see
``benchmarks/fault_kinds.py``) into copies of them: many into one where they do not hide one another, few
where they do. Each value that a finding proposes is entered, and all is checked again. Validators of tables
are given the same files.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cell_scores import score
from benchmarks.damaged_copies import DamagedCopy
from benchmarks.fault_kinds import KINDS
from benchmarks.generator import SOURCE
from benchmarks.planted_faults import Laboratory, Outcome, Tally, measure
from benchmarks.results import Row
from benchmarks.table_validators import PEERS, validated

BENCH = Path(__file__).parent.parent / "build" / "bench"


def measure_peer(
    peer: str, laboratory: Laboratory, copies: Mapping[Path, DamagedCopy]
) -> tuple[dict[str, Tally], float]:
    """The tallies of a peer over the copies that are CSV, and the seconds that it took for them."""
    seen = {root / "data" / SOURCE: copy for root, copy in copies.items() if not copy.is_workbook}
    sound = laboratory.sound_folder / "data" / SOURCE
    namings, seconds = validated(peer, [sound, *seen], laboratory.folder)
    tallies: dict[str, Tally] = defaultdict(Tally)
    for folder, copy in seen.items():
        for one in score(copy.faults, namings[folder] - namings[sound]).of_faults:
            tallies[one.fault.kind].add(one)
    return tallies, seconds


def table(outcome: Outcome, peers: Mapping[str, Mapping[str, Tally]]) -> str:
    """The figures of each kind and in sum, in Markdown; of peers what is found, and at the right cell."""
    head = ["kind", "faults", "found", "right cell", "one finding", "advice accepted", "right value", *peers]
    lines = [head, ["---"] * len(head)]
    for kind in KINDS:
        own = outcome.tallies[kind.name]
        theirs = [_found(known.get(kind.name)) for known in peers.values()]
        lines.append([f"{kind.group}: {kind.name}", *_own(own), *theirs])
    schema = {kind.name for kind in KINDS if kind.in_schema}
    for name, kinds in (
        ("**a description can say it**", schema),
        ("**all**", {kind.name for kind in KINDS}),
    ):
        own = outcome.whole if len(kinds) == len(KINDS) else _sum(outcome.tallies, kinds)
        lines.append([name, *_own(own), *(_found(_sum(known, kinds)) for known in peers.values())])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _own(tally: Tally) -> list[str]:
    shares = [_share(count, tally.planted) for count in (tally.found, tally.right, tally.single)]
    accepted = f"{tally.accepted} of {tally.entered}" if tally.entered else ""
    return [str(tally.planted), *shares, accepted, str(tally.meant or "")]


def _found(tally: Tally | None) -> str:
    if tally is None or not tally.planted:
        return "-"
    return f"{_share(tally.found, tally.planted)} / {_share(tally.right, tally.planted)}"


def _share(count: int, of: int) -> str:
    return f"{100 * count / of:.4g}"


def _sum(tallies: Mapping[str, Tally], kinds: Iterable[str]) -> Tally:
    whole = Tally()
    for kind in kinds:
        whole += tallies.get(kind, Tally())
    return whole


@dataclass(frozen=True)
class Comparison:
    """What came of a run: ours, and of each peer its tallies and its seconds."""

    outcome: Outcome
    peers: Mapping[str, Mapping[str, Tally]]
    seconds: Mapping[str, float]

    @property
    def text(self) -> str:
        """Everything in Markdown: the table, the seconds, and what was not as it should be."""
        times = {"transfergraph": self.outcome.seconds, **self.seconds}
        told = ", ".join(f"{who} {seconds:.0f}" for who, seconds in times.items())
        lists = {
            "Faults missed, named elsewhere or more than once": self.outcome.amiss,
            "Findings where no fault is": self.outcome.elsewhere,
            "Findings after the advice was entered": self.outcome.refused,
        }
        noise = "".join(f"\n\n{title}: {len(of)}\n" + "\n".join(of) for title, of in lists.items())
        return f"{table(self.outcome, self.peers)}\n\nSeconds for {self.outcome.copies} copies: {told}{noise}"


def compare(folder: Path, faults: int, seed: int, peers: Iterable[str]) -> Comparison:
    """Plant and check, and let the peers see the same copies."""
    laboratory = Laboratory(folder, seed)
    outcome, copies = measure(laboratory, faults, seed)
    theirs = {peer: measure_peer(peer, laboratory, copies) for peer in peers}
    tallies = {peer: one for peer, (one, _) in theirs.items()}
    return Comparison(outcome, tallies, {peer: seconds for peer, (_, seconds) in theirs.items()})


def measured(folder: Path, faults: int = 1000, seed: int = 1) -> Iterator[Row]:
    """The sums as rows of all measurements; ratios are shares of the faults, or of the values entered."""
    done = compare(folder, faults, seed, PEERS)
    print(done.text)
    whole, size = done.outcome.whole, f"{done.outcome.whole.planted} faults"
    for what, share, goal in (
        ("found", whole.found / whole.planted, "at least 0.99"),
        ("at the right cell", whole.right / whole.planted, "at least 0.97"),
        ("as one finding", whole.single / whole.planted, ""),
        ("advice accepted", whole.accepted / whole.entered, "1"),
    ):
        yield Row("cells", f"transfergraph: {what}", size, done.outcome.seconds, ratio=share, goal=goal)
    for peer, tallies in done.peers.items():
        seen = _sum(tallies, tallies)
        size = f"{seen.planted} faults, CSV alone"
        yield Row("cells", f"{peer}: found", size, done.seconds[peer], ratio=seen.found / seen.planted)


def main() -> None:
    """Measure, and show the table."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cellbench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--faults", type=int, default=1000, help="faults of all kinds together (1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the generator and of all chance (1)")
    parser.add_argument("--no-peers", action="store_true", help="measure ours alone")
    arguments = parser.parse_args()
    peers = () if arguments.no_peers else PEERS
    print(compare(BENCH / "cellbench", arguments.faults, arguments.seed, peers).text)


if __name__ == "__main__":
    main()
