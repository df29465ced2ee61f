"""Sentences, names, dates and amounts as readers see them: texts with links between, no markup."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal

from transfergraph import messages
from transfergraph.common.date_words import EDTF, date_words
from transfergraph.common.namespaces import XSD
from transfergraph.messages import Value, pieces, text

NAME_LENGTH = 200
TEXT_LENGTH = 4000

_NUMBER = re.compile(r"([+-]?)([0-9]+(?:\.[0-9]+)?)")
_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float", "nonNegativeInteger"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Ref:
    """A name, and where it leads: ``href`` is empty where it leads nowhere.

    ``language`` is that of the name where it is not the page's. ``external`` marks the way out of the site.
    """

    text: str
    href: str = ""
    external: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date in words, and ``edtf`` what HTML can tell a machine of it: year, month or day (EDTF level 0)."""

    edtf: str
    text: str


Piece = str | Ref | Moment
Phrase = tuple[Piece, ...]


def plain(phrase: Phrase) -> str:
    """The words alone."""
    return "".join(piece if isinstance(piece, str) else piece.text for piece in phrase)


def phrase(key: str, language: str, fills: Mapping[str, Phrase], /, **values: Value) -> Phrase:
    """A text of the catalogue with names and links in some of its places, values in the others."""
    made: list[Piece] = []
    for before, name in pieces(key, language, **values):
        if before:
            made.append(before)
        if name:
            made.extend(fills[name])
    return tuple(made)


def joined(phrases: Sequence[Phrase], language: str) -> Phrase:
    """A, B and C."""
    made: list[Piece] = []
    for number, one in enumerate(phrases):
        if number:
            made.append(f" {text('page.and', language)} " if number == len(phrases) - 1 else ", ")
        made.extend(one)
    return tuple(made)


def clean(value: str) -> str:
    """The text without characters that HTML has no place for; each becomes U+FFFD."""
    return _CONTROL.sub("\ufffd", value)


def cut(value: str, length: int) -> str:
    """The beginning of a text of more than ``length`` characters, ending with an ellipsis."""
    value = clean(value)
    return value if len(value) <= length else value[: length - 1].rstrip() + "…"


def cut_words(value: str, length: int) -> str:
    """As :func:`cut`, between two words where there are any."""
    short = cut(value, length)
    if short == clean(value):
        return short
    words = short[:-1].rpartition(" ")[0].rstrip(" ,;–-")
    return f"{words} …" if len(words) > length // 2 else short


def capital(value: str) -> str:
    """The text with a capital at its beginning."""
    return value[:1].upper() + value[1:]


def address(url: str) -> str:
    """A web address as it is shown: without scheme, ``www.`` and the slash at its end."""
    shown = url.removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return cut(shown.removesuffix("/"), NAME_LENGTH)


def moment(edtf: str, language: str) -> Piece:
    """A date in words: 2019, autumn 2019, March 2019, 12 March 2019, about them; all else as it stands."""
    found = EDTF.fullmatch(edtf)
    if found is None:
        return cut(edtf, NAME_LENGTH)
    words = date_words(edtf, language)
    return (
        edtf
        if words == edtf and found[4]
        else Moment(found[1] if found[2] else edtf.removesuffix("~"), words)
    )


def period(start: str, end: str, language: str) -> Phrase:
    """From when to when; empty when neither is known."""
    first, last = (moment(start, language),), (moment(end, language),)
    if start and start == end:
        return first
    if start and end:
        return phrase("page.period", language, {"start": first, "end": last})
    if start:
        return phrase("page.period.since", language, {"start": first})
    return phrase("page.period.until", language, {"end": last}) if end else ()


def number(lexical: str, language: str) -> str:
    """A decimal number with the marks of the language; a fraction has at least two digits, as money has."""
    found = _NUMBER.fullmatch(lexical)
    if found is None:
        return cut(lexical, NAME_LENGTH)
    return found[1] + messages.number(Decimal(found[2]), language, ".00*/w")


def literal(value: Literal, language: str) -> Piece:
    """A literal in words: a date, a number, yes or no, or else its text."""
    datatype = value.datatype.value
    if datatype.endswith("/edtf/EDTF") or datatype == XSD + "date":
        return moment(value.value, language)
    if datatype in _NUMBERS:
        return number(value.value, language)
    if datatype == XSD + "boolean":
        return text("page.yes" if value.value in ("true", "1") else "page.no", language)
    return literal_text(value, language)


def literal_text(value: Literal, language: str) -> Ref:
    """The text of a literal, with its language where it is not the page's."""
    foreign = value.language or ""
    return Ref(cut(value.value, TEXT_LENGTH), language="" if foreign == language else foreign)
