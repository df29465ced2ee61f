"""What an archive says of itself: citation, readme, note about the licence, and an RO-Crate for machines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.displayed_values import web_address
from transfergraph.common.formats import media_type_of
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import DC, DCT, PROV, TYPE
from transfergraph.common.text import ENGLISH, nearest
from transfergraph.messages import text
from transfergraph.release.manifest import FileEntry
from transfergraph.release.release_facts import ReleaseFacts
from transfergraph.web.page_template import licence_name

CITATION, README, LICENCE, CHECKSUMS = "CITATION.cff", "README.md", "LICENSE.txt", "SHA256SUMS"
METADATA = "ro-crate-metadata.json"

_CREATIVE_COMMONS = re.compile(r"CC(0| BY(?:-[A-Z]+)*) [0-9.]+")
_GERMAN = re.compile(r"dl-de/(by|zero)-2-0")
_PROFILE = "https://w3id.org/ro/crate/1.2"
_CONTEXT = f"{_PROFILE}/context"
_SOURCE_TYPE = PROV + "Entity"


def spdx_name(licence: str) -> str:
    """The identifier of a licence in the SPDX list, given its address; empty for one that is not known."""
    name = licence_name(licence)
    if _CREATIVE_COMMONS.fullmatch(name):
        return name.replace(" ", "-")
    german = _GERMAN.fullmatch(name)
    return f"DL-DE-{german[1].upper()}-2.0" if german else ""


def citation_file(facts: ReleaseFacts) -> str:
    """``CITATION.cff`` (Citation File Format 1.2.0). A JSON text is a scalar of YAML 1.2."""
    return "".join(f"{line}\n" for line in _citation_lines(facts))


def _citation_lines(facts: ReleaseFacts) -> Iterator[str]:
    manifest = facts.manifest
    yield "cff-version: 1.2.0"
    yield f"message: {_quoted(text('archive.cite', 'en'))}"
    yield "type: dataset"
    yield f"title: {_quoted(facts.title.english)}"
    yield f"abstract: {_quoted(facts.description.english)}"
    yield "authors:"
    yield f"  - name: {_quoted(facts.publisher)}"
    if web_address(facts.homepage):
        yield f"    website: {_quoted(facts.homepage)}"
    name, mail = facts.contact
    if name:
        yield "contact:"
        yield f"  - name: {_quoted(name)}"
        if mail:
            yield f"    email: {_quoted(mail)}"
    yield f"version: {_quoted(manifest.id)}"
    yield f"date-released: {_quoted(manifest.created.isoformat())}"
    known = spdx_name(manifest.licence)
    yield f"license: {known}" if known else f"license-url: {_quoted(manifest.licence)}"
    yield f"url: {_quoted(facts.iri('dataset/graph').value)}"
    yield "identifiers:"
    yield "  - type: url"
    yield f"    value: {_quoted(facts.iri(f'release/{manifest.id}').value)}"
    yield f"    description: {_quoted(text('archive.identifier', 'en'))}"
    words = facts.keywords[_first_language(facts)]
    if words:
        yield "keywords:"
        yield from (f"  - {_quoted(word)}" for word in words)


def readme(facts: ReleaseFacts) -> str:
    """The readme, in each language of the content, in English first."""
    return "\n".join(line for language in languages_of(facts) for line in _readme_lines(facts, language))


def languages_of(facts: ReleaseFacts) -> list[str]:
    """The languages of the content, English first where it is one of them."""
    first = _first_language(facts)
    return [first, *(one for one in facts.manifest.languages if one != first)]


def _first_language(facts: ReleaseFacts) -> str:
    return nearest(ENGLISH, facts.manifest.languages)


def _readme_lines(facts: ReleaseFacts, language: str) -> Iterator[str]:
    manifest = facts.manifest

    def message(key: str, **values: str) -> str:
        return text(key, language, **values)

    yield f"# {facts.title.in_language(language)}"
    yield ""
    yield facts.description.in_language(language)
    yield ""
    yield message("archive.readme.release", release=manifest.id, date=manifest.created.isoformat())
    yield ""
    for key, path in (
        ("archive.readme.graph", "data/graph.*.gz"),
        ("archive.readme.tables", "data/tables/"),
        ("archive.readme.ontology", "ontology/"),
        ("archive.readme.questions", "queries/questions/"),
        ("archive.readme.changes", "changes/"),
        ("archive.readme.feed", "feed.*"),
        ("archive.readme.network", "network.html"),
        ("archive.readme.catalogue", "catalog.*"),
        ("archive.readme.report", "report.*"),
        ("archive.readme.manifest", "manifest.json"),
    ):
        yield f"- `{path}`: {message(key)}"
    yield ""
    yield message("archive.readme.verify")
    yield ""
    yield "    sha256sum -c SHA256SUMS"
    yield ""
    yield f"{message('archive.readme.cite')} {manifest.citation}"
    yield ""
    licence = f"{licence_name(manifest.licence)}, <{manifest.licence}>"
    yield f"{message('archive.readme.licence')} {licence}; {message('archive.readme.more')}"
    yield ""


def licence_note(facts: ReleaseFacts) -> str:
    """Under which licence the archive is, what has to be named, and where the facts come from."""
    parts = []
    for language in languages_of(facts):
        lines = [
            f"{facts.title.in_language(language)}, {facts.manifest.id}",
            "",
            text("archive.licence", language),
            f"  {licence_name(facts.manifest.licence)}",
            f"  {facts.manifest.licence}",
        ]
        if facts.attribution is not None:
            lines += [
                "",
                text("archive.attribution", language),
                f"  {facts.attribution.in_language(language)}",
            ]
        if facts.credits:
            lines += ["", text("archive.sources", language)]
            lines += [f"  {one.in_language(language)}" for one in facts.credits]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def ro_crate(facts: ReleaseFacts, entries: Sequence[FileEntry], written: Iterable[str]) -> str:
    """``ro-crate-metadata.json`` (version 1.2, https://w3id.org/ro/crate/1.2).

    ``entries`` are the files of the release, ``written`` the paths of those that the archive has beside them
    and this file.
    """
    sources = list(cited_sources(facts))
    parts = [quote(path) for path in (*(entry.path for entry in entries), *written)]
    graph = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": _PROFILE},
            "about": {"@id": "./"},
        },
        _root(facts, parts, [source["@id"] for source in sources]),
        *_context_entities(facts),
        *sources,
        *(_file(entry) for entry in entries),
        *({"@id": quote(path), "@type": "File", "name": path} for path in written),
    ]
    return json_text({"@context": _CONTEXT, "@graph": graph})


def _root(facts: ReleaseFacts, parts: Sequence[str], sources: Sequence[str]) -> dict[str, Any]:
    manifest = facts.manifest
    publisher = {"@id": _publisher(facts)}
    period = next((dataset.period for dataset in facts.datasets if dataset.period), None)
    others = [facts.title.in_language(language) for language in languages_of(facts)[1:]]
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title.english,
        "alternateName": others[0] if len(others) == 1 else others,
        "description": facts.description.english,
        "identifier": facts.iri(f"release/{manifest.id}").value,
        "version": manifest.id,
        "datePublished": manifest.created.isoformat(),
        "license": {"@id": manifest.licence},
        "publisher": publisher,
        "author": publisher,
        "keywords": list(facts.keywords[_first_language(facts)]),
        "inLanguage": list(facts.manifest.languages),
        "temporalCoverage": "/".join(period) if period else None,
        "creditText": facts.attribution.english if facts.attribution else None,
        "isBasedOn": [{"@id": source} for source in sources],
        "hasPart": [{"@id": part} for part in parts],
    }
    return {key: value for key, value in root.items() if value not in (None, [])}


def _context_entities(facts: ReleaseFacts) -> Iterator[dict[str, Any]]:
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


def cited_sources(facts: ReleaseFacts) -> Iterator[dict[str, Any]]:
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
