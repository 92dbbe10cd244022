"""Health: how the exchange is, as its ledger and this machine tell; no partner is asked."""

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, func, select

from exchange.batches.world import World
from exchange.breaker import ALARM_AT
from exchange.flow import FlowName
from exchange.ledger import controls, files, heartbeats, outages, partners, schema, slots
from exchange.schedule import Schedules, slot_name
from exchange.settings import HealthSettings

MEGABYTE = 1 << 20
SERVE, WORKER = "serve", "worker"


class Level(IntEnum):
    """How bad it is; the numbers are the exit codes of a Nagios plugin."""

    OK = 0
    WARNING = 1
    CRITICAL = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``topic`` names it for as long as it lasts, ``remedy`` says what to do.

    What is critical is an alarm, which people are told of; a warning is one only where nobody would look by himself.
    """

    topic: str
    level: Level
    message: str
    remedy: str = ""
    alarm: bool = False

    @property
    def is_alarm(self) -> bool:
        """True when people are to be told."""
        return self.alarm or self.level is Level.CRITICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHealth:
    """One flow: its last batch, when the last one went well, what its records are, and when it is due next."""

    flow: str
    last: RowMapping | None
    well: dt.datetime | None
    records: Mapping[str, int]
    due: dt.datetime | None = None
    late: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the exchange is at one moment."""

    at: dt.datetime
    owners: Sequence[RowMapping]
    stopped: RowMapping | None
    restored: RowMapping | None
    flows: Sequence[FlowHealth]
    oldest: RowMapping | None
    quarantined: Sequence[RowMapping]
    partners: Sequence[RowMapping]
    untold: Sequence[RowMapping]
    free_bytes: int
    problems: Sequence[Problem] = field(default=())

    @property
    def waited(self) -> dt.timedelta:
        """How long the oldest file that is not finished has waited, nothing without one."""
        return self.at - self.oldest["taken_at"] if self.oldest else dt.timedelta()

    @property
    def level(self) -> Level:
        """How bad the worst is."""
        return max((problem.level for problem in self.problems), default=Level.OK)


def look(world: World, schedules: Schedules | None = None) -> Health:
    """Look at ledger and disk; LedgerError when the ledger cannot be read."""
    now = world.clock()
    with world.ledger.read() as tx:
        facts: dict[str, Any] = {
            "at": now,
            "owners": heartbeats.known(tx),
            "stopped": controls.active(tx, controls.STOP),
            "restored": controls.active(tx, controls.RESTORED),
            "flows": [_flow(tx, flow, now, schedules, world.settings.health) for flow in FlowName],
            "oldest": files.oldest_open(tx),
            "quarantined": files.in_state(tx, files.QUARANTINED),
            "partners": partners.failing(tx),
            "untold": outages.waiting(tx),
            "free_bytes": shutil.disk_usage(world.settings.home).free,
        }
    health = Health(**facts)
    return Health(**facts, problems=tuple(_problems(health, world.settings.health)))


def _flow(
    tx: Connection, flow: FlowName, now: dt.datetime, schedules: Schedules | None, limits: HealthSettings
) -> FlowHealth:
    batch, record = schema.batch, schema.record
    mine = select(batch).where(batch.c.flow == flow)
    done = select(func.max(batch.c.ended_at)).where(batch.c.flow == flow, batch.c.outcome == "done")
    states = select(record.c.state, func.count()).where(record.c.flow == flow).group_by(record.c.state)
    late = _late(tx, flow, now - dt.timedelta(minutes=limits.late_minutes), schedules) if schedules else ""
    return FlowHealth(
        flow=flow,
        last=tx.execute(mine.order_by(batch.c.id.desc()).limit(1)).mappings().first(),
        well=tx.execute(done).scalar(),
        records=dict(tx.execute(states).all()),
        due=schedules.next_due(flow, now) if schedules else None,
        late=late,
    )


def _late(tx: Connection, flow: FlowName, until: dt.datetime, schedules: Schedules) -> str:
    """Name the slot that should have been run by now; "" when there is none, or no daemon ever ran this flow."""
    last = slots.latest(tx, flow)
    due = schedules.due(flow, last[0]["taken_at"], until) if last else []
    return slot_name(due[0]) if due else ""


def _problems(health: Health, limits: HealthSettings) -> Iterator[Problem]:
    for find in _FINDERS:
        yield from find(health, limits)


def _switch(health: Health, _: HealthSettings) -> Iterator[Problem]:
    if health.stopped is not None:
        by, why = health.stopped["set_by"], health.stopped["value"]
        yield Problem("switch", Level.WARNING, f"Stopped by {by}: {why}", "`exchange resume` lets it go on.")


