"""Lists of all entities of a class, narrowed by facets: read from a graph, kept and answered as tables."""

LIST_INDEX = "lists/index.sqlite"
"""What servers answer from."""

LISTS = LIST_INDEX.partition("/")[0]
"""The folder of the files of a release from which lists are shown."""
