"""How a value from the data is shown to a person: on one line, of bounded length, in order.

Whatever goes through :func:`visible` holds printable characters only, so that no terminal sequence, no
change of writing direction and no line break from the data reaches a terminal or a report.
:func:`sort_key` orders names in lists, :func:`web_address` tells which addresses may become links.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

_GAP = re.compile(r"((?<=\d)[\xa0\u202f](?=\d))")
_SHORT_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    """The text with each character that is not printable as an escape: ``\\x1b``, ``\\u200b``, ``\\n``.

    Printable is what Unicode calls so (:meth:`str.isprintable`): no control, format, surrogate, private
    or unassigned character and no separator other than the space. The no-break spaces that languages write
    between digits stay. A backslash stays as it is, so that applying this twice changes nothing.
    """
    if text.isprintable():
        return text
    return "".join(
        part if number % 2 else "".join(map(_unless_printable, part))
        for number, part in enumerate(_GAP.split(text))
    )


def shorten(text: str, length: int) -> str:
    """The text, or its beginning and end with ``…`` between, at most ``length`` (>= 3) characters."""
    if len(text) <= length:
        return text
    tail = (length - 1) // 3
    return f"{text[: length - 1 - tail]}…{text[len(text) - tail :]}"


def shown(text: str, length: int) -> str:
    """The text shortened in the middle and made visible, at most ``length`` (>= 3) characters."""
    return shorten(visible(shorten(text, length)), length)


def _unless_printable(character: str) -> str:
    return character if character.isprintable() else _escape(character)


def _escape(character: str) -> str:
    code = ord(character)
    if character in _SHORT_ESCAPES:
        return _SHORT_ESCAPES[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def sort_key(name: str) -> str:
    """Sorts as readers of European languages expect: without regard to capitals, umlauts and accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def web_address(url: str) -> str:
    """The address when it is one of the web, else an empty text: no other scheme may become a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
