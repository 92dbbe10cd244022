"""Slots: whoever writes the nominal time of a schedule first, runs it.

A slot that is taken belongs to a process that gives signs of life. Once these have ended, another one takes it over.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, and_, exists, select
from sqlalchemy.exc import IntegrityError

from exchange.ledger.schema import heartbeat, slot

TAKEN = "taken"
DONE = "done"
MISSED = "missed"


def take(tx: Connection, flow: str, due: str, owner: str, at: dt.datetime) -> bool:
    """Take a slot, named by its local date, time and zone; False when somebody took it before."""
    try:
        with tx.begin_nested():
            tx.execute(slot.insert().values(flow=flow, due=due, owner=owner, taken_at=at, state=TAKEN))
    except IntegrityError:
        return False
    return True


def take_over(tx: Connection, owner: str, at: dt.datetime) -> Sequence[RowMapping]:
    """Take the slots of processes that ended before their work was done; return them as they were, oldest first."""
    alive = exists().where(heartbeat.c.owner == slot.c.owner, heartbeat.c.until >= at)
    left = and_(slot.c.state == TAKEN, slot.c.owner != owner, ~alive)
    rows = tx.execute(select(slot).where(left).order_by(slot.c.taken_at, slot.c.due)).mappings().all()
    if rows:
        tx.execute(slot.update().where(left).values(owner=owner))
    return rows


def finish(tx: Connection, flow: str, due: str, state: str) -> None:
    """Write what became of a slot without a batch of its own."""
    tx.execute(slot.update().where(slot.c.flow == flow, slot.c.due == due).values(state=state))


def finish_all(tx: Connection, flow: str, owner: str, batch_id: int | None) -> None:
    """Write that the work of every slot is done that a process had taken for a flow."""
    mine = and_(slot.c.flow == flow, slot.c.owner == owner, slot.c.state == TAKEN)
    tx.execute(slot.update().where(mine).values(state=DONE, batch_id=batch_id))


def latest(tx: Connection, flow: str, limit: int = 1) -> Sequence[RowMapping]:
    """Return the latest slots of a flow, newest first."""
    query = select(slot).where(slot.c.flow == flow).order_by(slot.c.taken_at.desc(), slot.c.due.desc()).limit(limit)
    return tx.execute(query).mappings().all()
