"""Input files as sheets: rows of text cells, whatever file they came from.

A sheet's rows carry the number under which a spreadsheet shows them. What cannot be read is a
:class:`Finding` instead of a sheet.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import re
import sys
import unicodedata
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from transfergraph.findings import NOWHERE, Finding, Place, Severity
from transfergraph.messages import Value, advice, proposed

MEBIBYTE = 1 << 20
COMMENTS = ("#", "//")
"""What the first cell of a row that is a comment begins with."""

MOST_COLUMNS = 16384
"""Columns of a table: as many as spreadsheet programs have."""

SEARCHED_ROWS = 10
"""The rows among which the header is looked for."""

_BLANK_ROWS = 1 << 20  # of a table that is read: as many as spreadsheet programs have
_MARKS = 30  # that may follow a letter: the bound of Unicode TR 15, section 13, for any language
_MAY_BE_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a"
    "\ua66f-\uabed\ufb1e\ufe20-\ufe2f\U000101fd-\U0001e94a]{31,}"
)
_PLAIN_COLUMNS = 500  # for each of which DuckDB takes memory
_SURE_NAMES = 2  # of columns in a row, which is a header then
_DELIMITERS = ",;\t"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+")
_OTHER_FORMATS = (b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR = re.compile('"?sep=([^\r\n])"?[ \t,;]*(?:\r\n|[\r\n])', re.IGNORECASE)
_OTHER_TEXTS = ("<!doctype", "<html", "<?xml", "{", "[")

Rows = Iterator[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class PlainFile:
    """A CSV file in UTF-8 that no two readers understand differently.

    It has no blank lines and no carriage returns; its quotes, if it has any (``quoted``), are those of
    RFC 4180: a quoted cell is quoted from end to end, and a quote within it is doubled. In a ``tidy`` one
    everything is in Unicode NFC, and there are no tabs and no-break spaces.
    """

    path: Path
    delimiter: str
    quoted: bool
    tidy: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table as it stands in a file: its header and how to go through its rows.

    ``rows`` starts a fresh pass; it may yield a :class:`Finding` as its last item when the file breaks
    off in the middle. ``plain`` is the file where DuckDB may read the same rows from it without help.
    ``header_row`` is the number of the header; ``findings`` are those that reading the cells has brought.
    """

    table: str
    file: str
    sheet: str | None
    header: tuple[str, ...]
    rows: Callable[[], Iterator[tuple[int, Sequence[str]] | Finding]]
    plain: PlainFile | None = None
    header_row: int = 1
    findings: tuple[Finding, ...] = ()


def fault(
    code: str,
    place: Place = NOWHERE,
    cell: str | None = None,
    severity: Severity = Severity.VIOLATION,
    **values: Value,
) -> Finding:
    """A finding of the table check; its texts are those of the key ``code``.

    The finding's own code leaves out what makes a variant of a text (``.suggested``).
    """
    message, remedy = advice(code, **values)
    proposals = proposed(code, **values)
    kind = code.removesuffix(".suggested")
    return Finding(severity, kind, message, remedy, place, cell, proposals=proposals)


def suggested(
    code: str,
    place: Place,
    word: str,
    known: Iterable[str],
    open_values: Mapping[str, Value],
    likeness: float = 0.6,
    **values: Value,
) -> Finding:
    """A fault about a word, with the known word that was probably meant when there is one near (0 to 1).

    The near word fills ``{likely}`` of the text ``<code>.suggested``; without one, ``open_values`` fill
    the text ``code``, which lists what is known.
    """
    near = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=likeness)
    if near:
        return fault(f"{code}.suggested", place, word, Severity.VIOLATION, likely=near[0], **values)
    return fault(code, place, word, Severity.VIOLATION, **values, **open_values)


