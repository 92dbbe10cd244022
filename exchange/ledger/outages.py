"""Outages and the notices about them: written first, sent afterwards, so that nothing is told twice or forgotten."""

from sqlalchemy import Connection, func, select

from exchange.ledger.schema import notice


def waiting(tx: Connection) -> int:
    """Return how many notices have not been sent yet."""
    return int(tx.execute(select(func.count()).where(notice.c.sent_at.is_(None))).scalar_one())
