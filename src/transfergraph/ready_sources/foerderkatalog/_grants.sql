-- Each grant in one form. Parts of a joint project share the stem of the grant number: 03WIR1905A and 03WIR1905B.
WITH one_form AS (
  SELECT * REPLACE (regexp_replace(recipient, '\s+', ' ', 'g') AS recipient, regexp_replace(subject, '\s+', ' ', 'g') AS subject),
    upper(regexp_replace(fkz, '\s+', '', 'g')) AS number,
    CAST(try_strptime(begins, '%d.%m.%Y') AS DATE)::VARCHAR AS start_day, CAST(try_strptime(ends, '%d.%m.%Y') AS DATE)::VARCHAR AS end_day,
    try_cast(replace(replace(amount, '.', ''), ',', '.') AS DECIMAL(18, 2)) AS stated,
    regexp_matches(coalesce(subject, ''), '(?i)nur zum Zweck der Auszahlung|Sammelvorhabenbuchung') AS is_bookkeeping
  FROM list
)
SELECT *,
  nullif(stated, 0) AS euros, -- 0 stands for what is not disclosed
  regexp_full_match(coalesce(number, ''), '[0-9A-Z][0-9A-Z./-]*') AS is_number,
  regexp_replace(number, '([0-9])[A-Z]{1,2}$', '\1') AS stem,
  -- The name of the joint project: its own column, or the subject up to the part: "Verbundprojekt: X; Teilvorhaben: Y"
  coalesce(joint, nullif(regexp_extract(subject, '^Verbund(?:projekt|vorhaben)[^:]*: *(.*?) *(?:;|-) *(?:Teil|TP)', 1), '')) AS whole,
  row_number() OVER (PARTITION BY number ORDER BY _file, _row) AS copy
FROM one_form
