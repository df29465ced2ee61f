SELECT 'euroscivoc-' || code AS id, name AS name_de, name AS name_en,
  CASE WHEN broader IS NOT NULL THEN 'euroscivoc-' || broader END AS broader,
  'euroscivoc-' || top AS field, 'cordis' AS source, _file, _row
FROM _fields
WHERE name IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY code ORDER BY name, broader, _file, _row) = 1
ORDER BY id
