"""The script with which the editor for queries completes, of a release."""

from __future__ import annotations

from transfergraph.dcat import VOID_FILE
from transfergraph.store import Store
from transfergraph.web.addresses import Site
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.question_list import declared_prefixes
from transfergraph.workbench.completion_terms import completion_script


def terms_script(store: Store, content: PublishedRelease, site: Site) -> bytes:
    """Classes, properties, small lists and prefixes, those that the saved questions declare among them."""
    declared: dict[str, str] = {}
    for question in content.questions:
        declared |= declared_prefixes(question.text)
    void = content.folder / VOID_FILE
    return completion_script(store, site.presentation, void, site.base, site.languages, declared)
