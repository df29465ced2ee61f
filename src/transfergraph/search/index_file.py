"""The index that a server and Python search: one SQLite file, made once for a release, then only read.

``entity`` has what is shown, by the number of its rank; ``name`` whole names, folded; ``words`` the words of
the names (FTS5), each entity with its rank as ``rowid``, so that the first rows are the best; ``texts`` these
with the words of texts; ``parts`` every three letters of the names; ``word`` and ``word_parts`` the words of
all names and their three letters, from which errors of typing are told. The same list gives the same bytes
with the same SQLite.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from transfergraph.common.text import Text
from transfergraph.search.folding import forms
from transfergraph.search.name_list import NamedEntity, NameList
from transfergraph.vocabulary.presentation import SearchLevel

FORMAT = 1
"""Counts up when what is in the file changes."""

_SCHEMA = """
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA temp_store = MEMORY;
PRAGMA user_version = {format};
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE entity (id INTEGER PRIMARY KEY, iri TEXT, kind INTEGER, names TEXT);
CREATE TABLE name (own INTEGER, folded TEXT, id INTEGER, PRIMARY KEY (own, folded, id)) WITHOUT ROWID;
CREATE TABLE word (id INTEGER PRIMARY KEY, word TEXT UNIQUE);
CREATE VIRTUAL TABLE words USING fts5 (own, other, content='', columnsize=0, detail=column, prefix='1 2 3',
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'");
CREATE VIRTUAL TABLE texts USING fts5 (names{columns}, columnsize=0, detail=column,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cn'");
CREATE VIRTUAL TABLE parts USING fts5 (names, columnsize=0, detail=none,
    tokenize="trigram case_sensitive 1");
CREATE VIRTUAL TABLE word_parts USING fts5 (word, content='', columnsize=0, detail=none,
    tokenize="trigram case_sensitive 1");
"""
_FTS = ("words", "texts", "parts", "word_parts")
_AT_ONCE, _IN_MEMORY = (
    5000,
    1 << 25,
)  # entities inserted together; bytes that an index gathers before it writes
_KIND_OF_ERROR = 0xFF  # of an extended result code: its primary one
_VERSION_OF_LIBRARY = 96  # where the header of the file says which SQLite wrote it (file format, section 1.3)


def text_columns(levels: Iterable[SearchLevel]) -> dict[int, str]:
    """The column of ``texts`` for each field that is a text, by the number of the field."""
    return {number: f"text{number}" for number, level in enumerate(levels) if level is SearchLevel.TEXT}


@contextmanager
def system_errors() -> Iterator[None]:
    """Let what SQLite says of the disk be an :class:`OSError`, as for any other file that is written."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = {sqlite3.SQLITE_FULL: errno.ENOSPC, sqlite3.SQLITE_IOERR: errno.EIO}.get(
            error.sqlite_errorcode & _KIND_OF_ERROR
        )
        if code is None:
            raise
        raise OSError(code, os.strerror(code)) from error


def write_index(names: NameList, file: Path) -> None:
    """Write the index; the file must not exist."""
    columns = text_columns(one.level for one in names.fields)
    database = sqlite3.connect(file, isolation_level=None)
    try:
        listed = "".join(f", {one}" for one in columns.values())
        database.executescript(_SCHEMA.format(format=FORMAT, columns=listed))
        database.execute("BEGIN")
        _fill(database, names, columns)
        database.execute("COMMIT")
    finally:
        database.close()
    with file.open("r+b") as stream:
        stream.seek(_VERSION_OF_LIBRARY)
        stream.write(bytes(4))


def _fill(database: sqlite3.Connection, names: NameList, columns: dict[int, str]) -> None:
    vocabulary: set[str] = set()
    whole: set[tuple[int, str, int]] = set()
    for table in _FTS:
        database.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('hashsize', {_IN_MEMORY})")
    for start in range(0, len(names.entities), _AT_ONCE):
        part = [*enumerate(names.entities[start : start + _AT_ONCE], start + 1)]
        folded = [(number, *_folded(names, one, number, whole, vocabulary)) for number, one in part]
        _insert(database, part, folded, columns)
    database.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted(whole))
    known = list(enumerate(sorted(vocabulary), 1))
    database.executemany("INSERT INTO word VALUES (?, ?)", known)
    database.executemany("INSERT INTO word_parts (rowid, word) VALUES (?, ?)", known)
    for table in _FTS:
        database.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
    database.executemany("INSERT INTO about VALUES (?, ?)", _about(names, vocabulary))


def _folded(
    names: NameList,
    entity: NamedEntity,
    number: int,
    whole: set[tuple[int, str, int]],
    vocabulary: set[str],
) -> tuple[str, str]:
    """The names of an entity and its other names, each on a line; added to those of all, and their words."""
    lines: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for name in entity.names:
        own = names.own(name)
        for form in forms(name.text):
            lines[not own][form] = None
            whole.add((own, form, number))
            vocabulary.update(form.split())
    return "\n".join(lines[0]), "\n".join(lines[1])


def _insert(
    database: sqlite3.Connection,
    part: Sequence[tuple[int, NamedEntity]],
    folded: Sequence[tuple[int, str, str]],
    columns: dict[int, str],
) -> None:
    """Insert some entities into all tables but those of whole names and words."""
    database.executemany(
        "INSERT INTO entity VALUES (?, ?, ?, ?)",
        (
            (number, one.iri, one.kind, _compact([[n.field, n.language, n.text] for n in one.names]))
            for number, one in part
        ),
    )
    database.executemany("INSERT INTO words (rowid, own, other) VALUES (?, ?, ?)", folded)
    joined = [f"{own}\n{others}" for _, own, others in folded]
    database.executemany(
        "INSERT INTO parts (rowid, names) VALUES (?, ?)",
        ((number, text) for (number, _), text in zip(part, joined, strict=True)),
    )
    listed = ", ".join(("rowid", "names", *columns.values()))
    places = ", ".join("?" * (2 + len(columns)))
    database.executemany(
        f"INSERT INTO texts ({listed}) VALUES ({places})",
        (
            (number, text, *(" ".join(one.words.get(field, ())) for field in columns))
            for (number, one), text in zip(part, joined, strict=True)
        ),
    )


def _about(names: NameList, vocabulary: Iterable[str]) -> list[tuple[str, str]]:
    letters = sorted({letter for word in vocabulary for letter in word})
    fields = [[one.iri, one.level, by_language(one.label)] for one in names.fields]
    kinds = [[one.key, by_language(one.label)] for one in names.kinds]
    return [
        ("fields", _compact(fields)),
        ("kinds", _compact(kinds)),
        ("letters", "".join(letters)),
    ]


def by_language(text: Text) -> dict[str, str]:
    """A text as it is read again: by its languages, or by none."""
    return text.by_language(text.languages or ("",))


def _compact(value: object) -> str:
    return msgspec.json.encode(value).decode()
