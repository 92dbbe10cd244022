"""Batches in the ledger: one row a run, and what became of its records."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from exchange.errors import NotFoundError
from exchange.ledger.schema import batch, finding, outgoing, record, watermark


def start(tx: Connection, flow: str, trigger: str, at: dt.datetime, slot: dt.datetime | None = None) -> int:
    """Write a new batch and return its id."""
    query = batch.insert().values(flow=flow, trigger=trigger, started_at=at, slot=slot, summary="{}")
    return int(tx.execute(query.returning(batch.c.id)).scalar_one())


def end(
    tx: Connection, batch_id: int, at: dt.datetime, outcome: str, summary: Mapping[str, Any], error: str = ""
) -> None:
    """Close a batch with its outcome ("done" or "failed") and its counts."""
    values = {"ended_at": at, "outcome": outcome, "summary": json.dumps(summary), "error": error or None}
    tx.execute(batch.update().where(batch.c.id == batch_id).values(**values))


def get(tx: Connection, batch_id: int) -> RowMapping:
    """Return one batch; NotFoundError if there is none."""
    row = tx.execute(select(batch).where(batch.c.id == batch_id)).mappings().first()
    if row is None:
        raise NotFoundError(f"There is no batch {batch_id}. `exchange batches` lists them.")
    return row


def latest(tx: Connection, flow: str = "", limit: int = 50) -> Sequence[RowMapping]:
    """Return the latest batches, newest first, of one flow or of all."""
    query = select(batch).order_by(batch.c.id.desc()).limit(limit)
    return tx.execute(query.where(batch.c.flow == flow) if flow else query).mappings().all()


def records(tx: Connection, batch_id: int) -> Sequence[RowMapping]:
    """Return the records that a batch took in, in the order in which they stood in their files."""
    query = select(record).where(record.c.batch_id == batch_id).order_by(record.c.id)
    return tx.execute(query).mappings().all()


def findings(tx: Connection, batch_id: int) -> Sequence[RowMapping]:
    """Return what a batch found wrong."""
    return tx.execute(select(finding).where(finding.c.batch_id == batch_id).order_by(finding.c.id)).mappings().all()


def outgoings(tx: Connection, batch_id: int) -> Sequence[RowMapping]:
    """Return the files that a batch made for partners."""
    return tx.execute(select(outgoing).where(outgoing.c.batch_id == batch_id).order_by(outgoing.c.id)).mappings().all()


def read_watermark(tx: Connection, flow: str) -> dt.datetime | None:
    """Return how far a flow has read its source, None when it never did."""
    return tx.execute(select(watermark.c.value).where(watermark.c.flow == flow)).scalar()


def set_watermark(tx: Connection, flow: str, value: dt.datetime, batch_id: int) -> None:
    """Remember how far a flow has read its source."""
    tx.execute(watermark.delete().where(watermark.c.flow == flow))
    tx.execute(watermark.insert().values(flow=flow, value=value, batch_id=batch_id))
