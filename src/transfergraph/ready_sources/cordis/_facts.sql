-- What is said of each organisation most often, and of equally frequent values the last in the alphabet;
-- a region before a country.
WITH said AS (
  SELECT pic, unnest(['name', 'short_name', 'vat', 'sme', 'activity', 'country', 'place', 'url']) AS attribute,
    unnest([name, short_name, vat, sme, activity, country,
      region || '~' || coalesce(lower(strip_accents(city)), ''), url]) AS value
  FROM _participants WHERE pic IS NOT NULL
), counted AS (
  SELECT pic, attribute, value, count(*) AS n FROM said WHERE value IS NOT NULL GROUP BY ALL
), ranked AS (
  SELECT pic, attribute, value, row_number() OVER (
    PARTITION BY pic, attribute
    ORDER BY (attribute = 'place' AND length(split_part(value, '~', 1)) > 2) DESC, n DESC, value DESC
  ) AS rank
  FROM counted
), facts AS (
  SELECT pic,
    max(value) FILTER (attribute = 'name' AND rank = 1) AS name,
    max(value) FILTER (attribute = 'short_name' AND rank = 1) AS short_name,
    max(value) FILTER (attribute = 'vat' AND rank = 1) AS vat,
    max(value) FILTER (attribute = 'sme' AND rank = 1) AS sme,
    max(value) FILTER (attribute = 'activity' AND rank = 1) AS activity,
    max(value) FILTER (attribute = 'country' AND rank = 1) AS country,
    max(value) FILTER (attribute = 'place' AND rank = 1) AS place,
    max(value) FILTER (attribute = 'url' AND rank = 1) AS url,
    list(value ORDER BY value) FILTER (attribute IN ('name', 'short_name')) AS names,
    count(*) FILTER (attribute = 'name') AS name_count
  FROM ranked GROUP BY pic
), first AS (
  SELECT pic, _file, _row FROM _participants WHERE pic IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY pic ORDER BY _file, _row) = 1
)
SELECT facts.*, first._file, first._row FROM facts JOIN first USING (pic)
