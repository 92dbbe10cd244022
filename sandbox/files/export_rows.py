"""Coupa's REST objects as rows of its export files.

A column finds its value by an explicit path, else by its own name: ``supplier-name`` is ``name`` of ``supplier``.
What the sandbox does not keep stays empty. Flags are written ``true`` and ``false`` (inferred).

Coupa's standard layout has no PO number: ``id`` and ``order-header-id`` are the order's id. As customers with a
numbering of their own must, the sandbox adds ``po-number`` as a last column of the order's header.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from sandbox.coupa import orders, setup
from sandbox.files import export_paths as paths
from sandbox.files.columns import columns, row_types
from sandbox.store import Json, Store

Cells = list[str]
CUSTOM = {"Header": "header", "Line": "line"}


def headers(store: Store, layout: str) -> list[Sequence[str]]:
    """Return the header rows of an export file, one for each row type; those of invoices end in custom fields."""
    known: dict[str, Sequence[str]] = dict(row_types(layout))
    if layout == "invoices-export":
        known |= {row_type: (*known[row_type], *_custom(store, row_type)) for row_type in CUSTOM}
    return list(known.values())


def supplier_rows(_: Store, supplier: Json) -> Iterator[Cells]:
    """Yield the one row of a supplier."""
    yield _row(columns("suppliers-export"), supplier, paths.SUPPLIER)


def order_rows(_: Store, order: Json) -> Iterator[Cells]:
    """Yield a purchase order: its header, and each line followed by its splits."""
    yield _typed("orders-export", "Header", order, paths.ORDER)
    for line in order.get("order-lines") or ():
        around = {"order-header-id": order["id"], "supplier": order.get("supplier"), "currency": order.get("currency")}
        yield _typed("orders-export", "Line", around | line | _segments(line), paths.ORDER_LINE)
        around |= {"order-line-id": line["id"], "order-line-num": line["line-num"]}
        yield from _splits("orders-export", "Line Split", line, around)


def invoice_rows(store: Store, invoice: Json) -> Iterator[Cells]:
    """Yield an invoice: header, lines and charges each followed by their splits, taxes."""
    header = _typed("invoices-export", "Header", invoice | {"header-tax": _tax_sum(invoice)}, paths.INVOICE)
    yield header + _custom_cells(store, "Header", invoice)
    for name, row_type in (("invoice-lines", "Line"), ("invoice-charges", "Charge")):
        for line in invoice.get(name) or ():
            own = {"invoice-id": invoice["id"], "currency": invoice.get("currency"), "tax": _tax_sum(line)}
            cells = _typed("invoices-export", row_type, own | line | _segments(line), paths.INVOICE_LINE)
            yield cells + _custom_cells(store, row_type, line)
            around = {"invoice-id": invoice["id"], "line-num": line["line-num"]} | _order_of(line)
            around |= {f"invoice-{row_type.lower()}-id": line["id"], "currency_code": _get(invoice, "currency.code")}
            yield from _splits("invoices-export", f"{row_type} Split", line, around)
    yield from _tax_rows(invoice)


def receipt_rows(store: Store, receipt: Json) -> Iterator[Cells]:
    """Yield a receipt with what its order line says, then its splits."""
    order, line = orders.with_line(store, receipt["order-line"]["id"]) or ({}, receipt["order-line"])
    around = {"receipt": receipt, "order": order, "line": line}
    yield _typed("receipts-export", "Inventory Transaction", receipt | around, paths.RECEIPT)
    for place, share in enumerate(receipt.get("account-allocations") or (), 1):
        split = around | share | _segments(share, "Account Segment ") | {"Allocation Number": place}
        yield _typed("receipts-export", "Line Split", split, paths.RECEIPT_SPLIT)


def _typed(layout: str, row_type: str, found: Json, where: paths.Paths) -> Cells:
    return [row_type, *_row(columns(layout, row_type)[1:], found, where)]


def _row(names: Sequence[str], found: Json, where: paths.Paths) -> Cells:
    return [_text(_get(found, where[name]) if name in where else _by_name(found, name)) for name in names]


def _custom(store: Store, row_type: str) -> list[str]:
    return list(setup.custom_fields(store, CUSTOM[row_type]).values()) if row_type in CUSTOM else []


def _custom_cells(store: Store, row_type: str, found: Json) -> Cells:
    values = found.get("custom-fields") or {}
    return [_text(values.get(name)) for name in _custom(store, row_type)]


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
        yield _typed(layout, row_type, split, paths.SPLIT)


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
        yield _typed("invoices-export", "Tax", tax | around | {"place": place}, paths.TAX)
