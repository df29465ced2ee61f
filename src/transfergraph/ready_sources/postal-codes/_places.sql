-- Each town in a district, with all its postal codes; rows without a district are those of firms with a code of their own.
SELECT place_key(d.code, r.town) AS id, d.code, min(r.town) AS name,
  string_agg(DISTINCT r.postal_code, ';' ORDER BY r.postal_code) AS postal_codes,
  min(r._file) AS _file, min_by(r._row, (r._file, r._row)) AS _row
FROM _rows r JOIN _districts d ON d.district = lpad(r.district, 5, '0')
WHERE regexp_matches(r.town, '\p{L}') AND regexp_full_match(r.postal_code, '[0-9]{5}')
GROUP BY ALL
