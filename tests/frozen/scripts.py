"""The scripts in a page as lines: code without its comments, JSON by its members; and names that are others.

A name is what a lexer of JavaScript calls one: a variable, a function, a property or the key of an object, and
never what stands in a string, in the text of a template or in a regular expression.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from pygments.lexers.javascript import JavascriptLexer
from pygments.token import Comment, Name, Whitespace

_CODE = "ƒ "  # begins each line of code
_SCRIPT = re.compile(r'(?s)(<script(?: type="application/(?:ld\+)?json"[^>]*)?>)(.*?)(?=</script>)')
_IDENTITIES = ("@id", "id", "path", "url", "key", "code")
_MINIFIED = 2_000
_MANY = 1_000_000
_LINE_BREAK = re.compile(r"\s*\n\s*")
Form = tuple[str | None, ...]


def split_scripts(page: str) -> Iterator[tuple[str, str]]:
    """The parts of HTML, each with its kind: "json", "code", or "" outside of scripts."""
    outside, *parts = _SCRIPT.split(page)
    yield outside, ""
    for tag, script, after in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        yield tag, ""
        yield script, "json" if "json" in tag else "code"
        yield after, ""


@lru_cache
def code_lines(script: str) -> tuple[str, ...]:
    """The lines of code, without comments, blank lines and indentation; texts of several lines keep theirs."""
    found = JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(script)
    code = "".join(
        _LINE_BREAK.sub("\n", value) if kind in Whitespace else value
        for kind, value in found
        if kind not in Comment
    )
    return tuple(f"{_CODE}{line.rstrip()}" for line in code.split("\n") if line.strip())


def members(
    value: object, path: tuple[str, ...] = (), names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """A line for each value that is no object or list, and for each list of such values, in the order of paths; with
    the names of the members on its path. In lists an object has its identity for a path, where it tells one.
    """
    items: Sequence[tuple[str, object]] = []
    if isinstance(value, dict):
        items = sorted(value.items())
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        items = [(_identity(one, number), one) for number, one in enumerate(value)]
    for key, one in items:
        yield from members(one, (*path, key), (*names, key) if isinstance(value, dict) else names)
    if not items:
        yield names, f"{'/'.join(path)}: {json.dumps(value, ensure_ascii=False)}"


def _identity(item: object, number: int) -> str:
    known = item if isinstance(item, dict) else {}
    return next((known[key] for key in _IDENTITIES if isinstance(known.get(key), str)), str(number))


@lru_cache(maxsize=100_000)
def _tokens(line: str) -> tuple[Form, tuple[str, ...]]:
    """What a line of code is but for its names, and its names; any other line is itself and has none."""
    if not line.startswith(_CODE):
        return (line,), ()
    found = list(JavascriptLexer().get_tokens(line.removeprefix(_CODE)))
    form = tuple(None if kind in Name else value for kind, value in found)
    return (_CODE, *form), tuple(value for kind, value in found if kind in Name)


def names(lines: Sequence[str]) -> frozenset[str]:
    """The names in lines of code, without those of a minified library, which has a scope of its own."""
    return frozenset(name for line in lines if len(line) < _MINIFIED for name in _tokens(line)[1])


def pair_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
    """Lines that differ, in their order: lines of the same form one by one, others in blocks."""
    old_forms, new_forms = ([_tokens(line)[0] for line in lines] for lines in (old, new))
    many = (
        len(old) * len(new) > _MANY
    )  # then lines that are everywhere, such as a brace, are no place to begin
    for tag, i, j, k, m in SequenceMatcher(None, old_forms, new_forms, autojunk=many).get_opcodes():
        if tag == "equal":
            yield from (([a], [b]) for a, b in zip(old[i:j], new[k:m], strict=True) if a != b)
        else:
            yield list(old[i:j]), list(new[k:m])


def renamed(
    old: Sequence[str], new: Sequence[str], before: frozenset[str], after: frozenset[str]
) -> list[str] | None:
    """Which names are others in a line that is the same but for them, as ``mark → symbol``; None for other lines.

    Where it is not plain renaming, the line says so: the new name is one of those ``before``, so that it may mean
    two things, or the old name is one of those ``after``, so that not all have been renamed.
    """
    if len(old) != 1 or len(new) != 1 or _tokens(old[0])[0] != _tokens(new[0])[0]:
        return None
    pairs = zip(_tokens(old[0])[1], _tokens(new[0])[1], strict=True)
    return [
        f"{a} → {b}{' (a name in use)' if b in before else ''}{' (not everywhere)' if a in after else ''}"
        for a, b in pairs
        if a != b
    ]
