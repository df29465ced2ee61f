"""The page that says what is in a release: what there is, from where and when, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal

from transfergraph.common.displayed_values import web_address
from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import Text
from transfergraph.messages import language_in, number, text
from transfergraph.store import Store
from transfergraph.store.bulk_properties import values_of
from transfergraph.vocabulary.presentation import ListedTable
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import ABOUT_PAGE, Site
from transfergraph.web.model_drawing import draw_model
from transfergraph.web.page_template import PageTemplate, licence_name, render_template
from transfergraph.web.phrases import NAME_LENGTH, Ref, cut
from transfergraph.web.release_contents import (
    SOURCE_COUNT,
    YEAR_COUNT,
    DataSource,
    MeasuredCount,
    ReleaseContents,
)

NOT_COLLECTED, NO_RESULT = "not-collected", "no-result"
_LISTED = 40
"""So many counts are compared with those of the sources, and so many findings are told."""

_CONCEPT = SKOS + "Concept"


@dataclass(frozen=True, slots=True)
class FilledProperty:
    """A property of a class and how many of its records have it, in per cent, rounded down."""

    name: str
    share: int
    words: str


@dataclass(frozen=True, slots=True)
class ContainedKind:
    """A table: what its rows are called, with a link to their list, and what is said of them.

    ``gap`` says, where there are none, whether that is known or was not looked for.
    """

    anchor: str
    name: Ref
    count: str
    about: str
    gap: str
    properties: tuple[FilledProperty, ...]


def read_names(store: Store, contents: ReleaseContents) -> Mapping[str, Text]:
    """The names of what is compared with what sources state."""
    wanted = {one.subject for one in _compared(contents)}
    found = values_of(store, ((one, terms.PREF_LABEL) for one in sorted(wanted)))
    names = {}
    for iri, stated in found.items():
        literals = [one for one in stated.get(terms.PREF_LABEL, ()) if isinstance(one, Literal)]
        if literals:
            names[iri] = Text({one.language or "": one.value for one in literals})
    return names


def render_about(
    site: Site, language: str, counts: Mapping[str, int], contents: ReleaseContents, names: Mapping[str, Text]
) -> str:
    """The page; ``counts`` are the rows by table and the triples, ``names`` those of :func:`read_names`."""
    title = text("about.title", language)
    about = text("about.lede", language, title=site.title.in_language(language))
    layout = PageTemplate(site, language, title, ABOUT_PAGE, summary=about, active="about")
    used = {(one, property_) for (one, property_, _), share in contents.shares.items() if share}
    statuses = Counter(one.status for one in contents.counts if one.kind not in (SOURCE_COUNT, YEAR_COUNT))
    return render_template(
        "about.html",
        layout,
        about=about,
        facts=list(_facts(site, language, counts, contents)),
        model=draw_model(site.presentation, counts, used, language),
        kinds=[
            _kind(table, layout, counts, contents)
            for table in site.presentation.tables.values()
            if table.kind and table.folder
        ],
        years=[_year(one, language) for one in contents.counts if one.kind == YEAR_COUNT],
        sources=[_source(one, language) for one in contents.sources],
        compared=[_coverage(one, layout, names) for one in _compared(contents)],
        statuses=[_status(one, count, language) for one, count in sorted(statuses.items())],
        findings=_findings(contents, language),
        severities=[
            (text(f"about.findings.{one}", language), number(count, language))
            for one, count in contents.findings.items()
        ],
    )


def _facts(
    site: Site, language: str, counts: Mapping[str, int], contents: ReleaseContents
) -> Iterable[tuple[str, phrases.Phrase]]:
    yield (
        text("about.release", language),
        (
            site.release,
            ", ",
            phrases.moment(site.issued.isoformat(), language),
        ),
    )
    if contents.period is not None:
        yield text("dataset.period", language), phrases.period(*contents.period, language)
    spoken = ", ".join(language_in(language, one) for one in site.languages)
    yield text("about.languages", language), (spoken,)
    if triples := counts.get("triples"):
        yield text("about.size", language), (site.presentation.counted("triples", triples, language),)
    yield text("dataset.publisher", language), (_out(site.publisher, site.homepage),)
    yield text("page.about.licence", language), (_out(licence_name(site.licence), site.licence),)
    if contents.contact:
        yield text("dataset.contact", language), (contents.contact,)


def _out(name: str, address: str) -> Ref:
    target = web_address(address)
    return Ref(cut(name, NAME_LENGTH), target, bool(target))


def _kind(
    table: ListedTable, layout: PageTemplate, counts: Mapping[str, int], contents: ReleaseContents
) -> ContainedKind:
    language, shown = layout.language, layout.site.presentation
    count = counts.get(table.key, 0)
    entity_class = shown.classes.get(table.kind)
    listed = count and layout.site.documents and table.key in shown.lists
    definition = entity_class.definition if entity_class else None
    return ContainedKind(
        f"kind-{table.key}",
        Ref(table.title.in_language(language), layout.href(f"{table.key}/") if listed else ""),
        number(count, language) if count else "",
        definition.in_language(language) if definition else "",
        "" if count else _gap(table.key, contents, language),
        tuple(_filled(table, layout, contents)) if count else (),
    )


def _gap(key: str, contents: ReleaseContents, language: str) -> str:
    """None, or not collected: the first only where some source says that it looked."""
    statuses = {one.status for one in contents.counts if one.kind == SOURCE_COUNT and one.noun == key}
    return text(f"quality.{NO_RESULT if NO_RESULT in statuses else NOT_COLLECTED}", language)


def _filled(table: ListedTable, layout: PageTemplate, contents: ReleaseContents) -> Iterable[FilledProperty]:
    if table.kind == _CONCEPT:
        return  # its rows join the lists of the core, whose terms are counted with them
    language, shown = layout.language, layout.site.presentation
    kind = _CONCEPT if table.is_scheme else table.kind
    own = {key[1:]: share for key, share in contents.shares.items() if key[0] == table.kind}
    for (property_, of_text), share in sorted(
        own.items(), key=lambda one: (shown.property_order(one[0][0]), one[0][1])
    ):
        found = shown.property(property_, [kind])
        if found is None:
            continue
        name = phrases.capital(found.label.in_language(language))
        if of_text and len(layout.site.languages) > 1:
            name = text("about.property.in", language, name=name, language=language_in(language, of_text))
        yield FilledProperty(name, int(share * 100), _share(share, language))


def _share(share: Decimal, language: str) -> str:
    if share == 0:
        return text("about.share.none", language)
    if 0 < share < Decimal("0.01"):
        return text("about.share.few", language)
    return text("about.share", language, share=int(share * 100))


def _year(one: MeasuredCount, language: str) -> tuple[str, int, str]:
    """A year, how many began in it, and the same in words."""
    if one.known:
        return one.subject, one.known, number(one.known, language)
    return one.subject, 0, text(f"quality.{one.status}", language)


def _source(one: DataSource, language: str) -> tuple[Ref, str, phrases.Phrase, Ref]:
    return (
        _out(one.title.in_language(language), one.page),
        one.publisher,
        (phrases.moment(one.retrieved, language),),
        _out(licence_name(one.licence), one.licence),
    )


def _compared(contents: ReleaseContents) -> list[MeasuredCount]:
    """Where sources state how many there are, or where nothing was collected."""
    entities = [one for one in contents.counts if one.kind not in (SOURCE_COUNT, YEAR_COUNT)]
    return [one for one in entities if one.stated is not None or one.status == NOT_COLLECTED][:_LISTED]


def _coverage(
    one: MeasuredCount, layout: PageTemplate, names: Mapping[str, Text]
) -> tuple[Ref, str, str, str, str]:
    """Of what, what is counted, how many are known and stated, and what that means."""
    language = layout.language
    name = names.get(one.subject)
    label = name.in_language(language) if name else text("about.unnamed", language)
    link = layout.site.link(one.subject, language)
    return (
        Ref(cut(label, NAME_LENGTH), link.target, link.external),
        phrases.capital(one.label.in_language(language)),
        "" if one.known is None else number(one.known, language),
        "" if one.stated is None else number(one.stated, language),
        text(f"quality.{one.status}", language),
    )


def _status(status: str, count: int, language: str) -> tuple[str, str, str]:
    """What a count can mean, how many mean it, and what that says."""
    key = f"quality.{status}"
    return text(key, language), number(count, language), text(f"{key}.about", language)


def _findings(contents: ReleaseContents, language: str) -> Sequence[tuple[str, str]]:
    most = sorted(contents.open_findings, key=lambda one: -one.count)[:_LISTED]
    return [(one.message.in_language(language), number(one.count, language)) for one in most]
