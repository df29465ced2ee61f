"""The texts of the pages about entities and of those around them.

A sentence about an entity is made of a beginning (``page.is``), clauses (``page.with``) and what it does
(``page.does``); names stand where the placeholders are.
"""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_FRAME: Mapping[str, Text] = {
    "page.skip": Text("Zum Inhalt springen", "Skip to content"),
    "page.nav": Text("Hauptnavigation", "Main navigation"),
    "page.breadcrumbs": Text("Sie sind hier", "You are here"),
    "page.home": Text("Start", "Home"),
    "page.questions": Text("Fragen", "Questions"),
    "page.network": Text("Netzwerk", "Network"),
    "page.sparql": Text("SPARQL", "SPARQL"),
    "page.ontology": Text("Begriffe", "Vocabulary"),
    "page.language": Text("Sprache", "Language"),
    "page.language.de": Text("Deutsch", "Deutsch"),
    "page.language.en": Text("English", "English"),
    "page.external": Text("führt zu einer anderen Website", "leads to another website"),
    "page.facts": Text("Auf einen Blick", "At a glance"),
    "page.sources": Text("Quellen", "Sources"),
    "page.source": Text("Quelle", "Source"),
    "page.source.retrieved": Text("abgerufen am {date}", "retrieved on {date}"),
    "page.source.licence": Text("Lizenz", "licence"),
    "page.about": Text("Über diese Daten", "About this data"),
    "page.about.address": Text("Dauerhafte Adresse", "Permanent address"),
    "page.about.formats": Text("Maschinenlesbar", "Machine-readable"),
    "page.about.graphs": Text("Angegeben in", "Stated in"),
    "page.about.release": Text("Release {release} vom {date}", "Release {release} of {date}"),
    "page.about.network": Text("Im Netzwerk", "In the network"),
    "page.about.surroundings": Text("Umgebung ansehen", "See the surroundings"),
    "page.about.embed": Text("In eine andere Seite einbetten", "Embed in another page"),
    "page.about.citation": Text("Zitieren als", "Cite as"),
    "page.citation": Text(
        "„{name}“, in: {title}, Release {release}. {address}. {licence}",
        "“{name}”, in: {title}, release {release}. {address}. {licence}",
    ),
    "page.about.licence": Text("Lizenz der Daten", "Licence of the data"),
    "page.about.credits": Text("Herkunft der Angaben", "Where the facts come from"),
    "page.publisher": Text("Herausgegeben von {publisher}", "Published by {publisher}"),
    "page.pages": Text("Weitere Seiten", "Further pages"),
    "page.page": Text("Seite {page:n} von {pages:n}", "Page {page:n} of {pages:n}"),
    "page.page.previous": Text("Vorige Seite", "Previous page"),
    "page.page.next": Text("Nächste Seite", "Next page"),
    "page.shown": Text("{first:n} bis {last:n} von {total:n}", "{first:n} to {last:n} of {total:n}"),
    "page.shown.none": Text("alle {total:n} auf Seite 1", "all {total:n} on page 1"),
    "page.shortened": Text(
        "Gekürzt; der ganze Text steht in den maschinenlesbaren Formaten.",
        "Shortened; the machine-readable formats hold the whole text.",
    ),
    "page.and": Text("und", "and"),
    "page.months": Text(
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "January February March April May June July August September October November December",
    ),
    "page.date": Text("{day}. {month} {year}", "{day} {month} {year}"),
    "page.period": Text("{start} bis {end}", "{start} to {end}"),
    "page.period.since": Text("seit {start}", "since {start}"),
    "page.period.until": Text("bis {end}", "until {end}"),
    "page.money": Text("{value} {currency}", "{currency} {value}"),
    "page.yes": Text("ja", "yes"),
    "page.no": Text("nein", "no"),
}

