"""Files in the ledger: known by content, claimed by a lease with a fence, tidied away last."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, or_, select

from exchange.errors import NotFoundError
from exchange.ledger.postgres import moment
from exchange.ledger.schema import file, sighting

OPEN = "open"
DONE = "done"
QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on a file; ``fence`` grows with every claim, so an old owner can be told from the new one."""

    sha256: str
    owner: str
    fence: int
    until: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A content as it came in: where it was seen, under which name, how large."""

    sha256: str
    flow: str
    remote: str
    path: str
    name: str
    size: int


def get(tx: Connection, sha256: str) -> RowMapping:
    """Return one file; NotFoundError if it was never seen."""
    row = tx.execute(select(file).where(file.c.sha256 == sha256)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no file {sha256}.")
    return row


def see(tx: Connection, seen: Seen, batch_id: int, at: dt.datetime) -> bool:
    """Write down that a content was seen; return True when it is new, False when it came in before."""
    known = tx.execute(select(file.c.sha256).where(file.c.sha256 == seen.sha256)).first() is not None
    if not known:
        former = tx.execute(
            select(file.c.sha256)
            .where(file.c.flow == seen.flow, file.c.name == seen.name)
            .order_by(file.c.taken_at.desc())
            .limit(1)
        ).scalar()
        values = {"sha256": seen.sha256, "flow": seen.flow, "name": seen.name, "size": seen.size, "former": former}
        tx.execute(
            file.insert().values(**values, state=OPEN, kind="", taken_at=at, batch_id=batch_id, fence=0, tries=0)
        )
    if not _is_sighted(tx, seen):
        place = {"sha256": seen.sha256, "remote": seen.remote, "path": seen.path}
        tx.execute(sighting.insert().values(**place, seen_at=at, batch_id=batch_id))
    return not known


def _is_sighted(tx: Connection, seen: Seen) -> bool:
    """True while the same content still lies at the same place."""
    same = and_(sighting.c.sha256 == seen.sha256, sighting.c.remote == seen.remote, sighting.c.path == seen.path)
    return tx.execute(select(sighting.c.id).where(same, sighting.c.tidied_at.is_(None))).first() is not None


def claim(tx: Connection, sha256: str, owner: str, now: dt.datetime, seconds: float) -> Claim | None:
    """Take the lease on a file that nobody holds; None when somebody does or nothing is left to do."""
    row, now = get(tx, sha256), moment(tx, now)
    until = now + dt.timedelta(seconds=seconds)
    free = or_(file.c.lease_until.is_(None), file.c.lease_until < now)
    mine = and_(file.c.sha256 == sha256, file.c.fence == row["fence"], file.c.state == OPEN, free)
    values = {"owner": owner, "fence": row["fence"] + 1, "lease_until": until, "tries": row["tries"] + 1}
    taken = tx.execute(file.update().where(mine).values(**values)).rowcount
    return Claim(sha256, owner, row["fence"] + 1, until) if taken == 1 else None


def renew(tx: Connection, held: Claim, now: dt.datetime, seconds: float) -> Claim | None:
    """Lengthen a lease; None when another owner has taken over."""
    until = moment(tx, now) + dt.timedelta(seconds=seconds)
    kept = tx.execute(file.update().where(_held(held)).values(lease_until=until)).rowcount
    return Claim(held.sha256, held.owner, held.fence, until) if kept == 1 else None


def holds(tx: Connection, held: Claim) -> bool:
    """True while nobody has taken over; it stays true to the end of a transaction that writes."""
    return tx.execute(select(file.c.sha256).where(_held(held))).first() is not None


def release(tx: Connection, held: Claim, state: str, reason: str = "", *, blamed: bool = False) -> None:
    """Give a lease back and leave the file in a state; without effect when another owner has taken over.

    The tries are forgotten unless the file itself is ``blamed``: what the world failed at is not its fault.
    """
    values = {"state": state, "reason": reason or None, "owner": None, "lease_until": None}
    tx.execute(file.update().where(_held(held)).values(**values, **({} if blamed else {"tries": 0})))


def acquit(tx: Connection, held: Claim) -> None:
    """Forget the tries of a file that was read and judged: no process ends because of it any more."""
    tx.execute(file.update().where(_held(held)).values(tries=0))


def set_state(tx: Connection, sha256: str, state: str, reason: str = "") -> None:
    """Put a file into a state by hand, as release and reject do."""
    tx.execute(file.update().where(file.c.sha256 == sha256).values(state=state, reason=reason or None, tries=0))


def set_kind(tx: Connection, sha256: str, kind: str) -> None:
    """Write down what a file turned out to be."""
    tx.execute(file.update().where(file.c.sha256 == sha256).values(kind=kind))


def unfinished(tx: Connection, flow: str) -> Sequence[RowMapping]:
    """Return the files of a flow with work left in them, oldest first."""
    query = select(file).where(file.c.flow == flow, file.c.state == OPEN).order_by(file.c.taken_at, file.c.name)
    return tx.execute(query).mappings().all()


def oldest_open(tx: Connection) -> RowMapping | None:
    """Return the file of any flow that has waited longest to be finished, None when all are."""
    return tx.execute(select(file).where(file.c.state == OPEN).order_by(file.c.taken_at).limit(1)).mappings().first()


def in_state(tx: Connection, state: str) -> Sequence[RowMapping]:
    """Return the files of all flows in a state, oldest first."""
    return tx.execute(select(file).where(file.c.state == state).order_by(file.c.taken_at)).mappings().all()


def lapsed(tx: Connection, flow: str, now: dt.datetime) -> list[str]:
    """Return the open files of a flow whose owner let its lease run out, oldest first."""
    over = and_(file.c.flow == flow, file.c.state == OPEN, file.c.lease_until < moment(tx, now))
    return list(tx.execute(select(file.c.sha256).where(over).order_by(file.c.taken_at)).scalars())


def is_free(tx: Connection, sha256: str, now: dt.datetime) -> bool:
    """True when a file has work left in it and nobody holds it."""
    row, now = get(tx, sha256), moment(tx, now)
    return bool(row["state"] == OPEN and (row["lease_until"] is None or row["lease_until"] < now))


def finished_sightings(tx: Connection, flow: str, remote: str) -> Sequence[RowMapping]:
    """Return where the originals of finished files still lie at a partner."""
    query = (
        select(sighting)
        .join(file, file.c.sha256 == sighting.c.sha256)
        .where(file.c.flow == flow, file.c.state != OPEN, sighting.c.remote == remote, sighting.c.tidied_at.is_(None))
    )
    return tx.execute(query.order_by(sighting.c.id)).mappings().all()


def sender(tx: Connection, sha256: str) -> str:
    """Return the remote on which a content was seen first, "" when it never was."""
    query = select(sighting.c.remote).where(sighting.c.sha256 == sha256).order_by(sighting.c.id).limit(1)
    return str(tx.execute(query).scalar() or "")


def tidied(tx: Connection, sighting_id: int, at: dt.datetime) -> None:
    """Write down that an original was moved away."""
    tx.execute(sighting.update().where(sighting.c.id == sighting_id).values(tidied_at=at))


def _held(held: Claim) -> ColumnElement[bool]:
    return and_(file.c.sha256 == held.sha256, file.c.owner == held.owner, file.c.fence == held.fence)
