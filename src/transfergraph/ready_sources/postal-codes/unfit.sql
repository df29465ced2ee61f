SELECT 'no-postal-code' AS rule, _file, _row, 'postal_code' AS "column", postal_code AS value FROM _rows
WHERE NOT regexp_full_match(coalesce(postal_code, ''), '[0-9]{5}')
UNION ALL
SELECT 'unknown-district', _file, _row, 'district', district FROM _rows
WHERE lpad(coalesce(district, ''), 5, '0') NOT IN (SELECT district FROM _districts)
