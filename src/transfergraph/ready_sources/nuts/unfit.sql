SELECT 'no-code' AS rule, _file, _row, 'code' AS "column", code AS value FROM units
WHERE NOT regexp_full_match(coalesce(code, ''), '[A-Z]{2}[0-9A-Z]{0,3}') OR name IS NULL
