"""The page on which entities are found by name, and the same as JSON.

Without a text both are fixed: the page has the form alone, which its script answers where there is no server,
and the JSON names the list that the script then reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from transfergraph.common.json_text import json_text
from transfergraph.common.packaged import packaged
from transfergraph.common.text import Text
from transfergraph.messages import text
from transfergraph.search import LIST
from transfergraph.search.find import SearchHit, SearchResult
from transfergraph.search.folding import fold, words_of
from transfergraph.web.addresses import HTML, SEARCH_PAGE, Site, local_path
from transfergraph.web.page_template import PageTemplate, render_template
from transfergraph.web.phrases import Ref, cut

SHOWN = 50
"""Hits on a page."""

_LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class SearchedText:
    """A text that was searched for, and what was found: a result, or what is wrong with the text."""

    text: str
    result: SearchResult | None = None
    problem: Text | None = None


def search_script() -> bytes:
    """The script of the search, on every page."""
    return packaged("search", "script", "search.js").read_bytes()


def describe_search() -> bytes:
    """What a page without a server searches, as JSON."""
    return _json({"parameters": ["q", "limit", "language"], "list": LIST})


def search_json(result: SearchResult, base: str, release: str, language: str) -> bytes:
    """A result as JSON; ``path`` is that of an entity below the start page of a site for this base."""
    return _json(
        {
            "text": result.text,
            "language": language,
            "release": release,
            "similar": result.similar,
            "more": result.more,
            "missing": list(result.missing),
            "hits": [
                {
                    "iri": hit.iri,
                    "path": local_path(base, hit.iri),
                    "name": hit.name,
                    "language": hit.language,
                    "kind": {"key": hit.kind.key, "label": hit.kind.label.in_language(language)},
                    "found": [one.label.in_language(language) for one in hit.found],
                    "as_name": hit.as_name,
                }
                for hit in result.hits
            ],
        }
    )


def render_search(site: Site, language: str, searched: SearchedText | None = None) -> str:
    """The page: with the form alone, or also with what was found."""
    title, query = text("search.title", language), ""
    if searched is not None:
        title = text("search.title.of", language, text=cut(searched.text, _LONGEST_TITLE))
        query = f"?{urlencode({'q': searched.text}, errors='replace')}" if searched.problem is None else ""
    layout = PageTemplate(site, language, title, SEARCH_PAGE, query=query, active=SEARCH_PAGE)
    result = searched.result if searched is not None else None
    problem = searched.problem if searched is not None else None
    return render_template(
        "search.html",
        layout,
        text=searched.text if searched is not None else "",
        problem=problem.in_language(language) if problem is not None else "",
        answer=_sentence(result, language) if result is not None else "",
        groups=_groups(result.hits, site, language) if result is not None else (),
    )


def _sentence(result: SearchResult, language: str) -> str:
    if result.missing:
        words = ", ".join(text("search.missing.word", language, word=one) for one in result.missing)
        key = "search.missing.similar" if result.hits else "search.missing.none"
        return text(key, language, words=words)
    if not result.hits:
        several = len(words_of(fold(result.text))) > 1
        return text("search.apart" if several else "search.none", language)
    if result.similar:
        return text("search.similar", language)
    key = "search.first" if result.more else "search.count"
    return text(key, language, count=len(result.hits))


def _groups(
    hits: Sequence[SearchHit], site: Site, language: str
) -> list[tuple[str, list[tuple[Ref, str, str]]]]:
    """The hits by kind, that of the best first; each with why it was found, and the name by which it was."""
    labels = [hit.kind.label.in_language(language) for hit in hits]
    order = {label: place for place, label in reversed([*enumerate(labels)])}
    sorted_hits = sorted(zip(labels, hits, strict=True), key=lambda one: order[one[0]])
    return [
        (label, [_entry(hit, site, language) for _, hit in several])
        for label, several in groupby(sorted_hits, key=lambda one: one[0])
    ]


def _entry(hit: SearchHit, site: Site, language: str) -> tuple[Ref, str, str]:
    foreign = hit.language if hit.language != language else ""
    ref = Ref(hit.name, site.path(site.local(hit.iri) or "", HTML, language), language=foreign)
    by = ", ".join(one.label.in_language(language) for one in hit.found)
    if by and not hit.as_name:
        by = text("search.found-in", language, where=by)
    return ref, by, hit.as_name


def _json(value: Any) -> bytes:
    return json_text(value).encode()
