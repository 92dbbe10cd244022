"""Alerts: people are told once when something goes wrong and once when it is right again, whatever restarts meanwhile.

What is to be told stands in the ledger before it is sent. A process that dies between sending and noting it tells it
once more, under the same id.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from sqlalchemy import RowMapping

from exchange.batches.world import World
from exchange.errors import ExchangeError
from exchange.ledger import outages
from exchange.monitor.channels import Channel, Message, NotToldError, channels
from exchange.monitor.health import look
from exchange.schedule import Schedules

log = structlog.get_logger()
FIRST_PAUSE = dt.timedelta(seconds=30)
LONGEST_PAUSE = dt.timedelta(hours=1)
IN_HAND = dt.timedelta(minutes=5)  # longer than any channel takes: whoever has it by then is dead
BY_SCHEDULE = "late "  # topics that only somebody with the schedules can judge


@contextmanager
def attended(world: World, schedules: Schedules | None = None) -> Iterator[None]:
    """Attend to the alerts when something was done, however it ended; what fails here is logged, for it is not that."""
    try:
        yield
    finally:
        try:
            attend(world, schedules)
        except (ExchangeError, OSError) as error:
            log.warning("alerts were not looked at", error=str(error))


def attend(world: World, schedules: Schedules | None = None) -> None:
    """Note what went wrong and what is right again, and send what is due; LedgerError when there is no ledger."""
    note(world, schedules)
    send(world)


def note(world: World, schedules: Schedules | None = None) -> None:
    """Write the outages that begin and end, with a notice for each channel."""
    problems = look(world, schedules).problems
    alarms = {problem.topic: problem.message for problem in problems if problem.is_alarm}
    lasting = {problem.topic for problem in problems}
    with world.ledger.write() as tx:
        over = [row["topic"] for row in outages.unended(tx) if row["topic"] not in lasting]
        over = [topic for topic in over if schedules or not topic.startswith(BY_SCHEDULE)]
        outages.end(tx, over, world.clock())
        outages.begin(tx, alarms, list(channels(world.settings.alerts)), world.clock())


def send(world: World) -> None:
    """Send every notice that is due; one that a channel does not take waits, and so do those behind it."""
    with world.ledger.read() as tx:
        waiting = outages.waiting(tx)
    for name, channel in channels(world.settings.alerts).items():
        for row in (one for one in waiting if one["channel"] == name):
            if not _send(world, row, channel):
                break


def _send(world: World, row: RowMapping, channel: Channel) -> bool:
    """Send one notice; False when it has to wait."""
    now = world.clock()
    if row["next_at"] > now:
        return False
    with world.ledger.write() as tx:
        if not outages.claim(tx, row, now + IN_HAND):
            return False
    try:
        channel.tell(_message(row))
    except NotToldError as error:
        pause = min(FIRST_PAUSE * 2 ** min(row["tries"], 10), LONGEST_PAUSE)
        log.warning("an alert could not be sent", channel=row["channel"], topic=row["topic"], error=str(error))
        with world.ledger.write() as tx:
            outages.failed(tx, row["id"], str(error), now + pause)
        return False
    with world.ledger.write() as tx:
        outages.sent(tx, row["id"], world.clock())
    return True


def _message(row: RowMapping) -> Message:
    """The message of a notice: that something began is told as it was then, also when it is over by now."""
    ended = row["ended_at"] if row["what"] == outages.ENDED else None
    told = {"what": row["what"], "topic": row["topic"], "text": row["message"]}
    return Message(id=f"{row['made_at']:%Y%m%dT%H%M%S}.{row['id']}", **told, since=row["since"], ended_at=ended)
