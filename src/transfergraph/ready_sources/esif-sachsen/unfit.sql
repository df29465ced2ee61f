SELECT 'duplicate' AS rule, _file, _row, 'title' AS "column", title AS value FROM _operations WHERE copy > 1
UNION ALL
SELECT 'glued-name', _file, _row, 'beneficiary', name FROM _beneficiaries WHERE is_glued
UNION ALL
SELECT 'no-amount', _file, _row, 'amount', amount FROM _operations WHERE amount IS NOT NULL AND euros IS NULL
UNION ALL
SELECT 'no-day', _file, _row, 'begins', begins FROM _operations WHERE begins IS NOT NULL AND start_day IS NULL
UNION ALL
SELECT 'no-day', _file, _row, 'ends', ends FROM _operations WHERE ends IS NOT NULL AND end_day IS NULL
UNION ALL
SELECT 'unknown-district', _file, _row, 'district', district FROM _places WHERE is_elsewhere
