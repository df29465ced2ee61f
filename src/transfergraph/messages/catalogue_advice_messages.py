"""What a catalogue should state, and how its points are told."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_CLASSES: Mapping[str, Text] = {
    "catalogue.class.Catalogue": Text("Katalog", "Catalogue"),
    "catalogue.class.Dataset": Text("Datensatz", "Dataset"),
    "catalogue.class.Distribution": Text("Distribution", "Distribution"),
    "catalogue.class.Service": Text("Datenservice", "Data service"),
    "catalogue.class.Series": Text("Datensatzserie", "Dataset series"),
    "catalogue.class.Record": Text("Katalogeintrag", "Catalogue record"),
    "catalogue.class.Agent": Text("Stelle", "Agent"),
    "catalogue.class.Contact": Text("Kontakt", "Contact"),
    "catalogue.class.Period": Text("Zeitraum", "Period"),
    "catalogue.class.Location": Text("Ort", "Location"),
    "catalogue.class.Checksum": Text("Prüfsumme", "Checksum"),
    "catalogue.class.Licence": Text("Lizenz", "Licence"),
    "catalogue.class.Identifier": Text("Kennung", "Identifier"),
    "catalogue.class.Concept": Text("Begriff", "Concept"),
    "catalogue.class.Scheme": Text("Begriffsliste", "Concept scheme"),
    "catalogue.class.Relationship": Text("Beziehung", "Relationship"),
    "catalogue.class.Attribution": Text("Zuschreibung", "Attribution"),
}

_STATE: Mapping[str, Text] = {
    "catalogue.state.dct-title": Text(
        "Einen Titel auf Deutsch und Englisch angeben.", "State a title in German and English."
    ),
    "catalogue.state.dct-description": Text(
        "Eine Beschreibung auf Deutsch und Englisch angeben.", "State a description in German and English."
    ),
    "catalogue.state.dct-publisher": Text(
        "Die herausgebende Stelle als foaf:Agent mit foaf:name und dct:type angeben.",
        "State the publisher as a foaf:Agent with foaf:name and dct:type.",
    ),
    "catalogue.state.foaf-name": Text("Den Namen der Stelle angeben.", "State the name of the agent."),
    "catalogue.state.dcatde-contributorID": Text(
        "Die Kennung des Datenbereitstellers angeben, wenn eine vereinbart ist (info@govdata.de).",
        "State the identifier of the contributor once one is agreed (info@govdata.de).",
    ),
    "catalogue.state.dct-identifier": Text(
        "Die IRI des Datensatzes als dauerhafte Kennung angeben.",
        "State the IRI of the dataset as its lasting identifier.",
    ),
    "catalogue.state.adms-identifier": Text(
        "Einen adms:Identifier mit skos:notation (DOI, UUID) angeben.",
        "State an adms:Identifier with skos:notation (DOI, UUID).",
    ),
    "catalogue.state.dct-issued": Text(
        "Das Datum der Veröffentlichung als xsd:date angeben.", "State the date of issue as xsd:date."
    ),
    "catalogue.state.dct-modified": Text(
        "Das Datum der letzten Änderung als xsd:date angeben.",
        "State the date of the last change as xsd:date.",
    ),
    "catalogue.state.dcat-keyword": Text(
        "Schlagwörter auf Deutsch angeben, eines je Wert.", "State keywords in German, one in each value."
    ),
    "catalogue.state.dcat-theme": Text(
        "Mindestens ein Thema von http://publications.europa.eu/resource/authority/data-theme/ angeben.",
        "State at least one theme of http://publications.europa.eu/resource/authority/data-theme/.",
    ),
    "catalogue.state.dct-spatial": Text(
        "Das Gebiet angeben, zum Beispiel <https://sws.geonames.org/2842566/> für Sachsen.",
        "State the area, for example <https://sws.geonames.org/2842566/> for Saxony.",
    ),
    "catalogue.state.dct-temporal": Text(
        "Den Zeitraum als dct:PeriodOfTime mit dcat:startDate und dcat:endDate angeben.",
        "State the period as a dct:PeriodOfTime with dcat:startDate and dcat:endDate.",
    ),
    "catalogue.state.dcat-contactPoint": Text(
        "Einen Kontakt als vcard:Kind mit vcard:fn und vcard:hasEmail angeben.",
        "State a contact as a vcard:Kind with vcard:fn and vcard:hasEmail.",
    ),
    "catalogue.state.dcat-distribution": Text(
        "Mindestens eine Distribution angeben.", "State at least one distribution."
    ),
    "catalogue.state.dct-accessRights": Text(
        "http://publications.europa.eu/resource/authority/access-right/PUBLIC angeben, wenn es zutrifft.",
        "State http://publications.europa.eu/resource/authority/access-right/PUBLIC where it is true.",
    ),
    "catalogue.state.dct-language": Text(
        "Die Sprachen aus der EU-Liste angeben, zum Beispiel …/language/DEU.",
        "State the languages from the EU list, for example …/language/DEU.",
    ),
    "catalogue.state.dct-license": Text(
        "Eine Lizenz der deutschen Liste angeben, zum Beispiel http://dcat-ap.de/def/licenses/cc-by/4.0.",
        "State a licence of the German list, for example http://dcat-ap.de/def/licenses/cc-by/4.0.",
    ),
    "catalogue.state.dcat-landingPage": Text(
        "Die Webseite des Datensatzes angeben.", "State the web page of the dataset."
    ),
    "catalogue.state.dct-provenance": Text(
        "Die Herkunft als dct:ProvenanceStatement mit rdfs:label angeben.",
        "State the origin as a dct:ProvenanceStatement with rdfs:label.",
    ),
    "catalogue.state.dct-relation": Text(
        "Verwandte Datensätze oder Seiten angeben.", "State related datasets or pages."
    ),
    "catalogue.state.dcatap-applicableLegislation": Text(
        "Das Gesetz angeben, das die Veröffentlichung verlangt, falls es eines gibt.",
        "State the law that demands the publication, if there is one.",
    ),
    "catalogue.state.dcat-accessURL": Text(
        "Die Adresse der Datei oder der Seite angeben, die zu ihr führt.",
        "State the address of the file or of the page that leads to it.",
    ),
    "catalogue.state.dcat-downloadURL": Text(
        "Die Adresse der Datei selbst angeben.", "State the address of the file itself."
    ),
    "catalogue.state.dct-format": Text(
        "Das Format aus der EU-Liste angeben, zum Beispiel …/file-type/CSV.",
        "State the format from the EU list, for example …/file-type/CSV.",
    ),
    "catalogue.state.dcat-mediaType": Text(
        "Den Medientyp angeben, zum Beispiel https://www.iana.org/assignments/media-types/text/csv.",
        "State the media type, for example https://www.iana.org/assignments/media-types/text/csv.",
    ),
    "catalogue.state.dcat-byteSize": Text(
        "Die Größe als xsd:nonNegativeInteger angeben.", "State the size as xsd:nonNegativeInteger."
    ),
    "catalogue.state.dct-rights": Text("Einen dct:RightsStatement angeben.", "State a dct:RightsStatement."),
    "catalogue.state.foaf-page": Text(
        "Die Dokumentation als foaf:Document angeben.", "State the documentation as a foaf:Document."
    ),
    "catalogue.state.adms-status": Text(
        "http://publications.europa.eu/resource/authority/distribution-status/COMPLETED angeben.",
        "State http://publications.europa.eu/resource/authority/distribution-status/COMPLETED.",
    ),
    "catalogue.state.dcatap-availability": Text(
        "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE angeben.",
        "State http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE.",
    ),
    "catalogue.state.dct-type": Text(
        "Die Art aus der Liste angeben (http://purl.org/adms/publishertype/ oder …/licencetype/).",
        "State the type from the list (http://purl.org/adms/publishertype/ or …/licencetype/).",
    ),
    "catalogue.state.dcat-bbox": Text(
        "Das umgebende Rechteck als WKT angeben, die Länge zuerst.",
        "State the bounding box as WKT, longitude first.",
    ),
    "catalogue.state.dcat-centroid": Text(
        "Den Mittelpunkt als WKT angeben, die Länge zuerst.", "State the centre as WKT, longitude first."
    ),
}

_POINTS: Mapping[str, Text] = {
    "points.405": Text(
        "Metadatenqualität von data.europa.eu, Methode mit 405 Punkten",
        "Metadata quality of data.europa.eu, method of 405 points",
    ),
    "points.7.5": Text(
        "Metadatenqualität von data.europa.eu, Methode seit September 2026",
        "Metadata quality of data.europa.eu, method since September 2026",
    ),
    "points.sum": Text("{points} von {most}: {band}", "{points} of {most}: {band}"),
    "points.part": Text("{dimension}: {points} von {most}", "{dimension}: {points} of {most}"),
    "points.datasets": Text("{count:Datensatz|Datensätze}", "{count:dataset|datasets}"),
    "points.next": Text("Für die nächsten Punkte:", "For the next points:"),
    "points.gain": Text(
        "+{points} für {metric} ({nodes:Stelle|Stellen}):", "+{points} for {metric} ({nodes:place|places}):"
    ),
    "points.untested": Text(
        "Nicht geprüft, weil keine Adresse abgerufen wurde.", "Not tested, because no address was fetched."
    ),
    "points.all": Text("Alle Punkte erreicht.", "All points reached."),
    "points.excellent": Text("ausgezeichnet", "excellent"),
    "points.good": Text("gut", "good"),
    "points.sufficient": Text("ausreichend", "sufficient"),
    "points.bad": Text("schlecht", "bad"),
    "points.findability": Text("Auffindbarkeit", "Findability"),
    "points.accessibility": Text("Zugänglichkeit", "Accessibility"),
    "points.interoperability": Text("Interoperabilität", "Interoperability"),
    "points.reusability": Text("Nachnutzbarkeit", "Reusability"),
    "points.contextuality": Text("Kontext", "Contextuality"),
    "points.do.status": Text(
        "Die Adresse muss auf HEAD und GET mit einem Status von 200 bis 299 antworten.",
        "The address must answer to HEAD and GET with a status from 200 to 299.",
    ),
    "points.do.vocabulary": Text(
        "dct:format aus der EU-Liste und dcat:mediaType aus der IANA-Liste angeben, beide als IRI.",
        "State dct:format from the EU list and dcat:mediaType from the IANA list, both as IRIs.",
    ),
    "points.do.non-proprietary": Text(
        "Die Daten auch in einem offenen Format anbieten, zum Beispiel CSV, JSON oder RDF Turtle.",
        "Offer the data in an open format as well, for example CSV, JSON or RDF Turtle.",
    ),
    "points.do.machine-readable": Text(
        "Die Daten auch in einem maschinenlesbaren Format anbieten, zum Beispiel CSV, JSON oder XML.",
        "Offer the data in a machine-readable format as well, for example CSV, JSON or XML.",
    ),
    "points.do.compliance": Text(
        "Die Verstöße gegen DCAT-AP beheben, die der Bericht nennt.",
        "Mend the violations of DCAT-AP that the report names.",
    ),
    "points.do.known-licence": Text(
        "Eine Lizenz der EU-Liste oder der deutschen Liste verwenden.",
        "Use a licence of the EU list or of the German list.",
    ),
}

DCAT_TEXTS: Mapping[str, Text] = {**_CLASSES, **_STATE, **_POINTS}
