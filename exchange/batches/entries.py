"""How reference documents are kept: the kind, the key and what they are looked up by."""

from dataclasses import replace

from exchange.ledger.reference import Entry
from formats import stored
from formats.documents import Account, Document, Invoice, PurchaseOrder, Receipt, Supplier

SUPPLIER = "supplier"
ACCOUNT = "account"
ORDER = "order"
RECEIPT = "receipt"
PAST_INVOICE = "invoice"
ORDER_ID = "id "


def of_order_id(receipt: Document) -> Document:
    """Return a receipt of an export file, which names its order by Coupa's id, so that no number is taken for one."""
    return replace(receipt, order_number=ORDER_ID + receipt.order_number) if isinstance(receipt, Receipt) else receipt


def plain(document: Document) -> Document:
    """Return an invoice without what changes when nothing happens to it: its exported flag and when it was touched."""
    return replace(document, exported=False, updated_at=None) if isinstance(document, Invoice) else document


def receipt_lookups(order: PurchaseOrder) -> tuple[str, ...]:
    """Return what the receipts of an order are looked up by: its number and, for those out of files, its id."""
    return (order.number,) if order.id is None else (order.number, f"{ORDER_ID}{order.id}")


def entry(document: Document) -> Entry:
    """Return the reference entry of a document; TypeError for a payment, which is no reference."""
    text = stored.dump(document)
    match document:
        case Supplier():
            return Entry(kind=SUPPLIER, key=document.number or document.name, document=text)
        case Account():
            return Entry(
                kind=ACCOUNT,
                key=f"{document.chart_of_accounts} {document.code}",
                lookup=document.chart_of_accounts,
                document=text,
            )
        case PurchaseOrder():
            return Entry(kind=ORDER, key=document.number, supplier_number=document.supplier_number, document=text)
        case Receipt():
            return Entry(kind=RECEIPT, key=document.id, lookup=document.order_number, document=text)
        case Invoice():
            return Entry(
                kind=PAST_INVOICE,
                key=str(document.id),
                supplier_number=document.supplier_number,
                lookup=f"{document.currency} {document.total}",
                document=text,
            )
        case _:
            raise TypeError(f"{type(document).__name__} is no reference document")