def read_csv(
    path: Path, table: str, file: str, source: str, megabytes: int, known: Collection[str] = ()
) -> Sheet | Finding:
    """Read a CSV file, plain or gzip: UTF-8 with or without BOM, separated by comma, semicolon or tab.

    RFC 4180, with any line ends. ``megabytes`` limits the unpacked size in MiB. A first line ``sep=;``, as
    spreadsheet programs write and read it, names the separator and is no row. With the names of the ``known``
    columns the header may stand below a title, which is a finding.
    """
    place = Place(source, file)
    content = _content(path, place, megabytes * MEBIBYTE)
    if isinstance(content, Finding):
        return content
    text = _decode(content, place)
    if isinstance(text, Finding):
        return text
    if not text or text.isspace():
        return fault("table.empty", place)
    if (marks := too_many_marks(text)) is not None:
        row = text.count("\n", 0, marks) + 1
        return fault("table.too-many-marks", Place(source, file, row=row), row=row, most=_MARKS)
    separator = _SEPARATOR.match(text)
    text = text[separator.end() :] if separator else text
    delimiter = separator[1] if separator else _delimiter(text, known)

    def rows() -> Iterator[tuple[int, Sequence[str]] | Finding]:
        blank = 0
        for found in csv_rows(text, delimiter):
            if isinstance(found, UnreadableRow):
                yield fault("table.open-quote", Place(source, file, row=found.row), row=found.row)
                return
            row, cells = found
            if len(cells) < 2 and not any(cells):
                blank += 1
                if blank > _BLANK_ROWS:
                    yield fault("table.blank-rows", Place(source, file, row=row), count=_BLANK_ROWS)
                    return
            yield found

    begin = list(islice(rows(), SEARCHED_ROWS)) or [fault("table.empty", place)]
    if isinstance(begin[0], Finding):
        return begin[0]
    top = header_index([item[1] for item in begin if not isinstance(item, Finding)], known)
    row, cells = next(item for item in begin[top:] if not isinstance(item, Finding))
    header = header_of(cells)
    if len(header) > MOST_COLUMNS:
        return fault("table.too-many-columns", place, columns=len(header), most=MOST_COLUMNS)
    plain = None
    findings: tuple[Finding, ...] = ()
    if top:
        findings = (fault("table.title-row", Place(source, file, row=1), row=row),)
    elif _is_short(header, cells) and path.suffix != ".gz" and not separator and _is_plain(text, delimiter):
        plain = PlainFile(path, delimiter, '"' in text, _is_tidy(text))
    return Sheet(table, file, None, header, lambda: islice(rows(), top + 1, None), plain, row, findings)


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """The row of a CSV file from which on it cannot be read, and why."""

    row: int
    error: str


def csv_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]] | UnreadableRow]:
    """The rows of a text by RFC 4180 with their numbers, from 1; one that cannot be read is the last."""
    row = 0
    with long_fields():
        reader = csv.reader(lines_of(text), delimiter=delimiter, strict=True)
        while True:
            row += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield UnreadableRow(row, str(error))
                return
            yield row, cells


def text_of(content: bytes, known: Collection[str]) -> tuple[str, int, str]:
    """The text of a CSV file, where its rows begin, and what separates its cells; raises :class:`ValueError`.

    ``known`` are the columns that it may have.
    """
    text = _decode(content, NOWHERE)
    if isinstance(text, Finding):
        raise ValueError(text.code)
    separator = _SEPARATOR.match(text)
    if separator:
        return text, separator.end(), separator[1]
    return text, 0, _delimiter(text, known)


def _is_short(header: Sequence[str], cells: Sequence[str]) -> bool:
    return len(header) == len(cells) <= _PLAIN_COLUMNS


def lines_of(text: str) -> Iterator[str]:
    """The lines with their ends, of whatever kind; the text is not copied."""
    return (found[0] for found in _LINE.finditer(text))


def _is_plain(text: str, delimiter: str) -> bool:
    """True for the content of a :class:`PlainFile`."""
    if "\r" in text or "\n\n" in text or text.startswith("\n"):
        return False
    between = text.split('"')[::2]
    closed = text.count('"') % 2 == 0
    ends = (delimiter, "\n")
    opens = all(part.endswith(ends) for part in between[:-1] if part)
    return closed and opens and all(part.startswith(ends) for part in between[1:] if part)


def _is_tidy(text: str) -> bool:
    return "\t" not in text and "\xa0" not in text and unicodedata.is_normalized("NFC", text)


