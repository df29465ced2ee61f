-- Every region that an organisation is in, and all above it; codes of any version of NUTS, whose names stand in the list of its newest.
WITH codes AS (
  SELECT region AS code, _file, _row FROM _participants WHERE region IS NOT NULL
), every AS (
  SELECT substr(code, 1, length) AS code, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
  FROM codes, (VALUES (2), (3), (4), (5)) AS lengths(length) WHERE length <= length(code) GROUP BY 1
), names AS (
  SELECT code, coalesce(max(name_de), max(name)) AS name_de, coalesce(max(name_en), max(name)) AS name_en FROM nuts GROUP BY code
)
SELECT 'nuts-' || e.code AS id,
  CASE length(e.code) WHEN 2 THEN 'country' WHEN 3 THEN 'nuts-1' WHEN 4 THEN 'nuts-2' ELSE 'nuts-3' END AS kind,
  coalesce(n.name_de, e.code) AS name_de, coalesce(n.name_en, e.code) AS name_en,
  e.code AS nuts, CASE WHEN length(e.code) > 2 THEN 'nuts-' || substr(e.code, 1, length(e.code) - 1) END AS part_of,
  'cordis' AS source, e._file, e._row
FROM every e LEFT JOIN names n USING (code)
ORDER BY id
