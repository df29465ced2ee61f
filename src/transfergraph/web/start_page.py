"""The start page: what is in the graph, what is new in it, and the ways into it."""

from __future__ import annotations

from collections.abc import Sequence

from transfergraph.messages import text
from transfergraph.web import phrases
from transfergraph.web.addresses import Site
from transfergraph.web.entity_lists import ListEntry, Overview
from transfergraph.web.navigation import main_entries
from transfergraph.web.network_drawing import NetworkDrawing
from transfergraph.web.own_page import OwnText, as_html
from transfergraph.web.page_template import PageTemplate, render_template
from transfergraph.web.phrases import Ref
from transfergraph.web.release_contents import ListedRelease
from transfergraph.web.site_pages import list_name, listed_question, named

_CARDS = 12
_QUESTIONS = 8
_NEWS = 6
_ABOUT = 220


def render_start(
    site: Site,
    language: str,
    overview: Overview,
    releases: Sequence[ListedRelease] = (),
    drawing: NetworkDrawing | None = None,
    own: OwnText | None = None,
) -> str:
    """The page; ``releases`` are those of the feed, this one first.

    ``own`` is what the workspace says there.
    """
    title = site.title.in_language(language)
    about = site.description.in_language(language)
    layout = PageTemplate(site, language, title, "", summary=about, active="home")
    shown, first = site.presentation, overview.first
    counts = [(key, shown.counted(key, n, language)) for key, n in overview.counts.items() if n]
    entries = {one.key: one for one in main_entries(shown)}
    return render_template(
        "index.html",
        layout,
        about=about,
        counts=[
            (layout.href(f"{key}/") if site.documents else "", *count.split(" ", 1))
            for key, count in counts
            if key in shown.lists
        ],
        others=[count for key, count in counts if key not in shown.lists],
        first=list_name(site, first.key, language) if first else "",
        cards=[_card(layout, entry) for entry in first.sorted(language)[:_CARDS]] if first else [],
        all_first=(
            Ref(shown.counted(first.key, first.count, language), layout.href(f"{first.key}/"))
            if first and first.count > _CARDS and site.documents
            else None
        ),
        news=_news(releases[0], language) if releases else (),
        news_title=text(
            "index.news" if len(releases) > 1 else "index.news.first",
            language,
            date=phrases.plain((layout.released,)),
        ),
        drawing=drawing,
        own=as_html(own.content[language], language) if own is not None and language in own.content else "",
        network=site.prefix + entries["network"].path(language),
        questions=[listed_question(layout, one) for one in overview.questions[:_QUESTIONS]],
        all_questions=len(overview.questions),
    )


def _card(layout: PageTemplate, entry: ListEntry) -> tuple[Ref, str]:
    about = entry.about.in_language(layout.language) if entry.about else ""
    return named(layout, entry), phrases.cut_words(about, _ABOUT)


def _news(release: ListedRelease, language: str) -> tuple[str, ...]:
    """The sentence and the first lines of the note, in this language or else in the first that it has."""
    lines = release.notes.get(language) or next(iter(release.notes.values()), ())
    return tuple(phrases.cut(line, phrases.NAME_LENGTH) for line in lines[: _NEWS + 1])
