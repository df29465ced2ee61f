SELECT project AS id, 'research-and-development' AS kind, regexp_replace(min(title), '\s+', ' ', 'g') AS name_de,
  regexp_replace(min(title), '\s+', ' ', 'g') AS name_en,
  min(nullif(start_day, '')) AS start, max(nullif(end_day, '')) AS "end", 'list' AS source, min(_file) AS _file, min(_row) AS _row
FROM _list WHERE title IS NOT NULL GROUP BY project ORDER BY min(_row)
