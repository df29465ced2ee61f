"""The evaluation of any catalogue: profiles, code lists, files, points."""
