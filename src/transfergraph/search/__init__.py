"""Finding entities by what they are called, in a release, on a page and on a server by one rule.

``name_list`` reads what can be found, ``index_file`` and ``browser_list`` write it for the two carriers, and
``find`` and ``script/search.js`` look it up: they fold (``folding``), rank and forgive errors alike.
"""
