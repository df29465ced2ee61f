"""Datatypes of CSVW and the formats of their cells (section 6.4 of "Tabular Data Model", W3C, 2015).

Numbers are written by patterns of UAX 35, dates and times by its letters, booleans as ``Y|N``, all else by
regular expressions.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from transfergraph.common.namespaces import XSD
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

CELL = "$cell"
"""What stands for a cell in the SQL of a notation."""


class ColumnKind(Enum):
    """What a cell may hold; decides how it is checked and normalised."""

    TEXT = "string"
    PATTERN = "string with a format"
    DATE = "date"
    MOMENT = "dateTime"
    EDTF = "edtf"
    INTEGER = "integer"
    DECIMAL = "decimal"
    URL = "anyURI"


@dataclass(frozen=True, slots=True)
class Notation:
    """How cells are written that are not in the form of XSD: a pattern of them, and SQL for that form."""

    format: str
    pattern: str
    sql: str


_ZONE = "(Z|[+-][0-9]{2}:[0-9]{2})"
_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?"
_MONTH = "(0[1-9]|1[0-2])"
_FLOAT = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"
_DATES = "([0-9]+Y([0-9]+M)?([0-9]+D)?|[0-9]+M([0-9]+D)?|[0-9]+D)"
_TIMES = r"([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S)"
_LAST_DAY = "(0[1-9]|[12][0-9]|3[01])"

_TEXTS = {
    "string": None,
    "normalizedString": r"[^\t\n\r]*",
    "token": r"[^\t\n\r ]+( [^\t\n\r ]+)*",
    "language": "[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*",
    "NMTOKEN": r"[-._:\p{L}\p{M}\p{N}]+",
    "Name": r"[_:\p{L}][-._:\p{L}\p{M}\p{N}]*",
    "hexBinary": "([0-9a-fA-F]{2})*",
    "base64Binary": "([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
    "duration": rf"-?P({_DATES}(T{_TIMES})?|T{_TIMES})",
    "dayTimeDuration": rf"-?P([0-9]+D(T{_TIMES})?|T{_TIMES})",
    "yearMonthDuration": "-?P([0-9]+Y([0-9]+M)?|[0-9]+M)",
}
_INTEGERS: Mapping[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}
_NUMBERS = {"decimal": None, "double": _FLOAT, "float": _FLOAT}
_MOMENTS = {
    "date": f"{_DAY}{_ZONE}?",
    "dateTime": f"{_DAY}T{_CLOCK}{_ZONE}?",
    "dateTimeStamp": f"{_DAY}T{_CLOCK}{_ZONE}",
    "time": f"{_CLOCK}{_ZONE}?",
}
_PATTERNS = {
    "gYear": f"-?[0-9]{{4,}}{_ZONE}?",
    "gYearMonth": f"-?[0-9]{{4,}}-{_MONTH}{_ZONE}?",
    "gMonth": f"--{_MONTH}{_ZONE}?",
    "gMonthDay": f"--{_MONTH}-{_LAST_DAY}{_ZONE}?",
    "gDay": f"---{_LAST_DAY}{_ZONE}?",
}
_ALIASES = {"number": "double", "datetime": "dateTime", "binary": "base64Binary"}
_SUPPORTED = {*_TEXTS, *_INTEGERS, *_NUMBERS, *_MOMENTS, *_PATTERNS, *_ALIASES, "anyURI", "boolean"}


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What the cells of a datatype are: their kind, the IRI of the datatype, and patterns of whole cells.

    ``least`` and ``greatest`` bound a number.
    """

    kind: ColumnKind
    datatype: str
    pattern: str | None = None
    notation: Notation | None = None
    least: int | None = None
    greatest: int | None = None