def too_many_marks(text: str) -> int | None:
    """Where a letter has more combining marks than any language writes; normalising takes their square."""
    for found in () if text.isascii() else _MAY_BE_MARKS.finditer(text):
        run = 0
        for index, character in enumerate(found[0], found.start()):
            run = run + 1 if unicodedata.combining(character) else 0
            if run > _MARKS:
                return index
    return None


def is_comment(cells: Sequence[str]) -> bool:
    """Whether a row is no record but begins as a comment does, which no key can."""
    return next((cell for cell in cells if cell), "").lstrip().startswith(COMMENTS)


def column_letter(number: int) -> str:
    """The letter of a column as a spreadsheet shows it; the first column is number 1."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def row_lines(path: Path, megabytes: int) -> list[int]:
    """The line of a CSV file on which each of its rows begins, row 1 first; empty for what is no CSV.

    A row is as many lines as its cells have line breaks.
    """
    content = _content(path, NOWHERE, megabytes * MEBIBYTE)
    text = content if isinstance(content, Finding) else _decode(content, NOWHERE)
    if isinstance(text, Finding):
        return []
    separator = _SEPARATOR.match(text)
    text = text[separator.end() :] if separator else text
    first = 2 if separator else 1
    lines = [first]
    with long_fields(), suppress(csv.Error):
        delimiter = separator[1] if separator else _delimiter(text)
        reader = csv.reader(lines_of(text.rstrip()), delimiter=delimiter, strict=True)
        lines += [reader.line_num + first for _ in reader]
    return lines


def header_of(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of a header row, without the blank ones at its end."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def header_index(rows: Sequence[Sequence[str]], known: Collection[str]) -> int:
    """Which of the first rows is the header: the first, unless only a later one has known names."""
    names = [len({cell.strip() for cell in row} & set(known)) for row in rows[:SEARCHED_ROWS]]
    if not names or names[0]:
        return 0
    return next((index for index, count in enumerate(names) if count >= _SURE_NAMES), 0)


def _content(path: Path, place: Place, limit: int) -> bytes | Finding:
    if path.suffix != ".gz":
        if path.stat().st_size > limit:
            megabytes = -(-path.stat().st_size // MEBIBYTE)
            return fault("table.too-large", place, limit=limit // MEBIBYTE, megabytes=megabytes)
        return path.read_bytes()
    try:
        with gzip.open(path) as stream:
            content = stream.read(limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        return fault("table.unreadable-gzip", place)
    return fault("table.zip-bomb", place, limit=limit // MEBIBYTE) if len(content) > limit else content


def _decode(content: bytes, place: Place) -> str | Finding:
    if content.startswith(_OTHER_FORMATS):
        return fault("table.not-a-table", place, begin=content[:8].decode("latin-1"))
    if content.startswith(_UTF_16) or content[:200].count(0) > len(content[:200]) // 3:
        return fault("table.encoding.utf-16", place)
    if b"\0" in content:
        row = content.count(b"\n", 0, content.index(0)) + 1
        return fault("table.nul", Place(place.source, place.file, row=row), row=row)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        line = content[content.rfind(b"\n", 0, error.start) + 1 :].split(b"\n", 1)[0].strip()
        place = Place(place.source, place.file, row=row)
        byte = f"{content[error.start]:02X}"
        return fault("table.encoding", place, line.decode("cp1252", "replace"), row=row, byte=byte)
    if text.lstrip()[:9].lower().startswith(_OTHER_TEXTS):
        return fault("table.not-a-table", place, begin=text.lstrip()[:20])
    return text


def _delimiter(text: str, known: Collection[str] = ()) -> str:
    """The most frequent separator of the header: the first line, or the first one with two known names."""
    start = len(text) - len(text.lstrip("\r\n"))
    lines = [found[0] for found in islice(_LINE.finditer(text, start), SEARCHED_ROWS)]
    header = lines[header_index([re.split(r'[,;\t"\s]+', line) for line in lines], known)]
    return max(_DELIMITERS, key=header.count)


@contextmanager
def long_fields() -> Iterator[None]:
    """Let the csv module pass cells of any length: the check names those that are too long."""
    limit = csv.field_size_limit(sys.maxsize)
    try:
        yield
    finally:
        csv.field_size_limit(limit)
