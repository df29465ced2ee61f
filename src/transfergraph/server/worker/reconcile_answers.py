"""Answers of the reconciliation service: JSON, and small pages as previews."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.server.negotiation import choose_language, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import PageRequest, ReconcileRequest
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML
from transfergraph.web.reconciliation import RECONCILE, ReconciliationService

_FRAMED = ("content-security-policy", "default-src 'none'; frame-ancestors *")
_NO_ROBOTS = ("x-robots-tag", "noindex")


def answer_reconciliation(
    context: WorkerContext, request: ReconcileRequest, writer: ResponseWriter
) -> ResponseEnd:
    """Answer for a part of the service; in a release without an index there is nothing at this address."""
    preferences = request.preferences
    site = dataclasses.replace(context.shared.site, url=preferences.url)
    given = dict(request.parameters)
    language = choose_language(preferences.languages, site.languages)
    part = request.part
    if context.index is None or part not in _PARTS:
        path = f"{RECONCILE}/{part}" if part else RECONCILE
        return answer_page(context, PageRequest(path, preferences), writer)
    service = ReconciliationService(site, context.store, context.index, language)
    if part == "preview":
        page = service.preview(given.get("id", ""))
        kind = ("content-type", content_type(MEDIA_TYPES[HTML]))
        writer.begin(200, kind, ("content-language", language), _FRAMED, _NO_ROBOTS)
        writer.write(page.encode())
        return ResponseEnd()
    told = _told(service, part, given)
    writer.begin(200, ("content-type", MEDIA_TYPES["json"]), ("content-language", language), _NO_ROBOTS)
    writer.write(json.dumps(told, ensure_ascii=False).encode())
    return ResponseEnd()


_PARTS = ("", "preview", "properties", "suggest/entity", "suggest/property", "suggest/type")


def _told(service: ReconciliationService, part: str, given: dict[str, str]) -> dict[str, Any]:
    prefix = given.get("prefix", "")
    match part:
        case "suggest/entity":
            return {"result": service.suggestions(prefix, _number(given, "cursor"))}
        case "suggest/property":
            return {"result": service.properties(prefix=prefix)}
        case "suggest/type":
            return {"result": service.types(prefix)}
        case "properties":
            return _proposed(service, given)
    if "queries" in given:
        return service.answers(given["queries"])
    return service.extension(given["extend"]) if "extend" in given else service.manifest()


def _proposed(service: ReconciliationService, given: dict[str, str]) -> dict[str, Any]:
    found = service.properties(given.get("type", ""))
    limit = _number(given, "limit")
    told: dict[str, Any] = {"properties": found[:limit] if limit else found}
    return {
        **told,
        **({"type": given["type"]} if "type" in given else {}),
        **({"limit": limit} if limit else {}),
    }


def _number(given: dict[str, str], name: str) -> int:
    text = given.get(name, "") or "0"
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise UsageError(explained("problem.reconcile.number", name=name))
    return int(text)
