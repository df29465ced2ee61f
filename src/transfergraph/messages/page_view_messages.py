"""The texts of the pages beside those about entities: the start, lists, questions, SPARQL, the vocabulary,
and what is not there."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_INDEX: Mapping[str, Text] = {
    "index.counts": Text("Was der Graph enthält", "What the graph holds"),
    "index.counts.others": Text("Dazu {counts}.", "Beside them {counts}."),
    "index.alliances": Text("Bündnisse", "Alliances"),
    "index.alliances.all": Text("Alle {count:n} Bündnisse", "All {count:n} alliances"),
    "index.questions": Text("Fragen an den Graphen", "Questions to the graph"),
    "index.questions.all": Text("Alle {count:n} Fragen", "All {count:n} questions"),
    "index.network": Text("Das Netzwerk ansehen", "See the network"),
    "index.network.about": Text(
        "Wer woran beteiligt ist, als Bild und als Liste.",
        "Who takes part in what, as a picture and as a list.",
    ),
    "index.sparql": Text("Mit SPARQL abfragen", "Query with SPARQL"),
    "index.sparql.about": Text(
        "Die Schnittstelle für eigene Abfragen, mit Beispielen.",
        "The endpoint for queries of your own, with examples.",
    ),
    "index.ontology": Text("Die Begriffe nachschlagen", "Look up the vocabulary"),
    "index.ontology.about": Text(
        "Was Bündnis, Beteiligung oder Größenangabe hier bedeuten.",
        "What alliance, participation or statement of size mean here.",
    ),
    "index.data": Text("Daten laden", "Load the data"),
    "index.data.tables": Text("Die Tabellen", "The tables"),
    "index.data.about": Text(
        "Der ganze Graph dieses Releases, gepackt mit gzip.",
        "The whole graph of this release, compressed with gzip.",
    ),
    "index.data.datasets": Text("Über die Datensätze", "About the datasets"),
    "index.data.catalogue": Text("Beschreibung für Datenportale", "Description for data portals"),
    "index.data.file": Text("Datei", "File"),
    "index.data.format": Text("Format", "Format"),
    "index.data.size": Text("Größe", "Size"),
    "index.cite": Text("Zitieren und weiterverwenden", "Cite and reuse"),
    "list.about": Text("{count:Eintrag|Einträge}", "{count:entry|entries}"),
    "list.empty": Text("Das Release enthält keine.", "The release holds none."),
    "list.letters": Text("Anfangsbuchstaben", "Initial letters"),
}

_QUESTIONS: Mapping[str, Text] = {
    "questions.lede": Text(
        "Fertige Fragen, die der Graph beantwortet. Jede hat eine feste Adresse und antwortet auch als CSV, "
        "JSON und Excel-Datei.",
        "Questions that the graph answers. Each has a fixed address and also answers as CSV, JSON and Excel "
        "file.",
    ),
    "questions.lede.examples": Text(
        "Fertige Fragen, die der Graph beantwortet, jede mit ihrer Antwort für ein Beispiel, auch als CSV "
        "und JSON. Die Abfrage steht dabei und gilt in jedem Programm für SPARQL.",
        "Questions that the graph answers, each with its answer for an example, also as CSV and JSON. The "
        "query stands with it and works in any program for SPARQL.",
    ),
    "questions.lede.queries": Text(
        "Fertige Fragen an den Graphen, jede mit ihrer Abfrage, die in jedem Programm für SPARQL gilt.",
        "Questions to the graph, each with its query, which works in any program for SPARQL.",
    ),
    "questions.parameters": Text("Angaben: {names}", "Parameters: {names}"),
    "question.ask": Text("Frage stellen", "Ask"),
    "question.form": Text("Die Frage stellen", "Ask the question"),
    "question.example": Text("Beantwortet für", "Answered for"),
    "question.key": Text("Schlüssel oder ganze Adresse", "Key or whole address"),
    "question.year": Text("Jahr mit vier Ziffern", "Year with four digits"),
    "question.integer": Text("Ganze Zahl", "Whole number"),
    "question.answer": Text("Antwort", "Answer"),
    "question.none": Text("Dazu steht nichts im Graphen.", "The graph holds nothing on this."),
    "question.problem": Text(
        "Diese Frage lässt sich so nicht beantworten", "This question cannot be answered so"
    ),
    "question.formats": Text("Antwort als", "Answer as"),
    "question.query": Text("Abfrage (SPARQL)", "Query (SPARQL)"),
    "question.query.run": Text("In SPARQL öffnen", "Open in SPARQL"),
    "question.about": Text("Über diese Antwort", "About this answer"),
    "sparql.lede": Text(
        "Abfragen nach SPARQL 1.1 an den ganzen Graphen. Der Default-Graph ist die Vereinigung aller "
        "benannten Graphen.",
        "Queries in SPARQL 1.1 to the whole graph. The default graph is the union of all named graphs.",
    ),
    "sparql.query": Text("Abfrage", "Query"),
    "sparql.run": Text("Ausführen", "Run"),
    "sparql.examples": Text("Beispiele", "Examples"),
    "sparql.example.run": Text("Dieses Beispiel ausführen", "Run this example"),
    "sparql.problem": Text("Diese Abfrage lässt sich nicht ausführen", "This query cannot be run"),
    "sparql.result": Text("Ergebnis", "Result"),
    "sparql.address": Text("Adresse der Schnittstelle", "Address of the endpoint"),
}

_VOCABULARY: Mapping[str, Text] = {
    "ontology.contents": Text("Inhalt", "Contents"),
    "ontology.classes": Text("Klassen", "Classes"),
    "ontology.properties": Text("Eigenschaften", "Properties"),
    "ontology.schemes": Text("Listen von Begriffen", "Lists of concepts"),
    "ontology.reused": Text("Begriffe anderer Vokabulare", "Terms of other vocabularies"),
    "ontology.reused.about": Text(
        "Diese Begriffe anderer verwendet der Graph so, wie es hier steht.",
        "The graph uses these terms of others as it says here.",
    ),
    "ontology.iri": Text("Adresse", "Address"),
    "ontology.namespace": Text("Namensraum, Präfix {prefix}", "Namespace, prefix {prefix}"),
    "ontology.version": Text("Version", "Version"),
    "ontology.versions": Text("Alle Versionen", "All versions"),
    "ontology.formats": Text("Maschinenlesbar", "Machine-readable"),
    "ontology.example": Text("Beispiel", "Example"),
    "ontology.subclass": Text("Unterklasse von", "Subclass of"),
    "ontology.subproperty": Text("Untereigenschaft von", "Subproperty of"),
    "ontology.narrower": Text("Darunter", "Below it"),
    "ontology.domain": Text("Hat diese Eigenschaft", "On"),
    "ontology.range": Text("Wert", "Value"),
    "ontology.class-properties": Text("Eigenschaften", "Properties"),
    "ontology.disjoint": Text("Nie zugleich", "Never at once"),
    "ontology.aligned": Text("In anderen Vokabularen", "In other vocabularies"),
    "ontology.concepts.elsewhere": Text(
        "Die Begriffe dieser Liste stehen in den Daten.", "The concepts of this list are in the data."
    ),
    "ontology.kind.object": Text("Verweis", "link"),
    "ontology.kind.value": Text("Wert", "value"),
    "ontology.concept": Text("Begriff", "Concept"),
    "ontology.definition": Text("Bestimmung", "Definition"),
    "ontology.notation": Text("Kürzel", "Notation"),
}

_ABSENT: Mapping[str, Text] = {
    "absent.not-found": Text("Nicht gefunden", "Not found"),
    "absent.not-found.about": Text(
        "Unter dieser Adresse gibt es nichts. Vielleicht ist sie falsch geschrieben.",
        "There is nothing at this address. Perhaps it is misspelt.",
    ),
    "absent.gone": Text("Nicht mehr enthalten", "No longer part of the graph"),
    "absent.gone.about": Text(
        "{name} stand zuletzt im Release {release} und ist seither nicht mehr enthalten.",
        "{name} was last part of the release {release} and has not been in it since.",
    ),
    "absent.gone.successor": Text("An seine Stelle trat {successor}.", "It was replaced by {successor}."),
    "absent.not-acceptable": Text("Nicht in dieser Form", "Not in this form"),
    "absent.not-acceptable.about": Text(
        "Diese Seite gibt es nicht in der Form, um die gebeten wurde. Es gibt sie so:",
        "This page does not exist in the form that was asked for. It exists in these:",
    ),
    "absent.address": Text("Gesuchte Adresse", "Address asked for"),
    "absent.go-on": Text("Von hier geht es weiter:", "From here you can go on to:"),
}

_VARIABLES: Mapping[str, Text] = {
    "page.variable.aim": Text("Ziel", "Aim"),
    "page.variable.alliance": Text("Bündnis", "Alliance"),
    "page.variable.alliances": Text("Bündnisse", "Alliances"),
    "page.variable.amount": Text("Betrag", "Amount"),
    "page.variable.applied": Text("Angewandt", "Applied sciences"),
    "page.variable.as_of": Text("Stand", "As of"),
    "page.variable.class": Text("Klasse", "Class"),
    "page.variable.currency": Text("Währung", "Currency"),
    "page.variable.date": Text("Datum", "Date"),
    "page.variable.end": Text("Ende", "End"),
    "page.variable.event": Text("Ereignis", "Event"),
    "page.variable.field": Text("Innovationsfeld", "Field of innovation"),
    "page.variable.first": Text("Erstes", "First"),
    "page.variable.funder": Text("Geldgeber", "Funder"),
    "page.variable.funding": Text("Zuwendung", "Grant"),
    "page.variable.grant_number": Text("Förderkennzeichen", "Grant number"),
    "page.variable.kind": Text("Art", "Kind"),
    "page.variable.lab": Text("Labor", "Lab"),
    "page.variable.labs": Text("Labore", "Labs"),
    "page.variable.matter": Text("Gegenstand", "Matter"),
    "page.variable.named": Text("Mit Namen bekannt", "Known by name"),
    "page.variable.organisation": Text("Organisation", "Organisation"),
    "page.variable.organisations": Text("Organisationen", "Organisations"),
    "page.variable.organiser": Text("Veranstalter", "Organiser"),
    "page.variable.page": Text("Webadresse", "Web address"),
    "page.variable.partner": Text("Partner", "Partner"),
    "page.variable.percent": Text("Prozent", "Per cent"),
    "page.variable.place": Text("Ort", "Place"),
    "page.variable.programme": Text("Programm", "Programme"),
    "page.variable.project": Text("Projekt", "Project"),
    "page.variable.projects": Text("Projekte", "Projects"),
    "page.variable.qualifier": Text("Genauigkeit", "Qualifier"),
    "page.variable.record": Text("Eintrag", "Record"),
    "page.variable.records": Text("Einträge", "Records"),
    "page.variable.region": Text("Region", "Region"),
    "page.variable.retrieved": Text("Abgerufen am", "Retrieved on"),
    "page.variable.role": Text("Rolle", "Role"),
    "page.variable.seat": Text("Sitz", "Seat"),
    "page.variable.second": Text("Zweites", "Second"),
    "page.variable.since": Text("Seit", "Since"),
    "page.variable.source": Text("Quelle", "Source"),
    "page.variable.start": Text("Beginn", "Start"),
    "page.variable.statement": Text("Größenangabe", "Statement of size"),
    "page.variable.subject": Text("Worüber", "About"),
    "page.variable.topic": Text("Thema", "Topic"),
    "page.variable.undertaking": Text("Vorhaben", "Undertaking"),
    "page.variable.undertakings": Text("Vorhaben", "Undertakings"),
    "page.variable.university": Text("Hochschule", "University"),
    "page.variable.value": Text("Zahl", "Value"),
    "page.variable.whole": Text("Gehört zu", "Part of"),
    "page.variable.wkt": Text("Koordinaten (WKT)", "Coordinates (WKT)"),
}

PAGE_VIEWS: Mapping[str, Text] = {**_INDEX, **_QUESTIONS, **_VOCABULARY, **_ABSENT, **_VARIABLES}
