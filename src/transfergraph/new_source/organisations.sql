SELECT organisation AS id, 'company' AS kind, regexp_replace(min(beneficiary), '\s+', ' ', 'g') AS name_de,
  regexp_replace(min(beneficiary), '\s+', ' ', 'g') AS name_en,
  'list' AS source, min(_file) AS _file, min(_row) AS _row
FROM _list GROUP BY organisation ORDER BY min(_row)
