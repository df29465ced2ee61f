SELECT 'nuts-' || code AS id,
  CASE length(code) WHEN 2 THEN 'country' WHEN 3 THEN 'nuts-1' WHEN 4 THEN 'nuts-2' ELSE 'nuts-3' END AS kind,
  coalesce(label_de, name) AS name_de, coalesce(label_en, name) AS name_en, code AS nuts,
  CASE WHEN substr(code, 1, length(code) - 1) IN (SELECT code FROM units) THEN 'nuts-' || substr(code, 1, length(code) - 1) END AS part_of,
  'nuts' AS source, _file, _row
FROM units WHERE regexp_full_match(code, '[A-Z]{2}[0-9A-Z]{0,3}') AND name IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY code ORDER BY _file, _row) = 1
ORDER BY code
