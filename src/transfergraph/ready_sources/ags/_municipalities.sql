-- Each municipality of the newest list at hand, with what only another list tells of it: coordinates, a postal code.
WITH every AS (
  SELECT lpad(land, 2, '0') || coalesce(rb, '0') || lpad(kreis, 2, '0') || lpad(gemeinde, 3, '0') AS ags,
    name, try_cast(replace(lat, ',', '.') AS DECIMAL(9, 6)) AS lat, try_cast(replace(long, ',', '.') AS DECIMAL(9, 6)) AS long,
    lpad(postal_code, 5, '0') AS postal_code, NULL AS told, _file, _row
  FROM extract WHERE kind = '60'
  UNION ALL
  SELECT substr(line, 11, 8), trim(substr(line, 23, 50)), NULL, NULL,
    nullif(trim(substr(line, 166, 5)), ''), substr(line, 3, 8), _file, _row
  FROM register WHERE starts_with(line, '60')
)
SELECT ags, first(name ORDER BY told DESC NULLS LAST, _file, _row) AS name,
  any_value(lat) AS lat, any_value(long) AS long, max(postal_code) AS postal_code,
  first(_file ORDER BY told DESC NULLS LAST, _file, _row) AS _file,
  first(_row ORDER BY told DESC NULLS LAST, _file, _row) AS _row
FROM every WHERE ags IS NOT NULL GROUP BY ags
