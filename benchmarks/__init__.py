"""Measurements of transfergraph against its peers and its own limits; see ``python -m benchmarks --help``."""
