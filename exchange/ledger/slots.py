"""Slots: whoever writes the nominal time of a schedule first, runs it.

A slot is a lease too: one that was taken and never finished was the work of a process that died.
"""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, select
from sqlalchemy.exc import IntegrityError

from exchange.ledger.schema import slot

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


def abandoned(tx: Connection, before: dt.datetime) -> Sequence[RowMapping]:
    """Return the slots that were taken before a moment and that nobody has finished, oldest first."""
    return tx.execute(select(slot).where(_is_abandoned(before)).order_by(slot.c.taken_at)).mappings().all()


def take_over(tx: Connection, lost: RowMapping, owner: str, at: dt.datetime) -> bool:
    """Take an abandoned slot; False when somebody else was faster."""
    same = and_(slot.c.flow == lost["flow"], slot.c.due == lost["due"], slot.c.owner == lost["owner"])
    query = slot.update().where(same, slot.c.taken_at == lost["taken_at"], slot.c.state == TAKEN)
    return tx.execute(query.values(owner=owner, taken_at=at)).rowcount == 1


def _is_abandoned(before: dt.datetime) -> ColumnElement[bool]:
    return and_(slot.c.state == TAKEN, slot.c.taken_at < before)


def finish(tx: Connection, flow: str, due: str, state: str, batch_id: int | None = None) -> None:
    """Write what became of a slot."""
    query = slot.update().where(slot.c.flow == flow, slot.c.due == due)
    tx.execute(query.values(state=state, batch_id=batch_id))


def latest(tx: Connection, flow: str, limit: int = 1) -> Sequence[RowMapping]:
    """Return the latest slots of a flow, newest first."""
    query = select(slot).where(slot.c.flow == flow).order_by(slot.c.taken_at.desc(), slot.c.due.desc()).limit(limit)
    return tx.execute(query).mappings().all()
