"""Reading a catalogue: one file or address, or page after page (Hydra), as harvesters read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import HYDRA
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.fetch import Fetch
from transfergraph.errors import UsageError
from transfergraph.messages import explained

PAGES = 1000
"""So many pages are read at most."""

_ENDINGS = ("json", "jsonld", "nq", "nt", "owl", "rdf", "trig", "ttl", "xml")
_PAGED = (HYDRA + "PartialCollectionView", HYDRA + "PagedCollection")
_NEXT = (HYDRA + "next", HYDRA + "nextPage")
_NOT_IN_AN_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]|%(?![0-9A-Fa-f]{2})|^[a-z]+://[^/?#]*:[^/?#0-9]")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_XML_DECLARATION = re.compile(r"\A<\?xml[^>]*\?>")


@dataclass(frozen=True, slots=True)
class InvalidAddress:
    """An IRI with a character that no IRI has, and the line in which it stands first."""

    value: str
    line: int


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """The next page of a catalogue, which was not read, and why; empty for one that was read before."""

    address: str
    problem: str


@dataclass(frozen=True, slots=True)
class CatalogueText:
    """What was read of a catalogue: all its pages as one, and what was wrong with them as a text."""

    index: CatalogueIndex
    invalid: tuple[InvalidAddress, ...] = ()
    unread: UnreadPage | None = None


def read_all_pages(location: str, fetch: Fetch) -> CatalogueText:
    """The catalogue in a file or at an ``http(s)`` address, with all pages that follow; those are fetched.

    The media type of the answer decides the format at an address, as it does for harvesters, and for a file
    its ending. Raises :class:`UsageError` when the first page is not there or not RDF; a later one is told as
    unread.
    """
    pages, seen = [_read(location, fetch)], {location}
    unread: UnreadPage | None = None
    while unread is None and (address := next(_next_pages(pages[-1].index), None)) is not None:
        found = _next_page(address, seen, fetch)
        if isinstance(found, UnreadPage):
            unread = found
        else:
            pages.append(found)
    if len(pages) == 1:
        return replace(pages[0], unread=unread)
    index = CatalogueIndex(triple for page in pages for triple in page.index.triples)
    return CatalogueText(index, tuple(one for page in pages for one in page.invalid), unread)


def _next_page(address: str, seen: set[str], fetch: Fetch) -> CatalogueText | UnreadPage:
    """The page at that address, which is added to those that were ``seen``, or why it is not read."""
    if address in seen:
        return UnreadPage(address, "")
    seen.add(address)
    if len(seen) > PAGES:
        return UnreadPage(address, f"> {PAGES}")
    answer = fetch(address)
    if answer.file is None:
        return UnreadPage(address, answer.problem or (str(answer.status) if answer.tried else "offline"))
    try:
        return _read(address, fetch)
    except UsageError as error:
        return UnreadPage(address, str(error))


def _next_pages(index: CatalogueIndex) -> Iterator[str]:
    views = list(dict.fromkeys(node for name in _PAGED for node in index.instances(name)))
    for name in _NEXT:
        for view in views:
            yield from (value.value for value in index.values(view, name))


def _read(location: str, fetch: Fetch) -> CatalogueText:
    if location.startswith(("http://", "https://")):
        answer = fetch(location)
        if answer.file is None:
            raise UsageError(
                explained("error.catalogue.fetch", location=location, status=answer.problem or answer.status)
            )
        chosen = ox.RdfFormat.from_media_type(answer.media_type or "") or _format_by_ending(location)
        return _parse(answer.file, location, chosen)
    file = Path(location)
    if not file.is_file():
        raise UsageError(explained("error.catalogue.location", location=location))
    return _parse(file, file.resolve().as_uri(), _format_by_ending(file.name))


def _format_by_ending(name: str) -> ox.RdfFormat | None:
    ending = name.rpartition(".")[2].lower()
    known = "rdf" if ending == "owl" else ending
    return ox.RdfFormat.from_extension(known) if ending in _ENDINGS else None


def _parse(file: Path, base: str, chosen: ox.RdfFormat | None) -> CatalogueText:
    if chosen is None:
        raise UsageError(explained("error.catalogue.format", base=base, endings=", ".join(_ENDINGS)))
    try:
        data = _as_utf_8(file.read_bytes())
        try:
            return CatalogueText(_parsed(ox.parse(data, format=chosen, base_iri=base)))
        except SyntaxError:
            index = _parsed(ox.parse(data, format=chosen, base_iri=base, lenient=True))
    except (SyntaxError, ValueError, OSError) as error:
        raise UsageError(
            explained("error.catalogue.syntax", base=base, chosen=chosen.name, error=error)
        ) from error
    return CatalogueText(index, tuple(_invalid(index, data.decode("utf-8", "replace"))))


def _parsed(quads: Iterable[ox.Quad]) -> CatalogueIndex:
    return CatalogueIndex(quad.triple for quad in quads)


def _as_utf_8(data: bytes) -> bytes:
    """The same text in UTF-8, the only encoding of RDF formats but XML."""
    if not data.startswith(_UTF_16):
        return data
    return _XML_DECLARATION.sub("", data.decode("utf-16")).encode()


def _invalid(index: CatalogueIndex, text: str) -> Iterator[InvalidAddress]:
    terms = {
        one.value
        for triple in index.triples
        for one in (triple.subject, triple.predicate, triple.object)
        if isinstance(one, ox.NamedNode)
    }
    for value in sorted(one for one in terms if _NOT_IN_AN_IRI.search(one)):
        yield InvalidAddress(value, text[: max(text.find(value), 0)].count("\n") + 1)
