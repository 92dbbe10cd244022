"""Drift in the ledger: pages as they were read and corrected, by supplier, and the doubts that they raised."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, case, func, or_, select

from exchange.ledger.records import LOADED
from exchange.ledger.schema import capture, doubt, finding, record


def note(tx: Connection, record_id: int, at: dt.datetime, **values: Any) -> None:  # noqa: ANN401
    """Write how a page was read: ``supplier_number``, ``layout`` and ``confidence``."""
    tx.execute(capture.insert().values(record_id=record_id, at=at, **values))


def correct(tx: Connection, record_id: int, fields: Sequence[str], supplier_number: str) -> None:
    """Write which fields of a page a person had to correct, and whose page it is."""
    values = {"corrected": " ".join(fields), "supplier_number": supplier_number}
    tx.execute(capture.update().where(capture.c.record_id == record_id).values(**values))


def pages(tx: Connection, supplier_number: str) -> Sequence[RowMapping]:
    """Return the pages of a supplier whose truth is known, since the last review, oldest first.

    A page's truth is known when it was corrected, or when it was loaded as it was read.
    """
    reviewed = select(func.max(doubt.c.reviewed_at)).where(doubt.c.supplier_number == supplier_number)
    since = tx.execute(reviewed).scalar()
    known = (capture.c.corrected != "") | (record.c.state == LOADED)
    query = select(capture).join(record, record.c.id == capture.c.record_id).order_by(capture.c.record_id)
    query = query.where(capture.c.supplier_number == supplier_number, known)
    return tx.execute(query.where(capture.c.at > since) if since else query).mappings().all()


def doubted(tx: Connection, supplier_number: str) -> RowMapping | None:
    """Return the open doubt about a supplier's paper, None when there is none."""
    query = select(doubt).where(doubt.c.supplier_number == supplier_number, doubt.c.reviewed_at.is_(None))
    return tx.execute(query).mappings().first()


def raise_doubt(tx: Connection, supplier_number: str, why: str, at: dt.datetime) -> None:
    """Let nothing of a supplier pass by itself from now on."""
    tx.execute(doubt.insert().values(supplier_number=supplier_number, why=why, at=at))


def settle_doubt(tx: Connection, doubt_id: int, who: str, review: str, at: dt.datetime) -> None:
    """Let a supplier's pages pass again, for a person has looked."""
    tx.execute(doubt.update().where(doubt.c.id == doubt_id).values(reviewed_at=at, reviewed_by=who, review=review))


def by_layout(tx: Connection) -> Sequence[RowMapping]:
    """Return, by supplier and layout, how many pages were read and corrected, and how sure reading was."""
    corrected = func.sum(case((capture.c.corrected != "", 1), else_=0)).label("corrected")
    keys = (capture.c.supplier_number, capture.c.layout)
    sure = func.avg(capture.c.confidence).label("confidence")
    last = func.max(capture.c.at).label("last")
    query = select(*keys, func.count().label("pages"), corrected, sure, last).group_by(*keys).order_by(*keys)
    return tx.execute(query).mappings().all()


def doubts(tx: Connection) -> Sequence[RowMapping]:
    """Return every doubt, open ones first."""
    query = select(doubt).order_by(doubt.c.reviewed_at.is_not(None), doubt.c.id.desc())
    return tx.execute(query).mappings().all()


def forget_findings(tx: Connection, record_id: int, rules: Sequence[str], fields: Sequence[str]) -> None:
    """Forget what was wrong with the reading of fields that a person has corrected since."""
    about = or_(*(finding.c.message.startswith(words) for name in fields for words in (f"no {name} ", f"{name} ")))
    tx.execute(finding.delete().where(finding.c.record_id == record_id, finding.c.rule.in_(rules), about))
