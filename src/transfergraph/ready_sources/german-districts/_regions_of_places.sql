-- The regions that places lie in, and all above them.
WITH codes AS (
  SELECT substr(code, 1, length) AS code, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
  FROM _places, (VALUES (2), (3), (4), (5)) AS lengths(length) GROUP BY 1
)
SELECT 'nuts-' || code AS id,
  CASE length(code) WHEN 2 THEN 'country' WHEN 3 THEN 'nuts-1' WHEN 4 THEN 'nuts-2' ELSE 'nuts-3' END AS kind,
  n.name_de, n.name_en, code AS nuts,
  CASE WHEN length(code) > 2 THEN 'nuts-' || substr(code, 1, length(code) - 1) END AS part_of,
  c._file, c._row
FROM codes c JOIN _regions n USING (code)
