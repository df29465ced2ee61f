"""The forms of a resource by their file endings: a page in each language, RDF in each of its formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial

import pyoxigraph as ox

from transfergraph.common.formats import GraphFormat
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML

Form = Callable[[str], bytes]
"""Makes the bytes of a form, in a language where it has one."""


def page_form(render: Callable[[str], str]) -> dict[str, Form]:
    """The page that is written in the language."""
    return {HTML: lambda language: render(language).encode()}


def rdf_forms(triples: Callable[[], Iterable[ox.Triple]], prefixes: Mapping[str, str]) -> dict[str, Form]:
    """The forms in RDF; the triples are read once for all of them."""
    read = cache(lambda: tuple(triples()))

    def serialised(form: GraphFormat, language: str) -> bytes:
        return ox.serialize(read(), format=form.oxigraph, prefixes=dict(prefixes)) or b""

    return {form.ending: partial(serialised, form) for form in DOCUMENT_FORMATS}
