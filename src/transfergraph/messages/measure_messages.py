"""The words of measures, weights, evidence and introductions."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

EXPLORER: Mapping[str, Text] = {
    "network.measure.ties": Text("Verbindungen", "Ties"),
    "network.measure.ties.definition": Text(
        "Die Zahl der Partner, mit denen eine Organisation mindestens ein Vorhaben teilt.",
        "The number of partners with whom an organisation shares at least one undertaking.",
    ),
    "network.measure.reach": Text("Reichweite", "Reach"),
    "network.measure.reach.definition": Text(
        "Die Zahl der Organisationen, die mit höchstens zwei Schritten zu erreichen sind: die Partner und "
        "deren Partner.",
        "The number of organisations within at most two steps: the partners and their partners.",
    ),
    "network.measure.broker": Text("Vermittlung", "Broker"),
    "network.measure.broker.definition": Text(
        "Der Anteil der kürzesten Wege zwischen zwei anderen Organisationen, die über diese führen "
        "(Betweenness nach Freeman).",
        "The share of the shortest ways between two other organisations that lead through this one "
        "(betweenness after Freeman).",
    ),
    "network.measure.broker.sampled": Text(
        "Geschätzt von {pivots:Organisation|Organisationen} aus.",
        "Estimated from {pivots:organisation|organisations}.",
    ),
    "network.measure.constraint": Text("Geschlossenheit", "Constraint"),
    "network.measure.constraint.definition": Text(
        "Wie sehr sich die Partner einer Organisation schon untereinander kennen (nach Burt): nahe 0 "
        "verbindet sie Getrenntes, nahe 1 ist sie in einem Kreis.",
        "How far the partners of an organisation know each other already (after Burt): near 0 it joins what "
        "is apart, near 1 it is within one circle.",
    ),
    "network.measure.funding": Text("Förderung", "Funding"),
    "network.measure.funding.definition": Text(
        "Die Summe der Anteile in Euro; was von einem Betrag niemandem zugeordnet ist, wird gleich auf die "
        "übrigen Beteiligten verteilt.",
        "The sum of the shares in euro; what is assigned to nobody is divided equally among the other "
        "participants.",
    ),
    "network.measure.undertakings": Text("Vorhaben", "Undertakings"),
    "network.measure.undertakings.definition": Text(
        "Die Zahl der Bündnisse, Projekte und Labore, an denen eine Organisation teilnimmt.",
        "The number of alliances, projects and labs in which an organisation takes part.",
    ),
    "network.measure.community": Text("Gemeinschaft", "Community"),
    "network.measure.community.definition": Text(
        "Eine Gruppe, die untereinander dichter verbunden ist als mit anderen; jedes Bündnis ist der Kern "
        "einer eigenen (Modularität nach Blondel und anderen).",
        "A group that is more densely tied within than to others; every alliance is the heart of one of its "
        "own (modularity after Blondel and others).",
    ),
    "network.weight.shared": Text("Gemeinsame Vorhaben", "Shared undertakings"),
    "network.weight.shared.definition": Text(
        "Eine Verbindung zählt, wie viele Vorhaben zwei Organisationen teilen.",
        "A tie counts how many undertakings two organisations share.",
    ),
    "network.weight.newman": Text("Enge der Zusammenarbeit", "Closeness of cooperation"),
    "network.weight.newman.definition": Text(
        "Jedes gemeinsame Vorhaben mit n Organisationen zählt 1/(n−1): eine kleine Runde verbindet stärker "
        "als eine große (nach Newman).",
        "Every shared undertaking of n organisations counts 1/(n−1): a small round ties more than a large "
        "one (after Newman).",
    ),
    "network.weight.funding": Text("Gemeinsame Förderung", "Shared funding"),
    "network.weight.funding.definition": Text(
        "Die Anteile der beiden in Euro, geteilt durch die Zahl der übrigen Beteiligten und summiert über "
        "die gemeinsamen Vorhaben.",
        "The shares of the two in euro, divided by the number of the other participants and summed over the "
        "shared undertakings.",
    ),
    "network.thinned": Text(
        "{drawn:n} von {ties:Verbindung|Verbindungen} sind gezeichnet",
        "{drawn:n} of {ties:tie|ties} are drawn",
    ),
    "network.backbone.definition": Text(
        "Das Gerüst zeigt Verbindungen, deren Gewicht für einen der beiden Partner auffällt, und von jedem "
        "Partner die stärkste (Disparitätsfilter nach Serrano und anderen).",
        "The backbone shows ties whose weight stands out for one of the two partners, and the strongest tie "
        "of each partner (disparity filter after Serrano and others).",
    ),
    "network.large": Text(
        "Nur aus großen Runden mit mehr als {limit:n} Organisationen bekannt",
        "Known only from large rounds of more than {limit:n} organisations",
    ),
    "network.untied": Text(
        "{undertaking} hat {size:Organisation|Organisationen}; so große Runden verbinden hier niemanden.",
        "{undertaking} has {size:organisation|organisations}; rounds as large as that tie nobody here.",
    ),
    "network.introduction.neighbours": Text("beide arbeiten mit {names} zusammen", "both work with {names}"),
    "network.introduction.neighbours.more": Text(
        "beide arbeiten mit {names} und {rest:weiteren Organisation|weiteren Organisationen} zusammen",
        "both work with {names} and {rest:other organisation|other organisations}",
    ),
    "network.introduction.alliances": Text("im selben Bündnis: {names}", "in the same alliance: {names}"),
    "network.introduction.alliances.more": Text(
        "in denselben Bündnissen: {names} und {rest:weiteren|weiteren}",
        "in the same alliances: {names} and {rest:other|others}",
    ),
    "network.introduction.topics": Text("gemeinsame Themen: {names}", "topics in common: {names}"),
    "network.introduction.topics.more": Text(
        "gemeinsame Themen: {names} und {rest:weiteres|weitere}",
        "topics in common: {names} and {rest:other|others}",
    ),
    "network.introduction.regions": Text("in derselben Region: {names}", "in the same region: {names}"),
    "network.introduction.regions.more": Text(
        "in denselben Regionen: {names} und {rest:weiteren|weiteren}",
        "in the same regions: {names} and {rest:other|others}",
    ),
    "network.introduction.programmes": Text(
        "aus demselben Programm gefördert: {names}", "funded by the same programme: {names}"
    ),
    "network.introduction.programmes.more": Text(
        "aus denselben Programmen gefördert: {names} und {rest:weiteren|weiteren}",
        "funded by the same programmes: {names} and {rest:other|others}",
    ),
    "network.introduction.broker": Text(
        "gehört zu denen, die am meisten vermitteln", "is among those who broker most"
    ),
    "network.and": Text("und", "and"),
    "network.introductions": Text("Wen man einander vorstellen könnte", "Whom to introduce to whom"),
    "network.isolates": Text("Unternehmen ohne Verbindung", "Firms without a tie"),
    "network.evidence.tie": Text(
        "{a} und {b} teilen {count:Vorhaben|Vorhaben}: {undertakings}",
        "{a} and {b} share {count:undertaking|undertakings}: {undertakings}",
    ),
    "network.evidence.none": Text("{a} und {b} teilen kein Vorhaben", "{a} and {b} share no undertaking"),
    "network.evidence.as": Text("{organisation} als {role}", "{organisation} as {role}"),
    "network.evidence.amount.exactly": Text("gefördert mit {amount:n} Euro", "funded with {amount:n} euro"),
    "network.evidence.amount.at-most": Text(
        "gefördert mit höchstens {amount:n} Euro", "funded with at most {amount:n} euro"
    ),
    "network.evidence.amount.at-least": Text(
        "gefördert mit mindestens {amount:n} Euro", "funded with at least {amount:n} euro"
    ),
    "network.evidence.amount.about": Text(
        "gefördert mit etwa {amount:n} Euro", "funded with about {amount:n} euro"
    ),
    "network.evidence.large": Text(
        "zählt nicht als Verbindung, weil {size:Organisation|Organisationen} teilnehmen",
        "does not count as a tie because {size:organisation takes|organisations take} part",
    ),
    "network.path.none": Text("Zwischen {a} und {b} führt kein Weg", "No way leads from {a} to {b}"),
    "network.path.direct": Text("{a} und {b} sind direkt verbunden", "{a} and {b} are tied directly"),
    "network.path.found": Text(
        "{ways:kürzester Weg|kürzeste Wege} mit {steps:Schritt|Schritten} zwischen {a} und {b}",
        "{ways:shortest way|shortest ways} of {steps:step|steps} between {a} and {b}",
    ),
    "network.path.step": Text("{a} und {b} teilen {undertakings}", "{a} and {b} share {undertakings}"),
    "network.path.shortest": Text("Kürzeste Wege", "Shortest ways"),
    "network.path.strongest": Text("Stärkste Wege", "Strongest ways"),
    "network.path.strongest.definition": Text(
        "Ein Weg ist umso stärker, je kleiner die Summe von 1/Gewicht seiner Schritte ist (Gewicht nach "
        "Newman).",
        "A way is the stronger, the smaller the sum of 1/weight of its steps is (weight after Newman).",
    ),
    "report.partners": Text("Partner mit Namen", "partners by name"),
    "report.undertakings": Text("Projekte und Labore", "projects and labs"),
    "report.ties": Text("Verbindungen", "ties"),
    "report.bridges": Text("Brücken nach außen", "bridges to others"),
    "report.funding.exactly": Text("Euro, soweit genannt", "euro, as far as stated"),
    "report.funding.at-most": Text("Euro höchstens", "euro at most"),
    "report.funding.at-least": Text("Euro mindestens", "euro at least"),
    "report.funding.about": Text("Euro, etwa", "euro, about"),
    "report.number": Text("{n:n}", "{n:n}"),
    "report.unknown": Text("–", "–"),
    "report.known": Text(
        "Die Quellen sprechen von {qualifier} {value:n} Partnern; mit Namen bekannt sind hier {named:n}",
        "The sources speak of {qualifier} {value:n} partners; {named:n} of them are known here by name",
    ),
    "report.kinds": Text("Nach Art: {kinds}", "By kind: {kinds}"),
    "report.bridges.names": Text(
        "Brücken zu anderen Bündnissen: {names}", "Bridges to other alliances: {names}"
    ),
    "report.partners.first": Text("Am stärksten verbunden", "Best connected"),
    "report.partner": Text(
        "{name}: {ties:Verbindung|Verbindungen}, {undertakings:Vorhaben|Vorhaben}",
        "{name}: {ties:tie|ties}, {undertakings:undertaking|undertakings}",
    ),
    "report.sources.more": Text(
        "und {count:weitere Quelle|weitere Quellen}", "and {count:other source|other sources}"
    ),
    "network.ties": Text("{count:Verbindung|Verbindungen}", "{count:tie|ties}"),
    "network.measure.participations": Text("Beteiligungen und Teile", "Participations and parts"),
}
