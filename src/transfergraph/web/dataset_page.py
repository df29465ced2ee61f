"""The page about a dataset that the catalogue lists, with its description for search engines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pyoxigraph import Triple

from transfergraph.common.displayed_values import web_address
from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.text import Text
from transfergraph.messages import text
from transfergraph.web import phrases
from transfergraph.web.addresses import HTML, Site
from transfergraph.web.page_template import PageTemplate, data_block, licence_name, render_template
from transfergraph.web.phrases import TEXT_LENGTH, Ref, cut
from transfergraph.web.signposts import Signposted
from transfergraph.web.site_pages import size_in_words

_SHORTEST_ABOUT, _LONGEST_ABOUT = 50, 5000  # characters that search engines ask of a description


@dataclass(frozen=True, slots=True)
class Download:
    """A file of a dataset: where it is, what it holds, its bytes and its SHA-256.

    ``local`` is its path below the start page, percent-encoded; ``media_type`` is that of the content, and
    ``packed`` means compressed with gzip.
    """

    name: str
    local: str
    title: Text
    media_type: str
    packed: bool
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DatasetArea:
    """The area that a dataset is about; ``box`` is west, south, east, north in degrees of WGS 84."""

    iri: str
    name: Text
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class DatasetRecord:
    """What the catalogue says of a dataset; ``local`` is its path below the start page.

    ``period`` are the days with which the covered time begins and ends; ``described`` is the part of the
    catalogue that describes the dataset. ``downloads`` are its distributions, ``parts`` the files of which it
    is made, where these are none. What the catalogue does not say is empty or None.
    """

    iri: str
    local: str
    title: Text
    about: Text
    keywords: Mapping[str, Sequence[str]]
    issued: date | None
    modified: date | None
    version: str
    licence: str
    attribution: Text | None
    contact: str
    period: tuple[str, str] | None
    area: DatasetArea | None
    citation: Text
    downloads: Sequence[Download] = field(default=())
    parts: Sequence[Download] = field(default=())
    described: Sequence[Triple] = field(default=(), repr=False)


def signposted_dataset(record: DatasetRecord) -> Signposted:
    """What the page about a dataset leads programs to."""
    files = (*record.downloads, *record.parts)
    items = ((one.local, MEDIA_TYPES["gz"] if one.packed else one.media_type) for one in files)
    return Signposted(record.local, record.iri, tuple(items), is_dataset=True)


def render_dataset(record: DatasetRecord, site: Site, language: str, listed: Sequence[DatasetRecord]) -> str:
    """The page about a dataset; ``listed`` are all those of the catalogue, to lead to the other ones."""
    title = record.title.in_language(language)
    about = record.about.in_language(language)
    layout = PageTemplate(
        site,
        language,
        title,
        record.local,
        summary=cut(about, 300),
        crumbs=(),
        rdf=True,
        subject=signposted_dataset(record),
    )
    return render_template(
        "dataset.html",
        layout,
        about=about,
        iri=record.iri,
        facts=list(_facts(record, site, language)),
        downloads=[_row(one, site, language) for one in record.downloads],
        parts=[_row(one, site, language) for one in record.parts],
        others=[
            Ref(one.title.in_language(language), site.path(one.local, HTML, language))
            for one in listed
            if one.iri != record.iri
        ],
        citation=record.citation.in_language(language),
        linked=data_block(schema_org_dataset(record, site, language)),
    )


def schema_org_dataset(record: DatasetRecord, site: Site, language: str) -> dict[str, Any]:
    """The dataset as schema.org describes it (https://schema.org/Dataset)."""
    publisher = {"@type": "Organization", "name": site.publisher, "url": site.homepage}
    found: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": record.iri,
        "identifier": record.iri,
        "url": site.address(record.local, HTML, language),
        "name": record.title.in_language(language),
        "description": _about(record, language),
        "inLanguage": list(site.languages),
        "isAccessibleForFree": True,
        "license": record.licence,
        "creator": publisher,
        "publisher": publisher,
        "keywords": list(record.keywords.get(language, ())),
        "version": record.version,
        "datePublished": record.issued.isoformat() if record.issued else None,
        "dateModified": record.modified.isoformat() if record.modified else None,
        "temporalCoverage": "/".join(record.period) if record.period else None,
        "spatialCoverage": _place(record.area, language) if record.area else None,
        "creditText": record.attribution.in_language(language) if record.attribution else None,
        "citation": record.citation.in_language(language),
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "@id": f"{site.base}catalogue",
            "name": site.title.in_language(language),
            "url": site.address("", HTML, language),
        },
        "distribution": [_distribution(one, site, language) for one in record.downloads],
    }
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _about(record: DatasetRecord, language: str) -> str:
    """The description, with the title before it where search engines would find it too short."""
    about = record.about.in_language(language)
    if len(about) < _SHORTEST_ABOUT:
        about = f"{record.title.in_language(language)}. {about}"
    return cut(about, min(_LONGEST_ABOUT, TEXT_LENGTH))


def _place(area: DatasetArea, language: str) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "@id": area.iri, "name": area.name.in_language(language)}
    if area.box is not None:
        west, south, east, north = area.box
        place["geo"] = {"@type": "GeoShape", "box": f"{south} {west} {north} {east}"}
    return place


def _distribution(one: Download, site: Site, language: str) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": one.title.in_language(language),
        "contentUrl": site.url + one.local,
        "encodingFormat": [MEDIA_TYPES["gz"], one.media_type] if one.packed else one.media_type,
        "contentSize": f"{one.size} B",
        "sha256": one.sha256,
    }


def _facts(record: DatasetRecord, site: Site, language: str) -> Sequence[tuple[str, phrases.Phrase]]:
    """What is stated of the dataset, as pairs of a name and a value."""
    found: list[tuple[str, phrases.Phrase]] = [("dataset.version", (record.version,))]
    for key, day in (("dataset.issued", record.issued), ("dataset.modified", record.modified)):
        if day is not None:
            found.append((key, (phrases.moment(day.isoformat(), language),)))
    if record.period is not None:
        found.append(("dataset.period", phrases.period(*record.period, language)))
    if record.area is not None:
        found.append(("dataset.area", (_link(record.area.name.in_language(language), record.area.iri),)))
    found.append(("dataset.publisher", (_link(site.publisher, site.homepage),)))
    found.append(("dataset.licence", (_link(licence_name(record.licence), record.licence),)))
    if record.attribution is not None:
        found.append(("dataset.attribution", (record.attribution.in_language(language),)))
    if record.contact:
        found.append(("dataset.contact", (record.contact,)))
    words = ", ".join(record.keywords.get(language, ()))
    if words:
        found.append(("dataset.keywords", (words,)))
    return [(text(key, language), phrase) for key, phrase in found]


def _link(name: str, address: str) -> Ref:
    target = web_address(address)
    return Ref(cut(name, phrases.NAME_LENGTH), target, bool(target))


def _row(one: Download, site: Site, language: str) -> tuple[Ref, str, str, str, str]:
    """A file as a row: link, title, format, size, checksum."""
    kind = f"{one.media_type} (gzip)" if one.packed else one.media_type
    title = one.title.in_language(language)
    return Ref(one.name, site.url + one.local), title, kind, size_in_words(one.size, language), one.sha256
