"""Answers for what a release does not have: 404, or 410 for what an earlier release had."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from transfergraph.common.formats import MEDIA_TYPES, PROBLEM
from transfergraph.messages import explained
from transfergraph.server.negotiation import choose_language, choose_media_type, content_type
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.problems import Problem
from transfergraph.server.worker.response_writer import ResponseWriter, as_file
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.web.resource_forms import Resource
from transfergraph.web.site_pages import GoneEntity, render_not_found

_TYPES: Sequence[tuple[str, str]] = (
    (PROBLEM, "json"),
    *((MEDIA_TYPES[ending], ending) for ending in ("json", "jsonld", HTML, "ttl", "nt", "rdf")),
)
_RDF = {form.ending: form.oxigraph for form in DOCUMENT_FORMATS}
_ENDINGS = {ending: MEDIA_TYPES[ending] for ending in (HTML, *_RDF)}


def answer_absent(
    site: Site,
    path: str,
    addresses: Sequence[Address],
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> None:
    """Answer 404; ``addresses`` are the possible meanings of the path."""
    problem = Problem(404, "not-found", explained("problem.nothing", path=site.prefix + path))
    address = addresses[-1]
    language = address.language or choose_language(preferences.languages, site.languages)
    form = _begin(problem, address.ending, language, preferences, site, writer)
    if form == HTML:
        writer.write(render_not_found(site, language, path).encode())
    elif form in _RDF:
        if form in ("ttl", "nt"):
            writer.write(f"# {problem.detail.english}\n".encode())
        ox.serialize((), as_file(writer), _RDF[form])


def answer_gone(
    resource: Resource,
    gone: GoneEntity,
    address: Address,
    site: Site,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> None:
    """Answer 410 for an entity of an earlier release, with its successor, if any."""
    sentence = explained("problem.gone", name=gone.label)
    more: dict[str, object] = {"iri": gone.iri}
    links: tuple[tuple[str, str], ...] = ()
    if gone.release:
        sentence = explained("problem.gone-since", name=gone.label, release=gone.release)
        more["last_release"] = gone.release
    if gone.successor is not None:
        sentence = explained("problem.gone-replaced", gone=sentence, successor=gone.successor)
        more["successor"] = gone.successor
        local = site.local(gone.successor)
        target = gone.successor if local is None else site.address(local)
        links = (("link", f'<{target}>; rel="successor-version"'),)
    problem = Problem(410, "gone", sentence, more, links)
    language = address.language or choose_language(preferences.languages, site.languages)
    form = _begin(problem, address.ending, language, preferences, site, writer)
    if form in resource.forms:
        writer.write(resource.forms[form](language))


def _begin(
    problem: Problem,
    ending: str,
    language: str,
    preferences: ClientPreferences,
    site: Site,
    writer: ResponseWriter,
) -> str:
    """Begin a page or RDF, or write problem details; return the form.

    The file ending of the path goes before ``Accept``.
    """
    media_type, form = choose_media_type(_ENDINGS.get(ending, preferences.accept), _TYPES) or _TYPES[0]
    if form == "json":
        language = choose_language(preferences.languages, problem.languages)
        fields = (("content-type", PROBLEM), ("content-language", language), *problem.headers)
        writer.begin(problem.status, *fields)
        writer.write(problem.to_json(site.prefix, language))
        return form
    language_field = (("content-language", language),) if form == HTML else ()
    writer.begin(
        problem.status, ("content-type", content_type(media_type)), *problem.headers, *language_field
    )
    return form
