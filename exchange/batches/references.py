"""Reference documents kept fresh, and the context of an invoice gathered from them as values."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, func, select

from capture.templates import Template
from exchange.batches.batch import Batch
from exchange.batches.entries import ACCOUNT, ORDER, PAST_INVOICE, RECEIPT, SUPPLIER, entry, receipt_lookups
from exchange.batches.master import SupplierMaster
from exchange.batches.templates import load_templates
from exchange.coupa.resources import Coupa
from exchange.ledger import batches, records, reference, schema
from formats import stored
from formats.documents import Account, Document, Invoice, PurchaseOrder, Receipt, Supplier
from formats.findings import Finding
from formats.normalise import business_key
from payables.context import BilledLine, Context, PastInvoice
from payables.judgement import Judgement

OVERLAP = dt.timedelta(minutes=5)  # Coupa stamps a change before its transaction can be seen

Fetch = Callable[[Coupa, dt.datetime | None], Iterable[Document | Finding]]

SOURCES: dict[str, Fetch] = {
    SUPPLIER: lambda coupa, since: coupa.suppliers(since),
    ACCOUNT: lambda coupa, since: coupa.accounts(since),
    ORDER: lambda coupa, since: coupa.purchase_orders(since),
    RECEIPT: lambda coupa, since: coupa.receipts(since),
    PAST_INVOICE: lambda coupa, since: coupa.history(since),
}


def refresh(batch: Batch, *, at_once: bool = False) -> None:
    """Read from Coupa what changed since the last look, however short ago that was if ``at_once`` is given.

    Without a REST API the flows alone feed the store.
    """
    settings = batch.world.settings.coupa
    if not settings.url:
        return
    oldest = batch.now() - dt.timedelta(minutes=settings.reference_minutes)
    for kind, fetch in SOURCES.items():
        if _comes_by_file(batch, kind):
            continue
        with batch.world.ledger.read() as tx:
            seen = batches.read_watermark(tx, f"reference {kind}")
        if at_once or seen is None or seen < oldest:
            _refresh(batch, kind, fetch, seen)


def _comes_by_file(batch: Batch, kind: str) -> bool:
    """True for orders and receipts whose flow reads export files; bank details of suppliers come by REST only."""
    flows = batch.world.settings.flows
    flow = {ORDER: flows.purchase_orders, RECEIPT: flows.receipts}.get(kind)
    return flow is not None and flow.source == "files"


def _refresh(batch: Batch, kind: str, fetch: Fetch, seen: dt.datetime | None) -> None:
    batch.world.progress.step(f"reading {kind} references from Coupa")
    now = batch.now()
    results = fetch(batch.world.partners.coupa, seen - OVERLAP if seen else None)
    entries = [entry(result) for result in results if not isinstance(result, Finding)]
    with batch.world.ledger.write() as tx:
        reference.put(tx, entries, now)
        batches.set_watermark(tx, f"reference {kind}", now, batch.id)


def master(batch: Batch) -> SupplierMaster:
    """Return the supplier master, read once a batch."""
    if batch.master is None:
        with batch.world.ledger.read() as tx:
            batch.master = SupplierMaster(stored.load(Supplier, text) for text in reference.every(tx, SUPPLIER))
    return batch.master


def templates(batch: Batch) -> Mapping[str, Template]:
    """Return the supplier templates, read once a batch."""
    if batch.templates is None:
        batch.templates = load_templates(batch.world.settings.home)
    return batch.templates


def context(batch: Batch, invoice: Invoice, record_id: int, **more: Any) -> Context:  # noqa: ANN401
    """Gather what an invoice is judged against; ``more`` are findings, confidence and image of its reading."""
    supplier, candidates = master(batch).find(invoice)
    number = supplier.number if supplier else invoice.supplier_number
    with batch.world.ledger.read() as tx:
        orders = _orders(tx, invoice, number)
        return Context(
            supplier=supplier,
            candidates=candidates,
            orders=orders,
            receipts=_receipts(tx, orders),
            history=(*_coupa_history(tx, invoice, number), *_own_history(tx, batch, invoice, number, record_id)),
            accounts=_accounts(tx, batch, invoice.chart_of_accounts),
            **more,
        )


def _orders(tx: Connection, invoice: Invoice, supplier_number: str) -> tuple[PurchaseOrder, ...]:
    """The orders that the lines name and the open ones of the supplier."""
    named = (reference.get(tx, ORDER, number) for number in invoice.po_numbers)
    open_ones = reference.of_supplier(tx, ORDER, supplier_number) if supplier_number else ()
    texts = dict.fromkeys(text for text in (*named, *open_ones) if text)
    return tuple(stored.load(PurchaseOrder, text) for text in texts)


def _receipts(tx: Connection, orders: Iterable[PurchaseOrder]) -> tuple[Receipt, ...]:
    """The receipts of the orders, under the orders' numbers whether they came by number or by id."""
    return tuple(
        replace(stored.load(Receipt, text), order_number=order.number)
        for order in orders
        for lookup in receipt_lookups(order)
        for text in reference.by_lookup(tx, RECEIPT, lookup)
    )


