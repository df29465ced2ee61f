-- Every name of each organisation, of both schemas: which language, and whether it is the one that is shown.
WITH two AS (
  SELECT id, unnest(from_json(names, '[{"value": "VARCHAR", "lang": "VARCHAR", "types": ["VARCHAR"]}]')) AS n FROM records WHERE names IS NOT NULL
)
SELECT id, n.value AS name, n.lang AS language, list_contains(n.types, 'ror_display') AS is_shown, list_contains(n.types, 'label') AS is_label FROM two
UNION ALL
SELECT id, name, NULL, true, true FROM records WHERE names IS NULL AND name IS NOT NULL
UNION ALL
SELECT id, l.label, l.iso639, false, true FROM (
  SELECT id, unnest(from_json(labels, '[{"label": "VARCHAR", "iso639": "VARCHAR"}]')) AS l FROM records WHERE names IS NULL AND labels IS NOT NULL
)
UNION ALL
SELECT id, unnest(from_json(aliases, '["VARCHAR"]')), NULL, false, false FROM records WHERE names IS NULL AND aliases IS NOT NULL
UNION ALL
SELECT id, unnest(from_json(acronyms, '["VARCHAR"]')), NULL, false, false FROM records WHERE names IS NULL AND acronyms IS NOT NULL
