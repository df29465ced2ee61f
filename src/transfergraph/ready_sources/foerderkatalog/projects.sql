SELECT project AS id, 'research-and-development' AS kind,
  coalesce(max(whole), min(subject), min(stem)) AS name_de, coalesce(max(whole), min(subject), min(stem)) AS name_en,
  min(programme) AS programme, min(start_day) AS start, max(end_day) AS "end",
  'foerderkatalog' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _taken GROUP BY project ORDER BY project
