"""Metrics for Prometheus: a text file that the node exporter's textfile collector reads, written after every batch."""

from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, write_to_textfile


class Metrics:
    """Counts of this process; without a path nothing is written."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._registry = CollectorRegistry()
        self._records = self._counter("exchange_records", "Records by outcome", "flow", "outcome")
        self._batches = self._counter("exchange_batches", "Batches by outcome", "flow", "outcome")
        self._seconds = self._gauge("exchange_batch_seconds", "How long the last batch took")
        self._success = self._gauge("exchange_last_success_timestamp_seconds", "When the last batch was done")

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, labelnames=("flow",), registry=self._registry)

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labelnames=labels, registry=self._registry)

    def batch(self, flow: str, outcome: str, outcomes: dict[str, int], *, seconds: float, at: float) -> None:
        """Count a batch: its outcome, what became of its records, how long it took and when (Unix time) it ended."""
        self._batches.labels(flow, outcome).inc()
        self._seconds.labels(flow).set(seconds)
        for name, count in outcomes.items():
            self._records.labels(flow, name).inc(count)
        if outcome == "done":
            self._success.labels(flow).set(at)
        if self._path:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_to_textfile(str(self._path), self._registry)
