"""Texts filled with values: in each language, with numbers and dates as it writes them, and values made harmless."""

from __future__ import annotations

import pickle
import re
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergraph import Text
from transfergraph.common.displayed_values import shorten, shown, visible
from transfergraph.errors import UsageError, WorkspaceError
from transfergraph.messages import advice, both, explained, in_full, number, pieces, template, text, texts_of

KEYS = sorted(texts_of("en").keys() - {"locale"})
FAULTS = [key for key in KEYS if f"{key}.remedy" in KEYS]
VALUES = {name for key in KEYS for name in re.findall(r"\{(\w+)[,}]", template(key, "en"))}


def test_there_are_texts_of_each_kind() -> None:
    assert len(FAULTS) > 40
    assert {key.split(".")[0] for key in KEYS} >= {"table", "report", "build", "stage"}


@pytest.mark.parametrize("language", ["de", "en", "pl"])
def test_each_text_can_be_filled(language: str) -> None:
    for key in KEYS:
        typed = dict(re.findall(r"\{(\w+), (?!select)(\w+)", template(key, language)))
        values: dict[str, str | int | date] = {name: f"<{name}>" for name in VALUES}
        values |= {name: date(2000, 3, 12) if kind == "date" else 3 for name, kind in typed.items()}
        filled = text(key, language, **values)
        assert not set(filled) & set("{}#"), key
        told = set(re.findall(r"<(\w+)>", filled)) | typed.keys()
        assert all(f"{{{name}" in template(key, language) for name in told), key
        assert "date" in typed.values() or "3" in filled or not typed, key


@pytest.mark.parametrize("key", FAULTS)
def test_each_fault_is_one_sentence_with_a_remedy(key: str) -> None:
    for language in ("de", "en"):
        assert len(template(key, language)) < 220 > len(template(f"{key}.remedy", language))
        assert template(key, language).endswith((".", "}"))


def test_german_texts_have_german_quotes_and_english_texts_english_ones() -> None:
    for key in KEYS:
        german, english = (template(key, language) for language in ("de", "en"))
        assert german.strip() == german != "" != english == english.strip(), key
        assert german.count("„") == german.count("“"), key
        assert "”" not in german, key
        assert english.count("“") == english.count("”"), key
        assert "„" not in english, key
        assert not set(re.sub(r'pip install "[^"]*"', "", german + english)) & {'"', "'"}, key


def test_polish_texts_have_polish_quotes() -> None:
    for key, polish in texts_of("pl").items():
        assert polish.count("„") == polish.count("”"), key
        assert not set(polish) & {'"', "'", "“"}, key


def test_numbers_have_the_grouping_and_the_plural_of_the_language() -> None:
    assert text("answer.rows", "de", count=1) == "1 Zeile"
    assert text("answer.rows", "de", count=0) == "0 Zeilen"
    assert text("build.triples", "de", count=3_700_000) == "3.700.000 Tripel"
    assert text("build.triples", "en", count=3_700_000) == "3,700,000 triples"
    assert text("table.duplicate-key", "en", key="x", row=1234) == "The key “x” already stands in row 1234."


def test_polish_has_three_forms_and_several_plurals_in_one_sentence() -> None:
    forms = [text("answer.rows", "pl", count=count) for count in (0, 1, 2, 5, 12, 22, 25, 12345)]
    assert forms == [
        "0 wierszy",
        "1 wiersz",
        "2 wiersze",
        "5 wierszy",
        "12 wierszy",
        "22 wiersze",
        "25 wierszy",
        "12\xa0345 wierszy",
    ]
    told = text("network.path.found", "pl", ways=2, steps=5, a="A", b="B")
    assert told == "2 najkrótsze drogi o długości 5 kroków między A i B"
    assert text("network.path.found", "en", ways=1, steps=2, a="A", b="B") == (
        "1 shortest way of 2 steps between A and B"
    )


def test_a_language_without_a_text_or_a_file_says_it_in_english() -> None:
    assert text("page.home", "pl") == "Strona główna"
    assert "answer.cut" not in texts_of("pl")
    assert text("answer.cut", "pl", count=1234) == "Cut after 1,234 rows: there are more."
    assert text("page.home", "cs") == "Home"
    assert number(Decimal("1234.5"), "cs") == "1,234.5"


def test_numbers_have_the_marks_of_the_language() -> None:
    assert [number(Decimal("-1234567.5"), one) for one in ("de", "en", "pl")] == [
        "-1.234.567,5",
        "-1,234,567.5",
        "-1\xa0234\xa0567,5",
    ]
    assert number(Decimal("1234.5"), "de", ".00") == "1.234,50"
    assert number(10**30, "en") == "1" + ",000" * 10


def test_a_text_in_several_languages_among_the_values() -> None:
    known = both("catalogue.class.Dataset")
    assert both("network.explorer.drop", name=known) == Text(de="Datensatz entfernen", en="Remove Dataset")


