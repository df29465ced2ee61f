"""Named queries: what a query file promises, read and checked.

Its header is ``#+ key: value`` lines at the top (the convention of CLARIAH/grlc).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from transfergraph.common.text import ENGLISH, Languages, Text, column_name, is_language
from transfergraph.errors import QueryError, WorkspaceError
from transfergraph.findings import Severity
from transfergraph.messages import explained
from transfergraph.queries.query_languages import query_in
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.sparql_tokens import Token, TokenKind, query_form, tokenise

_ENTRY = re.compile(r"#\+ ([a-z][a-z_]*):\s+(\S.*)")
_MORE = re.compile(r"#\+ {2,}(\S.*)")


class Header:
    """The entries of a header; each is taken once, and :meth:`finish` refuses those that are left."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._entries: dict[str, list[tuple[str, int]]] = {}
        self._read(text)

    def _read(self, text: str) -> None:
        at_top, key = True, ""
        for number, line in enumerate(text.splitlines(), 1):
            if not line.startswith("#+"):
                at_top = False
            elif not at_top:
                raise self.error(number, explained("error.query-file.top"))
            elif entry := _ENTRY.fullmatch(line.rstrip()):
                key = entry[1]
                self._entries.setdefault(key, []).append((entry[2], number))
            elif key and (more := _MORE.fullmatch(line.rstrip())):
                value, first = self._entries[key][-1]
                self._entries[key][-1] = (f"{value} {more[1]}", first)
            else:
                raise self.error(
                    number,
                    explained("error.query-file.header", example="#+ summary_en: Who works with whom?"),
                )

    def error(self, line: int, reason: Text) -> WorkspaceError:
        """The error for this line of the file."""
        return WorkspaceError(explained("error.query-file.line", file=self._file, line=line, reason=reason))

    def has(self, key: str) -> bool:
        """True while the key has not been taken."""
        return key in self._entries

    def take(self, key: str) -> str:
        """The value of a key that must stand once."""
        values = self.take_all(key)
        if not values:
            raise self.error(1, explained("error.query-file.needs", key=key, example=f"#+ {key}: ..."))
        if len(values) > 1:
            raise self.error(values[1][1], explained("error.query-file.twice", key=key))
        return values[0][0]

    def take_all(self, key: str) -> list[tuple[str, int]]:
        """All values of a key, each with its line."""
        return self._entries.pop(key, [])

    def text(self, key: str) -> Text:
        """The keys ``<key>_en``, ``<key>_de`` and others like these, of which there must be one."""
        return Text({tag: self.take(column_name(key, tag)) for tag in self.languages(key) or [ENGLISH]})

    def languages(self, key: str) -> list[str]:
        """The languages in which the key has values that have not been taken."""
        ends = (name.removeprefix(f"{key}_").replace("_", "-") for name in self._entries)
        return sorted(tag for tag in ends if is_language(tag) and column_name(key, tag) in self._entries)

    def finish(self) -> None:
        """Raise :class:`WorkspaceError` for the first key that nobody took."""
        for key, values in self._entries.items():
            raise self.error(values[0][1], explained("error.query-file.unknown", key=key))


_DECLARED = "#+ parameter: organisation organisation/ | German | English"
KINDS = ("text", "integer", "year")

_PARAMETER = re.compile(r"(?P<name>[a-z][a-z_]*) (?P<kind>\S+) \| (?P<de>[^|]+) \| (?P<en>[^|]+)")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_SEVERITIES = {severity.name.lower(): severity for severity in Severity}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that the caller may bind; ``example`` is what the file binds it to.

    ``kind`` is ``"text"``, ``"integer"``, ``"year"`` (four digits, a plain literal, because dates are
    compared as text) or a path that ends with a slash, such as ``organisation/``: then the value is the
    IRI of an entity, and callers may give its key alone. A path without a scheme is resolved against the
    base IRI of the graph.
    """

    name: str
    kind: str
    description: Text
    example: str

    @property
    def is_entity(self) -> bool:
        """True when the value is the IRI of an entity."""
        return self.kind.endswith("/")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query file: it runs unchanged in any SPARQL tool.

    ``name`` is its file name without ``.rq``; questions with the same ``theme`` stand together.
    """

    name: str
    file: Path
    text: str
    summary: Text
    description: Text | None
    parameters: tuple[Parameter, ...]
    theme: Text | None = None

    @property
    def form(self) -> str:
        """``"SELECT"``, ``"ASK"``, ``"CONSTRUCT"`` or ``"DESCRIBE"``."""
        return query_form(self.text)


@dataclass(frozen=True, slots=True)
class Check:
    """A query whose every solution is a fault of the data.

    ``focus``, ``path`` and ``value`` name the variables that hold the entity, the predicate and the
    value concerned. ``problem`` and ``remedy`` are sentences in which ``{variable}`` stands for the
    value of a variable. Its findings are where statements disagree if it ``is_of_contradictions``.
    """

    query: NamedQuery
    severity: Severity
    problem: Text
    remedy: Text
    focus: str
    path: str | None
    value: str | None
    is_of_contradictions: bool


