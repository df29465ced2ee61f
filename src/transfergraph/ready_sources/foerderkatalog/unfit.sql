SELECT 'bookkeeping' AS rule, _file, _row, 'subject' AS "column", subject AS value FROM _grants WHERE is_bookkeeping
UNION ALL
SELECT 'no-number', _file, _row, 'fkz', fkz FROM _grants WHERE NOT is_number OR ministry IS NULL OR plan IS NULL
UNION ALL
SELECT 'number-twice', _file, _row, 'fkz', fkz FROM _grants WHERE copy > 1 AND is_number
UNION ALL
SELECT 'no-amount', _file, _row, 'amount', amount FROM _grants WHERE amount IS NOT NULL AND stated IS NULL
UNION ALL
SELECT 'no-day', _file, _row, 'begins', begins FROM _grants WHERE begins IS NOT NULL AND start_day IS NULL
UNION ALL
SELECT 'no-day', _file, _row, 'ends', ends FROM _grants WHERE ends IS NOT NULL AND end_day IS NULL