def test_pieces_and_values_in_full() -> None:
    assert pieces("network.path.found", "en", ways=1, steps=2) == (
        ("1 shortest way of 2 steps between ", "a"),
        (" and ", "b"),
    )
    assert pieces("page.home", "en") == (("Home", ""),)
    long = "x" * 200 + "\n{a}"
    assert in_full("network.path.direct", "en", a=long, b="B") == f"{long} and B are tied directly"


def test_both_and_advice() -> None:
    assert both("report.violation") == Text(de="Verstoß", en="Violation")
    message, remedy = advice("table.german-date", value="31.12.2019", suggestion="2019-12-31")
    assert message == Text(
        de="„31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.",
        en="“31.12.2019” is a date in German notation.",
    )
    assert remedy == Text(de="2019-12-31 eintragen.", en="Enter 2019-12-31.")


def test_a_list_names_its_items_and_counts_what_it_leaves_out() -> None:
    allowed = [f"key-{number}" for number in range(32)]
    written = text(
        "table.unknown-concept.remedy", "en", value="x", scheme="role", allowed=allowed, own="none"
    )
    assert written.startswith(f"Enter a term of the list: {', '.join(allowed[:30])}, … (+2). ")


def test_a_value_is_never_taken_for_a_template_and_stays_on_one_line() -> None:
    hostile = "{value} %s [bold]x[/bold]\n\x1b[31m\u202e"
    assert text("table.wrong-type.key", "en", value=hostile) == (
        "“{value} %s [bold]x[/bold]\\n\\x1b[31m\\u202e” is not a key."
    )


def test_a_long_value_is_shortened() -> None:
    written = text("table.wrong-type.key", "en", value="a" * 1_000_000 + "z")
    assert written == f"“{'a' * 53}…{'a' * 25}z” is not a key."


def test_what_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match="no-such-key"):
        text("no-such-key", "en")
    with pytest.raises(KeyError, match="value"):
        text("table.wrong-type.key", "en")
    fraction: Any = 1.5
    with pytest.raises(TypeError, match="float"):
        text("table.wrong-type.key", "en", value=fraction)


def test_visible_and_shorten() -> None:
    assert visible("Müller & Söhne, „Äpfel“ 日本 😀") == "Müller & Söhne, „Äpfel“ 日本 😀"
    assert visible("12\xa0345\u202f678 \xa0\n") == "12\xa0345\u202f678 \\xa0\\n"
    assert visible("a\tb\r\nc\x00\x7f\x9b\xa0\u200b\ufeff\ud800\U000e0001") == (
        "a\\tb\\r\\nc\\x00\\x7f\\x9b\\xa0\\u200b\\ufeff\\ud800\\U000e0001"
    )
    assert visible("C:\\new") == "C:\\new"
    assert shorten("abcdef", 6) == "abcdef"
    assert shorten("abcdefg", 6) == "abcd…g"


@settings(deadline=None)
@given(st.text(st.characters(), max_size=50), st.integers(3, 20))
def test_shown_is_bounded_printable_and_steady(value: str, length: int) -> None:
    written = shown(value, length)
    assert len(written) <= length
    assert written.isprintable()
    assert shown(written, length) == written


def test_an_error_is_told_in_each_language_with_its_reason() -> None:
    inner = ValueError(explained("error.setting.box"))
    told = WorkspaceError(explained("error.sentence.unreadable", kind="x", language="de", error=inner))
    assert str(told) == (
        "The sentence of x in de: must be west, south, east, north in degrees, the smaller one first."
    )
    assert told.in_language("de").startswith("Der Satz von x in de: muss West, Süd, Ost, Nord")
    assert told.in_language("cs") == str(told)
    again = pickle.loads(pickle.dumps(told))
    assert (str(again), again.in_language("de")) == (str(told), told.in_language("de"))
    assert UsageError("x").in_language("de") == str(UsageError("x")) == "x"


def test_values_of_an_error_are_whole_and_harmless() -> None:
    path = Path("/" + "long/" * 100)
    told = explained("error.unreadable", file=path, error=OSError(2, "No\x1b[31m such\nfile {file}"))
    assert told.in_language("de") == (
        f"{path} lässt sich nicht lesen: [Errno 2] No\\x1b[31m such\nfile {{file}}"
    )


def test_texts_that_are_loaded_need_no_file() -> None:
    """As in a worker process, where the system lets it open none."""
    program = (
        "import resource, datetime\n"
        "from transfergraph.messages import load_texts, number, text\n"
        "{load}\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))\n"
        "print(text('page.date.day', 'de', day=datetime.date(2000, 3, 12), year='1409'), number(1234, 'en'))\n"
    )
    loaded, not_loaded = (
        subprocess.run(
            [sys.executable, "-c", program.format(load=load)], capture_output=True, text=True, check=False
        )
        for load in ("load_texts(['de', 'en'])", "pass")
    )
    assert (loaded.stdout, loaded.stderr) == ("12. März 1409 1,234\n", "")
    assert "Too many open files" in not_loaded.stderr
