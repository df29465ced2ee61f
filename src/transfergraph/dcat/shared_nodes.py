"""Who publishes, whom to ask, under which licence, for which area and period: nodes that datasets share."""

from __future__ import annotations

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, ELI, FOAF, GSP, OWL, RDFS, SKOS, VCARD
from transfergraph.common.text import Text
from transfergraph.config.code_tables import GERMAN_LICENCES, Codes
from transfergraph.config.settings import Box
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.triple_writer import TripleWriter, iri
from transfergraph.messages import both

NUTS = "http://data.europa.eu/nuts/code/"


def publisher(release: DescribedRelease) -> str:
    """The IRI of the publisher."""
    return release.iri("agent/publisher")


def contact(release: DescribedRelease) -> str:
    """The IRI of the contact point."""
    return release.iri("contact")


def period(release: DescribedRelease) -> str:
    """The IRI of the period that the data covers."""
    return release.iri("period")


def rights(release: DescribedRelease) -> str:
    """The IRI of the rights statement."""
    return release.iri("rights")


def landing_page(release: DescribedRelease) -> str:
    """An HTML page about the data: where the release is served, or else the publisher's home page."""
    return release.settings.catalogue.public_url or release.settings.homepage


def describe_parties(out: TripleWriter, release: DescribedRelease, codes: Codes) -> None:
    """State everything about publisher, contact, licence, area, period and pages."""
    settings = release.settings
    catalogue = settings.catalogue
    out.type(publisher(release), FOAF + "Agent", FOAF + "Organization")
    out.add(publisher(release), FOAF + "name", ox.Literal(settings.publisher))
    out.add(publisher(release), FOAF + "mbox", iri(f"mailto:{catalogue.publisher_mail}"))
    out.add(publisher(release), FOAF + "homepage", iri(settings.homepage))
    out.add(publisher(release), DCT + "type", iri(codes.iri("publisher-type", catalogue.publisher_type)))
    out.type(contact(release), VCARD + "Kind", VCARD + "Organization")
    out.add(contact(release), VCARD + "fn", ox.Literal(catalogue.contact_name))
    out.add(contact(release), VCARD + "hasEmail", iri(f"mailto:{catalogue.contact_mail}"))
    if catalogue.contact_page is not None:
        out.add(contact(release), VCARD + "hasURL", iri(catalogue.contact_page))
    out.type(period(release), DCT + "PeriodOfTime")
    out.add(period(release), DCAT + "startDate", catalogue.period[0])
    out.add(period(release), DCAT + "endDate", catalogue.period[1])
    out.type(rights(release), DCT + "RightsStatement")
    out.add(rights(release), RDFS + "label", both("portal.rights"))
    for page, label in (
        (landing_page(release), settings.title),
        (settings.homepage, both("portal.homepage")),
    ):
        out.type(page, FOAF + "Document")
        out.add(page, RDFS + "label", label)
    for law in catalogue.legislation:
        out.type(law, ELI + "LegalResource")
        out.add(law, RDFS + "label", both("portal.legislation"))
    _describe_licence(out, catalogue.licence, codes)
    _describe_area(out, release, codes)


def _describe_licence(out: TripleWriter, licence: str, codes: Codes) -> None:
    """What the code table does not say of the licence: its type, its equals, the title that CKAN knows."""
    code = licence.removeprefix(f"{GERMAN_LICENCES}/")
    facts = codes.licences.get(code)
    kind = (
        facts.type
        if facts
        else "OtherRestrictiveClauses"
        if code not in codes.open_licences
        else "Attribution"
    )
    out.type(licence, DCT + "LicenseDocument")
    out.add(licence, DCT + "type", iri(codes.iri("licence-type", kind)))
    if facts is not None:
        out.add(licence, DCT + "title", ox.Literal(facts.title, language="en"))
        equal = codes.iri("licence", facts.eu)
        out.add(licence, SKOS + "exactMatch", iri(equal), iri(facts.address))
        out.add(licence, OWL + "sameAs", iri(equal))


def _describe_area(out: TripleWriter, release: DescribedRelease, codes: Codes) -> None:
    area = release.settings.catalogue.area
    out.type(area.iri, DCT + "Location")
    out.add(area.iri, SKOS + "prefLabel", area.name)
    out.add(area.iri, RDFS + "label", area.name)
    out.add(
        area.iri, DCAT + "bbox", ox.Literal(_polygon(area.box), datatype=ox.NamedNode(GSP + "wktLiteral"))
    )
    out.add(
        area.iri, DCAT + "centroid", ox.Literal(_centre(area.box), datatype=ox.NamedNode(GSP + "wktLiteral"))
    )
    if area.nuts is not None:
        out.add(area.iri, SKOS + "exactMatch", iri(NUTS + area.nuts))
        out.type(NUTS + area.nuts, SKOS + "Concept")
        out.add(NUTS + area.nuts, SKOS + "prefLabel", area.name)
        out.add(NUTS + area.nuts, SKOS + "notation", ox.Literal(area.nuts))
    if area.state is not None:
        out.add(area.iri, SKOS + "exactMatch", iri(codes.iri("state-key", area.state)))


def _polygon(box: Box) -> str:
    """Well-known text; without a reference system it is CRS84: longitude first (GeoSPARQL 1.0, 8.5.1)."""
    corners = (
        (box.west, box.south),
        (box.east, box.south),
        (box.east, box.north),
        (box.west, box.north),
        (box.west, box.south),
    )
    return f"POLYGON(({', '.join(f'{x:.4f} {y:.4f}' for x, y in corners)}))"


def _centre(box: Box) -> str:
    return f"POINT({(box.west + box.east) / 2:.4f} {(box.south + box.north) / 2:.4f})"


def describe_page(out: TripleWriter, page: str, label: Text) -> None:
    """State that an address is a document."""
    out.type(page, FOAF + "Document")
    out.add(page, RDFS + "label", label)


def describe_standard(out: TripleWriter, standard: str, title: str) -> None:
    """State that an IRI is a standard of that name."""
    out.type(standard, DCT + "Standard")
    out.add(standard, DCT + "title", ox.Literal(title, language="en"))
