"""What texts must not hold: markup, control characters, errors of spreadsheet programs, damaged letters.

:data:`SUSPICIOUS` finds the few texts of a column that are worth a look; :func:`text_fault` decides.
"""

from __future__ import annotations

import re
from html import unescape

from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import SUGGESTED
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.explain_cells import INVISIBLE, SHOWN, invisible_character, named

CONTROL = (
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufdd0-\ufdef\ufffe\uffff]"  # the last two are in no XML
)
_MARKUP = r"(?i:</?[a-z!][^<>]*>|<script|javascript\s*:)"
_REFERENCE = "&(#[0-9]{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,30});"  # HTML, section 13.1.4
_GAP = "[A-Za-zß-ž][?][a-zß-ž]"
_STRANGE = (  # of DOS and Mac OS, and of Windows-1250, read as Windows-1252
    "[a-zß-ž](?:[„”‰ŠŽŸ§÷¤]|[√├┬][^ A-Za-z0-9])[a-zß-ž]|[A-Za-z][¹³¿¯][a-zß-ž]"
)
_ENCODED = r"(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F])+|%[C-F][0-9A-F](?:%[89AB][0-9A-F])+|\\u00[0-9A-Fa-f]{2})"
_NOTHING = "|".join(
    (
        r"null|none|nan|nil|tbd|todo|[?]+|-+|–|—|[.]{2,}|…|\"|''|″|n/a|n[.] ?a[.]|k[.] ?a[.]|s[.] ?o[.]",
        "dito|ditto|siehe oben|see above|unbekannt|unknown|keine angabe|nicht bekannt|not known",
    )
)
_PLACEHOLDER = f"(?i:^({_NOTHING})$)"
_UNREADABLE = "[\ue000-\uf8ff\ufff9-\ufffc]"  # private use, as the bullets of Symbol fonts; objects, notes
_ADDRESS = re.compile(r"\S*[/=]\S*")
_TURNING = "[\u202a-\u202e\u2066-\u2069]"
_LOST = "\ufffd"
_FORMULA = "^[=+@-]"
_ERRORS = " ".join(  # of Excel and LibreOffice
    (
        "#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #SPILL! #CALC! #GETTING_DATA #FIELD! #BLOCKED!",
        "#CONNECT! #BUSY! #UNKNOWN! #PYTHON! #MACRO?",
        "#WERT! #BEZUG! #ZAHL! #NV #ÜBERLAUF! #FELD! #BLOCKIERT! #DATEN_ABRUFEN",  # German
        "#NUL! #VALEUR! #NOM? #NOMBRE! #PROPAGATION! #CHAMP!",  # French
        "#¡NULO! #¡REF! #¡VALOR! #¿NOMBRE? #¡NUM! #¡DIV/0! #¡DESBORDAMIENTO!",  # Spanish
        "#RIF! #NOME? #VALORE! #NULLO! #N/D #VALOR! #NÚM!",  # Italian, Portuguese
        "#ARG! #ADR! #NAZWA? #LICZBA! #ZERO! #DZIEL/0! #N/D!",  # Polish
        "#HODNOTA! #ODKAZ! #NÁZEV? #ČÍSLO! #DĚLENÍ_NULOU! #NENÍ_K_DISPOZICI",  # Czech
        "#WAARDE! #VERW! #NAAM? #GETAL! #LEEG! #DEEL/0! #N/B #OVERLOOP!",  # Dutch
        "#VÆRDI! #REFERENCE! #NAVN? #DIVISION/0! #I/T #VERDI!",  # Danish, Norwegian
        "#VÄRDEFEL! #REFERENS! #NAMN? #OGILTIGT! #SAKNAS! #SKÄRNING!",  # Swedish
        "#ARVO! #VIITTAUS! #NIMI? #LUKU! #PUUTTUU! #JAKO/0! #TYHJÄ!",  # Finnish
        "#ÉRTÉK! #HIV! #NÉV? #SZÁM! #HIÁNYZIK #NULLA! #ZÉRÓOSZTÓ!",  # Hungarian
        "#ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #Н/Д #ПУСТО! #ДЕЛ/0!",  # Russian
        "#DEĞER! #BAŞV! #AD? #SAYI! #BOŞ! #SAYI/0!",  # Turkish
    )
).split()
_PROGRAM_ERROR = "(?:Err|Fehler|Erreur|Errore|Chyba|Błąd):[0-9]{3}"
ERROR_VALUE = f"^({'|'.join(map(re.escape, _ERRORS))}|{_PROGRAM_ERROR})$"
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # bytes 80 to BF, read as Windows-1252
_MISREAD = f"[\u00c2-\u00f4][{_CONTINUED}]|[√¬├┬][^ A-Za-z0-9]"  # Windows-1252; Mac OS Roman, DOS
_JOINED = re.compile("(?<=[\u0590-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?=[\u0590-\U0010ffff])")

