"""How fast Coupa may be asked: so many requests a second, and a short queue on top (Coupa: exception handling)."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clock:
    """Seconds that only go forward, and a way to let them pass."""

    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


class Bucket:
    """A token bucket: ``burst`` requests at once, then ``rate`` a second. Any number of threads may wait for a turn."""

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._interval, self._burst, self._clock = 1 / rate, burst, clock
        self._lock = threading.Lock()
        self._free_at = clock.monotonic() - burst * self._interval

    def reserve(self) -> float:
        """Take the next turn and return how many seconds it is away."""
        with self._lock:
            now = self._clock.monotonic()
            self._free_at = max(self._free_at, now - self._burst * self._interval) + self._interval
            return max(0.0, self._free_at - now)

    def pause(self, seconds: float) -> None:
        """Let nobody have a turn for a while: Coupa asked to slow down."""
        with self._lock:
            self._free_at = max(self._free_at, self._clock.monotonic() + seconds)
