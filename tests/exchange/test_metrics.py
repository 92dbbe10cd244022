"""Metrics: what Prometheus reads after a batch."""

from pathlib import Path

from exchange.metrics import Metrics


def test_a_batch_can_be_read_by_prometheus(tmp_path: Path) -> None:
    path = tmp_path / "node" / "exchange.prom"
    metrics = Metrics(path)
    metrics.batch("invoices", "done", {"loaded": 3, "held": 1}, seconds=2.5, at=1_700_000_000)
    metrics.batch("invoices", "failed", {}, seconds=0.5, at=1_700_000_060)
    lines = path.read_text().splitlines()
    expected = [
        'exchange_records_total{flow="invoices",outcome="loaded"} 3.0',
        'exchange_records_total{flow="invoices",outcome="held"} 1.0',
        'exchange_batches_total{flow="invoices",outcome="failed"} 1.0',
        'exchange_batch_seconds{flow="invoices"} 0.5',
        'exchange_last_success_timestamp_seconds{flow="invoices"} 1.7e+09',
    ]
    assert expected == [line for line in expected if line in lines]


def test_without_a_path_nothing_is_written(tmp_path: Path) -> None:
    Metrics(None).batch("invoices", "done", {}, seconds=1, at=0)
    assert [] == list(tmp_path.iterdir())
