"""What speaks for and against two records being one organisation, and the score of their names.

The score is the mean of two numbers from 0 to 1: the share of the words that both have, weighed by rarity,
and the likeness of the names without spaces (1 less the share of letters to change). A word counts as common
where the other name has it anywhere, also glued to others. Of several names the pair that is most alike
counts. Then the score goes up or down for town, legal form and domain, each by what stands in :data:`STEPS`.
"""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from transfergraph.identity.comparable_names import SHORT_KEY, Meaning
from transfergraph.identity.legal_forms import excluding_sql
from transfergraph.tables.uri_template import sql_string

STEPS: Mapping[str, float] = {"same_town": 0.03, "other_town": -0.04, "same_form": 0.02, "same_domain": 0.08}
"""By how much a score goes up or down."""

_LIKENESS = 0.4  # of the letters of two names, below which their words are not compared
_LONGEST = 400  # letters of a name that is compared with others but its equals
_SHORT_WORD = 4  # letters below which a word must stand by itself in the other name

_SISTERS = (
    *(
        "service",
        "services",
        "management",
        "holding",
        "immobilien",
        "grundstucks",
        "vermogensverwaltung",
        "beteiligung",
    ),
    *(
        "beteiligungs",
        "beteiligungsgesellschaft",
        "verwaltung",
        "verwaltungs",
        "verwaltungsgesellschaft",
        "besitz",
    ),
    *(
        "komplementar",
        "geschaftsfuhrungs",
        "geschaftsfuhrung",
        "vertrieb",
        "vertriebs",
        "vertriebsgesellschaft",
    ),
    *(
        "handel",
        "handels",
        "international",
        "consulting",
        "engineering",
        "software",
        "systems",
        "systeme",
        "logistik",
    ),
    *("produktion", "produktions", "betriebs", "betriebsgesellschaft", "entwicklungsgesellschaft", "invest"),
)
_UNITS = (
    *(
        "institut",
        "institute",
        "instituts",
        "fakultat",
        "faculty",
        "department",
        "lehrstuhl",
        "klinik",
        "klinikum",
    ),
    *(
        "professur",
        "abteilung",
        "niederlassung",
        "zweigstelle",
        "zweigniederlassung",
        "geschaftsstelle",
        "standort",
    ),
    *("werk", "filiale", "landesverband", "kreisverband", "ortsverband", "regionalverband", "bezirksverband"),
    *(
        "ortsgruppe",
        "stadtverband",
        "amt",
        "eigenbetrieb",
        "stiftung",
        "forderverein",
        "freundeskreis",
        "studentenwerk",
    ),
    *("universitatsklinikum", "medizinische", "medical", "akademie", "schule", "grundschule", "museum"),
)

_TOWN = """
CREATE OR REPLACE TABLE identity_town AS
SELECT DISTINCT unnest(string_split(town, ' ')) AS word FROM (SELECT unnest(towns) AS town FROM
identity_record)
"""


def _extra(one: str, other: str) -> str:
    """SQL for the words of a name, with their rarity, that the other has nowhere."""
    return (
        f"list_filter({one}.weights, lambda w: CASE WHEN length(w.word) < {_SHORT_WORD} "
        f"THEN NOT list_contains({other}.words, w.word) ELSE NOT contains({other}.glued, w.word) END)"
    )


def _sum(words: str) -> str:
    return f"coalesce(list_sum(list_transform({words}, lambda w: w.rarity)), 0)"


_LETTERS = f"""
CREATE OR REPLACE TABLE identity_letters AS
SELECT p.a, p.b, x.n AS x, y.n AS y, x.joined = y.joined AS is_equal,
    x.is_key AND y.is_key AND (length(x.joined) >= {SHORT_KEY} OR (x.main AND y.main)) AS is_key,
    1 - levenshtein(x.joined, y.joined) / greatest(length(x.joined), length(y.joined)) AS letters
FROM identity_pair p JOIN identity_weighed x ON x.id = p.a JOIN identity_weighed y ON y.id = p.b
WHERE x.joined = y.joined OR least(length(x.joined), length(y.joined))
    BETWEEN greatest({SHORT_KEY}, {_LIKENESS} * greatest(length(x.joined), length(y.joined))) AND {_LONGEST}
"""

_COMPARED = f"""
CREATE OR REPLACE TABLE identity_compared AS
WITH named AS (
    SELECT l.a, l.b, l.x, l.y, l.letters, l.is_equal AND l.is_key AS same_key, x.weight AS x_weight, y.weight
    AS y_weight, {_extra("x", "y")} AS x_extra, {_extra("y", "x")} AS y_extra
    FROM identity_letters l JOIN identity_weighed x ON x.n = l.x JOIN identity_weighed y ON y.n = l.y
    WHERE l.letters >= {_LIKENESS} AND (l.is_key OR NOT l.is_equal)
), weighed AS (
    SELECT *, CASE WHEN same_key THEN 1 WHEN x_weight + y_weight = 0 THEN letters
        ELSE 1 - ({_sum("x_extra")} + {_sum("y_extra")}) / (x_weight + y_weight) END AS words
    FROM named
)
SELECT a, b, x, y, same_key, letters, words, least(x_weight, y_weight) AS weight,
    list_transform(list_concat(x_extra, y_extra), lambda w: w.word) AS extra
FROM weighed
QUALIFY row_number() OVER (PARTITION BY a, b ORDER BY same_key DESC, words + letters DESC, x, y) = 1
"""

