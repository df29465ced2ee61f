"""Tables and lists of a page about an entity, as values, and what makes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from transfergraph.common.namespaces import name_in_key
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_document import PAGE, CitedSource
from transfergraph.web.entity_record import EntityRecord, ValueGroup
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref


@dataclass(frozen=True, slots=True)
class SectionCell:
    """A cell of a table: a phrase, or several, one below the other; ``number`` is set to the right."""

    lines: tuple[Phrase, ...]
    number: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A row of a table or list: its cells, of which the first names it, its sources by number, and a note.

    ``records`` are the IRIs of the records which the row shows; ``group`` is the heading of the rows from
    here to those of another group, empty where there are no groups.
    """

    cells: tuple[SectionCell, ...]
    sources: tuple[int, ...]
    note: tuple[Ref, ...] = ()
    records: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A table, or a list when it has no ``columns``.

    ``shown`` says which part of how many is on this page, where that is not all; ``about`` what the section
    holds, where its heading does not.
    """

    anchor: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[SectionRow, ...]
    shown: str = ""
    about: Phrase = ()


class SourceNumbers:
    """Numbers the sources as they come up."""

    def __init__(self, view: LocalisedView) -> None:
        self._view = view
        self._number: dict[str, int] = {}

    def of(self, record: EntityRecord) -> tuple[int, ...]:
        return self.of_iris(record.iris(terms.SOURCE))

    def of_iris(self, sources: Iterable[str]) -> tuple[int, ...]:
        others = (one for one in sources if one != self._view.document.iri)
        found = self._view.sorted_iris(others)
        return tuple(sorted(self._number.setdefault(one, len(self._number) + 1) for one in found))

    @property
    def sources(self) -> tuple[CitedSource, ...]:
        return tuple(self._view.document.source(iri) for iri in self._number)


def make_section(
    view: LocalisedView, group: ValueGroup, heading: str, columns: Sequence[str], rows: Sequence[SectionRow]
) -> Section:
    """A section with those of its columns in which something stands."""
    used = [
        index for index in range(len(columns)) if index == 0 or any(row.cells[index].lines for row in rows)
    ]
    kept = used if columns else list(range(max((len(row.cells) for row in rows), default=0)))
    cut = tuple(replace(row, cells=tuple(row.cells[i] for i in kept)) for row in rows)
    names = tuple(view.text(columns[i]) for i in kept) if columns else ()
    return Section(name_in_key(group.property), heading, names, cut, _shown(view, group))


def _shown(view: LocalisedView, group: ValueGroup) -> str:
    if len(group.values) == group.total:
        return ""
    if not group.values:
        return view.text("page.shown.none", total=group.total)
    first = (view.document.page - 1) * PAGE + 1
    return view.text("page.shown", first=first, last=first + len(group.values) - 1, total=group.total)


def records_of(view: LocalisedView, group: ValueGroup) -> list[EntityRecord]:
    """The things that point here, as far as this page has them."""
    return [view.document.record(str(value.value)) for value in group.values]


def record_ref(view: LocalisedView, name: str, record: EntityRecord) -> Ref:
    """A link to a record under another name than its own."""
    return Ref(name, view.site.link(record.iri, view.language).target)


def cell(*lines: Phrase, number: bool = False) -> SectionCell:
    """A cell with those lines in which something stands."""
    return SectionCell(tuple(line for line in lines if line), number)


def by_name(view: LocalisedView, records: Sequence[EntityRecord]) -> list[EntityRecord]:
    """The records in the order of the alphabet."""
    return sorted(records, key=lambda one: (view.order((view.name(one.iri),)), one.iri))
