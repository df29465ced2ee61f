"""The catalogue: both languages, the same values in both, and values from the data made harmless."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transfergraph.common.displayed_values import shorten, shown, visible
from transfergraph.common.text import Text
from transfergraph.messages import CATALOGUE, advice, both, placeholders, text

PACKAGE = Path(__file__).parent.parent / "src" / "transfergraph"
FAULTS = sorted(key for key in CATALOGUE if f"{key}.remedy" in CATALOGUE)


def _fields(template: str) -> dict[str, str]:
    return {name: spec or "" for _, name, spec, _ in string.Formatter().parse(template) if name}


def test_the_catalogue_holds_something() -> None:
    assert len(FAULTS) > 40
    assert {key.split(".")[0] for key in CATALOGUE} >= {"table", "report", "build", "stage"}


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_each_text_is_there_in_both_languages_with_the_same_values(key: str) -> None:
    german, english = CATALOGUE[key]
    assert german.strip() == german != ""
    assert english.strip() == english != ""
    assert placeholders(german) == placeholders(english)
    plurals = [{name for name, spec in _fields(t).items() if "|" in spec} for t in (german, english)]
    assert plurals[0] == plurals[1]


@pytest.mark.parametrize("key", sorted(CATALOGUE))
def test_each_text_can_be_filled(key: str) -> None:
    for template in CATALOGUE[key]:
        values: dict[str, str | int] = {
            name: 3 if spec else f"<{name}>" for name, spec in _fields(template).items()
        }
        language = "de" if template == CATALOGUE[key].de else "en"
        filled = text(key, language, **values)
        for name, value in values.items():
            assert (f"<{name}>" if isinstance(value, str) else "3") in filled
        assert "{" not in filled


@pytest.mark.parametrize("key", FAULTS)
def test_each_fault_is_one_sentence_with_a_remedy(key: str) -> None:
    for part in (*CATALOGUE[key], *CATALOGUE[f"{key}.remedy"]):
        assert len(part) < 220
    for part in CATALOGUE[key]:
        assert part.endswith((".", "}"))


def test_german_texts_have_german_quotes_and_english_texts_english_ones() -> None:
    for key, (german, english) in CATALOGUE.items():
        assert german.count("„") == german.count("“"), key
        assert "”" not in german, key
        assert english.count("“") == english.count("”"), key
        assert "„" not in english, key
        assert '"' not in german + english, key


def test_numbers_have_the_grouping_and_the_plural_of_the_language() -> None:
    assert text("build.alliances", "de", count=1) == "1 Bündnis"
    assert text("build.alliances", "de", count=0) == "0 Bündnisse"
    assert text("build.triples", "de", count=3_700_000) == "3.700.000 Tripel"
    assert text("build.triples", "en", count=3_700_000) == "3,700,000 triples"
    assert text("table.duplicate-key", "en", key="x", row=1234) == "The key “x” already stands in row 1234."


def test_both_and_advice() -> None:
    assert both("report.violation") == Text("Verstoß", "Violation")
    message, remedy = advice("table.german-date", value="31.12.2019", suggestion="2019-12-31")
    assert message == Text(
        "„31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.",
        "“31.12.2019” is a date in German notation.",
    )
    assert remedy == Text("2019-12-31 eintragen.", "Enter 2019-12-31.")


def test_a_list_names_its_items_and_counts_what_it_leaves_out() -> None:
    allowed = [f"key-{number}" for number in range(32)]
    written = text("table.unknown-concept.remedy", "en", value="x", scheme="role", allowed=allowed)
    assert written == f"Enter a term of the list: {', '.join(allowed[:30])}, … (+2)."


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


def test_each_text_is_used() -> None:
    """Somewhere in the package stands its key, or the beginning of it before a value that completes it."""
    files = [file for file in PACKAGE.rglob("*") if file.suffix in (".py", ".html", ".js")]
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in files
        if "messages" not in file.parts or file.name == "__init__.py"
    )
    completed = set(re.findall(r"f[\"']([a-z.-]+\.)\{", code))
    completed |= set(re.findall(r"[\"']([a-z.-]+\.)[\"'] ?[~+]", code))
    keys = {key.removesuffix(".remedy").removesuffix(".suggested") for key in CATALOGUE}
    unused = {key for key in keys if f'"{key}"' not in code and f"'{key}'" not in code}
    assert not {key for key in unused if not key.startswith(tuple(completed))}
