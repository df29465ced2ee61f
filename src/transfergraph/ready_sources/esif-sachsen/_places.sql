-- Towns without their titles: "Freiberg, Stadt, Universitätsstadt".
SELECT o.town, o.district, regexp_replace(o.town, ', .*$', '') AS name, coalesce(d.code, 'DED') AS region,
  place_key(coalesce(d.code, 'DED'), regexp_replace(o.town, ', .*$', '')) AS id,
  d.code IS NULL AS is_elsewhere, min(o._file) AS _file, min_by(o._row, (o._file, o._row)) AS _row
FROM _operations o LEFT JOIN _districts d USING (district)
WHERE regexp_matches(o.town, '[\p{L}]')
GROUP BY ALL
