"""A report as JSON, for programs, and back.

The structure, whose ``version`` grows when a program that reads it would have to change::

    {
      "version": 1,
      "conforms": false,                    no finding is a violation
      "counts": {"violation": 2, "warning": 0, "info": 0},
      "groups": [                           the causes, gravest and largest first
        {
          "severity": "violation", "code": "table.german-date",
          "page": "https://…",              what the code means, with an example
          "subject": "end", "count": 2,
          "message": {"de": "…", "en": "…"}, "remedy": {"de": "…", "en": "…"},
          "values": [{"value": "31.12.2019", "count": 2}],
          "examples": [0, 1]                positions in "findings"
        }
      ],
      "findings": [
        {
          "severity": "violation",          or "warning" or "info"
          "code": "table.german-date",
          "message": {"de": "…", "en": "…"},
          "remedy": {"de": "…", "en": "…"},
          "place": {"source": "saxony", "file": "data/saxony/projects.csv", "sheet": null,
                    "row": 17, "column": "end", "letter": "M"},
          "value": "31.12.2019",
          "focus": null, "path": null, "shape": null, "component": null,
          "contradiction": false            true: two statements disagree, and both may stand
        }
      ]
    }

In the text each group and each finding stands on one line. Every key is always there; what is not known
is null. Characters that cannot be seen are escaped, so that the text is safe to show in a terminal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from transfergraph.common.displayed_values import shorten
from transfergraph.common.property_paths import parse_path
from transfergraph.common.text import Languages, Text
from transfergraph.errors import ReleaseError
from transfergraph.findings import Finding, Place, Report, Severity
from transfergraph.findings.causes import FindingGroup, group_findings
from transfergraph.messages import explained

VERSION = 1

_NAMES = {severity: severity.name.lower() for severity in Severity}
_SEVERITIES = {name: severity for severity, name in _NAMES.items()}
_PLACE = ("source", "file", "sheet", "row", "column", "letter")
_OPTIONAL = ("value", "focus", "path", "shape", "component")
_UNSEEN = re.compile("[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")
_VALUE_LENGTH = 200


def report_to_json(report: Report, languages: Languages) -> str:
    """The report, told in these languages, as JSON text that ends with a line break."""
    positions = {finding: position for position, finding in enumerate(report.findings)}
    content = {
        "version": VERSION,
        "conforms": report.conforms,
        "counts": {name: report.count(severity) for severity, name in _NAMES.items()},
        "groups": [_group(group, positions, languages) for group in group_findings(report)],
        "findings": [finding_content(finding, languages) for finding in report.findings],
    }
    return dump_json(content, levels=2)


def report_from_json(text: str) -> Report:
    """The report that :func:`report_to_json` wrote.

    Raises :class:`ReleaseError` when the text is something else or of another version.
    """
    try:
        content = json.loads(text)
        if content["version"] != VERSION:
            raise ReleaseError(explained("error.report.version", content=content["version"], version=VERSION))
        return Report.of(_read_finding(entry) for entry in content["findings"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ReleaseError(explained("error.report.damaged", error=repr(error))) from error


def dump_json(content: object, levels: int) -> str:
    """JSON with umlauts as they are and invisible characters as escapes, ending with a line break.

    Objects and arrays are spread over lines down to that many levels; what lies deeper is on one line.
    """
    return escape_unseen("".join(_spread(content, levels, "\n"))) + "\n"


def escape_unseen(written: str) -> str:
    """JSON or Turtle with its invisible characters as ``\\u`` and four digits, which mean the same there."""
    return _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04X}", written)


def finding_content(finding: Finding, languages: Languages) -> dict[str, object]:
    """A finding as an entry of ``findings``."""
    return {
        "severity": _NAMES[finding.severity],
        "code": finding.code,
        "message": finding.message.by_language(languages),
        "remedy": finding.remedy.by_language(languages),
        "place": {name: getattr(finding.place, name) for name in _PLACE},
        **{name: finding.path_text if name == "path" else getattr(finding, name) for name in _OPTIONAL},
        "contradiction": finding.contradiction,
    }


def _spread(content: object, levels: int, line: str) -> Iterator[str]:
    match content:
        case dict() if content and levels:
            marks = "{}"
            entries = ((f"{json.dumps(key, ensure_ascii=False)}: ", value) for key, value in content.items())
        case list() if content and levels:
            marks = "[]"
            entries = (("", value) for value in content)
        case _:
            yield json.dumps(content, ensure_ascii=False, allow_nan=False)
            return
    before = marks[0]
    for label, value in entries:
        yield f"{before}{line} {label}"
        yield from _spread(value, levels - 1, f"{line} ")
        before = ","
    yield f"{line}{marks[1]}"


def _group(group: FindingGroup, positions: dict[Finding, int], languages: Languages) -> dict[str, object]:
    return {
        "severity": _NAMES[group.severity],
        "code": group.code,
        "page": group.members[0].page,
        "subject": group.subject,
        "count": group.count,
        "message": group.message.by_language(languages),
        "remedy": group.remedy.by_language(languages),
        "values": [{"value": shorten(v, _VALUE_LENGTH), "count": n} for v, n in group.values],
        "examples": [positions[finding] for finding in group.examples],
    }


def _read_finding(entry: dict[str, Any]) -> Finding:
    optional: dict[str, Any] = {name: _known(entry[name]) for name in _OPTIONAL if name != "path"}
    return Finding(
        severity=_SEVERITIES[entry["severity"]],
        code=_string(entry["code"]),
        message=_read_text(entry["message"]),
        remedy=_read_text(entry["remedy"]),
        place=_read_place(entry["place"]),
        path=None if entry["path"] is None else parse_path(_string(entry["path"])),
        contradiction=entry.get("contradiction") is True,
        **optional,
    )


def _read_place(entry: dict[str, Any]) -> Place:
    row = entry["row"]
    if row is not None and type(row) is not int:
        raise TypeError(f"place.row: a row number was expected, not {row!r:.40}")
    return Place(row=row, **{name: _known(entry[name]) for name in _PLACE if name != "row"})


def _read_text(entry: dict[str, Any]) -> Text:
    texts = {language: _string(text) for language, text in entry.items()}
    if not texts:
        raise ValueError("a text in at least one language was expected")
    return Text(texts)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, not {value!r:.40}")
    return value


def _known(value: object) -> str | None:
    return None if value is None else _string(value)
