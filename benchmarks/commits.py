"""The figures of ``docs/performance.md`` for an old commit beside the working tree: CPU seconds, in turns.

``python -m benchmarks.commits COMMIT`` unpacks the commit under ``build/bench`` and runs the same processes
with either tree: each stage's own program (``benchmarks/contestants`` of that tree), the command line, and
the server under load. Shown are the medians of several interleaved rounds and the new one as a share of the
old; CPU seconds of a busy machine are comparable within a round, seconds of the clock are not. A
restructuring keeps each within 15 %.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.__main__ import BENCH, REPOSITORY
from benchmarks.diff import write_dumps
from benchmarks.load import load
from benchmarks.processes import run
from benchmarks.servers import transfergraph
from benchmarks.serving import tasks


@dataclass(frozen=True, slots=True)
class Tree:
    """The sources of one commit, and where its programs write."""

    sources: Path
    output: Path

    @property
    def python(self) -> tuple[str, ...]:
        """The interpreter that finds this tree's package and benchmarks."""
        path = f"PYTHONPATH={self.sources / 'src'}:{self.sources}"
        return ("env", path, sys.executable, "-P", "-W", "ignore", "-m")

    def program(self, name: str, *arguments: Path) -> list[str]:
        """The command of a contestant of this tree."""
        return [*self.python, f"benchmarks.contestants.{name}", *map(str, arguments)]

    def verb(self, *arguments: str | Path) -> list[str]:
        """A command of ``transfergraph``."""
        return [*self.python, "transfergraph", *map(str, arguments)]


def main() -> None:
    """Measure both trees and show the medians."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commits", description=__doc__)
    parser.add_argument("commit", help="the commit to compare with")
    parser.add_argument("--projects", type=int, nargs="*", default=[1_000, 10_000], help="sizes (1000 10000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of which the median is taken (5)")
    parser.add_argument(
        "--served", type=int, default=7_100, help="projects of the served network (7100), or 0"
    )
    options = parser.parse_args()
    folder = BENCH / "commits"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "sources").mkdir(parents=True)
    archive = subprocess.run(
        ["git", "archive", options.commit], cwd=REPOSITORY, capture_output=True, check=True
    )
    subprocess.run(["tar", "-x", "-C", folder / "sources"], input=archive.stdout, check=True)
    trees = Tree(folder / "sources", folder / "old"), Tree(REPOSITORY, folder / "new")
    for tree in trees:
        tree.output.mkdir()
    _show(
        "transfergraph --help",
        [[run(tree.verb("--help")).cpu for tree in trees] for _ in range(options.rounds)],
    )
    for name, rounds in _whole(trees, folder, options):
        _show(name, rounds)


def _whole(
    trees: Sequence[Tree], folder: Path, options: argparse.Namespace
) -> Iterator[tuple[str, list[list[float]]]]:
    yield (
        "build, the curated data",
        [[_build(tree, tree.sources) for tree in trees] for _ in range(options.rounds)],
    )
    for projects in options.projects:
        workspaces = [_generate(tree, f"workspace-{projects}", projects) for tree in trees]
        graphs = folder / f"graph-{projects}"
        graphs.mkdir()
        run(trees[0].program("make_graph", workspaces[0], graphs))
        write_dumps(graphs / "graph.nt", graphs / "old.nt.gz", graphs / "new.nt.gz")
        names = ("mapping", "shapes", "diff", "apply", "stream of events", "build")
        rounds = [
            [_stages(tree, workspace, graphs) for tree, workspace in zip(trees, workspaces, strict=True)]
            for _ in range(options.rounds)
        ]
        for at, name in enumerate(names):
            yield f"{name}, {projects} projects", [[one[at] for one in turn] for turn in rounds]
    if options.served:
        yield from _served(trees, options)


def _generate(tree: Tree, name: str, projects: int) -> Path:
    """The workspace that the generator of a tree writes; an older one may be refused by a newer tree."""
    workspace = tree.output / name
    program = "import sys, pathlib, benchmarks.generator as g; "
    program += "g.generate(*map(pathlib.Path, sys.argv[1:3]), int(sys.argv[3]))"
    subprocess.run([*tree.python[:-1], "-c", program, tree.sources, workspace, str(projects)], check=True)
    return workspace


def _build(tree: Tree, workspace: Path) -> float:
    output = tree.output / "release"
    shutil.rmtree(output, ignore_errors=True)
    return run(tree.verb("build", "-w", workspace, "-o", output)).cpu


def _stages(tree: Tree, workspace: Path, graphs: Path) -> list[float]:
    """CPU seconds of the program for each name above."""
    for path in tree.output.iterdir():
        shutil.rmtree(path)
    old, new, patch = graphs / "old.nt.gz", graphs / "new.nt.gz", tree.output / "patch"
    made = tree.output / "made"
    made.mkdir()
    commands = [
        tree.program("map_transfergraph", workspace, tree.output / "quads"),
        tree.program("shapes_transfergraph", graphs / "graph.nq", workspace / "ontology" / "shapes.ttl"),
        tree.program("diff_transfergraph", old, new, patch),
        tree.program("apply_patch", patch, old, made / "made.nt.gz"),
        tree.program("write_events", graphs / "graph.nt", tree.output / "events"),
        tree.program("build_release", workspace, tree.output / "release"),
    ]
    return [run(command).cpu for command in commands]


def _served(trees: Sequence[Tree], options: argparse.Namespace) -> Iterator[tuple[str, list[list[float]]]]:
    """CPU milliseconds of the server for one request of each kind, and MiB of the idle server."""
    served = [(tree, _generate(tree, f"served-{options.served}", options.served)) for tree in trees]
    for tree, workspace in served:
        run(tree.verb("build", "-w", workspace, "-o", tree.output / "served", "--accept-violations"))
    found: dict[str, list[list[float]]] = {}
    for turn in range(options.rounds):
        for tree, workspace in served:
            with transfergraph(
                workspace, tree.output / "served", "--workers", "2", python=tree.python
            ) as server:
                idle = server.proportional()
                costs = {"served: MiB when idle": idle}
                for task in tasks(options.served):
                    load(server, task.paths, 1, task.connections, run=f"w{turn}")
                    done = load(server, task.paths, 3, task.connections, run=f"r{turn}")
                    costs[f"served: {task.name}, CPU ms"] = 1000 / done.per_cpu_second
            for name, value in costs.items():
                rounds = found.setdefault(name, [])
                if len(rounds) <= turn:
                    rounds.append([])
                rounds[turn].append(value)
    yield from found.items()


def _show(name: str, rounds: Sequence[Sequence[float]]) -> None:
    old, new = (statistics.median(turn[at] for turn in rounds) for at in (0, 1))
    print(f"{name:<44} old {old:8.3f}   new {new:8.3f}   new/old {new / old:5.2f}", flush=True)


if __name__ == "__main__":
    main()
