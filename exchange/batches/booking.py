"""Booking by file: the ERP's payments go to Coupa's loader, and Coupa itself is asked which of them it has booked.

Coupa: Invoice Payment Import. A payment is known by date, number and amount on its one approved invoice.
"""

import io
from collections.abc import Iterator
from typing import TextIO

from sqlalchemy import RowMapping

from exchange.batches import inbound, loader, outbound, remittances
from exchange.batches.batch import Batch
from exchange.ledger import records
from formats import stored
from formats.coupa.payments import InvoicePaymentImport
from formats.coupa.rest import FileLoad
from formats.documents import Invoice, Payment
from formats.layout.totals import Totals

FOLDER = "InvoicePayments"
ROWS = loader.MOST_ROWS - 1  # each row has less than 1,600 bytes by its columns' lengths, so size is no limit


def load(batch: Batch) -> None:
    """Send the payments that are to go by file, wait for the loader, settle what it booked, finish the ERP's files."""
    _send(batch)
    outbound.publish(batch, only=loader.REMOTE)
    touched: set[str] = set()
    for sent, result in loader.results(batch, FOLDER):
        touched |= _settle(batch, sent, result)
    for sha256 in sorted(touched):
        work = inbound.claim_file(batch, sha256)
        if work is not None:
            with inbound.finishing(batch, work):
                remittances.book(batch, work)


def _send(batch: Batch) -> None:
    with batch.world.ledger.read() as tx:
        rows = [row for row in records.in_state(tx, batch.flow, records.NEW) if loader.carries(batch, row)]
    for start in range(0, len(rows), ROWS):
        if batch.go_on():
            loader.ship(batch, FOLDER, _shipment(batch, rows[start : start + ROWS]), start // ROWS + 1)


def _shipment(batch: Batch, rows: list[RowMapping]) -> loader.Shipment:
    payments = [stored.load(Payment, row["document"]) for row in rows]

    def write(stream: TextIO) -> Totals:
        return InvoicePaymentImport.write(payments, stream)

    kept, totals = outbound.keep_text(batch, write)
    money = {currency: str(amount) for currency, amount in totals.money.items()}
    return loader.Shipment(kept=kept, ending="csv", record_ids=[row["id"] for row in rows], totals=money)


def _settle(batch: Batch, sent: RowMapping, result: FileLoad) -> set[str]:
    """Settle the payments of a file that has its result; return the ERP's files that they came in."""
    reasons = _reasons(batch, sent, result)
    whole = reasons.get("", "")
    with batch.world.ledger.read() as tx:
        rows = records.of_outgoing(tx, sent["id"], records.INTENT)
    for row in rows:
        told = reasons.get(row["business_key"], whole)
        if not told and loader.overdue(batch, sent):
            told = "Coupa's loader reported no error, but the payment is not on the invoice."
        _settle_one(batch, row, told)
    return {row["sha256"] for row in rows}


def _reasons(batch: Batch, sent: RowMapping, result: FileLoad) -> dict[str, str]:
    """Return Coupa's reasons by the key of the payment; those that concern the whole file under ""."""
    with batch.world.spool.open(sent["sha256"]) as stream:
        text = stream.read().decode()
    keys = list(_keys(io.StringIO(text, newline=""), sent["path"]))
    blamed = loader.blame(result, loader.owners(io.StringIO(text, newline="")))
    return {"" if index == loader.WHOLE else keys[index]: told for index, told in blamed.items()}


def _keys(stream: TextIO, name: str) -> Iterator[str]:
    for found in InvoicePaymentImport.read(stream, name):
        if isinstance(found, Payment):
            yield remittances.payment_key(found)


def _settle_one(batch: Batch, row: RowMapping, told: str) -> None:
    """Settle a payment that Coupa has on the invoice; hold one that it refused; leave the others for a later look."""
    payment = stored.load(Payment, row["document"])
    invoice = next(iter(remittances.payable(batch, payment)), None)
    if invoice is not None and _is_booked(batch, invoice, payment):
        remittances.booked(batch, row, payment, invoice)
    elif told:
        remittances.hold(batch, row, f"Coupa refused it: {told}")


def _is_booked(batch: Batch, invoice: Invoice, payment: Payment) -> bool:
    if payment.amount is None:
        return invoice.paid
    known = batch.world.partners.coupa.payments(int(invoice.id or 0))
    return _on_invoice(payment) in {_on_invoice(one) for one in known}


def _on_invoice(payment: Payment) -> tuple[object, ...]:
    return payment.date, payment.number, payment.amount
