"""A new workspace in any languages: settings, and a source with example rows in each table."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from string import Template

from transfergraph.common.files import clear
from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import ENGLISH, Languages, column_name, is_language
from transfergraph.config.declarations import LANGUAGES, declarations_of
from transfergraph.config.own_pages import LEGAL, PAGES
from transfergraph.config.workspace import SETTINGS_FILE
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.tables.csvw import Column, read_table_group

_EXAMPLE = Path(__file__).parent / "example_workspace"
_SETTINGS = Path(SETTINGS_FILE), Path("data", "example", "source.toml")
_TEXT = re.compile(r"^(\w+)_de = (.*)\n\1_en = (.*)$", re.MULTILINE)
USUAL = ("de", ENGLISH)
"""The languages of a workspace that names none, which the examples are in."""


def init(folder: str | Path, languages: Languages = USUAL) -> Path:
    """Make a workspace in a new or empty folder, which builds as it is; returns the folder.

    Title and base IRI are made from its name, version and dates from today. What the examples, or the terms
    of the core, lack in a language is English there: the names of terms in ``ontology/languages/``, to be
    translated. Raises :class:`UsageError` for what is no language, and for a folder that has something in it
    or cannot be written.
    """
    root = Path(folder).resolve()
    if wrong := [one for one in languages if not is_language(one) or languages.count(one) > 1]:
        raise UsageError(explained("error.init.language", wrong=wrong[0]))
    if not languages:
        raise UsageError(explained("error.init.no-language"))
    is_new = not root.exists()
    try:
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()):
            raise UsageError(explained("error.init.not-empty", root=root))
        for file, text in _files(root, languages):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        _clear(root, is_new)
        raise UsageError(explained("error.init.failed", root=root, error=error)) from error
    return root


def _clear(root: Path, is_new: bool) -> None:
    """Leave nothing half done, so that the next try finds what this one has found."""
    with suppress(OSError):
        for left in list(root.iterdir()):
            clear(left)
        if is_new:
            root.rmdir()


def _files(root: Path, languages: Languages) -> Iterator[tuple[Path, str]]:
    name = root.name or "graph"
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "graph"
    today = date.today()
    given = {
        "base": f"https://example.org/{slug}/",
        "languages": json.dumps(languages),
        "columns": " and ".join(column_name("name", one) for one in languages),
        "title": json.dumps(name, ensure_ascii=False),
        "today": today.isoformat(),
        "version": f"{today:%Y.%m}",
    }

    def in_each(found: re.Match[str]) -> str:
        key, *texts = found.groups()
        known = dict(zip(USUAL, texts, strict=True))
        return "\n".join(f"{column_name(key, one)} = {known.get(one, known[ENGLISH])}" for one in languages)

    for path in _SETTINGS:
        written = _TEXT.sub(in_each, (_EXAMPLE / path).read_text(encoding="utf-8"))
        yield root / path, Template(written).substitute(given)
    for name in LEGAL:
        for language in languages:
            known = language if language in USUAL else ENGLISH
            text = (_EXAMPLE / PAGES / f"{name}.{known}.md").read_text("utf-8")
            yield root / PAGES / f"{name}.{language}.md", text
    declared = declarations_of(root, languages)
    for table in read_table_group(declared.tables, given["base"], languages).tables:
        path = Path("data", "example", f"{table.name}.csv")
        yield root / path, _whole(_EXAMPLE / path, table.file_columns)
    for language, text in _stand_ins(declared.vocabulary, languages):
        yield root / LANGUAGES / f"{language}.ttl", text


def _stand_ins(vocabulary: tuple[Path, ...], languages: Languages) -> Iterator[tuple[str, str]]:
    """For each language that terms of the core lack: their names in English, in Turtle."""
    import pyoxigraph as ox  # loads slowly, and the command line shows its help without it

    names: dict[str, dict[str, str]] = {}
    for file in vocabulary:
        for one in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if one.predicate.value == SKOS + "prefLabel" and isinstance(one.object, ox.Literal):
                names.setdefault(str(one.subject), {})[one.object.language or ""] = one.object.value
    for language in languages:
        lacking = {term: known[ENGLISH] for term, known in sorted(names.items()) if language not in known}
        lines = [
            f"{term} <{SKOS}prefLabel> {ox.Literal(name, language=language)} ."
            for term, name in lacking.items()
        ]
        if lines:
            yield (
                language,
                "\n".join((f"# Names of terms in the language {language}: translate them.", *lines, "")),
            )


def _whole(file: Path, columns: tuple[Column, ...]) -> str:
    """The example rows with all columns of their table."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [column.name for column in columns]
    lines = [names, *([_value(row, column) for column in columns] for row in rows)]
    return "".join(f"{','.join(map(_cell, line))}\n" for line in lines)


def _value(row: Mapping[str, str], column: Column) -> str:
    """What the example has, in English where it lacks the language."""
    if column.language is None or column.name in row:
        return row.get(column.name, "")
    bare = column.name.removesuffix(column_name("", column.language))
    return row.get(column_name(bare, ENGLISH), "")


def _cell(value: str) -> str:
    quoted = value.replace('"', '""')
    return f'"{quoted}"' if re.search(r'[",\n]', value) else value
