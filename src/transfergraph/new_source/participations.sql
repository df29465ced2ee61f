SELECT project AS undertaking, organisation, 'beneficiary' AS role, sum(euros) AS amount,
  CASE WHEN sum(euros) IS NOT NULL THEN 'EUR' END AS currency, CASE WHEN sum(euros) IS NOT NULL THEN 'exactly' END AS qualifier,
  'list' AS source, min(_file) AS _file, min(_row) AS _row
FROM _list WHERE title IS NOT NULL GROUP BY project, organisation ORDER BY min(_row)
