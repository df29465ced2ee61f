SELECT 'fkz-' || regexp_replace(number, '[^0-9A-Z]+', '-', 'g') || '-grant' AS id, project AS undertaking, programme, funder AS funders,
  number AS grant_number, euros AS amount, CASE WHEN euros IS NOT NULL THEN 'EUR' END AS currency,
  CASE WHEN euros IS NOT NULL THEN 'exactly' END AS qualifier, start_day AS start, end_day AS "end",
  CASE WHEN subject IS DISTINCT FROM whole THEN subject END AS note_de, 'foerderkatalog' AS source, _file, _row
FROM _taken ORDER BY number
