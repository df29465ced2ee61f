-- A town in a region, written as most organisations there write it; without a town the organisation has no place.
SELECT place_key(region, city) AS id,
  region || '~' || lower(strip_accents(city)) AS place,
  region, max(city) AS city, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _participants
WHERE regexp_matches(city, '[\p{L}\p{N}]') AND region IS NOT NULL
GROUP BY ALL
