"""Nodes that several descriptions refer to: publisher, contact, licence, area, period, pages, concepts.

Validators of portals never fetch a concept: what its class is and to which scheme it belongs they must
find in the catalogue itself.
"""

from __future__ import annotations

import pyoxigraph as ox

from transfergraph.common.namespaces import GSP
from transfergraph.common.text import Text
from transfergraph.config.code_tables import GERMAN_LICENCES, Concept, read_codes
from transfergraph.config.settings import Area, Box, CatalogueSettings
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.triple_writer import Properties, TripleWriter
from transfergraph.messages import both

PUBLISHER, CONTACT, PERIOD, RIGHTS = "agent/publisher", "contact", "period", "rights"
"""The paths of these nodes under the base IRI."""

HIGH_VALUE_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
"""Which data is of high value, and on what terms it is offered (DCAT-AP HVD)."""

NUTS = "http://data.europa.eu/nuts/code/"

_ADMS_STATUS = "http://purl.org/adms/status/"
_ADMS_STATUSES = {
    "COMPLETED": "Completed",
    "DEPRECATED": "Deprecated",
    "DEVELOP": "UnderDevelopment",
    "WITHDRAWN": "Withdrawn",
}


def code_iri(table: str, code: str) -> str:
    """The IRI of a code of a code table."""
    return read_codes().iri(table, code)


def languages(release: DescribedRelease) -> list[str]:
    """The languages of the content, as concepts of the EU table; without those that it does not have."""
    known = read_codes().languages
    tags = (tag.partition("-")[0] for tag in release.settings.languages)
    return [code_iri("language", known[tag]) for tag in tags if tag in known]


def describe_shared_nodes(out: TripleWriter, release: DescribedRelease) -> None:
    """State everything about publisher, contact, licence, area, period and pages."""
    settings = release.settings
    publisher: Properties = {
        "foaf:name": ox.Literal(settings.publisher),
        "foaf:homepage": settings.homepage,
    }
    out.describe(release.iri(PUBLISHER), "foaf:Agent foaf:Organization", publisher)
    out.describe(release.iri(RIGHTS), "dct:RightsStatement", {"rdfs:label": both("portal.rights")})
    describe_page(out, release.landing_page, settings.title)
    describe_page(out, settings.homepage, both("portal.homepage"))
    if settings.catalogue is None:
        out.describe(settings.licence, "dct:LicenseDocument", {})
    else:
        _describe_for_portals(out, release, settings.catalogue)


def _describe_for_portals(out: TripleWriter, release: DescribedRelease, catalogue: CatalogueSettings) -> None:
    publisher: Properties = {
        "foaf:mbox": f"mailto:{catalogue.publisher_mail}",
        "dct:type": code_iri("publisher-type", catalogue.publisher_type),
    }
    out.describe(release.iri(PUBLISHER), "", publisher)
    contact: Properties = {
        "vcard:fn": ox.Literal(catalogue.contact_name),
        "vcard:hasEmail": f"mailto:{catalogue.contact_mail}",
        "vcard:hasURL": catalogue.contact_page,
    }
    out.describe(release.iri(CONTACT), "vcard:Kind vcard:Organization", contact)
    begin, end = catalogue.period
    out.describe(release.iri(PERIOD), "dct:PeriodOfTime", {"dcat:startDate": begin, "dcat:endDate": end})
    for law in laws(catalogue):
        out.describe(law, "eli:LegalResource", {"dct:title": both("portal.legislation")})
    _describe_licence(out, release.licence)
    _describe_area(out, catalogue.area)


def laws(catalogue: CatalogueSettings) -> tuple[str, ...]:
    """The laws that demand the publication; of high-value datasets their regulation, too."""
    regulation = (HIGH_VALUE_REGULATION,) if catalogue.high_value else ()
    return tuple(dict.fromkeys((*catalogue.legislation, *regulation)))


def describe_page(out: TripleWriter, page: str, label: Text) -> None:
    """State that an address is a document.

    Its name is no ``rdfs:label``: ckanext-dcat puts the label of a node in the place of its address.
    """
    out.describe(page, "foaf:Document", {"dct:title": label})


