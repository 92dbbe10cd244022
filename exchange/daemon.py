"""The daemon: sleep until a flow is due or a file drops in, run it, sleep again.

The scheduler and the watcher only wake us up. Who runs a slot is decided by the ledger, so two daemons do no harm.
"""

import datetime as dt
import queue
import random
import signal
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger
from cronsim import CronSim

from exchange.batches.batch import Batch, open_batch
from exchange.batches.world import World
from exchange.breaker import Breakers
from exchange.errors import ExchangeError, LedgerError
from exchange.flow import FlowName
from exchange.ledger import slots
from exchange.schedule import Schedule, Schedules, find_schedules_file, load_schedules, slot_name
from exchange.watcher import DropFolder

log = structlog.get_logger()
TURN_SECONDS = 0.5
LOOK_SECONDS = 20.0  # how long a slot may lie that the timer missed because the clock was set, or whose daemon died
Flow = Callable[[Batch], None]


class CronTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler is untyped
    """Fires at the moments of a cron expression as Debian's cron reads it, daylight saving included."""

    def __init__(self, schedule: Schedule, schedules: Schedules) -> None:
        self._cron = schedule.cron
        self._zone = schedules.zone(schedule)

    def get_next_fire_time(self, previous_fire_time: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        """Return the next moment after the last one."""
        return next(CronSim(self._cron, (previous_fire_time or now).astimezone(self._zone)))


class Daemon:
    """Runs flows one after the other as they come due."""

    def __init__(
        self, world: World, flows: Mapping[str, Flow], schedules: Schedules, look_seconds: float = LOOK_SECONDS
    ) -> None:
        self._world = world
        self._flows = flows
        self._schedules = schedules
        self._woken: queue.Queue[Schedule] = queue.Queue()
        self._due: deque[tuple[Schedule, dt.datetime]] = deque()
        self._look_seconds = look_seconds
        self._next_look = 0.0
        self._drop = DropFolder(world.settings.drop, world.leave)
        self._looked: dict[Schedule, dt.datetime] = {}
        self._breakers = Breakers()

    def run(self) -> None:
        """Run until the process is asked to end; the record in hand is finished first."""
        with ExitStack() as stack:
            stack.enter_context(self._signals())
            self._catch_up()
            stack.enter_context(self._scheduler())
            if self._world.settings.drop.folder:
                stack.enter_context(self._drop.watched())
            log.info("serving", schedules=len(self._schedules.schedules))
            while not self._world.leave.is_set():
                self._turn()
            log.info("leaving")

    def _turn(self) -> None:
        """Run what is due, then what was dropped; wait a moment when there is neither."""
        if self._due:
            schedule, due = self._due.popleft()
            with self._though_the_ledger_is_away(schedule.flow):
                self._run_slot(schedule, due)
            return
        with suppress(queue.Empty):
            self._look(self._woken.get(timeout=min(TURN_SECONDS, self._look_seconds)))
            return
        self._try_again()
        self._look_around()
        with self._though_the_ledger_is_away(FlowName.INVOICES):
            self._look_at_drop_folder()

    @contextmanager
    def _though_the_ledger_is_away(self, flow: str) -> Iterator[None]:
        """Let a flow wait for the ledger as for a partner: the daemon lives on, and the flow is tried again."""
        try:
            yield
        except LedgerError as error:
            self._breakers.failed(flow, error, time.monotonic())

    def _try_again(self) -> None:
        """Run the flows whose partner has been left in peace for long enough: a slot that it spoiled is not lost."""
        for flow in self._breakers.due(time.monotonic()):
            self._run_again(flow)

    def _run_again(self, flow: str) -> None:
        if not self._world.leave.is_set():
            with self._though_the_ledger_is_away(flow):
                self._run_flow(flow, "retry")

    def _look_around(self) -> None:
        """Look at every schedule now and then, and for the slots of daemons that died while they ran them."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + self._look_seconds
        for schedule in self._schedules.schedules:
            self._look(schedule)
        with self._though_the_ledger_is_away(FlowName.INVOICES):
            for flow in self._take_over():
                self._run_again(flow)

    def _take_over(self) -> set[str]:
        """Take the slots that were abandoned, and return their flows: one run does the work of all slots of a flow."""
        with self._world.ledger.write() as tx:
            lost = slots.take_over(tx, self._world.owner, self._world.clock())
        for row in lost:
            log.warning("a slot was abandoned", flow=row["flow"], slot=row["due"], owner=row["owner"])
        return {row["flow"] for row in lost}

    def _run_slot(self, schedule: Schedule, due: dt.datetime) -> None:
        """Run a flow if nobody has run this slot and nothing forbids it; the slot is done when the flow's work is."""
        if self._schedules.is_blacked_out(due):
            log.info("blacked out", flow=schedule.flow, slot=slot_name(due))
            return
        if not self._take(schedule.flow, due):
            return
        self._world.leave.wait(random.uniform(0, schedule.jitter_seconds))  # noqa: S311  (spreads load, hides nothing)
        if self._breakers.waits(schedule.flow, time.monotonic()):
            log.info("waiting for a partner", flow=schedule.flow, slot=slot_name(due))
        elif not self._world.leave.is_set():
            self._run_flow(schedule.flow, "schedule", due)

    def _take(self, flow: str, due: dt.datetime) -> bool:
        with self._world.ledger.write() as tx:
            return slots.take(tx, flow, slot_name(due), self._world.owner, self._world.clock())

    def _run_flow(self, flow: str, trigger: str, due: dt.datetime | None = None) -> bool:
        """Run one batch and say whether it went well; then its slots are done unless it is to be tried again.

        Whatever goes wrong is logged and stands in the ledger, and the daemon lives on.
        """
        batch_id, well = None, False
        try:
            with open_batch(self._world, flow, trigger, due) as batch:
                batch_id = batch.id
                self._flows[flow](batch)
        except ExchangeError as error:
            if not self._breakers.failed(flow, error, time.monotonic()):
                log.error("batch failed", flow=flow, batch=batch_id, error=str(error), retry=error.retry)  # noqa: TRY400
        except Exception:
            self._breakers.forget(flow)
            log.exception("batch failed", flow=flow, batch=batch_id)
        else:
            well = True
            self._breakers.worked(flow)
            log.info("batch done", flow=flow, batch=batch_id, **batch.tally().as_json())
        if not self._breakers.will_try_again(flow) and not self._world.leave.is_set():
            with self._world.ledger.write() as tx:
                slots.finish_all(tx, flow, self._world.owner, batch_id)
        return well

    def _catch_up(self) -> None:
        """Deal with the slots that nobody ran while no daemon was there."""
        now = self._world.clock()
        for schedule in self._schedules.schedules:
            with self._world.ledger.read() as tx:
                last = slots.latest(tx, schedule.flow)
            self._looked[schedule] = now
            if last:
                self._queue(schedule, list(schedule.slots(last[0]["taken_at"], now, self._schedules.zone(schedule))))

    def _queue(self, schedule: Schedule, due: list[dt.datetime]) -> None:
        """Queue what is due; of several slots at once all but the last were missed, and the schedule says what then."""
        wanted = due if schedule.missed == "all" else due[-1:]
        for slot in due:
            if slot in wanted:
                self._due.append((schedule, slot))
            elif self._take(schedule.flow, slot):
                with self._world.ledger.write() as tx:
                    slots.finish(tx, schedule.flow, slot_name(slot), slots.MISSED)
        if len(wanted) < len(due) and schedule.missed == "alarm":
            log.error("slots were missed", flow=schedule.flow, slots=[slot_name(slot) for slot in due[:-1]])

    def _look_at_drop_folder(self) -> None:
        """Run the invoices when something was dropped and has been left alone for long enough."""
        lying = self._drop.take()
        if lying is None or self._breakers.waits(FlowName.INVOICES, time.monotonic()):
            return
        if self._run_flow(FlowName.INVOICES, "drop"):
            self._drop.worked(lying)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT finish the record in hand and leave."""

        def leave(number: int, _: FrameType | None) -> None:
            log.info("asked to leave", signal=signal.Signals(number).name)
            self._world.leave.set()

        before = {number: signal.signal(number, leave) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextmanager
    def _scheduler(self) -> Iterator[None]:
        """The timer: in memory only, so that it can be rebuilt from the schedules at any start."""
        defaults = {"misfire_grace_time": None, "coalesce": False, "max_instances": 1}
        scheduler = BackgroundScheduler(job_defaults=defaults, timezone=dt.UTC)
        for schedule in self._schedules.schedules:
            scheduler.add_job(
                partial(self._woken.put, schedule), CronTrigger(schedule, self._schedules), name=str(schedule.flow)
            )
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)

    def _look(self, schedule: Schedule) -> None:
        """Queue the slots that have come due since the last look, also after the machine was asleep."""
        with self._though_the_ledger_is_away(schedule.flow):
            now = self._world.clock()
            due = list(schedule.slots(self._looked[schedule], now, self._schedules.zone(schedule)))
            self._queue(schedule, due)
            self._looked[schedule] = now


def serve(world: World, flows: Mapping[str, Flow], schedules: Path | None) -> None:
    """Run flows by a schedules file until the process is asked to end; SettingsError if the file is wrong."""
    Daemon(world, flows, load_schedules(find_schedules_file(schedules))).run()
