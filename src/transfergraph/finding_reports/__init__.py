"""A report of findings in each of its forms."""
