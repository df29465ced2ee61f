SELECT organisation AS id, 'other-organisation' AS kind, min(recipient) AS name_de, min(recipient) AS name_en,
  'foerderkatalog' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _taken GROUP BY organisation
UNION ALL
SELECT funder, 'government', min(ministry), min(ministry), 'foerderkatalog', min(_file), min_by(_row, (_file, _row))
FROM _taken GROUP BY funder
ORDER BY id
