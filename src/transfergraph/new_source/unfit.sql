SELECT 'no-day' AS rule, _file, _row, 'begins' AS "column", begins AS value FROM _list
WHERE begins IS NOT NULL AND coalesce(start_day, '') = ''
UNION ALL
SELECT 'no-day', _file, _row, 'ends', ends FROM _list WHERE ends IS NOT NULL AND coalesce(end_day, '') = ''
UNION ALL
SELECT 'no-title', _file, _row, 'title', beneficiary FROM _list WHERE title IS NULL
UNION ALL
SELECT 'no-amount', _file, _row, 'amount', amount FROM _list WHERE amount IS NOT NULL AND euros IS NULL
