-- The grants that are taken, each with the project that it belongs to, and its recipient.
SELECT *, 'fkz-' || regexp_replace(stem, '[^0-9A-Z]+', '-', 'g') AS project,
  'foekat-' || substr(regexp_replace(lower(recipient), '[^\p{L}\p{N}]+', '', 'g'), 1, 80) AS organisation,
  'bund-' || lower(regexp_replace(ministry, '[^\p{L}\p{N}]+', '-', 'g')) AS funder,
  'lps-' || lower(regexp_replace(plan, '[^\p{L}\p{N}]+', '-', 'g')) AS programme
FROM _grants WHERE is_number AND copy = 1 AND NOT is_bookkeeping AND ministry IS NOT NULL AND plan IS NOT NULL
