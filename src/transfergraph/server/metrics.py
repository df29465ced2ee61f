"""Metrics of the server, in the text format of Prometheus (version 0.0.4)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_NAME = "transfergraph"


class Metrics:
    """Counts requests by kind of resource and status, never by client.

    ``closed`` counts the connections that the server closed, by reason.
    """

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._bytes: Counter[str] = Counter()
        self.running = 0
        self.closed: Counter[str] = Counter()

    def count(self, kind: str, status: int, seconds: float, sent: int) -> None:
        """Count a request that has ended: its kind, status, duration, and the bytes of the answer's body."""
        self._requests[kind, status] += 1
        self._seconds[kind] += seconds
        self._bytes[kind] += sent
        for bound in _BOUNDS:
            if seconds <= bound:
                self._within[kind, bound] += 1
                break

    def lines(self) -> Iterator[str]:
        """The lines of these metrics."""
        yield from metric(
            "requests_total",
            "counter",
            "Requests that have ended.",
            (
                ({"kind": kind, "status": str(status)}, count)
                for (kind, status), count in self._requests.items()
            ),
        )
        yield from metric(
            "sent_bytes_total",
            "counter",
            "Bytes of bodies that were sent.",
            (({"kind": kind}, count) for kind, count in self._bytes.items()),
        )
        yield from metric("running_requests", "gauge", "Requests that have not ended.", [({}, self.running)])
        yield from metric(
            "closed_connections_total",
            "counter",
            "Connections that were closed at a deadline or limit, by reason.",
            (({"reason": reason}, count) for reason, count in self.closed.items()),
        )
        yield from self._histogram()

    def _histogram(self) -> Iterator[str]:
        name = f"{_NAME}_request_seconds"
        yield f"# HELP {name} From the header of a request to the end of its answer."
        yield f"# TYPE {name} histogram"
        totals: Counter[str] = Counter()
        for (kind, _), count in self._requests.items():
            totals[kind] += count
        for kind, total in sorted(totals.items()):
            below = 0
            for bound in _BOUNDS:
                below += self._within[kind, bound]
                yield f'{name}_bucket{{kind="{kind}",le="{bound:g}"}} {below}'
            yield f'{name}_bucket{{kind="{kind}",le="+Inf"}} {total}'
            yield f'{name}_sum{{kind="{kind}"}} {self._seconds[kind]:.6f}'
            yield f'{name}_count{{kind="{kind}"}} {total}'


def metric(
    name: str, kind: str, help_: str, values: Iterable[tuple[Mapping[str, str], float]]
) -> Iterator[str]:
    """The lines of one metric: its values with their labels, which hold no quote and no backslash."""
    yield f"# HELP {_NAME}_{name} {help_}"
    yield f"# TYPE {_NAME}_{name} {kind}"
    for labels, value in sorted(values, key=lambda item: sorted(item[0].items())):
        listed = ",".join(f'{label}="{text}"' for label, text in labels.items())
        yield f"{_NAME}_{name}{{{listed}}} {value:.17g}" if listed else f"{_NAME}_{name} {value:.17g}"
