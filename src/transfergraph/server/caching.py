"""From a request to an answer over HTTP: conditional requests, the cache, the workers, and the stream."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime

from starlette.responses import ContentStream, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from transfergraph.messages import explained
from transfergraph.server.answer_cache import LARGEST, CachedAnswer
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal, encoded, response
from transfergraph.server.pool.ipc import ResponseHead
from transfergraph.server.pool.release_manager import ServedRelease
from transfergraph.server.pool.requests import WorkerRequest, pack_request
from transfergraph.server.pool.response_buffer import WorkerResponse
from transfergraph.server.pool.scheduler import CLIENT_LEFT
from transfergraph.server.problems import Problem

VARY = "Accept, Accept-Encoding, Accept-Language"
CACHED = "public, max-age=60"
"""How long clients may keep a computed answer: no longer than a new release may go unnoticed."""

_CACHED_STATUS = (200, 303, 404, 406, 410)


async def respond(
    exchange: HttpExchange, served: ServedRelease, request: WorkerRequest, fields: Sequence[Field] = ()
) -> Response:
    """What a worker computes; ``fields`` are further header fields of a successful answer."""
    packed = pack_request(request)
    key = hashlib.blake2b(packed, digest_size=24).digest()
    common = [("vary", VARY)]
    version = None
    if exchange.method in ("GET", "HEAD"):
        version = Version(served.etag(key), served.release.modified)
        common += [("cache-control", CACHED), *version.fields]
        if version.etag in exchange.header("if-none-match"):  # it had that with an answer of status 200
            return version.precondition(exchange, common) or response(304, common)
    cached = served.cache.get(key)
    if cached is None:
        with ExitStack() as use:
            use.enter_context(served.in_use())
            answer = await served.scheduler.ask(
                packed, request.light_seconds, exchange.client_key, exchange.disconnected
            )
            use.callback(answer.close)
            cached = await _if_complete(answer)
            if cached is None:
                use.callback(lambda: _keep(served, key, _complete(answer)))
                chunks = answer.chunks() if exchange.method != "HEAD" else iter(())
                assert answer.head is not None
                if (
                    version
                    and answer.head.status == 200
                    and (short := version.precondition(exchange, common))
                ):
                    return short
                return _Stream(answer.head, chunks, [*common, *fields], use.pop_all())
        _keep(served, key, cached)
    if version and cached.head.status == 200 and (short := version.precondition(exchange, common)):
        return short
    more = [*common, *fields] if cached.head.status == 200 else common[:2]
    return response(cached.head.status, [*cached.head.headers, *more], cached.body)


class _Stream(StreamingResponse):
    """An answer of a worker as it comes; ``use`` is closed when it has been sent, or its client has left."""

    def __init__(
        self, head: ResponseHead, chunks: ContentStream, fields: Sequence[Field], use: ExitStack
    ) -> None:
        super().__init__(chunks, head.status)
        self.raw_headers += encoded([*head.headers, *fields])
        self._use = use
        self._is_sent = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See Starlette; raises :class:`Refusal` when the client has left."""
        with self._use:
            await super().__call__(scope, receive, send)
            if not self._is_sent:
                raise Refusal(CLIENT_LEFT)

    async def stream_response(self, send: Send) -> None:
        """See Starlette."""
        await super().stream_response(send)
        self._is_sent = True


def _keep(served: ServedRelease, key: bytes, answer: CachedAnswer | None) -> None:
    if answer is not None and answer.head.status in _CACHED_STATUS:
        served.cache.put(key, answer)


async def _if_complete(answer: WorkerResponse) -> CachedAnswer | None:
    """The answer if it is complete as it begins, else None: it is streamed; raises :class:`Refusal`."""
    await answer.wait_until_begun()
    if answer.problem is not None:
        raise Refusal(answer.problem)
    return _complete(answer)


def _complete(answer: WorkerResponse) -> CachedAnswer | None:
    is_short = answer.is_small and answer.size <= LARGEST
    if answer.end is None or answer.head is None or not is_short:
        return None
    return CachedAnswer(answer.head, answer.body)


@dataclass(frozen=True, slots=True)
class Version:
    """By what a client can ask later whether anything changed: a strong entity tag, seconds of Unix time."""

    etag: str
    modified: int

    @property
    def fields(self) -> list[Field]:
        """The header fields of an answer."""
        return [("etag", self.etag), ("last-modified", formatdate(self._told, usegmt=True))]

    @property
    def _told(self) -> int:
        """Never later than now (RFC 9110, section 8.8.2.1), even where the clock was ahead at that time."""
        return min(self.modified, int(time.time()))

    def precondition(self, exchange: HttpExchange, fields: Sequence[Field]) -> Response | None:
        """Another answer than that of status 200 (RFC 9110, section 13.2.2): 304 with these fields, or none.

        Raises :class:`Refusal` (412) where the client wants another version than this one.
        """
        if not self._is_wanted(exchange):
            raise Refusal(Problem(412, "precondition", explained("problem.precondition")))
        return response(304, fields) if self._is_known(exchange) else None

    def _is_wanted(self, exchange: HttpExchange) -> bool:
        wanted = exchange.header("if-match")
        if wanted:
            return wanted.strip() == "*" or self.etag in _tags(wanted)
        since = _seconds(exchange.header("if-unmodified-since"))
        return since is None or since >= self.modified

    def _is_known(self, exchange: HttpExchange) -> bool:
        known = exchange.header("if-none-match")
        if known:
            return known.strip() == "*" or self.etag in [tag.removeprefix("W/") for tag in _tags(known)]
        # No later date will do: a release that came after one of a clock that was ahead, or after one that
        # was taken back, is another. nginx does the same.
        return _seconds(exchange.header("if-modified-since")) == self._told


def _tags(field: str) -> list[str]:
    return [tag.strip() for tag in field.split(",")]


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
