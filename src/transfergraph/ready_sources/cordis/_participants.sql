-- Each participant of each project, from XML or CSV, with the codes in one form.
WITH every AS (
  SELECT project, pic, role, name, short_name, vat, sme, activity, city, country, nuts, url, ec, _file, _row
  FROM xml_organisations
  UNION ALL
  SELECT project, pic, role, name, short_name, vat, sme, activity, city, country, nuts, url, ec, _file, _row
  FROM csv_organisations
), named AS (
  -- Some names are cells of a CSV file, quotes and all.
  SELECT *, list_transform([name, short_name], lambda text: regexp_replace(
    CASE WHEN regexp_full_match(text, '"([^"]|"")*""([^"]|"")*"')
      THEN replace(substr(text, 2, length(text) - 2), '""', '"') ELSE text END, '\s+', ' ', 'g')) AS names
  FROM every
)
SELECT project, pic, role, names[1] AS name, names[2] AS short_name,
  upper(regexp_replace(vat, '[^0-9A-Za-z]', '', 'g')) AS vat,
  sme,
  ltrim(split_part(activity, chr(10), 1), '/') AS activity,
  trim(regexp_replace(city, '\s+', ' ', 'g'), ' ,;') AS city,
  country,
  -- The first region that a row names, as in the CSV files; often that is only the country.
  CASE WHEN regexp_full_match(split_part(nuts, chr(10), 1), '[A-Z]{2}[0-9A-Z]{1,3}') THEN split_part(nuts, chr(10), 1)
    ELSE country END AS region,
  url,
  -- 0 stands for an amount that is not known.
  nullif(try_cast(replace(ec, ',', '.') AS DECIMAL(18, 2)), 0) AS ec,
  _file, _row
FROM named
