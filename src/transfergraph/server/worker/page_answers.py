"""Answers for a path: what the release has there (``web.resources``), in the form that the client prefers.

An entity is no document: it is answered with 303 and the address of one (Cool URIs for the Semantic Web,
section 4.2). Documents have file endings.
"""

from __future__ import annotations

import dataclasses

import pyoxigraph as ox

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.iris import normalised
from transfergraph.server.negotiation import GRAPH_TYPES, ContentType, choose, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, PageRequest
from transfergraph.server.worker.absent_answers import answer_absent, answer_gone
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import (
    DOCUMENT_TYPES,
    FORM_TYPES,
    begin_page,
    resource_links,
    see_other,
    write_graph_answer,
)
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML, QUESTIONS, Address, Site, readings
from transfergraph.web.resource_forms import Resource
from transfergraph.web.resources import Resources


def answer_page(context: WorkerContext, request: PageRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer for a path below the start page."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    resources = Resources(context.store, context.shared.content, site, lists=context.lists)
    spellings = dict.fromkeys((normalised(request.path), request.path))
    addresses = [one for path in spellings for one in readings(path, site.languages)]
    for address in addresses:
        resource = resources.find(address)
        if resource is not None:
            _answer(resource, address, site, request.preferences, writer)
            return ResponseEnd()
    if not _correct(resources, normalised(request.path), site, writer):
        answer_absent(site, request.path, addresses, request.preferences, writer)
    return ResponseEnd()


def _answer(
    resource: Resource, address: Address, site: Site, preferences: ClientPreferences, writer: ResponseWriter
) -> None:
    """Write what lies there, or where it is found."""
    if resource.gone is not None:
        answer_gone(resource, resource.gone, address, site, preferences, writer)
    elif resource.see:
        _redirect(303, f"{site.url}{resource.see}", writer)
    elif "" in resource.forms:
        _plain(resource, preferences, writer)
    elif address.ending:
        _document(resource, address, site, preferences, writer)
    elif resource.iri:
        see_other(site, resource, preferences, writer)
    else:
        types = [FORM_TYPES[ending] for ending in resource.forms]
        elsewhere = {media_type: path for _, path, media_type in resource.related if media_type}
        types += [ContentType(one, (one.partition(";")[0],), ()) for one in elsewhere]
        if resource.described:
            types += DOCUMENT_TYPES[1:]
            elsewhere |= {one.form: resource.described for one in DOCUMENT_TYPES[1:]}
        ending = choose(preferences.accept, preferences.form, types)[1]
        if ending in resource.forms:
            _document(resource, dataclasses.replace(address, ending=ending), site, preferences, writer)
        else:
            writer.begin(303, ("location", f"{site.url}{elsewhere[ending]}"))


def _plain(resource: Resource, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """Write what has one form; RDF that is no file of the release also in the others."""
    body = resource.forms[""]("")
    if resource.media_type == MEDIA_TYPES["ttl"] and resource.file is None:
        form = choose(preferences.accept, preferences.form, GRAPH_TYPES)[1]
        if form.ending != "ttl":
            triples = (quad.triple for quad in ox.parse(body, format=ox.RdfFormat.TURTLE))
            write_graph_answer(triples, form.ending, writer)
            return
    writer.begin(200, ("content-type", content_type(resource.media_type)))
    writer.write(body)


def _document(
    resource: Resource, address: Address, site: Site, preferences: ClientPreferences, writer: ResponseWriter
) -> None:
    links = ("link", ", ".join(resource_links(resource, site, address)))
    language = address.language
    if address.ending == HTML:
        language = begin_page(site, address, preferences, writer, links)
        if resource.policy:
            writer.add_header("content-security-policy", f"{resource.policy}; frame-ancestors *")
    else:
        writer.begin(200, ("content-type", content_type(MEDIA_TYPES[address.ending])), links)
    writer.write(resource.forms[address.ending](language))


def _correct(resources: Resources, path: str, site: Site, writer: ResponseWriter) -> bool:
    """Redirect from a path with a slash too many or too few at its end."""
    shorter = path.rstrip("/")
    if f"{path}/" == QUESTIONS or path in site.presentation.lists:
        _redirect(301, site.address(f"{path}/"), writer)
    elif shorter != path and resources.exists(shorter):
        _redirect(301, site.address(shorter), writer)
    else:
        return False
    return True


def _redirect(status: int, location: str, writer: ResponseWriter) -> None:
    writer.begin(status, ("location", location), ("content-type", "text/plain; charset=utf-8"))
    writer.write(f"This is found at {location}\n".encode())
