"""How a worker says that there is nothing, or nothing any more: in the form that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from transfergraph.findings import Text
from transfergraph.pages import terms
from transfergraph.pages.documents import find
from transfergraph.pages.html import Gone, render_gone, render_not_found
from transfergraph.pages.site import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.jobs import Wishes
from transfergraph.server.negotiation import choose_language, choose_media_type
from transfergraph.server.offers import content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.problems import MEDIA_TYPE, Problem
from transfergraph.server.sink import as_file
from transfergraph.store import Store

_FORMS: Sequence[tuple[str, str]] = (
    (MEDIA_TYPE, "json"),
    ("application/json", "json"),
    ("application/ld+json", "json-ld"),
    ("text/html", "html"),
    ("text/turtle", "turtle"),
    ("application/n-triples", "n-triples"),
    ("application/rdf+xml", "rdf-xml"),
)
_RDF = {
    "turtle": ox.RdfFormat.TURTLE,
    "n-triples": ox.RdfFormat.N_TRIPLES,
    "json-ld": ox.RdfFormat.JSON_LD,
    "rdf-xml": ox.RdfFormat.RDF_XML,
}
_ENDINGS = {HTML: "text/html", **{form.ending: form.media_type for form in DOCUMENT_FORMATS}}


@dataclass(frozen=True, slots=True)
class _Absence:
    """That something is not there: for programs, for readers, and what RDF can tell."""

    problem: Problem
    page: str
    language: str
    triples: tuple[ox.Triple, ...] = ()


def answer_absent(
    desk: Desk, site: Site, path: str, addresses: Sequence[Address], wishes: Wishes, outlet: Outlet
) -> End:
    """Say that nothing lies at a path, or that what lay there has gone, and what has replaced it.

    ``addresses`` are the readings of the path.
    """
    language = choose_language(wishes.languages, site.languages)
    for address in addresses:
        gone = _find_gone(desk, site, address)
        if gone is not None:
            _say(_gone(gone, site, address.language or language), address.ending, wishes, site, outlet)
            return End()
    language = addresses[-1].language or language
    problem = Problem(404, "not-found", f"There is nothing at {site.prefix}{path}.")
    absence = _Absence(problem, render_not_found(site, language, path), language)
    _say(absence, addresses[-1].ending, wishes, site, outlet)
    return End()


def _find_gone(desk: Desk, site: Site, address: Address) -> Gone | None:
    """What is known of an entity that an earlier release had."""
    iri = site.iri(address.local)
    successor = _successor(desk, site, iri)
    before = desk.common.vanished.get(iri)
    if before is None and successor is None:
        return None
    names = before.names if before is not None else {}
    some = next(iter(names.values()), iri)
    label = Text(names.get("de", some), names.get("en", some))
    release = before.release if before is not None else ""
    if successor is None:
        return Gone(iri, label, release)
    document = find(desk.store, site.base, successor)
    return Gone(iri, label, release, successor, None if document is None else document.label)


def is_known(store: Store, iri: str) -> bool:
    """True for what there is a document about: more is told of it than what has replaced it."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    told = f"{node} ?property ?value FILTER(?property != <{terms.REPLACED_BY}>)"
    return store.ask(f"ASK {{ {{ {told} }} UNION {{ ?subject ?property {node} }} }}")


def _successor(desk: Desk, site: Site, iri: str) -> str | None:
    document = find(desk.store, site.base, iri)
    return None if document is None else document.successor


def _gone(gone: Gone, site: Site, language: str) -> _Absence:
    sentence = f"{gone.label.en} was last in release {gone.release} and is no longer in the graph."
    more: dict[str, object] = {"iri": gone.iri, "last_release": gone.release}
    links: tuple[tuple[str, str], ...] = ()
    if gone.successor is not None:
        sentence += f" It has been replaced by {gone.successor}."
        more["successor"] = gone.successor
        local = site.local(gone.successor)
        target = gone.successor if local is None else site.address(local)
        links = (("link", f'<{target}>; rel="successor-version"'),)
    problem = Problem(410, "gone", sentence, more, links)
    return _Absence(problem, render_gone(gone, site, language), language, _replaced(gone))


def _replaced(gone: Gone) -> tuple[ox.Triple, ...]:
    if gone.successor is None:
        return ()
    return (ox.Triple(ox.NamedNode(gone.iri), ox.NamedNode(terms.REPLACED_BY), ox.NamedNode(gone.successor)),)


def _say(absence: _Absence, ending: str, wishes: Wishes, site: Site, outlet: Outlet) -> None:
    """Write it as a page, as RDF or as problem details; the ending of the path goes before ``Accept``."""
    problem = absence.problem
    media_type, form = choose_media_type(_ENDINGS.get(ending, wishes.accept), _FORMS) or _FORMS[0]
    fields = [("content-type", content_type(media_type)), *problem.headers]
    if form == "json":
        outlet.begin(problem.status, ("content-type", MEDIA_TYPE), *problem.headers)
        outlet.write(problem.to_json(site.prefix))
    elif form == "html":
        outlet.begin(problem.status, *fields, ("content-language", absence.language))
        outlet.write(absence.page.encode())
    else:
        outlet.begin(problem.status, *fields)
        if form in ("turtle", "n-triples"):
            outlet.write(f"# {problem.detail}\n".encode())
        ox.serialize(absence.triples, as_file(outlet), _RDF[form])
