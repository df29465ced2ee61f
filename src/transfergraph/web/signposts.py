"""Where a page leads programs: FAIR Signposting (https://signposting.org/FAIR/, levels 1 and 2).

The links are fields of the answer of a server (RFC 8288) and ``link`` elements of the page, which work on any
web server; the set of links (RFC 9264) has them all, and what the files of a dataset belong to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.json_text import json_text
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, LINK_SET, Site
from transfergraph.web.typed_links import TypedLink

MOST_ITEMS = 8
"""So many files of a dataset are named by its page and by a field, which proxies limit to some KiB; more of
them are in the set of links alone."""

_SCHEMA = "https://schema.org/"
_PAGE, _DATASET = f"{_SCHEMA}AboutPage", f"{_SCHEMA}Dataset"


@dataclass(frozen=True, slots=True)
class Signposted:
    """What a page is about: the path of the page without its ending, and the IRI by which it is cited.

    ``items`` are the files of a dataset, each with its path below the start page and its media type; an
    entity has none, and a dataset has an author. ``page`` is the one of its pages that links.
    """

    local: str
    iri: str
    items: tuple[tuple[str, str], ...] = ()
    is_dataset: bool = False
    page: int = 1


def signposts(subject: Signposted, site: Site) -> Iterator[TypedLink]:
    """The links of a page, but for that to the licence, which every page has."""
    yield from _about(subject, site)
    if len(subject.items) <= MOST_ITEMS:
        yield from _items(subject, site)
    yield TypedLink("linkset", site.address(subject.local, LINK_SET), MEDIA_TYPES[LINK_SET])


def link_set(subject: Signposted, site: Site) -> bytes:
    """All links of a page, and those that lead back to it, as ``application/linkset+json`` (section 4.2)."""
    page = site.address(subject.local, HTML)
    here = [*_about(subject, site), TypedLink("license", site.licence), *_items(subject, site)]
    back = TypedLink("collection", page, MEDIA_TYPES[HTML])
    describes = TypedLink("describes", page, MEDIA_TYPES[HTML])
    contexts = [_context(page, here)]
    contexts += [_context(item.target, [back]) for item in _items(subject, site)]
    contexts += [_context(one.target, [describes]) for one in here if one.relation == "describedby"]
    return json_text({"linkset": contexts}).encode()


def _about(subject: Signposted, site: Site) -> Iterator[TypedLink]:
    yield TypedLink("cite-as", subject.iri)
    yield TypedLink("type", _PAGE)
    if subject.is_dataset:
        yield TypedLink("type", _DATASET)
        yield TypedLink("author", f"{site.base}agent/publisher")
    for form in DOCUMENT_FORMATS:
        target = site.address(subject.local, form.ending, "", subject.page)
        yield TypedLink("describedby", target, form.media_type)


def _items(subject: Signposted, site: Site) -> Iterator[TypedLink]:
    for local, media_type in subject.items:
        yield TypedLink("item", site.url + local, media_type)


def _context(anchor: str, links: Iterable[TypedLink]) -> dict[str, Any]:
    """What links from one place, by relation (RFC 9264, section 4.2.2)."""
    found: dict[str, Any] = {"anchor": anchor}
    for one in links:
        target = {"href": one.target, "type": one.media_type} if one.media_type else {"href": one.target}
        found.setdefault(one.relation, []).append(target)
    return found
