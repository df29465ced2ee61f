"""The pages as HTML, each in one language: the same arguments give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from pyoxigraph import NamedNode, Triple

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.text import Text
from transfergraph.messages import number, text
from transfergraph.queries import Answer, BooleanAnswer, GraphAnswer, NamedQuery, Result
from transfergraph.store import Store
from transfergraph.web import answer_tables as answers
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import HTML, QUESTIONS, WORKBENCH, Site
from transfergraph.web.answer_tables import AS_IT_IS, AskedQuestion
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_lists import ListEntry, Listing
from transfergraph.web.entity_record import local_part
from transfergraph.web.page_scripts import NO_STORE, BrowserStore, question_settings, workbench_settings
from transfergraph.web.page_template import AlternateFormat, PageTemplate, render_template
from transfergraph.web.phrases import Ref
from transfergraph.workbench.browser_files import DUMP, ON_DEMAND

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

    @property
    def triples(self) -> tuple[Triple, ...]:
        """What RDF can say of it: its successor."""
        if self.successor is None:
            return ()
        return (Triple(NamedNode(self.iri), NamedNode(terms.REPLACED_BY), NamedNode(self.successor)),)


def find_gone(
    store: Store, site: Site, iri: str, label: Text, release: str, successor: str | None
) -> GoneEntity:
    """What has gone, with the name that its successor has in the store."""
    document = None if successor is None else find_document(store, site.base, successor)
    return GoneEntity(iri, label, release, successor, None if document is None else document.label)


def render_list(listing: Listing, site: Site, language: str, page: int = 1) -> str:
    """A page of the list of all entities of a kind, by the alphabet; ``page`` counts from 1."""
    title = list_name(site, listing.key, language)
    about = text("list.about", language, count=listing.count)
    layout = PageTemplate(
        site,
        language,
        title,
        f"{listing.key}/",
        summary=f"{title}: {about}",
        page=page,
        pages=listing.pages,
        active=listing.key,
    )
    groups = [
        (letter, [(named(layout, entry), _kind(entry, language)) for entry in entries])
        for letter, entries in groupby(
            listing.on_page(page, language),
            lambda entry: _letter(entry.label.in_language(language)) if listing.total is None else "",
        )
    ]
    names = site.presentation.lists
    lists = [(list_name(site, key, language), layout.href(f"{key}/"), key) for key in names]
    return render_template("list.html", layout, about=about, groups=groups, lists=lists, key=listing.key)


def render_questions(
    questions: Sequence[NamedQuery], site: Site, language: str, answered: bool = True
) -> str:
    """The list of the saved questions; on a site without endpoint they may be ``answered`` or not."""
    title = text("page.questions", language)
    layout = PageTemplate(site, language, title, "questions/", active="questions")
    asked = "questions.lede" if site.endpoint else "questions.lede.queries"
    about = "questions.lede.examples" if answered and not site.endpoint else asked
    return render_template(
        "questions.html",
        layout,
        about=text(about, language),
        themes=[
            (heading, [listed_question(layout, one) for one in several])
            for heading, several in _by_theme(questions, language)
        ],
    )


def render_question(
    question: NamedQuery,
    answer: Result | None,
    site: Site,
    language: str,
    asked: AskedQuestion = AS_IT_IS,
    store: BrowserStore = NO_STORE,
) -> str:
    """A question with its form and, when there is one, its answer."""
    local = f"questions/{question.name}"
    query = answers.query_string(question, asked)
    title = question.summary.in_language(language)
    about = question.description.in_language(language) if question.description else ""
    crumbs = (Ref(text("page.questions", language), site.path("questions/", HTML, language)),)
    layout = PageTemplate(
        site, language, title, local, summary=about or title, query=query, crumbs=crumbs, active="questions"
    )
    return render_template(
        "question.html",
        layout,
        about=about,
        fields=answers.fields(question, asked, site.base, language),
        problem=asked.problem,
        answered=answer is not None,
        **_shown(answer, site, language, readable=True),
        formats=[
            AlternateFormat(e.upper(), "", site.path(local, e) + _in_language(query, e, language))
            for e in asked.endings
        ],
        sparql=asked.text or question.text,
        run=_sparql_href(layout, asked.text or question.text),
        store=store,
        settings=question_settings(question, answer, site, language, store),
    )


def render_sparql(
    site: Site,
    language: str,
    questions: Sequence[NamedQuery] = (),
    query: str = "",
    result: Result | None = None,
    problem: Text | None = None,
    store: BrowserStore = NO_STORE,
) -> str:
    """The form for queries, filled with ``query``, and its result or a sentence why there is none.

    Without a query the form holds the first of the example ``questions``. On a site without an endpoint the
    ``store`` is what a browser can load.
    """
    title = text("page.sparql", language)
    about = text("sparql.lede" if site.endpoint or not store.parts else "sparql.lede.browser", language)
    layout = PageTemplate(site, language, title, WORKBENCH, active="sparql", summary=about)
    examples = [
        (heading, [_example(layout, one) for one in several])
        for heading, several in _by_theme(questions, language)
    ]
    first = next((text for _, several in examples for _, text, _ in several), "")
    return render_template(
        "sparql.html",
        layout,
        about=about,
        store=store,
        most=number(ON_DEMAND, language),
        triples=number(store.triples, language),
        dump=site.address(DUMP),
        settings=workbench_settings(site, language, store),
        query=query or first,
        problem=problem,
        answered=result is not None,
        **_shown(result, site, language, readable=False),
        examples=examples,
        endpoint=site.address(WORKBENCH) if site.endpoint else site.other_endpoint,
    )


def render_not_found(site: Site, language: str, path: str) -> str:
    """The page for an address at which there is nothing."""
    return _absent(site, language, "absent.not-found", address=path)


def render_gone(gone: GoneEntity, site: Site, language: str) -> str:
    """The page about an entity that is no longer part of the graph, leading to its successor."""
    label = gone.label.in_language(language)
    if label == local_part(gone.iri):  # it had no name
        label = text("absent.gone.unnamed", language)
    name = Ref(phrases.cut(label, phrases.NAME_LENGTH))
    sentences = [phrases.phrase("absent.gone.about", language, {"name": (name,)}, release=gone.release)]
    if gone.successor is not None:
        label = gone.successor_label.in_language(language) if gone.successor_label else gone.successor
        target = site.link(gone.successor, language).target
        successor = Ref(phrases.cut(label, phrases.NAME_LENGTH), target)
        sentences.append(phrases.phrase("absent.gone.successor", language, {"successor": (successor,)}))
    return _absent(site, language, "absent.gone", sentences=sentences, address=gone.iri)


def _absent(
    site: Site,
    language: str,
    key: str,
    address: str,
    sentences: Sequence[phrases.Phrase] = (),
) -> str:
    title = text(key, language)
    layout = PageTemplate(site, language, title, key, indexed=False)
    onward = [ref for _, ref in layout.navigation]
    return render_template(
        "absent.html",
        layout,
        said=sentences or [(text(f"{key}.about", language),)],
        address=phrases.cut(address, phrases.NAME_LENGTH),
        onward=onward,
    )


def _shown(result: Result | None, site: Site, language: str, readable: bool) -> dict[str, object]:
    """What a layout shows of an answer: a table, a word or a graph, and its length in words."""
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
            shown["graph"] = phrases.clean(part.write("turtle"))
            key = "answer.cut" if result.cut or len(result.triples) > _SHOWN_TRIPLES else "answer.rows"
            shown["length"] = text(key, language, count=len(part.triples))
    return shown


def list_name(site: Site, key: str, language: str) -> str:
    """What a list is called."""
    return site.presentation.tables[key].title.in_language(language)


def named(layout: PageTemplate, entry: ListEntry) -> Ref:
    """The name of an entity as a link to its page."""
    name = phrases.cut(entry.label.in_language(layout.language), phrases.NAME_LENGTH)
    return Ref(name, layout.site.link(entry.iri, layout.language).target)


def _kind(entry: ListEntry, language: str) -> str:
    return phrases.cut(entry.kind.in_language(language), phrases.NAME_LENGTH) if entry.kind else ""


def listed_question(layout: PageTemplate, question: NamedQuery) -> tuple[Ref, str, str]:
    """A question as a link, what it is about, and what it asks for."""
    language = layout.language
    about = question.description.in_language(language) if question.description else ""
    names = ", ".join(one.description.in_language(language) for one in question.parameters)
    asks = text("questions.parameters", language, names=names) if names else ""
    return (
        Ref(question.summary.in_language(language), layout.href(f"questions/{question.name}")),
        about,
        asks,
    )


def _in_language(query: str, ending: str, language: str) -> str:
    """The end of the address of an answer; a workbook is in the words of the page."""
    if ending != "xlsx":
        return query
    return f"{query}{'&' if query else '?'}language={language}"


def _by_theme(questions: Sequence[NamedQuery], language: str) -> list[tuple[str, list[NamedQuery]]]:
    """The questions by theme, each with its heading; those without one come last."""
    themes: dict[Text, list[NamedQuery]] = {}
    for one in questions:
        if one.theme is not None:
            themes.setdefault(one.theme, []).append(one)
    found = [(theme.in_language(language), themes[theme]) for theme in sorted(themes)]
    others = [one for one in questions if one.theme is None]
    return [*found, (text("questions.other", language) if found else "", others)] if others else found


def _example(layout: PageTemplate, question: NamedQuery) -> tuple[str, str, str]:
    """A question as an example: its name, its query with that name as a comment, and its page, where scripts
    do not run it at once."""
    name = question.summary.in_language(layout.language)
    body = "\n".join(line for line in question.text.split("\n") if not line.startswith("#+"))
    query = f"# {name}\n{body}"
    return name, query, layout.href(QUESTIONS + question.name)


def _sparql_href(layout: PageTemplate, query: str) -> str:
    return f"{layout.href('sparql')}?query={answers.quoted(query)}"


def size_in_words(size: int, language: str) -> str:
    """Bytes in a unit that reads well: decimal, as file managers and portals have it."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{number(Decimal(f'{size / factor:.1f}'), language, '.#')} {unit}"
    return f"{size} B"


def _letter(name: str) -> str:
    first = sort_key(name)[:1].upper()
    return first if first.isalpha() else "#"
