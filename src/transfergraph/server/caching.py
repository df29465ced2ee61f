"""From a request to an answer over HTTP: conditional requests, the cache, the workers, and the stream."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from email.utils import formatdate, parsedate_to_datetime

from transfergraph.server.answer_cache import LARGEST, CachedAnswer
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal
from transfergraph.server.pool.release_manager import ServedRelease
from transfergraph.server.pool.requests import WorkerRequest, pack_request
from transfergraph.server.pool.response_buffer import WorkerResponse
from transfergraph.server.pool.scheduler import CLIENT_LEFT

VARY = "Accept, Accept-Encoding, Accept-Language"
CACHED = "public, max-age=60"
"""How long clients may keep a computed answer: no longer than a new release may go unnoticed."""

_CACHED_STATUS = (200, 303, 404, 406, 410)


async def respond(
    exchange: HttpExchange, served: ServedRelease, request: WorkerRequest, fields: Sequence[Field] = ()
) -> None:
    """Answer with what a worker computes; ``fields`` are further header fields of a successful answer."""
    with served.in_use():
        packed = pack_request(request)
        key = hashlib.blake2b(packed, digest_size=24).digest()
        safe = exchange.method in ("GET", "HEAD")
        common = [("vary", VARY)]
        if safe:
            etag, modified = served.etag(key), served.release.modified
            common += [("cache-control", CACHED), *validators(etag, modified)]
            if is_unchanged(exchange, etag, modified):
                await exchange.answer(304, common)
                return
        cached = served.cache.get(key)
        if cached is None:
            response = await served.scheduler.ask(
                packed, request.light_seconds, exchange.client_key, exchange.disconnected
            )
            try:
                cached = await _if_complete(response)
                if cached is None:
                    await _stream(exchange, response, [*common, *fields])
                    _keep(served, key, _complete(response))
                    return
            finally:
                response.close()
            _keep(served, key, cached)
        more = [*common, *fields] if cached.head.status == 200 else common[:2]
        await exchange.answer(cached.head.status, [*cached.head.headers, *more], cached.body)


def _keep(served: ServedRelease, key: bytes, answer: CachedAnswer | None) -> None:
    if answer is not None and answer.head.status in _CACHED_STATUS:
        served.cache.put(key, answer)


async def _if_complete(response: WorkerResponse) -> CachedAnswer | None:
    """The answer if it is complete as it begins, else None: it is streamed; raises :class:`Refusal`."""
    await response.wait_until_begun()
    if response.problem is not None:
        raise Refusal(response.problem)
    return _complete(response)


def _complete(response: WorkerResponse) -> CachedAnswer | None:
    is_short = response.is_small and response.size <= LARGEST
    if response.end is None or response.head is None or not is_short:
        return None
    return CachedAnswer(response.head, response.body)


async def _stream(exchange: HttpExchange, response: WorkerResponse, fields: Sequence[Field]) -> None:
    assert response.head is not None
    await exchange.begin(response.head.status, [*response.head.headers, *fields])
    if exchange.method == "HEAD":
        await exchange.write(b"", last=True)
        return
    disconnected = asyncio.ensure_future(exchange.disconnected())
    try:
        async for chunk in response.chunks():
            await exchange.write(chunk)
            if disconnected.done():
                raise Refusal(CLIENT_LEFT)
    finally:
        disconnected.cancel()
    await exchange.write(b"", last=True)


def validators(etag: str, modified: int) -> list[Field]:
    """The fields by which a client can ask later whether anything has changed."""
    return [("etag", etag), ("last-modified", formatdate(modified, usegmt=True))]


def is_unchanged(exchange: HttpExchange, etag: str, modified: int) -> bool:
    """True when the client has this version (RFC 9110, sections 13.1.2 and 13.1.3)."""
    known = exchange.header("if-none-match")
    if known:
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or etag.removeprefix("W/") in tags
    since = exchange.header("if-modified-since")
    if not since:
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= modified
    except (ValueError, TypeError, OverflowError):
        return False
