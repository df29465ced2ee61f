"""The properties that pages treat in a way of their own, by name."""

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
EXACT_MATCH = SKOS + "exactMatch"
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
"""Properties whose subjects are shown in full: participations, grants, statements, events."""

WITHIN = {SUBJECT: BROADER, FUNDED_UNDER: PART_OF, IN_REGION: PART_OF}
"""What says that a thing belongs to a topic, programme or region, and what leads there from those within."""

__all__ = ["DCT", "FOAF", "OWL", "RDFS", "SCHEMES", "SKOS", "TG", "TYPE", "VOID"]
