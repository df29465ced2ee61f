"""What happened to an entity from release to release: a line on its page, and a page of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from transfergraph.store import Store
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import HISTORY_FOLDER, HTML, Site
from transfergraph.web.entity_document import Document
from transfergraph.web.entity_events import ChangedProperty, EntityEvent, EventValue
from transfergraph.web.known_things import KnownThings
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.page_template import PageTemplate, render_template
from transfergraph.web.phrases import Phrase, Ref, joined

_IN_LINE = 3  # releases that the line on the page of an entity tells of
_PROPERTIES = 3  # of a release in that line
_DATED = frozenset({terms.START, terms.END, terms.AS_OF, terms.RETRIEVED})
_IN_A_LINE = {"new": "history.new", "gone": "history.gone", "changed": "history.changed"}
_EVENTS = {"new": "history.event.new", "gone": "history.event.gone"}
_RECORDS = {
    "new": "history.record.new",
    "gone": "history.record.gone",
    "changed": "history.record.changed",
}
_UNTOLD = frozenset({terms.TYPE, terms.TOP_CONCEPT_OF})


def release_name(identifier: str) -> str:
    """A release by its version, without the digest of its content."""
    version, _, digest = identifier.rpartition("-")
    return version if version and len(digest) >= 8 else identifier


def history_line(view: LocalisedView, events: Sequence[EntityEvent], since: str) -> Phrase:
    """When the entity came and what changed last, with a link to all; empty where nothing is recorded."""
    if not since:
        return ()
    if not events:
        return (view.text("history.unchanged", release=release_name(since)),)
    told = [*_first(view, events, since)]
    for event in events[1 if events[0].kind == "new" else 0 :][-_IN_LINE:]:
        names = [view.property(one.property) for one in event.changes if one.property not in _UNTOLD]
        names += [view.text("history.records")] if event.records or not names else []
        named = ", ".join(dict.fromkeys(names[:_PROPERTIES])) + (" …" if len(names) > _PROPERTIES else "")
        key = _IN_A_LINE[event.kind]
        told.append(view.text(key, properties=named, release=release_name(event.release)))
    address = view.site.path(history_path(view), HTML, view.language)
    return (phrases.capital("; ".join(told)), ". ", Ref(view.text("history.all"), address))


def history_path(view: LocalisedView) -> str:
    """The path of the page, below the start page."""
    return f"{HISTORY_FOLDER}{view.site.local(view.document.iri) or ''}"


def _first(view: LocalisedView, events: Sequence[EntityEvent], since: str) -> Iterator[str]:
    if events[0].kind == "new":
        yield view.text("history.first", release=release_name(events[0].release))
    else:
        yield view.text("history.known", release=release_name(since))


def mentioned(events: Sequence[EntityEvent]) -> set[str]:
    """The IRIs that events name."""
    found = {end for event in events for one in event.records for end in (one.iri, *one.ends)}
    for event in events:
        for change in event.changes:
            found.add(change.property)
            found.update(one.text for one in (*change.old, *change.new) if "://" in one.text)
    return found


def named_document(
    store: Store, document: Document, events: Sequence[EntityEvent], known: KnownThings
) -> Document:
    """The document with the names of what the events mention, as far as the release at hand has them."""
    unknown = mentioned(events) - document.others.keys() - {document.iri}
    stated = known.described(store, document.base, unknown)
    others = {one: known.record(one, some) for one, some in stated.items()}
    return replace(document, others={**others, **document.others})


def render_history(
    document: Document, site: Site, language: str, events: Sequence[EntityEvent], since: str
) -> str:
    """The page: release by release, the latest first."""
    view = LocalisedView(document, site, language)
    name = view.name(document.iri)
    title = view.text("history.title", name=phrases.cut_words(name.text, 120))
    told = [
        (release_name(event.release), tuple(_told(view, event)), event.more) for event in reversed(events)
    ]
    if events[0].kind != "new":
        told.append(
            (
                release_name(since),
                ((phrases.capital(view.text("history.known", release=release_name(since))),),),
                0,
            )
        )
    layout = PageTemplate(
        site,
        language,
        title,
        history_path(view),
        summary=view.text("history.about", release=release_name(since)),
        crumbs=(view.ref(document.iri),),
    )
    return render_template("history.html", layout, name=name, entity=view.ref(document.iri), told=told)


def _told(view: LocalisedView, event: EntityEvent) -> Iterator[Phrase]:
    """What a release changed, one thing after the other."""
    if event.kind in _EVENTS:
        yield (view.text(_EVENTS[event.kind]),)
    for change in event.changes:
        if change.property not in _UNTOLD:
            yield _change(view, change)
    for record in event.records:
        ends = [(view.ref(end),) for end in record.ends if end != view.document.iri]
        shown = joined(ends, view.language) or ((view.ref(record.iri)),)
        yield view.phrase(_RECORDS[record.kind], ends=shown)


def _change(view: LocalisedView, change: ChangedProperty) -> Phrase:
    name: Phrase = (view.property(change.property),)
    old, new = (
        joined([_value(view, change.property, one) for one in several], view.language)
        for several in (_in_language(view, change.old), _in_language(view, change.new))
    )
    if old and new:
        return view.phrase("history.value.changed", property=name, old=old, new=new)
    key = "history.value.added" if new else "history.value.removed"
    return view.phrase(key, property=name, value=new or old)


def _in_language(view: LocalisedView, values: Sequence[EventValue]) -> Sequence[EventValue]:
    """The values of the page's language, or all where none is."""
    ours = [one for one in values if one.language in ("", view.language)]
    return ours or values


def _value(view: LocalisedView, property_: str, value: EventValue) -> Phrase:
    if "://" in value.text:
        return (view.ref(value.text),)
    if property_ in _DATED:
        return (phrases.moment(value.text, view.language),)
    foreign = value.language if value.language != view.language else ""
    return (Ref(phrases.cut_words(value.text, phrases.NAME_LENGTH), language=foreign),)
