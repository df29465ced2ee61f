"""The page from which the data is taken: files, what changed since when, interfaces, licence, citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transfergraph.common.format_losses import LOSSES
from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.common.text import Text
from transfergraph.messages import text
from transfergraph.web import phrases
from transfergraph.web.addresses import DATA_PAGE, Site
from transfergraph.web.answer_tables import quoted
from transfergraph.web.page_template import FORMAT_NAMES, PageTemplate, render_template
from transfergraph.web.phrases import Ref
from transfergraph.web.release_contents import ContentFile, ListedRelease, ReleaseContents
from transfergraph.web.site_pages import size_in_words

PORTAL_FILE = "catalog.ttl"
"""What portals harvest."""

_OTHER_FORMS = ("catalog.rdf", "catalog.jsonld", "void.ttl")
_PATCH = ("changes/added.nt.gz", "changes/removed.nt.gz")
_TABLES, _GRAPH = "data/tables/", "data/graph."
_RELEASES = 30

FileRow = tuple[Ref, str, str, str]


def render_download(
    site: Site,
    language: str,
    contents: ReleaseContents,
    datasets: Sequence[tuple[str, Text]],
    titles: Mapping[str, Text],
) -> str:
    """The page; ``datasets`` are the path and title of each that has a page, ``titles`` those of tables."""
    title = text("data.title", language)
    about = text("data.lede", language, title=site.title.in_language(language))
    layout = PageTemplate(site, language, title, DATA_PAGE, summary=about, active="data")
    files = {one.path: one for one in contents.files}
    formats = {f"{_GRAPH}{one.ending}.gz": FORMAT_NAMES[one.name] for one in GRAPH_FORMATS}
    tables = [one for one in contents.files if one.path.startswith(_TABLES) and one.path.endswith(".csv")]
    return render_template(
        "download.html",
        layout,
        about=about,
        date=layout.released,
        dumps=[_row(layout, files[path], name) for path, name in formats.items() if path in files],
        tables=[_row(layout, one, _table(one.path, titles, language)) for one in tables],
        portal=site.address(PORTAL_FILE) if PORTAL_FILE in files else "",
        forms=[_file(layout, path) for path in _OTHER_FORMS if path in files],
        datasets=[Ref(name.in_language(language), layout.href(local)) for local, name in datasets],
        feed=layout.site.path("feed.atom") if "feed.atom" in files else "",
        stream=layout.site.path("feed.ttl") if "feed.ttl" in files else "",
        patch=[_file(layout, path) for path in _PATCH if path in files],
        releases=[_release(layout, one, files) for one in contents.releases[:_RELEASES]],
        endpoint=site.address("sparql") if site.endpoint else "",
        attribution=contents.attribution.in_language(language) if contents.attribution else "",
        contact=contents.contact,
        credits=[credit.in_language(language) for credit in site.credits],
        losses=[*_losses(language)],
    )


def _losses(language: str) -> Iterator[tuple[str, str, str]]:
    """What each format cannot carry: kind of export, file ending, words."""
    for kind, losses in LOSSES.items():
        for ending, lost in losses.items():
            words = [text(f"loss.{one}", language) for one in lost] or [text("loss.none", language)]
            yield text(f"loss.group.{kind}", language), ending, "; ".join(words)


def _file(layout: PageTemplate, path: str) -> Ref:
    name = path.removeprefix(_TABLES).removeprefix("data/").removeprefix("changes/")
    return Ref(name, layout.site.prefix + quoted(path, safe="/"))


def _row(layout: PageTemplate, file: ContentFile, kind: str) -> FileRow:
    """A file as a link, what it holds, its size and its checksum."""
    return _file(layout, file.path), kind, size_in_words(file.size, layout.language), file.sha256


def _table(path: str, titles: Mapping[str, Text], language: str) -> str:
    key = path.rpartition("/")[2].removesuffix(".csv")
    return titles[key].in_language(language) if key in titles else ""


def _release(
    layout: PageTemplate, one: ListedRelease, files: Mapping[str, ContentFile]
) -> tuple[Ref, phrases.Piece, str, list[Ref]]:
    """A release with a link to its note, its day, what changed in a sentence, and the files that tell all."""
    language = layout.language
    lines = one.notes.get(language) or next(iter(one.notes.values()), ())
    note = one.texts.get(language, "")
    pages = [
        Ref(page.rpartition("/")[2], layout.site.prefix + quoted(page, safe="/%"))
        for page in one.pages
        if page in files
    ]
    return (
        Ref(one.id, layout.site.prefix + note if note else ""),
        phrases.moment(one.day, language),
        phrases.cut(lines[0], phrases.NAME_LENGTH) if lines else "",
        pages,
    )
