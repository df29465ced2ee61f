"""A strict reader of TOML: a file becomes a frozen value of a model, or one error that tells its faults.

A model is a :class:`TomlTable`. The types of its fields say what is demanded: msgspec checks kinds,
ranges and patterns, functions in ``Annotated`` the rest. Such a function returns the value as it is used,
or raises ``ValueError`` with a demand (``must be ...``). ``Meta`` has the demand of the type in words as its
description, and an example. A field of type ``Text`` is read from two keys, ``<name>_de`` and ``<name>_en``;
a name with a full stop (``msgspec.field(name="graph.base")``) from a table within the table.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

import msgspec
from msgspec import Meta

from transfergraph.common.iris import iri_fault
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError

_TOLD = 10  # faults of one file
_LONGEST = 80  # characters of a key in a message
_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class TomlTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of TOML as a frozen value; ``__post_init__`` raises ``ValueError`` for fields at odds."""


T = TypeVar("T", bound=TomlTable)


def _line(value: str) -> str:
    if not value.strip():
        raise ValueError("must be a text that is not empty")
    if _NO_TEXT.search(value):
        raise ValueError("has a character that no text may have")
    return value


def _different(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) != len(set(values)):
        raise ValueError("must be a list of different texts, none of them twice")
    return values


def web_address(value: str) -> str:
    """The value, when it is a whole web address; raises ``ValueError``."""
    fault = iri_fault(value)
    if fault is not None or not value.startswith(("https://", "http://")):
        raise ValueError("must be a whole web address" + (f" ({fault})" if fault else ""))
    return value


def _folder(value: str) -> str:
    if "?" in value or "#" in value:
        raise ValueError("must be an address without query and fragment, so without ? and #")
    if not value.endswith("/"):
        raise ValueError(f"must be the address of a folder and end with a slash: {value}/")
    return value


def example(value: object) -> Meta:
    """The example that every message about a key shows."""
    return Meta(examples=[value])


_LINE = (Meta(description="must be a text that is not empty"), _line)
Line = Annotated[str, *_LINE]
Words = Annotated[
    tuple[Annotated[str, Meta(pattern=r"\S")], ...],
    Meta(min_length=1, description="must be a list of different texts, none of them empty"),
    _different,
]
Address = Annotated[str, Meta(description="must be a whole web address"), web_address]
Folder = Annotated[Address, _folder]
Day = Annotated[date, Meta(description="must be a date")]
Flag = Annotated[bool, Meta(description="must be true or false")]
Count = Annotated[int, Meta(ge=1, description="must be a whole number of at least 1")]


def read_toml(file: Path, model: type[T], **given: object) -> T:
    """The file as a value of the model, whose fields in ``given`` are none of its keys.

    Raises :class:`WorkspaceError` with a line for each fault: file, key, what is demanded, an example.
    """
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WorkspaceError(f"{file} is not valid TOML: {error}") from error
    faults: list[str] = []
    found: T = _table(model, values, "", faults, given)
    if faults:
        more = [f"and {len(faults) - _TOLD} more faults."] if len(faults) > _TOLD else []
        raise WorkspaceError("\n".join(f"{file}: {fault}" for fault in faults[:_TOLD] + more))
    return found


def example_table(model: type[TomlTable], name: str, also: Collection[str] = ()) -> str:
    """The keys that a table of that name must have, and those of the fields in ``also``, with examples."""
    lines, inner = [f"[{name}]"], ""
    for field in msgspec.structs.fields(model):
        if field.required or field.name in also:
            kind = _kind(field.type)[0]
            if _is_table(kind):
                inner += f"\n{example_table(kind, f'{name}.{field.encode_name}')}"
            else:
                lines += [f"{key} = {_example(field.type)}" for key in _keys(field)]
    return "\n".join(lines) + "\n" + inner


def _table(
    model: type[TomlTable],
    values: dict[str, Any],
    prefix: str,
    faults: list[str],
    given: Mapping[str, object],
) -> Any:
    """The values as a value of the model, None when there are faults."""
    before = len(faults)
    fields = [field for field in msgspec.structs.fields(model) if field.name not in given]
    names = {key for field in fields for key in _keys(field)}
    inner = {name.partition(".")[0] for name in names if "." in name}
    values = _flat(values, inner)
    guessed = _tell_unknown(sorted(values.keys() - names), names | inner, prefix, faults)
    read = dict(given)
    for field in fields:
        keys = _keys(field)
        if not field.required and values.keys().isdisjoint(keys):
            continue
        parts: list[Any] = []
        for key in keys:
            if key in values:
                parts.append(_value(field.type, values[key], prefix + key, faults))
            elif guessed.isdisjoint((key, key.partition(".")[0])):
                faults.append(_fault(field.type, prefix + key, "is missing"))
        read[field.name] = Text(*parts) if len(parts) == len(Text._fields) else [*parts, None][0]
    try:
        return model(**read) if len(faults) == before else None
    except ValueError as error:
        faults.append(f"{prefix}{error}")
        return None


def _keys(field: msgspec.structs.FieldInfo) -> list[str]:
    name = field.encode_name
    return [f"{name}_{part}" for part in Text._fields] if _kind(field.type)[0] is Text else [name]


def _flat(values: dict[str, Any], inner: set[str]) -> dict[str, Any]:
    """The table with the keys of those tables within it as its own, ``graph.base``."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        if key in inner and isinstance(value, dict):
            flat |= {f"{key}.{name}": one for name, one in value.items()}
        else:
            flat[json.dumps(key) if "." in key else key] = value
    return flat


def _tell_unknown(unknown: list[str], known: set[str], prefix: str, faults: list[str]) -> set[str]:
    """Tell of unknown keys; returns the known ones that seem to be meant, which are not missing as well."""
    guessed = set()
    for key in unknown[:_TOLD]:
        table, dot, own = key.rpartition(".")
        beside = sorted(name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == table)
        near = [f"{table}{dot}{name}" for name in get_close_matches(own[:_LONGEST], beside, 1)]
        guessed.update(near)
        if key in near:
            faults.append(f"{prefix}{key} must be a table, [{prefix}{key}]")
            continue
        advice = f"did you mean {prefix}{near[0]}?" if near else "remove it"
        faults.append(f"unknown key: {prefix}{key:.{_LONGEST}}; {advice}")
    faults += ["unknown key" for _ in unknown[_TOLD:]]  # counted, not told
    return guessed


def _value(hint: Any, value: Any, name: str, faults: list[str]) -> Any:
    kind, notes = _kind(hint)
    try:
        if _is_table(kind):
            if not isinstance(value, dict):
                raise ValueError("must be a table")
            if get_origin(kind) is None:
                return _table(kind, value, f"{name}.", faults, {})
            return {
                key: _value(get_args(kind)[1], one, f"{name}.{key}", faults) for key, one in value.items()
            }
        found = msgspec.convert(value, str if kind is Text else hint, builtin_types=(date,))
        for check in filter(callable, notes):
            found = check(found)
        return found
    except msgspec.ValidationError:
        demands = [note.description for note in notes if isinstance(note, Meta) and note.description]
        faults.append(_fault(hint, name, demands[-1]))
    except ValueError as error:
        faults.append(_fault(hint, name, str(error)))
    return None


def _fault(hint: Any, name: str, demand: str) -> str:
    if _is_table(_kind(hint)[0]):
        return f"{name} {demand}; write it as a table, [{name}]"
    return f"{name} {demand}; for example: {name.rpartition('.')[2]} = {_example(hint)}"


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
