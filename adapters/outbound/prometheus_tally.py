"""Counts as Prometheus metrics."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest


class PrometheusTally:
    """Everything is `fieldpost_events_total{event, reason}`; counters are cached by label."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._events = Counter(
            "fieldpost_events",
            "What happened, and why",
            ["event", "reason"],
            registry=self.registry,
        )
        self._queue_depth = Gauge(
            "fieldpost_queue_depth", "Batches that wait to be processed", registry=self.registry
        )
        self._known: dict[tuple[str, str], Counter] = {}

    def count(self, event: str, reason: str = "", amount: int = 1) -> None:
        counter = self._known.get((event, reason))
        if counter is None:
            counter = self._events.labels(event, reason)
            self._known[(event, reason)] = counter
        counter.inc(amount)

    def exposition(self, queue_depth: int) -> bytes:
        """In the text format that Prometheus scrapes."""
        self._queue_depth.set(queue_depth)
        return generate_latest(self.registry)