_SHORT = """
CREATE OR REPLACE TABLE identity_short AS
SELECT DISTINCT a, b FROM identity_letters WHERE is_equal AND NOT is_key
"""


_SHARED_IDS = f"""
CREATE OR REPLACE TABLE identity_shared AS
WITH i AS MATERIALIZED (SELECT id, unnest(identifiers, recursive := true) FROM identity_record),
of_first AS MATERIALIZED (
    SELECT p.a, p.b, i.scheme, i.meaning, i.value FROM identity_pair p JOIN i ON i.id = p.a
),
met AS (
    SELECT f.a, f.b, f.scheme, f.meaning, bool_or(f.value = o.value) AS same, min(f.value) AS value,
    min(o.value) AS other
    FROM of_first f JOIN i o ON o.id = f.b AND o.scheme = f.scheme GROUP BY ALL
)
SELECT a, b,
    bool_or(same AND meaning <> '{Meaning.SHARED.value}') AS same_identifier,
    bool_or(same AND meaning = '{Meaning.SHARED.value}') AS same_shared,
    bool_or(NOT same AND meaning = '{Meaning.IDENTIFIER.value}') AS other_identifier,
    bool_or(NOT same AND meaning = '{Meaning.REGISTRATION.value}') AS other_registration,
    min(value) FILTER (same AND meaning <> '{Meaning.SHARED.value}') AS identifier,
    min(value || ' / ' || other) FILTER (NOT same AND meaning <> '{Meaning.SHARED.value}') AS identifiers
FROM met GROUP BY a, b
"""


_APART = """
DELETE FROM identity_pair p USING identity_shared s, identity_record a, identity_record b
WHERE s.a = p.a AND s.b = p.b AND a.id = p.a AND b.id = p.b
    AND a.source = b.source AND s.other_identifier AND NOT s.same_identifier
"""
"""What one source itself keeps apart by identifiers is no question."""


def _listed(words: tuple[str, ...]) -> str:
    return f"[{', '.join(map(sql_string, words))}]"


_EVIDENCE = f"""
CREATE OR REPLACE TABLE identity_evidence AS
WITH towns AS (
    SELECT a, b, list(word ORDER BY n) AS town_words FROM (
        SELECT a, b, unnest(extra) AS word, generate_subscripts(extra, 1) AS n FROM identity_compared
    ) JOIN identity_town USING (word) GROUP BY a, b
),
beside AS (
    SELECT p.a, p.b, a.source = b.source AS same_source, a.key = b.key AND a.source <> b.source AS one_key,
        CASE WHEN len(a.towns) = 0 OR len(b.towns) = 0 THEN NULL ELSE list_has_any(a.towns, b.towns) END AS
        same_town, a.form AS form_a, b.form AS form_b,
        {excluding_sql("a.form", "b.form")} AS other_form,
        coalesce(a.domain = b.domain, false) AS same_domain,
        list_contains(a.parents, b.key) OR list_contains(b.parents, a.key) AS is_part
    FROM identity_pair p JOIN identity_record a ON a.id = p.a JOIN identity_record b ON b.id = p.b
)
SELECT beside.*, x, y,
    coalesce(same_key, false) AS same_key, coalesce(letters, 0) AS letters, coalesce(words, 0) AS words,
    coalesce(weight, 0) AS weight, coalesce(extra, []) AS extra,
    list_filter(coalesce(extra, []), lambda w: list_contains({_listed(_SISTERS)}, w)
        OR regexp_full_match(w, '[0-9]+|ii|iii|iv|vi|vii|viii|ix')) AS sister,
    list_filter(coalesce(extra, []), lambda w: list_contains({_listed(_UNITS)}, w)
        OR regexp_matches(w, '^(?:institut|fakultat|klinik|lehrstuhl)')) AS unit,
    coalesce(town_words, []) AS town_words,
    coalesce(same_identifier, false) AS same_identifier, coalesce(same_shared, false) AS same_shared,
    coalesce(other_identifier, false) AS other_identifier, coalesce(other_registration, false) AS
    other_registration, identifier, identifiers, s.a IS NOT NULL AS same_short,
    round(greatest(0, least(1, (coalesce(words, 0) + coalesce(letters, 0)) / 2
        + CASE WHEN same_town THEN {STEPS["same_town"]}
            WHEN NOT same_town THEN {STEPS["other_town"]} ELSE 0 END
        + CASE WHEN form_a = form_b THEN {STEPS["same_form"]} ELSE 0 END
        + CASE WHEN same_domain THEN {STEPS["same_domain"]} ELSE 0 END)), 4) AS score
FROM beside LEFT JOIN identity_compared USING (a, b) LEFT JOIN identity_shared USING (a, b)
    LEFT JOIN identity_short s USING (a, b) LEFT JOIN towns USING (a, b)
"""


def weigh_evidence(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``identity_evidence`` of the candidate pairs: a row for each, with its score."""
    for statement in (_TOWN, _SHARED_IDS, _APART, _LETTERS, _COMPARED, _SHORT, _EVIDENCE):
        connection.execute(statement)
