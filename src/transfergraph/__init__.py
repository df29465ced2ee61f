"""A knowledge graph and linked-data publisher for cooperation networks."""
