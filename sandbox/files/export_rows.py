"""Coupa's REST objects as rows of its export files.

A column finds its value by an explicit path, else by its own name: ``supplier-name`` is ``name`` of ``supplier``.
What the sandbox does not keep stays empty. Flags are written ``true`` and ``false`` (inferred). Coupa's standard layout
has no PO number: ``id`` and ``order-header-id`` are the order's id. As customers with a numbering of their own must, the
sandbox adds ``po-number`` as a last column of the order's header.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandbox.coupa import orders
from sandbox.files.columns import columns, row_types
from sandbox.store import Json, Store

Cells = list[str]

_ORDER = {
    "payment-terms-code": "payment-term.code",
    "payment-terms-days-for-net-payment": "payment-term.days-for-net-payment",
    "payment-terms-days-for-discount-payment": "payment-term.days-for-discount-payment",
    "payment-terms-discount-rate": "payment-term.discount-rate",
    "Shipping-terms-code": "shipping-term.code",
    "ship-to-address-country": "ship-to-address.country.code",
    "requisition-id": "requisition-header.id",
}
_ORDER_LINE = {
    "line-number": "line-num",
    "line-type": "type",
    "currency": "currency.code",
    "account-type": "account.account-type.name",
    "department": "department.name",
    "uom": "uom.code",
    "commodity": "commodity.name",
    "accounting-total": "total",
    "accounting-total-currency": "currency.code",
    "active-invoiced-amount": "invoiced-amount",
    "requisition-line": "requisition-line-id",
}
_SPLIT = {
    "account-allocation-id": "id",
    "account-allocation-amount": "amount",
    "account-allocation-percent": "pct",
    "account-type": "account.account-type.name",
}
_INVOICE = {
    "account-type-name": "account-type.name",
    "payment-term": "payment-term.code",
    "currency": "currency.code",
    "total": "gross-total",
    "accounting-total-amount": "gross-total",
    "accounting-total-currency": "currency.code",
    "remit-to-address-code": "remit-to-address.remit-to-code",
    "supplier-remit-to-code": "supplier-remit-to.remit-to-code",
    "header-tax-code": "header-tax.code",
    "header-tax-rate": "header-tax.rate",
    "header-tax-amount": "header-tax.amount",
    "Channel": "channel",
    "credit-reason": "credit-reason",
    "net_due_date": "net-due-date",
    "discount_due_date": "discount-due-date",
    "discount_amount": "discount-amount",
}
_INVOICE_LINE = {
    "invoice-line-id": "id",
    "line-type": "type",
    "invoice-charge-id": "id",
    "uom": "uom.code",
    "accounting-total": "total",
    "accounting-total-currency": "currency.code",
    "supplier-part-number": "source-part-num",
    "commodity-name": "commodity.name",
    "billing-notes": "billing-note",
    "percent": "pct",
    "tax-amount": "tax.amount",
    "tax-code": "tax.code",
    "tax-rate": "tax.rate",
    "tax-description": "tax.description",
    "total-tax": "tax.amount",
}
_TAX = {
    "tax-line-id": "id",
    "tax-line-number": "place",
    "basis": "basis",
    "Base Amount": "base",
    "Direct/Withholding Tax/TCS Tax": "type",
}
_SUPPLIER = {
    "Account Number": "account-number",
    "Buyer Hold": "buyer-hold",
    "DUNS": "duns",
    "Id": "id",
    "Invoice Matching Level": "invoice-matching-level",
    "Name": "name",
    "On Hold": "on-hold",
    "Payment Method": "payment-method",
    "Payment Terms": "payment-term.code",
    "PO Change Method'": "po-change-method",
    "PO Email": "po-email",
    "Po Method": "po-method",
    "Primary Address City": "primary-address.city",
    "Primary Address Country Code": "primary-address.country.code",
    "Primary Address Postal Code": "primary-address.postal-code",
    "Primary Address State": "primary-address.state",
    "Primary Address Street1": "primary-address.street1",
    "Primary Address Street2": "primary-address.street2",
    "Primary Address Tax Number": "primary-address.vat-number",
    "Primary Contact Email": "primary-contact.email",
    "Primary Contact Name Family": "primary-contact.name-family",
    "Primary Contact Name Given": "primary-contact.name-given",
    "Send Invoices To Approvals": "send-invoices-to-approvals",
    "Status": "status",
    "Supplier Number": "number",
    "Tax ID": "tax-id",
}
_RECEIPT = {
    "Account Code": "account.code",
    "Barcode": "barcode",
    "Chart of Accounts": "account.account-type.id",
    "Created at": "created-at",
    "Exported": "exported",
    "ID": "id",
    "Match Reference": "match-reference",
    "Order Line Account Code": "line.account.code",
    "Order Line Accounting Total Currency": "line.currency.code",
    "Order Line Accounting-Total": "line.total",
    "Order Line Chart of Accounts": "line.account.account-type.name",
    "Order Line Commodity Name": "line.commodity.name",
    "Order Line Created-At": "line.created-at",
    "Order Line Currency": "line.currency.code",
    "Order Line Department Name": "line.department.name",
    "Order Line Description": "line.description",
    "Order Line ID": "line.id",
    "Order Line Number": "line.line-num",
    "Order Line PO ID": "order.id",
    "Order Line Price": "line.price",
    "Order Line Qty Invoiced": "line.invoiced",
    "Order Line Quantity": "line.quantity",
    "Order Line Received": "line.received",
    "Order Line Source Part Number": "line.source-part-num",
    "Order Line Status": "line.status",
    "Order Line Supplier Name": "order.supplier.name",
    "Order Line Total": "line.total",
    "Order Line Type": "line.type",
    "Order Line Version": "line.version",
    "Price": "price",
    "Quantity": "quantity",
    "Received Weight": "received-weight",
    "RFID Tag": "rfid-tag",
    "Status": "status",
    "Total": "total",
    "Type": "type",
    "UOM Code": "uom.code",
    "Updated-At": "updated-at",
}
_RECEIPT_SPLIT = {
    "Id": "id",
    "Inventory Transaction Id": "receipt.id",
    "PO Number": "order.id",
    "Order Line Id": "line.id",
    "Order Line Number": "line.line-num",
    "Amount": "amount",
    "Percent": "pct",
    "Currency": "line.currency.code",
    "Account Code": "account.code",
    "Account Active": "account.active",
    "Account Name": "account.name",
    "Account Type": "account.account-type.name",
}


def headers(layout: str) -> list[Sequence[str]]:
    """Return the header rows of an export file, one for each row type."""
    return list(row_types(layout).values())


def supplier_rows(_: Store, supplier: Json) -> Iterator[Cells]:
    """Yield the one row of a supplier."""
    yield _row(columns("suppliers-export"), supplier, _SUPPLIER)


def order_rows(_: Store, order: Json) -> Iterator[Cells]:
    """Yield a purchase order: its header, and each line followed by its splits."""
    yield _typed("orders-export", "Header", order, _ORDER)
    for line in order.get("order-lines") or ():
        around = {"order-header-id": order["id"], "supplier": order.get("supplier"), "currency": order.get("currency")}
        yield _typed("orders-export", "Line", around | line | _segments(line), _ORDER_LINE)
        around |= {"order-line-id": line["id"], "order-line-num": line["line-num"]}
        yield from _splits("orders-export", "Line Split", line, around)


def invoice_rows(_: Store, invoice: Json) -> Iterator[Cells]:
    """Yield an invoice: header, lines and charges each followed by their splits, taxes."""
    yield _typed("invoices-export", "Header", invoice | {"header-tax": _tax_sum(invoice)}, _INVOICE)
    for name, row_type in (("invoice-lines", "Line"), ("invoice-charges", "Charge")):
        for line in invoice.get(name) or ():
            own = {"invoice-id": invoice["id"], "currency": invoice.get("currency"), "tax": _tax_sum(line)}
            yield _typed("invoices-export", row_type, own | line | _segments(line), _INVOICE_LINE)
            around = {"invoice-id": invoice["id"], "line-num": line["line-num"]} | _order_of(line)
            around |= {f"invoice-{row_type.lower()}-id": line["id"], "currency_code": _get(invoice, "currency.code")}
            yield from _splits("invoices-export", f"{row_type} Split", line, around)
    yield from _tax_rows(invoice)


def receipt_rows(store: Store, receipt: Json) -> Iterator[Cells]:
    """Yield a receipt with what its order line says, then its splits."""
    order, line = orders.with_line(store, receipt["order-line"]["id"]) or ({}, receipt["order-line"])
    around = {"receipt": receipt, "order": order, "line": line}
    yield [
        "Inventory Transaction",
        *_row(columns("receipts-export", "Inventory Transaction"), receipt | around, _RECEIPT)[1:],
    ]
    for place, share in enumerate(receipt.get("account-allocations") or (), 1):
        split = around | share | _segments(share, "Account Segment ") | {"Allocation Number": place}
        yield ["Line Split", *_row(columns("receipts-export", "Line Split"), split, _RECEIPT_SPLIT)[1:]]


def _typed(layout: str, row_type: str, found: Json, paths: Mapping[str, str]) -> Cells:
    return [row_type, *_row(columns(layout, row_type)[1:], found, paths)]


def _row(names: Sequence[str], found: Json, paths: Mapping[str, str]) -> Cells:
    return [_text(_get(found, paths[name]) if name in paths else _by_name(found, name)) for name in names]


def _get(found: Json, path: str) -> object:
    value: Any = found
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _by_name(found: Json, column: str) -> object:
    """Return what a hyphenated column means: a value of that name, or one inside the object its first words name."""
    if column in found:
        return found[column]
    words = column.split("-")
    for cut in range(len(words) - 1, 0, -1):
        inner = found.get("-".join(words[:cut]))
        if isinstance(inner, dict):
            return _by_name(inner, "-".join(words[cut:]))
    return None


def _text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _segments(coded: Json, prefix: str = "segment-") -> Json:
    """Return the segments of an object's account, as its code joins them."""
    code = (coded.get("account") or {}).get("code") or ""
    return {f"{prefix}{place}": segment for place, segment in enumerate(code.split("-"), 1) if segment}


