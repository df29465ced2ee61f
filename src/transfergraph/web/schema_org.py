"""The description of an entity for search engines: schema.org as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from transfergraph.common.displayed_values import web_address
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import Site
from transfergraph.web.entity_document import Document, EntityRecord, local_part
from transfergraph.web.phrases import TEXT_LENGTH, cut

_TYPES: Mapping[str, str] = {
    "UniversityOfAppliedSciences": "CollegeOrUniversity",
    "University": "CollegeOrUniversity",
    "Organisation": "Organization",
    "Alliance": "Consortium",
    "Project": "Project",
    "Lab": "Organization",
    "FundingProgramme": "FundingScheme",
    "Funding": "MonetaryGrant",
    "Region": "AdministrativeArea",
    "Place": "City",
    "Event": "Event",
    "Source": "CreativeWork",
    "Concept": "DefinedTerm",
    "ConceptScheme": "DefinedTermSet",
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
}
_BARE = frozenset({"sameAs", "inDefinedTermSet"})


def schema_org_data(document: Document, site: Site, language: str) -> dict[str, Any]:
    """The entity as schema.org describes it; empty for what schema.org has no word for."""
    record = document.own
    kind = next((_TYPES[name] for one in record.classes if (name := local_part(one)) in _TYPES), None)
    if kind is None:
        return {}
    found: dict[str, Any] = {"@context": "https://schema.org", "@id": document.iri, "@type": kind}
    found["name"] = cut(document.label.in_language(language), TEXT_LENGTH)
    _add(found, "alternateName", sorted(one.value for one in record.literals(terms.ALT_LABEL)))
    _add(found, "description", _text(record, language))
    home = web_address(record.first(terms.HOMEPAGE) or record.first(terms.WEB_PAGE))
    _add(found, "url", [home] if home else [])
    for property_, name in _LINKS.items():
        if kind in ("City", "AdministrativeArea") and name in ("areaServed", "isPartOf"):
            name = "containedInPlace"
        _add(found, name, [_thing(document, one, name, language) for one in record.iris(property_)])
    if record.first(terms.LAT) and record.first(terms.LONG):
        found["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": record.first(terms.LAT),
            "longitude": record.first(terms.LONG),
        }
    if kind in ("Project", "Event", "Consortium"):
        beginning = "startDate" if kind == "Event" else "foundingDate"
        ending = "endDate" if kind == "Event" else "dissolutionDate"
        _add(found, beginning, [record.first(terms.START)] if record.first(terms.START) else [])
        _add(found, ending, [record.first(terms.END)] if record.first(terms.END) else [])
    page: dict[str, Any] = {"@type": "WebPage", "inLanguage": language, "license": site.licence}
    sources = document.sources(site.languages[0])
    page["isBasedOn"] = [source.page for source in sources if web_address(source.page)]
    found["subjectOf"] = {key: value for key, value in page.items() if value}
    return found


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
