"""Links with a relation, as a field of an answer has them (Web Linking, RFC 8288, section 3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypedLink:
    """A link with its relation (IANA registry of link relations), and the media type of what it leads to."""

    relation: str
    target: str
    media_type: str = ""

    def __str__(self) -> str:
        kind = f'; type="{self.media_type}"' if self.media_type else ""
        return f'<{self.target}>; rel="{self.relation}"{kind}'
