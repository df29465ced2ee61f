"""The same list for pages without a server: scripts, since pages that are files may load nothing else.

``list.js`` says what there is; ``names-1.js`` and its like have the names, the most important first, which
a page scans; ``texts-1.js`` and its like the words of texts, in their order, of which a page loads those that
it needs. Each calls ``transfergraphSearch`` with its kind, its number and its content.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from transfergraph.search.index_file import by_language
from transfergraph.search.name_list import NameList

IN_PART = 5000
"""Entities whose names are one file."""

WEIGHT_OF_PART = 60_000
"""Letters and numbers of the words that are one file, about."""


def write_list(names: NameList, folder: Path) -> None:
    """Write the scripts into a folder."""
    parts = [names.entities[start : start + IN_PART] for start in range(0, len(names.entities), IN_PART)]
    for number, part in enumerate(parts, 1):
        rows = [
            [one.kind, one.local, *(v for n in one.names for v in (n.field, n.language, n.text))]
            for one in part
        ]
        _write(folder, "names", number, rows)
    firsts = []
    for number, words in enumerate(_text_parts(_postings(names)), 1):
        firsts.append(words[0][0])
        _write(folder, "texts", number, words)
    about = {
        "fields": [[one.level, by_language(one.label)] for one in names.fields],
        "kinds": [[one.key, by_language(one.label)] for one in names.kinds],
        "entities": len(names.entities),
        "names": len(parts),
        "texts": firsts,
    }
    _write(folder, "list", 0, about)


def _postings(names: NameList) -> Mapping[str, Mapping[int, array[int]]]:
    """For each word of a text, by field, the numbers of the entities."""
    found: dict[str, dict[int, array[int]]] = {}
    for number, entity in enumerate(names.entities, 1):
        for field, words in entity.words.items():
            for word in words:
                fields = found.setdefault(word, {})
                if field in fields:
                    fields[field].append(number)
                else:
                    fields[field] = array("I", (number,))
    return found


def _text_parts(found: Mapping[str, Mapping[int, array[int]]]) -> Iterator[Sequence[list[object]]]:
    """Words in order, each with pairs of a field and the numbers, as differences from the one before."""
    part: list[list[object]] = []
    weight = 0
    for word in sorted(found):
        row: list[object] = [word]
        for field, numbers in sorted(found[word].items()):
            row += [field, [now - before for before, now in zip((0, *numbers), numbers, strict=False)]]
            weight += len(numbers)
        part.append(row)
        weight += len(word)
        if weight > WEIGHT_OF_PART:
            yield part
            part, weight = [], 0
    if part:
        yield part


def _write(folder: Path, kind: str, number: int, content: object) -> None:
    written = msgspec.json.encode(content).decode()
    for separator in "\u2028\u2029":
        written = written.replace(separator, f"\\u{ord(separator):04x}")
    name = f"{kind}-{number}.js" if number else f"{kind}.js"
    (folder / name).write_text(f'transfergraphSearch("{kind}",{number},{written});\n', encoding="utf-8")
