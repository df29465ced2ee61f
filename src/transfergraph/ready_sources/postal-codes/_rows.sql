-- Each postal code and town, of the CSV files or of the official tables without a header.
SELECT postal_code, town, district, _file, _row FROM codes
UNION ALL
SELECT split_part(line, chr(9), 2), split_part(line, chr(9), 3), split_part(line, chr(9), 9), _file, _row FROM official