QueryFiles = Path | Iterable[Path]
"""A folder, or the files themselves."""


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Say of an error of a query that it is that of this file."""
    try:
        yield
    except QueryError as error:
        raise WorkspaceError(explained("error.query-file", file=file, error=error)) from error


def load_queries(
    source: QueryFiles, languages: Languages | None = None, store: Store | None = None
) -> tuple[NamedQuery, ...]:
    """The questions or rules of a folder, by name; with ``languages`` in these, else as the files are.

    They are tried on the store, which is empty; where none is given, on one in this process.

    Raises :class:`WorkspaceError` naming file and line for a header or a query that is not right, and
    when the folder has no query at all.
    """
    queries = []
    for file in _files(source):
        header, text = _opened(file, languages)
        query = _read_query(file, header, text)
        header.finish()
        _try(query, store)
        queries.append(query)
    return tuple(queries)


def load_checks(
    source: QueryFiles, languages: Languages | None = None, store: Store | None = None
) -> tuple[Check, ...]:
    """The checks of a folder, by name; raises as :func:`load_queries` does."""
    checks = []
    for file in _files(source):
        header, text = _opened(file, languages)
        check = _read_check(header, _read_query(file, header, text))
        header.finish()
        _check_variables(header, check, _try(check.query, store))
        checks.append(check)
    return tuple(checks)


def value_blocks(text: str, name: str) -> list[tuple[int, int]]:
    """Where the content of each ``VALUES ?name { ... }`` lies: first offset and the one behind the last."""
    blocks = []
    tokens = _tokens(text)
    for index, token in enumerate(tokens[:-2]):
        variable, brace = tokens[index + 1], tokens[index + 2]
        if token.is_word("VALUES") and variable.text in (f"?{name}", f"${name}") and brace.text == "{":
            end = next((t.start for t in tokens[index + 3 :] if t.text == "}"), len(text))
            blocks.append((brace.end, end))
    return blocks


@lru_cache(maxsize=128)
def _tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a query, which a build reads several times, looking for its parameters one by one."""
    return tuple(tokenise(text))


def _files(source: QueryFiles) -> Iterable[Path]:
    if not isinstance(source, Path):
        return source
    files = sorted(source.glob("*.rq"))
    if not files:
        raise WorkspaceError(explained("error.query-file.none", source=source))
    return files


def _opened(file: Path, languages: Languages | None) -> tuple[Header, str]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkspaceError(explained("error.query-file.text", file=file, error=error)) from error
    if languages is not None:
        text = query_in(languages, text)
    return Header(file, text), text


def _read_query(file: Path, header: Header, text: str) -> NamedQuery:
    summary = header.text("summary")
    description = header.text("description") if header.languages("description") else None
    theme = header.text("theme") if header.languages("theme") else None
    parameters = [_read_parameter(header, text, *entry) for entry in header.take_all("parameter")]
    names = [parameter.name for parameter in parameters]
    if len(set(names)) < len(names):
        raise header.error(1, explained("error.query-file.parameter-twice"))
    return NamedQuery(file.stem, file, text, summary, description, tuple(parameters), theme)


def _read_parameter(header: Header, text: str, value: str, line: int) -> Parameter:
    entry = _PARAMETER.fullmatch(value)
    if entry is None:
        raise header.error(line, explained("error.query-file.parameter", example=_DECLARED))
    name, kind = entry["name"], entry["kind"]
    if kind not in KINDS and not kind.endswith("/"):
        raise header.error(line, explained("error.query-file.kind", kind=kind, kinds=", ".join(KINDS)))
    blocks = value_blocks(text, name)
    examples = {text[start:end].strip() for start, end in blocks}
    if len(examples) != 1:
        raise header.error(line, explained("error.query-file.example", example=f"VALUES ?{name} {{ ... }}"))
    example = examples.pop()
    if not _fits(list(tokenise(example)), kind):
        raise header.error(
            text.count("\n", 0, blocks[0][0]) + 1,
            explained("error.query-file.example-kind", example=example, kind=kind),
        )
    return Parameter(name, kind, Text(de=entry["de"].strip(), en=entry["en"].strip()), example)


def _fits(tokens: Sequence[Token], kind: str) -> bool:
    """True for an example of one or more terms of that kind."""
    wanted = {"text": (TokenKind.STRING,), "year": (TokenKind.STRING,), "integer": (TokenKind.NUMBER,)}
    kinds = wanted.get(kind, (TokenKind.IRI, TokenKind.NAME))
    return bool(tokens) and all(token.kind in kinds for token in tokens)


def _read_check(header: Header, query: NamedQuery) -> Check:
    severity = header.take("severity")
    if severity not in _SEVERITIES:
        raise header.error(
            1, explained("error.query-file.severity", severity=severity, known=", ".join(_SEVERITIES))
        )
    return Check(
        query,
        _SEVERITIES[severity],
        header.text("problem"),
        header.text("remedy"),
        header.take("focus").removeprefix("?"),
        header.take("path").removeprefix("?") if header.has("path") else None,
        header.take("value").removeprefix("?") if header.has("value") else None,
        header.has("contradiction") and _truth(header, "contradiction"),
    )


def _truth(header: Header, key: str) -> bool:
    """The value of an entry that is ``true`` or ``false``."""
    value = header.take(key)
    if value not in ("true", "false"):
        raise header.error(1, explained("error.query-file.truth", key=key, value=value))
    return value == "true"


def _try(query: NamedQuery, store: Store | None) -> tuple[str, ...]:
    """The variables of the query, which must be right as it stands; a CONSTRUCT has none."""
    store = store or EmbeddedStore.in_memory()
    with naming(query.file):
        match query.form:
            case "SELECT":
                return store.select(query.text).variables
            case "ASK":
                store.ask(query.text)
            case _:
                store.construct(query.text)
    return ()


def _check_variables(header: Header, check: Check, variables: Sequence[str]) -> None:
    used = {name for name in (check.focus, check.path, check.value) if name is not None}
    for text in (check.problem, check.remedy):
        used.update(*(_PLACEHOLDER.findall(one) for one in text.by_language(text.languages).values()))
    for name in sorted(used - set(variables)):
        raise header.error(1, explained("error.query-file.variable", name=name))
