"""Loading by file: judged invoices go to Coupa's loader, many in one file, and its report settles them.

A file and the intents of its records are written in one transaction; what has no result yet waits in ``intent`` for
the next batch. Whether an invoice was loaded is asked of Coupa itself; the loader's row errors say why it was not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import RowMapping

from exchange.batches import answering, enclosures, inbound, loader, outbound, packing, routing
from exchange.batches.batch import Batch
from exchange.batches.overlays import load_layout
from exchange.batches.packing import Item
from exchange.killpoints import Point, reached
from exchange.ledger import records
from formats import stored
from formats.coupa.invoices import InvoiceImport
from formats.coupa.rest import FileLoad
from formats.documents import Invoice
from formats.layout import Layout

log = structlog.get_logger()

FOLDER = "Invoices"
CENT = Decimal("0.01")
REPAIR = "Repair what Coupa names, then `exchange release` the record."
BY_API = 'Ask for smaller files, or load it by API: flows.invoices.deliver = "api", then `exchange release`.'
FINISH = "Complete the draft at Coupa, or `exchange release` the record: then it is submitted."
LOOK = "Look for it at Coupa, then `exchange release` or `exchange reject` the record."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a record: ``state`` is that of the ledger."""

    state: str
    told: Mapping[str, str] = field(default_factory=dict)


def load(batch: Batch) -> None:
    """Send what is to go by file, wait for the loader, settle what it loaded or refused, and answer the lockbox."""
    touched = set(_send(batch))
    outbound.publish(batch, only=loader.REMOTE)
    for sent, result in loader.results(batch, FOLDER):
        touched |= _settle(batch, sent, result)
    for sha256 in sorted(touched):
        work = inbound.claim_file(batch, sha256)
        if work is not None:
            with inbound.finishing(batch, work):
                answering.answer(batch, work)


def _send(batch: Batch) -> list[str]:
    """Make the files; return the inbound files of records that no file can carry."""
    held: list[str] = []
    for part, items in enumerate(packing.split(_items(batch, held)), 1):
        kept, totals = packing.write_zip(batch.world.spool, items, _layout(batch))
        record_ids = [item.record_id for item in items]
        shipment = loader.Shipment(kept=kept, ending="zip", record_ids=record_ids, totals=totals)
        loader.ship(batch, FOLDER, shipment, part)
    return held


def _layout(batch: Batch) -> type[Layout[Any]]:
    """Coupa's Invoices Import as this instance has it, with its custom fields."""
    return load_layout(batch.world.settings.flows.invoices.loader_overlay, InvoiceImport.name)


def _items(batch: Batch, held: list[str]) -> Iterator[Item]:
    with batch.world.ledger.read() as tx:
        rows = records.in_state(tx, batch.flow, records.NEW)
    ready = [row for row in rows if row["judgement"] and loader.carries(batch, row)]
    for sha256, group in groupby(ready, key=lambda row: row["sha256"]):
        with enclosures.opened(batch, sha256) as member:
            for row in group:
                if not batch.go_on():
                    return
                item = _item(batch, row, member)
                if item is not None:
                    yield item
                else:
                    held.append(sha256)


def _item(batch: Batch, row: RowMapping, member: enclosures.Member) -> Item | None:
    batch.world.progress.step(f"packing {row['number']}")
    enclosed = enclosures.enclosures(batch, row, stored.load(Invoice, row["document"]), member)
    packed = packing.pack(row, packing.attach(enclosed, enclosures.original(batch, row)), _layout(batch))
    if isinstance(packed, Item):
        return packed
    _write(batch, row, _held(packed, BY_API))
    return None


def _settle(batch: Batch, sent: RowMapping, result: FileLoad) -> set[str]:
    """Settle the records of a file that has its result; return the inbound files that they came in."""
    with batch.world.spool.open(sent["sha256"]) as stream:
        keys, owned = packing.read_back(stream, _layout(batch))
    blamed = loader.blame(result, owned)
    reasons = {keys[index]: told for index, told in blamed.items() if index != loader.WHOLE}
    with batch.world.ledger.read() as tx:
        rows = records.of_outgoing(tx, sent["id"], records.INTENT)
    for row in rows:
        outcome = _outcome(batch, row, reasons.get(row["business_key"], ""), blamed.get(loader.WHOLE, ""))
        if outcome is None and loader.overdue(batch, sent):
            outcome = _held("Coupa's loader reported no error, but the invoice is not at Coupa.", LOOK)
        if outcome is not None:
            if outcome.state == records.LOADED:
                routing.accompany(batch, row, int(outcome.told["remote_id"]))
            _write(batch, row, outcome)
    return {row["sha256"] for row in rows}


def _outcome(batch: Batch, row: RowMapping, own: str, whole: str) -> Outcome | None:
    """Return what became of a record; None when neither an error nor an invoice is to be seen yet."""
    found = _look_up(batch, stored.load(Invoice, row["document"]))
    draft = {"remote_id": str(found.id)} if found else {}
    if own or (whole and found is None):
        return _refused(own or whole, {} if "already been taken" in own else draft)
    if found is None:
        return None
    if abs(found.signed_total - (row["amount"] or Decimal(0))) >= CENT:
        return _held(f"Coupa has it with {found.signed_total} instead of {row['amount']} {row['currency']}.", LOOK)
    if found.status == "draft" and packing.submitted(row):
        return _held("Coupa took it as a draft and did not submit it.", FINISH, draft)
    return Outcome(state=records.LOADED, told=draft)


def _look_up(batch: Batch, invoice: Invoice) -> Invoice | None:
    """Return the invoice as Coupa has it; a voided one does not count, nor one of another supplier."""
    found = batch.world.partners.coupa.find_invoices(invoice.supplier_number, invoice.number)
    same = (one for one in found if one.status != "voided" and one.id is not None)
    return next((one for one in same if invoice.supplier_number or one.supplier_name == invoice.supplier_name), None)


def _refused(reasons: str, draft: Mapping[str, str]) -> Outcome:
    log.warning("coupa's loader refused an invoice", reasons=reasons)
    return _held(f"Coupa refused it: {reasons}", REPAIR, {"error": reasons, **draft})


def _held(why: str, suggestion: str, told: Mapping[str, str] | None = None) -> Outcome:
    return Outcome(state=records.HELD, told={"explanation": why, "suggestion": suggestion, **(told or {})})


def _write(batch: Batch, row: RowMapping, outcome: Outcome) -> None:
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], outcome.state, batch.now(), **outcome.told)
        batch.event(tx, f"{outcome.state} by Coupa's loader", record_id=row["id"], **outcome.told)
    reached(Point.LOAD_SETTLED)
