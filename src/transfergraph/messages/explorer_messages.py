"""The words of the page that explores the network: controls, panels, lists."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

NETWORK_PAGE: Mapping[str, Text] = {
    "network.explorer.view": Text("Ansicht", "View"),
    "network.explorer.view.undertakings": Text("Vorhaben und Partner", "Undertakings and partners"),
    "network.explorer.view.partners": Text("Partner direkt", "Partners tied directly"),
    "network.explorer.ground": Text("Anordnung", "Arrangement"),
    "network.explorer.ground.net": Text("Netz", "Network"),
    "network.explorer.ground.map": Text("Karte", "Map"),
    "network.explorer.dark": Text("Dunkel", "Dark"),
    "network.explorer.undo": Text("Rückgängig", "Undo"),
    "network.explorer.keys": Text(
        "Im Bild verschieben die Pfeiltasten den Ausschnitt, Plus und Minus vergrößern und verkleinern, "
        "0 zeigt alles, Escape hebt die Auswahl auf.",
        "In the picture the arrow keys move the view, plus and minus zoom, 0 shows all, Escape clears the "
        "selection.",
    ),
    "network.explorer.loading": Text("Wird geladen …", "Loading …"),
    "network.explorer.details": Text("Auswahl", "Selection"),
    "network.explorer.panels": Text("Zum Bild", "About the picture"),
    "network.explorer.filter": Text("Filter", "Filters"),
    "network.explorer.ways": Text("Wege", "Ways"),
    "network.explorer.introductions": Text("Vorschläge", "Suggestions"),
    "network.explorer.data": Text("Daten", "Data"),
    "network.explorer.colour": Text("Farbe und Form", "Colour and shape"),
    "network.explorer.size": Text("Größe", "Size"),
    "network.explorer.weight": Text("Stärke der Verbindung", "Strength of a tie"),
    "network.explorer.min": Text("Mindestens", "At least"),
    "network.explorer.backbone": Text("Nur das Gerüst zeichnen", "Draw the backbone only"),
    "network.explorer.legend-filters": Text(
        "Ein Klick auf einen Eintrag zeigt nur diesen.", "A click on an entry shows only this one."
    ),
    "network.explorer.kind": Text("Art", "Kind"),
    "network.explorer.place": Text("Ort", "Place"),
    "network.explorer.region": Text("Region", "Region"),
    "network.explorer.roles": Text("Rollen", "Roles"),
    "network.explorer.cells": Text("Zellen", "Cells"),
    "network.explorer.row": Text("Zeile {row}", "row {row}"),
    "network.explorer.topics": Text("Themen", "Topics"),
    "network.explorer.unknown": Text("unbekannt", "unknown"),
    "network.explorer.none": Text("keine", "none"),
    "network.explorer.small": Text("kleine Gemeinschaft", "small community"),
    "network.explorer.others": Text("{count:weitere|weitere}", "{count:other|others}"),
    "network.explorer.more": Text("{count:weitere|weitere}", "{count:more|more}"),
    "network.explorer.tie": Text("Verbindung; je dicker, desto stärker", "tie; the thicker, the stronger"),
    "network.explorer.untied-more": Text(
        "Ebenso {count:weiteres Vorhaben|weitere Vorhaben}.",
        "Likewise {count:other undertaking|other undertakings}.",
    ),
    "network.explorer.unplaced": Text(
        "Ohne bekannten Ort und darum nicht auf der Karte: {count:n}. Die Liste nennt sie.",
        "Without a known place and therefore not on the map: {count:n}. The list names them.",
    ),
    "network.explorer.too-many": Text(
        "Gezeichnet sind die am besten verbundenen; {count:n} weitere wären zu viele für ein Bild. Suche, "
        "Wege und die Umgebung eines Knotens erreichen auch sie.",
        "The best connected are drawn; {count:n} more would be too many for a picture. Search, ways and the "
        "surroundings of a node reach them, too.",
    ),
    "network.explorer.bubbles": Text(
        "Jeder Kreis steht für eine Gemeinschaft oder Region mit der Zahl ihrer Organisationen, jede Linie "
        "für die Verbindungen dazwischen; von jedem Kreis die drei stärksten. Ein Klick öffnet ihn.",
        "Each circle stands for a community or region with the number of its organisations, each line for "
        "the ties between them; of each circle the three strongest. A click opens it.",
    ),
    "network.explorer.bubble-count": Text(
        "{count:Kreis|Kreise}; ein Klick öffnet ihn", "{count:circle|circles}; a click opens one"
    ),
    "network.explorer.drawn": Text(
        "{drawn:n} von {links:Linie|Linien} zwischen Partner und Vorhaben sind gezeichnet",
        "{drawn:n} of {links:line|lines} between partner and undertaking are drawn",
    ),
    "network.explorer.shown": Text(
        "{shown:n} von {total:Organisation|Organisationen}", "{shown:n} of {total:organisation|organisations}"
    ),
    "network.explorer.missing": Text("Nicht in diesem Netz: {keys}.", "Not in this network: {keys}."),
    "network.explorer.facet.kinds": Text("Art der Organisation", "Kind of organisation"),
    "network.explorer.facet.programmes": Text("Programm", "Programme"),
    "network.explorer.facet.alliances": Text("Bündnis", "Alliance"),
    "network.explorer.facet.regions": Text("Region", "Region"),
    "network.explorer.facet.topics": Text("Thema", "Topic"),
    "network.explorer.facet.roles": Text("Rolle", "Role"),
    "network.explorer.search-in": Text("suchen", "search"),
    "network.explorer.no-filter": Text("Alle Filter aufheben", "Clear all filters"),
    "network.explorer.drop": Text("{name} entfernen", "Remove {name}"),
    "network.explorer.years": Text("Jahre", "Years"),
    "network.explorer.year-from": Text("von", "from"),
    "network.explorer.year-to": Text("bis", "to"),
    "network.explorer.all-years": Text("alle, {from} bis {to}", "all, {from} to {to}"),
    "network.explorer.every-year": Text("Alle Jahre", "All years"),
    "network.explorer.play": Text("Abspielen", "Play"),
    "network.explorer.pause": Text("Anhalten", "Pause"),
    "network.explorer.ways-question": Text("Wie sind zwei verbunden?", "How are two connected?"),
    "network.explorer.way-first": Text("Erste Organisation", "First organisation"),
    "network.explorer.way-second": Text("Zweite Organisation", "Second organisation"),
    "network.explorer.way-from": Text("Weg von hier …", "Way from here …"),
    "network.explorer.way-between": Text("Wie sind die beiden verbunden?", "How are the two connected?"),
    "network.explorer.way-same": Text(
        "Ein Weg braucht zwei verschiedene Organisationen.", "A way needs two different organisations."
    ),
    "network.explorer.query": Text("SPARQL-Abfrage der Belege", "SPARQL query for the evidence"),
    "network.explorer.query-ways": Text(
        "SPARQL-Abfrage aller kürzesten Wege", "SPARQL query for all shortest ways"
    ),
    "network.explorer.copy": Text("Kopieren", "Copy"),
    "network.explorer.copied": Text("In die Zwischenablage kopiert", "Copied to the clipboard"),
    "network.explorer.copy-failed": Text(
        "Der Browser erlaubt das Kopieren nicht; bitte von Hand kopieren",
        "The browser does not allow copying; please copy by hand",
    ),
    "network.explorer.introductions-note": Text(
        "Paare ohne Verbindung, die gemeinsame Partner, Themen, Regionen oder Programme haben. Ist eine "
        "Organisation gewählt, stehen hier nur ihre Vorschläge.",
        "Pairs without a tie that have partners, topics, regions or programmes in common. When an "
        "organisation is chosen, only its suggestions stand here.",
    ),
    "network.explorer.introductions-of": Text("Vorschläge für {names}", "Suggestions for {names}"),
    "network.explorer.show-both": Text("Zeigen", "Show"),
    "network.explorer.save": Text("Ansicht speichern", "Save the view"),
    "network.explorer.save-note": Text(
        "Gespeichert wird, was gezeichnet ist, mit Filtern und Auswahl.",
        "What is drawn is saved, with its filters and selection.",
    ),
    "network.explorer.saved": Text("{file} gespeichert", "{file} saved"),
    "network.explorer.nodes-csv": Text("CSV der Knoten", "CSV of the nodes"),
    "network.explorer.print": Text("Drucken", "Print"),
    "network.explorer.share": Text("Ansicht teilen", "Share the view"),
    "network.explorer.share-note": Text(
        "Die Adresse der Seite enthält die ganze Ansicht. Das Stück HTML bettet sie in eine andere Seite "
        "ein.",
        "The address of the page holds the whole view. The piece of HTML embeds it in another page.",
    ),
    "network.explorer.copy-link": Text("Link kopieren", "Copy link"),
    "network.explorer.copy-embed": Text("HTML zum Einbetten kopieren", "Copy HTML to embed"),
    "network.explorer.measures": Text("Was die Maße bedeuten", "What the measures mean"),
    "network.explorer.first-by": Text("Die ersten nach: {measure}", "The first by: {measure}"),
    "network.explorer.evidence": Text("Belege", "Evidence"),
    "network.explorer.why": Text("warum?", "why?"),
    "network.explorer.why-of": Text("Warum sind {a} und {b} verbunden?", "Why are {a} and {b} tied?"),
    "network.explorer.around-label": Text("Umgebung in Schritten", "Surroundings in steps"),
    "network.explorer.around": Text(
        "Nur die Umgebung in {steps:Schritt|Schritten} zeigen",
        "Show only the surroundings within {steps:step|steps}",
    ),
    "network.explorer.whole": Text("Ganzes Netz", "Whole network"),
    "network.explorer.ego": Text(
        "Umgebung von {name} in {steps:Schritt|Schritten}", "Surroundings of {name} within {steps:step|steps}"
    ),
    "network.explorer.chosen": Text("{count:Knoten|Knoten} gewählt", "{count:node|nodes} chosen"),
    "network.explorer.ties-among": Text("Verbindungen untereinander", "Ties among them"),
    "network.explorer.organisations": Text("Organisationen", "Organisations"),
    "network.explorer.participants": Text("Beteiligte", "Participants"),
    "network.explorer.partner": Text("Partner", "Partner"),
    "network.explorer.ties": Text("Verbindungen und ihre Belege", "Ties and their evidence"),
    "network.explorer.communities": Text("Gemeinschaften", "Communities"),
    "network.explorer.lists": Text("Listen", "Lists"),
    "network.explorer.rows": Text(
        "{count:Zeile|Zeilen}, gefiltert wie das Bild", "{count:row|rows}, filtered like the picture"
    ),
    "network.explorer.more-rows": Text("{count:weitere Zeile|weitere Zeilen}", "{count:more row|more rows}"),
    "network.explorer.all-rows": Text("Alle Zeilen", "All rows"),
    "network.explorer.complete-list": Text(
        "Vollständige Liste aller Organisationen und Vorhaben",
        "Complete list of all organisations and undertakings",
    ),
}
