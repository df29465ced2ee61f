"""Which pairs of records are looked at: those that share what few have, so that their number grows with that
of
records.

A pair shares an identifier, the key in two sources, the joined name, its first letters, one of its rarest
words, or the domain of the website. What more than ``_CROWD`` records have in common tells nothing, and is
left out.
"""

from __future__ import annotations

import duckdb

_CROWD = 60
_FIRST = 6  # letters of the joined name
_RAREST = 4  # words of a name

_BLOCKS = f"""
CREATE OR REPLACE TABLE identity_block AS
SELECT DISTINCT block, id FROM (
    SELECT 'name:' || joined AS block, id FROM identity_weighed WHERE is_key
    UNION ALL SELECT 'begin:' || left(joined, {_FIRST}), id FROM identity_weighed
    UNION ALL SELECT 'word:' || unnest(list_transform(weights[1:{_RAREST}], lambda w: w.word)), id FROM
    identity_weighed UNION ALL SELECT 'domain:' || domain, id FROM identity_record WHERE domain IS NOT NULL
    UNION ALL SELECT 'key:' || key, id FROM identity_record
    UNION ALL SELECT 'id:' || one.scheme || one.value, id FROM (
        SELECT id, unnest(identifiers) AS one FROM identity_record
    )
)
"""

_PAIRS = f"""
CREATE OR REPLACE TABLE identity_pair AS
WITH small AS (SELECT block FROM identity_block GROUP BY block HAVING count(*) BETWEEN 2 AND {_CROWD})
SELECT DISTINCT a.id AS a, b.id AS b
FROM small JOIN identity_block a USING (block) JOIN identity_block b USING (block) WHERE a.id < b.id
"""


def pair_candidates(connection: duckdb.DuckDBPyConnection) -> int:
    """Make ``identity_pair`` of the tables of :mod:`comparable_names`; returns how many pairs there are."""
    connection.execute(_BLOCKS)
    connection.execute(_PAIRS)
    row = connection.execute("SELECT count(*) FROM identity_pair").fetchone()
    return int(row[0]) if row else 0