_KINDS: Mapping[str, Text] = {
    "page.class.Alliance": Text("Bündnis", "Alliance"),
    "page.class.Project": Text("Projekt", "Project"),
    "page.class.Lab": Text("Labor", "Lab"),
    "page.class.Undertaking": Text("Vorhaben", "Undertaking"),
    "page.class.Organisation": Text("Organisation", "Organisation"),
    "page.class.University": Text("Hochschule", "University"),
    "page.class.UniversityOfAppliedSciences": Text(
        "Hochschule für angewandte Wissenschaften", "University of applied sciences"
    ),
    "page.class.Participation": Text("Beteiligung", "Participation"),
    "page.class.FundingProgramme": Text("Förderprogramm", "Funding programme"),
    "page.class.Funding": Text("Zuwendung", "Grant"),
    "page.class.Region": Text("Region", "Region"),
    "page.class.Place": Text("Ort", "Place"),
    "page.class.Event": Text("Ereignis", "Event"),
    "page.class.Aim": Text("Ziel", "Aim"),
    "page.class.Statement": Text("Größenangabe", "Statement of size"),
    "page.class.Source": Text("Quelle", "Source"),
    "page.class.Concept": Text("Begriff", "Concept"),
    "page.class.ConceptScheme": Text("Liste von Begriffen", "List of concepts"),
    "page.list.alliances": Text("Bündnisse", "Alliances"),
    "page.list.projects": Text("Projekte", "Projects"),
    "page.list.labs": Text("Labore", "Labs"),
    "page.list.organisations": Text("Organisationen", "Organisations"),
    "page.list.programmes": Text("Förderprogramme", "Funding programmes"),
    "page.list.regions": Text("Regionen", "Regions"),
    "page.list.places": Text("Orte", "Places"),
    "page.list.topics": Text("Themen", "Topics"),
    "page.list.events": Text("Ereignisse", "Events"),
    "page.list.sources": Text("Quellen", "Sources"),
    "page.name.participation": Text(
        "Beteiligung: {participant} an {undertaking}", "Participation: {participant} in {undertaking}"
    ),
    "page.name.funding": Text("Zuwendung für {undertaking}", "Grant for {undertaking}"),
    "page.name.funding.number": Text(
        "Zuwendung {number} für {undertaking}", "Grant {number} for {undertaking}"
    ),
    "page.name.statement": Text("Größenangabe: {measure}, {about}", "Statement of size: {measure}, {about}"),
}

