"""State and metrics of the server, for monitoring."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.responses import Response

from transfergraph.common.json_text import json_text
from transfergraph.common.sandbox import resident_bytes
from transfergraph.messages import explained
from transfergraph.server.http_exchange import HttpExchange, Refusal, response
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.problems import Problem

if TYPE_CHECKING:
    from transfergraph.server.metrics import Metrics, Reading

METRICS_TOKEN = "TRANSFERGRAPH_METRICS_TOKEN"
"""The variable of the environment with the token for reading the metrics."""

_NO_STORE = ("cache-control", "no-store")


async def answer_health(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Whether queries can be answered, from which release, and what has failed: which part, the kind of
    error, since when."""
    ready, faults, manifest = manager.is_ready, manager.faults.now, manager.current.release.manifest
    values = {
        "status": ("degraded" if faults else "ok") if ready else "starting",
        "alive": True,
        "ready": ready,
        "release": manifest.id,
        "issued": manifest.created.isoformat(),
        "faults": [
            {"part": part, "kind": fault.kind, "since": _utc(fault.since)}
            for part, fault in sorted(faults.items())
        ],
    }
    body = json_text(values).encode()
    return response(200 if ready else 503, [("content-type", "application/json"), _NO_STORE], body)


class MetricsRoute:
    """The metrics, for clients that send the token (RFC 6750); nobody gets them where no token is set."""

    def __init__(self, manager: ReleaseManager, metrics: Metrics | None, token: str) -> None:
        self._manager = manager
        self._metrics = metrics
        self._expected = f"Bearer {token}".encode()
        self._started = time.time()
        if metrics is not None:
            metrics.state = self._state

    async def answer(self, exchange: HttpExchange) -> Response:
        """Send all metrics."""
        if self._metrics is None:
            raise Refusal(Problem(404, "not-found", explained("problem.no-metrics", token=METRICS_TOKEN)))
        if not secrets.compare_digest(exchange.header("authorization").encode(), self._expected):
            wanted = (("www-authenticate", "Bearer"),)
            raise Refusal(Problem(401, "refused", explained("problem.metrics"), headers=wanted))
        return response(
            200, [("content-type", self._metrics.media_type), _NO_STORE], self._metrics.exposition()
        )

    def _state(self) -> Iterator[Reading]:
        served, faults, budget = self._manager.current, self._manager.faults, self._manager.budget
        counts, cache, ended = served.scheduler.counts, served.cache, served.scheduler.ended
        workers = {state: counts[state] for state in ("idle", "heavy", "all")}
        asked = {"hit": cache.hits, "miss": cache.misses}
        room = "Large answers for which there was no room, by whose."
        yield "release_info", "The release that is served.", "release", {served.release.manifest.id: 1}
        yield "workers", "Worker processes, by what they do.", "state", workers
        yield "waiting_queries", "Queries that wait for a worker.", "", counts["waiting"]
        yield "degraded", "Parts with which something is wrong.", "part", dict.fromkeys(faults.now, 1)
        yield "spooled_bytes", "Bytes of large answers in temporary files.", "", budget.used
        yield "cache_bytes", "Size of the cache.", "", cache.size
        yield "resident_bytes", "Memory of the server's own process.", "", resident_bytes()
        yield "start_time_seconds", "When the server began.", "", self._started
        yield "ended_queries_total", "Queries whose worker was ended, by reason.", "reason", ended
        yield "task_failures_total", "Failures of background tasks.", "task", faults.failures
        yield "lost_log_lines_total", "Lines of the log that could not be written.", "", faults.log.lost
        yield "refused_answers_total", room, "reason", budget.refused
        yield "cache_requests_total", "Requests that the cache was asked for.", "outcome", asked


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
