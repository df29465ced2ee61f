-- What may be funded of an operation is no grant: the list does not say how much was granted.
SELECT id || '-eligible' AS id, id AS undertaking, 'eligible-expenditure' AS measure, 'exactly' AS qualifier,
  euros AS amount, 'EUR' AS currency, '2016-06-30' AS as_of, 'esif-sachsen' AS source, _file, _row
FROM _operations WHERE copy = 1 AND euros IS NOT NULL
ORDER BY id
