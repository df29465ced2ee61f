"""What the check of a data catalogue finds: (message, remedy)."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_STATE_IT = Text(
    "Die Angabe ergänzen, wie DCAT-AP sie beschreibt.", "Add the statement as DCAT-AP describes it."
)

DCAT_FAULTS: Mapping[str, tuple[Text, Text]] = {
    "catalogue.missing": (Text("{class}: {property} fehlt.", "{class}: {property} is missing."), _STATE_IT),
    "catalogue.too-many": (
        Text("{class}: {property} steht mehrmals da.", "{class}: {property} is there more than once."),
        Text("Nur einen Wert behalten.", "Keep one value only."),
    ),
    "catalogue.not-a-text": (
        Text("{class}: {property} ist kein Text.", "{class}: {property} is no text."),
        Text(
            "Den Wert als Literal angeben, nicht als Adresse.",
            "Give the value as a literal, not as an address.",
        ),
    ),
    "catalogue.not-an-address": (
        Text(
            "{class}: {property} ist keine Adresse, sondern Text.", "{class}: {property} is text, no address."
        ),
        Text("Den Wert als IRI angeben.", "Give the value as an IRI."),
    ),
    "catalogue.datatype": (
        Text(
            "{class}: {property} hat mit „{value}“ nicht den verlangten Datentyp {expected}.",
            "{class}: {property} with “{value}” does not have the datatype {expected}.",
        ),
        Text("Den Wert als {expected} angeben.", "Give the value as {expected}."),
    ),
    "catalogue.not-described": (
        Text(
            "{class}: {property} verweist auf {value}, das im Katalog nicht als {expected} beschrieben ist.",
            "{class}: {property} refers to {value}, which the catalogue does not describe as {expected}.",
        ),
        Text(
            "Den Wert im Katalog selbst beschreiben; Portale rufen fremde Beschreibungen nicht ab.",
            "Describe the value in the catalogue itself; portals fetch no descriptions from elsewhere.",
        ),
    ),
    "catalogue.deprecated": (
        Text("{class}: {property} ist veraltet.", "{class}: {property} is deprecated."),
        Text(
            "Die Eigenschaft entfernen oder durch ihre Nachfolgerin ersetzen (DCAT-AP.de 3.0).",
            "Remove the property or replace it by its successor (DCAT-AP.de 3.0).",
        ),
    ),
    "catalogue.wrong": (
        Text(
            "{class}: {property} ist nicht, wie es sein soll.", "{class}: {property} is not as it should be."
        ),
        _STATE_IT,
    ),
    "catalogue.unknown-code": (
        Text(
            "{class}: {property} nennt mit {value} einen Eintrag, den die Liste „{list}“ nicht hat.",
            "{class}: {property} names {value}, which the list “{list}” does not have.",
        ),
        Text(
            "Eine Kennung der Liste verwenden; verglichen wurde mit: {source}.",
            "Use a code of the list; it was compared with: {source}.",
        ),
    ),
    "catalogue.other-code": (
        Text(
            "{class}: {property} stammt mit {value} nicht aus der Liste „{list}“.",
            "{class}: {property} with {value} is not from the list “{list}”.",
        ),
        Text("Eine Kennung von {prefix} verwenden.", "Use a code of {prefix}."),
    ),
    "catalogue.no-scheme": (
        Text(
            "{class}: von {value} ({property}) sagt der Katalog nicht, dass es zu {scheme} gehört.",
            "{class}: the catalogue does not say that {value} ({property}) belongs to {scheme}.",
        ),
        Text(
            "skos:inScheme, Klasse und skos:prefLabel des Eintrags im Katalog angeben.",
            "State skos:inScheme, class and skos:prefLabel of the entry in the catalogue.",
        ),
    ),
    "catalogue.old-code": (
        Text(
            "{property} verwendet mit {value} eine veraltete Liste.",
            "{property} uses a deprecated list with {value}.",
        ),
        Text("Eine Kennung der Liste {prefix} verwenden.", "Use a code of the list {prefix}."),
    ),
    "catalogue.licence-not-german": (
        Text(
            "Die Lizenz {value} steht nicht in der deutschen Liste; GovData zählt sie als fehlend.",
            "The licence {value} is not in the German list; GovData counts it as missing.",
        ),
        Text(
            "Eine IRI von http://dcat-ap.de/def/licenses/ verwenden, zum Beispiel …/cc-by/4.0.",
            "Use an IRI of http://dcat-ap.de/def/licenses/, for example …/cc-by/4.0.",
        ),
    ),
    "catalogue.licence-not-open": (
        Text("Die Lizenz {value} ist keine offene Lizenz.", "The licence {value} is no open licence."),
        Text(
            "Prüfen, ob eine offene Lizenz möglich ist, zum Beispiel CC BY 4.0.",
            "See whether an open licence is possible, for example CC BY 4.0.",
        ),
    ),
    "catalogue.attribution": (
        Text(
            "Die Lizenz {value} verlangt eine Namensnennung, aber dcatde:licenseAttributionByText fehlt.",
            "The licence {value} asks for attribution, but dcatde:licenseAttributionByText is missing.",
        ),
        Text(
            "Den Text angeben, den Nutzende nennen müssen (Konvention 35).",
            "State the text that users have to print (convention 35).",
        ),
    ),
    "catalogue.place": (
        Text(
            "{property} nennt mit {value} keinen Ort der EU-Listen oder von GeoNames.",
            "{property} with {value} names no place of the EU lists or of GeoNames.",
        ),
        Text(
            "Zum Beispiel <https://sws.geonames.org/2842566/> für Sachsen verwenden.",
            "Use, for example, <https://sws.geonames.org/2842566/> for Saxony.",
        ),
    ),
    "catalogue.geometry": (
        Text(
            "locn:geometry lässt in CKAN die Übernahme des ganzen Katalogs abbrechen.",
            "locn:geometry makes CKAN stop harvesting the whole catalogue.",
        ),
        Text("dcat:bbox und dcat:centroid verwenden.", "Use dcat:bbox and dcat:centroid."),
    ),
    "catalogue.keyword": (
        Text(
            "Das Schlagwort „{value}“ lehnen Portale ab oder zerlegen es.",
            "Portals refuse or split the keyword “{value}”.",
        ),
        Text(
            "2 bis 100 Buchstaben, Ziffern, Leerzeichen, Bindestriche, Unterstriche, Punkte; eines je Wert.",
            "2 to 100 letters, digits, blanks, hyphens, underscores, full stops; one in each value.",
        ),
    ),
    "catalogue.no-german": (
        Text("{property} hat keinen deutschen Text.", "{property} has no German text."),
        Text("Den Text mit der Sprache „de“ ergänzen.", "Add the text with the language “de”."),
    ),
    "catalogue.language-twice": (
        Text(
            "{property} steht in der Sprache „{tag}“ mehrmals da.",
            "{property} is there more than once in the language “{tag}”.",
        ),
        Text("Einen Text je Sprache behalten.", "Keep one text for each language."),
    ),
    "catalogue.modified-before-issued": (
        Text(
            "Geändert am {value}, aber erst am {issued} veröffentlicht.",
            "Modified on {value}, but published only on {issued}.",
        ),
        Text("Die beiden Daten prüfen.", "Check the two dates."),
    ),
    "catalogue.future": (
        Text("{property} liegt mit {value} in der Zukunft.", "{property} with {value} lies in the future."),
        Text("Das Datum prüfen.", "Check the date."),
    ),
    "catalogue.period": (
        Text(
            "Der Zeitraum endet am {value}, bevor er beginnt.",
            "The period ends on {value}, before it begins.",
        ),
        Text("dcat:startDate und dcat:endDate prüfen.", "Check dcat:startDate and dcat:endDate."),
    ),
    "catalogue.blank-node": (
        Text("{class} ohne eigene IRI.", "{class} without an IRI of its own."),
        Text(
            "Eine dauerhafte IRI vergeben; sonst legen Portale den Eintrag bei jedem Lauf neu an.",
            "Give it a lasting IRI; otherwise portals make the entry anew in each run.",
        ),
    ),
    "catalogue.not-listed": (
        Text("Kein Katalog führt {class} auf.", "No catalogue lists the {class}."),
        Text(
            "Mit {property} am Katalog aufführen; was nicht aufgeführt ist, übernimmt niemand.",
            "List it with {property} at the catalogue; what is not listed is not harvested.",
        ),
    ),
    "catalogue.identifier-twice": (
        Text(
            "Die Kennung „{value}“ hat noch ein anderer Datensatz.",
            "Another dataset has the identifier “{value}”, too.",
        ),
        Text(
            "Jedem Datensatz eine eigene Kennung geben; GovData hält sonst einen für ein Duplikat.",
            "Give each dataset its own identifier; otherwise GovData takes one for a duplicate.",
        ),
    ),
    "catalogue.example-address": (
        Text(
            "{value} ist eine Adresse für Beispiele und erreicht niemanden.",
            "{value} is an address for examples and reaches nobody.",
        ),
        Text("Die wirkliche Adresse eintragen.", "Enter the real address."),
    ),
    "catalogue.service-and-download": (
        Text(
            "Die Distribution hat dcat:accessService und dcat:downloadURL zugleich.",
            "The distribution has both dcat:accessService and dcat:downloadURL.",
        ),
        Text(
            "Dienst und Datei in zwei Distributionen trennen (Konvention 41).",
            "Separate service and file into two distributions (convention 41).",
        ),
    ),
    "catalogue.nothing": (
        Text("Die Datei enthält keinen dcat:Dataset.", "The file holds no dcat:Dataset."),
        Text(
            "Prüfen, ob es ein DCAT-Katalog ist und ob alle Seiten davon geladen wurden.",
            "Check whether it is a DCAT catalogue and whether all its pages were loaded.",
        ),
    ),
    "catalogue.file-missing": (
        Text("{value} ist nicht zu bekommen: {said}.", "{value} cannot be fetched: {said}."),
        Text(
            "Die Datei bereitstellen; die Adresse muss mit einem Status von 200 bis 299 antworten.",
            "Make the file available; the address must answer with a status from 200 to 299.",
        ),
    ),
    "catalogue.file-size": (
        Text(
            "Angegeben sind {value} Byte; es sind {actual:n}.",
            "{value} bytes are stated; there are {actual:n}.",
        ),
        Text("dcat:byteSize aus der fertigen Datei ermitteln.", "Take dcat:byteSize from the finished file."),
    ),
    "catalogue.file-checksum": (
        Text("Die Prüfsumme der Datei ist {actual}.", "The checksum of the file is {actual}."),
        Text(
            "spdx:checksumValue aus der fertigen Datei ermitteln, oder die Datei erneut bereitstellen.",
            "Take spdx:checksumValue from the finished file, or provide the file again.",
        ),
    ),
    "catalogue.file-packed": (
        Text(
            "Die Datei ist mit gzip gepackt, aber {property} fehlt.",
            "The file is compressed with gzip, but {property} is missing.",
        ),
        Text(
            "dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip> angeben.",
            "State dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip>.",
        ),
    ),
    "catalogue.file-not-packed": (
        Text("Die Datei ist nicht mit gzip gepackt.", "The file is not compressed with gzip."),
        Text("{property} entfernen.", "Remove {property}."),
    ),
    "catalogue.file-format": (
        Text("Die Datei ist kein gültiges {format}: {said}", "The file is not valid {format}: {said}"),
        Text("Medientyp und Datei prüfen.", "Check the media type and the file."),
    ),
    "catalogue.file-triples": (
        Text(
            "Angegeben sind {value} Tripel; {file} hat {actual:n}.",
            "{value} triples are stated; {file} has {actual:n}.",
        ),
        Text("void:triples aus der fertigen Datei ermitteln.", "Take void:triples from the finished file."),
    ),
    "catalogue.file-header": (
        Text(
            "Angegeben ist {declared}; der Server antwortet mit {answered}.",
            "{declared} is stated; the server answers with {answered}.",
        ),
        Text(
            "Den Content-Type des Servers berichtigen; CKAN richtet sich danach.",
            "Correct the Content-Type of the server; CKAN goes by it.",
        ),
    ),
}
