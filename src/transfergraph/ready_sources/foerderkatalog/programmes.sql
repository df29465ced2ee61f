SELECT programme AS id, coalesce(min(plan_text), min(plan)) AS name_de, coalesce(min(plan_text), min(plan)) AS name_en,
  CASE WHEN min(plan_text) IS NOT NULL THEN min(plan) END AS alternative_names, string_agg(DISTINCT funder, ';' ORDER BY funder) AS funders,
  'foerderkatalog' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _taken GROUP BY programme ORDER BY programme
