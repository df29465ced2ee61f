"""Earlier states of the files of a release by their time: Memento (RFC 7089).

A file at its own address is the original resource; the same file of a kept release, below ``releases/``, is a
memento, since it never changes. The TimeGate leads to the one of a time, the TimeMap lists them all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import quote

from starlette.responses import Response

from transfergraph.common.formats import LINK_FORMAT
from transfergraph.messages import explained
from transfergraph.release.publish_release import RELEASES
from transfergraph.server.caching import CACHED
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal, response
from transfergraph.server.pool.kept_releases import KeptReleases
from transfergraph.server.problems import Problem
from transfergraph.web.listed_files import find_file
from transfergraph.web.typed_links import TypedLink

TIMEGATE, TIMEMAP = "timegate/", "timemap/"


@dataclass(frozen=True, slots=True)
class _Memento:
    """A file of a kept release: its address, and since when it was so."""

    target: str
    since: datetime

    def link(self, relation: str) -> str:
        return f'<{self.target}>; rel="{relation}"; datetime="{_http_date(self.since)}"'


def memento_links(local: str, site_url: str) -> list[str]:
    """The links that a file has to its TimeGate and its TimeMap (section 2.2)."""
    return [
        str(TypedLink("timegate", f"{site_url}{TIMEGATE}{local}")),
        str(TypedLink("timemap", f"{site_url}{TIMEMAP}{local}", LINK_FORMAT)),
    ]


def memento_fields(kept: KeptReleases, identifier: str, local: str, site_url: str) -> list[Field]:
    """The fields that say of a file of a kept release what it is a memento of, and of when (section 2.2.3).

    Without ``site_url``, for a host that is not known, there are no links.
    """
    times = (one.since for one in kept.in_order() if one.release.manifest.id == identifier)
    fields = [("memento-datetime", _http_date(since)) for since in times]
    if site_url:
        original = str(TypedLink("original", f"{site_url}{local}"))
        fields.append(("link", ", ".join([original, *memento_links(local, site_url)])))
    return fields


class MementoRoutes:
    """Answers for the TimeGate and the TimeMap of any file that a kept release lists."""

    def __init__(self, kept: KeptReleases) -> None:
        self._kept = kept

    async def gate(self, exchange: HttpExchange) -> Response:
        """Lead to the memento of the time that ``Accept-Datetime`` names, else to the latest (4.1)."""
        local, found = await self._mementos(exchange, TIMEGATE)
        chosen = found[-1]
        if wanted := exchange.header("accept-datetime"):
            time = _time(wanted)
            chosen = next((one for one in reversed(found) if one.since <= time), found[0])
        site = exchange.site_url
        links = [
            str(TypedLink("original", site + local)),
            memento_links(local, site)[1],
            *_named(found, {found[0], found[-1], chosen}),
        ]
        fields = [("location", chosen.target), ("vary", "Accept-Datetime"), ("cache-control", CACHED)]
        return response(302, [*fields, ("link", ", ".join(links))])

    async def map(self, exchange: HttpExchange) -> Response:
        """List the mementos (section 5)."""
        local, found = await self._mementos(exchange, TIMEMAP)
        site = exchange.site_url
        period = f'from="{_http_date(found[0].since)}"; until="{_http_date(found[-1].since)}"'
        lines = [
            str(TypedLink("original", site + local)),
            f"{TypedLink('self', f'{site}{TIMEMAP}{local}', LINK_FORMAT)}; {period}",
            memento_links(local, site)[0],
            *_named(found, set(found)),
        ]
        fields = [("content-type", LINK_FORMAT), ("cache-control", CACHED)]
        return response(200, fields, ",\n".join(lines).encode() + b"\n")

    async def _mementos(self, exchange: HttpExchange, route: str) -> tuple[str, list[_Memento]]:
        """The path of the original below the start page, and its mementos, the earliest first.

        The original may be named by its path or by its address. Raises :class:`Refusal` where there are none.
        """
        await exchange.require_reading()
        site = exchange.site_url
        asked = exchange.path.removeprefix(route).removeprefix(site)
        found, local = [], asked
        for one in await asyncio.to_thread(self._kept.in_order):
            if (file := find_file(asked, one.release.files)) is not None:
                local = file.local
                target = f"{site}{RELEASES}/{quote(one.release.manifest.id)}/{local}"
                found.append(_Memento(target, one.since))
        if not found:
            raise Refusal(Problem(404, "not-found", explained("problem.no-memento", path=asked[:200])))
        return local, found


def _named(found: Sequence[_Memento], wanted: set[_Memento]) -> list[str]:
    """The links to those mementos that are wanted, in their order."""
    links = []
    for one in found:
        place = [word for word, end in (("first", found[0]), ("last", found[-1])) if one == end]
        if one in wanted:
            links.append(one.link(" ".join([*place, "memento"])))
    return links


def _time(field: str) -> datetime:
    """The time of ``Accept-Datetime``; raises :class:`Refusal` for what is none (section 4.5.3)."""
    try:
        time = parsedate_to_datetime(field)
        return time if time.tzinfo is not None else time.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError):
        raise Refusal(Problem(400, "bad-request", explained("problem.accept-datetime"))) from None


def _http_date(time: datetime) -> str:
    return format_datetime(time.astimezone(UTC), usegmt=True)
