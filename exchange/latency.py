"""How long partners take to answer, as this process has seen it; partners of whatever kind report here."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Histogram

REGISTRY = CollectorRegistry()
_SECONDS = Histogram(
    "exchange_partner_seconds",
    "How long one operation at a partner took, failed ones included",
    labelnames=("partner",),
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
    registry=REGISTRY,
)


@contextmanager
def timed(partner: str) -> Iterator[None]:
    """Time one operation at a partner."""
    with _SECONDS.labels(partner).time():
        yield
