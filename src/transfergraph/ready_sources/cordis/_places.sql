-- A town in a region; without a town the organisation has no place. A name that nobody writes in mixed letters
-- (ROMA, roma) gets them.
SELECT place_key(region, city) AS id,
  region || '~' || lower(strip_accents(city)) AS place,
  region,
  coalesce(
    max(city) FILTER (city <> lower(city) AND city <> upper(city)),
    array_to_string(
      list_transform(string_split(lower(max(city)), ' '), lambda word: upper(word[1]) || word[2:]), ' ')
  ) AS city, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _participants
WHERE regexp_matches(city, '[\p{L}\p{N}]') AND region IS NOT NULL
GROUP BY ALL
