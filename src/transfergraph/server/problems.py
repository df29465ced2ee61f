"""Problem details for HTTP APIs (RFC 9457): what went wrong, for programs and people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from transfergraph.common.json_text import json_text
from transfergraph.common.process_endings import Ending
from transfergraph.common.text import ENGLISH, Text
from transfergraph.errors import TransfergraphError
from transfergraph.messages import both, interface_languages, text


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem details: ``detail`` are sentences that name thing and remedy.

    ``kind`` is the last part of its ``type``, a relative reference to the list of problems at ``/problems``.
    ``more`` has extension members; ``headers`` are fields of the answer.
    """

    status: int
    kind: str
    detail: Text
    more: Mapping[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be told, English first."""
        return (ENGLISH, *filter(self.detail.has, interface_languages()))

    def to_json(self, prefix: str, language: str = ENGLISH) -> bytes:
        """The JSON document; ``prefix`` is the path of the start page."""
        values: dict[str, object] = {
            "type": f"{prefix}problems#{self.kind}",
            "title": title(self.kind, language) if self.kind in KINDS else HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail.in_language(language),
            **self.more,
        }
        return json_text(values).encode()


KINDS = (
    "bad-query",
    "bad-request",
    "busy",
    "crash",
    "engine",
    "killed",
    "memory",
    "not-acceptable",
    "not-found",
    "host",
    "gone",
    "precondition",
    "range",
    "room",
    "refused",
    "stopping",
    "share",
    "time",
    "too-long",
    "method",
    "media-type",
    "store",
    "failure",
)
"""The kinds of problems."""


def title(kind: str, language: str) -> str:
    """What a kind of problem is called."""
    return text(f"problem.title.{kind}", language)


def told(error: TransfergraphError) -> Text:
    """What an error tells, as the detail of a problem."""
    reason = error.args[0]
    return reason if isinstance(reason, Text) else Text(en=str(reason))


def retry_after(seconds: int) -> tuple[str, str]:
    """The field ``Retry-After`` (RFC 9110, section 10.2.3)."""
    return ("retry-after", str(seconds))


_ENDED: Mapping[Ending, tuple[int, int]] = {
    Ending.TIME: (422, 0),
    Ending.MEMORY: (422, 0),
    Ending.ENGINE: (500, 0),
    Ending.CRASH: (422, 0),
    Ending.KILLED: (503, 10),
    Ending.STOPPING: (503, 2),
    Ending.FAILURE: (503, 5),
}
"""The status of each ending, and the seconds after which a retry may help; 0 where it does not."""


def ended(ending: Ending, **values: int) -> Problem:
    """The problem of a query that ended without an answer; ``values`` are for the sentence."""
    status, seconds = _ENDED[ending]
    headers = (retry_after(seconds),) if seconds else ()
    return Problem(status, ending, both(f"ended.{ending}", **values), headers=headers)
