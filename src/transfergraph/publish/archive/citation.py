"""How an archive is cited and used: ``CITATION.cff``, the readme and the note about the licence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from transfergraph.common.displayed_values import web_address
from transfergraph.common.text import Text
from transfergraph.messages import text
from transfergraph.release.release_facts import ReleaseFacts
from transfergraph.web.page_template import licence_name

CITATION, README, LICENCE, CHECKSUMS = "CITATION.cff", "README.md", "LICENSE.txt", "SHA256SUMS"

_CREATIVE_COMMONS = re.compile(r"CC(0| BY(?:-[A-Z]+)*) [0-9.]+")
_GERMAN = re.compile(r"dl-de/(by|zero)-2-0")


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
    words = facts.keywords["en"]
    if words:
        yield "keywords:"
        yield from (f"  - {_quoted(word)}" for word in words)


def readme(facts: ReleaseFacts) -> str:
    """The readme, in English and German."""
    return "\n".join([*_readme_lines(facts, "en"), *_readme_lines(facts, "de")])


def _readme_lines(facts: ReleaseFacts, language: str) -> Iterator[str]:
    manifest = facts.manifest

    def say(key: str, **values: str) -> str:
        return text(key, language, **values)

    yield f"# {_in(facts.title, language)}"
    yield ""
    yield _in(facts.description, language)
    yield ""
    yield say("archive.readme.release", release=manifest.id, date=manifest.created.isoformat())
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
        yield f"- `{path}`: {say(key)}"
    yield ""
    yield say("archive.readme.verify")
    yield ""
    yield "    sha256sum -c SHA256SUMS"
    yield ""
    yield f"{say('archive.readme.cite')} {manifest.citation}"
    yield ""
    licence = f"{licence_name(manifest.licence)}, <{manifest.licence}>"
    yield f"{say('archive.readme.licence')} {licence}; {say('archive.readme.more')}"
    yield ""


def licence_note(facts: ReleaseFacts) -> str:
    """Under which licence the archive is, what has to be named, and where the facts come from."""
    parts = []
    for language in ("en", "de"):
        lines = [
            f"{_in(facts.title, language)}, {facts.manifest.id}",
            "",
            text("archive.licence", language),
            f"  {licence_name(facts.manifest.licence)}",
            f"  {facts.manifest.licence}",
        ]
        if facts.attribution is not None:
            lines += ["", text("archive.attribution", language), f"  {_in(facts.attribution, language)}"]
        if facts.credits:
            lines += ["", text("archive.sources", language)]
            lines += [f"  {_in(one, language)}" for one in facts.credits]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _in(both: Text, language: str) -> str:
    return both.in_language(language)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
