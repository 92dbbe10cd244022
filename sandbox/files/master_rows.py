"""Coupa's one-row-a-record imports: suppliers, accounts, receipts and invoice payments.

Each function loads one row and returns True when the record is new, False when it changed an existing one.
Columns that the sandbox knows but has no use for are accepted and forgotten.
"""

from collections.abc import Mapping
from typing import Any

from sandbox.coupa import domain, orders
from sandbox.coupa.references import find
from sandbox.files.cells import Reader, flag, gather, moment, number, require, text, whole
from sandbox.files.invoice_rows import SEGMENTS, supplier_reference
from sandbox.files.sheets import RefusedError, Row
from sandbox.store import Json, Store

_SUPPLIER: Mapping[str, tuple[str, Reader]] = {
    "Name": ("name", text),
    "Display Name": ("display-name", text),
    "Status": ("status", text),
    "Supplier Number": ("number", text),
    "Account Number": ("account-number", text),
    "Tax ID": ("tax-id", text),
    "DUNS": ("duns", text),
    "Website": ("website", text),
    "PO Email": ("po-email", text),
    "PO Method": ("po-method", text),
    "PO Change Method": ("po-change-method", text),
    "Payment Method": ("payment-method", text),
    "Payment Terms": ("payment-term.code", text),
    "Invoice Matching Level": ("invoice-matching-level", text),
    "On Hold": ("on-hold", flag),
    "Buyer Hold": ("buyer-hold", flag),
    "Hold invoices for AP review": ("hold-invoices-for-ap-review", flag),
    "Always Route Invoices From This Supplier For Approval": ("send-invoices-to-approvals", flag),
    "Primary Contact Email": ("primary-contact.email", text),
    "Primary Contact Name Given": ("primary-contact.name-given", text),
    "Primary Contact Name Family": ("primary-contact.name-family", text),
    "Primary Address Street1": ("primary-address.street1", text),
    "Primary Address Street2": ("primary-address.street2", text),
    "Primary Address City": ("primary-address.city", text),
    "Primary Address State": ("primary-address.state", text),
    "Primary Address Postal Code": ("primary-address.postal-code", text),
    "Primary Address Country Code": ("primary-address.country.code", text),
    "Primary Address Vat Number": ("primary-address.vat-number", text),
}
_ACCOUNT: Mapping[str, tuple[str, Reader]] = {
    "Name": ("name", text),
    "Active": ("active", flag),
    "Chart of Accounts": ("account-type.name", text),
    **{f"Segment {place}": (f"segment-{place}", text) for place in SEGMENTS},
}
_RECEIPT: Mapping[str, tuple[str, Reader]] = {
    "Barcode": ("barcode", text),
    "Currency": ("currency.code", text),
    "Price": ("price", number),
    "Quantity": ("quantity", number),
    "RFID Tag": ("rfid-tag", text),
    "Type": ("type", text),
    "UOM Code": ("uom.code", text),
    "Status": ("status", text),
    "Match Reference": ("match-reference", text),
}
_PAYMENT: Mapping[str, tuple[str, Reader]] = {
    "Check Amount Paid": ("amount-paid", number),
    "Check # / Note": ("check-number", text),
    "Check Payment Date": ("payment-date", moment),
    "Category": ("category", text),
}
_PAID: Mapping[str, tuple[str, Reader]] = {
    "Paid": ("paid", flag),
    "Paid-in-Full Date": ("payment-date", moment),
    "Paid-in-Full Note": ("payment-notes", text),
}


def load_supplier(store: Store, row: Row) -> bool:
    """Create or change a supplier; the key is the id, else the number, else the name."""
    record = gather(row, _SUPPLIER)
    key = _supplier_key(row)
    if existing := find(store, "suppliers", key):
        domain.update_record(store, "suppliers", existing["id"], record)
        return False
    if "id" in key:
        raise RefusedError(row.error("Id", "Id unable to find matching supplier."))
    require(row, "Name")
    domain.create_record(store, "suppliers", {"status": "active"} | record)
    return True


def _supplier_key(row: Row) -> Json:
    if found := whole(row, "Id"):
        return {"id": found}
    return supplier_reference(row) if row["Supplier Number"] else {"name": row["Name"]}


def load_account(store: Store, row: Row) -> bool:
    """Create or change an account; its key is the code, the segments joined by hyphens, in its chart of accounts."""
    require(row, "Active", "Chart of Accounts", "Segment 1")
    segments = [row[f"Segment {place}"] for place in SEGMENTS]
    code = "-".join(segment for segment in segments if segment)
    last = max(place for place, segment in enumerate(segments) if segment)
    if not all(segments[:last]):
        raise RefusedError(row.error("Segment 1", "Segments must not have gaps"))
    record = gather(row, _ACCOUNT) | {"code": code}
    if existing := find(store, "accounts", record):
        domain.update_record(store, "accounts", existing["id"], record)
        return False
    domain.create_record(store, "accounts", {"name": code} | record)
    return True


def load_receipt(store: Store, row: Row) -> bool:
    """Post a receipt on an order line; on amount lines the price is the amount.

    A receipt whose id exists cannot be changed by file (both inferred).
    """
    require(row, "Type")
    receipt = whole(row, "ID")
    if receipt and store.get("receiving_transactions", receipt):
        raise RefusedError(row.error("ID", "ID has already been taken"))
    line = _order_line(store, row)
    measured = gather(row, _RECEIPT)
    if not orders.is_quantity(line):
        measured["total"] = measured.pop("price", None)
    domain.post_receipt(store, measured | {"order-line": {"id": line["id"]}})
    return True


def _order_line(store: Store, row: Row) -> Json:
    """Return the order line by its id, or by order and line number."""
    wanted = {"id": row["Order Line Id"], "line-num": row["Order Line Number"]}
    named = {key: value for key, value in wanted.items() if value}
    order = orders.find_order(store, row["Order Line PO Id"]) or {}
    for line in order.get("order-lines", ()):
        if named and all(str(line.get(key)) == value for key, value in named.items()):
            found: Json = line
            return found
    raise RefusedError(row.error("Order Line Id", "Order line unable to find matching order line."))


def load_payment(store: Store, row: Row) -> bool:
    """Apply a payment to the one approved invoice that the row names, by id or number, supplier and date."""
    invoice = _invoice(store, row)
    if payment := gather(row, _PAYMENT):
        domain.pay(store, invoice["id"], payment)
    if paid := gather(row, _PAID):
        domain.mark_paid(store, invoice["id"], paid)
    return True


def _invoice(store: Store, row: Row) -> Json:
    clause, values = _wanted(row)
    found = [invoice for invoice in store.rows("invoices", clause, values) if _narrowed(row, invoice)]
    if len(found) != 1:
        found_text = "more than one" if found else "no"
        raise RefusedError(row.error("Invoice Number", f"Payment matches {found_text} approved invoice."))
    return found[0]


def _wanted(row: Row) -> tuple[str, list[Any]]:
    if by_id := whole(row, "Invoice ID"):
        return "id = ?", [by_id]
    require(row, "Invoice Number")
    return "number = ?", [row["Invoice Number"]]


def _narrowed(row: Row, invoice: Json) -> bool:
    supplier = invoice.get("supplier") or {}
    wanted = {
        "Supplier Number": supplier.get("number"),
        "Supplier Name": supplier.get("name"),
        "Invoice Number": invoice.get("invoice-number"),
    }
    day = str(invoice.get("invoice-date") or "")[:10]
    return (
        invoice["status"] == "approved"
        and row["Invoice Date"][:10] in {"", day}
        and all(row[column] in {"", str(value)} for column, value in wanted.items())
    )
