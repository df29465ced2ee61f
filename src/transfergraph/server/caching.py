"""From a job to an answer over HTTP: conditional requests, the cache, the workers, and the stream."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from email.utils import formatdate, parsedate_to_datetime

from transfergraph.server.answer_cache import GREATEST, CachedAnswer
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal
from transfergraph.server.pool.requests import Job, pack_request
from transfergraph.server.pool.scheduler import LEFT
from transfergraph.server.pool.served_release import ServedRelease
from transfergraph.server.pool.worker_response import WorkerResponse

VARY = "Accept, Accept-Encoding, Accept-Language"
CACHED = "public, max-age=60"
"""How long others may keep what is computed: no longer than a new release may stay unseen."""

_KEPT_STATUS = (200, 303, 404, 406, 410)


async def respond(
    exchange: HttpExchange, generation: ServedRelease, request: Job, more: Sequence[Field] = ()
) -> None:
    """Answer a request with what a worker makes of a job; ``more`` are further fields of a good answer."""
    with generation.in_use():
        packed = pack_request(request)
        key = hashlib.blake2b(packed, digest_size=24).digest()
        safe = exchange.method in ("GET", "HEAD")
        about = [("vary", VARY)]
        if safe:
            about += [("cache-control", CACHED), *validators(generation.etag(key), generation.modified)]
            if is_unchanged(exchange, generation.etag(key), generation.modified):
                await exchange.answer(304, about)
                return
        kept = generation.cache.get(key)
        if kept is None:
            reply = await generation.scheduler.ask(
                packed, request.light_seconds, exchange.client, exchange.departure
            )
            try:
                kept = await _first_part(reply)
                if kept is None:
                    await _stream(exchange, reply, [*about, *more])
                    _keep(generation, key, _whole(reply))
                    return
            finally:
                reply.close()
            _keep(generation, key, kept)
        await _send(exchange, kept, about if safe else about[:1], more)


def _keep(generation: ServedRelease, key: bytes, answer: CachedAnswer | None) -> None:
    if answer is not None and answer.head.status in _KEPT_STATUS:
        generation.cache.put(key, answer)


async def _first_part(reply: WorkerResponse) -> CachedAnswer | None:
    """The whole answer when it came at once, None when it is to be streamed; raises :class:`Refusal`."""
    await reply.is_begun()
    if reply.problem is not None:
        raise Refusal(reply.problem)
    return _whole(reply)


def _whole(reply: WorkerResponse) -> CachedAnswer | None:
    if reply.end is None or reply.head is None or not reply.is_small or reply.size > GREATEST:
        return None
    return CachedAnswer(reply.head, reply.body)


async def _stream(exchange: HttpExchange, reply: WorkerResponse, fields: Sequence[Field]) -> None:
    assert reply.head is not None
    await exchange.begin(reply.head.status, [*reply.head.headers, *fields])
    if exchange.method == "HEAD":
        await exchange.write(b"", last=True)
        return
    leaving = asyncio.ensure_future(exchange.departure())
    try:
        async for chunk in reply.chunks():
            await exchange.write(chunk)
            if leaving.done():
                raise Refusal(LEFT)
    finally:
        leaving.cancel()
    await exchange.write(b"", last=True)


async def _send(
    exchange: HttpExchange, kept: CachedAnswer, about: Sequence[Field], more: Sequence[Field]
) -> None:
    fields = [*about, *more] if kept.head.status == 200 else about[:2]
    await exchange.answer(kept.head.status, [*kept.head.headers, *fields], kept.body)


def validators(etag: str, modified: int) -> list[Field]:
    """The fields by which a client can ask later whether anything has changed."""
    return [("etag", etag), ("last-modified", formatdate(modified, usegmt=True))]


def is_unchanged(exchange: HttpExchange, etag: str, modified: int) -> bool:
    """True when the client has this already (RFC 9110, sections 13.1.2 and 13.1.3)."""
    known = exchange.header("if-none-match")
    if known:
        opaque = etag.removeprefix("W/")
        tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
        return "*" in tags or opaque in tags
    since = exchange.header("if-modified-since")
    if not since:
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= modified
    except (ValueError, TypeError, OverflowError):
        return False
