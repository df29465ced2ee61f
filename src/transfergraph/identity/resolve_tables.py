"""The step of a build that makes one organisation of the rows of several sources that are one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from transfergraph.common.text import Languages
from transfergraph.config.workspace import Workspace
from transfergraph.findings import NOWHERE, Finding, Severity
from transfergraph.identity.candidate_pairs import pair_candidates
from transfergraph.identity.clashing_rows import with_clashes
from transfergraph.identity.comparable_names import compare_names
from transfergraph.identity.curated_decisions import Decision, decision_place, read_decisions
from transfergraph.identity.identity_questions import IdentityQuestion, questions_of, write_questions
from transfergraph.identity.merged_rows import MergedRow, merge_rows
from transfergraph.identity.organisation_rows import (
    gather_organisations,
    organisation_tables,
    other_tables,
)
from transfergraph.identity.pair_evidence import weigh_evidence
from transfergraph.identity.pair_outcome import Judgement, Thresholds, judge
from transfergraph.identity.settled_identities import (
    Contradiction,
    JudgedPair,
    Settled,
    keys_to_lead,
    settle,
)
from transfergraph.identity.shared_things import Rank, shared_things
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.load import Tables
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.vocabulary.presentation_reader import read_presentation

REVIEW = "identity/review.csv"
"""Where, below the output folder, the questions are listed."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The tables with one key for each organisation, what is to be asked, the best first, and what was
    found."""

    tables: Tables
    questions: tuple[IdentityQuestion, ...] = ()
    findings: tuple[Finding, ...] = ()


def resolve_tables(workspace: Workspace, tables: Tables, former: Path | None = None) -> Resolution:
    """Make one thing of rows that are one, in tables without faults; those of one source stay as they are.

    Of several keys of an organisation the one holds that the release in ``former`` has already; then, and for
    anything else, that of the sources in the order of ``[identity] leading``, then tables kept by hand,
    references, and lists of others, each by the name of the source.
    """
    if len(tables.sources) < 2:
        return Resolution(tables)
    shown = read_presentation(workspace.declarations)
    order = _order(tables, workspace.settings.identity.leading)
    tables, of_others = _unite_others(tables, shown, order)
    if not gather_organisations(tables, shown):
        return Resolution(tables, (), tuple(of_others))
    organisations = organisation_tables(tables, shown)
    judged = with_clashes(tables, organisations, judge_rows(tables.connection))
    decisions, findings = read_decisions(workspace)
    names = _called(tables)
    findings += _unknown(decisions, names, {source.name for source in tables.sources})
    settled = settle(judged, decisions, names, len(names))
    findings += [_contradicted(one) for one in settled.contradictions]
    ranks = _ranks(tables, order, _released_keys(tables, former))
    groups = [_merged(tables, members) for members in keys_to_lead(settled.groups, ranks)]
    united, given_way = merge_rows(tables, shown, organisations, groups)
    questions = questions_of(tables, settled.asked)
    findings += [*_conflicts(tables, settled), *of_others, *given_way, *_to_ask(questions)]
    return Resolution(united, questions, tuple(findings))


def _order(tables: Tables, leading: Sequence[str]) -> Rank:
    """How sources lead: those of the settings, tables kept by hand, references, lists of others."""
    first = {name: number for number, name in enumerate(leading)}
    return {
        source.name: (
            first.get(source.name, len(first)),
            2 * bool(source.raw) - source.reference,
            source.name,
        )
        for source in tables.sources
    }


def _unite_others(tables: Tables, shown: Presentation, order: Rank) -> tuple[Tables, list[Finding]]:
    """Make one of the rows of anything but organisations that are one; tables of one address go together."""
    findings: list[Finding] = []
    described = other_tables(tables, shown)
    for shape in dict.fromkeys(one.table.about.shape for one in described):
        columns = [one for one in described if one.table.about.shape == shape]
        groups = shared_things(tables, columns, order)
        tables, given_way = merge_rows(tables, shown, columns, groups)
        findings += given_way
    return tables, findings


def publish_questions(resolution: Resolution, output: Path, languages: Languages) -> None:
    """List the questions in the output folder, also that there are none."""
    write_questions(resolution.questions, output / REVIEW, languages)


def judge_rows(
    connection: duckdb.DuckDBPyConnection, thresholds: Thresholds | None = None
) -> tuple[JudgedPair, ...]:
    """Compare the rows in ``identity_given``: the candidate pairs with their outcomes, the most certain
    first."""
    compare_names(connection)
    pair_candidates(connection)
    weigh_evidence(connection)
    judge(connection, thresholds or Thresholds())
    rows = connection.execute(
        "SELECT a, b, outcome, rule, score FROM identity_judged WHERE rule <> 'unlike' "
        "ORDER BY rule <> 'one-key', rule <> 'identifier', rule <> 'same-name', score DESC, a, b"
    ).fetchall()
    return tuple(
        JudgedPair(a, b, Judgement(outcome), rule, float(score)) for a, b, outcome, rule, score in rows
    )


def _called(tables: Tables) -> dict[str, int]:
    """The number of each row by ``source/key``."""
    rows = tables.connection.execute(
        "SELECT source || '/' || key, id FROM identity_record ORDER BY id"
    ).fetchall()
    return dict(rows)


def _unknown(decisions: Sequence[Decision], names: Mapping[str, int], sources: set[str]) -> Iterator[Finding]:
    """Decisions about a row that a source of the workspace does not have."""
    for one in decisions:
        for column, called in (("first", one.first), ("second", one.second)):
            source = called.partition("/")[0]
            if source in sources and called not in names:
                place = decision_place(one.row, column)
                yield fault("identity.decision.unknown", place, called, Severity.WARNING, value=called)


def _contradicted(one: Contradiction) -> Finding:
    first, second = one.different.first, one.different.second
    rows = [str(decision.row) for decision in one.same]
    code = "identity.contradiction" if rows else "identity.contradiction.one-key"
    place = decision_place(one.different.row, "decision")
    return fault(code, place, one.different.judgement.value, first=first, second=second, rows=rows)


def _ranks(tables: Tables, order: Rank, released: set[str]) -> list[tuple[object, ...]]:
    rows = tables.connection.execute("SELECT source, key FROM identity_record ORDER BY id").fetchall()
    return [(key not in released, *order[source]) for source, key in rows]


def _released_keys(tables: Tables, former: Path | None) -> set[str]:
    """The keys that the tables of a release have for organisations."""
    found: set[str] = set()
    if former is None:
        return found
    names = tables.connection.execute("SELECT DISTINCT tbl FROM identity_given ORDER BY tbl").fetchall()
    for (name,) in names:
        table = tables.group.table(name)
        for file in sorted(former.glob(f"data/tables/*/{name}.csv")):
            found |= _keys_in(tables.connection, file, table.about.variables[0])
    return found


def _keys_in(connection: duckdb.DuckDBPyConnection, file: Path, column: str) -> set[str]:
    try:
        found = connection.execute(
            "SELECT * FROM read_csv(?, header=true, all_varchar=true, delim=',', quote='\"')", [str(file)]
        )
        place = [one[0] for one in found.description or ()].index(column)
        return {row[place] for row in found.fetchall() if row[place]}
    except (duckdb.Error, ValueError):
        return set()


def _merged(tables: Tables, members: Sequence[int]) -> list[MergedRow]:
    rows = tables.connection.execute(
        "SELECT source, tbl, row, key FROM (SELECT unnest(?) AS id, unnest(?) AS n) "
        "JOIN identity_record USING (id) ORDER BY n",
        [list(members), list(range(len(members)))],
    ).fetchall()
    return [MergedRow(source, table, row, key, rows[0][3]) for source, table, row, key in rows]


def _conflicts(tables: Tables, settled: Settled) -> Iterator[Finding]:
    """Identifiers that say the same of what something else keeps apart."""
    asked = [one for one in settled.asked if one.rule in ("identifier-conflict", "identifier")]
    for question in questions_of(tables, asked):
        values = {"first": question.first.called, "second": question.second.called}
        place = str(question.second.place)
        yield fault("identity.conflict", question.first.place, None, Severity.WARNING, **values, there=place)


def _to_ask(questions: Sequence[IdentityQuestion]) -> Iterator[Finding]:
    if questions:
        yield fault("identity.to-ask", NOWHERE, None, Severity.INFO, count=len(questions), file=REVIEW)
