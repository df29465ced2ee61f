SELECT 'no-record' AS rule, _file, _row, 'id' AS "column", name AS value FROM records
WHERE id IS NULL OR NOT starts_with(id, 'https://ror.org/')
UNION ALL
SELECT 'unknown-type', _file, _row, 'types', types FROM records
WHERE NOT regexp_matches(lower(coalesce(types, '')), 'education|facility|company|government|nonprofit|healthcare|archive|other|funder')
