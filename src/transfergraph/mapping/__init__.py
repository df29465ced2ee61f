"""From tables to triples and back: one CSVW description, read in both directions."""
