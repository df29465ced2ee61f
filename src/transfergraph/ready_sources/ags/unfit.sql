SELECT 'unknown-district' AS rule, _file, _row, 'ags' AS "column", ags AS value FROM _municipalities
WHERE substr(ags, 1, 5) NOT IN (SELECT district FROM _districts)
UNION ALL
SELECT 'no-municipality', _file, _row, 'kind', kind FROM extract WHERE kind IS NULL OR kind NOT IN ('10', '20', '30', '40', '50', '60')
UNION ALL
SELECT 'no-municipality', _file, _row, 'line', substr(line, 1, 40) FROM register
WHERE NOT regexp_matches(line, '^[1-6]0[0-9]{10}')
