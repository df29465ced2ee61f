"""The evaluation of any catalogue: profiles, code lists, distributions, and the scores of data.europa.eu."""
