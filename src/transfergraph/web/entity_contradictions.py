"""Where sources disagree about an entity, as the report of a release tells it.

The report has a finding on each line (``finding_reports/json_report.py``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from transfergraph.common.date_words import date_words
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained

REPORT = "report.json"

_ENDS = b'"contradiction": true}'
_DATE = re.compile(r"\b\d{4}-\d{2}(-\d{2})?\b")
_MOST = 10_000  # that are kept of a release

Contradictions = Mapping[str, tuple[Text, ...]]
"""What disagrees, in words, by the IRI of the entity or record that it was found at."""


class _Finding(msgspec.Struct):
    message: dict[str, str]
    focus: str | None = None


def read_contradictions(release: Path) -> Contradictions:
    """Those of the report of a release, the first of very many.

    Raises :class:`ReleaseError` when it is damaged.
    """
    file, found, count = release / REPORT, dict[str, tuple[Text, ...]](), 0
    if not file.is_file():
        return found
    with file.open("rb") as lines:
        for line in lines:
            content = line.strip().rstrip(b",")
            if content.endswith(_ENDS) and count < _MOST:
                try:
                    finding = msgspec.json.decode(content, type=_Finding)
                except (msgspec.DecodeError, ValueError) as error:
                    raise ReleaseError(explained("error.release.damaged-file", file=file)) from error
                if finding.focus is not None:
                    found[finding.focus] = (*found.get(finding.focus, ()), Text(finding.message))
                    count += 1
    return found


def contradictions_at(known: Contradictions, iris: Iterable[str], language: str) -> tuple[str, ...]:
    """What was found at these, each once, with dates as people write them."""
    found = dict.fromkeys(one for iri in dict.fromkeys(iris) for one in known.get(iri, ()))
    return tuple(
        _DATE.sub(lambda date: date_words(date[0], language), one.in_language(language)) for one in found
    )
