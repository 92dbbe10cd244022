"""The watch beside a daemon or worker: signs of life; beside a daemon also alerts, metrics and pages to ask for."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog

from exchange.batches.world import World
from exchange.errors import ExchangeError, SettingsError
from exchange.ledger import heartbeats
from exchange.monitor import alerts, metrics
from exchange.monitor.health import SERVE
from exchange.monitor.server import served
from exchange.schedule import Schedules

log = structlog.get_logger()
BEAT_SECONDS = 15.0
LASTS = dt.timedelta(seconds=150)  # a writer may have to wait a minute for another


@contextmanager
def watching(
    world: World, role: str, schedules: Schedules | None = None, beat_seconds: float = BEAT_SECONDS
) -> Iterator[None]:
    """Give signs of life while a process works, and say that it left in the end; nothing here stops the work."""
    ended = threading.Event()
    watch = _Watch(world, role, schedules)
    thread = threading.Thread(target=watch.run, args=(ended, beat_seconds), name="watch", daemon=True)
    with ExitStack() as stack:
        if role == SERVE:
            _open_pages(stack, world)
        watch.beat()
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            watch.beat(last=True)


def _open_pages(stack: ExitStack, world: World) -> None:
    if world.settings.health.listen:
        try:
            stack.enter_context(served(world, world.settings.health.listen))
        except SettingsError as error:  # a second daemon on this machine works all the same
            log.error("no health pages", error=str(error))  # noqa: TRY400


@dataclass(frozen=True, slots=True)
class _Watch:
    """What is done at every beat; a ledger that is away is told of by those who work with it."""

    world: World
    role: str
    schedules: Schedules | None

    def run(self, ended: threading.Event, beat_seconds: float) -> None:
        while not ended.wait(beat_seconds):
            self.beat()

    def beat(self, *, last: bool = False) -> None:
        try:
            self._give_sign(last=last)
            if self.role == SERVE:
                self._write_metrics()
                if not last:  # a daemon that leaves is no alarm: whoever asked it to knows
                    alerts.attend(self.world, self.schedules)
        except (ExchangeError, OSError) as error:
            log.warning("the watch could not do its work", error=str(error))
        except Exception:  # a mistake here must not end the signs of life
            log.exception("the watch could not do its work")

    def _give_sign(self, *, last: bool) -> None:
        world = self.world
        with world.ledger.write() as tx:
            if last:
                heartbeats.leave(tx, world.owner, world.clock())
            else:
                heartbeats.beat(tx, world.owner, self.role, world.clock(), LASTS)

    def _write_metrics(self) -> None:
        textfile = self.world.settings.metrics.textfile
        if textfile:
            metrics.write(self.world, Path(textfile))
