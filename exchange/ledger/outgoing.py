"""Files on their way to a partner: written here before the first byte leaves."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, select

from exchange.ledger import records
from exchange.ledger.schema import outgoing, record

NEW = "new"
PUBLISHED = "published"
ACKNOWLEDGED = "acknowledged"


def add(tx: Connection, values: dict[str, Any], at: dt.datetime) -> int:
    """Write a file that is ready to leave and return its id."""
    query = outgoing.insert().values(**values, state=NEW, made_at=at).returning(outgoing.c.id)
    return int(tx.execute(query).scalar_one())


def waiting(tx: Connection, flow: str) -> Sequence[RowMapping]:
    """Return the files of a flow that have not arrived yet, oldest first."""
    query = select(outgoing).where(outgoing.c.flow == flow, outgoing.c.state == NEW).order_by(outgoing.c.id)
    return tx.execute(query).mappings().all()


def published(tx: Connection, outgoing_id: int, at: dt.datetime) -> None:
    """Write down that a file arrived whole under its final name."""
    tx.execute(outgoing.update().where(outgoing.c.id == outgoing_id).values(state=PUBLISHED, published_at=at))


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
        .where(outgoing.c.flow == flow, outgoing.c.state != NEW, record.c.state.in_((records.NEW, records.INTENT)))
    )
    return tx.execute(query.order_by(record.c.id)).mappings().all()


def again(tx: Connection, outgoing_id: int) -> None:
    """Let a file be put in place once more, under the same name with the same bytes."""
    tx.execute(outgoing.update().where(outgoing.c.id == outgoing_id).values(state=NEW))
