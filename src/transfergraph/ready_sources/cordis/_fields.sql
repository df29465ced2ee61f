-- The fields of EuroSciVoc of each project: the number of the field, its name, and the number of the one above.
WITH every AS (
  SELECT project, code, path, _file, _row FROM xml_fields
  UNION ALL
  SELECT project, code, path, _file, _row FROM csv_fields
), split AS (
  SELECT project, string_split(trim(code, '/'), '/') AS codes, string_split(trim(path, '/'), '/') AS names, _file, _row
  FROM every WHERE code IS NOT NULL
)
SELECT project, codes[level] AS code, names[level] AS name, codes[level - 1] AS broader, codes[1] AS top,
  level = len(codes) AS is_own, _file, _row
FROM split, generate_series(1, len(codes)) AS levels(level)
