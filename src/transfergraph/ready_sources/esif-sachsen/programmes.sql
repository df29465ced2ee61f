SELECT fund || '-sachsen-2014' AS id,
  CASE fund WHEN 'efre' THEN 'EFRE in Sachsen 2014–2020' ELSE 'ESF in Sachsen 2014–2020' END AS name_de,
  CASE fund WHEN 'efre' THEN 'ERDF in Saxony 2014–2020' ELSE 'ESF in Saxony 2014–2020' END AS name_en,
  'european-commission' AS funders, 'esif-sachsen' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _operations GROUP BY fund ORDER BY id
