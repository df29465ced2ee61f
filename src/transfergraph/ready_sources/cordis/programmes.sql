-- The parts of the framework programme, each below the part that its number begins with; the topics of calls below these.
WITH RECURSIVE named AS (
  SELECT code, title, count(*) AS n, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
  FROM _legal_bases GROUP BY ALL
), parts AS (
  SELECT code, title, _file, _row FROM named
  QUALIFY row_number() OVER (PARTITION BY code ORDER BY (title IS NOT NULL)::INTEGER DESC, n DESC, title) = 1
), above AS (
  SELECT code FROM parts
  UNION
  SELECT regexp_replace(code, '\.[^.]*$', '') FROM above WHERE contains(code, '.')
), whole AS (
  SELECT a.code, p.title, p._file, p._row FROM above a LEFT JOIN parts p USING (code)
), topics AS (
  SELECT p.topic AS code, p.topic_title AS title, l.code AS part, count(*) AS n, min(p._file) AS _file, min_by(p._row, (p._file, p._row)) AS _row
  FROM _projects p LEFT JOIN _legal_bases l ON l.project = p.id AND l.is_whole
  WHERE p.topic <> '' GROUP BY ALL
)
SELECT 'cordis-' || w.code AS id, coalesce(w.title, w.code) AS name_de, coalesce(w.title, w.code) AS name_en,
  CASE WHEN w.title IS NOT NULL AND w.title <> w.code THEN w.code END AS alternative_names,
  'european-commission' AS funders,
  CASE WHEN contains(w.code, '.') THEN 'cordis-' || regexp_replace(w.code, '\.[^.]*$', '') END AS part_of,
  'cordis' AS source,
  coalesce(w._file, f._file) AS _file, coalesce(w._row, f._row) AS _row
FROM whole w, (SELECT _file, _row FROM _projects ORDER BY id LIMIT 1) f
UNION ALL
SELECT 'cordis-' || t.code, coalesce(t.title, t.code), coalesce(t.title, t.code),
  CASE WHEN t.title IS NOT NULL AND t.title <> t.code THEN t.code END,
  'european-commission', 'cordis-' || t.part, 'cordis', t._file, t._row
FROM (
  SELECT * FROM topics QUALIFY row_number() OVER (PARTITION BY code ORDER BY n DESC, part, title) = 1
) t
WHERE t.code NOT IN (SELECT code FROM whole)
ORDER BY id
