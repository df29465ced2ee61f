"""The pages as HTML, each in one language: the same arguments give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.text import Text
from transfergraph.messages import number, text
from transfergraph.queries import Answer, BooleanAnswer, GraphAnswer, NamedQuery, Result
from transfergraph.web import answer_tables as answers
from transfergraph.web import phrases as wording
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Site
from transfergraph.web.answer_tables import AS_IT_IS, AskedQuestion
from transfergraph.web.entity_lists import LISTS, ListedFile, ListEntry, Listing, Overview
from transfergraph.web.entity_page import render
from transfergraph.web.ontology_page import render_ontology
from transfergraph.web.page_template import FORMAT_NAMES, AlternateFormat, PageTemplate, stylesheet, write
from transfergraph.web.phrases import Ref

__all__ = [
    "GoneEntity",
    "render",
    "render_gone",
    "render_index",
    "render_list",
    "render_not_acceptable",
    "render_not_found",
    "render_ontology",
    "render_question",
    "render_questions",
    "render_sparql",
    "stylesheet",
]

_CARDS = 12
_QUESTIONS = 8
_ABOUT = 220
_SHOWN_TRIPLES = 1000


@dataclass(frozen=True, slots=True)
class GoneEntity:
    """An entity that an earlier release had.

    ``release`` is the last one that held it; ``successor`` the IRI of what replaced it, None when nothing
    did, and ``successor_label`` its name.
    """

    iri: str
    label: Text
    release: str
    successor: str | None = None
    successor_label: Text | None = None


def render_index(site: Site, language: str, overview: Overview) -> str:
    """The start page: what is in the graph, and the ways into it."""
    title = site.title.in_language(language)
    about = site.description.in_language(language)
    frame = PageTemplate(site, language, title, "", summary=about, active="home")
    counts = [(key, text(f"build.{key}", language, count=n)) for key, n in overview.counts.items() if n]
    alliances = overview.alliances.sorted(language)
    return write(
        "index.html",
        frame,
        about=about,
        counts=[
            (frame.href(f"{key}/") if site.documents else "", *said.split(" ", 1))
            for key, said in counts
            if key in LISTS
        ],
        others=[said for key, said in counts if key not in LISTS],
        cards=[_card(frame, entry) for entry in alliances[:_CARDS]],
        alliances=overview.alliances.count,
        questions=[_question(frame, one) for one in overview.questions[:_QUESTIONS]],
        all_questions=len(overview.questions),
        dumps=[one for file in overview.files if (one := _dump(frame, file))],
        tables=[_file(frame, file) for file in overview.files if file.path.endswith(".csv")],
        catalogue=[_file(frame, f) for f in overview.files if f.path.startswith(("catalog.", "void."))],
        datasets=[Ref(title.in_language(language), frame.href(local)) for local, title in overview.datasets],
        citation=site.citation,
        credits=[credit.in_language(language) for credit in site.credits],
    )


def render_list(listing: Listing, site: Site, language: str, page: int = 1) -> str:
    """A page of the list of all entities of a kind, by the alphabet; ``page`` counts from 1."""
    title = text(f"page.list.{listing.key}", language)
    about = text("list.about", language, count=listing.count)
    frame = PageTemplate(
        site,
        language,
        title,
        f"{listing.key}/",
        summary=f"{title}: {about}",
        page=page,
        pages=listing.pages,
    )
    groups = [
        (letter, [(_named(frame, entry), _kind(entry, language)) for entry in entries])
        for letter, entries in groupby(
            listing.on_page(page, language),
            lambda entry: _letter(entry.label.in_language(language)) if listing.total is None else "",
        )
    ]
    lists = [(text(f"page.list.{key}", language), frame.href(f"{key}/"), key) for key in LISTS]
    return write("list.html", frame, title=title, about=about, groups=groups, lists=lists, key=listing.key)


def render_questions(
    questions: Sequence[NamedQuery], site: Site, language: str, answered: bool = True
) -> str:
    """The list of the saved questions; on a site without endpoint they may be ``answered`` or not."""
    title = text("page.questions", language)
    frame = PageTemplate(site, language, title, "questions/", active="questions")
    asked = "questions.lede" if site.endpoint else "questions.lede.queries"
    about = "questions.lede.examples" if answered and not site.endpoint else asked
    return write(
        "questions.html",
        frame,
        title=title,
        about=text(about, language),
        questions=[_question(frame, one) for one in questions],
    )


def render_question(
    question: NamedQuery, answer: Result | None, site: Site, language: str, asked: AskedQuestion = AS_IT_IS
) -> str:
    """A question with its form and, when there is one, its answer."""
    local = f"questions/{question.name}"
    query = answers.query_string(question, asked)
    title = question.summary.in_language(language)
    about = question.description.in_language(language) if question.description else ""
    crumbs = (Ref(text("page.questions", language), site.path("questions/", HTML, language)),)
    frame = PageTemplate(
        site, language, title, local, summary=about or title, query=query, crumbs=crumbs, active="questions"
    )
    return write(
        "question.html",
        frame,
        title=title,
        about=about,
        fields=answers.fields(question, asked, site.base, language),
        problem=asked.problem,
        answered=answer is not None,
        **_shown(answer, site, language, readable=True),
        formats=[AlternateFormat(e.upper(), "", site.path(local, e) + query) for e in asked.endings],
        sparql=question.text,
        run=_sparql_href(frame, question.text),
        citation=site.citation,
    )


def render_sparql(
    site: Site,
    language: str,
    questions: Sequence[NamedQuery] = (),
    query: str = "",
    result: Result | None = None,
    problem: str = "",
) -> str:
    """The form for queries, filled with ``query``, and its result or a sentence why there is none.

    Without a query the form holds the first of the example ``questions``.
    """
    title = text("page.sparql", language)
    frame = PageTemplate(
        site, language, title, "sparql", active="sparql", summary=text("sparql.lede", language)
    )
    examples = [
        (one.summary.in_language(language), one.text, _sparql_href(frame, one.text)) for one in questions
    ]
    return write(
        "sparql.html",
        frame,
        title=title,
        query=query or next((one.text for one in questions), ""),
        problem=problem,
        answered=result is not None,
        **_shown(result, site, language, readable=False),
        examples=examples,
        endpoint=site.address("sparql"),
    )


def render_not_found(site: Site, language: str, path: str) -> str:
    """The page for an address at which there is nothing."""
    return _absent(site, language, "absent.not-found", address=path)


def render_gone(gone: GoneEntity, site: Site, language: str) -> str:
    """The page about an entity that is no longer part of the graph, leading to its successor."""
    name = Ref(wording.cut(gone.label.in_language(language), wording.NAME_LENGTH))
    said = [wording.phrase("absent.gone.about", language, {"name": (name,)}, release=gone.release)]
    if gone.successor is not None:
        link = site.link(gone.successor, language)
        label = gone.successor_label.in_language(language) if gone.successor_label else gone.successor
        successor = Ref(wording.cut(label, wording.NAME_LENGTH), link.target if link else "")
        said.append(wording.phrase("absent.gone.successor", language, {"successor": (successor,)}))
    return _absent(site, language, "absent.gone", said=said, address=gone.iri)


def render_not_acceptable(site: Site, language: str, path: str, local: str = "") -> str:
    """The page for an entity that does not exist in the form asked for; ``local`` is its path."""
    formats = [Ref("HTML", site.path(local, HTML, language))]
    formats.extend(Ref(FORMAT_NAMES[f.name], site.path(local, f.ending)) for f in DOCUMENT_FORMATS)
    return _absent(site, language, "absent.not-acceptable", address=path, links=formats)


def _absent(
    site: Site,
    language: str,
    key: str,
    address: str,
    said: Sequence[wording.Phrase] = (),
    links: Sequence[Ref] = (),
) -> str:
    title = text(key, language)
    frame = PageTemplate(site, language, title, key, indexed=False)
    onward = [ref for _, ref in frame.navigation]
    return write(
        "absent.html",
        frame,
        title=title,
        said=said or [(text(f"{key}.about", language),)],
        address=wording.cut(address, wording.NAME_LENGTH),
        links=links,
        onward=onward,
    )


def _shown(result: Result | None, site: Site, language: str, readable: bool) -> dict[str, object]:
    """What a template shows of an answer: a table, a word or a graph, and what is said of its length."""
    shown: dict[str, object] = {"table": None, "word": "", "graph": "", "length": ""}
    match result:
        case Answer():
            make = answers.readable_table if readable else answers.raw_table
            shown["table"] = make(result, site, language)
            key = "answer.cut" if result.cut else "answer.rows"
            shown["length"] = text(key, language, count=len(result.rows))
        case BooleanAnswer():
            shown["word"] = text("answer.yes" if result.value else "answer.no", language)
        case GraphAnswer():
            part = GraphAnswer(result.triples[:_SHOWN_TRIPLES])
            shown["graph"] = wording.clean(part.write("turtle"))
            key = "answer.cut" if result.cut or len(result.triples) > _SHOWN_TRIPLES else "answer.rows"
            shown["length"] = text(key, language, count=len(part.triples))
    return shown


def _named(frame: PageTemplate, entry: ListEntry) -> Ref:
    link = frame.site.link(entry.iri, frame.language)
    name = wording.cut(entry.label.in_language(frame.language), wording.NAME_LENGTH)
    return Ref(name, link.target if link else "")


def _kind(entry: ListEntry, language: str) -> str:
    return wording.cut(entry.kind.in_language(language), wording.NAME_LENGTH) if entry.kind else ""


def _card(frame: PageTemplate, entry: ListEntry) -> tuple[Ref, str]:
    about = entry.about.in_language(frame.language) if entry.about else ""
    return _named(frame, entry), wording.cut_words(about, _ABOUT)


def _question(frame: PageTemplate, question: NamedQuery) -> tuple[Ref, str, str]:
    """A question as a link, what it is about, and what it asks for."""
    language = frame.language
    about = question.description.in_language(language) if question.description else ""
    names = ", ".join(one.description.in_language(language) for one in question.parameters)
    asks = text("questions.parameters", language, names=names) if names else ""
    return Ref(question.summary.in_language(language), frame.href(f"questions/{question.name}")), about, asks


def _sparql_href(frame: PageTemplate, query: str) -> str:
    if not frame.site.endpoint:
        return ""
    return f"{frame.href('sparql')}?query={answers.quoted(query)}"


def _dump(frame: PageTemplate, file: ListedFile) -> tuple[Ref, str, str] | None:
    """A dump of the graph: its file, format and size."""
    for known in GRAPH_FORMATS:
        if file.path == f"data/graph.{known.ending}.gz":
            ref, size = _file(frame, file)
            return ref, FORMAT_NAMES[known.name], size
    return None


def _file(frame: PageTemplate, file: ListedFile) -> tuple[Ref, str]:
    name = file.path.removeprefix("data/tables/").removeprefix("data/")
    return Ref(name, frame.site.prefix + answers.quoted(file.path, safe="/")), size_in_words(
        file.size, frame.language
    )


def size_in_words(size: int, language: str) -> str:
    """Bytes in a unit that reads well: decimal, as file managers and portals have it."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{number(Decimal(f'{size / factor:.1f}'), language, '.#')} {unit}"
    return f"{size} B"


def _letter(name: str) -> str:
    first = sort_key(Text.same(name))[:1].upper()
    return first if first.isalpha() else "#"
