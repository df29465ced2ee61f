"""Texts in the column of another language: told by the small words of one, and by the words of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

from transfergraph.common.namespaces import DCT, SKOS
from transfergraph.findings import Finding, Place, Severity
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.explain_cells import SHOWN
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string

# Words that are frequent in one of these languages, and none in the others.
_WORDS = {
    "de": "als auch auf aus bei dem der das des durch ein eine einer für im ist mehr mit nach nicht oder "
    "sich sind und unter von vom werden wie wird zu zum zur zwischen über",
    "en": "and are as at between by for from has have into is its more of on or than that the their this to "
    "which with",
    "pl": "dla jako jest jej który która które lub między nie oraz przez przy się są w wraz z ze",
}
# Words and ends of words that tell one of them from the other in names; alone they say too little.
_IN_NAMES = {
    "de": "hochschule universität fachhochschule institut ministerium stadt landkreis gesellschaft verein "
    "verband zentrum kammer bündnis netzwerk vorhaben erste erster zweite zweiter werk forschung",
    "en": "university institute ministry city district society association centre center chamber alliance "
    "network project state first second research works",
    "pl": "uniwersytet politechnika instytut miasto gmina powiat województwo spółka stowarzyszenie fundacja "
    "centrum izba sojusz sieć pierwszy pierwsza drugi druga badania",
}
_ENDS = {
    "de": ".{3,}(ung|ungen|schaft|schaften|keit|keiten|heit|heiten|lich|liche|licher|isch|ische|ischer)"
    "|.*[äöüß].*",
    "en": ".{3,}(ing|ity|ities|ness|logy|logies|ical|ally|ional)|.*(sh|th|ck|ght)",
    "pl": ".{3,}(ość|ości|ego|owej|owych|owym|ska|skie|skiego|skich|nia|nie)|.*[ąćęłńśźż].*",
}
_TELLING = {
    language: re.compile("|".join([*words.split(), *_IN_NAMES[language].split(), _ENDS[language]]))
    for language, words in _WORDS.items()
}
_PROSE = (
    DCT + "description",
    SKOS + "definition",
    SKOS + "note",
)  # names are often the same in all languages
_READ_ALONE = {"de", "en"}  # descriptions in others may still be copies of the example rows
_SURELY = 3  # different words of another language in a text that is not the one of its column
_PATTERNS = {language: rf"(?i)\b({words.replace(' ', '|')})\b" for language, words in _WORDS.items()}
_WORD = r"\p{L}{3,}"
_USUAL = 5  # rows of a source that have a word in one language
_RARELY = 10  # times as rare in the other language


class _Pair(NamedTuple):
    """Two columns of one property in different languages."""

    table: Table
    one: Column
    other: Column

    @property
    def is_prose(self) -> bool:
        return self.one.property in _PROSE


def check_languages(tables: Tables, source: str) -> Iterator[Finding]:
    """Warnings about texts of a source that stand in the column of another language."""
    pairs = [
        _Pair(table, one, other)
        for table in tables.group.tables
        if tables.has_file(source, table.name)
        for one, other in combinations(table.file_columns, 2)
        if one.property and one.language and other.language and one.separator is None
        if one.property == other.property and one.language != other.language
    ]
    told: set[tuple[str, str, int]] = set()
    for pair in pairs:
        if pair.one.language in _WORDS and pair.other.language in _WORDS:
            by_words = _by_small_words if pair.is_prose else _by_words_of_names
            for finding in by_words(tables, source, pair):
                told.add((pair.table.name, pair.one.name, finding.place.row or 0))
                yield finding
    for pair, row, words in _by_own_words(tables, source, [pair for pair in pairs if not pair.is_prose]):
        if (pair.table.name, pair.one.name, row) not in told:
            yield _swapped(tables, source, pair, row, words)


def _by_small_words(tables: Tables, source: str, pair: _Pair) -> Iterator[Finding]:
    table, one, other = pair
    first, second = sql_name(one.name), sql_name(other.name)
    foreign = [sql_string(_PATTERNS[column.language or ""]) for column in (other, one)]
    found = tables.connection.execute(
        f"SELECT _row, {first}, {second} FROM {tables.name(source, table.name)} "
        f"WHERE regexp_matches({first}, {foreign[0]}) OR regexp_matches({second}, {foreign[1]}) "
        "ORDER BY _row"
    ).fetchall()
    for row, text, translation in found:
        swapped = _foreign(text, one, other), _foreign(translation, other, one)
        if all(swapped) and text != translation:
            yield _swapped(tables, source, pair, row, [*swapped[0], *swapped[1]])
        elif {one.language, other.language} <= _READ_ALONE:
            for cell, own, beside in ((text, one, other), (translation, other, one)):
                place = tables.place(source, table.name, row, own.name)
                yield from _other_language(cell, own, beside, text == translation, place)


def _by_words_of_names(tables: Tables, source: str, pair: _Pair) -> Iterator[Finding]:
    """Names each of which has more words that tell the other language than words that tell its own.

    Measured on the 773 organisations of ROR in Germany that have different names in German and English: 651
    are found when they are swapped, and none when they are not.
    """
    table, one, other = pair
    first, second = sql_name(one.name), sql_name(other.name)
    telling = [sql_string(_in_a_name(column.language or "")) for column in (other, one)]
    found = tables.connection.execute(
        f"SELECT _row, {first}, {second} FROM {tables.name(source, table.name)} "
        f"WHERE {first} <> {second} AND regexp_matches(lower({first}), {telling[0]}) "
        f"AND regexp_matches(lower({second}), {telling[1]}) ORDER BY _row"
    ).fetchall()
    for row, name, translation in found:
        foreign = _telling(name, translation, one, other), _telling(translation, name, other, one)
        if all(foreign):
            yield _swapped(tables, source, pair, row, [*foreign[0], *foreign[1]])


def _in_a_name(language: str) -> str:
    """The pattern of lower-case names that may have a word that tells the language.

    It says of some others, too, that they may: classes of Unicode would take DuckDB longer than the names do.
    """
    small, whole = _WORDS[language].replace(" ", "|"), _IN_NAMES[language].replace(" ", "|")
    ends = _ENDS[language].replace(".{3,}", "").replace(".*", "")
    return f"(^|[^a-z])({small})([^a-z]|$)|{whole}|{ends}"


def _telling(name: str, translation: str, own: Column, other: Column) -> list[str]:
    """The words that only this name has and that tell the other language, if more than tell its own."""
    words, others = (re.findall(r"[^\W\d_]{3,}", text.lower()) for text in (name, translation))
    alone = [word for word in dict.fromkeys(words) if word not in others]
    native, foreign = (
        [word for word in alone if _TELLING[column.language or ""].fullmatch(word)] for column in (own, other)
    )
    return foreign if len(foreign) > len(native) else []


def _by_own_words(tables: Tables, source: str, pairs: list[_Pair]) -> Iterator[tuple[_Pair, int, list[str]]]:
    """Rows whose names have only words each of which is of the other one's language everywhere else."""
    if not pairs:
        return
    names = " UNION ALL ".join(
        f"SELECT {number} AS pair, _row, {sql_string(column.language or '')} AS language, "
        f"lower({sql_name(column.name)}) AS name FROM {tables.name(source, pair.table.name)} "
        f"WHERE {sql_name(pair.one.name)} <> {sql_name(pair.other.name)}"
        for number, pair in enumerate(pairs)
        for column in (pair.one, pair.other)
    )
    found = tables.connection.execute(
        f"WITH names AS MATERIALIZED ({names}), words AS MATERIALIZED (SELECT pair, _row, language, "
        f"unnest(list_distinct(regexp_extract_all(name, {sql_string(_WORD)}))) AS word FROM names), "
        "counted AS (SELECT word, language, count(*) AS n FROM words GROUP BY ALL), "
        "usual AS (SELECT word, arg_max(language, n) AS language FROM counted GROUP BY word "
        f"HAVING max(n) >= {_USUAL} AND (sum(n) - max(n)) * {_RARELY} <= max(n)) "
        "SELECT pair, _row, list(word ORDER BY word) FROM words JOIN usual USING (word) GROUP BY pair, _row "
        "HAVING bool_and(words.language <> usual.language) AND count(DISTINCT words.language) = 2 "
        "ORDER BY pair, _row"
    ).fetchall()
    for number, row, usual in found:
        yield pairs[number], row, usual


