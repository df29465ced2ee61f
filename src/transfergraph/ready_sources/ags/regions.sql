SELECT *, 'ags' AS source FROM _regions_of_places ORDER BY id
