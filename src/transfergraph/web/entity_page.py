"""The page about an entity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import escape

from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import PNG, Site
from transfergraph.web.embed_page import frame_markup, image_markup
from transfergraph.web.entity_cells import EntityCells
from transfergraph.web.entity_contradictions import contradictions_at
from transfergraph.web.entity_details import NO_DETAILS, EntityDetails
from transfergraph.web.entity_document import CitedSource, Document
from transfergraph.web.entity_events import EntityEvent
from transfergraph.web.entity_map import NO_PLACES, PlaceAtlas, place_map
from transfergraph.web.entity_origins import NO_ORIGINS, StatementOrigins
from transfergraph.web.entity_sections import DESCRIPTION, SourcedRow, entity_sections
from transfergraph.web.history_page import history_line
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.page_template import PageTemplate, data_block, licence_name, render_template
from transfergraph.web.phrases import Phrase, Ref, plain
from transfergraph.web.preview_picture import SIZE, preview_png
from transfergraph.web.search_engines import schema_org_data
from transfergraph.web.signposts import Signposted
from transfergraph.web.source_choices import source_choices
from transfergraph.web.summary_sentence import summary_sentence
from transfergraph.web.surroundings import surroundings

_FACETS: Mapping[str, tuple[str, ...]] = {
    terms.SUBJECT: ("topics", terms.BROADER),
    terms.FUNDED_UNDER: ("programmes", terms.PART_OF),
    terms.IN_REGION: ("regions", terms.PART_OF),
    terms.SOURCE: ("sources",),
    terms.ROLE: ("roles",),
    terms.CLASSIFICATION: ("kinds",),
}
"""By what the network page filters: a property, the name of the filter in the address of that page, and what
points at a value that is used beside the property."""


@dataclass(frozen=True, slots=True)
class _NetworkLinks:
    """Where the network page shows the surroundings of an entity, and the HTML that embeds it elsewhere."""

    target: str
    frame: str


@dataclass(frozen=True, slots=True)
class _Cited:
    """A source as the list at the end of a page shows it."""

    name: Ref
    publisher: str
    page: Ref | None
    retrieved: Phrase
    licence: Ref | None


def render_entity(
    document: Document,
    site: Site,
    language: str,
    cells: EntityCells | None = None,
    details: EntityDetails = NO_DETAILS,
    origins: StatementOrigins = NO_ORIGINS,
    atlas: PlaceAtlas = NO_PLACES,
    history: tuple[Sequence[EntityEvent], str] = ((), ""),
    preview: bool = False,
) -> str:
    """The page about an entity; with its ``cells`` it says where each statement stands.

    ``history`` is what happened to it, and since which release that is known; with ``preview`` others see it.
    """
    view, cells = LocalisedView(details.within(document), site, language), cells or EntityCells()
    sections = entity_sections(view, cells, details)
    shown = [(one.heading, [iri for row in one.rows for iri in row.records]) for one in sections.sections]
    told_of = [document.iri, *(iri for _, records in shown for iri in records)]
    sentence, name, local = summary_sentence(view), view.name(document.iri), site.local(document.iri) or ""
    layout = PageTemplate(
        site,
        language,
        name.text,
        local,
        summary=phrases.cut(plain(sentence) or name.text, 300),
        page=document.page,
        pages=document.pages,
        crumbs=_crumbs(view),
        active="ontology" if document.iri.startswith(terms.SCHEMES) else "",
        rdf=True,
        subject=signposted_entity(document, site),
    )
    connected, network, data = is_connected(document, site, details), _network(view), schema_org_data(view)
    return render_template(
        "entity.html",
        layout,
        iri=document.iri,
        name=name,
        kinds=_kinds(view),
        sentence=sentence,
        own_sources=tuple(range(1, len(document.own.iris(terms.SOURCE)) + 1)),
        told=sections,
        choices=source_choices(view, sections),
        picture=surroundings(view, details) if document.page == 1 else None,
        map=place_map(view, atlas) if document.page == 1 and connected else None,
        shortened=_shortened(view),
        sources=[_cited(view, source) for source in sections.sources],
        records=cells.rows_of_records(view, shown),
        graphs=origins.stated_in(view),
        history=history_line(view, *history),
        contradictions=contradictions_at(origins.contradictions, told_of, language),
        wrong=origins.mail_about(view, [_columns(row) for row in sections.rows]),
        citation=_citation(view),
        network=network,
        embeddings=_embeddings(view, preview and connected, network),
        linked=data_block(data) if data else None,
        preview=site.address(local, PNG, language) if preview and connected else "",
        preview_size=SIZE,
    )


def signposted_entity(document: Document, site: Site) -> Signposted:
    """What the page about an entity leads programs to."""
    return Signposted(site.local(document.iri) or "", document.iri, page=document.page)


def kinds_of(document: Document, site: Site, language: str) -> tuple[str, ...]:
    """Class and kind of an entity in words."""
    return tuple(_kinds(LocalisedView(document, site, language)))


def _embeddings(view: LocalisedView, small: bool, network: _NetworkLinks | None) -> list[tuple[str, str]]:
    """What shows the entity elsewhere: what it is, and its HTML. With ``small`` it has a page for that."""
    found = []
    if small:
        found = [("embed.page", frame_markup(view)), ("embed.image", image_markup(view))]
    if network is not None:
        found.append(("embed.network", network.frame))
    return [(view.text(key), markup) for key, markup in found]


def is_connected(document: Document, site: Site, details: EntityDetails) -> bool:
    """Whether the entity takes part in the network, or others that do belong to it."""
    return site.presentation.role(document.classes) is not None or details.uses is not None


def render_preview(document: Document, site: Site, language: str, details: EntityDetails) -> bytes:
    """The picture that other websites show beside a link to the entity, and newsletters, as PNG."""
    view = LocalisedView(details.within(document), site, language)
    kinds = " · ".join(_kinds(view))
    issued = plain((phrases.moment(site.issued.isoformat(), language),))
    source = (
        site.title.in_language(language),
        view.text("embed.issued", date=issued),
        licence_name(site.licence),
    )
    foot = " · ".join(source)
    return preview_png(view.name(document.iri).text, kinds, foot, surroundings(view, details))


def _columns(row: SourcedRow) -> str:
    """A row and its columns, in words."""
    return f"{row.place.text}: {', '.join(dict.fromkeys(line.columns for line, _ in row.lines))}"


def _shortened(view: LocalisedView) -> bool:
    """True when a text is too long for a page."""
    texts = (
        one for name in view.presentation.in_role(DESCRIPTION) for one in view.document.own.literals(name)
    )
    return any(len(one.value) > phrases.TEXT_LENGTH for one in texts)


def _kinds(view: LocalisedView) -> list[str]:
    """Class and kind, each once; nothing for what has a name that begins with its class."""
    record = view.document.own
    if not record.has_name:
        return []
    found = {one.casefold(): one for one in (view.class_name(record), view.kind(record)) if one}
    return list(found.values())


def _network(view: LocalisedView) -> _NetworkLinks | None:
    """What the network shows of this; None for what has no part in it."""
    shown = _shown(view)
    if not shown:
        return None
    site = view.site
    fragment = "&".join((*(f"{name}={_key(value, site)}" for name, value in shown), f"lang={view.language}"))
    page = site.path("network.html")
    address = f"{site.address('network.html')}#{fragment}&bare=1"
    frame = f'<iframe src="{escape(address)}" width="800" height="600" loading="lazy"></iframe>'
    return _NetworkLinks(f"{page}#{fragment}", frame)


def _key(value: str, site: Site) -> str:
    return quote(value.removeprefix(site.base), safe="/~:")


_Parameters = tuple[tuple[str, str], ...]


def _shown(view: LocalisedView) -> _Parameters:
    """The parameters of the network page that show this.

    A partner or an undertaking has its surroundings; a place, a topic, a programme, a region, a role, a kind
    of organisation or a source has those whom it concerns; what depends on an undertaking or else on a
    partner, such as a participation or an event, has what is next to that.
    """
    document, own = view.document, view.document.own
    role = view.presentation.role(own.classes)
    if role in (Role.UNDERTAKING, Role.ORGANISATION):
        return _neighbourhood(own.iri, 2)
    if role is Role.PARTICIPATION:
        partners = tuple(("node", one) for one in own.iris(terms.PARTICIPANT))
        return _first(own.iris(terms.PARTICIPATES_IN), partners)
    if role is Role.PLACE:
        sitting = (("places", own.iri),)
        return sitting if document.subjects(terms.SEAT).total else _first(_subjects(document, terms.LOCATION))
    facet = _facet(view)
    if facet == terms.IN_REGION and not own.literals(terms.NUTS):
        return _landscape(view)
    if facet and any(_is_used(view, property_) for property_ in (facet, *_FACETS[facet][1:])):
        return ((_FACETS[facet][0], own.iri),)
    things = [one for group in view.groups(own) for one in own.iris(group.property)]
    for wanted in (Role.UNDERTAKING, Role.ORGANISATION):
        found = [one for one in things if view.role(one) is wanted]
        if found and not facet:
            return _first(found)
    return ()


def _facet(view: LocalisedView) -> str:
    """The property of the filter of the network page that this is a value of."""
    pointing = view.presentation.pointing_at(view.document.iri.removeprefix(view.site.base))
    return next((one for one in _FACETS if one in pointing), "")


def _neighbourhood(iri: str, depth: int) -> _Parameters:
    return ("ego", iri), ("depth", str(depth))


def _first(things: Sequence[str], more: _Parameters = ()) -> _Parameters:
    """The first of these with what is next to it."""
    return (*_neighbourhood(things[0], 1), *more) if things else ()


def _subjects(document: Document, property_: str) -> list[str]:
    return [str(one.value) for one in document.subjects(property_).values]


def _is_used(view: LocalisedView, property_: str) -> bool:
    """Whether the network can know this by the property; sources are cited by much that is not in it."""
    document = view.document
    found = document.subjects(property_)
    if property_ != terms.SOURCE or found.total > len(found.values):
        return found.total > 0
    folders = view.presentation.folders_of(Role.ORGANISATION, Role.UNDERTAKING, Role.PARTICIPATION)
    return any(
        one.startswith(tuple(document.base + folder for folder in folders))
        for one in _subjects(document, property_)
    )


def _landscape(view: LocalisedView) -> _Parameters:
    """Places lie in regions of the statistics; of a landscape that overlaps them the centres are known."""
    lying = _subjects(view.document, terms.IN_REGION)
    classes = view.presentation.classes
    centres = [
        one
        for one in lying
        if any(classes[kind].gathers for kind in view.document.record(one).classes if kind in classes)
    ]
    return tuple(("alliances", one) for one in centres) or _first(lying)


def _crumbs(view: LocalisedView) -> tuple[Ref, ...]:
    """The list of the entity's class, and what it is part of."""
    site, record = view.site, view.document.own
    found = []
    table = view.presentation.table_of(view.kinds)
    if table is not None and table.key in view.presentation.lists and site.documents:
        title = table.title.in_language(view.language)
        found.append(Ref(title, site.path(f"{table.key}/", "html", view.language)))
    elif record.iri.startswith(terms.SCHEMES):
        found.append(Ref(view.text("page.ontology"), site.path("ontology", "html", view.language)))
        found.extend(view.ref(one) for one in record.iris(terms.IN_SCHEME))
    above = (terms.PART_OF, terms.UNIT_OF, terms.PARTICIPATES_IN, terms.FUNDS, terms.ABOUT, terms.AIM_OF)
    wholes = [one for property_ in above for one in record.iris(property_)]
    if len(wholes) == 1:
        found.append(view.ref(wholes[0]))
    return tuple(found)


def _cited(view: LocalisedView, source: CitedSource) -> _Cited:
    retrieved: Phrase = ()
    if source.retrieved:
        date = phrases.moment(source.retrieved, view.language)
        retrieved = view.phrase("page.source.retrieved", date=(date,))
    return _Cited(
        view.ref(source.iri),
        phrases.cut(source.publisher, phrases.NAME_LENGTH),
        _linked(view, phrases.cut(phrases.address(source.page), 60), source.page),
        retrieved,
        _linked(view, licence_name(source.licence), source.licence),
    )


def _linked(view: LocalisedView, name: str, address: str) -> Ref | None:
    link = view.site.link(address, view.language)
    return Ref(name, link.target, link.external) if link.target else None


def _citation(view: LocalisedView) -> str:
    """How to cite the entry in a text."""
    return view.text(
        "page.citation",
        name=view.name(view.document.iri).text,
        title=view.site.title.in_language(view.language),
        release=view.site.release,
        address=view.document.iri,
        licence=licence_name(view.site.licence),
    )
