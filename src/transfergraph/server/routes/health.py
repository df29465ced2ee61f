"""State and metrics of the server, for monitoring."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping

from starlette.responses import Response

from transfergraph.common.sandbox import resident_bytes
from transfergraph.server.http_exchange import HttpExchange, Refusal, response
from transfergraph.server.metrics import MEDIA_TYPE, Metrics, metric
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.problems import Problem

METRICS_TOKEN = "TRANSFERGRAPH_METRICS_TOKEN"
"""The variable of the environment with the token for reading the metrics."""

_Family = Mapping[tuple[str, str], Iterable[tuple[Mapping[str, str], float]]]
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
    body = json.dumps(values, indent=1).encode() + b"\n"
    return response(200 if ready else 503, [("content-type", "application/json"), _NO_STORE], body)


class MetricsRoute:
    """The metrics, for clients that send the token (RFC 6750); nobody gets them where no token is set."""

    def __init__(self, manager: ReleaseManager, metrics: Metrics, token: str) -> None:
        self._manager = manager
        self._metrics = metrics
        self._expected = f"Bearer {token}".encode() if token else None
        self._started = time.time()

    async def answer(self, exchange: HttpExchange) -> Response:
        """Send all metrics."""
        if self._expected is None:
            raise Refusal(Problem(404, "not-found", f"There are figures only where {METRICS_TOKEN} is set."))
        if not secrets.compare_digest(exchange.header("authorization").encode(), self._expected):
            wanted = (("www-authenticate", "Bearer"),)
            raise Refusal(Problem(401, "refused", "The figures are for those with a token.", headers=wanted))
        lines = [*self._metrics.lines(), *self._state()]
        body = "".join(f"{line}\n" for line in lines).encode()
        return response(200, [("content-type", MEDIA_TYPE), _NO_STORE], body)

    def _state(self) -> Iterator[str]:
        served, faults, budget = self._manager.current, self._manager.faults, self._manager.budget
        counts, cache = served.scheduler.counts, served.cache
        gauges: _Family = {
            ("release_info", "The release that is served."): [({"release": served.release.manifest.id}, 1)],
            ("workers", "Worker processes, by what they do."): [
                ({"state": state}, counts[state]) for state in ("idle", "heavy", "all")
            ],
            ("waiting_queries", "Queries that wait for a worker."): [({}, counts["waiting"])],
            ("degraded", "Parts with which something is wrong."): [({"part": p}, 1) for p in faults.now],
            ("spooled_bytes", "Bytes of large answers in temporary files."): [({}, budget.used)],
            ("cache_bytes", "Size of the cache."): [({}, cache.size)],
            ("resident_bytes", "Memory of the server's own process."): [({}, resident_bytes())],
            ("start_time_seconds", "When the server began."): [({}, self._started)],
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
            for (name, help_), samples in metrics.items():
                yield from metric(name, kind, help_, samples)


def _by(label: str, counts: Mapping[str, int]) -> list[tuple[Mapping[str, str], float]]:
    return [({label: value}, count) for value, count in counts.items()]


def _utc(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
