"""From raw files as publishers offer them to canonical tables, by the SQL in the folder of a source."""
