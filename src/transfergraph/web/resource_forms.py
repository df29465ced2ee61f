"""What an address names, and its forms by their file endings: pages by language, RDF by format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial

import pyoxigraph as ox

from transfergraph.common.formats import GraphFormat
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, LINK_SET, Site
from transfergraph.web.listed_files import FileResource
from transfergraph.web.signposts import Signposted, link_set
from transfergraph.web.site_pages import GoneEntity

Form = Callable[[str], bytes]
"""Makes the bytes of a form, in a language where it has one."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address names.

    ``forms`` are by the file ending of their address, which is empty for what is nothing but its bytes, of
    the ``media_type``; a ``file`` of the release is one of them. What has an ``iri`` is no document: its own
    address leads to one (Cool URIs for the Semantic Web, section 4.2). ``described`` is the path of RDF about
    it, or empty; ``see`` that of the file in which something is described. ``page`` counts from 1 to
    ``pages``. ``gone`` says what an earlier release had; ``related`` are other links (RFC 8288): relation,
    path, and the media type where the link is also a form of the resource. ``subject`` is what its page leads
    programs by, None for what has no page of that kind. A page with a ``policy`` is complete in itself under
    it, and may be shown in the frames of other sites.
    """

    local: str
    forms: Mapping[str, Form]
    iri: str = ""
    page: int = 1
    pages: int = 1
    media_type: str = ""
    described: str = ""
    see: str = ""
    file: FileResource | None = None
    gone: GoneEntity | None = None
    related: tuple[tuple[str, str, str], ...] = ()
    subject: Signposted | None = None
    policy: str = ""


def page_form(render: Callable[[str], str]) -> dict[str, Form]:
    """The page that is written in the language."""
    return {HTML: lambda language: render(language).encode()}


def link_set_form(subject: Signposted, site: Site) -> dict[str, Form]:
    """The set of links of a page; the later ones of several pages have none of their own."""
    return {LINK_SET: lambda _: link_set(subject, site)} if subject.page == 1 else {}


def rdf_forms(triples: Callable[[], Iterable[ox.Triple]], prefixes: Mapping[str, str]) -> dict[str, Form]:
    """The forms in RDF; the triples are read once for all of them."""
    read = cache(lambda: tuple(triples()))

    def serialised(form: GraphFormat, language: str) -> bytes:
        return ox.serialize(read(), format=form.oxigraph, prefixes=dict(prefixes)) or b""

    return {form.ending: partial(serialised, form) for form in DOCUMENT_FORMATS}