def _accounts(tx: Connection, batch: Batch, chart: str) -> frozenset[str] | None:
    """The active accounts of a chart, or of all, read once a batch."""
    if chart not in batch.accounts:
        batch.accounts[chart] = _active(tx, chart)
    return batch.accounts[chart]


def _active(tx: Connection, chart: str) -> frozenset[str] | None:
    texts = reference.by_lookup(tx, ACCOUNT, chart) if chart else reference.every(tx, ACCOUNT)
    accounts = [stored.load(Account, text) for text in texts]
    return frozenset(account.code for account in accounts if account.active) if accounts else None


def _coupa_history(tx: Connection, invoice: Invoice, supplier_number: str) -> tuple[PastInvoice, ...]:
    """What Coupa has of this supplier, and of others with the same amount."""
    same_amount = reference.by_lookup(tx, PAST_INVOICE, f"{invoice.currency} {invoice.total}")
    of_supplier = reference.of_supplier(tx, PAST_INVOICE, supplier_number) if supplier_number else ()
    texts = dict.fromkeys((*of_supplier, *same_amount))
    return tuple(past_invoice(stored.load(Invoice, text), source="coupa") for text in texts)


def _own_history(
    tx: Connection, batch: Batch, invoice: Invoice, supplier_number: str, record_id: int
) -> tuple[PastInvoice, ...]:
    """What the exchange has of this supplier or with this image and amount and Coupa does not show yet."""
    row = schema.record
    alike = (row.c.supplier_number == supplier_number) | (row.c.amount == invoice.total)
    readable = and_(row.c.document != "", func.coalesce(row.c.decision, "") != records.VOIDED)
    query = select(row).where(row.c.flow == batch.flow, row.c.id < record_id, alike, readable).order_by(row.c.id)
    rows = tx.execute(query).mappings().all()
    return tuple(_own(record) for record in rows if not _shown(tx, record))


def _shown(tx: Connection, record: RowMapping) -> bool:
    return bool(record["remote_id"]) and reference.get(tx, PAST_INVOICE, record["remote_id"]) is not None


def _own(record: RowMapping) -> PastInvoice:
    """A record of ours as history; what its judgement says it bills is in the order's units, its lines are not."""
    past = _judged(record["document"], record["judgement"] or "")
    status = "" if record["state"] in (records.NEW, records.INTENT) else record["state"]
    return replace(past, status=status or past.status, image_sha256=record["image_sha256"] or "")


@lru_cache(maxsize=4096)  # a supplier's earlier invoices come again with each of its invoices
def _judged(document: str, judgement: str) -> PastInvoice:
    past = past_invoice(stored.load(Invoice, document), source="exchange")
    billed = stored.load(Judgement, judgement).billed if judgement else ()
    known = {(line.po_number, line.po_line_number) for line in billed}
    others = (line for line in past.lines if (line.po_number, line.po_line_number) not in known)
    return replace(past, lines=(*billed, *others))


def past_invoice(invoice: Invoice, *, source: str) -> PastInvoice:
    """Return an invoice as history."""
    return PastInvoice(
        key=business_key(invoice),
        number=invoice.number,
        supplier_number=invoice.supplier_number,
        date=invoice.date,
        currency=invoice.currency,
        total=invoice.total,
        is_credit_note=invoice.is_credit_note,
        original_number=invoice.original_number,
        lines=tuple(
            BilledLine(
                po_number=line.po_number,
                po_line_number=line.po_line_number,
                quantity=line.quantity,
                amount=line.net,
                description=line.description,
                account_code=line.account_code,
            )
            for line in invoice.lines
        ),
        iban=invoice.iban,
        source=source,
        status=invoice.status,
    )
