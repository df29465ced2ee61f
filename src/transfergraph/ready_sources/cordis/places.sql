SELECT id, max(city) AS name_de, max(city) AS name_en, 'nuts-' || region AS region, 'cordis' AS source,
  min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _places GROUP BY id, region ORDER BY id
