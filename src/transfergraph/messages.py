"""Every text that a person sees, found by its key, in a language, filled with values.

``locales/<language>.toml`` holds the texts of one language in ICU MessageFormat; a text that a language lacks
is taken from English. A value from the data is shown on one line, shortened, with invisible characters as
escapes; a sequence is shown as a list. The texts of a fault come in pairs: ``key`` says what is wrong,
``key.remedy`` how to mend it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from transfergraph.common.displayed_values import shown, visible
from transfergraph.common.packaged import packaged
from transfergraph.common.text import Text

if TYPE_CHECKING:
    from icu4py.messageformat import MessageFormat

Value = str | int | Decimal | date | Text | Sequence[str] | Sequence[Text]

_Filling = int | float | str | Decimal | date | datetime  # what ICU takes

FALLBACK = "en"
"""The language that has every text."""

SUGGESTED = 400
"""Characters of a value that is proposed to be entered: it is shown whole up to here."""

_PROPOSED = ("suggestion", "one", "other", "likely")
_LENGTH = 80  # characters of any other value
_ITEM_LENGTH = 40  # characters of one item of a list
_ITEMS = 30  # items of a list
_PLACE = re.compile("\ue000(\\w+)\ue000")  # private use: no value that is shown has it
_MARK = re.compile("[{}']")  # what ICU does not take as it stands, outside of a value with cases
_ARGUMENT = re.compile(r"(\{)(?:(\w+)(, \w+)?(?=[,}]))?|\}")


class Advice(NamedTuple):
    """What is wrong, and how to mend it."""

    message: Text
    remedy: Text


def text(key: str, language: str, /, **values: Value) -> str:
    """The text of that key in that language.

    Raises :class:`KeyError` for a key or a placeholder without its value.
    """
    return _filled(key, language, values) if values else _plain(key, language)


@lru_cache(8192)
def _plain(key: str, language: str) -> str:
    """A text without values: a page has some hundred, and the same in each answer."""
    return _filled(key, language, {})


def _filled(key: str, language: str, values: Mapping[str, Value]) -> str:
    message = _message(key, language)
    return message.fill({name: message.shown(name, values[name], language) for name in message.names})


def in_full(key: str, language: str, /, **values: str | int) -> str:
    """As :func:`text`, with texts among the values as they are: neither shortened nor escaped."""
    places = {name: value for name, value in values.items() if isinstance(value, str)}
    counts = {name: value for name, value in values.items() if not isinstance(value, str)}
    cut = pieces(key, language, **counts)
    return "".join(before + (places[name] if name else "") for before, name in cut)


def _explained(key: str, language: str, /, **values: int | str | Text) -> str:
    """As :func:`in_full`, with what cannot be seen in values as escapes, line by line."""
    places = {name: _whole(value, language) for name, value in values.items() if not isinstance(value, int)}
    counts = {name: value for name, value in values.items() if isinstance(value, int)}
    cut = pieces(key, language, **counts)
    return "".join(before + (places[name] if name else "") for before, name in cut)


def _whole(value: str | Text, language: str) -> str:
    if isinstance(value, Text):
        return value.in_language(language)
    return "\n".join(map(visible, value.splitlines()))


class Message(Text):
    """The text of a key with its values, in any language that it is asked for."""

    __slots__ = ("_said", "_say", "_source", "_values")

    def __init__(self, say: Callable[..., str], key: str, values: Mapping[str, Value]) -> None:
        if missing := _message(key, FALLBACK).names - values.keys():
            raise KeyError(*sorted(missing))
        self._say, self._source, self._values = say, key, values
        self._said: dict[str, str] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        return ()

    def in_language(self, language: str) -> str:
        if language not in self._said:
            self._said[language] = self._say(self._source, language, **self._values)
        return self._said[language]

    def has(self, language: str) -> bool:
        return self._source in texts_of(language)

    def __bool__(self) -> bool:
        return True


def both(key: str, /, **values: Value) -> Text:
    """The text of that key in any language; raises as :func:`text` does."""
    return Message(text, key, values)


def explained(key: str, /, **values: object) -> Text:
    """Why something failed, in any language: the text of that key with values of any length.

    A path or the like is shown as its ``str``, an exception as what it tells, in the language where it can.
    """
    return Message(_explained, key, {name: _reason(value) for name, value in values.items()})


def _reason(value: object) -> int | str | Text:
    if isinstance(value, Exception) and value.args and isinstance(value.args[0], Text):
        return value.args[0]
    return value if isinstance(value, Text | int) else str(value)


def both_in_full(key: str, /, **values: str | int) -> Text:
    """As :func:`both`, filled as :func:`in_full` does."""
    return Message(in_full, key, values)


def pieces(key: str, language: str, /, **values: Value) -> tuple[tuple[str, str], ...]:
    """The text cut at the placeholders that get no value here: each time the text before one, and its name.

    The last name is empty when the text does not end with a placeholder. Raises :class:`KeyError` for an
    unknown key.
    """
    return _cut(_message(key, language), language, values) if values else _places(key, language)


def filled(pattern: str, language: str, /, **values: Value) -> str:
    """A text that a workspace has, in the format of the others, with its values."""
    return "".join(before for before, _ in filled_pieces(pattern, language, values))


def filled_pieces(pattern: str, language: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """The same cut as :func:`pieces` does; raises :class:`ValueError` for what is not in the format."""
    return _cut(_workspace_message(pattern, language), language, values)


def arguments(pattern: str) -> Mapping[str, bool]:
    """The names of the values that a text takes, each true where it is a number, or another typed value.

    Braces within those of a value are around the words for a case of it, and hold values in turn.
    """
    found: dict[str, bool] = {}
    depth = 0
    for brace, name, kind in _ARGUMENT.findall(pattern):
        if brace and name and depth % 2 == 0:
            found[name] = bool(kind)
        depth += 1 if brace else -1
    return found


def _cut(message: _Message, language: str, values: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    filled = {name: message.shown(name, values[name], language) for name in message.names & values.keys()}
    places = {name: f"\ue000{name}\ue000" for name in message.names - values.keys()}
    *cut, rest = _PLACE.split(message.fill({**filled, **places}))
    pairs = tuple(zip(cut[::2], cut[1::2], strict=True))
    return (*pairs, (rest, "")) if rest else pairs


@cache
def _places(key: str, language: str) -> tuple[tuple[str, str], ...]:
    return _cut(_message(key, language), language, {})


def advice(key: str, /, **values: Value) -> Advice:
    """Message and remedy of a fault in each language, filled with the same values.

    Raises as :func:`text` does.
    """
    return Advice(both(key, **values), both(f"{key}.remedy", **values))


def has_text(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in texts_of(FALLBACK)


def proposed(key: str, /, **values: Value) -> tuple[str, ...]:
    """The values that the remedy of that fault proposes to enter."""
    names = _message(f"{key}.remedy", FALLBACK).names
    return tuple(str(values[name]) for name in _PROPOSED if name in names)


def template(key: str, language: str) -> str:
    """The text of that key as its file has it, for a program that fills it itself."""
    return _found(key, language)[0]


@cache
def interface_languages() -> tuple[str, ...]:
    """The languages that have a file of texts, in the order of their tags."""
    folder = packaged("locales")
    names = (file.name for file in folder.iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def complete_languages() -> tuple[str, ...]:
    """The languages of which no text has to be taken from English."""
    every = texts_of(FALLBACK).keys()
    return tuple(one for one in interface_languages() if every <= texts_of(one).keys())


def number(value: int | Decimal, language: str, skeleton: str = "") -> str:
    """A number as the language writes it.

    ``skeleton`` is a number skeleton of ICU (Unicode TR 35, part 3), such as ``.00`` for two decimals.
    """
    return _number_format(language, skeleton).format({"value": value})


def language_name(language: str) -> str:
    """What a language calls itself; its tag where it has no file of texts."""
    return texts_of(language).get("page.language.name", language)


def language_in(reader: str, language: str) -> str:
    """What a language is called in that of the reader; there what it calls itself where no file says it."""
    name = f"language.{language}"
    return texts_of(reader).get(name) or texts_of("en").get(name) or language_name(language)


def load_texts(languages: Iterable[str]) -> None:
    """Read the texts, so that processes forked after this share them and need to open no file.

    Each process compiles those that it shows: all of them compiled take 2 kB each in three languages.
    """
    for language in languages:
        text("page.date.day", language, day=date(2000, 1, 1), year="2000")  # ICU reads the time zone


@cache
def texts_of(language: str) -> Mapping[str, str]:
    """The texts of one language as its file has them, by key; empty where there is no file."""
    file = packaged("locales", f"{language}.toml")
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}


class _Message:
    """One text, compiled when it is first used; one without a mark of the format is shown as it is.

    ``typed`` are the names of values that the text says how to format: numbers, plurals, dates.
    """

    __slots__ = ("_format", "_pattern", "names", "typed")

    def __init__(self, pattern: str, locale: str) -> None:
        self._pattern = pattern
        self._format = _compiled(pattern, locale) if _MARK.search(pattern) else None
        found = arguments(pattern)
        self.names = frozenset(found)
        self.typed = frozenset(name for name, typed in found.items() if typed)

    def fill(self, values: dict[str, _Filling]) -> str:
        return self._pattern if self._format is None else self._format.format(values)

    def shown(self, name: str, value: Value, language: str) -> _Filling:
        match value:
            case int() | Decimal() | date() if name in self.typed:
                return value
            case int():
                return str(value)
            case str():
                return shown(value, SUGGESTED if name in _PROPOSED else _LENGTH)
            case Text():
                return shown(value.in_language(language), _LENGTH)
            case Sequence():
                rest = len(value) - _ITEMS
                said = (one if isinstance(one, str) else one.in_language(language) for one in value[:_ITEMS])
                items = ", ".join(shown(item, _ITEM_LENGTH) for item in said)
                return f"{items}, … (+{rest})" if rest > 0 else items
        raise TypeError(f"A text takes no value of type {type(value).__name__}.")


@cache
def _message(key: str, language: str) -> _Message:
    return _text_message(*_found(key, language))


@cache
def _text_message(pattern: str, locale: str) -> _Message:
    """One for all languages that take a text from English."""
    return _Message(pattern, locale)


@lru_cache(1000)
def _workspace_message(pattern: str, language: str) -> _Message:
    return _Message(pattern, _found("locale", language)[1])


def _found(key: str, language: str) -> tuple[str, str]:
    """The text in that language or else in English, and the locale whose rules hold for it."""
    texts = texts_of(language)
    if key not in texts:
        texts = texts_of(FALLBACK)
    return texts[key], texts["locale"]


@cache
def _number_format(language: str, skeleton: str) -> MessageFormat:
    kind = f"number, ::{skeleton}" if skeleton else "number"
    return _compiled(f"{{value, {kind}}}", _found("locale", language)[1])


def _compiled(pattern: str, locale: str) -> MessageFormat:
    """ICU is loaded with the first text that is shown, which ``--help`` never reaches."""
    from icu4py.messageformat import MessageFormat

    return MessageFormat(pattern, locale)
