"""Whether the server is well, for those who watch it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator

from transfergraph.sandbox import resident_bytes
from transfergraph.server.http_exchange import HttpExchange, Receive, Refusal, Scope, Send
from transfergraph.server.metrics import MEDIA_TYPE, Metrics, metric
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.problems import Problem

METRICS_TOKEN = "TRANSFERGRAPH_METRICS_TOKEN"
"""The variable of the environment that says with which token the figures may be read."""

_FRESH = ("cache-control", "no-store")


class HealthRoute:
    """Tells that the process is alive, whether queries can be answered, from which release, and what is
    wrong: with which part, with what kind of error, since when."""

    def __init__(self, manager: ReleaseManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "health"
        ready, faults = self._manager.is_ready, self._manager.faults.now
        values = {
            "status": ("degraded" if faults else "ok") if ready else "starting",
            "alive": True,
            "ready": ready,
            "release": self._manager.current.manifest.id,
            "issued": self._manager.current.manifest.created.isoformat(),
            "faults": [
                {"part": part, "kind": fault.kind, "since": _moment(fault.since)}
                for part, fault in sorted(faults.items())
            ],
        }
        body = json.dumps(values, indent=1).encode() + b"\n"
        fields = [("content-type", "application/json"), _FRESH]
        await exchange.answer(200 if ready else 503, fields, body)


class MetricsRoute:
    """Tells what the server counts to those who have the token (RFC 6750), to nobody without one."""

    def __init__(self, manager: ReleaseManager, metrics: Metrics, token: str) -> None:
        self._manager = manager
        self._metrics = metrics
        self._expected = f"Bearer {token}".encode() if token else None
        self._begun = time.time()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "metrics"
        if self._expected is None:
            raise Refusal(Problem(404, "not-found", f"There are figures only where {METRICS_TOKEN} is set."))
        if not secrets.compare_digest(exchange.header("authorization").encode(), self._expected):
            wanted = (("www-authenticate", "Bearer"),)
            raise Refusal(Problem(401, "refused", "The figures are for those with a token.", headers=wanted))
        lines = [*self._metrics.lines(), *self._state()]
        body = "".join(f"{line}\n" for line in lines).encode()
        await exchange.answer(200, [("content-type", MEDIA_TYPE), _FRESH], body)

    def _state(self) -> Iterator[str]:
        generation = self._manager.current
        yield from metric(
            "release_info", "gauge", "The release that is served.", [({"release": generation.manifest.id}, 1)]
        )
        counts = generation.scheduler.counts
        yield from metric(
            "workers",
            "gauge",
            "Worker processes, by what they do.",
            (({"state": state}, counts[state]) for state in ("idle", "heavy", "all")),
        )
        yield from metric(
            "waiting_queries", "gauge", "Queries that wait for a worker.", [({}, counts["waiting"])]
        )
        yield from metric(
            "ended_queries_total",
            "counter",
            "Queries whose worker was ended, by reason.",
            (({"reason": reason}, count) for reason, count in generation.scheduler.ended.items()),
        )
        faults = self._manager.faults
        yield from metric(
            "task_failures_total",
            "counter",
            "Failures of background tasks.",
            (({"task": part}, count) for part, count in faults.failures.items()),
        )
        yield from metric(
            "degraded",
            "gauge",
            "Parts with which something is wrong.",
            (({"part": p}, 1) for p in faults.now),
        )
        yield from metric(
            "lost_log_lines_total",
            "counter",
            "Lines of the log that could not be written.",
            [({}, faults.log.lost)],
        )
        budget = self._manager.budget
        yield from metric(
            "spooled_bytes", "gauge", "Bytes of large answers in temporary files.", [({}, budget.used)]
        )
        yield from metric(
            "refused_answers_total",
            "counter",
            "Large answers for which there was no room, by whose.",
            (({"reason": reason}, count) for reason, count in budget.refused.items()),
        )
        cache = generation.cache
        yield from metric(
            "cache_requests_total",
            "counter",
            "Requests that the cache was asked for.",
            [({"outcome": "hit"}, cache.hits), ({"outcome": "miss"}, cache.misses)],
        )
        yield from metric("cache_bytes", "gauge", "Size of the cache.", [({}, cache.size)])
        yield from metric(
            "resident_bytes", "gauge", "Memory of the server's own process.", [({}, resident_bytes())]
        )
        yield from metric("start_time_seconds", "gauge", "When the server began.", [({}, self._begun)])


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