_SENTENCES: Mapping[str, Text] = {
    "page.is.alliance": Text("{name} ist ein Bündnis", "{name} is an alliance"),
    "page.is.project": Text("{name} ist ein Projekt", "{name} is a project"),
    "page.is.lab": Text("{name} ist ein Labor", "{name} is a lab"),
    "page.is.undertaking": Text("{name} ist ein Vorhaben", "{name} is an undertaking"),
    "page.is.programme": Text("{name} ist ein Förderprogramm", "{name} is a funding programme"),
    "page.is.region": Text("{name} ist eine Region", "{name} is a region"),
    "page.is.place": Text("{name} ist ein Ort", "{name} is a place"),
    "page.is.topic": Text("{name} ist ein Thema", "{name} is a topic"),
    "page.is.concept": Text(
        "{name} ist ein Begriff der Liste {scheme}", "{name} is a concept of the list {scheme}"
    ),
    "page.is.scheme": Text("{name} ist eine Liste von Begriffen", "{name} is a list of concepts"),
    "page.is.event": Text("{name} ist ein Ereignis", "{name} is an event"),
    "page.is.source": Text("{name} ist eine Quelle", "{name} is a source"),
    "page.is.aim": Text("Dieses Ziel verfolgt {undertaking}", "{undertaking} pursues this aim"),
    "page.is.organisation": Text(
        "{name} ist als Organisation verzeichnet", "{name} is listed as an organisation"
    ),
    "page.is.participation": Text(
        "{participant} ist an {undertaking} beteiligt", "{participant} takes part in {undertaking}"
    ),
    "page.is.funding": Text("Diese Zuwendung gilt {undertaking}", "This grant is for {undertaking}"),
    "page.with.kind": Text("({kind})", "({kind})"),
    "page.with.alliance": Text("des Bündnisses {whole}", "of the alliance {whole}"),
    "page.with.whole": Text("innerhalb von {whole}", "within {whole}"),
    "page.with.seat": Text("mit Sitz in {place}", "with its seat in {place}"),
    "page.with.location": Text("in {place}", "in {place}"),
    "page.with.region": Text("in der Region {region}", "in the region {region}"),
    "page.with.field": Text("im Innovationsfeld {field}", "in the field of innovation {field}"),
    "page.with.programme": Text(", gefördert im Programm {programme}", ", funded under {programme}"),
    "page.with.from": Text("aus dem Programm {programme}", "under {programme}"),
    "page.with.funders": Text(", Geldgeber: {funders}", ", funded by: {funders}"),
    "page.with.publisher": Text(", Herausgeber: {publisher}", ", publisher: {publisher}"),
    "page.with.concerns": Text(", das {undertaking} betrifft", "that concerns {undertaking}"),
    "page.with.organiser": Text(", veranstaltet von {organiser}", ", organised by {organiser}"),
    "page.with.role": Text(", Rolle: {role}", ", role: {role}"),
    "page.with.number": Text(", Förderkennzeichen {number}", ", grant number {number}"),
    "page.with.value": Text(", {value}", ", {value}"),
    "page.with.retrieved": Text(", abgerufen am {date}", ", retrieved on {date}"),
    "page.with.participants": Text(
        "; {count:Organisation ist|Organisationen sind} mit Namen bekannt",
        "; {count:organisation is|organisations are} known by name",
    ),
    "page.with.participations": Text(
        "; {count:Beteiligung ist|Beteiligungen sind} bekannt",
        "; {count:participation is|participations are} known",
    ),
    "page.with.funded": Text(
        "; {count:Vorhaben oder Zuwendung gehört|Vorhaben und Zuwendungen gehören} dazu",
        "; {count:undertaking or grant belongs|undertakings and grants belong} to it",
    ),
    "page.with.undertakings": Text(
        "; {count:Vorhaben gehört|Vorhaben gehören} dazu",
        "; {count:undertaking belongs|undertakings belong} to it",
    ),
    "page.with.within": Text(
        "; {count:Ort oder Vorhaben liegt|Orte und Vorhaben liegen} darin",
        "; {count:place or undertaking lies|places and undertakings lie} in it",
    ),
    "page.with.seats": Text(
        "; {count:Organisation oder Bündnis hat|Organisationen und Bündnisse haben} hier den Sitz",
        "; {count:organisation or alliance has|organisations and alliances have} a seat here",
    ),
    "page.with.on-topic": Text(
        "; {count:Vorhaben arbeitet|Vorhaben arbeiten} daran",
        "; {count:undertaking works|undertakings work} on it",
    ),
    "page.with.uses": Text(
        "; {count:Eintrag verwendet|Einträge verwenden} ihn", "; {count:record uses|records use} it"
    ),
    "page.with.concepts": Text(
        "; {count:Begriff steht|Begriffe stehen} darin", "; {count:concept is|concepts are} in it"
    ),
    "page.with.rests": Text(
        "; {count:Eintrag beruht|Einträge beruhen} darauf", "; {count:record rests|records rest} on it"
    ),
    "page.does.unit": Text("gehört zu {whole}", "is part of {whole}"),
    "page.does.undertakings": Text(
        "ist an {count:Vorhaben|Vorhaben} beteiligt", "takes part in {count:undertaking|undertakings}"
    ),
    "page.does.participations": Text(
        "hat {count:Beteiligung|Beteiligungen}", "has {count:participation|participations}"
    ),
    "page.does.partners": Text(
        "arbeitet mit {count:Organisation|Organisationen} zusammen",
        "cooperates with {count:organisation|organisations}",
    ),
    "page.does.funds": Text(
        "finanziert {count:Förderprogramm|Förderprogramme}",
        "finances {count:funding programme|funding programmes}",
    ),
}

_SIZES: Mapping[str, Text] = {
    "page.qualifier.exactly": Text("genau", "exactly"),
    "page.qualifier.at-least": Text("mindestens", "at least"),
    "page.qualifier.at-most": Text("höchstens", "at most"),
    "page.qualifier.about": Text("etwa", "about"),
    "page.size": Text("{measure}: {qualifier} {value}", "{measure}: {qualifier} {value}"),
    "page.size.partners": Text("{qualifier} {value} Partner", "{qualifier} {value} partners"),
    "page.size.direct-partners": Text(
        "{qualifier} {value} direkte Partner", "{qualifier} {value} direct partners"
    ),
    "page.size.czech-partners": Text(
        "{qualifier} {value} tschechische Partner", "{qualifier} {value} Czech partners"
    ),
    "page.size.universities": Text("{qualifier} {value} Hochschulen", "{qualifier} {value} universities"),
    "page.size.projects": Text("{qualifier} {value} Projekte", "{qualifier} {value} projects"),
    "page.size.labs": Text("{qualifier} {value} Labore", "{qualifier} {value} labs"),
    "page.size.as-of": Text(", Stand {date}", ", as of {date}"),
}

PAGES: Mapping[str, Text] = {**_FRAME, **_KINDS, **_SENTENCES, **_SIZES}
