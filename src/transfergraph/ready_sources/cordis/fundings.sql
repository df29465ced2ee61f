-- The grant of each project: its number is that of the project; 0 stands for an amount that is not known.
SELECT 'cordis-' || id AS id, 'cordis-' || id AS undertaking,
  CASE WHEN topic <> '' THEN 'cordis-' || topic END AS programme,
  'european-commission' AS funders, id AS grant_number,
  amount, CASE WHEN amount IS NOT NULL THEN 'EUR' END AS currency, CASE WHEN amount IS NOT NULL THEN 'at-most' END AS qualifier,
  start_date AS start, end_date AS end, 'cordis' AS source, _file, _row
FROM (SELECT *, nullif(try_cast(replace(ec_max, ',', '.') AS DECIMAL(18, 2)), 0) AS amount FROM _projects WHERE id IS NOT NULL)
ORDER BY id
