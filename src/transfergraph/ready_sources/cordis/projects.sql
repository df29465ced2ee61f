SELECT 'cordis-' || p.id AS id,
  'research-and-development' AS kind,
  regexp_replace(coalesce(p.acronym, p.title), '\s+', ' ', 'g') AS name_de,
  regexp_replace(coalesce(p.acronym, p.title), '\s+', ' ', 'g') AS name_en,
  regexp_replace(regexp_replace(p.title, '</?[A-Za-z][^<>]*>', '', 'g'), '\s+', ' ', 'g') AS title_en,
  regexp_replace(regexp_replace(p.objective, '</?[A-Za-z][^<>]*>', '', 'g'), '<([A-Za-z/!?])', '< \1', 'g') AS description_en,
  CASE WHEN p.topic <> '' THEN 'cordis-' || p.topic END AS programme,
  f.topics,
  p.start_date AS start,
  p.end_date AS end,
  CASE p.status WHEN 'SIGNED' THEN 'approved' WHEN 'CLOSED' THEN 'ended' WHEN 'TERMINATED' THEN 'ended' END AS status,
  'cordis' AS source, p._file, p._row
FROM _projects p
LEFT JOIN (
  SELECT project, string_agg(DISTINCT 'euroscivoc-' || code, ';' ORDER BY 'euroscivoc-' || code) AS topics
  FROM _fields WHERE is_own GROUP BY project
) f ON f.project = p.id
WHERE p.id IS NOT NULL
ORDER BY 1
