-- The towns without their titles: "Freiberg, Stadt"; two of one name in one district keep their keys.
WITH named AS (
  SELECT m.ags, regexp_replace(m.name, ', .*$', '') AS name, d.code, m.lat, m.long, m.postal_code, m._file, m._row
  FROM _municipalities m JOIN _districts d ON d.district = substr(m.ags, 1, 5)
)
SELECT *, CASE WHEN count(*) OVER (PARTITION BY place_key(code, name)) = 1 THEN place_key(code, name)
    ELSE place_key(code, name) || '-' || ags END AS id
FROM named WHERE regexp_matches(name, '\p{L}')
