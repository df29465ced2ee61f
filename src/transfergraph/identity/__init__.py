"""Which rows of organisations, of one source or several, are about the same organisation.

Identifiers and decisions of curators come first, then exact keys after full normalisation, then one score
with two thresholds; what cannot be one is vetoed. What lies between the thresholds is asked.
"""
