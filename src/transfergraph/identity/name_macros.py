"""Names of organisations made comparable, as macros in DuckDB.

Each takes what the one before gives: ``identity_clean`` a name as written; ``identity_form`` has its legal
form, ``identity_bare`` the name without it; ``identity_spaced`` has no case, no accents, and one spelling of
umlauts, so that ``FÜR``, ``FUER`` and ``FUR`` are alike; ``identity_words`` are its words, and
``identity_joined`` is all of it without spaces, as lists break words and glue them.
"""

from __future__ import annotations

import duckdb

from transfergraph.identity.legal_forms import form_sql, without_form_sql
from transfergraph.tables.uri_template import sql_string

_SAME_WORDS: tuple[tuple[str, str], ...] = (
    ("technischeuniversitat", "tu"),
    ("technischehochschule", "th"),
    ("hochschulefurtechnikundwirtschaft", "htw"),
    ("(?:landeshauptstadt|grossekreisstadt|kreisfreiestadt|stadtverwaltung)(?:der)?(?:stadt)?", "stadt"),
    ("gemeindeverwaltung(?:der)?(?:gemeinde)?", "gemeinde"),
    ("(?:landratsamt|kreisverwaltung)(?:des)?(?:landkreises|landkreis)?", "landkreis"),
    ("^landkreis(.*kreis)(?:es)?$", r"\1"),
    ("^gemeinnutzige[rs]?", ""),
    ("^technicaluniversity(?:of)?(.+)$", r"tu\1"),
    ("^(.+)universityoftechnology$", r"tu\1"),
    ("^universityoftechnology(.+)$", r"tu\1"),
    ("^universityofappliedsciences(.+)$", r"hochschule\1"),
    ("^(.+)universityofappliedsciences$", r"hochschule\1"),
    ("^universityof(.+)$", r"universitat\1"),
    ("^(.+)university$", r"universitat\1"),
)
"""What is said in several ways, of folded names without spaces, one after the other."""

_CAMEL = r"(\p{Ll})(\p{Lu}\p{Ll})"
_BROKEN = r"(\p{Ll})[-\x{2010}\x{2011}](\p{Ll})"
_APPLIED = r"\s*\((?:FH|HAW)\)"
_SAID_AFTER = r"^\s*(.+?),\s*(Stadt|Gemeinde|Landkreis)\s*$"
_AND = r"\s*(?:&|\+)\s*|\s+(?:u\.|and|et)\s+"
_LITTLE = (
    "und",
    "der",
    "die",
    "das",
    "des",
    "fur",
    "in",
    "im",
    "am",
    "an",
    "of",
    "the",
    "for",
    "von",
    "zu",
    "zur",
    "mit",
)
_NO_LETTERS = r"[^\p{L}\p{N}]+"
_TOWN_ENDS = r"\s*(?:,.*|/.*|\(.*|\d.*)$"


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macros in the database; cursors of it know them, too."""
    for name, parameter, expression in _macros():
        connection.execute(f"CREATE OR REPLACE MACRO {name}({parameter}) AS {expression}")


def _macros() -> tuple[tuple[str, str, str], ...]:
    little = ", ".join(map(sql_string, _LITTLE))
    return (
        ("identity_clean", "t", _clean("t")),
        ("identity_folded", "t", _folded("t")),
        ("identity_form", "cleaned", form_sql("cleaned")),
        ("identity_bare", "cleaned", without_form_sql("cleaned")),
        ("identity_spaced", "bare", f"identity_folded({_replaced('bare', _CAMEL, _BOTH)})"),
        (
            "identity_words",
            "spaced",
            "list_sort(list_distinct(list_filter(string_split(spaced, ' '), "
            f"lambda w: w <> '' AND w NOT IN ({little}))))",
        ),
        ("identity_joined", "spaced", _said_alike("replace(spaced, ' ', '')")),
        ("identity_town", "t", f"identity_folded({_replaced('t', _TOWN_ENDS, '')})"),
        ("identity_domain", "t", f"nullif(regexp_extract(lower(t), {sql_string(_HOST)}, 1), '')"),
    )


_HOST = r"^(?:https?://)?(?:www\d?\.)?([^/?#:\s]+\.[^/?#:\s]+)"
_SHORTENED = (
    (r"\bf\.\s*", "für "),
    (r"\b[Uu]niv(?:ers)?\.\s*", "Universität "),
    (r"\b[Ii]nst\.\s*", "Institut "),
)
_BOTH = r"\1 \2"


def _replaced(text: str, pattern: str, by: str) -> str:
    return f"regexp_replace({text}, {sql_string(pattern)}, {sql_string(by)}, 'g')"


def _clean(text: str) -> str:
    """Without soft hyphens, with words that a line end broke whole again, and what is said after said
    before."""
    whole = _replaced(f"replace({text}, chr(173), '')", _BROKEN, r"\1\2")
    whole = _replaced(whole, _APPLIED, "")
    for short, full in _SHORTENED:
        whole = _replaced(whole, short, full)
    return _replaced(_replaced(whole, _SAID_AFTER, r"\2 \1"), _AND, " und ")


def _folded(text: str) -> str:
    plain = f"strip_accents(replace(lower({text}), 'ß', 'ss'))"
    for written, folded in (("ae", "a"), ("oe", "o"), ("ue", "u")):
        plain = f"replace({plain}, '{written}', '{folded}')"
    return f"trim({_replaced(plain, _NO_LETTERS, ' ')})"


def _said_alike(joined: str) -> str:
    for pattern, by in _SAME_WORDS:
        joined = _replaced(joined, pattern, by)
    return joined
