"""Events: what happened, append-only, each chained to the one before so that a change shows."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from exchange.ledger.schema import event

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened: what, who, when, and to which batch, file and record."""

    at: dt.datetime
    what: str
    who: str
    batch_id: int | None = None
    sha256: str | None = None
    record_id: int | None = None
    detail: Mapping[str, object] = field(default_factory=dict)


def append(tx: Connection, happened: Event) -> int:
    """Write an event behind the last one and return its id."""
    row = {
        "at": happened.at,
        "what": happened.what,
        "who": happened.who,
        "batch_id": happened.batch_id,
        "sha256": happened.sha256,
        "record_id": happened.record_id,
        "detail": json.dumps(dict(happened.detail), sort_keys=True, default=str),
    }
    return int(tx.execute(event.insert().values(**row, chain=link(head(tx), row)).returning(event.c.id)).scalar_one())


def last(tx: Connection, record_id: int, what: str) -> dt.datetime | None:
    """Return when this last happened to a record, None when it never did."""
    query = select(event.c.at).where(event.c.record_id == record_id, event.c.what == what)
    return tx.execute(query.order_by(event.c.id.desc()).limit(1)).scalar()


def link(former: str, row: Mapping[str, object]) -> str:
    """Return the SHA-256 that chains a row to the one before it."""
    at = row["at"]
    moment = at.astimezone(dt.UTC).isoformat(timespec="microseconds") if isinstance(at, dt.datetime) else at
    names = ("what", "who", "batch_id", "sha256", "record_id", "detail")
    text = json.dumps([former, moment, *(row[name] for name in names)], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def head(tx: Connection) -> str:
    """Return the end of the chain: who keeps it elsewhere can prove later that no event up to it was removed."""
    return tx.execute(select(event.c.chain).order_by(event.c.id.desc()).limit(1)).scalar() or GENESIS


def holds(tx: Connection, former: str) -> bool:
    """True when what was the end of the chain once still stands in it."""
    return former == GENESIS or tx.execute(select(event.c.id).where(event.c.chain == former)).first() is not None


def broken_links(tx: Connection) -> Iterator[int]:
    """Yield the id of every event whose chain does not follow from the one before it."""
    former = GENESIS
    for row in tx.execute(select(event).order_by(event.c.id)).mappings():
        if row["chain"] != link(former, {str(name): value for name, value in row.items()}):
            yield int(row["id"])
        former = row["chain"]
