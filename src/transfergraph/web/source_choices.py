"""The sources whose rows a page can show alone, with how many rows each has.

A row says in ``data-by`` which sources state it, by their numbers; the style sheet leaves out the others
where the address of the page ends with the number of a source (``#by-2``). No script is needed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from transfergraph.web import phrases
from transfergraph.web.entity_sections import EntitySections
from transfergraph.web.localised_view import LocalisedView

MOST = 12
"""The greatest number of a source that can be chosen; the style sheet has a rule for each."""

_NAME = 60  # characters


@dataclass(frozen=True, slots=True)
class SourceChoice:
    """A source by its number on the page, its name, and the rows that it states."""

    number: int
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class SourceChoices:
    """Those to choose from, in the order of their numbers, and how many rows have a source."""

    rows: int
    sources: tuple[SourceChoice, ...]


def source_choices(view: LocalisedView, told: EntitySections) -> SourceChoices | None:
    """The sources of the rows of a page; None in a release of one source, and where all rows are of one."""
    if len(view.site.credits) < 2:
        return None
    stated = [row.sources for section in told.sections for row in section.rows if row.sources]
    counts = Counter(number for numbers in stated for number in numbers if number <= MOST)
    if len(counts) < 2:
        return None
    names = {number: view.name(one.iri).text for number, one in enumerate(told.sources, 1)}
    choices = [SourceChoice(one, phrases.cut(names[one], _NAME), counts[one]) for one in sorted(counts)]
    return SourceChoices(len(stated), tuple(choices))
