"""A strict reader of TOML: a file becomes a frozen value of a model, or one error that tells its faults.

A model is a :class:`TomlTable`. The types of its fields say what is demanded: msgspec checks kinds, ranges
and patterns, functions in ``Annotated`` the rest. Such a function returns the value as it is used, or raises
``ValueError`` with a demand (a text, ``must be ...``). ``Meta`` has the key of the text of the demand of the
type as its description, and an example. A field of type ``Text``, or a mapping that is annotated with
:data:`PER_LANGUAGE`, is read from a key for each language, ``<name>_de`` and its like; a name with a full
stop (``msgspec.field(name="graph.base")``) from a table within the table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta

from transfergraph.common.iris import iri_fault
from transfergraph.common.text import Languages, Text, column_name
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

_TOLD = 10  # faults of one file
_LARGEST = 1 << 20  # bytes of a file
_DEEP_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]++[ \t]*+\.[ \t]*+){50}""")  # read in quadratic time
_LONGEST = 80  # characters of a key in a message
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class TomlTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of TOML as a frozen value; ``__post_init__`` raises ``ValueError`` for fields at odds."""


T = TypeVar("T", bound=TomlTable)


PER_LANGUAGE = Meta(extra={"per": "language"})
"""Annotates a mapping from languages to values, each of which has a key of its own."""


def _line(value: str) -> str:
    if not value.strip():
        raise ValueError(explained("error.setting.line"))
    if _NO_TEXT.search(value):
        raise ValueError(explained("error.setting.character"))
    return value


def _different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) != len(set(values)):
        raise ValueError(explained("error.setting.different"))
    return values


def web_address(value: str) -> str:
    """The value, when it is a whole web address; raises ``ValueError``."""
    fault = iri_fault(value)
    if fault is not None or not value.startswith(("https://", "http://")):
        if fault is None:
            raise ValueError(explained("error.setting.address"))
        raise ValueError(explained("error.setting.address-fault", fault=fault))
    return value


def _folder(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError(explained("error.setting.query"))
    if not value.endswith("/"):
        raise ValueError(explained("error.setting.folder", value=value))
    return value


def example(value: object) -> Meta:
    """The example that every message about a key shows."""
    return Meta(examples=[value])


_LINE = (Meta(description="error.setting.line"), _line)
Line = Annotated[str, *_LINE]
Words = Annotated[
    tuple[Annotated[str, Meta(pattern=r"\S")], ...],
    Meta(min_length=1, description="error.setting.words"),
    _different,
]
Address = Annotated[str, Meta(description="error.setting.address"), web_address]
Folder = Annotated[Address, _folder]
Day = Annotated[date, Meta(description="error.setting.day")]
Flag = Annotated[bool, Meta(description="error.setting.flag")]
Count = Annotated[int, Meta(ge=1, description="error.setting.count")]


@dataclass(frozen=True, slots=True)
class _Reading:
    """The languages of the texts, and the faults that were found so far."""

    languages: Languages
    faults: list[Text] = field(default_factory=list)


def read_toml(
    file: Path, model: type[T], languages: Callable[[dict[str, Any]], Languages], **given: object
) -> T:
    """The file as a value of the model, whose fields in ``given`` are none of its keys.

    ``languages`` tells from what is in the file in which languages its texts are. Raises
    :class:`WorkspaceError` with a line for each fault: file, key, what is demanded, an example.
    """
    try:
        values = _loaded(file)
    except (OSError, ValueError, RecursionError) as error:
        raise WorkspaceError(explained("error.setting.syntax", file=file, error=error)) from error
    reading = _Reading(languages(values))
    found: T = _table(model, values, "", reading, given)
    if faults := reading.faults:
        rest = len(faults) - _TOLD
        told = [*faults[:_TOLD], *([explained("error.setting.more", count=rest)] if rest > 0 else ())]
        lines = [explained("error.setting.in-file", file=file, fault=fault) for fault in told]
        raise WorkspaceError(lines[0].each(lambda *each: "\n".join(each), *lines[1:]))
    return found


def _loaded(file: Path) -> dict[str, Any]:
    if file.stat().st_size > _LARGEST:
        raise ValueError(explained("error.setting.too-large", bytes=str(_LARGEST)))
    text = file.read_text(encoding="utf-8-sig")
    if _DEEP_KEY.search(text):
        raise ValueError(explained("error.setting.deep-key"))
    return tomllib.loads(text)


def example_table(model: type[TomlTable], name: str, languages: Languages, also: Collection[str] = ()) -> str:
    """The keys that a table of that name must have, and those of the fields in ``also``, with examples."""
    lines, inner = [f"[{name}]"], ""
    for one in msgspec.structs.fields(model):
        if one.required or one.name in also:
            kind, hint = _kind(one.type)[0], _one_language(one.type)
            if hint is None and _is_table(kind):
                inner += f"\n{example_table(kind, f'{name}.{one.encode_name}', languages)}"
            else:
                lines += [f"{key} = {_example(hint or one.type)}" for key in _keys(one, languages)]
    return "\n".join(lines) + "\n" + inner


def _table(
    model: type[TomlTable],
    values: dict[str, Any],
    prefix: str,
    reading: _Reading,
    given: Mapping[str, object],
) -> Any:
    """The values as a value of the model, None when there are faults."""
    faults = reading.faults
    before = len(faults)
    fields = [one for one in msgspec.structs.fields(model) if one.name not in given]
    names = {key for one in fields for key in _keys(one, reading.languages)}
    inner = {name.partition(".")[0] for name in names if "." in name}
    values = _flat(values, inner)
    guessed = _tell_unknown(sorted(values.keys() - names), names | inner, prefix, faults)
    read = dict(given)
    for one in fields:
        keys = _keys(one, reading.languages)
        if not one.required and values.keys().isdisjoint(keys):
            continue
        hint = _one_language(one.type) or one.type
        parts: dict[str, Any] = {}
        for key, language in keys.items():
            if key in values:
                parts[language] = _value(hint, values[key], prefix + key, reading)
            elif guessed.isdisjoint((key, key.partition(".")[0])):
                faults.append(_fault(hint, prefix + key, explained("error.setting.absent")))
        whole = Text(parts) if _kind(one.type)[0] is Text else parts
        read[one.name] = parts.get("") if hint is one.type else whole
    try:
        return model(**read) if len(faults) == before else None
    except ValueError as error:
        faults.append(explained("error.setting.at-odds", prefix=prefix, error=error))
        return None


def _keys(of: msgspec.structs.FieldInfo, languages: Languages) -> dict[str, str]:
    """The keys of a field, each with the language of its value; empty for a value of no language."""
    if _one_language(of.type) is None:
        return {of.encode_name: ""}
    return {column_name(of.encode_name, language): language for language in languages}


def _one_language(hint: Any) -> Any:
    """What the value in one language is; None for a field with one key for all."""
    kind, notes = _kind(hint)
    if kind is Text:
        return Annotated[(str, *notes)]
    return Annotated[(get_args(kind)[1], *notes)] if PER_LANGUAGE in notes else None


def _flat(values: dict[str, Any], inner: set[str]) -> dict[str, Any]:
    """The table with the keys of those tables within it as its own, ``graph.base``."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if key in inner and isinstance(value, dict):
            flat |= {f"{key}.{name}": one for name, one in value.items()}
        else:
            flat[json.dumps(key) if "." in key else key] = value
    return flat


