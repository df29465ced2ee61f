"""For search engines: entities in schema.org, all pages (sitemaps.org, 0.9) and ``robots.txt`` (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from transfergraph.common.displayed_values import web_address
from transfergraph.common.text import xml_escaped
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_document import Document
from transfergraph.web.entity_record import EntityRecord
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import TEXT_LENGTH, cut

MOST_IN_SITEMAP = 40_000
"""How many addresses are in one sitemap; the protocol allows 50,000."""

_SITEMAPS = "http://www.sitemaps.org/schemas/sitemap/0.9"
_CONCEPTS: Mapping[str, str] = {
    terms.SKOS + "Concept": "DefinedTerm",
    terms.SKOS + "ConceptScheme": "DefinedTermSet",
}
_LINKS: Mapping[str, str] = {
    terms.PART_OF: "isPartOf",
    terms.UNIT_OF: "parentOrganization",
    terms.SEAT: "location",
    terms.LOCATION: "location",
    terms.IN_REGION: "areaServed",
    terms.FUNDER: "funder",
    terms.FUNDS: "fundedItem",
    terms.ORGANISER: "organizer",
    terms.SUBJECT: "keywords",
    terms.IN_SCHEME: "inDefinedTermSet",
    terms.SAME_AS: "sameAs",
    terms.EXACT_MATCH: "sameAs",
}
_PLACE = "Place"
_FOUNDED, _DATES = ("foundingDate", "dissolutionDate"), ("startDate", "endDate")
_BARE = frozenset({"sameAs", "inDefinedTermSet"})


def schema_org_data(view: LocalisedView) -> dict[str, Any]:
    """The entity as schema.org describes it.

    Empty for what schema.org has no word for, and for what has neither a name nor a link that it knows.
    """
    document, language, record = view.document, view.language, view.document.own
    kind = _type(view)
    if not (kind and (record.has_name or any(map(record.iris, _LINKS)))):
        return {}
    found: dict[str, Any] = {"@context": "https://schema.org", "@id": document.iri, "@type": kind}
    found["name"] = view.name(document.iri).text
    _add(found, "alternateName", sorted(one.value for one in record.literals(terms.ALT_LABEL)))
    _add(found, "description", _text(record, language))
    home = web_address(record.first(terms.HOMEPAGE) or record.first(terms.WEB_PAGE))
    _add(found, "url", [home] if home else [])
    for property_, name in _LINKS.items():
        if kind == _PLACE and name in ("areaServed", "isPartOf"):
            name = "containedInPlace"
        _add(found, name, [_thing(document, one, name, language) for one in record.iris(property_)])
    if record.first(terms.LAT) and record.first(terms.LONG):
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": record.first(terms.LAT),
            "longitude": record.first(terms.LONG),
        }
    lasting = view.presentation.role(record.classes) is not None
    # A date of schema.org is of ISO 8601-1, which knows no sign of approximation.
    for property_, name in zip((terms.START, terms.END), _FOUNDED if lasting else _DATES, strict=True):
        _add(found, name, [record.first(property_).removesuffix("~")] if record.first(property_) else [])
    page: dict[str, Any] = {"@type": "WebPage", "inLanguage": language, "license": view.site.licence}
    sources = document.sources(view.site.languages[0])
    page["isBasedOn"] = [source.page for source in sources if web_address(source.page)]
    found["subjectOf"] = {key: value for key, value in page.items() if value}
    return found


def _type(view: LocalisedView) -> str:
    """The first type that the ontology aligns a class with, the more special class first."""
    known = view.presentation.classes
    classes = view.classes(view.document.own)
    aligned = (one for name in classes if name in known for one in known[name].aligned)
    return next(iter((*aligned, *(_CONCEPTS[one] for one in classes if one in _CONCEPTS))), "")


def _thing(document: Document, iri: str, name: str, language: str) -> Any:
    """What a property of schema.org leads to: its IRI, its name, or both."""
    if name in _BARE:
        return iri
    label = cut(document.labels(iri).in_language(language), TEXT_LENGTH)
    return label if name == "keywords" else {"@id": iri, "name": label}


def _text(record: EntityRecord, language: str) -> list[str]:
    literals = (*record.literals(terms.DESCRIPTION), *record.literals(terms.DEFINITION))
    return [cut(one.value, TEXT_LENGTH) for one in literals if one.language in (language, None)][:1]


def _add(found: dict[str, Any], name: str, values: Iterable[Any]) -> None:
    several = list(values)
    if several:
        found[name] = several[0] if len(several) == 1 else several


def sitemap_count(addresses: Sequence[str]) -> int:
    """How many files it takes to list these addresses."""
    return max(1, -(-len(addresses) // MOST_IN_SITEMAP))


def sitemap(url: str, addresses: Sequence[str], number: int = 0) -> str:
    """The sitemap below ``url`` with this number, from 1; number 0 is the index of all, or the only one.

    A number beyond the last gives an empty list.
    """
    count = sitemap_count(addresses)
    if number == 0 and count > 1:
        return _document("sitemapindex", "sitemap", (f"{url}sitemap-{n}.xml" for n in range(1, count + 1)))
    first = max(0, number - 1) * MOST_IN_SITEMAP
    return _document("urlset", "url", addresses[first : first + MOST_IN_SITEMAP])


def robots_txt(url: str, endpoint: bool) -> str:
    """What robots leave alone below ``url``, the answers of an ``endpoint``, and where the sitemap is."""
    prefix = urlsplit(url).path
    rules = f"Disallow: {prefix}sparql\nDisallow: {prefix}*?\n" if endpoint else "Allow: /\n"
    return f"User-agent: *\n{rules}Sitemap: {url}sitemap.xml\n"


def _document(kind: str, entry: str, addresses: Iterable[str]) -> str:
    listed = "".join(f"<{entry}><loc>{xml_escaped(one)}</loc></{entry}>\n" for one in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_SITEMAPS}">\n{listed}</{kind}>\n'
