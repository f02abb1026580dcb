"""What /metrics shows: counts and times by route template, never by address or person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest
from sqlalchemy.engine import Engine
from sqlalchemy.pool import QueuePool

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Measures:
    """One registry per application, so that two in one process don't mix."""

    def __init__(self, engine: Engine) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "plumbline_requests",
            "Answers given",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "plumbline_request_seconds",
            "Time until the answer was complete",
            ("method", "route"),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0),
            registry=self._registry,
        )
        # Looking a label up costs more than counting.
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        connections = Gauge(
            "plumbline_connections_in_use",
            "Database connections that work now",
            registry=self._registry,
        )
        pool = engine.pool
        if isinstance(pool, QueuePool):
            connections.set_function(pool.checkedout)

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        known = self._known.get((method, route, status))
        if known is None:
            known = (
                self._requests.labels(method, route, str(status)),
                self._seconds.labels(method, route),
            )
            self._known[method, route, status] = known
        known[0].inc()
        known[1].observe(seconds)

    def text(self) -> bytes:
        return generate_latest(self._registry)
