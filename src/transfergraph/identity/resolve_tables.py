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
from transfergraph.identity.comparable_names import Meaning, compare_names
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
    settle,
)
from transfergraph.identity.shared_things import Rank, shared_things
from transfergraph.sources.references import leave_out_unreferenced
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

    Names and other single values are those of the sources in the order of ``[identity] leading``, then of
    tables kept by hand, references, and lists of others, each by the name of the source; the key is theirs as
    well, unless the release in ``former`` has one of an organisation already. Rows of references that nobody
    speaks of are left out once it is known who is who.
    """
    if len(tables.sources) < 2:
        return Resolution(tables)
    shown = read_presentation(workspace.declarations)
    order = _order(tables, workspace.settings.identity.leading)
    tables, of_others = _unite_others(tables, shown, order)
    if not gather_organisations(tables, shown):
        leave_out_unreferenced(tables)
        return Resolution(tables, (), tuple(of_others))
    organisations = organisation_tables(tables, shown)
    judged = with_clashes(tables, organisations, judge_rows(tables.connection))
    decisions, findings = read_decisions(workspace)
    records = _records(tables)
    names = {f"{source}/{key}": number for number, (source, _, _, key) in records.items()}
    findings += _unknown(decisions, names, {source.name for source in tables.sources})
    settled = settle(judged, decisions, names, len(records), _identifiers(tables))
    findings += [_contradicted(one) for one in settled.contradictions]
    released = _released_keys(tables, former)
    groups = [_merged(members, records, order, released) for members in settled.groups]
    leave_out_unreferenced(tables, [_iris(tables, members) for members in groups])
    united, given_way = merge_rows(tables, shown, organisations, [*_remaining(tables, groups)])
    references = {source.name for source in tables.sources if source.reference}
    asked = [one for one in settled.asked if not references >= {records[one.a][0], records[one.b][0]}]
    questions = questions_of(tables, asked)
    findings += [*_conflicts(tables, asked), *of_others, *given_way, *_to_ask(questions)]
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
    """Make one of the rows of anything but organisations that are one; tables of one address go together.

    What references have beside organisations, and nobody speaks of, is left out before.
    """
    findings: list[Finding] = []
    described = other_tables(tables, shown)
    shapes = dict.fromkeys(one.table.about.shape for one in described)
    of_shape = [[one for one in described if one.table.about.shape == shape] for shape in shapes]
    alike = [_iris(tables, group) for columns in of_shape for group in shared_things(tables, columns, order)]
    organisations = {one.table.name for one in organisation_tables(tables, shown)}
    leave_out_unreferenced(tables, alike, organisations)
    for columns in of_shape:
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


_Record = tuple[str, str, int, str]  # source, table, row, key


def _records(tables: Tables) -> dict[int, _Record]:
    """The compared rows by their numbers."""
    rows = tables.connection.execute(
        "SELECT id, source, tbl, row, key FROM identity_record ORDER BY id"
    ).fetchall()
    return {number: (source, table, row, key) for number, source, table, row, key in rows}


def _identifiers(tables: Tables) -> dict[int, dict[str, str]]:
    """By row and scheme the identifiers of which an organisation has one."""
    found: dict[int, dict[str, str]] = {}
    rows = tables.connection.execute(
        "SELECT id, one.scheme, one.value FROM (SELECT id, unnest(identifiers) AS one FROM identity_record) "
        "WHERE one.meaning = ? ORDER BY ALL",
        [Meaning.IDENTIFIER.value],
    ).fetchall()
    for number, scheme, value in rows:
        found.setdefault(number, {})[scheme] = value
    return found


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


def _merged(
    members: Sequence[int], records: Mapping[int, _Record], order: Rank, released: set[str]
) -> list[MergedRow]:
    """The rows of one organisation, in the order in which their sources lead."""
    rows = sorted((records[one] for one in members), key=lambda one: order[one[0]])
    canonical = min(rows, key=lambda one: one[3] not in released)[3]
    return [MergedRow(*one, canonical) for one in rows]


def _iris(tables: Tables, members: Sequence[MergedRow]) -> set[str]:
    abouts = [(one.key, tables.group.table(one.table).about) for one in members]
    return {about.expand({about.variables[0]: key}) for key, about in abouts}


def _remaining(tables: Tables, groups: Sequence[Sequence[MergedRow]]) -> Iterator[Sequence[MergedRow]]:
    """The groups that were not left out with the references of which all their rows are."""
    left = {
        (source.name, table.name, row)
        for source in tables.sources
        for table in tables.group.tables
        if source.reference and table.name in {one.table for members in groups for one in members}
        for (row,) in tables.connection.execute(
            f"SELECT _row FROM {tables.name(source.name, table.name)}"
        ).fetchall()
    }
    referring = {source.name for source in tables.sources if source.reference}
    for members in groups:
        if any(one.source not in referring or (one.source, one.table, one.row) in left for one in members):
            yield members


def _conflicts(tables: Tables, asked: Sequence[JudgedPair]) -> Iterator[Finding]:
    """Identifiers that say the same of what something else keeps apart."""
    asked = [one for one in asked if one.rule in ("identifier-conflict", "identifier")]
    for question in questions_of(tables, asked):
        values = {"first": question.first.called, "second": question.second.called}
        place = str(question.second.place)
        yield fault("identity.conflict", question.first.place, None, Severity.WARNING, **values, there=place)


def _to_ask(questions: Sequence[IdentityQuestion]) -> Iterator[Finding]:
    if questions:
        yield fault("identity.to-ask", NOWHERE, None, Severity.INFO, count=len(questions), file=REVIEW)
