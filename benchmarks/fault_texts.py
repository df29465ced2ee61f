"""Texts as people and programs damage them: each function makes a faulty text of a sound one, by chance."""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable
from datetime import date

Change = Callable[[random.Random, str], str]

DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
FOREIGN_LETTER = re.compile("[äöüÄÖÜß„“–]")
_WITHIN = re.compile("[A-Za-z](?=[äöüß][a-z])")
_INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u200e\u202e\u2066"
_MONTHS = ("{m}/{y}", "{m}.{y}", "{y}/{m}", "Anfang {y}", "Q1 {y}", "{de:.3}. {y}", "{en} {y}", "{y}{m}")
_DAYS = (
    *(
        "{d}.{m}.{y}",
        "{D}.{M}.{y}",
        "{d}.{m}.{s}",
        "{y}/{m}/{d}",
        "{y}.{m}.{d}",
        "{m}/{d}/{y}",
        "{d}/{m}/{y}",
    ),
    *("{d}-{m}-{y}", "{D}. {de} {y}", "{en} {D}, {y}", "{y}-{M}-{D}T08:00"),
)
_GERMAN = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)
_ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ERRORS = ("#NAME?", "#REF!", "#NV", "#WERT!", "#DIV/0!", "#N/A", "#BEZUG!", "#VALUE!", "Err:502")


def misread(chance: random.Random, text: str) -> str:
    return text.encode().decode(chance.choice(("cp1252", "latin-1")), "replace")


def lost(chance: random.Random, text: str) -> str:
    if within := [found.end() for found in _WITHIN.finditer(text)]:
        where, mark = chance.choice(within), chance.choice("\ufffd?")
    else:
        where, mark = chance.choice([found.start() for found in FOREIGN_LETTER.finditer(text)]), "\ufffd"
    return f"{text[:where]}{mark}{text[where + 1 :]}"


def with_invisible(chance: random.Random, text: str) -> str:
    where = chance.randrange(len(text) + 1)
    return f"{text[:where]}{chance.choice(_INVISIBLE)}{text[where:]}"


def with_comma(chance: random.Random, text: str) -> str:
    return text.replace(".", ",")


def grouped(chance: random.Random, text: str) -> str:
    mark = chance.choice(" '’\u00a0\u202f") if int(float(text)) < 1_000_000 else chance.choice(" '.,\u00a0")
    grouped = f"{int(float(text)):,}".replace(",", mark)
    decimals = text.partition(".")[2]
    return f"{grouped}{',' if mark != ',' else '.'}{decimals}" if decimals else grouped


def one_group(chance: random.Random, text: str) -> str:
    return f"{int(text):,}".replace(",", chance.choice(".,"))


def with_words(chance: random.Random, text: str) -> str:
    forms = ("{} €", "EUR {}", "ca. {}", "> {}", "{}+", "rund {}", "{} Mio.", "{},-", "{}?", "1E+{}", "{}-{}")
    return chance.choice(forms).format(text, text)


def other_notation(chance: random.Random, text: str) -> str:
    if not (day := DAY.fullmatch(text)):
        year, month = text.split("-")
        return chance.choice(_MONTHS).format(y=year, m=month, **_named(month))
    y, m, d = day.groups()
    return chance.choice(_DAYS).format(y=y, m=m, d=d, s=y[2:], D=int(d), M=int(m), **_named(m))


def _named(month: str) -> dict[str, str]:
    """A month in words, in German and in English."""
    return {"de": _GERMAN[int(month) - 1], "en": _ENGLISH[int(month) - 1]}


def no_day(chance: random.Random, text: str) -> str:
    day, month = chance.choice(
        (("30", "02"), ("31", "02"), ("31", "04"), ("01", "13"), ("10", "00"), ("00", "06"))
    )
    return f"{text[:4]}-{month}-{day}" if chance.random() < 0.6 else f"{day}.{month}.{text[:4]}"


def serial(chance: random.Random, text: str) -> str:
    return str((date.fromisoformat(text) - date(1899, 12, 30)).days)


def same_key(chance: random.Random, key: str) -> str:
    return chance.choice((key, f" {key}", f"{key} "))


def forbidden(chance: random.Random, key: str) -> str:
    mark = chance.choice(' :,()&#?+*"=@!|<')
    return f"{key}{mark}neu"


def other_case(chance: random.Random, key: str) -> str:
    return chance.choice((key.upper(), key.capitalize(), key.title()))


def mistyped(chance: random.Random, word: str) -> str:
    """A word with a slip of the fingers."""
    at = chance.randrange(len(word) - 1)
    slips = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :],
    )
    return chance.choice(slips)


def dangling(chance: random.Random, text: str) -> str:
    return "".join(chance.choices(string.ascii_lowercase, k=3)) + f"-{chance.randrange(1000)}"


def other_separator(chance: random.Random, text: str) -> str:
    return text.replace(";", chance.choice((",", ", ", " , ", "|", " | ", "\n")))


def error_value(chance: random.Random, text: str) -> str:
    return chance.choice(_ERRORS)


def markup(chance: random.Random, text: str) -> str:
    forms = (
        "<b>{}</b>",
        "{}<br/>",
        "<p>{}",
        "{} &amp; mehr",
        "{}&nbsp;",
        "<span class='x'>{}</span>",
        "&#8222;{}",
    )
    return chance.choice(forms).format(text)


def unlikely_year(chance: random.Random, text: str) -> str:
    year = text[:4]
    return chance.choice((f"{int(year) + 200}", f"0{year[1:]}", f"2{year[2:]}{year[1]}", "9999")) + text[4:]


def damaged_address(chance: random.Random, text: str) -> str:
    bare = text.partition("//")[2]
    forms = (
        "{b}",
        "htp://{b}",
        "http:/{b}",
        "{t} (2024)",
        "{t}a b",
        "{t}#x#y",
        "{t}[1]",
        "{t}|",
        "{t}ü",
        "s. {t}",
    )
    return chance.choice(forms).format(b=bare, t=text)
