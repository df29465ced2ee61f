-- The operations of all lists in one form, each exact repetition once.
WITH every AS (
  SELECT 'efre' AS fund, number, beneficiary, title, summary, begins, ends, town, district, directive, category, amount,
    -- 1,234.56
    CASE WHEN regexp_full_match(amount, '[0-9]{1,3}(,[0-9]{3})*(\.[0-9]{1,2})?') THEN replace(amount, ',', '') END AS euros, _file, _row
  FROM efre_csv
  UNION ALL
  SELECT 'efre', number, beneficiary, title, summary, begins, ends, town, district, directive, category, amount,
    -- a number of a spreadsheet
    CASE WHEN regexp_full_match(amount, '[0-9]+(\.[0-9]+)?') THEN amount END, _file, _row
  FROM efre_xls WHERE number IS NOT NULL AND NOT starts_with(beneficiary, '(')
  UNION ALL
  SELECT 'esf', NULL, beneficiary, title, summary, begins, ends, town, district, directive, category, amount,
    -- 1600 or 4150,32
    CASE WHEN regexp_full_match(amount, '[0-9]+(,[0-9]{1,2})?') THEN replace(amount, ',', '.') END, _file, _row
  FROM esf_csv
  UNION ALL
  SELECT 'esf', NULL, beneficiary, title, summary, begins, ends, town, district, directive, category, amount,
    -- 1.085,00
    CASE WHEN regexp_full_match(amount, '[0-9]{1,3}(\.[0-9]{3})*(,[0-9]{1,2})?') THEN replace(replace(amount, '.', ''), ',', '.') END, _file, _row
  FROM esf_older
), one_form AS (
  SELECT * REPLACE (
      regexp_replace(replace(beneficiary, chr(173), ''), '\s+', ' ', 'g') AS beneficiary,
      regexp_replace(replace(title, chr(173), ''), '\s+', ' ', 'g') AS title,
      regexp_replace(replace(summary, chr(173), ''), '\s+', ' ', 'g') AS summary,
      try_cast(euros AS DECIMAL(18, 2)) AS euros
    ),
    coalesce(
      CAST(try_strptime(begins, '%d.%m.%Y') AS DATE), try_cast(begins AS DATE)
    )::VARCHAR AS start_day,
    coalesce(
      CAST(try_strptime(ends, '%d.%m.%Y') AS DATE), try_cast(ends AS DATE)
    )::VARCHAR AS end_day
  FROM every
), told AS (
  SELECT *, coalesce(
      'efre-sachsen-' || regexp_replace(number, '[^0-9]+', '-', 'g'),
      'esf-sachsen-' || substr(md5(concat_ws('|', beneficiary, title, summary, start_day, end_day, euros, town, district, directive, category)), 1, 16)
    ) AS id
  FROM one_form
)
SELECT *, row_number() OVER (PARTITION BY id ORDER BY _file, _row) AS copy FROM told
