"""The watch beside a daemon or worker: signs of life, metrics in a file, and pages for other programs."""

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog

from exchange.batches.world import World
from exchange.errors import LedgerError, SettingsError
from exchange.ledger import heartbeats
from exchange.monitor import metrics
from exchange.monitor.health import SERVE
from exchange.monitor.server import served

log = structlog.get_logger()
BEAT_SECONDS = 15.0
LASTS = dt.timedelta(seconds=150)  # a writer may have to wait a minute for another


@contextmanager
def watching(world: World, role: str, beat_seconds: float = BEAT_SECONDS) -> Iterator[None]:
    """Give signs of life while a process works, and say that it left in the end; nothing here stops the work."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(world, role, ended, beat_seconds), name="watch", daemon=True)
    with ExitStack() as stack:
        if role == SERVE:
            _open_pages(stack, world)
        _beat(world, role)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()
            _beat(world, role, last=True)


def _open_pages(stack: ExitStack, world: World) -> None:
    if world.settings.health.listen:
        try:
            stack.enter_context(served(world, world.settings.health.listen))
        except SettingsError as error:  # a second daemon on this machine works all the same
            log.error("no health pages", error=str(error))  # noqa: TRY400


def _watch(world: World, role: str, ended: threading.Event, beat_seconds: float) -> None:
    while not ended.wait(beat_seconds):
        _beat(world, role)


def _beat(world: World, role: str, *, last: bool = False) -> None:
    """Do what is done at every beat; a ledger that is away is told of by those who work with it."""
    textfile = world.settings.metrics.textfile
    try:
        with world.ledger.write() as tx:
            if last:
                heartbeats.leave(tx, world.owner, world.clock())
            else:
                heartbeats.beat(tx, world.owner, role, world.clock(), LASTS)
        if textfile and role == SERVE:
            metrics.write(world, Path(textfile))
    except (LedgerError, OSError) as error:
        log.warning("no sign of life could be given", error=str(error))
