"""The properties of a CSVW description and what their values may be, as far as we support them.

"Metadata Vocabulary for Tabular Data" (W3C, 2015), section 5.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from transfergraph.common.iris import language_fault
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

Described = Mapping[str, Any]
Check = tuple[str, Callable[[Any], bool]]

CONTEXT = "http://www.w3.org/ns/csvw"


_FILE = re.compile(r"[\w-]+\.csv")


def _is_file(value: str) -> bool:
    return _FILE.fullmatch(value) is not None


def _all(value: Any, kind: type) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _is_titles(value: Any) -> bool:
    if isinstance(value, dict):
        return all(
            language_fault(tag) is None and (isinstance(v, str) or _all(v, str)) for tag, v in value.items()
        )
    return isinstance(value, str) or _all(value, str)


_TEXT: Check = ("error.csvw.a-text", lambda v: isinstance(v, str))
_FLAG: Check = ("error.csvw.a-flag", lambda v: isinstance(v, bool))
_OBJECT: Check = ("error.csvw.an-object", lambda v: isinstance(v, dict))
_OBJECTS: Check = ("error.csvw.objects", lambda v: _all(v, dict))
_SOME_OBJECTS: Check = ("error.csvw.some-objects", lambda v: bool(v) and _all(v, dict))
NAMES: Check = (
    "error.csvw.names",
    lambda v: isinstance(v, str) or (v and _all(v, str)),
)
_TITLES: Check = ("error.csvw.titles", _is_titles)
_NULL: Check = ("error.csvw.texts", lambda v: isinstance(v, str) or _all(v, str))
_SEPARATOR: Check = ("error.csvw.a-separator", lambda v: v is None or (isinstance(v, str) and v != ""))
_TAG: Check = ("error.csvw.a-tag", lambda v: isinstance(v, str) and language_fault(v) is None)
_DIRECTION: Check = ("error.csvw.a-direction", lambda v: v in ("ltr", "rtl", "auto", "inherit"))
_TYPE: Check = ("error.csvw.a-type", lambda v: isinstance(v, (str, dict)))
_LINK: Check = ("error.csvw.a-link", lambda v: isinstance(v, str) and not v.startswith("_:"))
_ANY: Check = ("error.csvw.a-text", lambda v: True)
_URL: Check = (
    "error.csvw.a-file",
    lambda v: isinstance(v, str) and _is_file(v),
)

INHERITED: dict[str, Check] = {
    **{"aboutUrl": _TEXT, "propertyUrl": _TEXT, "valueUrl": _TEXT, "datatype": _TYPE, "default": _TEXT},
    **{"lang": _TAG, "null": _NULL, "ordered": _FLAG, "required": _FLAG, "separator": _SEPARATOR},
    "textDirection": _DIRECTION,
}
ANYWHERE = {"@id": _LINK, "@type": _TEXT}
_SHARED = {
    **ANYWHERE,
    "dialect": _OBJECT,
    "notes": _ANY,
    "tableDirection": _DIRECTION,
    "transformations": _OBJECTS,
}
GROUP = {**_SHARED, **INHERITED, "@context": _ANY, "tables": _SOME_OBJECTS}
TABLE = {**_SHARED, **INHERITED, "url": _URL, "tableSchema": _OBJECT, "suppressOutput": _FLAG}
SCHEMA = {
    **{**ANYWHERE, **INHERITED, "columns": _SOME_OBJECTS, "foreignKeys": _OBJECTS},
    **{"primaryKey": NAMES, "rowTitles": NAMES},
}
COLUMN = {
    **{**ANYWHERE, **INHERITED, "name": _TEXT, "titles": _TITLES},
    **{"suppressOutput": _FLAG, "virtual": _FLAG},
}
_CLASSES = frozenset(
    ["TableGroup", "Table", "Schema", "Column", "Dialect", "Template", "Transformation", "Cell", "Row"]
)
DATATYPES = frozenset(
    [
        "any",
        "anyAtomicType",
        "anyURI",
        "base64Binary",
        "binary",
        "boolean",
        "byte",
        "date",
        "datetime",
        "dateTime",
        "dateTimeStamp",
        "dayTimeDuration",
        "decimal",
        "double",
        "duration",
        "float",
        "gDay",
        "gMonth",
        "gMonthDay",
        "gYear",
        "gYearMonth",
        "hexBinary",
        "html",
        "int",
        "integer",
        "json",
        "language",
        "long",
        "Name",
        "negativeInteger",
        "NMTOKEN",
        "nonNegativeInteger",
        "nonPositiveInteger",
        "normalizedString",
        "number",
        "positiveInteger",
        "QName",
        "short",
        "string",
        "time",
        "token",
        "unsignedByte",
        "unsignedInt",
        "unsignedLong",
        "unsignedShort",
        "untypedAtomic",
        "xml",
        "yearMonthDuration",
    ]
)
"""The names of all datatypes that CSVW has, be they supported or not."""

TRANSFORMATION = {
    **{**ANYWHERE, "url": _TEXT, "scriptFormat": _TEXT, "source": _ANY, "targetFormat": _TEXT},
    "titles": _TITLES,
}
TYPES = {
    "transformation": "Template",
    "group": "TableGroup",
    "table": "Table",
    "schema": "Schema",
    "column": "Column",
}
_DIALECT: dict[str, tuple[Any, ...]] = {
    **{"delimiter": (",", ";", "\t"), "encoding": ("utf-8", "UTF-8", "utf8"), "quoteChar": ('"',)},
    **{
        "doubleQuote": (True,),
        "header": (True,),
        "headerRowCount": (1,),
        "skipRows": (0,),
        "skipColumns": (0,),
    },
    **{
        "trim": (True, "true"),
        "lineTerminators": ("\n", "\r\n"),
        "commentPrefix": (None, "#"),
        "@type": ("Dialect",),
    },
}
"""Of a dialect what our reader does anyway."""


def check_dialect(dialect: Described, where: Text) -> None:
    """Refuse what our reader does otherwise; raises :class:`WorkspaceError`."""
    for key, value in dialect.items():
        if key not in _DIALECT or not any(type(value) is type(one) and value == one for one in _DIALECT[key]):
            raise WorkspaceError(
                explained("error.csvw.unsupported", where=where, key=f"dialect, {key}", value=repr(value))
            )


def check_json_ld(value: Described, where: Text) -> None:
    """Refuse what is no value of a common property (section 5.8); raises :class:`WorkspaceError`."""
    allowed = {"@value", "@type", "@language"} if "@value" in value else {"@id", "@type"}
    for key, one in value.items():
        is_known = key in allowed if key.startswith("@") or "@value" in value else ":" in key
        if not is_known or (key.startswith("@") and not _is_keyword_value(key, one, value)):
            raise WorkspaceError(explained("error.csvw.common", where=where, key=key, value=repr(one)))


def _is_keyword_value(key: str, value: Any, entry: Described) -> bool:
    if key == "@value":
        return not isinstance(value, (dict, list))
    if not isinstance(value, str) or value.startswith("_:"):
        return False
    if key == "@language":
        return language_fault(value) is None and "@type" not in entry
    return key == "@id" or ":" in value or value in _CLASSES | DATATYPES
