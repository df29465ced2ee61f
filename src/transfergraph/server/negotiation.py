"""Which of several things a client likes best (RFC 9110, section 12.5)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple, TypeVar

T = TypeVar("T")

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_MEMBERS = 64


class Preference(NamedTuple):
    """One member of a header field: a range and its weight from 0 to 1."""

    range: str
    quality: float


@lru_cache(maxsize=1024)
def preferences(field: str) -> tuple[Preference, ...]:
    """The members of ``Accept``, ``Accept-Language`` or ``Accept-Encoding``, in lower case.

    Parameters other than the weight are passed over, and so are members whose weight is no weight. No more
    than 64 members are read.
    """
    found = []
    for member in field.split(",")[:_MEMBERS]:
        name, *parameters = (part.strip() for part in member.lower().split(";"))
        weights = [p.partition("=")[2].strip() for p in parameters if p.partition("=")[0].strip() == "q"]
        weight = weights[0] if weights else "1"
        if name and _QUALITY.fullmatch(weight):
            found.append(Preference(name, float(weight)))
    return tuple(found)


def choose_media_type(accept: str, offers: Sequence[tuple[str, T]]) -> tuple[str, T] | None:
    """The offered media type, with its value, of the greatest weight; the first of several.

    The most specific range that fits an offer gives its weight. Without a preference the first offer is
    taken; None means that the client wants none of them (406).
    """
    members = preferences(accept)
    if not members:
        return offers[0]
    weighed = [(_media_quality(members, media_type), (media_type, value)) for media_type, value in offers]
    best = max(quality for quality, _ in weighed)
    return None if best == 0 else next(content for quality, content in weighed if quality == best)


def _media_quality(members: Sequence[Preference], media_type: str) -> float:
    for wanted in (media_type, media_type.partition("/")[0] + "/*", "*/*"):
        found = [member.quality for member in members if member.range == wanted]
        if found:
            return max(found)
    return 0.0


def choose_language(field: str, offers: Sequence[str]) -> str:
    """The offered language of the greatest weight (RFC 4647, lookup); the first when none is wanted."""
    members = sorted(preferences(field), key=lambda member: -member.quality)
    for member in members:
        if member.quality > 0:
            primary = member.range.partition("-")[0]
            if member.range in offers or primary in offers:
                return member.range if member.range in offers else primary
            if member.range == "*":
                return offers[0]
    return offers[0]


@lru_cache(maxsize=1024)
def choose_coding(field: str) -> str:
    """``br``, ``gzip`` or ``identity``: the content coding of the greatest weight that is on offer.

    Without the field nothing is encoded. ``identity`` stays when everything is refused: an answer that is
    not encoded helps more than none.
    """
    members = {member.range: member.quality for member in preferences(field)}
    if not members:
        return "identity"
    rest = members.get("*", 0.0)
    weights = {coding: members.get(coding, rest) for coding in ("br", "gzip")}
    best = max(weights, key=lambda coding: weights[coding])
    floor = members.get("identity", 0.0)
    return best if weights[best] > 0 and weights[best] >= floor else "identity"
