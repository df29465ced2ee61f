"""The questions to a curator: pairs of rows, with what speaks for and against their being one organisation,
in
words.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transfergraph.common.files import replace_file
from transfergraph.common.text import Languages, Text
from transfergraph.findings import Place
from transfergraph.identity.curated_decisions import COLUMNS
from transfergraph.identity.settled_identities import JudgedPair
from transfergraph.messages import both
from transfergraph.tables.load import Tables

_PAIR = """
SELECT a.source, a.tbl, a.row, a.key, a.name, g.towns, b.source, b.tbl, b.row, b.key, b.name, h.towns,
    e.words, e.letters, e.same_town, e.form_a, e.form_b, e.other_form, e.same_domain, a.domain, e.identifier,
    e.identifiers, e.same_shared, e.extra
FROM (SELECT unnest(?) AS n, unnest(?) AS a, unnest(?) AS b) p
JOIN identity_evidence e ON e.a = p.a AND e.b = p.b
JOIN identity_record a ON a.id = p.a JOIN identity_record b ON b.id = p.b
JOIN identity_given g ON g.id = p.a JOIN identity_given h ON h.id = p.b ORDER BY p.n
"""


@dataclass(frozen=True, slots=True)
class QuestionedRow:
    """A row of a source that is an organisation, as ``source/key``, with the cell of its key."""

    called: str
    name: str
    towns: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class IdentityQuestion:
    """Whether two rows are one organisation; ``score`` is from 0 to 1, ``reasons`` begin with why it is
    asked."""

    first: QuestionedRow
    second: QuestionedRow
    score: float
    reasons: tuple[Text, ...]


def questions_of(tables: Tables, asked: Sequence[JudgedPair]) -> tuple[IdentityQuestion, ...]:
    """The questions for these pairs, in their order."""
    numbers = [list(range(len(asked))), [one.a for one in asked], [one.b for one in asked]]
    rows = tables.connection.execute(_PAIR, numbers).fetchall()
    return tuple(_question(tables, pair, row) for pair, row in zip(asked, rows, strict=True))


def _question(tables: Tables, pair: JudgedPair, row: tuple[Any, ...]) -> IdentityQuestion:
    reasons = (both(f"identity.rule.{pair.rule}"), *_reasons(row[12:]))
    return IdentityQuestion(_row(tables, row[:6]), _row(tables, row[6:12]), pair.score, reasons)


def _row(tables: Tables, told: tuple[Any, ...]) -> QuestionedRow:
    source, table, row, key, name, towns = told
    column = tables.group.table(table).about.variables[0]
    towns = tuple(dict.fromkeys(towns or ()))
    return QuestionedRow(f"{source}/{key}", name or key, towns, tables.place(source, table, row, column))


def _reasons(told: tuple[Any, ...]) -> Iterator[Text]:
    (
        words,
        letters,
        same_town,
        form_a,
        form_b,
        other_form,
        same_domain,
        domain,
        same,
        others,
        shared,
        extra,
    ) = told
    yield both("identity.reason.names", words=round(words * 100), letters=round(letters * 100))
    if extra:
        yield both("identity.reason.extra", words=sorted(extra))
    if same_town is not None:
        yield both("identity.reason.town" if same_town else "identity.reason.other-town")
    if form_a and form_a == form_b:
        yield both("identity.reason.form")
    elif form_a and form_b:
        yield both("identity.reason.other-form" if other_form else "identity.reason.converted-form")
    if same_domain:
        yield both("identity.reason.website", domain=domain)
    if same:
        yield both("identity.reason.identifier", value=same)
    if others:
        yield both("identity.reason.other-identifier", values=others)
    if shared:
        yield both("identity.reason.shared")


def write_questions(questions: Sequence[IdentityQuestion], file: Path, languages: Languages) -> None:
    """Write the list as CSV (RFC 4180). Its first columns are those of the file of decisions, so that a row
    with its decision can be copied there as it is."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = (
        "first_name",
        "second_name",
        "first_towns",
        "second_towns",
        "score",
        "first_cell",
        "second_cell",
    )
    with replace_file(file) as target:
        stream = _Encoded(target)
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*COLUMNS, *beside, *(f"reasons_{language}" for language in languages)])
        for one in questions:
            writer.writerow([*_cells(one), *("; ".join(_said(one, language)) for language in languages)])


def _cells(one: IdentityQuestion) -> tuple[str, ...]:
    towns = ("; ".join(row.towns) for row in (one.first, one.second))
    cells = (str(row.place) for row in (one.first, one.second))
    names = (one.first.name, one.second.name)
    return (one.first.called, one.second.called, "", "", "", *names, *towns, f"{one.score:.2f}", *cells)


def _said(one: IdentityQuestion, language: str) -> list[str]:
    return [reason.in_language(language) for reason in one.reasons]


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A stream of text that writes UTF-8."""

    target: Any

    def write(self, text: str) -> None:
        self.target.write(text.encode())
