"""The exact answers to the questions, and findings of the checks, over the curated data.

``python tests/golden_answers.py`` writes them anew into ``tests/golden/``. Do so after a change of data or
question, and read the difference against the tables before it is committed: the tests hold what stands
there to be true.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from workspaces import LANGUAGES, REPOSITORY

from transfergraph.config.workspace import open_workspace
from transfergraph.derive import DerivedGraph, derive, load, map_tables
from transfergraph.queries import Answer, load_checks, load_queries, run, run_checks
from transfergraph.store import Store
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect, read_tables
from transfergraph.vocabulary.term_lists import read_vocabulary

GOLDEN = Path(__file__).resolve().parent / "golden"
SETTINGS = open_workspace(REPOSITORY).settings
BASE, EXAMPLES = SETTINGS.base, SETTINGS.examples


@contextmanager
def curated_tables(scratch: Path) -> Iterator[tuple[Tables, DerivedGraph]]:
    """The curated data as tables, and mapped and derived."""
    workspace = open_workspace(REPOSITORY)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    with connect(scratch) as connection:
        tables, findings = read_tables(workspace, group, connection, scratch)
        assert not findings, [str(finding) for finding in findings]
        graph = map_tables(tables, read_vocabulary(workspace), scratch)
        load(graph, workspace)
        derive(graph, workspace)
        yield tables, graph


def curated_graph(scratch: Path) -> tuple[Store, list[Path]]:
    """The curated data mapped and derived, in a store and as N-Quads files."""
    with curated_tables(scratch) as (_, graph):
        return graph.store, list(graph.files)


def answers(store: Store) -> dict[str, str]:
    """The answer to each question with its example values, as TSV, by file name."""
    found = {}
    for question in load_queries(REPOSITORY / "queries" / "questions"):
        answer = run(store, question, BASE, EXAMPLES.get(question.name, {}))
        assert isinstance(answer, Answer)
        found[f"{question.name}.tsv"] = answer.write("tsv")
    return found


def findings(store: Store) -> str:
    """The findings of all checks: a line each with severity, code, focus, path, value and message."""
    lines = []
    for found in run_checks(store, load_checks(REPOSITORY / "queries" / "checks")):
        told = found.message.by_language(LANGUAGES).values()
        fields = (found.severity.name, found.code, found.focus, found.path_text, found.value, *told)
        lines.append("\t".join(field or "" for field in fields) + "\n")
    return "".join(lines)


def main() -> int:
    """Write every golden file anew, and remove those of questions that are gone."""
    with TemporaryDirectory() as scratch:
        store, _ = curated_graph(Path(scratch))
        texts = {**answers(store), "findings-of-checks.tsv": findings(store)}
    for stale in {file.name for file in GOLDEN.glob("*.tsv")} - texts.keys():
        (GOLDEN / stale).unlink()
    for name, text in texts.items():
        (GOLDEN / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