def cell_format(base: str, written: object, where: Text) -> CellFormat:
    """What the ``base`` and the ``format`` of a datatype say; raises :class:`WorkspaceError`."""
    if base not in _SUPPORTED:
        raise WorkspaceError(
            explained("error.csvw.unsupported", where=where, key="datatype", value=repr(base))
        )
    base = _ALIASES.get(base, base)
    iri = XSD + base
    if base in _INTEGERS or base in _NUMBERS:
        return _number(base, iri, written, where)
    if isinstance(written, dict) and set(written) == {"pattern"}:
        written = written["pattern"]
    if written is not None and not isinstance(written, str):
        raise WorkspaceError(
            explained(
                "error.csvw.form",
                where=where,
                key="format",
                value=repr(written),
                form=explained("error.csvw.a-text"),
            )
        )
    if base == "boolean":
        return _boolean(iri, written or "true|false", where)
    if base in _MOMENTS:
        return _moment(base, iri, written, where)
    if base in _PATTERNS:
        if written is not None:
            raise WorkspaceError(
                explained("error.csvw.unsupported", where=where, key="format", value=f"{written!r} ({base})")
            )
        return CellFormat(ColumnKind.PATTERN, iri, _PATTERNS[base])
    if base == "anyURI":
        return CellFormat(ColumnKind.URL, iri, written)
    own = _TEXTS[base]
    if written and own:
        raise WorkspaceError(
            explained("error.csvw.unsupported", where=where, key="format", value=f"{written!r} ({base})")
        )
    pattern = written or own
    return CellFormat(ColumnKind.PATTERN if pattern else ColumnKind.TEXT, iri, pattern)


def _boolean(iri: str, written: str, where: Text) -> CellFormat:
    yes, bar, no = written.partition("|")
    if not bar or not yes or not no or yes == no or "|" in no:
        raise WorkspaceError(explained("error.csvw.format-boolean", where=where, value=repr(written)))
    words = {"true": [yes], "false": [no]}
    if written == "true|false":
        words = {"true": ["true", "1"], "false": ["false", "0"]}
    sql = f"CASE WHEN {CELL} IN ({_listed(words['true'])}) THEN 'true' ELSE 'false' END"
    pattern = "|".join(re.escape(word) for of_value in words.values() for word in of_value)
    return CellFormat(ColumnKind.PATTERN, iri, "true|false", Notation(written, pattern, sql))


def _listed(words: list[str]) -> str:
    return ", ".join(_sql(word) for word in words)


