"""Slots: whoever writes the nominal time of a schedule first, runs it."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select
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


def finish(tx: Connection, flow: str, due: str, state: str, batch_id: int | None = None) -> None:
    """Write what became of a slot."""
    query = slot.update().where(slot.c.flow == flow, slot.c.due == due)
    tx.execute(query.values(state=state, batch_id=batch_id))


def latest(tx: Connection, flow: str, limit: int = 1) -> Sequence[RowMapping]:
    """Return the latest slots of a flow, newest first."""
    query = select(slot).where(slot.c.flow == flow).order_by(slot.c.taken_at.desc(), slot.c.due.desc()).limit(limit)
    return tx.execute(query).mappings().all()
