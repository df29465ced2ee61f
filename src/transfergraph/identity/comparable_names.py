"""The records that are compared, with their names, words and keys, as tables in DuckDB.

What is given is the relation ``identity_given``: a row for each row of a source that is an organisation, with

- ``id``: a number, dense from 0; ``source``, ``tbl``, ``row``, ``key``: which row that is; - ``names`` and
``other_names``: lists, the first what it is called, in any language; - ``towns``: where it has its seat, and
other places, as written; ``legal_form``: where a column has it; - ``website``; ``parents``: keys of what it
is part of or belongs to, in its own source; - ``identifiers``: a list of ``(scheme, value, meaning)``, see
:class:`Meaning`.
"""

from __future__ import annotations

from enum import Enum

import duckdb

from transfergraph.identity.name_macros import create_macros

SHORT_KEY = 6
"""Letters of a joined name below which another name, such as an abbreviation, is no key."""


class Meaning(Enum):
    """What an identifier says of two records.

    The same ``IDENTIFIER`` means the same organisation, and another one of the scheme another (ROR, GRID,
    ISNI, Wikidata). The same ``REGISTRATION`` means the same; but one may have been registered twice (PIC). A
    ``SHARED`` one is that of several, such as the VAT number of a university and its departments.
    """

    IDENTIFIER = "identifier"
    REGISTRATION = "registration"
    SHARED = "shared"


GIVEN = """
CREATE OR REPLACE TABLE identity_given (
    id INTEGER, source VARCHAR, tbl VARCHAR, row INTEGER, key VARCHAR, names VARCHAR[], other_names
    VARCHAR[], towns VARCHAR[], legal_form VARCHAR, website VARCHAR, parents VARCHAR[],
    identifiers STRUCT(scheme VARCHAR, value VARCHAR, meaning VARCHAR)[]
)
"""

_NAMES = """
CREATE OR REPLACE TABLE identity_name AS
WITH said AS (
    SELECT id, unnest(names) AS name, true AS main FROM identity_given
    UNION ALL SELECT id, unnest(other_names), false FROM identity_given
),
once AS MATERIALIZED (
    SELECT id, name, bool_or(main) AS main FROM said WHERE trim(name) <> '' GROUP BY id, name
),
clean AS MATERIALIZED (SELECT *, identity_clean(name) AS cleaned FROM once),
bare AS MATERIALIZED (SELECT *, identity_form(cleaned) AS form, identity_bare(cleaned) AS bare FROM clean),
spaced AS MATERIALIZED (SELECT *, identity_spaced(bare) AS spaced FROM bare)
SELECT id, name, main, form, identity_joined(spaced) AS joined, replace(spaced, ' ', '') AS glued,
    identity_words(spaced) AS words
FROM spaced WHERE spaced <> ''
"""

_RARITY = """
CREATE OR REPLACE TABLE identity_rarity AS
SELECT word, ln((SELECT count(DISTINCT id) + 1 FROM identity_name) / count(DISTINCT id)) AS rarity
FROM (SELECT id, unnest(words) AS word FROM identity_name) GROUP BY word
"""

_WEIGHED = f"""
CREATE OR REPLACE TABLE identity_weighed AS
WITH told AS (SELECT row_number() OVER (ORDER BY id, main DESC, name) AS n, * FROM identity_name),
weights AS (
    SELECT n, list({{'word': word, 'rarity': rarity}} ORDER BY rarity DESC, word) AS weights, sum(rarity) AS
    weight
    FROM (SELECT n, unnest(words) AS word FROM told) JOIN identity_rarity USING (word) GROUP BY n
)
SELECT told.*, coalesce(weights, []) AS weights, coalesce(weight, 0) AS weight,
    main OR length(joined) >= {SHORT_KEY} AS is_key
FROM told LEFT JOIN weights USING (n)
"""

_RECORDS = """
CREATE OR REPLACE TABLE identity_record AS
WITH forms AS (
    SELECT id, list(DISTINCT form ORDER BY form) AS forms FROM identity_name
    WHERE main AND form IS NOT NULL GROUP BY id
)
SELECT g.id, g.source, g.tbl, g.row, g.key, g.parents, g.identifiers, g.names[1] AS name,
    coalesce(CASE WHEN len(forms) = 1 THEN forms[1] END, g.legal_form) AS form,
    list_sort(list_distinct(list_filter(list_transform(g.towns, lambda town: identity_town(town)),
        lambda town: town <> ''))) AS towns,
    identity_domain(g.website) AS domain
FROM identity_given g LEFT JOIN forms USING (id)
"""


def compare_names(connection: duckdb.DuckDBPyConnection) -> None:
    """Make ``identity_record``, ``identity_weighed`` (a row for each name) and ``identity_rarity``."""
    create_macros(connection)
    for statement in (_NAMES, _RARITY, _WEIGHED, _RECORDS):
        connection.execute(statement)
