SELECT id, min(name) AS name_de, min(name) AS name_en, 'nuts-' || region AS region, 'esif-sachsen' AS source,
  min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _places GROUP BY id, region ORDER BY id
