SELECT o.id, 'funded-operation' AS kind,
  substr(coalesce(o.title, o.directive, o.id), 1, 500) AS name_de, substr(coalesce(o.title, o.directive, o.id), 1, 500) AS name_en,
  CASE WHEN o.summary <> o.title THEN o.summary END AS description_de,
  o.fund || '-sachsen-2014' AS programme, p.id AS place,
  o.start_day AS start, o.end_day AS "end", 'esif-sachsen' AS source, o._file, o._row
FROM _operations o LEFT JOIN _places p ON p.town = o.town AND p.district IS NOT DISTINCT FROM o.district
WHERE o.copy = 1
ORDER BY o.id
