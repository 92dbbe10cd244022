"""Remittances: what the ERP paid, booked on Coupa's invoices, each payment once."""

import hashlib
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import Connection, RowMapping

from exchange.batches import inbound, loader, sealing
from exchange.batches.batch import Batch
from exchange.batches.findings import write_findings
from exchange.batches.inbound import Folder, Work
from exchange.batches.sending import TakenOverError, is_too_early, sending
from exchange.errors import CoupaRefusedError, CoupaUnknownError, SettingsError
from exchange.killpoints import Point, reached
from exchange.ledger import files, records
from formats import stored
from formats.documents import Invoice, Payment
from formats.erp.payments import LAYOUTS
from formats.findings import Finding, Severity
from formats.layout import Layout
from formats.text import decode

SETTLE_SECONDS = 1.0  # a file that is larger at the second look is still being written
PAYABLE = ("approved", "voided")


def folder(batch: Batch) -> Folder:
    """Return where the ERP leaves its payment files."""
    settings = batch.world.settings.erp
    return Folder("erp", settings.payments, settings.archive, SETTLE_SECONDS)


def take_in(batch: Batch, work: Work) -> None:
    """Write every payment of a file as a record, once."""
    with batch.world.ledger.read() as tx:
        if records.of_file(tx, work.sha256):
            return
    with sealing.opened(batch, work.sha256, work.name) as stream, batch.world.ledger.write() as tx:
        if isinstance(stream, Finding):
            _write(batch, tx, work, iter([stream]))
            return
        decoded = decode(stream, work.name)
        _write(batch, tx, work, iter((*decoded.findings, *_layout(batch).read(decoded.stream, work.name))))
    reached(Point.PAYMENTS_TAKEN_IN)


def _layout(batch: Batch) -> type[Layout[Payment]]:
    """The layout of the ERP's payment files; SettingsError when there is none of this name."""
    name = batch.world.settings.erp.payment_layout
    if name not in LAYOUTS:
        raise SettingsError(f"erp.payment_layout: {name!r} is none of {', '.join(LAYOUTS)}")
    return LAYOUTS[name]


def _write(batch: Batch, tx: Connection, work: Work, results: Iterator[Payment | Finding]) -> None:
    broken: dict[str, Finding] = {}
    position = 0
    for result in results:
        if isinstance(result, Payment):
            position += 1
            _add(batch, tx, work, position, result)
            continue
        write_findings(batch, tx, [result], sha256=work.sha256)
        if result.severity is Severity.ERROR:
            broken.setdefault(str(result.source.line), result)
    for finding in broken.values():
        position += 1
        _reject(batch, tx, work, position, finding)
    batch.event(tx, "file taken in", sha256=work.sha256, records=position)


def _add(batch: Batch, tx: Connection, work: Work, position: int, payment: Payment) -> None:
    text = stored.dump(payment)
    values = _identity(batch, work, position) | {
        "business_key": payment_key(payment),
        "payload_hash": hashlib.sha256(text.encode()).hexdigest(),
        "document": text,
        "number": payment.invoice_number,
        "supplier_number": payment.supplier_number,
        "supplier_name": payment.supplier_name,
        "currency": payment.currency,
        "amount": payment.amount,
    }
    record_id = records.add(tx, values, batch.now())
    if records.get(tx, record_id)["owned_key"] is None:
        told = "This payment (date, number and amount) came in before."
        records.settle(tx, record_id, records.DUPLICATE, batch.now(), explanation=told)


def payment_key(payment: Payment) -> str:
    """Return what makes a payment the same across files: the invoice it is for and its own facts."""
    who = payment.supplier_number or payment.supplier_name
    return "|".join((who, payment.invoice_number, *payment_facts(payment)))


def payment_facts(payment: Payment) -> tuple[str, str, str]:
    """Return what makes a payment the same on one invoice: date, number, amount (Coupa: Invoice Payment Import)."""
    amount = "" if payment.amount is None else format(payment.amount.normalize(), "f")
    return str(payment.date or ""), payment.number, amount


