SELECT project AS undertaking, organisation, 'beneficiary' AS role, sum(euros) AS amount,
  CASE WHEN sum(euros) IS NOT NULL THEN 'EUR' END AS currency, CASE WHEN sum(euros) IS NOT NULL THEN 'exactly' END AS qualifier,
  'foerderkatalog' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _taken GROUP BY project, organisation ORDER BY project, organisation
