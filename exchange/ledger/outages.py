"""Outages and the notices about them: written first and sent afterwards, so that none is forgotten or told twice."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, RowMapping, and_, select

from exchange.ledger.schema import notice, outage

RAISED = "raised"
ENDED = "ended"


def begin(tx: Connection, problems: Mapping[str, str], channels: Sequence[str], at: dt.datetime) -> list[str]:
    """Write an outage for each topic that has none, with a notice for each channel; return the topics that are new."""
    known = {row["topic"] for row in unended(tx)}
    fresh = {topic: message for topic, message in problems.items() if topic not in known}
    for topic, message in fresh.items():
        row = outage.insert().values(topic=topic, open_topic=topic, message=message, since=at)
        _tell(tx, int(tx.execute(row.returning(outage.c.id)).scalar_one()), RAISED, channels, at)
    return list(fresh)


def end(tx: Connection, topics: Sequence[str], at: dt.datetime) -> None:
    """End outages; whoever was told, or will be, is told of that too."""
    for row in unended(tx):
        if row["topic"] in topics:
            tx.execute(outage.update().where(outage.c.id == row["id"]).values(ended_at=at, open_topic=None))
            told = tx.execute(select(notice.c.channel).where(notice.c.outage_id == row["id"])).scalars().all()
            _tell(tx, row["id"], ENDED, told, at)


def _tell(tx: Connection, outage_id: int, what: str, channels: Sequence[str], at: dt.datetime) -> None:
    for channel in channels:
        values = {"outage_id": outage_id, "channel": channel, "what": what}
        tx.execute(notice.insert().values(**values, made_at=at, next_at=at, tries=0))


def unended(tx: Connection) -> Sequence[RowMapping]:
    """Return the outages that last, the oldest first."""
    return tx.execute(select(outage).where(outage.c.open_topic.is_not(None)).order_by(outage.c.id)).mappings().all()


def latest(tx: Connection, limit: int) -> Sequence[RowMapping]:
    """Return the latest outages, the newest first."""
    return tx.execute(select(outage).order_by(outage.c.id.desc()).limit(limit)).mappings().all()


def waiting(tx: Connection) -> Sequence[RowMapping]:
    """Return the notices that have not been sent, each with what it is about, in the order in which they are sent."""
    about = (outage.c.topic, outage.c.message, outage.c.since, outage.c.ended_at)
    query = select(notice, *about).join(outage, outage.c.id == notice.c.outage_id)
    return tx.execute(query.where(notice.c.sent_at.is_(None)).order_by(notice.c.id)).mappings().all()


def claim(tx: Connection, seen: RowMapping, until: dt.datetime) -> bool:
    """Take a notice to send it; it is free again after a moment. False when somebody else took or sent it."""
    mine = and_(notice.c.id == seen["id"], notice.c.tries == seen["tries"], notice.c.sent_at.is_(None))
    return tx.execute(notice.update().where(mine).values(next_at=until, tries=seen["tries"] + 1)).rowcount == 1


def sent(tx: Connection, notice_id: int, at: dt.datetime) -> None:
    """Write down that a notice was taken by its channel."""
    tx.execute(notice.update().where(notice.c.id == notice_id).values(sent_at=at, error=None))


def failed(tx: Connection, notice_id: int, error: str, again: dt.datetime) -> None:
    """Write down why a notice could not be sent, and when to try again."""
    tx.execute(notice.update().where(notice.c.id == notice_id).values(error=error, next_at=again))