def _restored(health: Health, _: HealthSettings) -> Iterator[Problem]:
    if health.restored is not None:
        told = f"The ledger is a backup of {health.restored['value'][:16]}; what was done after it is not in it."
        yield Problem("restored", Level.WARNING, told, "`exchange reconcile` tells what it does not know.")


def _daemon(health: Health, _: HealthSettings) -> Iterator[Problem]:
    """No daemon at all is no problem: cron may run the flows."""
    mine = [row for row in health.owners if row["role"] == SERVE]
    if not mine or any(is_alive(row, health.at) for row in mine):
        return
    last = mine[0]
    if last["left_at"]:
        yield Problem("daemon", Level.WARNING, f"No daemon runs since {last['left_at']:%Y-%m-%d %H:%M} UTC.", _START)
    else:
        told = f"The daemon {last['owner']} gave no sign of life since {last['seen_at']:%Y-%m-%d %H:%M} UTC."
        yield Problem("daemon", Level.CRITICAL, told, _START)


def is_alive(row: RowMapping, now: dt.datetime) -> bool:
    """True while the last sign of life of a process counts."""
    return row["left_at"] is None and bool(row["until"] >= now)


def _late_flows(health: Health, limits: HealthSettings) -> Iterator[Problem]:
    for flow in health.flows:
        if flow.late:
            told = f"{flow.flow} was due at {flow.late} and has not begun {limits.late_minutes:g} minutes later."
            yield Problem(f"late {flow.flow}", Level.CRITICAL, told, "See what the daemon does: its log, its service.")


def _failed_flows(health: Health, _: HealthSettings) -> Iterator[Problem]:
    """A flow whose last batch failed, unless a partner is to blame, who is told of once for all flows."""
    blamed = {flow for partner in health.partners for flow in partner["flows"].split()}
    for flow in health.flows:
        if flow.last and flow.last["outcome"] == "failed" and flow.flow not in blamed and health.stopped is None:
            told = f"Batch {flow.last['id']} of {flow.flow} failed: {flow.last['error']}"
            yield Problem(f"flow {flow.flow}", Level.CRITICAL, told, f"`exchange show {flow.last['id']}`")


def _partners(health: Health, _: HealthSettings) -> Iterator[Problem]:
    """One failure may be a hiccup; a refusal, or several in a row, is not."""
    for row in health.partners:
        level = Level.WARNING if row["retry"] and row["failures"] < ALARM_AT else Level.CRITICAL
        times = f"{row['failures']} times since" if row["failures"] > 1 else "at"
        told = f"{row['name']} failed {times} {row['since']:%Y-%m-%d %H:%M} UTC: {row['error']}"
        yield Problem(f"partner {row['name']}", level, told, "`exchange check` tells what it does not do.")


def _old_files(health: Health, limits: HealthSettings) -> Iterator[Problem]:
    if health.oldest and health.waited > dt.timedelta(minutes=limits.oldest_file_minutes):
        told = f"{health.oldest['name']} came {health.waited.total_seconds() / 3600:.1f} hours ago and is not finished."
        remedy = f"`exchange show {health.oldest['batch_id']}`, then `exchange run {health.oldest['flow']}`."
        yield Problem("oldest file", Level.WARNING, told, remedy, alarm=True)


def _quarantined(health: Health, _: HealthSettings) -> Iterator[Problem]:
    for row in health.quarantined:
        told = f"{row['name']} is in quarantine: {row['reason'] or 'no reason was noted'}"
        remedy = "`exchange quarantine` tells why, and lets you release or refuse it."
        yield Problem(f"file {row['sha256'][:16]}", Level.WARNING, told, remedy, alarm=True)


def _disk(health: Health, limits: HealthSettings) -> Iterator[Problem]:
    free = health.free_bytes / MEGABYTE
    if free < limits.disk_megabytes:
        level = Level.CRITICAL if free < limits.disk_megabytes / 4 else Level.WARNING
        yield Problem("disk", level, f"{free:.0f} MB are free in the home folder.", "Make room; nothing is removed.")


def _untold(health: Health, _: HealthSettings) -> Iterator[Problem]:
    """What cannot be told on one channel is not told on another: it would be told for ever."""
    stuck = [row for row in health.untold if row["tries"] >= ALARM_AT]
    if stuck:
        told = f"{len(stuck)} alerts could not be sent, the first to {stuck[0]['channel']}: {stuck[0]['error']}"
        yield Problem("alerts", Level.WARNING, told, "Check [alerts]; `exchange alerts --test` tries it.")


_START = "Start `exchange serve`, by systemd: `systemctl start exchange`."
_FINDERS: tuple[Callable[[Health, HealthSettings], Iterator[Problem]], ...] = (
    _switch,
    _restored,
    _daemon,
    _late_flows,
    _failed_flows,
    _partners,
    _old_files,
    _quarantined,
    _disk,
    _untold,
)
