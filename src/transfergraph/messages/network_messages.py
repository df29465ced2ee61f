"""The texts of the network page."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

NETWORK: Mapping[str, Text] = {
    "network.heading": Text("Netzwerk der Partner und Vorhaben", "Network of partners and undertakings"),
    "network.language": Text("Sprache", "Language"),
    "network.organisations": Text(
        "{count:Organisation|Organisationen}", "{count:organisation|organisations}"
    ),
    "network.undertakings": Text("{count:Vorhaben|Vorhaben}", "{count:undertaking|undertakings}"),
    "network.participations": Text(
        "{count:Beteiligung|Beteiligungen}", "{count:participation|participations}"
    ),
    "network.excerpt": Text(
        "Gezeigt werden die am stärksten verbundenen {organisations:Organisation|Organisationen} und "
        "{undertakings:Vorhaben|Vorhaben}; die übrigen stehen in den Daten.",
        "Shown are the {organisations:most connected organisation|most connected organisations} and "
        "{undertakings:undertaking|undertakings}; the others are in the data.",
    ),
    "network.picture": Text("Bild des Netzwerks", "Picture of the network"),
    "network.picture.description": Text(
        "Bild des Netzwerks. Die Suche und die Listen unter dem Bild enthalten dieselben Angaben.",
        "Picture of the network. The search and the lists below the picture hold the same information.",
    ),
    "network.no-script": Text(
        "Bild und Suche brauchen JavaScript. Die Listen enthalten alle Angaben auch ohne JavaScript.",
        "Picture and search need JavaScript. The lists hold all information without JavaScript, too.",
    ),
    "network.search": Text("Partner oder Vorhaben suchen", "Search for a partner or an undertaking"),
    "network.search.nothing": Text("Nichts gefunden", "Nothing found"),
    "network.zoom-in": Text("Vergrößern", "Zoom in"),
    "network.zoom-out": Text("Verkleinern", "Zoom out"),
    "network.zoom-all": Text("Alles zeigen", "Show all"),
    "network.zoom-hint": Text(
        "Zum Zoomen beim Scrollen Strg gedrückt halten", "Hold Ctrl while scrolling to zoom"
    ),
    "network.clear": Text("Auswahl aufheben", "Clear selection"),
    "network.to-list": Text("In der Liste zeigen", "Show in the list"),
    "network.legend": Text("Legende", "Legend"),
    "network.class.alliance": Text("Bündnis", "Alliance"),
    "network.class.project": Text("Projekt", "Project"),
    "network.class.lab": Text("Labor", "Lab"),
    "network.class.organisation": Text("Organisation", "Organisation"),
    "network.other-kinds": Text("andere Arten", "other kinds"),
    "network.edge.participation": Text("nimmt teil", "takes part"),
    "network.edge.lead": Text("leitet oder koordiniert", "leads or coordinates"),
    "network.edge.part-of": Text("gehört zu", "is part of"),
    "network.size": Text(
        "Je mehr Vorhaben eine Organisation hat, desto größer ist ihr Zeichen. Am Rand eines Kreises steht, "
        "wer ihn mit einem anderen verbindet.",
        "The more undertakings an organisation has, the larger its mark. On the rim of a circle stands who "
        "links it to another.",
    ),
    "network.tray": Text("Ohne genannte Beteiligung", "No participation named"),
    "network.coverage": Text("Wie viele Partner sind bekannt?", "How many partners are known?"),
    "network.coverage.note": Text(
        "Die Quellen nennen oft nur die Zahl der Partner. Gezeichnet wird nur, wer mit Namen bekannt ist.",
        "Sources often state only the number of partners. Only those known by name are drawn.",
    ),
    "network.coverage.size": Text("{qualifier} {value:n} Partner", "{qualifier} {value:n} partners"),
    "network.coverage.as-of": Text("Stand {date}", "as of {date}"),
    "network.coverage.named": Text("{count:n} hier mit Namen", "{count:n} named here"),
    "network.coverage.none": Text("keine Angabe der Quellen", "not stated by the sources"),
    "network.coverage.other": Text(
        "{count:weitere Angabe|weitere Angaben}", "{count:other statement|other statements}"
    ),
    "network.list.undertakings": Text("Vorhaben und ihre Partner", "Undertakings and their partners"),
    "network.list.organisations": Text(
        "Organisationen und ihre Vorhaben", "Organisations and their undertakings"
    ),
    "network.column.undertaking": Text("Vorhaben", "Undertaking"),
    "network.column.organisation": Text("Organisation", "Organisation"),
    "network.column.period": Text("Zeitraum", "Period"),
    "network.column.partners": Text("Beteiligte und Rollen", "Participants and roles"),
    "network.column.undertakings": Text("Beteiligt an, als", "Takes part in, as"),
    "network.column.sources": Text("Quellen", "Sources"),
    "network.part-of": Text("gehört zu", "part of"),
    "network.unit-of": Text("gehört zu", "unit of"),
    "network.parts": Text("Projekte und Labore", "Projects and labs"),
    "network.partners": Text("Partner in gemeinsamen Vorhaben", "Partners in shared undertakings"),
    "network.website": Text("Website", "Website"),
    "network.period": Text("{start} bis {end}", "{start} to {end}"),
    "network.period.since": Text("seit {start}", "since {start}"),
    "network.period.until": Text("bis {end}", "until {end}"),
    "network.none": Text("keine genannt", "none named"),
    "network.licence": Text("Lizenz der Daten", "Licence of the data"),
    "network.sources": Text("Quellen", "Sources"),
    "network.made-with": Text(
        "Zeichnung: vis-network {version} (Apache 2.0 oder MIT), über pyvis",
        "Drawn with vis-network {version} (Apache 2.0 or MIT) by way of pyvis",
    ),
}