def _tell_unknown(unknown: list[str], known: set[str], prefix: str, faults: list[Text]) -> set[str]:
    """Tell of unknown keys; returns the known ones that seem to be meant, which are not missing as well."""
    guessed = set()
    for key in unknown[:_TOLD]:
        table, dot, own = key.rpartition(".")
        beside = sorted(name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == table)
        near = [f"{table}{dot}{name}" for name in get_close_matches(own[:_LONGEST], beside, 1)]
        guessed.update(near)
        if key in near:
            faults.append(explained("error.setting.as-table", key=prefix + key))
            continue
        name = f"{prefix}{key:.{_LONGEST}}"
        unlike = explained("error.setting.unknown", key=name)
        like = (explained("error.setting.unknown-near", key=name, near=prefix + one) for one in near)
        faults.append(next(like, unlike))
    faults += [Text() for _ in unknown[_TOLD:]]  # counted, not told
    return guessed


def _value(hint: Any, value: Any, name: str, reading: _Reading) -> Any:
    faults = reading.faults
    kind, notes = _kind(hint)
    try:
        if _is_table(kind):
            if not isinstance(value, dict):
                raise ValueError(explained("error.setting.table"))
            if get_origin(kind) is None:
                return _table(kind, value, f"{name}.", reading, {})
            return {
                key: _value(get_args(kind)[1], one, f"{name}.{key}", reading) for key, one in value.items()
            }
        found = msgspec.convert(value, hint, builtin_types=(date,))
        for check in filter(callable, notes):
            found = check(found)
        return found
    except msgspec.ValidationError:
        demands = [note.description for note in notes if isinstance(note, Meta) and note.description]
        faults.append(_fault(hint, name, explained(demands[-1])))
    except ValueError as error:
        faults.append(_fault(hint, name, error))
    return None


def _fault(hint: Any, name: str, demand: Text | ValueError) -> Text:
    if _is_table(_kind(hint)[0]):
        return explained("error.setting.fault-table", key=name, demand=demand)
    own, shown = name.rpartition(".")[2], _example(hint)
    return explained("error.setting.fault", key=name, demand=demand, own=own, example=shown)


def _example(hint: Any) -> str:
    notes = reversed(_kind(hint)[1])
    value = next(note.examples[-1] for note in notes if isinstance(note, Meta) and note.examples)
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _kind(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """The type itself, without None, and what its annotations say, the outer ones last."""
    if get_origin(hint) is Annotated:
        kind, notes = _kind(hint.__origin__)
        return kind, (*notes, *hint.__metadata__)
    if NoneType in get_args(hint):
        return _kind(next(one for one in get_args(hint) if one is not NoneType))
    return (hint, _LINE) if hint is Text else (hint, ())


def _is_table(kind: Any) -> bool:
    return get_origin(kind) is Mapping or (isinstance(kind, type) and issubclass(kind, TomlTable))
