-- An organisation that takes part in one role several times (as third party of several) has one participation.
SELECT 'cordis-' || project AS undertaking, 'pic-' || pic AS organisation,
  CASE role WHEN 'coordinator' THEN 'coordinator' WHEN 'participant' THEN 'partner'
    WHEN 'associatedPartner' THEN 'associated-partner' WHEN 'thirdParty' THEN 'third-party'
    WHEN 'internationalPartner' THEN 'international-partner' END AS role,
  sum(ec) AS amount,
  CASE WHEN sum(ec) IS NOT NULL THEN 'EUR' END AS currency,
  CASE WHEN sum(ec) IS NOT NULL THEN 'exactly' END AS qualifier,
  'cordis' AS source,
  min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _participants
WHERE pic IS NOT NULL AND project IN (SELECT id FROM _projects)
  AND role IN ('coordinator', 'participant', 'associatedPartner', 'thirdParty', 'internationalPartner')
GROUP BY project, pic, role
ORDER BY project, pic, 3
