"""Counts as Prometheus metrics."""

from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector


class PrometheusTally(Collector):
    """Everything is `fieldpost_events_total{event, reason}`.

    Counting happens with every upload and is done in the loop alone, so it is an addition
    without a lock; the metrics are made of it when they are asked for.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.registry.register(self)
        self._events: defaultdict[tuple[str, str], float] = defaultdict(float)
        self._queue_depth = Gauge(
            "fieldpost_queue_depth", "Batches that wait to be processed", registry=self.registry
        )
        self._push_connections = Gauge(
            "fieldpost_push_connections", "Open connections of agents", registry=self.registry
        )

    def count(self, event: str, reason: str = "", amount: float = 1) -> None:
        self._events[event, reason] += amount

    def collect(self) -> Iterator[CounterMetricFamily]:
        family = CounterMetricFamily(
            "fieldpost_events", "What happened, and why", labels=["event", "reason"]
        )
        for labels, amount in self._events.items():
            family.add_metric(labels, amount)
        yield family

    def exposition(self, queue_depth: int, push_connections: int = 0) -> bytes:
        """In the text format that Prometheus scrapes."""
        self._queue_depth.set(queue_depth)
        self._push_connections.set(push_connections)
        return generate_latest(self.registry)
