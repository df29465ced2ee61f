WITH first AS (SELECT min(_file) AS _file, min_by(_row, (_file, _row)) AS _row FROM _operations), codes AS (
  SELECT DISTINCT substr(region, 1, length) AS code FROM _places, (VALUES (2), (3), (4), (5)) AS lengths(length)
  WHERE length <= length(region)
)
SELECT 'nuts-' || c.code AS id,
  CASE length(c.code) WHEN 2 THEN 'country' WHEN 3 THEN 'nuts-1' WHEN 4 THEN 'nuts-2' ELSE 'nuts-3' END AS kind,
  coalesce(d.name, w.name_de) AS name_de, coalesce(d.name, w.name_en) AS name_en,
  c.code AS nuts, CASE WHEN length(c.code) > 2 THEN 'nuts-' || substr(c.code, 1, length(c.code) - 1) END AS part_of,
  'esif-sachsen' AS source, first._file, first._row
FROM first, codes c
LEFT JOIN _districts d ON d.code = c.code
LEFT JOIN (VALUES ('DE', 'Deutschland', 'Germany'), ('DED', 'Sachsen', 'Saxony'), ('DED2', 'Dresden', 'Dresden'),
  ('DED4', 'Chemnitz', 'Chemnitz'), ('DED5', 'Leipzig', 'Leipzig')) AS w(code, name_de, name_en) ON w.code = c.code
ORDER BY id
