"""Whether the server is well, for those who watch it."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping

from transfergraph.common.sandbox import resident_bytes
from transfergraph.server.http_exchange import HttpExchange, Receive, Refusal, Scope, Send
from transfergraph.server.metrics import MEDIA_TYPE, Metrics, metric
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.problems import Problem

METRICS_TOKEN = "TRANSFERGRAPH_METRICS_TOKEN"
"""The variable of the environment that says with which token the figures may be read."""

_Family = Mapping[tuple[str, str], Iterable[tuple[Mapping[str, str], float]]]
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
        served, faults, budget = self._manager.current, self._manager.faults, self._manager.budget
        counts, cache = served.scheduler.counts, served.cache
        gauges: _Family = {
            ("release_info", "The release that is served."): [({"release": served.manifest.id}, 1)],
            ("workers", "Worker processes, by what they do."): [
                ({"state": state}, counts[state]) for state in ("idle", "heavy", "all")
            ],
            ("waiting_queries", "Queries that wait for a worker."): [({}, counts["waiting"])],
            ("degraded", "Parts with which something is wrong."): [({"part": p}, 1) for p in faults.now],
            ("spooled_bytes", "Bytes of large answers in temporary files."): [({}, budget.used)],
            ("cache_bytes", "Size of the cache."): [({}, cache.size)],
            ("resident_bytes", "Memory of the server's own process."): [({}, resident_bytes())],
            ("start_time_seconds", "When the server began."): [({}, self._begun)],
        }
        counters: _Family = {
            ("ended_queries_total", "Queries whose worker was ended, by reason."): _by(
                "reason", served.scheduler.ended
            ),
            ("task_failures_total", "Failures of background tasks."): _by("task", faults.failures),
            ("lost_log_lines_total", "Lines of the log that could not be written."): [({}, faults.log.lost)],
            ("refused_answers_total", "Large answers for which there was no room, by whose."): _by(
                "reason", budget.refused
            ),
            ("cache_requests_total", "Requests that the cache was asked for."): _by(
                "outcome", {"hit": cache.hits, "miss": cache.misses}
            ),
        }
        for kind, metrics in (("gauge", gauges), ("counter", counters)):
            for (name, about), samples in metrics.items():
                yield from metric(name, kind, about, samples)


def _by(label: str, counts: Mapping[str, int]) -> list[tuple[Mapping[str, str], float]]:
    return [({label: value}, count) for value, count in counts.items()]


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
