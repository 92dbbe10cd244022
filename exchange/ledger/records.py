"""Records in the ledger: one document in one file, and what became of it.

``new`` was read and not yet judged; ``intent`` was sent, or is about to be, and its outcome is not known;
``loaded``, ``held``, ``rejected`` and ``duplicate`` are outcomes. Only ``loaded`` and ``duplicate`` are final:
a person may release a held or rejected record, which makes it ``new`` again. A document that took back another one
is ``loaded`` by the decision ``voided``.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, exists, select
from sqlalchemy.exc import IntegrityError

from exchange.errors import NotFoundError
from exchange.ledger.files import Claim
from exchange.ledger.postgres import moment
from exchange.ledger.schema import file, finding, record

NEW = "new"
INTENT = "intent"
LOADED = "loaded"
HELD = "held"
REJECTED = "rejected"
DUPLICATE = "duplicate"
VOIDED = "voided"
OUTCOMES = (LOADED, HELD, REJECTED, DUPLICATE)
LONGEST_KEY = 400  # characters of a business key as it is stored; an index does not take any length


def add(tx: Connection, values: dict[str, Any], at: dt.datetime) -> int:
    """Write a record that was read and return its id; it owns its business key when nobody else does."""
    key = bounded(values["business_key"])
    owned = _owner(tx, values["flow"], key) is None
    row = values | {"business_key": key, "owned_key": key if owned else None, "state": NEW, "updated_at": at}
    return int(tx.execute(record.insert().values(**row).returning(record.c.id)).scalar_one())


def bounded(key: str) -> str:
    """Return a business key as it is stored: what is longer than an index takes ends with its own SHA-256."""
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


def _owner(tx: Connection, flow: str, key: str) -> int | None:
    query = select(record.c.id).where(record.c.flow == flow, record.c.owned_key == key)
    return tx.execute(query).scalar()


def owner(tx: Connection, flow: str, key: str) -> RowMapping | None:
    """Return the record that owns a business key, None when nobody does."""
    query = select(record).where(record.c.flow == flow, record.c.owned_key == bounded(key))
    return tx.execute(query).mappings().first()


def own(tx: Connection, record_id: int, key: str) -> bool:
    """Let a record own a business key; False when another one does."""
    key = bounded(key)
    try:
        with tx.begin_nested():
            tx.execute(record.update().where(record.c.id == record_id).values(business_key=key, owned_key=key))
    except IntegrityError:
        tx.execute(record.update().where(record.c.id == record_id).values(business_key=key, owned_key=None))
        return False
    return True


def get(tx: Connection, record_id: int) -> RowMapping:
    """Return one record; NotFoundError if there is none."""
    row = tx.execute(select(record).where(record.c.id == record_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no record {record_id}.")
    return row


def of_file(tx: Connection, sha256: str, *states: str) -> Sequence[RowMapping]:
    """Return the records of a file, in order, of some states or of all."""
    query = select(record).where(record.c.sha256 == sha256).order_by(record.c.position, record.c.id)
    return tx.execute(query.where(record.c.state.in_(states)) if states else query).mappings().all()


def numbered(tx: Connection, flow: str, number: str, *states: str) -> Sequence[RowMapping]:
    """Return the records of a flow with this invoice number in some states, oldest first."""
    query = select(record).where(record.c.flow == flow, record.c.number == number, record.c.state.in_(states))
    return tx.execute(query.order_by(record.c.id)).mappings().all()


def in_state(tx: Connection, flow: str, *states: str) -> Sequence[RowMapping]:
    """Return the records of a flow in some states, oldest first."""
    query = select(record).where(record.c.flow == flow, record.c.state.in_(states)).order_by(record.c.id)
    return tx.execute(query).mappings().all()


def in_any_flow(tx: Connection, *states: str) -> Sequence[RowMapping]:
    """Return the records of all flows in some states, oldest first."""
    return tx.execute(select(record).where(record.c.state.in_(states)).order_by(record.c.id)).mappings().all()


def intend(tx: Connection, record_id: int, held: Claim, now: dt.datetime, longest: dt.timedelta) -> bool:
    """Commit to sending a record; False when the lease is lost or ends before the longest request would."""
    lease = and_(file.c.sha256 == held.sha256, file.c.owner == held.owner, file.c.fence == held.fence)
    now = moment(tx, now)
    ours = exists().where(lease, file.c.lease_until > now + longest)
    values = {
        "state": INTENT,
        "intent_fence": held.fence,
        "intent_at": now,
        "outgoing_id": None,  # it goes by itself now, whatever file carried it before
        "updated_at": now,
    }
    waiting = and_(record.c.id == record_id, record.c.state.in_((NEW, INTENT)))
    return tx.execute(record.update().where(waiting, ours).values(**values)).rowcount == 1


def withdraw(tx: Connection, record_id: int, held: Claim, now: dt.datetime) -> bool:
    """Take back an intent whose request was never applied; False when another owner has taken over."""
    mine = and_(record.c.id == record_id, record.c.state == INTENT, record.c.intent_fence == held.fence)
    return tx.execute(record.update().where(mine).values(state=NEW, updated_at=now)).rowcount == 1


def dispatch(tx: Connection, record_ids: Sequence[int], outgoing_id: int, now: dt.datetime) -> bool:
    """Commit to sending records in a file; False when one of them is no longer waiting to be sent."""
    values = {"state": INTENT, "intent_at": now, "outgoing_id": outgoing_id, "updated_at": now}
    waiting = and_(record.c.id.in_(record_ids), record.c.state == NEW)
    return tx.execute(record.update().where(waiting).values(**values)).rowcount == len(record_ids)


def of_outgoing(tx: Connection, outgoing_id: int, *states: str) -> Sequence[RowMapping]:
    """Return the records that a file carries to a partner, in order, of some states or of all."""
    query = select(record).where(record.c.outgoing_id == outgoing_id).order_by(record.c.id)
    return tx.execute(query.where(record.c.state.in_(states)) if states else query).mappings().all()


def settle(tx: Connection, record_id: int, state: str, now: dt.datetime, **values: Any) -> None:  # noqa: ANN401
    """Write what became of a record; allowed even after the lease was lost, for it is a fact.

    What is loaded stays loaded: a former owner that wakes up late cannot hold it any more.
    """
    mine = record.c.id == record_id
    open_to_it = mine if state == LOADED else and_(mine, record.c.state != LOADED)
    tx.execute(record.update().where(open_to_it).values(state=state, updated_at=now, **values))


def note(tx: Connection, record_id: int, now: dt.datetime, **values: Any) -> None:  # noqa: ANN401
    """Write something about a record without changing its state."""
    tx.execute(record.update().where(record.c.id == record_id).values(updated_at=now, **values))


def add_findings(tx: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write findings."""
    if rows:
        tx.execute(finding.insert(), list(rows))


def findings(tx: Connection, record_id: int) -> Sequence[RowMapping]:
    """Return what was found wrong with a record."""
    return tx.execute(select(finding).where(finding.c.record_id == record_id).order_by(finding.c.id)).mappings().all()


def file_findings(tx: Connection, sha256: str) -> Sequence[RowMapping]:
    """Return everything that was found wrong with a file."""
    return tx.execute(select(finding).where(finding.c.sha256 == sha256).order_by(finding.c.id)).mappings().all()


def forget_findings(tx: Connection, finding_ids: Sequence[int]) -> None:
    """Forget findings that no longer hold."""
    tx.execute(finding.delete().where(finding.c.id.in_(finding_ids)))
