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
_ADDRESS = re.compile(r"\S*[/=]\S*")
_TURNING = "[\u202a-\u202e\u2066-\u2069]"
_LOST = "\ufffd"
_FORMULA = "^[=+@-]"
_ERRORS = (
    *(
        "#NULL!",
        "#DIV/0!",
        "#VALUE!",
        "#REF!",
        "#NAME?",
        "#NUM!",
        "#N/A",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
    ),
    *("#FIELD!", "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#PYTHON!"),
    *("#WERT!", "#BEZUG!", "#ZAHL!", "#NV", "#ÜBERLAUF!", "#FELD!", "#BLOCKIERT!"),  # German
    *("#NUL!", "#VALEUR!", "#NOM?", "#NOMBRE!", "#¡REF!", "#¡VALOR!", "#¿NOMBRE?", "#¡NUM!", "#¡DIV/0!"),
    *("#ARG!", "#ADR!", "#NAZWA?", "#LICZBA!", "#ZERO!"),  # Polish
)
ERROR_VALUE = rf"^({'|'.join(map(re.escape, _ERRORS))}|Err:[0-9]{{3}})$"
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"  # bytes 80 to BF, read as Windows-1252
_MISREAD = f"[\u00c2-\u00f4][{_CONTINUED}]"
_JOINED = re.compile("(?<=[\u0590-\U0010ffff])[\u200c\u200d]|[\u200c\u200d](?=[\u0590-\U0010ffff])")

SUSPICIOUS = "|".join(
    (CONTROL, _MARKUP, f"[{INVISIBLE}{_LOST}]", _FORMULA, ERROR_VALUE, _MISREAD, _REFERENCE, _GAP)
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
    if invisible := re.search(f"[{INVISIBLE}]", _JOINED.sub(lambda joined: "." * len(joined[0]), item)):
        is_sound = text_fault(re.sub(f"[{INVISIBLE}]", "", item), place) is None
        return invisible_character(item, invisible, place, Severity.WARNING, is_sound)
    if (meant := unescape(item).replace("\xa0", " ").strip()) != item and re.search(_REFERENCE, item):
        is_whole = 0 < len(meant) <= SUGGESTED and text_fault(meant, place) is None
        code = "table.character-reference.suggested" if is_whole else "table.character-reference"
        return fault(code, place, shown, Severity.WARNING, value=item, suggestion=meant)
    if gap := re.search(_GAP, _ADDRESS.sub("", item)):
        return fault("table.lost-letter", place, shown, Severity.WARNING, letters=gap[0], value=item)
    if re.search(_FORMULA, item):
        return fault("table.like-formula", place, shown, Severity.WARNING, begin=item[0])
    return None