def _swapped(tables: Tables, source: str, pair: _Pair, row: int, words: list[str]) -> Finding:
    table, one, other = pair
    place = tables.place(source, table.name, row, one.name)
    text = tables.connection.execute(
        f"SELECT {sql_name(one.name)} FROM {tables.name(source, table.name)} WHERE _row = ?", [row]
    ).fetchone()
    values = {"column": one.name, "other": other.name, "words": words}
    cell = text[0][:SHOWN] if text else None
    return fault("table.swapped-languages", place, cell, Severity.WARNING, **values)


def _other_language(
    text: str | None, own: Column, other: Column, is_copied: bool, place: Place
) -> Iterator[Finding]:
    """A text of the other language: one copied from there, or one with many words that belong there only."""
    words = _foreign(text, own, other)
    is_native = re.search(_PATTERNS[own.language or ""], text or "") is not None
    if len(words) >= (1 if is_copied else _SURELY) and not is_native:
        values = {"column": own.name, "other": other.name, "words": words}
        yield fault("table.other-language", place, (text or "")[:SHOWN], Severity.WARNING, **values)


def _foreign(text: str | None, own: Column, other: Column) -> list[str]:
    """The words of the other language in a text, if it has more of them than of its own."""
    native, foreign = (re.findall(_PATTERNS[c.language or ""], text or "") for c in (own, other))
    return list(dict.fromkeys(foreign)) if len(foreign) > len(native) else []
