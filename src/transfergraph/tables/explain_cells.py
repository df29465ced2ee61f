"""Why a cell is not what its column may hold, as exactly as can be said, and what to enter instead."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from transfergraph.common.iris import without_dot_steps
from transfergraph.common.text import Text
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import SUGGESTED, Value, both, has_text
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.notations import (
    DAY,
    NUMBER,
    dates_meant,
    day_of_serial,
    has_two_readings,
    is_accepted,
    is_day_notation,
    is_kept,
    numbers_meant,
)
from transfergraph.tables.words_in_values import date_in_words, number_among_words
from transfergraph.vocabulary.term_lists import TermList

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u2800\u3164\uffa0\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0d\ufeff"
    "\U000e0000-\U000e007f"
)
URL_CHARACTERS = "A-Za-z0-9._~:/?@!$&'()*+,;=\\-"
_URL_PART = f"([{URL_CHARACTERS}]|%[0-9A-Fa-f]{{2}})*"
_DOT = "(\\.|%2[Ee])"
_NO_DOT = "([A-Za-z0-9_~:@!$&'()*+,;=\\-]|%([013-9A-Fa-f][0-9A-Fa-f]|2[0-9A-DFa-df]))"
_STEP = f"({_DOT}?{_NO_DOT}({_NO_DOT}|{_DOT})*|{_DOT}{_DOT}({_NO_DOT}|{_DOT})+)?"
URL = f"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/{_STEP})*(\\?{_URL_PART})?(#{_URL_PART})?"
"""A web address by RFC 3986, within RFC 3987, without the steps ``.`` and ``..``."""

SHOWN = 200
"""How many characters of a cell a finding keeps."""

KEY_PATTERN = r"[\p{L}\p{N}][\p{L}\p{N}._/%-]*"
"""The pattern of a key in the tables of the core."""

_ERROR = re.compile(r"#[¡¿]?[A-ZÀ-ÞĀ-ſΑ-Я/0-9_]+[!?]?|(Err|Fehler|Erreur|Errore|Chyba|Błąd):\d{3}")
_NOT_IN_URL = re.compile(f"%(?![0-9A-Fa-f]{{2}})|[^%{URL_CHARACTERS}]")
_SCHEME = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*):(?!//)")
_ADDRESS_BEGIN = re.compile("(?i)(https?)(:/*|;/+|/+)")
_NEAREST = 3
_ALIKE = 0.6  # of difflib: 1 is equal
_WORD = 4  # letters of a word that names of terms may have within them
_SEPARATORS = re.compile(r"\s*[,;|\n]\s*")
_KEY = re.compile(r"[^\W_][\w./%-]*")
_NOT_IN_KEY = re.compile(r"[^\w./%-]+")
_GERMAN_DATE = re.compile(r"\d{1,2}\.")
_NO_MONTH = re.compile(r"\d{4}\D(00|1[3-9]|[2-9]\d)\D|\d{1,2}\.\s?(00|1[3-9]|[2-9]\d)\.")


def explain(column: Column, value: str, place: Place, known: TermList | None = None) -> Finding:
    """The finding for a cell, or an item of one, that its column may not hold; ``known`` are its terms if it
    has a list of them."""
    shown = value[:SHOWN]
    invisible = re.search(f"[{INVISIBLE}]", value)
    if invisible:
        plain = re.sub(f"[{INVISIBLE}]", "", value)
        is_sound = plain in known.terms if known else _is_sound(column, plain)
        return invisible_character(value, invisible, place, is_sound=is_sound)
    if _ERROR.fullmatch(value):
        return fault("table.error-value", place, shown, value=value)
    if column.bounds and is_accepted(replace(column, bounds=()), value):
        return fault("table.out-of-bounds", place, shown, value=value, bounds=bounds_text(column))
    match column.kind:
        case ColumnKind.DATE | ColumnKind.EDTF:
            return _explain_date(column, shown, place)
        case ColumnKind.DECIMAL | ColumnKind.INTEGER:
            return _explain_number(column, shown, place)
        case ColumnKind.URL:
            return _explain_url(value, place)
        case _:
            return _explain_pattern(column, shown, place)


def bounds_text(column: Column) -> str:
    """The bounds of a column as they are compared: ``>= 0, <= 90``; lengths in brackets."""
    return ", ".join(
        f"({bound.sign} {bound.limit})" if bound.is_length else f"{bound.sign} {bound.limit}"
        for bound in column.bounds
    )


def unknown_term(value: str, known: TermList, place: Place) -> Finding:
    """The finding for a cell of a list of terms that has another one; terms are also known by their names.

    Of a term that is no more the finding names the one that has taken its place.
    """
    if (old := known.retired.get(value)) is not None:
        name = known.terms[old.successor]
        told: dict[str, Value] = {"value": value, "scheme": known.name, "likely": old.successor, "name": name}
        if old.note is None:
            return fault("table.retired-concept", place, value[:SHOWN], Severity.VIOLATION, **told)
        return fault(
            "table.retired-concept.noted", place, value[:SHOWN], Severity.VIOLATION, **told, note=old.note
        )
    words = {
        name.casefold(): key
        for key, names in known.terms.items()
        for name in (*names.by_language(names.languages).values(), key)
    }
    near = difflib.get_close_matches(value.casefold(), words, n=_NEAREST, cutoff=_ALIKE)
    if len(value) >= _WORD:
        near += [word for word in sorted(words) if value.casefold() in word][:_NEAREST]
    keys = list(dict.fromkeys(words[word] for word in near))[:_NEAREST]
    values: dict[str, Value] = {"value": value, "scheme": known.name, "allowed": sorted(known.terms)}
    if not keys:
        values["own"] = "none" if known.extended_in is None else f"{known.extended_in}.csv"
        return fault("table.unknown-concept", place, value[:SHOWN], Severity.VIOLATION, **values)
    values |= {"near": keys, "likely": keys[0], "name": known.terms[keys[0]]}
    return fault("table.unknown-concept.suggested", place, value[:SHOWN], Severity.VIOLATION, **values)


def name_for_key(value: str, place: Place, keys: Mapping[str, str], tables: Sequence[Table]) -> Finding:
    """The finding for a cell that has no key where one belongs; ``keys`` are those of rows by their names."""
    files = [f"{table.name}.csv" for table in tables]
    values: dict[str, Value] = {"value": value, "tables": files, "column": tables[0].primary_key[0]}
    key = keys.get(value.casefold())
    if key is None:
        return fault("table.name-for-key", place, value[:SHOWN], Severity.VIOLATION, **values)
    return fault(
        "table.name-for-key.suggested", place, value[:SHOWN], Severity.VIOLATION, **values, suggestion=key
    )


def invisible_character(
    value: str,
    found: re.Match[str],
    place: Place,
    severity: Severity = Severity.VIOLATION,
    is_sound: bool = True,
) -> Finding:
    """The finding for a character that nobody sees; what remains is proposed if it ``is_sound``."""
    plain = re.sub(f"[{INVISIBLE}]", "", value)
    is_proposed = is_sound and plain.strip() != "" and len(plain) <= SUGGESTED
    code = "table.invisible-character.suggested" if is_proposed else "table.invisible-character"
    values: dict[str, Value] = {"character": named(found[0]), "position": found.start() + 1}
    return fault(code, place, value[:SHOWN], severity, **values, suggestion=plain)


def named(character: str) -> Text:
    """A character with its code: itself where it can be seen, else its name in each language."""
    code = f"U+{ord(character):04X}"
    key = f"character.{code}"
    if has_text(key):
        return both("character.named", name=both(key), code=code)
    if character.isprintable():
        return both("character.shown", character=character, code=code)
    return Text.same(code)


def is_key(value: str) -> bool:
    """Whether a text has the form of a key: letters, digits and ``. _ / % -`` only."""
    return _KEY.fullmatch(value) is not None


def _is_sound(column: Column, value: str) -> bool:
    match column.kind:
        case ColumnKind.URL:
            return re.fullmatch(URL, value) is not None
        case _ if column.pattern == KEY_PATTERN:
            return _KEY.fullmatch(value) is not None
        case _:
            return is_accepted(column, value)


def _explain_date(column: Column, value: str, place: Place) -> Finding:
    days = [day for day in dates_meant(value) if is_accepted(column, day)]
    if len(days) > 1:
        return fault("table.two-readings", place, value, value=value, one=days[0], other=days[1])
    if days:
        code = "table.german-date" if _GERMAN_DATE.match(value) else "table.other-date"
        return fault(code, place, value, value=value, suggestion=days[0])
    day = day_of_serial(value)
    if day and is_accepted(column, day):
        return fault("table.excel-serial", place, value, value=value, suggestion=day)
    if re.fullmatch(f"{DAY}~?", value) or is_day_notation(value):
        part = "month" if _NO_MONTH.match(value) else "day"
        return fault("table.no-such-day", place, value, value=value, part=part)
    return _wrong_type(column, value, place, date_in_words(value))


def _explain_number(column: Column, value: str, place: Place) -> Finding:
    numbers = [number for number in numbers_meant(value) if is_accepted(column, number)]
    if len(numbers) > 1 or has_two_readings(column, value):
        one, other = numbers[:2]
        return fault("table.two-readings", place, value, value=value, one=one, other=other)
    if numbers:
        is_comma = value.count(",") == 1 and "." not in value.partition(",")[2]
        code = "table.decimal-comma" if is_comma else "table.number-notation"
        return fault(code, place, value, value=value, suggestion=numbers[0])
    if re.fullmatch(NUMBER, value) and not is_kept(value):
        return fault("table.number-too-long", place, value, value=value)
    if (
        column.kind is ColumnKind.INTEGER
        and re.fullmatch("[+-]?[0-9]+", value)
        and len(value) > len("9" * 18)
    ):
        return fault("table.number-too-long", place, value, value=value)
    return _wrong_type(column, value, place, number_among_words(value, column.kind is ColumnKind.INTEGER))


def _wrong_type(column: Column, value: str, place: Place, meant: str | None) -> Finding:
    """A value of another type, with what it means without its words where that is accepted."""
    code = f"table.wrong-type.{column.kind.value}"
    if meant is not None and is_accepted(column, meant) and has_text(f"{code}.suggested"):
        return fault(f"{code}.suggested", place, value, value=value, suggestion=meant)
    return fault(code, place, value, value=value)


def _explain_url(address: str, place: Place) -> Finding:
    value = address[:SHOWN]
    scheme = _SCHEME.match(value)
    if scheme and scheme[1].lower() not in ("http", "https") and not re.match(r"[^:]*:\d", value):
        return fault("table.unsafe-url", place, value, value=value, scheme=scheme[1])
    rest, mark, fragment = address.partition("#")
    bad = _NOT_IN_URL.search(rest) or _NOT_IN_URL.search(fragment)
    if bad and value.startswith(("http://", "https://")):
        encoded = mark.join(_NOT_IN_URL.sub(lambda one: quote(one[0]), part) for part in (rest, fragment))
        encoded = without_dot_steps(encoded)
        is_sound = re.fullmatch(URL, encoded)
        code = "table.forbidden-character.url.suggested" if is_sound else "table.forbidden-character.url"
        character = both("character.second", character=bad[0]) if bad[0] == mark else named(bad[0])
        code_of = quote(bad[0])
        return fault(
            code, place, value, value=value, character=character, encoded=code_of, suggestion=encoded
        )
    begin = _ADDRESS_BEGIN.match(address)
    whole = f"{begin[1].lower()}://{address[begin.end() :]}" if begin else f"https://{address}"
    plain = without_dot_steps(address)
    if plain != address and re.fullmatch(URL, plain):
        return fault("table.dot-steps", place, value, value=value, suggestion=plain)
    if "." in value and re.fullmatch(URL, whole):
        return fault("table.wrong-type.url.suggested", place, value, value=value, suggestion=whole)
    return fault("table.wrong-type.url", place, value, value=value)


def _explain_pattern(column: Column, value: str, place: Place) -> Finding:
    if column.pattern != KEY_PATTERN:
        return _wrong_pattern(column, value, place)
    keys = [key for key in _SEPARATORS.split(value) if key]
    if len(keys) > 1 and all(_KEY.fullmatch(key) for key in keys):
        if column.separator is None:
            return fault("table.one-key-only", place, value, value=value, keys=keys)
        suggestion = column.separator.join(keys)
        mark = column.separator
        return fault(
            "table.other-separator", place, value, value=value, separator=mark, suggestion=suggestion
        )
    bad = next((c for c in value if not (c.isalnum() or c in "._/%-")), None)
    if bad is None:
        return fault("table.wrong-type.key", place, value, value=value)
    example = _NOT_IN_KEY.sub("-", value).strip("-._/%")
    return fault(
        *("table.forbidden-character.key", place, value),
        value=value,
        character=named(bad),
        example=example if is_key(example) else "none",
    )


def _wrong_pattern(column: Column, value: str, place: Place) -> Finding:
    severity, values = Severity.VIOLATION, {"value": value, "column": column.name}
    before = column.value.text.partition("{")[0] if column.value else ""
    short = re.sub(r"\s", "", value.removeprefix(before))
    for other in (short, short.upper(), short.lower()):
        if is_accepted(column, other):
            code = "table.wrong-type.pattern.suggested"
            return fault(code, place, value, severity, **values, suggestion=other)
    described = Text(column.description or {"": column.name})
    pattern, code = column.pattern or "", "table.wrong-type.pattern"
    return fault(code, place, value, severity, **values, pattern=pattern, description=described)