_NO_COMMA = r"[^|\n\t；][|\n\t；]+[^|\n\t；]"
OTHER_SEPARATOR = rf"{_NO_COMMA}|^[^\s,]+(?:, ?[^\s,]+)+$"
"""What stands between texts of a list in place of its separator: a comma where each is one word."""

SUSPICIOUS = "|".join(
    (
        *(CONTROL, _MARKUP, f"[{INVISIBLE}{_LOST}]", _FORMULA, ERROR_VALUE, _MISREAD, _REFERENCE),
        *(_GAP, _STRANGE, _ENCODED, _PLACEHOLDER, _UNREADABLE),
    )
)
"""A regular expression, in the common subset of Python and RE2."""


def text_fault(item: str, place: Place) -> Finding | None:
    """What is wrong with a text, the gravest only; None if nothing is."""
    shown = item[:SHOWN]
    if control := re.search(CONTROL, item):
        if misread := _misread(item, shown, place, Severity.VIOLATION):
            return misread
        character, position = f"U+{ord(control[0]):04X}", control.start() + 1
        return fault("table.control-character", place, shown, character=character, position=position)
    if markup := re.search(_MARKUP, item):
        return fault("table.markup", place, shown, markup=markup[0])
    if re.search(ERROR_VALUE, item):
        return fault("table.error-value", place, shown, value=item)
    if _LOST in item:
        return fault("table.lost-character", place, shown, position=item.index(_LOST) + 1)
    if turning := re.search(_TURNING, item):
        return fault(
            "table.turned-text", place, shown, character=named(turning[0]), position=turning.start() + 1
        )
    return _doubt(item, shown, place)


def list_fault(separator: str, item: str, place: Place) -> Finding | None:
    """What is wrong with a text of a list: also that it is several, between others than the separator."""
    found = text_fault(item, place)
    meant = found.proposals[0] if found and found.proposals else item
    if (found and meant == item) or not re.search(OTHER_SEPARATOR, meant):
        return found
    between = "[|\n\t；]" if re.search(_NO_COMMA, meant) else ","
    texts = [text for part in re.split(between, meant) if (text := part.strip())]
    suggestion = separator.join(texts)
    is_sound = len(suggestion) <= SUGGESTED and all(
        list_fault(separator, one, place) is None for one in texts
    )
    code = "table.other-separator.text.suggested" if is_sound else "table.other-separator.text"
    values = {"value": item, "separator": separator, "suggestion": suggestion}
    return fault(code, place, item[:SHOWN], Severity.WARNING, **values)


def _misread(item: str, shown: str, place: Place, severity: Severity) -> Finding | None:
    """UTF-8 that was read in another encoding; None where control characters would remain."""
    if not re.search(_MISREAD, item):
        return None
    from ftfy import fix_encoding  # loads in 50 ms, and hardly ever

    meant = fix_encoding(item)
    if meant == item or re.search(CONTROL, meant):
        return None
    is_whole = len(meant) <= SUGGESTED and text_fault(meant, place) is None
    code = "table.misread-letters.suggested" if is_whole else "table.misread-letters"
    return fault(code, place, shown, severity, value=item, suggestion=meant)


def _doubt(item: str, shown: str, place: Place) -> Finding | None:
    """What a text probably was not meant to hold."""
    if misread := _misread(item, shown, place, Severity.WARNING):
        return misread
    if re.search(_PLACEHOLDER, item):
        return fault("table.placeholder", place, shown, Severity.WARNING, value=item)
    if private := re.search(_UNREADABLE, item):
        character, position = named(private[0]), private.start() + 1
        return fault(
            "table.unreadable-character",
            place,
            shown,
            Severity.WARNING,
            character=character,
            position=position,
        )
    if invisible := re.search(f"[{INVISIBLE}]", _JOINED.sub(lambda joined: "." * len(joined[0]), item)):
        is_sound = text_fault(re.sub(f"[{INVISIBLE}]", "", item), place) is None
        return invisible_character(item, invisible, place, Severity.WARNING, is_sound)
    if (meant := unescape(item).replace("\xa0", " ").strip()) != item and re.search(_REFERENCE, item):
        is_whole = 0 < len(meant) <= SUGGESTED and text_fault(meant, place) is None
        code = "table.character-reference.suggested" if is_whole else "table.character-reference"
        return fault(code, place, shown, Severity.WARNING, value=item, suggestion=meant)
    words = _ADDRESS.sub("", item)
    if encoded := re.search(_ENCODED, re.sub(r"\S+:/\S*", "", item)):
        return fault("table.encoded-letters", place, shown, Severity.WARNING, letters=encoded[0], value=item)
    if strange := re.search(_STRANGE, words):
        return fault("table.strange-letter", place, shown, Severity.WARNING, letters=strange[0], value=item)
    if gap := re.search(_GAP, words):
        return fault("table.lost-letter", place, shown, Severity.WARNING, letters=gap[0], value=item)
    if re.search(_FORMULA, item):
        return fault("table.like-formula", place, shown, Severity.WARNING, begin=item[0])
    return None
