"""What each format of an export cannot carry: the only such list, for pages, documentation and tests.

``LOSSES`` has for each kind of export (the network, the graph, a list, the answer to a query) the losses of
each format by its file ending, none where it carries everything. The text ``loss.<name>`` says what one is.
"""

from __future__ import annotations

from collections.abc import Mapping

Losses = Mapping[str, tuple[str, ...]]

_ONE_LANGUAGE = ("languages", "values", "cells")
_PICTURE = ("languages", "data")

NETWORK: Losses = {
    "html": (),
    "graphml": _ONE_LANGUAGE,
    "gexf": (*_ONE_LANGUAGE, "citation-words"),
    "csv": (*_ONE_LANGUAGE, "types", "citation"),
    "json": (*_ONE_LANGUAGE, "fields", "ties", "citation-words"),
    "svg": _PICTURE,
    "png": _PICTURE,
    "pdf": _PICTURE,
}
"""The files of ``transfergraph network`` and of the network page; JSON is that of VOSviewer."""

GRAPH: Losses = {
    "nq": ("cells",),
    "ttl": ("origins", "cells"),
    "nt": ("origins", "cells"),
    "jsonld": ("origins", "cells"),
    "rdf": ("origins", "cells"),
    "csv": ("derived",),
}
"""The dumps; CSV are the published tables with the description of their columns."""

LIST: Losses = {
    "csv": ("languages", "types", "values", "addresses", "origins", "cells", "citation"),
    "xlsx": ("languages", "types", "values", "addresses", "origins", "cells"),
    "json": ("languages", "origins", "cells"),
    "ttl": ("records", "origins", "cells", "citation"),
}

ANSWER: Losses = {
    "csv": ("types", "tags", "citation"),
    "tsv": ("citation",),
    "json": ("citation",),
    "xml": ("citation",),
}
"""The formats of SPARQL for results."""

LOSSES: Mapping[str, Losses] = {"network": NETWORK, "graph": GRAPH, "list": LIST, "answer": ANSWER}