def _reject(batch: Batch, tx: Connection, work: Work, position: int, finding: Finding) -> None:
    values = _identity(batch, work, position) | {
        "business_key": f"UNREADABLE|{work.sha256}|{position}",
        "payload_hash": work.sha256,
        "document": "",
        "number": finding.record,
    }
    told = {"reasons": finding.rule.id, "explanation": str(finding), "suggestion": finding.rule.remedy}
    records.settle(tx, records.add(tx, values, batch.now()), records.REJECTED, batch.now(), **told)


def _identity(batch: Batch, work: Work, position: int) -> dict[str, object]:
    return {"flow": batch.flow, "sha256": work.sha256, "batch_id": batch.id, "position": position}


def book(batch: Batch, work: Work) -> None:
    """Book the payments of a file on Coupa's invoices and finish the file when none is open.

    What goes by Coupa's loader is left to it.
    """
    with batch.world.ledger.read() as tx:
        rows = records.of_file(tx, work.sha256, records.NEW, records.INTENT)
    rows = [row for row in rows if not loader.carries(batch, row)]
    for number, row in enumerate(rows, 1):
        if not batch.go_on() or not inbound.renew(batch, work):
            return
        batch.world.progress.advance(number, len(rows), f"booking the payment of {row['number']}")
        _book(batch, work, row)
    with batch.world.ledger.write() as tx:
        if not records.of_file(tx, work.sha256, records.NEW, records.INTENT):
            files.release(tx, work.claim, files.DONE)


def _book(batch: Batch, work: Work, row: RowMapping) -> None:
    if is_too_early(batch, row):
        return
    payment = stored.load(Payment, row["document"])
    found = payable(batch, payment)
    if len(found) != 1:
        hold(batch, row, f"{len(found)} approved invoices have the number {payment.invoice_number}; it takes one.")
        return
    try:
        _pay(batch, work, row, payment, found[0])
    except (CoupaUnknownError, TakenOverError):
        return  # the record stays in intent; the next batch looks before it sends again
    except CoupaRefusedError as error:
        hold(batch, row, f"Coupa refused it: {'; '.join(error.errors) or error}")


def payable(batch: Batch, payment: Payment) -> list[Invoice]:
    """Return the invoices at Coupa that a payment may be for; it takes exactly one."""
    found = batch.world.partners.coupa.find_invoices(payment.supplier_number, payment.invoice_number)
    return [invoice for invoice in found if invoice.status in PAYABLE]


def _pay(batch: Batch, work: Work, row: RowMapping, payment: Payment, invoice: Invoice) -> None:
    coupa = batch.world.partners.coupa
    invoice_id = int(invoice.id or 0)
    if payment_facts(payment) not in {payment_facts(one) for one in coupa.payments(invoice_id)}:
        with sending(batch, work, row, "pay", Point.PAYMENT_INTENT):
            coupa.add_payment(invoice_id, payment)
        reached(Point.PAYMENT_SENT)
    booked(batch, row, payment, invoice)


def booked(batch: Batch, row: RowMapping, payment: Payment, invoice: Invoice) -> None:
    """Settle a payment that is on its invoice, which tells the currency and the sign that payment files leave out."""
    told = {"remote_id": str(invoice.id), "currency": invoice.currency, "amount": signed(payment, invoice)}
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.LOADED, batch.now(), **told)
        batch.event(tx, "payment booked", record_id=row["id"], remote_id=invoice.id)
    reached(Point.PAYMENT_BOOKED)


def signed(payment: Payment, invoice: Invoice) -> Decimal | None:
    """Return the amount as money that leaves: a credit note is settled by money that comes back."""
    return -payment.amount if invoice.is_credit_note and payment.amount is not None else payment.amount


def hold(batch: Batch, row: RowMapping, why: str) -> None:
    """Leave a payment for a person, with the reason."""
    values = {"explanation": why, "suggestion": "Repair it at Coupa or the ERP, then `exchange release` the record."}
    with batch.world.ledger.write() as tx:
        records.settle(tx, row["id"], records.HELD, batch.now(), **values)
        batch.event(tx, "payment held", record_id=row["id"], why=why)
