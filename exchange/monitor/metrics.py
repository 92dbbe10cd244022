"""Metrics for Prometheus, made from the ledger when they are asked for: a restart loses none, every process counts."""

from collections.abc import Iterator
from pathlib import Path

from prometheus_client import generate_latest, write_to_textfile
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry
from sqlalchemy import func, select

from exchange.batches.world import World
from exchange.latency import REGISTRY
from exchange.ledger import schema
from exchange.monitor.health import Health, is_alive, look

PARTNERS = ("coupa", "lockbox", "erp")


def exposition(world: World) -> bytes:
    """Return all metrics in the text format of Prometheus; LedgerError when the ledger cannot be read."""
    return generate_latest(_registry(world)) + generate_latest(REGISTRY)


def write(world: World, path: Path) -> None:
    """Write the metrics of the ledger for the textfile collector, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    write_to_textfile(str(path), _registry(world))


def _registry(world: World) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_FromLedger(world))
    return registry


class _FromLedger(Collector):
    """What the ledger tells, read anew for each scrape."""

    def __init__(self, world: World) -> None:
        self._world = world

    def describe(self) -> list[Metric]:
        """Name nothing beforehand, so that registering asks nothing."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the ledger once and yield every metric."""
        health = look(self._world)
        yield _batches(self._world)
        yield from _flows(health)
        yield from _partners(health)
        yield from _rest(health)


def _batches(world: World) -> Metric:
    batch = schema.batch
    ended = batch.c.outcome.is_not(None)
    query = select(batch.c.flow, batch.c.outcome, func.count()).where(ended).group_by(batch.c.flow, batch.c.outcome)
    family = CounterMetricFamily("exchange_batches", "Batches by outcome", labels=("flow", "outcome"))
    with world.ledger.read() as tx:
        for flow, outcome, count in tx.execute(query):
            family.add_metric((flow, outcome), count)
    return family


def _flows(health: Health) -> Iterator[Metric]:
    states = GaugeMetricFamily("exchange_records", "Records by what became of them", labels=("flow", "state"))
    well = _by_flow("exchange_last_success_timestamp_seconds", "When the last batch that went well ended")
    took = _by_flow("exchange_batch_seconds", "How long the last batch took")
    for flow in health.flows:
        for state, count in flow.records.items():
            states.add_metric((flow.flow, state), count)
        if flow.well:
            well.add_metric((flow.flow,), flow.well.timestamp())
        if flow.last and flow.last["ended_at"]:
            took.add_metric((flow.flow,), (flow.last["ended_at"] - flow.last["started_at"]).total_seconds())
    yield from (states, well, took)


def _by_flow(name: str, text: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, labels=("flow",))


def _partners(health: Health) -> Iterator[Metric]:
    failures = {row["name"]: row["failures"] for row in health.partners}
    up = GaugeMetricFamily("exchange_partner_up", "1 unless a partner failed last time", labels=("partner",))
    count = GaugeMetricFamily("exchange_partner_failures", "Failures since it last worked", labels=("partner",))
    for name in dict.fromkeys((*PARTNERS, *failures)):
        up.add_metric((name,), 0 if failures.get(name) else 1)
        count.add_metric((name,), failures.get(name, 0))
    yield from (up, count)


def _rest(health: Health) -> Iterator[Metric]:
    alive = [row for row in health.owners if is_alive(row, health.at)]
    numbers: dict[str, tuple[str, float]] = {
        "oldest_unprocessed_file_age_seconds": (
            "Age of the oldest file that is not finished, 0 without one",
            health.waited.total_seconds(),
        ),
        "quarantined_files": ("Files in quarantine", len(health.quarantined)),
        "alerts_waiting": ("Notices that have not been sent", len(health.untold)),
        "disk_free_bytes": ("Free space in the home folder", health.free_bytes),
        "stopped": ("1 while the kill switch is on", 0 if health.stopped is None else 1),
        "processes_alive": ("Daemons and workers that gave a sign of life", len(alive)),
        "problem_level": ("0 nothing is wrong, 1 warning, 2 critical", health.level),
    }
    for name, (text, value) in numbers.items():
        yield GaugeMetricFamily(f"exchange_{name}", text, value=value)
