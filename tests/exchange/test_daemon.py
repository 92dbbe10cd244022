"""The daemon by a moved clock: which slots it runs, misses, leaves to others and takes over from the dead."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from exchange.batches.batch import Batch
from exchange.batches.world import World, open_world
from exchange.daemon import Daemon
from exchange.errors import RemoteUnreachableError
from exchange.flow import FlowName
from exchange.ledger import heartbeats, slots
from exchange.ledger.schema import slot
from exchange.schedule import Missed, Schedule, Schedules, slot_name
from exchange.settings import load_settings
from tests.exchange.desk import POLICY

TEN = dt.datetime(2026, 3, 2, 10, 0, tzinfo=dt.UTC)
ZONE = ZoneInfo("America/New_York")
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
LOOK_SECONDS = 0.05
NOTHING_MORE_SECONDS = 0.4  # several turns of an idle daemon
LONGEST_SECONDS = 20.0

Play = Callable[[], None]


@dataclass
class Office:
    """A ledger, a clock that goes where it is told, and daemons whose one flow only counts how often it ran."""

    folder: Path
    now: dt.datetime = TEN + MINUTE
    ran: list[dt.datetime] = field(default_factory=list)
    work: Callable[[World], object] = id
    looks: int = 0  # at the clock

    @contextmanager
    def world(self) -> Iterator[World]:
        """Open the ledger as one process would."""
        with open_world(load_settings(self.folder / "exchange.toml"), self.clock) as world:
            yield world

    def clock(self) -> dt.datetime:
        """Return the time."""
        self.looks += 1
        return self.now

    def serve(self, play: Play = lambda: None, cron: str = "0 * * * *", missed: Missed = "last") -> None:
        """Serve while a play goes on, and until the daemon has nothing more to do."""
        schedule = Schedule(flow=FlowName.INVOICES, cron=cron, missed=missed)
        schedules = Schedules(time_zone=ZONE.key, schedules=(schedule,))
        with self.world() as world:
            self.looks = 0
            actor = threading.Thread(target=self._act, args=(play, world))
            actor.start()
            Daemon(world, {FlowName.INVOICES: self._flow}, schedules, LOOK_SECONDS).run()
            actor.join()

    def _act(self, play: Play, world: World) -> None:
        try:
            _wait(lambda: self.looks > 1)  # the daemon has caught up and looked at its schedules
            play()
            time.sleep(NOTHING_MORE_SECONDS)
        finally:
            world.leave.set()

    def _flow(self, batch: Batch) -> None:
        self.work(batch.world)
        self.ran.append(self.now)

    def has_run(self, times: int) -> None:
        """Wait until the flow has run so often."""
        _wait(lambda: len(self.ran) >= times)  # once more would be seen by its slots
        assert times == len(self.ran)

    def set_clock(self, by: dt.timedelta) -> None:
        """Set the clock forward or back."""
        self.now += by

    def take(self, due: dt.datetime, owner: str, alive: dt.timedelta) -> None:
        """Take a slot in the name of another daemon that gives signs of life for so long."""
        with self.world() as world, world.ledger.write() as tx:
            heartbeats.beat(tx, owner, "serve", self.now, alive)
            slots.take(tx, FlowName.INVOICES, slot_name(due.astimezone(ZONE)), owner, self.now)

    def slots(self) -> dict[str, str]:
        """Return the local times of the slots and what became of each."""
        with self.world() as world, world.ledger.read() as tx:
            rows = tx.execute(select(slot).order_by(slot.c.due)).mappings().all()
        return {row["due"][11:16]: row["state"] for row in rows}


def _wait(until: Callable[[], bool]) -> None:
    last = time.monotonic() + LONGEST_SECONDS
    while not until() and time.monotonic() < last:
        time.sleep(0.01)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    (tmp_path / "exchange.toml").write_text(f'home = "{tmp_path / "home"}"\n{POLICY}', encoding="utf-8")
    return Office(tmp_path)


def after(office: Office, by: dt.timedelta, times: int) -> Play:
    """Return the play in which the clock is set and the flow has run so often in all."""

    def play() -> None:
        office.set_clock(by)
        office.has_run(times)

    return play


def test_a_slot_is_run_once_when_its_time_has_come(office: Office) -> None:
    office.serve(after(office, HOUR, 1))
    assert ([TEN + HOUR + MINUTE], {"06:00": "done"}) == (office.ran, office.slots())


def test_a_clock_that_is_set_forward_runs_the_latest_slot_and_tells_which_were_missed(office: Office) -> None:
    office.serve(after(office, 3 * HOUR, 1))
    assert {"06:00": "missed", "07:00": "missed", "08:00": "done"} == office.slots()


def test_a_clock_that_is_set_back_runs_no_slot_again(office: Office) -> None:
    def play() -> None:
        after(office, HOUR, 1)()
        office.set_clock(-HOUR)
        time.sleep(NOTHING_MORE_SECONDS)
        after(office, HOUR, 1)()

    office.serve(play)
    assert {"06:00": "done"} == office.slots()


def test_a_clock_that_wavers_around_a_slot_runs_it_once(office: Office) -> None:
    def play() -> None:
        for _ in range(3):
            office.set_clock(59 * MINUTE + 10 * MINUTE)
            office.has_run(1)
            office.set_clock(-69 * MINUTE)
            time.sleep(NOTHING_MORE_SECONDS)

    office.serve(play)
    assert [TEN + 70 * MINUTE] == office.ran


def test_two_daemons_run_a_slot_once(office: Office) -> None:
    office.serve(after(office, HOUR, 1))
    office.set_clock(-HOUR)
    office.serve(after(office, HOUR, 1))
    assert {"06:00": "done"} == office.slots()


@pytest.mark.parametrize(
    ("missed", "states"),
    [
        ("last", ["done", "missed", "missed", "done"]),
        ("all", ["done", "done", "done", "done"]),
        ("alarm", ["done", "missed", "missed", "done"]),
    ],
)
def test_slots_that_nobody_ran_while_no_daemon_was_there(office: Office, missed: Missed, states: list[str]) -> None:
    office.serve(after(office, HOUR, 1))
    office.set_clock(3 * HOUR)
    with capture_logs() as logs:
        office.serve(missed=missed)
    told = [one["slots"] for one in logs if one["event"] == "slots were missed"]
    alarm = [[f"2026-03-02T{hour}:00 America/New_York" for hour in ("07", "08")]] if missed == "alarm" else []
    assert (states, alarm) == ([*office.slots().values()], told)


def test_a_slot_whose_daemon_died_is_run_by_the_next(office: Office) -> None:
    office.take(TEN, "dead", -MINUTE)
    office.serve()
    assert (1, {"05:00": "done"}) == (len(office.ran), office.slots())


def test_slots_of_a_dead_daemon_cost_one_run_for_each_flow(office: Office) -> None:
    for hours in range(3):
        office.take(TEN - hours * HOUR, "dead", -MINUTE)
    office.serve()
    assert (1, {"done"}) == (len(office.ran), {*office.slots().values()})


def test_a_slot_of_a_daemon_that_lives_is_left_to_it(office: Office) -> None:
    office.take(TEN, "alive", HOUR)
    office.serve()
    assert ([], {"05:00": "taken"}) == (office.ran, office.slots())


def test_a_slot_that_was_cut_short_is_finished_by_the_next_daemon(office: Office) -> None:
    office.work = lambda world: world.leave.set()
    office.serve(after(office, HOUR, 1))
    cut_short, office.work = office.slots(), id
    office.serve()
    assert ({"06:00": "taken"}, {"06:00": "done"}, 2) == (cut_short, office.slots(), len(office.ran))


def test_a_slot_is_done_when_the_partner_that_spoiled_it_is_back(office: Office) -> None:
    states = []

    def work(_: World) -> None:
        states.append(office.slots()["06:00"])
        if len(states) < 2:
            error = RemoteUnreachableError("lockbox: no answer")
            error.partner = "lockbox"
            raise error

    office.work = work
    office.serve(after(office, HOUR, 1))
    assert (["taken", "taken"], {"06:00": "done"}) == (states, office.slots())


@pytest.mark.parametrize("day", [dt.date(2026, 3, 8), dt.date(2026, 11, 1)])
def test_slots_in_the_hour_that_daylight_saving_leaves_out_or_repeats_are_run_once(
    office: Office, day: dt.date
) -> None:
    """In New York clocks go from 2 to 3 on 8 March 2026, and from 2 back to 1 on 1 November."""
    office.now = dt.datetime.combine(day, dt.time(4), dt.UTC)
    office.serve(after(office, 6 * HOUR, 2), cron="30 1,2 * * *", missed="all")
    assert ["done", "done"] == [*office.slots().values()]
