"""Metrics of the server's own process, which answers every request, for Prometheus."""

from __future__ import annotations

import collections
from collections.abc import Callable, Iterator, Mapping

import prometheus_client
from prometheus_client import CollectorRegistry, Counter, Histogram, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_NAME = "transfergraph"

Reading = tuple[str, str, str, float | Mapping[str, float]]
"""A metric: its name, where ``_total`` ends a counter; what it is; its label, if it has one; its value, or
one for each value of the label."""


class Metrics(Collector):
    """Counts requests by kind of resource and status, never by client.

    ``closed`` counts the connections that the server closed, by reason; ``state`` reads what is counted
    elsewhere.
    """

    media_type = CONTENT_TYPE_PLAIN_0_0_4

    def __init__(self, closed: collections.Counter[str]) -> None:
        prometheus_client.disable_created_metrics()
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "requests", "Requests that have ended.", ("kind", "status"), _NAME, registry=self._registry
        )
        self._bytes = Counter(
            "sent_bytes", "Bytes of bodies that were sent.", ("kind",), _NAME, registry=self._registry
        )
        self._seconds = Histogram(
            "request_seconds",
            "From the header of a request to the end of its answer.",
            ("kind",),
            _NAME,
            buckets=_BOUNDS,
            registry=self._registry,
        )
        self.running = 0
        self.closed = closed
        self.state: Callable[[], Iterator[Reading]] = lambda: iter(())
        self._registry.register(self)

    def count(self, kind: str, status: int, seconds: float, sent: int) -> None:
        """Count a request that has ended: its kind, status, duration, and the bytes of the answer's body."""
        self._requests.labels(kind, status).inc()
        self._bytes.labels(kind).inc(sent)
        self._seconds.labels(kind).observe(seconds)

    def collect(self) -> Iterator[Metric]:
        """What is counted elsewhere, for the registry."""
        closed = "Connections that were closed at a deadline or limit, by reason."
        yield _metric("running_requests", "Requests that have not ended.", "", self.running)
        yield _metric("closed_connections_total", closed, "reason", self.closed)
        for reading in self.state():
            yield _metric(*reading)

    def exposition(self) -> bytes:
        """All metrics as Prometheus reads them."""
        return prometheus_client.generate_latest(self._registry)


def _metric(name: str, help_: str, label: str, value: float | Mapping[str, float]) -> Metric:
    full, kind = f"{_NAME}_{name}", "counter" if name.endswith("_total") else "gauge"
    found = Metric(full.removesuffix("_total"), help_, kind)
    for text, number in sorted(value.items()) if isinstance(value, Mapping) else [("", value)]:
        found.add_sample(full, {label: text} if label else {}, number)
    return found
