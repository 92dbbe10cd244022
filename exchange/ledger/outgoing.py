"""Files on their way to a partner: written here before the first byte leaves."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select

from exchange.ledger import records
from exchange.ledger.postgres import moment
from exchange.ledger.schema import outgoing, record

NEW = "new"
PUBLISHED = "published"
ACKNOWLEDGED = "acknowledged"
HELD = "held"  # nobody knows whether it left before the ledger was restored
ARRIVED = (PUBLISHED, ACKNOWLEDGED)


@dataclass(frozen=True, slots=True)
class Hold:
    """A lease on a file on its way out; ``begun`` says that an earlier owner began its last step, the rename."""

    id: int
    owner: str
    fence: int
    begun: bool


def add(tx: Connection, values: dict[str, Any], at: dt.datetime) -> int:
    """Write a file that is ready to leave and return its id."""
    query = outgoing.insert().values(**values, state=NEW, made_at=at).returning(outgoing.c.id)
    return int(tx.execute(query).scalar_one())


def waiting(tx: Connection, flow: str) -> Sequence[RowMapping]:
    """Return the files of a flow that have not arrived yet, oldest first."""
    query = select(outgoing).where(outgoing.c.flow == flow, outgoing.c.state == NEW).order_by(outgoing.c.id)
    return tx.execute(query).mappings().all()


def claim(tx: Connection, outgoing_id: int, owner: str, now: dt.datetime, seconds: float) -> Hold | None:
    """Take the lease on a file that waits; None when somebody else has it or it has arrived meanwhile."""
    now = moment(tx, now)
    row = tx.execute(select(outgoing).where(outgoing.c.id == outgoing_id)).mappings().one()
    free = or_(outgoing.c.lease_until.is_(None), outgoing.c.lease_until < now)
    open_ = and_(outgoing.c.id == outgoing_id, outgoing.c.fence == row["fence"], outgoing.c.state == NEW, free)
    values = {"owner": owner, "fence": row["fence"] + 1, "lease_until": now + dt.timedelta(seconds=seconds)}
    taken = tx.execute(outgoing.update().where(open_).values(**values)).rowcount
    return Hold(outgoing_id, owner, row["fence"] + 1, row["begun_at"] is not None) if taken == 1 else None


def begin(tx: Connection, held: Hold, at: dt.datetime) -> bool:
    """Write down that the last step is taken now; False when somebody else has taken over."""
    return tx.execute(outgoing.update().where(_held(held)).values(begun_at=at)).rowcount == 1


def rename(tx: Connection, held: Hold, path: str) -> None:
    """Give a file another name; without effect when somebody else has taken over."""
    tx.execute(outgoing.update().where(_held(held)).values(path=path))


def give_back(tx: Connection, held: Hold) -> None:
    """End the lease; without effect when somebody else has taken over."""
    tx.execute(outgoing.update().where(_held(held)).values(owner=None, lease_until=None))


def _held(held: Hold) -> ColumnElement[bool]:
    return and_(outgoing.c.id == held.id, outgoing.c.owner == held.owner, outgoing.c.fence == held.fence)


def published(tx: Connection, outgoing_id: int, at: dt.datetime) -> None:
    """Write down that a file arrived whole under its final name."""
    waiting_for_it = and_(outgoing.c.id == outgoing_id, outgoing.c.state == NEW)
    values = {"state": PUBLISHED, "published_at": at, "owner": None, "lease_until": None}
    tx.execute(outgoing.update().where(waiting_for_it).values(**values))


def unanswered(tx: Connection, flow: str, remote: str) -> Sequence[RowMapping]:
    """Return the files of a flow that arrived at a partner whose answer is still to come, oldest first."""
    mine = and_(outgoing.c.flow == flow, outgoing.c.remote == remote, outgoing.c.state == PUBLISHED)
    return tx.execute(select(outgoing).where(mine).order_by(outgoing.c.id)).mappings().all()


def acknowledged(tx: Connection, outgoing_id: int) -> None:
    """Write down that the partner took a file and said so."""
    tx.execute(outgoing.update().where(outgoing.c.id == outgoing_id).values(state=ACKNOWLEDGED))


def arrived_records(tx: Connection, flow: str) -> Sequence[RowMapping]:
    """Return the records without an outcome whose file has arrived at the partner."""
    query = (
        select(record)
        .join(outgoing, outgoing.c.id == record.c.outgoing_id)
        .where(
            outgoing.c.flow == flow, outgoing.c.state.in_(ARRIVED), record.c.state.in_((records.NEW, records.INTENT))
        )
    )
    return tx.execute(query.order_by(record.c.id)).mappings().all()


def hold(tx: Connection, remote: str) -> int:
    """Keep the files back that wait for a partner, until a person knows whether they left; return how many."""
    waiting_there = and_(outgoing.c.remote == remote, outgoing.c.state == NEW)
    return tx.execute(outgoing.update().where(waiting_there).values(state=HELD)).rowcount


def held(tx: Connection) -> Sequence[RowMapping]:
    """Return the files that are kept back."""
    return tx.execute(select(outgoing).where(outgoing.c.state == HELD).order_by(outgoing.c.id)).mappings().all()


def again(tx: Connection, outgoing_id: int) -> None:
    """Let a file be put in place once more, under the same name with the same bytes."""
    tx.execute(outgoing.update().where(outgoing.c.id == outgoing_id).values(state=NEW, begun_at=None))
