"""Settings and a clock for tests of the Coupa client."""

from typing import Any

from exchange.coupa.pacing import Clock
from exchange.settings import CoupaSettings


class Hands:
    """A clock that stands still until somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self.slept.append(round(seconds, 3))
        self.now += seconds

    @property
    def clock(self) -> Clock:
        """The clock."""
        return Clock(lambda: self.now, self.sleep)


def settings(url: str = "https://acme.coupahost.com", **changes: Any) -> CoupaSettings:
    """Return complete settings."""
    return CoupaSettings.model_validate({"url": url, "client_id": "id", "client_secret": "secret"} | changes)
