"""The ties between organisations as a table, computed from the canonical tables in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable

from transfergraph.tables.csvw import Table, TableGroup
from transfergraph.tables.uri_template import sql_name

_TIES = """
WITH undertaking_period AS (
    SELECT id AS undertaking, min("start") AS begins, max("end") AS ends
    FROM (
        {periods}
    )
    GROUP BY id
),
membership AS (
    SELECT
        p.undertaking,
        p.organisation,
        min(try_cast(left(coalesce(p."start", u.begins), 4) AS SMALLINT)) AS begins,
        max(try_cast(left(coalesce(p."end", u.ends), 4) AS SMALLINT)) AS ends
    FROM participations AS p
    LEFT JOIN undertaking_period AS u ON u.undertaking = p.undertaking
    GROUP BY p.undertaking, p.organisation
),
organisation_number AS (
    SELECT organisation, (row_number() OVER (ORDER BY organisation))::INTEGER AS number
    FROM (SELECT DISTINCT organisation FROM membership)
),
undertaking_number AS (
    SELECT undertaking, size, (row_number() OVER (ORDER BY undertaking))::INTEGER AS number
    FROM (SELECT undertaking, count(*) AS size FROM membership GROUP BY undertaking)
    WHERE size BETWEEN 2 AND {limit}
),
numbered AS (
    SELECT
        u.number AS undertaking,
        o.number AS organisation,
        -- decimal: the sum must not depend on the order in which threads add
        round(1 / (u.size - 1), 12)::DECIMAL(18, 12) AS weight,
        m.begins,
        m.ends
    FROM membership AS m
    JOIN undertaking_number AS u USING (undertaking)
    JOIN organisation_number AS o USING (organisation)
),
pair AS (
    SELECT
        a.organisation AS a,
        b.organisation AS b,
        a.undertaking,
        a.weight,
        -- what is unknown of one partner is unknown of the pair; greatest() and least() ignore NULL
        CASE WHEN a.begins + b.begins IS NOT NULL THEN greatest(a.begins, b.begins) END AS begins,
        CASE WHEN a.ends + b.ends IS NOT NULL THEN least(a.ends, b.ends) END AS ends
    FROM numbered AS a
    JOIN numbered AS b ON b.undertaking = a.undertaking AND a.organisation < b.organisation
),
tie AS (
    SELECT
        a,
        b,
        count(*) AS shared,
        sum(weight)::DECIMAL(18, 6) AS newman,
        min(begins) FILTER (ends IS NULL OR begins <= ends) AS first_year,
        max(ends) FILTER (begins IS NULL OR begins <= ends) AS last_year,
        list(undertaking) AS undertakings
    FROM pair
    GROUP BY a, b
),
evidence AS (
    SELECT tie.a, tie.b, string_agg(u.undertaking, ';' ORDER BY u.number) AS evidence
    FROM (SELECT a, b, unnest(undertakings) AS number FROM tie WHERE shared > 1) AS tie
    JOIN undertaking_number AS u USING (number)
    GROUP BY tie.a, tie.b
)
SELECT
    oa.organisation AS organisation_a,
    ob.organisation AS organisation_b,
    tie.shared,
    tie.newman,
    tie.first_year,
    tie.last_year,
    coalesce(evidence.evidence, u.undertaking) AS evidence
FROM tie
JOIN organisation_number AS oa ON oa.number = tie.a
JOIN organisation_number AS ob ON ob.number = tie.b
JOIN undertaking_number AS u ON u.number = tie.undertakings[1]
LEFT JOIN evidence ON evidence.a = tie.a AND evidence.b = tie.b
ORDER BY tie.a, tie.b
"""


def dated_tables(group: TableGroup) -> tuple[Table, ...]:
    """The tables of what one can take part in, as far as they have periods."""
    described = group.targets(group.table("participations").column("undertaking"))
    return tuple(one for one in described if {"start", "end"} <= {column.name for column in one.columns})


def ties_sql(consortium_limit: int, dated: Iterable[Table]) -> str:
    """The SELECT statement for the ties: one row per pair of organisations that share an undertaking.

    The connection must hold ``participations`` (``undertaking``, ``organisation``, ``start``, ``end``) and
    the ``dated`` tables (:func:`dated_tables`), all VARCHAR with NULL for blank cells.
    An undertaking counts when 2 to ``consortium_limit`` organisations take part in it; several roles of
    one organisation in one undertaking count once.

    Columns, sorted by the first two: ``organisation_a`` < ``organisation_b`` (keys, by code point);
    ``shared``, the number of shared undertakings; ``newman``, the sum of 1/(n-1) over them with n
    organisations each (M. E. J. Newman, Physical Review E 64, 016132, equation 2), six decimals;
    ``first_year`` and ``last_year``, the earliest and latest year in which both are known to take part
    in the same undertaking, from the participation or else from the undertaking, NULL where unknown;
    ``evidence``, the keys of the undertakings in ascending order, joined by ``;``.

    Same tables, same rows in the same order, whatever the number of threads.
    """
    periods = [
        f'SELECT {sql_name(*one.about.variables)} AS id, "start", "end" FROM {sql_name(one.name)}'
        for one in dated
    ]
    nothing = """SELECT NULL::VARCHAR AS id, NULL::VARCHAR AS "start", NULL::VARCHAR AS "end" WHERE false"""
    return _TIES.format(limit=int(consortium_limit), periods=" UNION ALL ".join(periods) or nothing)
