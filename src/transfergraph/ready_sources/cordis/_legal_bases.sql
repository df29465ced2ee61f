-- The parts of the programme, and which of them a project belongs to as a whole.
SELECT project, trim(code) AS code, regexp_replace(title, '\s+', ' ', 'g') AS title, is_whole = 'true' AS is_whole, _file, _row
FROM (
  SELECT * FROM xml_programmes UNION ALL SELECT * FROM csv_programmes
)
WHERE code IS NOT NULL
