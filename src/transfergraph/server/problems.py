"""Problem details for HTTP APIs (RFC 9457): what went wrong, for programs and people."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from transfergraph.common.process_endings import Ending
from transfergraph.common.text import ENGLISH, Text
from transfergraph.messages import both, interface_languages


@dataclass(frozen=True, slots=True)
class Problem:
    """Problem details: ``detail`` is a sentence that names thing and remedy.

    ``kind`` is the last part of its ``type``, a relative reference to the list of problems at ``/problems``.
    ``more`` has extension members; ``headers`` are fields of the answer; ``sentence`` is
    the detail in other languages, where it is in any.
    """

    status: int
    kind: str
    detail: str
    more: Mapping[str, object] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()
    sentence: Text | None = None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which it can be told, English first."""
        sentence = self.sentence
        return (ENGLISH, *(() if sentence is None else filter(sentence.has, interface_languages())))

    def to_json(self, prefix: str, language: str = ENGLISH) -> bytes:
        """The JSON document; ``prefix`` is the path of the start page."""
        values: dict[str, object] = {
            "type": f"{prefix}problems#{self.kind}",
            "title": TITLES.get(self.kind, HTTPStatus(self.status).phrase),
            "status": self.status,
            "detail": self.detail if self.sentence is None else self.sentence.in_language(language),
            **self.more,
        }
        return json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n"


TITLES: Mapping[str, str] = {
    "bad-query": "The query is not valid",
    "bad-request": "The request is not as the protocol asks",
    "busy": "All workers are busy",
    "crash": "The query could not be processed",
    "engine": "The query engine failed",
    "killed": "The query was ended by the system",
    "memory": "The query needs too much memory",
    "not-acceptable": "There is no such form",
    "not-found": "There is nothing here",
    "host": "The server has another name",
    "gone": "This was here once",
    "range": "There is no such part",
    "room": "There is no room for a large answer",
    "refused": "This is not allowed",
    "stopping": "Queries are being stopped",
    "share": "Too many requests of one client",
    "time": "The query takes too long",
    "too-long": "The request is too long",
    "method": "The method is not allowed",
    "media-type": "The request has a form that is not understood",
    "store": "The store failed",
    "failure": "The server failed",
}
"""The title of each kind of problem."""


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
    sentence = both(f"ended.{ending}", **values)
    headers = (retry_after(seconds),) if seconds else ()
    return Problem(status, ending, sentence.english, {}, headers, sentence)