def describe_concepts(out: TripleWriter) -> None:
    """Describe each concept of a code table that is an object of any triple so far, and its scheme."""
    codes = read_codes()
    for concept in map(codes.find, out.objects()):
        if concept is not None and concept.label is not None:
            _describe_concept(out, concept, concept.label)
    used = out.objects()
    for table in codes.tables.values():
        if table.scheme is not None and table.scheme in used:
            titles = {"dct:title": table.title, "skos:prefLabel": table.title}
            out.describe(table.scheme, "skos:ConceptScheme", titles)


def _describe_concept(out: TripleWriter, concept: Concept, label: Text) -> None:
    properties: Properties = {"rdfs:label": _read_by_ckan(concept, label) or ox.Literal(label.english)}
    if concept.scheme is not None:
        properties = {
            "skos:inScheme": concept.scheme,
            "skos:prefLabel": label,
            "dc:identifier": ox.Literal(concept.code),
            "rdfs:label": _read_by_ckan(concept, label),
        }
    out.type(concept.iri, *concept.types)
    out.describe(concept.iri, "dct:IMT" if concept.table == "file-type" else "", properties)


def _read_by_ckan(concept: Concept, label: Text) -> ox.Literal | None:
    """What ckanext-dcat shall read in the place of the address: it takes the ``rdfs:label`` of any node.

    That is ``text/csv`` for a media type, and ``CSV`` for a format, whose label it reads only where its
    first class is ``dct:IMT``. The status is named by its address in the older table of ADMS, because the
    full schema of ckanext-dcat accepts nothing else. All other codes are read by their addresses.
    """
    match concept.table:
        case "media-type":
            return ox.Literal(concept.code)
        case "file-type":
            return ox.Literal(label.english.removeprefix("RDF "))
        case "distribution-status":
            return ox.Literal(_ADMS_STATUS + _ADMS_STATUSES[concept.code])
    return None


def _describe_licence(out: TripleWriter, licence: str) -> None:
    """What the code table does not say of the licence: its type, its equals, the title that CKAN knows."""
    codes, code = read_codes(), licence.removeprefix(f"{GERMAN_LICENCES}/")
    if code == licence:  # of no list
        out.describe(licence, "dct:LicenseDocument", {})
        return
    facts = codes.known_licence(licence)
    kind = "Attribution" if code in codes.open_licences else "OtherRestrictiveClauses"
    kind_iri = code_iri("licence-type", facts.type if facts else kind)
    out.describe(licence, "dct:LicenseDocument", {"dct:type": kind_iri})
    if facts is not None:
        equal, title = code_iri("licence", facts.eu), ox.Literal(facts.title, language="en")
        same: Properties = {
            "dct:title": title,
            "skos:exactMatch": (equal, facts.address),
            "owl:sameAs": equal,
        }
        out.describe(licence, "", same)


def _describe_area(out: TripleWriter, area: Area) -> None:
    nuts = area.nuts and NUTS + area.nuts
    state = area.state and code_iri("state-key", area.state)
    wkt = ox.NamedNode(GSP + "wktLiteral")
    properties: Properties = {
        "skos:prefLabel": area.name,
        "rdfs:label": area.name,
        "dcat:bbox": ox.Literal(_polygon(area.box), datatype=wkt),
        "dcat:centroid": ox.Literal(_centre(area.box), datatype=wkt),
        "skos:exactMatch": (nuts, state),
    }
    out.describe(area.iri, "dct:Location", properties)
    if nuts is not None:
        code = ox.Literal(nuts.removeprefix(NUTS))
        out.describe(nuts, "skos:Concept", {"skos:prefLabel": area.name, "skos:notation": code})


def _polygon(box: Box) -> str:
    """Well-known text; without a reference system it is CRS84: longitude first (GeoSPARQL 1.0, 8.5.1)."""
    corners = [(box.west, box.south), (box.east, box.south), (box.east, box.north), (box.west, box.north)]
    return f"POLYGON(({', '.join(f'{x:.4f} {y:.4f}' for x, y in [*corners, corners[0]])}))"


def _centre(box: Box) -> str:
    return f"POINT({(box.west + box.east) / 2:.4f} {(box.south + box.north) / 2:.4f})"
