-- One row of the list in the forms that the tables want: keys of letters, digits and hyphens, days like 2024-03-01.
-- Rows of one title and begin are one project with several partners.
SELECT *,
  'list-' || substr(regexp_replace(lower(beneficiary), '[^\p{L}\p{N}]+', '', 'g'), 1, 80) AS organisation,
  'list-' || trim(substr(regexp_replace(lower(title), '[^\p{L}\p{N}]+', '-', 'g'), 1, 40), '-')
    || '-' || substr(md5(concat_ws('|', title, begins)), 1, 8) AS project,
  coalesce(CAST(try_strptime(begins, '%d.%m.%Y') AS DATE)::VARCHAR, regexp_extract(begins, '^[0-9]{4}$')) AS start_day,
  coalesce(CAST(try_strptime(ends, '%d.%m.%Y') AS DATE)::VARCHAR, regexp_extract(ends, '^[0-9]{4}$')) AS end_day,
  try_cast(replace(replace(regexp_replace(amount, '[^0-9,.-]', '', 'g'), '.', ''), ',', '.') AS DECIMAL(18, 2)) AS euros
FROM list
