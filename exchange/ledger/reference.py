"""Reference documents: suppliers, accounts, orders, receipts and past invoices as last seen at Coupa."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from exchange.ledger.schema import reference

CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One reference document: its kind and key, the supplier and the other key it is looked up by, its JSON text."""

    kind: str
    key: str
    document: str
    supplier_number: str = ""
    lookup: str = ""


def put(tx: Connection, entries: Iterable[Entry], at: dt.datetime) -> int:
    """Write documents over what was known before; return how many."""
    rows = [
        {
            "kind": entry.kind,
            "key": entry.key,
            "document": entry.document,
            "supplier_number": entry.supplier_number,
            "lookup": entry.lookup,
            "seen_at": at,
        }
        for entry in {(entry.kind, entry.key): entry for entry in entries}.values()
    ]
    for start in range(0, len(rows), CHUNK):
        _replace(tx, rows[start : start + CHUNK])
    return len(rows)


def _replace(tx: Connection, rows: list[dict[str, object]]) -> None:
    for kind in {str(row["kind"]) for row in rows}:
        keys = [row["key"] for row in rows if row["kind"] == kind]
        tx.execute(reference.delete().where(reference.c.kind == kind, reference.c.key.in_(keys)))
    tx.execute(reference.insert(), rows)


def get(tx: Connection, kind: str, key: str) -> str | None:
    """Return the JSON text of one document, None when it is not known."""
    query = select(reference.c.document).where(reference.c.kind == kind, reference.c.key == key)
    return tx.execute(query).scalar()


def of_supplier(tx: Connection, kind: str, supplier_number: str) -> Sequence[str]:
    """Return the documents of a kind that belong to a supplier, in order of key."""
    query = select(reference.c.document).where(reference.c.kind == kind, reference.c.supplier_number == supplier_number)
    return tx.execute(query.order_by(reference.c.key)).scalars().all()


def by_lookup(tx: Connection, kind: str, lookup: str) -> Sequence[str]:
    """Return the documents of a kind with this second key (such as the order number of a receipt)."""
    query = select(reference.c.document).where(reference.c.kind == kind, reference.c.lookup == lookup)
    return tx.execute(query.order_by(reference.c.key)).scalars().all()


def every(tx: Connection, kind: str) -> Sequence[str]:
    """Return all documents of a kind, in order of key."""
    query = select(reference.c.document).where(reference.c.kind == kind).order_by(reference.c.key)
    return tx.execute(query).scalars().all()


def count(tx: Connection, kind: str) -> int:
    """Return how many documents of a kind are known."""
    return int(tx.execute(select(func.count()).where(reference.c.kind == kind)).scalar_one())
