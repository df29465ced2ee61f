"""One catalogue of German and English texts for everything that staff see.

A text is found by its key and filled with values. In the catalogue ``{name}`` takes a value,
``{name:n}`` a number with the grouping of the language (1.234 or 1,234), and ``{name:Zeile|Zeilen}`` a
number followed by the word for one or for many. A text from the data is shown on one line, shortened,
with invisible characters as escapes; a sequence of texts is shown as a list.

The texts of a fault come in pairs: ``key`` says what is wrong, ``key.remedy`` how to mend it.
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from transfergraph.common.displayed_values import shown
from transfergraph.common.text import Text
from transfergraph.messages.answer_messages import ANSWERS
from transfergraph.messages.catalogue_advice_messages import DCAT_TEXTS
from transfergraph.messages.catalogue_fault_messages import DCAT_FAULTS
from transfergraph.messages.catalogue_messages import PORTALS
from transfergraph.messages.cell_messages import CELLS
from transfergraph.messages.change_messages import CHANGES, HISTORY, LOSSES
from transfergraph.messages.entity_page_messages import PAGES
from transfergraph.messages.explorer_messages import NETWORK_PAGE
from transfergraph.messages.file_messages import FILES
from transfergraph.messages.measure_messages import EXPLORER
from transfergraph.messages.network_messages import NETWORK
from transfergraph.messages.page_part_messages import PAGE_PARTS
from transfergraph.messages.page_view_messages import PAGE_VIEWS
from transfergraph.messages.publication_messages import PUBLICATION
from transfergraph.messages.report_messages import LABELS
from transfergraph.messages.server_messages import SERVED
from transfergraph.messages.shape_messages import SHAPES

Value = str | int | Sequence[str]

_LENGTH = 80  # characters of one value
_ITEM_LENGTH = 40  # characters of one item of a list
_ITEMS = 30  # items of a list

_FAULTS: Mapping[str, tuple[Text, Text]] = {**FILES, **CELLS, **DCAT_FAULTS, **HISTORY, **LOSSES}

CATALOGUE: Mapping[str, Text] = {
    **ANSWERS,
    **LABELS,
    **CHANGES,
    **SHAPES,
    **NETWORK,
    **EXPLORER,
    **NETWORK_PAGE,
    **PAGES,
    **PAGE_PARTS,
    **PAGE_VIEWS,
    **PORTALS,
    **PUBLICATION,
    **SERVED,
    **DCAT_TEXTS,
    **{key: message for key, (message, _) in _FAULTS.items()},
    **{f"{key}.remedy": remedy for key, (_, remedy) in _FAULTS.items()},
}


class Advice(NamedTuple):
    """What is wrong, and how to mend it."""

    message: Text
    remedy: Text


def text(key: str, language: str, /, **values: Value) -> str:
    """The text of that key in ``"de"`` or ``"en"``.

    Raises :class:`KeyError` for a key or a placeholder without its value.
    """
    return _Filler(language).vformat(CATALOGUE[key].in_language(language), (), values)


def both(key: str, /, **values: Value) -> Text:
    """The text of that key in both languages; raises as :func:`text` does."""
    return Text(text(key, "de", **values), text(key, "en", **values))


def pieces(key: str, language: str, /, **values: Value) -> tuple[tuple[str, str], ...]:
    """The text cut at the placeholders that get no value here: each time the text before one, and its name.

    The last name is empty when the text does not end with a placeholder. Raises :class:`KeyError` for an
    unknown key.
    """
    template = CATALOGUE[key].in_language(language)
    cut: list[tuple[str, str]] = []
    before = ""
    filler = _Filler(language)
    for literal, name, spec, _ in string.Formatter().parse(template):
        before += literal
        if name in values:
            before += str(filler.format_field(values[name], spec or ""))
        elif name is not None:
            cut.append((before, name))
            before = ""
    return (*cut, (before, "")) if before else tuple(cut)


def advice(key: str, /, **values: Value) -> Advice:
    """Message and remedy of a fault in both languages, filled with the same values.

    Raises as :func:`text` does.
    """
    return Advice(both(key, **values), both(f"{key}.remedy", **values))


def placeholders(template: str) -> frozenset[str]:
    """The names of the values that a text of the catalogue needs."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(template) if name)


class _Filler(string.Formatter):
    """Fills a text of the catalogue in one language."""

    def __init__(self, language: str) -> None:
        self._separator = "." if language == "de" else ","

    def format_field(self, value: object, format_spec: str) -> str:
        match value:
            case int() if "|" in format_spec:
                one, many = format_spec.split("|")
                return f"{self._grouped(value)} {one if value == 1 else many}"
            case int():
                return self._grouped(value) if format_spec == "n" else str(value)
            case str():
                return shown(value, _LENGTH)
            case Sequence():
                rest = len(value) - _ITEMS
                items = ", ".join(shown(item, _ITEM_LENGTH) for item in value[:_ITEMS])
                return f"{items}, … (+{rest})" if rest > 0 else items
        raise TypeError(f"A text of the catalogue takes no value of type {type(value).__name__}.")

    def _grouped(self, number: int) -> str:
        return f"{number:,}".replace(",", self._separator)
