-- Names as they are shown. The lists cut them at the width of a column and drop the space: "UniversitätDresden". Where all
-- the parts stand somewhere in the lists as words of their own, they are parted; else the name stays as it is.
WITH names AS (
  SELECT DISTINCT beneficiary,
    -- always safe: before e.V., behind GmbH and mbH
    regexp_replace(regexp_replace(beneficiary, '([a-zäöüß])(e\. ?[VG]\.)', '\1 \2', 'g'), '(mbH)([A-ZÄÖÜ])', '\1 \2', 'g') AS name
  FROM _operations
), tokens AS (
  SELECT beneficiary, unnest(string_split(name, ' ')) AS token, generate_subscripts(string_split(name, ' '), 1) AS position FROM names
), parted AS (
  SELECT *, CASE WHEN regexp_matches(token, '[a-zäöüß][A-ZÄÖÜ]') AND NOT regexp_matches(token, 'mbH$')
    THEN string_split(regexp_replace(token, '([a-zäöüß])([A-ZÄÖÜ])', '\1 \2', 'g'), ' ') ELSE [token] END AS parts
  FROM tokens
), words AS (
  SELECT DISTINCT trim(token, '.,"()') AS word FROM parted WHERE len(parts) = 1 AND length(trim(token, '.,"()')) > 1
  UNION
  SELECT unnest(['und', 'für', 'der', 'die', 'des', 'im', 'in', 'am', 'bei', 'zur', 'zum', 'von', 'mit', 'e.V.'])
), known AS (
  SELECT list(word) AS known FROM words
), judged AS (
  SELECT p.beneficiary, p.position, p.token, p.parts,
    len(p.parts) > 1 AND list_has_all(known, list_transform(p.parts, lambda x: trim(x, '.,"()'))) AS is_safe
  FROM parted p, known
)
SELECT beneficiary,
  string_agg(CASE WHEN is_safe THEN array_to_string(parts, ' ') ELSE token END, ' ' ORDER BY position) AS name,
  bool_or(len(parts) > 1 AND NOT is_safe) AS is_glued
FROM judged GROUP BY beneficiary
