"""Where the statements on the page of an entity stand, and which of them have sources of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from itertools import groupby

from pyoxigraph import Literal

from transfergraph.common.namespaces import XSD
from transfergraph.mapping.published_rows import ROW, PublishedRows, RowPlace, StatedTriple, row_words
from transfergraph.store import Term
from transfergraph.web import document_terms as terms
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Phrase, Ref, cut_words

_LENGTH = 60  # of a value that stands beside its column
_NUMBERS = (f"{XSD}decimal", f"{XSD}integer")


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A property and the columns that state it; some of its ``values`` where others stand elsewhere.

    ``sources`` are those that are claimed for it in place of the row's.
    """

    label: str
    columns: str
    values: tuple[Phrase, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowOfEntity:
    """A row that states something of the entity, the sources that it names, and its columns."""

    place: Ref
    sources: tuple[str, ...]
    lines: tuple[ColumnLine, ...]


@dataclass(frozen=True, slots=True)
class RowsOfRecords:
    """The rows of one file that state what a section of the page shows, in its order."""

    heading: str
    file: str
    rows: tuple[Ref, ...]


class EntityCells:
    """The cells of an entity of a release; nothing of what no row states."""

    def __init__(self, rows: PublishedRows | None = None, iri: str = "") -> None:
        self._rows = rows
        self.stated = () if rows is None else rows.stated(iri)

    @property
    def sources(self) -> frozenset[str]:
        """All sources that are claimed for a statement."""
        return frozenset(source for one in self.stated if one.claimed for source in one.sources)

    def named_sources(self) -> Mapping[tuple[str, object], frozenset[str]]:
        """By property and value, as :func:`comparable` has it, the sources of a statement."""
        found: dict[tuple[str, object], set[str]] = {}
        for one in self.stated:
            found.setdefault((one.property, comparable(one.value)), set()).update(one.sources)
        return {key: frozenset(sources) for key, sources in found.items()}

    def own_rows(self, view: LocalisedView) -> tuple[RowOfEntity, ...]:
        """The rows that state something of the entity, each with its columns."""
        found = []
        for place, stated in groupby(self.stated, lambda one: one.place):
            ours = tuple(stated)
            named = tuple(
                str(one.value.value) for one in ours if one.property == terms.SOURCE and not one.claimed
            )
            ref = Ref(row_words(place, view.language), _address(view, place))
            found.append(RowOfEntity(ref, named, tuple(_lines(view, ours))))
        return tuple(found)

    def rows_of_records(
        self, view: LocalisedView, sections: Iterable[tuple[str, Sequence[str]]]
    ) -> tuple[RowsOfRecords, ...]:
        """By section (its heading, and the IRIs of what it shows) the rows that state this."""
        found = []
        for heading, iris in sections:
            files: dict[str, list[Ref]] = {}
            for place in (place for iri in iris for place in self._places(iri)):
                ref = Ref(str(place.row), _address(view, place))
                files.setdefault(place.file_and_sheet, []).append(ref)
            found += [
                RowsOfRecords(heading, file, tuple(dict.fromkeys(rows))) for file, rows in files.items()
            ]
        return tuple(found)

    def _places(self, iri: str) -> tuple[RowPlace, ...]:
        return () if self._rows is None else self._rows.places(iri)


def _address(view: LocalisedView, place: RowPlace) -> str:
    return f"{view.site.path(place.table)}{ROW}{place.table_row}"


def _lines(view: LocalisedView, stated: Sequence[StatedTriple]) -> Iterable[ColumnLine]:
    grouped: dict[tuple[str, tuple[str, ...]], list[StatedTriple]] = {}
    for one in stated:
        grouped.setdefault((one.property, one.sources if one.claimed else ()), []).append(one)
    split = {name for name, sources in grouped if sources}
    for (name, sources), several in grouped.items():
        columns = dict.fromkeys(column for one in several for column in one.columns)
        values = [_short(view.value(name, one.value)) for one in several] if name in split else ()
        yield ColumnLine(view.property(name), ", ".join(columns), tuple(values), sources)


def _short(value: Phrase) -> Phrase:
    """The value, or the beginning of a text."""
    return tuple(
        replace(piece, text=cut_words(piece.text, _LENGTH)) if isinstance(piece, Ref) else piece
        for piece in value
    )


def comparable(value: Term) -> object:
    """The value, or its number where a store may have written it otherwise."""
    if isinstance(value, Literal) and value.datatype.value in _NUMBERS:
        try:
            return Decimal(value.value)
        except InvalidOperation:
            return value
    return value


class OwnSources:
    """Which statements have other sources than all that is stated of the entity together."""

    def __init__(
        self, named: Iterable[str], cells: EntityCells, numbers: Callable[[Iterable[str]], tuple[int, ...]]
    ) -> None:
        whole = frozenset(named)
        known = cells.named_sources().items() if whole else ()
        self._differing = {
            key: numbers(sources)
            for key, sources in known
            if sources != whole and sources & (whole | cells.sources)
        }

    def of(self, property_: str, value: Term) -> tuple[int, ...]:
        """The numbers of the sources of a statement; none where they are those of the entity."""
        return self._differing.get((property_, comparable(value)), ())

    def of_text(self, property_: str, text: str) -> tuple[int, ...]:
        """The same of a text that is shown, which may be cut."""
        for (name, value), found in self._differing.items():
            if name == property_ and isinstance(value, Literal) and value.value.startswith(text.rstrip("…")):
                return found
        return ()
