"""Finding entities by what they are called, in a release, on a page and on a server by one rule.

``name_list`` reads what can be found, ``index_file`` and ``browser_list`` write it for the two carriers, and
``find`` and ``script/search.js`` look it up: they fold (``folding``), rank and forgive errors alike.
"""

MOST = 100
"""Hits that can be asked for at once."""

SEARCH = "search"
"""The folder of the files of a release in which is found."""

INDEX = f"{SEARCH}/index.sqlite"
"""What servers and Python search."""

LIST = f"{SEARCH}/list.js"
"""What a page without a server begins with."""
