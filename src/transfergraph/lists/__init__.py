"""Lists of all entities of a class, narrowed by facets: read from a graph, kept and answered as tables."""
