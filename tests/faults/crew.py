"""The processes of one command: the command itself and, where a queue has the work, two workers beside it."""

import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

KILLED = -signal.SIGKILL
WORKERS = 2


class Forker(Protocol):
    """Whoever starts processes and knows how they ended."""

    def ask(self, question: Mapping[str, Any]) -> Any:
        """Start a command, or tell how one ended."""


@dataclass
class Crew:
    """A command and its workers; a worker that dies is started again, as a supervisor would do it.

    ``ended`` holds the exit status of each process that is no more.
    """

    forker: Forker
    worker: dict[str, Any]
    main: int = 0
    workers: list[int] = field(default_factory=list)
    ended: dict[int, int] = field(default_factory=dict)

    def start(self, command: dict[str, Any], kill: Mapping[str, str], *, workers: bool) -> None:
        """Start the command and the workers; ``kill`` says in their environment what becomes of them."""
        armed = self.worker | {"env": self.worker["env"] | kill, "limits": command["limits"]}
        self.workers = [self.forker.ask(armed) for _ in range(WORKERS if workers else 0)]
        self.main = self.forker.ask(command)

    @property
    def pids(self) -> list[int]:
        """Every process that lives, the command first."""
        return [pid for pid in (self.main, *self.workers) if pid not in self.ended]

    def has_ended(self) -> bool:
        """True when the command is no more; until then a dead worker is replaced."""
        for pid in self.pids:
            if (status := self.forker.ask({"poll": pid})) is not None:
                self.ended[pid] = int(status)
                if pid in self.workers and self.main not in self.ended:
                    self.workers.append(self.forker.ask(self.worker))
        return self.main in self.ended

    def dismiss(self, seconds: float) -> None:
        """Ask the workers to leave, and wait until they have."""
        self.signal(signal.SIGTERM)
        until = time.monotonic() + seconds
        while self.pids:
            self.has_ended()
            if time.monotonic() > until:
                self.signal(signal.SIGKILL)
            time.sleep(0.01)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to every process that lives."""
        for pid in self.pids:
            os.kill(pid, number)

    def status(self) -> int:
        """Return how the command ended, or that a worker was killed."""
        killed = KILLED in (self.ended[pid] for pid in self.workers)
        return KILLED if killed else self.ended[self.main]

    def stopped(self) -> bool:
        """True when one of the processes is frozen."""
        return any(_state(pid) == "T" for pid in self.pids)


def _state(pid: int) -> str:
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123  (no Path for a pseudo file)
        return stat.read().rpartition(")")[2].split()[0]
