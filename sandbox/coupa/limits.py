"""The rate limit: a leaky bucket for each client, 25 requests a second with a queue of 20, then 429.

Coupa: Exception Handling and Error Codes. [I]: the bucket belongs to a client, not to the instance; a refused request
does not fill it; the answer carries ``Retry-After: 1``, which one directory of APIs claims and Coupa's page does not
mention.
"""

import datetime as dt
from threading import Lock

from sandbox.store import Clock


class Bucket:
    """A leaky bucket for each client."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._levels: dict[str, tuple[float, dt.datetime]] = {}
        self._lock = Lock()

    def take(self, client: str) -> bool:
        """Count one request; False when the bucket is full."""
        with self._lock:
            now = self._clock()
            level, since = self._levels.get(client, (0.0, now))
            level = max(0.0, level - (now - since).total_seconds() * self._rate)
            fits = level + 1 <= self._burst
            self._levels[client] = (level + 1 if fits else level, now)
            return fits
