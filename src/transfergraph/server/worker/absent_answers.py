"""Answers for what a release does not have: 404, or 410 for what an earlier release had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.text import Text
from transfergraph.server.negotiation import choose_language, choose_media_type, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.problems import MEDIA_TYPE, Problem
from transfergraph.server.worker.response_writer import ResponseWriter, as_file
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.store import Store
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.web.entity_document import find_document
from transfergraph.web.site_pages import GoneEntity, find_gone, render_gone, render_not_found

_TYPES: Sequence[tuple[str, str]] = (
    (MEDIA_TYPE, "json"),
    *((MEDIA_TYPES[ending], ending) for ending in ("json", "jsonld", HTML, "ttl", "nt", "rdf")),
)
_RDF = {form.ending: form.oxigraph for form in DOCUMENT_FORMATS}
_ENDINGS = {ending: MEDIA_TYPES[ending] for ending in (HTML, *_RDF)}


@dataclass(frozen=True, slots=True)
class _Absence:
    """The answer for something that does not exist: problem details, page, and triples for RDF formats."""

    problem: Problem
    page: str
    language: str
    triples: tuple[ox.Triple, ...] = ()


def answer_absent(
    context: WorkerContext,
    site: Site,
    path: str,
    addresses: Sequence[Address],
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> ResponseEnd:
    """Answer 404, or 410 with the successor, if any, for an entity of an earlier release.

    ``addresses`` are the possible meanings of the path.
    """
    language = choose_language(preferences.languages, site.languages)
    for address in addresses:
        gone = _find_gone(context, site, address)
        if gone is not None:
            _write_absence(
                _absence_of(gone, site, address.language or language),
                address.ending,
                preferences,
                site,
                writer,
            )
            return ResponseEnd()
    language = addresses[-1].language or language
    problem = Problem(404, "not-found", f"There is nothing at {site.prefix}{path}.")
    absence = _Absence(problem, render_not_found(site, language, path), language)
    _write_absence(absence, addresses[-1].ending, preferences, site, writer)
    return ResponseEnd()


def _find_gone(context: WorkerContext, site: Site, address: Address) -> GoneEntity | None:
    """The entity of an earlier release at an address, None when there is none."""
    iri = site.iri(address.local)
    successor = _successor(context, site, iri)
    before = context.shared.former.get(iri)
    if before is None and successor is None:
        return None
    label = before.label if before is not None else Text.same(iri)
    release = (before.last_release or "") if before is not None else ""
    return find_gone(context.store, site, iri, label, release, successor)


def is_known(store: Store, iri: str) -> bool:
    """True when the graph has a statement about the IRI besides its successor."""
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    pattern = f"{node} ?property ?value FILTER(?property != <{terms.REPLACED_BY}>)"
    return store.ask(f"ASK {{ {{ {pattern} }} UNION {{ ?subject ?property {node} }} }}")


def _successor(context: WorkerContext, site: Site, iri: str) -> str | None:
    document = find_document(context.store, site.base, iri)
    return None if document is None else document.successor


def _absence_of(gone: GoneEntity, site: Site, language: str) -> _Absence:
    sentence = f"{gone.label.english} was last in release {gone.release} and is no longer in the graph."
    more: dict[str, object] = {"iri": gone.iri, "last_release": gone.release}
    links: tuple[tuple[str, str], ...] = ()
    if gone.successor is not None:
        sentence += f" It has been replaced by {gone.successor}."
        more["successor"] = gone.successor
        local = site.local(gone.successor)
        target = gone.successor if local is None else site.address(local)
        links = (("link", f'<{target}>; rel="successor-version"'),)
    problem = Problem(410, "gone", sentence, more, links)
    return _Absence(problem, render_gone(gone, site, language), language, gone.triples)


def _write_absence(
    absence: _Absence, ending: str, preferences: ClientPreferences, site: Site, writer: ResponseWriter
) -> None:
    """Write a page, RDF or problem details; the file ending of the path goes before ``Accept``."""
    problem = absence.problem
    media_type, form = choose_media_type(_ENDINGS.get(ending, preferences.accept), _TYPES) or _TYPES[0]
    fields = [("content-type", content_type(media_type)), *problem.headers]
    if form == "json":
        writer.begin(problem.status, ("content-type", MEDIA_TYPE), *problem.headers)
        writer.write(problem.to_json(site.prefix))
    elif form == HTML:
        writer.begin(problem.status, *fields, ("content-language", absence.language))
        writer.write(absence.page.encode())
    else:
        writer.begin(problem.status, *fields)
        if form in ("ttl", "nt"):
            writer.write(f"# {problem.detail}\n".encode())
        ox.serialize(absence.triples, as_file(writer), _RDF[form])