def _splits(layout: str, row_type: str, line: Json, around: Json) -> Iterator[Cells]:
    for place, share in enumerate(line.get("account-allocations") or (), 1):
        split = share | around | {"account-allocation-sequence": place} | _segments(share)
        yield _typed(layout, row_type, split, _SPLIT)


def _order_of(line: Json) -> Json:
    return {name: line.get(name) for name in ("order-header-num", "order-line-id", "order-line-num")}


def _tax_sum(taxed: Json) -> Json:
    """Return the sum of the taxes of a header, line or charge, with code and rate of the first; nothing without tax."""
    taxes = taxed.get("tax-lines") or ()
    first: Json = taxes[0] if taxes else {}
    return first and first | {"amount": str(sum(Decimal(tax.get("amount") or 0) for tax in taxes))}


def _tax_rows(invoice: Json) -> Iterator[Cells]:
    yield from _taxes_of(invoice, invoice, {})
    for line in invoice.get("invoice-lines") or ():
        owner = {"invoice-line-id": line["id"], "invoice-line-number": line["line-num"]}
        yield from _taxes_of(invoice, line, owner)
    for charge in invoice.get("invoice-charges") or ():
        owner = {"invoice-charge-id": charge["id"], "invoice-charge-number": charge["line-num"]}
        yield from _taxes_of(invoice, charge, owner)


def _taxes_of(invoice: Json, taxed: Json, owner: Json) -> Iterator[Cells]:
    around = {"invoice-id": invoice["id"], "invoice-number": invoice["invoice-number"]} | owner
    for place, tax in enumerate(taxed.get("tax-lines") or (), 1):
        yield _typed("invoices-export", "Tax", tax | around | {"place": place}, _TAX)
