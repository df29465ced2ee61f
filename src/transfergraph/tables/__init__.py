"""Canonical tables: described by CSVW, read into DuckDB, checked, each cell with its place."""
