"""``transfergraph.toml``, ``source.toml`` and code tables as frozen values."""