def _sql(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_NUMBER_FORMAT = re.compile(
    r"(?P<sign>[+-]?)(?P<first>[%‰]?)(?P<whole>[#0,]*)(\.(?P<part>[#0,]*))?(?P<exponent>E[+-]?#*0+)?(?P<last>[%‰]?)"
)
_PLACES = 38


def _number(base: str, iri: str, written: object, where: Text) -> CellFormat:
    least, greatest = _INTEGERS.get(base, (None, None))
    kind = ColumnKind.INTEGER if base in _INTEGERS else ColumnKind.DECIMAL
    if written is None:
        return CellFormat(kind, iri, _NUMBERS.get(base), None, least, greatest)
    point, group, code = _number_marks(written, where)
    if code is None:
        digits = f"[0-9]+({re.escape(group)}[0-9]+)*"
        part = "" if kind is ColumnKind.INTEGER else f"({re.escape(point)}[0-9]+)?"
        share = "" if kind is ColumnKind.INTEGER else "%‰"
        pattern, is_plain = f"[+-]?{digits}{part}{f'[{share}]?' if share else ''}", False
    else:
        pattern, share, is_plain = _number_pattern(code, point, group, kind, where)
    if is_plain:
        return CellFormat(kind, iri, pattern, None, least, greatest)
    plain = f"replace(replace({CELL}, {_sql(group)}, ''), {_sql(point)}, '.')"
    for mark, power in (("%", 100), ("‰", 1000)):
        if mark in share:
            number = f"CAST(replace({plain}, '{mark}', '') AS DECIMAL(38, 12))"
            part = f"CAST({number} / {power} AS DECIMAL(38, 15))::VARCHAR"
            plain = f"CASE WHEN contains({CELL}, '{mark}') THEN {part} ELSE {plain} END"
    trimmed = f"regexp_replace({plain}, '^([+-]?[0-9]*\\.[0-9]*?)0+($|[eE])', '\\1\\2')"
    sql = f"regexp_replace({trimmed}, '\\.($|[eE])', '\\1')"
    name = code or f"{group}{point}"
    return CellFormat(kind, iri, _NUMBERS.get(base), Notation(name, pattern, sql), least, greatest)


def _number_marks(written: object, where: Text) -> tuple[str, str, str | None]:
    """The marks before decimals and between groups, and the pattern if there is one."""
    told: dict[str, object] = written if isinstance(written, dict) else {"pattern": written}
    point, group, code = told.get("decimalChar", "."), told.get("groupChar", ","), told.get("pattern", "")
    is_known = set(told) <= {"pattern", "decimalChar", "groupChar"} and told
    if not (is_known and isinstance(point, str) and isinstance(group, str) and isinstance(code, str)):
        raise WorkspaceError(explained("error.csvw.format-number", where=where, value=repr(written)))
    if point == group or any(len(mark) != 1 or mark.isalnum() or mark in "+-" for mark in (point, group)):
        raise WorkspaceError(explained("error.csvw.format-marks", where=where, value=repr(written)))
    return point, group, code if "pattern" in told else None


def _number_pattern(
    code: str, point: str, group: str, kind: ColumnKind, where: Text
) -> tuple[str, str, bool]:
    """The regular expression for a pattern of UAX 35, its sign for a share, and whether XSD writes it so."""
    found = _NUMBER_FORMAT.fullmatch(_with_usual_marks(code, point, group))
    whole, part = (found["whole"], found["part"] or "") if found else ("", "")
    forms = (re.fullmatch("[#,]*[0,]*", whole), re.fullmatch("[0,]*[#,]*", part))
    is_whole = kind is ColumnKind.INTEGER and (part or "E" in code or "%" in code or "‰" in code)
    if found is None or not all(forms) or is_whole or not (whole + part).strip(",") or ",," in whole + part:
        raise WorkspaceError(explained("error.csvw.format-number", where=where, value=repr(code)))
    share = found["first"] or found["last"]
    sign = {"+": "[+]", "-": "-", "": "-?"}[found["sign"]]
    sizes = [len(one) for one in whole.split(",")[1:]]
    near, far = (sizes[-1], sizes[-2] if len(sizes) > 1 else sizes[-1]) if sizes else (0, 0)
    if 0 in (near, far) and sizes:
        raise WorkspaceError(explained("error.csvw.format-number", where=where, value=repr(code)))
    digits = _whole_digits(whole.count("0"), near, far, re.escape(group))
    fewest, most = part.count("0"), part.count("0") + part.count("#")
    size = len(part.split(",")[0]) if "," in part else 0
    fractions = "|".join(_grouped(n, size, re.escape(group)) for n in range(max(fewest, 1), most + 1))
    fraction = f"({re.escape(point)}({fractions})){'' if fewest else '?'}" if most else ""
    exponent = f"E{'[+-]?' if '+' not in code[1:] else '[+-]'}[0-9]+" if found["exponent"] else ""
    pattern = f"{sign}{re.escape(found['first'])}{digits}{fraction}{exponent}{re.escape(found['last'])}"
    is_plain = not (sizes or fewest or share or exponent or found["sign"] or size) and point == "."
    if is_plain:
        pattern = rf"-?{digits}" + (rf"(\.[0-9]{{1,{most}}})?" if most else "")
    return pattern, share, is_plain


def _with_usual_marks(code: str, point: str, group: str) -> str:
    """A pattern with ``.`` and ``,`` for its own marks; nothing where it has others."""
    if set(".,") - {point, group} & set(code):
        return ""
    return code.translate({ord(point): ".", ord(group): ","})


def _whole_digits(fewest: int, near: int, far: int, group: str) -> str:
    if not near:
        return f"[0-9]{{{fewest},}}" if fewest > 1 else "[0-9]+" if fewest else "[0-9]*"
    return f"({'|'.join(_from_right(n, near, far, group) for n in range(max(fewest, 1), _PLACES + 1))})"


def _from_right(digits: int, near: int, far: int, group: str) -> str:
    if digits <= near:
        return f"[0-9]{{{digits}}}"
    first, groups = (digits - near) % far, (digits - near) // far
    begin = f"[0-9]{{{first}}}{group}" if first else ""
    return f"{begin}{f'[0-9]{{{far}}}{group}' * groups}[0-9]{{{near}}}"


def _grouped(digits: int, size: int, group: str) -> str:
    if not size:
        return f"[0-9]{{{digits}}}"
    cuts = [*range(0, digits, size), digits]
    return group.join(f"[0-9]{{{end - begin}}}" for begin, end in pairwise(cuts))


_LETTERS = re.compile(r"yyyy|MM|M|dd|d|HH|mm|ss|S+|XXX|XX|X|xxx|xx|x|T|[-/. :]")
_PARTS = {
    "yyyy": "([0-9]{4})",
    **dict.fromkeys(("MM", "dd", "HH", "mm", "ss"), "([0-9]{2})"),
    **dict.fromkeys(("M", "d"), "([0-9]{1,2})"),
    **{"X": "(Z|[+-][0-9]{2}(?:[0-9]{2})?)", "XX": "(Z|[+-][0-9]{4})", "XXX": "(Z|[+-][0-9]{2}:[0-9]{2})"},
    **{"x": "([+-][0-9]{2}(?:[0-9]{2})?)", "xx": "([+-][0-9]{4})", "xxx": "([+-][0-9]{2}:[0-9]{2})"},
}
_NEEDED = {"date": {"y", "M", "d"}, "time": {"H", "m"}}


def _moment(base: str, iri: str, written: str | None, where: Text) -> CellFormat:
    if base == "date" and written in (None, "yyyy-MM-dd"):
        return CellFormat(ColumnKind.DATE, iri)
    if written is None:
        return CellFormat(ColumnKind.MOMENT, iri, _MOMENTS[base])
    parts = _LETTERS.findall(written)
    places: dict[str, int] = {}
    pattern = ""
    for part in parts:
        form = rf"(?:\.([0-9]{{1,{len(part)}}}))?" if part[0] == "S" else _PARTS.get(part)
        if form is None:
            pattern += re.escape(part)
            continue
        if part[0] == "S":
            pattern = pattern.removesuffix(r"\.")
        letter = part[0].lower() if part[0] in "xX" else part[0]
        places[letter] = len(places) + 1 if letter not in places else 0
        pattern += form
    needed = _NEEDED.get(base) or _NEEDED["date"] | _NEEDED["time"]
    is_whole = "".join(parts) == written and 0 not in places.values()
    has_all = needed <= set(places) <= needed | ({"x"} if base == "date" else {"s", "S", "x"})
    if not is_whole or not has_all or (base == "dateTimeStamp" and "x" not in places):
        raise WorkspaceError(
            explained("error.csvw.unsupported", where=where, key="format", value=repr(written))
        )
    sql = _moment_sql(base, pattern, places)
    kind = ColumnKind.DATE if base == "date" and "x" not in places else ColumnKind.MOMENT
    canonical = None if kind is ColumnKind.DATE else _MOMENTS[base]
    return CellFormat(kind, iri, canonical, Notation(written, pattern, sql))


def _moment_sql(base: str, pattern: str, places: Mapping[str, int]) -> str:
    def part(letter: str) -> str:
        return f"regexp_extract({CELL}, {_sql(pattern)}, {places[letter]})"

    pieces = []
    if base != "time":
        pieces += [part("y"), "'-'", f"lpad({part('M')}, 2, '0')", "'-'", f"lpad({part('d')}, 2, '0')"]
    if base.startswith("dateTime"):
        pieces.append("'T'")
    if base != "date":
        pieces += [part("H"), "':'", part("m"), "':'", part("s") if "s" in places else "'00'"]
    if "S" in places:
        fraction = f"rtrim({part('S')}, '0')"
        pieces.append(f"CASE WHEN {fraction} <> '' THEN '.' || {fraction} ELSE '' END")
    if "x" in places:
        zone = f"replace({part('x')}, ':', '')"
        minutes = f"CASE WHEN length({zone}) > 3 THEN right({zone}, 2) ELSE '00' END"
        pieces.append(f"CASE WHEN {zone} = 'Z' THEN 'Z' ELSE left({zone}, 3) || ':' || {minutes} END")
    return " || ".join(f"({piece})" for piece in pieces)
