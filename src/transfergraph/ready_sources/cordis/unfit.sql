SELECT 'unknown-status' AS rule, _file, _row, 'status' AS "column", status AS value
FROM _projects WHERE status NOT IN ('SIGNED', 'CLOSED', 'TERMINATED')
UNION ALL
SELECT 'unknown-role', _file, _row, 'role', role FROM _participants
WHERE coalesce(role, '') NOT IN ('coordinator', 'participant', 'associatedPartner', 'thirdParty', 'internationalPartner')
UNION ALL
SELECT 'unknown-activity', _file, _row, 'activity', activity FROM _participants
WHERE activity NOT IN ('HES', 'REC', 'PRC', 'PUB', 'OTH')
UNION ALL
SELECT 'no-id', _file, _row, 'pic', name FROM _participants WHERE pic IS NULL OR project IS NULL
UNION ALL
SELECT 'no-id', _file, _row, 'id', acronym FROM _projects WHERE id IS NULL
UNION ALL
SELECT 'region-elsewhere', _file, _row, 'nuts', region || ' / ' || country FROM _participants WHERE substr(region, 1, 2) <> country
UNION ALL
SELECT 'several-names', _file, _row, 'name', name FROM _facts WHERE name_count > 1
UNION ALL
SELECT 'several-numbers', min(_file), min_by(_row, (_file, _row)), 'pic', string_agg(pic, ', ' ORDER BY pic)
FROM _facts WHERE name IS NOT NULL GROUP BY lower(name), country HAVING count(*) > 1
UNION ALL
SELECT 'no-website', _file, _row, 'url', url FROM _facts
WHERE NOT regexp_full_match(url, '(?i)(https?://|www\.)[a-z0-9.-]+\.[a-z]{2,}(:[0-9]+)?(/[!#$&-;=?-Z_a-z~%]*)?')
