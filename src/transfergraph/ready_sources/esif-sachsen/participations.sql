SELECT o.id AS undertaking, b.id AS organisation, 'beneficiary' AS role, 'esif-sachsen' AS source, o._file, o._row
FROM _operations o JOIN _beneficiaries b USING (beneficiary)
WHERE o.copy = 1
ORDER BY o.id
