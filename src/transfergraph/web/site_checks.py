"""What is found in the pages and colours of a workspace: faults that a site would show."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.common.text import Text
from transfergraph.config.own_pages import LEGAL, PAGES, PLACEHOLDER, START, OwnPage, own_pages
from transfergraph.config.workspace import Workspace
from transfergraph.findings import NOWHERE, Finding, Place, Severity
from transfergraph.messages import Value, advice, interface_languages, language_in
from transfergraph.web.appearance import LEAST_CONTRAST, poor_contrasts, stated_appearance


def check_site(workspace: Workspace) -> Iterator[Finding]:
    """Colours that are hard to read, and pages that lack a language; where the settings say at which address
    the public sees the graph, also places that are still to be filled in, and what the law demands."""
    settings, root = workspace.settings, workspace.root
    for scheme, name, other, found in poor_contrasts(stated_appearance(settings.site)):
        key = name.replace("-", "_") + ("_dark" if scheme == "dark" else "")
        yield _finding(
            "site.contrast",
            NOWHERE,
            Severity.WARNING,
            colour=f"[site] {key}",
            other=other,
            contrast=f"{found:.1f}",
            least=str(LEAST_CONTRAST),
        )
    paths = [file.relative_to(root).as_posix() for file in (root / PAGES).glob("*.md")]
    pages = own_pages(paths, settings.languages)
    for page in pages:
        yield from _check_page(workspace, page)
    if settings.public_url is not None:
        for name in (one for one in LEGAL if one not in {page.name for page in pages}):
            yield _finding("site.page-missing", NOWHERE, Severity.WARNING, name=name)


def _check_page(workspace: Workspace, page: OwnPage) -> Iterator[Finding]:
    for language in workspace.settings.languages:
        if language not in page.files and page.name != START:
            place = Place(file=next(iter(page.files.values())))
            yield _finding("site.page-language", place, Severity.INFO, language=_name(language))
    for path in page.files.values() if workspace.settings.public_url is not None else ():
        text = (workspace.root / path).read_text("utf-8-sig", errors="replace")
        for found in PLACEHOLDER.finditer(text):
            row = text.count("\n", 0, found.start()) + 1
            place, shown = Place(file=path, row=row), found[0]
            yield _finding("site.page-placeholder", place, Severity.WARNING, shown, text=shown)


def _name(language: str) -> Text:
    return Text.made(lambda reader: language_in(reader, language), interface_languages())


def _finding(
    code: str, place: Place, severity: Severity, value: str | None = None, **values: Value
) -> Finding:
    message, remedy = advice(code, **values)
    return Finding(severity, code, message, remedy, place, value)
