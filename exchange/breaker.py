"""A breaker for each partner: one that is down is left in peace for longer and longer, and is told of once."""

from dataclasses import dataclass, field

import structlog

from exchange.errors import ExchangeError

log = structlog.get_logger()
ALARM_AT = 3  # failures in a row; fewer are a hiccup
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0


@dataclass(slots=True)
class _Down:
    """A partner that failed: how often in a row, and the flows that met it."""

    failures: int = 0
    told: bool = False
    flows: set[str] = field(default_factory=set)


class Breakers:
    """Which flows wait for which partner; times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._down: dict[str, _Down] = {}
        self._again: dict[str, float] = {}

    def failed(self, flow: str, error: ExchangeError, now: float) -> bool:
        """Let a flow wait for the partner that it failed at; False when it failed at none."""
        self._again.pop(flow, None)
        if not error.partner:
            return False
        down = self._down.setdefault(error.partner, _Down())
        down.failures += 1
        down.flows.add(flow)
        pause = min(FIRST_PAUSE * 2 ** (down.failures - 1), LONGEST_PAUSE)
        self._again[flow] = now + pause
        self._tell(down, flow, error, pause)
        return True

    def _tell(self, down: _Down, flow: str, error: ExchangeError, pause: float) -> None:
        """Raise the alarm once: at once where trying again cannot help, else when it is more than a hiccup."""
        alarm = not down.told and (not error.retry or down.failures >= ALARM_AT)
        down.told = down.told or alarm
        what = "a partner is down" if alarm else "a partner is still down" if down.told else "a partner failed"
        tell = log.error if alarm else log.info
        tell(what, partner=error.partner, flow=flow, failures=down.failures, seconds=pause, error=str(error))

    def worked(self, flow: str) -> None:
        """Note that a flow ran to its end: the partners that it waited for are back."""
        self._again.pop(flow, None)
        for partner in [name for name, down in self._down.items() if flow in down.flows]:
            down = self._down.pop(partner)
            log.info("a partner is back", partner=partner, failures=down.failures)
            self._again |= dict.fromkeys(down.flows & {*self._again}, 0.0)

    def forget(self, flow: str) -> None:
        """Let a flow wait for nobody: it failed at something else."""
        self._again.pop(flow, None)

    def waits(self, flow: str, now: float) -> bool:
        """True while a flow is to leave its partner in peace."""
        return now < self._again.get(flow, 0.0)

    def will_try_again(self, flow: str) -> bool:
        """True when a flow failed at a partner and is due again by itself, now or later."""
        return flow in self._again

    def due(self, now: float) -> list[str]:
        """Return the flows that are to be tried again now."""
        return [flow for flow, moment in self._again.items() if moment <= now]
