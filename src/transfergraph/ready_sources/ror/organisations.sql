WITH shown AS (
  SELECT id, max(name) FILTER (is_shown) AS name,
    min(name) FILTER (is_label AND language = 'de') AS german, min(name) FILTER (is_label AND language = 'en') AS english,
    list_sort(list_distinct(list(replace(name, ';', ',')))) AS names
  FROM _names GROUP BY id
), parents AS (
  SELECT id, min(replace(r.id, 'https://ror.org/', '')) AS parent
  FROM (SELECT id, unnest(from_json(relationships, '[{"id": "VARCHAR", "type": "VARCHAR"}]')) AS r FROM records WHERE relationships IS NOT NULL)
  WHERE lower(r.type) = 'parent' AND r.id IN (SELECT id FROM records WHERE status <> 'withdrawn')
  GROUP BY id
)
SELECT 'ror-' || replace(r.id, 'https://ror.org/', '') AS id,
  CASE
    WHEN contains(lower(r.types), 'education') THEN 'education-establishment'
    WHEN contains(lower(r.types), 'facility') THEN 'research-institute'
    WHEN contains(lower(r.types), 'company') THEN 'company'
    WHEN contains(lower(r.types), 'government') THEN 'government'
    ELSE 'other-organisation' END AS kind,
  coalesce(s.german, s.name, s.english) AS name_de, coalesce(s.english, s.name, s.german) AS name_en,
  array_to_string(list_filter(s.names, lambda x: x NOT IN (coalesce(s.german, s.name, s.english), coalesce(s.english, s.name, s.german))), ';') AS alternative_names,
  'ror-' || p.parent AS subsidiary_of,
  replace(r.id, 'https://ror.org/', '') AS ror,
  'ror' AS source, r._file, r._row
FROM records r JOIN shown s USING (id) LEFT JOIN parents p USING (id)
WHERE r.status <> 'withdrawn' AND coalesce(s.name, s.english, s.german) IS NOT NULL
ORDER BY r.id
