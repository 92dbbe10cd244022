"""Voiding: a document with the status Voided takes back an invoice that was loaded before, and loads nothing.

Only what the exchange itself loaded is voided, by supplier and number, and only from the statuses that Coupa allows
(Coupa: Invoices API); anything else is held for a person. A void is a request like any other: its intent is committed
first, and Coupa's status is looked at before it is sent again.
"""

from collections.abc import Sequence

import structlog
from sqlalchemy import RowMapping

from exchange.batches import inbound
from exchange.batches.batch import Batch
from exchange.batches.inbound import Work
from exchange.batches.sending import TakenOverError, is_too_early, sending
from exchange.errors import CoupaRefusedError, CoupaUnknownError
from exchange.killpoints import Point, reached
from exchange.ledger import records
from formats import stored
from formats.documents import Invoice
from formats.normalise import supplier_key
from payables.reasons.document import VOID_REFUSED
from payables.verdicts import Decision

log = structlog.get_logger()

VOIDABLE = ("draft", "pending_receipt", "approved")
UNKNOWN = "The exchange loaded no invoice of this supplier with this number, so there is nothing that it may void."
SEVERAL = "The exchange loaded more than one document of this supplier with this number."


def void(batch: Batch, work: Work) -> None:
    """Void at Coupa what the documents of a file take back; what may not be voided is held with the reason."""
    with batch.world.ledger.read() as tx:
        rows = records.of_file(tx, work.sha256, records.NEW, records.INTENT)
    for row in rows:
        invoice = stored.load(Invoice, row["document"])
        if invoice.is_voided:
            if not batch.go_on() or not inbound.renew(batch, work):
                return
            batch.world.progress.step(f"voiding {invoice.number}")
            _void(batch, work, row, invoice)


def _void(batch: Batch, work: Work, row: RowMapping, invoice: Invoice) -> None:
    if is_too_early(batch, row):
        return
    found = _loaded(batch, invoice)
    if len(found) != 1:
        _hold(batch, row, SEVERAL if found else UNKNOWN)
        return
    try:
        _send(batch, work, row, int(found[0]["remote_id"]))
    except TakenOverError:
        log.info("another process has taken over", number=invoice.number)
    except CoupaUnknownError as error:
        with batch.world.ledger.write() as tx:
            records.note(tx, row["id"], batch.now(), error=str(error))
            batch.event(tx, "outcome unknown", record_id=row["id"], error=str(error))
    except CoupaRefusedError as error:
        _hold(batch, row, f"Coupa refused to void it: {'; '.join(error.errors) or error}")


def _loaded(batch: Batch, invoice: Invoice) -> Sequence[RowMapping]:
    """The records of the invoice that is meant: its number and its supplier, by number or else by name."""
    with batch.world.ledger.read() as tx:
        rows = records.numbered(tx, batch.flow, invoice.number, records.LOADED)
    return [row for row in rows if row["decision"] != records.VOIDED and _of_supplier(row, invoice)]


def _of_supplier(row: RowMapping, invoice: Invoice) -> bool:
    if invoice.supplier_number:
        return bool(row["supplier_number"] == invoice.supplier_number)
    return bool(invoice.supplier_name) and supplier_key(row["supplier_name"]) == supplier_key(invoice.supplier_name)


def _send(batch: Batch, work: Work, row: RowMapping, remote_id: int) -> None:
    coupa = batch.world.partners.coupa
    status = coupa.status(remote_id)
    if status not in (records.VOIDED, *VOIDABLE):
        _hold(batch, row, f"Coupa has it as {status}; only {', '.join(VOIDABLE)} can be voided.")
        return
    if status != records.VOIDED:
        with sending(batch, work, row, "void"):
            coupa.void(remote_id)
        reached(Point.SENT)
    told = {
        "decision": records.VOIDED,
        "remote_id": str(remote_id),
        "explanation": "It was voided at Coupa.",
        "error": None,
    }
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.LOADED, batch.now(), **told, suggestion=None)
        batch.event(tx, "voided at Coupa", record_id=row["id"], remote_id=remote_id)
    reached(Point.LOADED)


def _hold(batch: Batch, row: RowMapping, why: str) -> None:
    rule = VOID_REFUSED.rule
    told = {"decision": Decision.HOLD.value, "reasons": rule.id, "explanation": why, "suggestion": rule.remedy}
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.HELD, batch.now(), **told)
        batch.event(tx, "not voided", record_id=row["id"], explanation=why)
