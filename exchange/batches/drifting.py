"""Drift: a supplier whose paper has changed passes no more by itself until a person has looked."""

from collections.abc import Iterator

from sqlalchemy import Connection, RowMapping

from capture.drift import Read, shift
from capture.rules import CAPTURE_DRIFT
from exchange.batches.batch import Batch
from exchange.batches.world import World
from exchange.errors import NotFoundError
from exchange.ledger import drift, events
from formats.documents import Invoice
from formats.findings import Finding, Source


def doubts(batch: Batch, row: RowMapping, invoice: Invoice) -> Iterator[Finding]:
    """Yield the open doubt about the supplier of a page that was read; data without a page to read has none."""
    if not row["evidence"] or not invoice.supplier_number:
        return
    with batch.world.ledger.read() as tx:
        doubt = drift.doubted(tx, invoice.supplier_number)
    if doubt is not None:
        why = f"supplier {invoice.supplier_number} since {doubt['at']:%Y-%m-%d}: {doubt['why']}"
        yield Finding(Source(row["image"] or ""), CAPTURE_DRIFT, why, invoice.number)


def watch(tx: Connection, world: World, supplier_number: str) -> str:
    """Raise a doubt about a supplier if its paper has changed, and return why; "" when all is as usual."""
    if not supplier_number or drift.doubted(tx, supplier_number) is not None:
        return ""
    rows = drift.pages(tx, supplier_number)
    why = shift([Read(bool(row["corrected"]), row["confidence"]) for row in rows])
    if why:
        drift.raise_doubt(tx, supplier_number, why, world.clock())
        detail = {"supplier": supplier_number, "why": why}
        events.append(tx, events.Event(at=world.clock(), what="capture drift", who=world.owner, detail=detail))
    return why


def reopen(world: World, supplier_number: str, who: str, review: str) -> None:
    """Let a supplier's pages pass again because a person has looked; NotFoundError when there is no doubt."""
    with world.ledger.write() as tx:
        doubt = drift.doubted(tx, supplier_number)
        if doubt is None:
            raise NotFoundError(f"There is no doubt about the paper of supplier {supplier_number}.")
        drift.settle_doubt(tx, doubt["id"], who, review, world.clock())
        detail = {"supplier": supplier_number, "why": review}
        events.append(tx, events.Event(at=world.clock(), what="capture reopened", who=who, detail=detail))
