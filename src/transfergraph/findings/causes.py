"""Many findings as few causes: what has one severity, one code and one column (or path) is one group."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from transfergraph.common.displayed_values import shorten
from transfergraph.common.text import Text
from transfergraph.findings import Finding, Report, Severity

EXAMPLES = 3
"""How many examples and how many frequent values a group keeps."""

_OF_KEYS = ("table.blank-key", "table.duplicate-key", "table.unknown-list")
_GAP = "…"
_LIKE_QUOTES = (_GAP, "„", "“", '"')
_MESSAGE_LENGTH = 1000
_TOKEN = re.compile(r"„[^“]*“|“[^”]*”|\"[^\"]*\"|\s+|[.,;:!?]+(?=\s|$)|(?:(?![.,;:!?]+(?:\s|$))\S)+")


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """Findings with one cause.

    ``subject`` is the column, or the path where no column is known. ``message`` and ``remedy`` are what
    those of all its findings have in common, with ``…`` where they differ. ``values`` are the most
    frequent values, each with its count, where a value occurs more than once. ``members`` are all its
    findings, ``examples`` the first of them.
    """

    severity: Severity
    code: str
    subject: str | None
    count: int
    message: Text
    remedy: Text
    values: tuple[tuple[str, int], ...]
    members: tuple[Finding, ...]

    @property
    def examples(self) -> tuple[Finding, ...]:
        """The first findings."""
        return self.members[:EXAMPLES]


def group_findings(report: Report) -> tuple[FindingGroup, ...]:
    """The groups of a report: gravest first, then what others may follow from, then the largest."""
    members: dict[tuple[Severity, str, str], list[Finding]] = defaultdict(list)
    for finding in report.findings:
        subject = finding.place.column or finding.path_text or ""
        members[finding.severity, finding.code, subject].append(finding)
    found = [_group(severity, code, subject, group) for (severity, code, subject), group in members.items()]
    return tuple(sorted(found, key=_order))


def _order(group: FindingGroup) -> tuple[int, bool, int, str, str]:
    return group.severity.rank, not _leads(group), -group.count, group.code, group.subject or ""


def _leads(group: FindingGroup) -> bool:
    """Whether findings of other groups may follow from those of this one: a table that cannot be read or a
    key that is not there makes a fault of each cell that refers to it."""
    place = group.members[0].place
    is_whole = place.file is not None and place.row in (None, 1)
    return is_whole or group.code.startswith(_OF_KEYS)


def generalise(messages: Iterable[str]) -> str:
    """What the messages have in common, with ``…`` where they differ.

    Messages of as many words, a quoted text being one, are compared word by word; of such sets of
    messages the common beginning and end remain.
    """
    wordings: dict[int, list[str]] = {}
    for message in dict.fromkeys(messages):
        tokens = _TOKEN.findall(shorten(message, _MESSAGE_LENGTH))
        known = wordings.setdefault(len(tokens), tokens)
        wordings[len(tokens)] = [_either(one, other) for one, other in zip(known, tokens, strict=True)]
    return "".join(_close(reduce(_ends, wordings.values()) if wordings else []))


def _group(severity: Severity, code: str, subject: str, members: Sequence[Finding]) -> FindingGroup:
    values = Counter(finding.value for finding in members if finding.value is not None)
    frequent = sorted(values.items(), key=lambda item: (-item[1], item[0]))[:EXAMPLES]
    return FindingGroup(
        severity=severity,
        code=code,
        subject=subject or None,
        count=len(members),
        message=_in_common(finding.message for finding in members),
        remedy=_in_common(finding.remedy for finding in members),
        values=tuple((value, count) for value, count in frequent if count > 1),
        members=tuple(members),
    )


def _in_common(texts: Iterable[Text]) -> Text:
    first, *others = dict.fromkeys(texts)
    return first.each(lambda *wordings: generalise(wordings), *others)


def _either(one: str, other: str) -> str:
    return one if one == other else _GAP


def _ends(one: list[str], other: list[str]) -> list[str]:
    """The common beginning and end with a gap between; a gap or a quote equals every gap or quote."""

    def matches(index: int) -> bool:
        pair = one[index], other[index]
        return pair[0] == pair[1] or all(token.startswith(_LIKE_QUOTES) for token in pair)

    shortest = min(len(one), len(other))
    start = 0
    while start < shortest and matches(start):
        start += 1
    end = 0
    while end < shortest - start and matches(-1 - end):
        end += 1
    beginning = [_either(*pair) for pair in zip(one[:start], other[:start], strict=True)]
    ending = [_either(*pair) for pair in zip(one[len(one) - end :], other[len(other) - end :], strict=True)]
    return [*beginning, _GAP, *ending]


def _close(tokens: list[str]) -> list[str]:
    """Neighbouring gaps as one, also where only white space is between them."""
    closed: list[str] = []
    for token in tokens:
        if token == _GAP and closed and closed[-1] == _GAP:
            continue
        if token == _GAP and len(closed) > 1 and closed[-2] == _GAP and closed[-1].isspace():
            closed.pop()
            continue
        closed.append(token)
    return closed
