SELECT id, name AS name_de, name AS name_en, 'nuts-' || code AS region, postal_codes, 'postal-codes' AS source, _file, _row
FROM _places ORDER BY id
