"""The terms that documents know: classes and properties by name, and the order in which they are told."""

from __future__ import annotations

from transfergraph.common.namespaces import (
    DC,
    DCT,
    FOAF,
    GSP,
    ORG,
    OWL,
    RDFS,
    SKOS,
    TG,
    TYPE,
    VOID,
    WGS,
)
from transfergraph.web.addresses import SCHEMES

XHV = "http://www.w3.org/1999/xhtml/vocab#"

PREF_LABEL = SKOS + "prefLabel"
LABEL = RDFS + "label"
TITLE = DCT + "title"
ALT_LABEL = SKOS + "altLabel"
DESCRIPTION = DCT + "description"
DEFINITION = SKOS + "definition"
NOTE = SKOS + "note"
KIND = DCT + "type"
CLASSIFICATION = ORG + "classification"
PART_OF = DCT + "isPartOf"
REPLACED_BY = DCT + "isReplacedBy"
UNIT_OF = ORG + "unitOf"
SUBJECT = DCT + "subject"
SOURCE = DCT + "source"
LICENCE = DCT + "license"
PUBLISHER = DC + "publisher"
HOMEPAGE = FOAF + "homepage"
WEB_PAGE = FOAF + "page"
SAME_AS = OWL + "sameAs"
BROADER = SKOS + "broader"
BROAD_MATCH = SKOS + "broadMatch"
IN_SCHEME = SKOS + "inScheme"
TOP_CONCEPT_OF = SKOS + "topConceptOf"
LAT = WGS + "lat"
LONG = WGS + "long"
HAS_GEOMETRY = GSP + "hasGeometry"

PARTICIPATES_IN = TG + "participatesIn"
PARTICIPANT = TG + "participant"
ROLE = TG + "role"
COOPERATES = TG + "cooperatesWith"
FUNDED_UNDER = TG + "fundedUnder"
FUNDER = TG + "funder"
FUNDS = TG + "funds"
AMOUNT = TG + "amount"
CURRENCY = TG + "currency"
QUALIFIER = TG + "qualifier"
GRANT_NUMBER = TG + "grantNumber"
ABOUT = TG + "about"
MEASURE = TG + "measure"
VALUE = TG + "value"
AS_OF = TG + "asOf"
AIM_OF = TG + "aimOf"
CONCERNS = TG + "concerns"
ORGANISER = TG + "organiser"
START = TG + "start"
END = TG + "end"
SEAT = TG + "seat"
LOCATION = TG + "location"
IN_REGION = TG + "inRegion"
NUTS = TG + "nutsCode"
AGS = TG + "ags"
RETRIEVED = TG + "retrieved"

NAMES = (PREF_LABEL, LABEL, TITLE)
"""The properties that name a thing."""

RECORDS = (PARTICIPATES_IN, PARTICIPANT, FUNDS, ABOUT, AIM_OF, CONCERNS, ORGANISER, PART_OF)
"""Properties whose subjects are told in full where they point: participations, grants, statements, events."""

ORDER = (
    TYPE,
    PREF_LABEL,
    LABEL,
    ALT_LABEL,
    DEFINITION,
    DESCRIPTION,
    KIND,
    CLASSIFICATION,
    UNIT_OF,
    PART_OF,
    PARTICIPATES_IN,
    PARTICIPANT,
    ROLE,
    ABOUT,
    MEASURE,
    QUALIFIER,
    VALUE,
    AS_OF,
    FUNDS,
    FUNDED_UNDER,
    FUNDER,
    GRANT_NUMBER,
    AMOUNT,
    CURRENCY,
    AIM_OF,
    CONCERNS,
    ORGANISER,
    START,
    END,
    SEAT,
    LOCATION,
    IN_REGION,
    NUTS,
    AGS,
    LAT,
    LONG,
    HAS_GEOMETRY,
    SUBJECT,
    BROADER,
    BROAD_MATCH,
    IN_SCHEME,
    TOP_CONCEPT_OF,
    COOPERATES,
    HOMEPAGE,
    WEB_PAGE,
    SAME_AS,
    PUBLISHER,
    RETRIEVED,
    LICENCE,
    NOTE,
    SOURCE,
)
"""The sensible order of properties; those that are not in it follow by IRI."""

CLASSES = (
    "UniversityOfAppliedSciences",
    "University",
    "Alliance",
    "Project",
    "Lab",
    "Organisation",
    "Undertaking",
    "FundingProgramme",
    "Funding",
    "Participation",
    "Region",
    "Place",
    "Event",
    "Aim",
    "Statement",
    "Source",
)
"""Local names of the classes of the ontology, the more special before the more general."""

_RANK = {name: rank for rank, name in enumerate(ORDER)}
_CLASS_RANK = {TG + name: rank for rank, name in enumerate(CLASSES)}


def property_order(iri: str) -> tuple[int, str]:
    """Sorts properties."""
    return _RANK.get(iri, len(ORDER)), iri


def class_order(iri: str) -> tuple[int, str]:
    """Sorts classes, the most special first."""
    return _CLASS_RANK.get(iri, len(CLASSES)), iri


__all__ = ["DCT", "FOAF", "OWL", "RDFS", "SCHEMES", "SKOS", "TG", "TYPE", "VOID"]
