SELECT 'pic-' || f.pic AS id,
  CASE f.activity
    WHEN 'HES' THEN 'education-establishment' WHEN 'REC' THEN 'research-institute' WHEN 'PRC' THEN 'company'
    WHEN 'PUB' THEN 'public-body' ELSE 'other-organisation' END AS kind,
  coalesce(f.name, f.short_name, f.pic) AS name_de,
  coalesce(f.name, f.short_name, f.pic) AS name_en,
  array_to_string(list_transform(list_filter(list_sort(list_distinct(f.names)), lambda x: x <> f.name), lambda x: replace(x, ';', ',')), ';')
    AS alternative_names,
  CASE WHEN f.sme = 'true' THEN 'sme' END AS size_class,
  p.id AS place,
  f.pic,
  CASE WHEN regexp_full_match(f.vat, '[A-Z]{2}[0-9A-Z]{2,13}') THEN f.vat END AS vat,
  CASE WHEN regexp_full_match(f.url, '(?i)https?://[a-z0-9.-]+\.[a-z]{2,}(:[0-9]+)?(/[!#$&-;=?-Z_a-z~%]*)?') THEN f.url
    WHEN regexp_full_match(f.url, '(?i)www\.[a-z0-9.-]+\.[a-z]{2,}(/[!#$&-;=?-Z_a-z~%]*)?') THEN 'http://' || f.url END AS website,
  'cordis' AS source, f._file, f._row
FROM _facts f
LEFT JOIN _places p ON p.place = f.place
UNION ALL
SELECT 'european-commission', 'government', 'Europäische Kommission', 'European Commission', NULL, NULL, NULL, NULL, NULL, NULL,
  'cordis', _file, _row
FROM (SELECT _file, _row FROM _projects ORDER BY id LIMIT 1)
ORDER BY id
