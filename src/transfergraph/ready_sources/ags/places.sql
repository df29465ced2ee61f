SELECT id, name AS name_de, name AS name_en, 'nuts-' || code AS region, ags,
  CASE WHEN regexp_full_match(postal_code, '[0-9]{5}') THEN postal_code END AS postal_codes,
  rtrim(rtrim(lat::VARCHAR, '0'), '.') AS lat, rtrim(rtrim(long::VARCHAR, '0'), '.') AS long, 'ags' AS source, _file, _row
FROM _places ORDER BY ags
