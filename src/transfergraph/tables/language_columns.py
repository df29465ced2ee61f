"""Columns in the languages of a workspace.

A column whose ``lang`` is the end of its name (``name_en``) stands for one in each language: those of the
languages that the workspace has are kept, and a language without one gets the column of another, named anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transfergraph.common.text import ENGLISH, Languages, column_name, nearest
from transfergraph.messages import text

Described = Mapping[str, Any]


def columns_in(languages: Languages, columns: Sequence[Described]) -> list[Described]:
    """The descriptions of the columns of a table, each as JSON, in these languages."""
    stems: dict[str, dict[str, Described]] = {}
    for column in columns:
        stems.setdefault(_stem(column), {})[column.get("lang", "")] = column
    return [one for stem, known in stems.items() for one in _in_each(languages, stem, known)]


def _stem(column: Described) -> str:
    """``name_`` for ``name_en``; the whole name where it does not end with the language."""
    name, language = str(column["name"]), str(column.get("lang", ""))
    ending = column_name("", language) if language else ""
    return f"{name.removesuffix(ending)}_" if ending and name.endswith(ending) else name


def _in_each(languages: Languages, stem: str, known: Mapping[str, Described]) -> Iterator[Described]:
    if not stem.endswith("_"):
        yield from known.values()
        return
    model = known[nearest(ENGLISH, [*known])]
    for language in languages:
        yield known.get(language) or _named_anew(
            model, column_name(stem.removesuffix("_"), language), language
        )


def _named_anew(model: Described, name: str, language: str) -> Described:
    told = [
        {
            "@value": text("table.column.in-language", one, column=model["name"], language=language),
            "@language": one,
        }
        for one in (entry["@language"] for entry in model.get("dc:description", ()))
    ]
    return {**model, "name": name, "titles": name, "lang": language, "dc:description": told}
