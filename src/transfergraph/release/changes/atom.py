"""The feed of releases for people: one Atom entry (RFC 4287) for each release, the latest first.

All addresses are relative to ``xml:base``, so that an entry stays the same, byte for byte, wherever the
releases move. Titles and contents are XHTML (section 3.1.1.3), which can hold several languages.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from transfergraph.common.text import Languages, Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained, text
from transfergraph.release.changes import ATOM

_FOLDER = "feed"
_FIRST_ENTRY = "<entry>\n"
_END = "</feed>\n"
_UPDATED = re.compile(r"<updated>([0-9-]{10}T[0-9:]{8}Z)</updated>")
_DIV = '<div xmlns="http://www.w3.org/1999/xhtml">'


@dataclass(frozen=True, slots=True)
class FeedMetadata:
    """What the feed as a whole says: ``url`` is where the files of the current release lie."""

    base: str
    url: str
    title: Text
    languages: Languages
    publisher: str
    homepage: str
    licence: str


@dataclass(frozen=True, slots=True)
class AtomEntry:
    """One release: ``notes`` has the lines of the reader's note by language, ``pages`` the paths of the
    pages of the event stream that it adds."""

    release: str
    published: str
    notes: Mapping[str, Sequence[str]]
    pages: Sequence[str]


def last_published(release: Path) -> str | None:
    """When a release was published, as its feed says; None when it has no feed."""
    known = _read(release)
    return None if known is None else known[0]


def write_atom(folder: Path, about: FeedMetadata, entry: AtomEntry, previous: Path | None) -> None:
    """Write the feed and the note of the new release, after the entries of the release before."""
    notes = folder / _FOLDER
    notes.mkdir(exist_ok=True)
    for language, lines in entry.notes.items():
        note = "\n".join([f"# {entry.release}", "", lines[0], "", *(f"- {line}" for line in lines[1:])])
        (notes / f"{entry.release}.{language}.md").write_text(note.rstrip() + "\n", encoding="utf-8")
    known = None if previous is None else _read(previous)
    entries = _entry(about.base, entry) + ("" if known is None else known[1])
    (folder / ATOM).write_text(f"{_head(about, entry.published)}{entries}{_END}", encoding="utf-8")


def _read(release: Path) -> tuple[str, str] | None:
    """When the latest entry was published, and the text of all entries."""
    file = release / ATOM
    if not file.is_file():
        return None
    content = file.read_text(encoding="utf-8", errors="replace")
    updated = _UPDATED.search(content)
    if updated is None or _FIRST_ENTRY not in content or not content.endswith(_END):
        raise ReleaseError(explained("error.release.damaged-file", file=file))
    return updated[1], content[content.index(_FIRST_ENTRY) : -len(_END)]


def _head(about: FeedMetadata, updated: str) -> str:
    titles = {
        language: text("changes.releases", language, title=about.title.in_language(language))
        for language in about.languages
    }
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base={quoteattr(about.url)}>\n'
        f"<id>{escape(about.base)}feed.atom</id>\n"
        f"{_title(titles)}"
        f"<updated>{updated}</updated>\n"
        f"<author><name>{escape(about.publisher)}</name><uri>{escape(about.homepage)}</uri></author>\n"
        f"<rights>{escape(about.licence)}</rights>\n"
        f'<link rel="self" type="application/atom+xml" href="{ATOM}"/>\n'
        '<link rel="alternate" type="text/html" href="./"/>\n'
        '<link rel="related" type="text/turtle" href="feed.ttl"/>\n'
    )


def _entry(base: str, entry: AtomEntry) -> str:
    release = quote(entry.release)
    titles = {language: f"{entry.release}: {lines[0]}" for language, lines in entry.notes.items()}
    notes = "".join(
        f'<link rel="alternate" type="text/markdown" hreflang="{language}" '
        f'href="feed/{release}.{language}.md"/>\n'
        for language in entry.notes
    )
    pages = "".join(
        f'<link rel="related" type="application/trig" href="{quote(page)}"/>\n' for page in entry.pages
    )
    content = "".join(
        f'<div xml:lang="{language}"><p>{escape(lines[0])}</p>{_list(lines[1:])}</div>'
        for language, lines in entry.notes.items()
    )
    return (
        f"{_FIRST_ENTRY}<id>{escape(base)}release/{release}</id>\n"
        f"{_title(titles)}"
        f"<updated>{entry.published}</updated>\n"
        f"{notes}{pages}"
        f'<content type="xhtml">{_DIV}{content}</div></content>\n'
        "</entry>\n"
    )


def _title(titles: Mapping[str, str]) -> str:
    spans = " / ".join(
        f'<span xml:lang="{language}">{escape(title)}</span>' for language, title in titles.items()
    )
    return f'<title type="xhtml">{_DIV}{spans}</div></title>\n'


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>" if lines else ""
