"""A query in German and English, made one in the languages of a workspace.

What stands in both languages side by side stands in each of the others, too: variables (``?name_de ,
?name_en``), their filters (``LANG(?name_de) = "de" && LANG(?name_en) = "en"``), literals (``"Ende"@de
"End"@en``, of which the English one stands in) and a ``BIND`` for each on lines of their own. Any other
variable in a language that the workspace does not have becomes that in its first.
"""

from __future__ import annotations

import re

from transfergraph.common.text import ENGLISH, Languages, column_name

_GERMAN = "de"
_VARIABLES = re.compile(r"\?(\w+)_de(\s*,?\s*)\?\1_en\b")
_FILTERS = re.compile(r'LANG\(\?(\w+)_de\) = "de" && LANG\(\?\1_en\) = "en"')
_LITERALS = re.compile(r'("[^"\n]*"@de) ("[^"\n]*"@en)')
_BINDINGS = re.compile(r"^( *BIND\(.* AS \?(\w+)_de\)\n)( *BIND\(.* AS \?\2_en\)\n)", re.MULTILINE)
_OTHERS = re.compile(r"([?{]\w+)_(de|en)\b")


def query_in(languages: Languages, query: str) -> str:
    """The text of a query file, with its header, in these languages."""
    if tuple(languages) == (_GERMAN, ENGLISH):
        return query

    def variables(found: re.Match[str]) -> str:
        return found[2].join(f"?{column_name(found[1], one)}" for one in languages)

    def filters(found: re.Match[str]) -> str:
        return " && ".join(f'LANG(?{column_name(found[1], one)}) = "{one}"' for one in languages)

    def literals(found: re.Match[str]) -> str:
        return " ".join(found[1] if one == _GERMAN else found[2] for one in languages)

    def bindings(found: re.Match[str]) -> str:
        return "".join(
            found[1] if one == _GERMAN else _in_place_of_english(one, found[3]) for one in languages
        )

    def others(found: re.Match[str]) -> str:
        return found[0] if found[2] in languages else column_name(found[1], languages[0])

    made = _BINDINGS.sub(bindings, query)
    for pattern, replacement in ((_VARIABLES, variables), (_FILTERS, filters), (_LITERALS, literals)):
        made = pattern.sub(replacement, made)
    return _OTHERS.sub(others, made)


def _in_place_of_english(language: str, binding: str) -> str:
    tagged = binding.replace(f', "{ENGLISH}")', f', "{language}")')
    return re.sub(r"(\?\w+)_en\b", lambda found: column_name(found[1], language), tagged)
