"""The description of an archive for machines: an RO-Crate (version 1.2, https://w3id.org/ro/crate/1.2)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.displayed_values import web_address
from transfergraph.common.formats import media_type_of
from transfergraph.common.namespaces import DC, DCT, PROV, TYPE
from transfergraph.common.text import LANGUAGES
from transfergraph.release.manifest import FileEntry
from transfergraph.release.release_facts import ReleaseFacts
from transfergraph.web.page_template import licence_name

METADATA = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/crate/1.2"
_CONTEXT = f"{_PROFILE}/context"
_SOURCE_TYPE = PROV + "Entity"


def metadata(facts: ReleaseFacts, entries: Sequence[FileEntry], written: Iterable[str]) -> str:
    """``ro-crate-metadata.json``.

    ``entries`` are the files of the release, ``written`` the paths of those that the archive has beside them
    and this file.
    """
    sources = list(_sources(facts))
    parts = [quote(path) for path in (*(entry.path for entry in entries), *written)]
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        _root(facts, parts, [source["@id"] for source in sources]),
        *_around(facts),
        *sources,
        *(_file(entry) for entry in entries),
        *({"@id": quote(path), "@type": "File", "name": path} for path in written),
    ]
    return json.dumps({"@context": _CONTEXT, "@graph": graph}, ensure_ascii=False, indent=1) + "\n"


def _root(facts: ReleaseFacts, parts: Sequence[str], sources: Sequence[str]) -> dict[str, Any]:
    manifest = facts.manifest
    publisher = {"@id": _publisher(facts)}
    period = next((dataset.period for dataset in facts.datasets if dataset.period), None)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title.english,
        "alternateName": facts.title.in_language("de"),
        "description": facts.description.english,
        "identifier": facts.iri(f"release/{manifest.id}").value,
        "version": manifest.id,
        "datePublished": manifest.created.isoformat(),
        "license": {"@id": manifest.licence},
        "publisher": publisher,
        "author": publisher,
        "keywords": list(facts.keywords["en"]),
        "inLanguage": list(LANGUAGES),
        "temporalCoverage": "/".join(period) if period else None,
        "creditText": facts.attribution.english if facts.attribution else None,
        "isBasedOn": [{"@id": source} for source in sources],
        "hasPart": [{"@id": part} for part in parts],
    }
    return {key: value for key, value in root.items() if value not in (None, [])}


def _around(facts: ReleaseFacts) -> Iterator[dict[str, Any]]:
    licence, publisher = facts.manifest.licence, _publisher(facts)
    yield {
        "@id": licence,
        "@type": "CreativeWork",
        "name": licence_name(licence),
        "description": f"{licence_name(licence)}, {licence}",
    }
    organisation: dict[str, Any] = {"@id": publisher, "@type": "Organization", "name": facts.publisher}
    if web_address(facts.homepage):
        organisation["url"] = facts.homepage
    name, mail = facts.contact
    if mail:
        organisation["contactPoint"] = {"@id": f"mailto:{mail}"}
        yield {
            "@id": f"mailto:{mail}",
            "@type": "ContactPoint",
            "name": name,
            "email": mail,
            "contactType": "editor",
        }
    yield organisation


def _publisher(facts: ReleaseFacts) -> str:
    return facts.iri("agent/publisher").value


def _sources(facts: ReleaseFacts) -> Iterator[dict[str, Any]]:
    """What the release was made from, each with its licence, by address."""
    index = facts.index
    seen = set()
    for node in index.subjects():
        if not node.value.startswith(f"{facts.manifest.base}graph/"):
            continue
        address = index.first(node, DCT + "source")
        if ox.NamedNode(_SOURCE_TYPE) not in index.values(node, TYPE) or address is None:
            continue
        if address.value in seen:
            continue
        seen.add(address.value)
        title, publisher = facts.text(node, DCT + "title"), index.first(node, DC + "publisher")
        licence = index.first(node, DCT + "license")
        found = {
            "@id": address.value,
            "@type": "CreativeWork",
            "name": title.english if title else address.value,
            "creditText": publisher.value if publisher else None,
            "license": licence.value if licence else None,
        }
        yield {key: value for key, value in found.items() if value}


def _file(entry: FileEntry) -> dict[str, Any]:
    return {
        "@id": quote(entry.path),
        "@type": "File",
        "name": entry.path,
        "encodingFormat": media_type_of(entry.path),
        "contentSize": str(entry.size),
        "sha256": entry.sha256,
    }
