"""Same, different or to be asked: what each pair of records comes to, by rules that are tried in turn.

Vetoes stand before keys and scores: a part is not its whole, a general partner not its company, a sister firm
not the other, and a record with one ROR id not that with another. The first rule that holds decides, and
tells why.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import duckdb

from transfergraph.tables.uri_template import sql_string


class Judgement(Enum):
    """What is said of two records."""

    SAME = "same"
    DIFFERENT = "different"
    ASK = "ask"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The least score (0 to 1) of what is the same without being asked, and of what is asked."""

    same: float = 0.87
    ask: float = 0.72


RARE = 4.0
"""The weight (natural logarithm) that a name needs to say enough without its town."""

_RULES: tuple[tuple[str, Judgement, str], ...] = (
    ("one-key", Judgement.SAME, "one_key"),
    ("part", Judgement.DIFFERENT, "is_part"),
    ("identifier-conflict", Judgement.ASK, "same_identifier AND (other_identifier OR other_form)"),
    ("identifier", Judgement.SAME, "same_identifier"),
    ("other-identifier", Judgement.DIFFERENT, "other_identifier"),
    ("other-form", Judgement.DIFFERENT, "other_form"),
    ("same-name-other-registration", Judgement.ASK, "same_key AND other_registration"),
    (
        "common-name",
        Judgement.ASK,
        "same_key AND weight < {rare} AND NOT coalesce(same_town, false) AND NOT same_domain",
    ),
    ("converted", Judgement.ASK, "same_key AND form_a <> form_b AND 'ag' IN (form_a, form_b)"),
    ("same-name", Judgement.SAME, "same_key"),
    ("sister", Judgement.DIFFERENT, "len(sister) > 0"),
    ("unit", Judgement.DIFFERENT, "len(unit) > 0"),
    ("site", Judgement.DIFFERENT, "len(town_words) > 0"),
    ("alike", Judgement.SAME, "score >= {same} AND NOT same_source AND NOT other_registration"),
    ("alike-here", Judgement.ASK, "score >= {same}"),
    ("somewhat-alike", Judgement.ASK, "score >= {ask}"),
    ("few-letters", Judgement.ASK, "letters >= 0.91 AND same_town"),
    ("abbreviation", Judgement.ASK, "same_short AND same_town"),
    ("same-website", Judgement.ASK, "same_domain AND words >= 0.5"),
    ("unlike", Judgement.DIFFERENT, "true"),
)
"""Name, outcome and condition, the first that holds."""


def judge(connection: duckdb.DuckDBPyConnection, thresholds: Thresholds) -> None:
    """Make ``identity_judged`` of the evidence: for each pair its outcome and the rule that gave it."""
    values = {"same": str(thresholds.same), "ask": str(thresholds.ask), "rare": str(RARE)}
    rules = [(name, outcome, condition.format_map(values)) for name, outcome, condition in _RULES]
    named = " ".join(f"WHEN {condition} THEN {sql_string(name)}" for name, _, condition in rules)
    come_to = " ".join(f"WHEN {sql_string(name)} THEN {sql_string(one.value)}" for name, one, _ in rules)
    connection.execute(
        "CREATE OR REPLACE TABLE identity_judged AS "
        f"SELECT *, CASE rule {come_to} END AS outcome "
        f"FROM (SELECT *, CASE {named} END AS rule FROM identity_evidence)"
    )
