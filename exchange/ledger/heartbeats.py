"""Signs of life: a process is alive until its last one no longer counts; one that leaves says so."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import Connection, RowMapping, select

from exchange.ledger.schema import heartbeat


def beat(tx: Connection, owner: str, role: str, now: dt.datetime, lasts: dt.timedelta) -> None:
    """Write a sign of life that counts for a while; the first one forgets processes of this role that are over."""
    values = {"seen_at": now, "until": now + lasts, "left_at": None}
    if tx.execute(heartbeat.update().where(heartbeat.c.owner == owner).values(**values)).rowcount == 0:
        tx.execute(heartbeat.delete().where(heartbeat.c.role == role, heartbeat.c.until < now))
        tx.execute(heartbeat.insert().values(owner=owner, role=role, started_at=now, **values))


def leave(tx: Connection, owner: str, now: dt.datetime) -> None:
    """Write down that a process ended because it was asked to."""
    tx.execute(heartbeat.update().where(heartbeat.c.owner == owner).values(until=now, left_at=now))


def known(tx: Connection) -> Sequence[RowMapping]:
    """Return every process with its last sign of life, the latest first."""
    return tx.execute(select(heartbeat).order_by(heartbeat.c.seen_at.desc())).mappings().all()
