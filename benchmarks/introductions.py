"""Introductions in hindsight: ``python -m benchmarks.introductions``.

Hides the last years of the curated graph and, where they are beside the repository, of the Saxon CORDIS
projects; tells how many later ties were among the first suggestions, against chance and against the number
of shared partners alone.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import transfergraph as tg
from benchmarks.cordis import FOLDER, read_cordis
from transfergraph.network.model.backtest import BacktestResult, backtest, hide_each

REPOSITORY = Path(__file__).parent.parent
LIMIT = 40


def main() -> None:
    """Tell the figures of every network at hand."""
    with TemporaryDirectory() as folder:
        outcome = tg.build(REPOSITORY, Path(folder))
        if outcome.release is None:
            sys.exit("The curated tables have violations; see transfergraph build.")
        curated = tg.open(outcome.release).network()
    for hidden in (2019, 2021, 2023):
        _tell("Curated graph of Saxony", hidden, backtest(curated, LIMIT, hidden, (10, 20)))
    _tell("Curated graph of Saxony", None, hide_each(curated, LIMIT, (10, 20)))
    cordis = read_cordis()
    if cordis is None:
        print(f"\nno CORDIS files in {FOLDER}: left out")
        return
    for hidden in (2023, 2024, 2025):
        found = backtest(cordis, LIMIT, hidden, (20, 100, 500))
        _tell("Horizon Europe with a partner in Saxony", hidden, found)


def _tell(name: str, hidden: int | None, found: list[BacktestResult]) -> None:
    what = "each undertaking in turn" if hidden is None else f"{hidden} and later"
    print(f"\n{name}, hidden: {what}")
    print("| suggestions | became ties | by shared partners alone | by chance | later ties | pairs |")
    print("|---|---|---|---|---|---|")
    for one in found:
        chance = round(one.chance, 2)
        cells = (one.suggestions, one.hits, one.neighbours, chance, one.later, one.pairs)
        print(f"| {' | '.join(f'{cell:,}' for cell in cells)} |")


if __name__ == "__main__":
    main()
