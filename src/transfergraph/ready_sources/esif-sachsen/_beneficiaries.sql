-- Each beneficiary once: names that differ only in spaces, hyphens and capitals are one.
SELECT o.beneficiary, n.name, n.is_glued,
  'esif-' || substr(regexp_replace(replace(lower(n.name), ' ', ''), '[^\p{L}\p{N}]+', '', 'g'), 1, 80) AS id,
  min(o._file) AS _file, min_by(o._row, (o._file, o._row)) AS _row
FROM _operations o JOIN _names n USING (beneficiary)
GROUP BY ALL
