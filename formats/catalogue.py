"""Every flat-file layout, by its permanent name."""

from collections.abc import Mapping
from typing import Any

from formats.coupa.accounts import AccountImport
from formats.coupa.approved import InvoiceExport, InvoiceUpdates
from formats.coupa.invoices import InvoiceImport
from formats.coupa.lookup_values import LookupValueExport, LookupValueImport
from formats.coupa.payments import InvoicePaymentImport, PaymentImport
from formats.coupa.purchase_orders import PurchaseOrderExport
from formats.coupa.receipts import ReceiptExport, ReceiptImport
from formats.coupa.remit_to import RemitToExport, RemitToImport
from formats.coupa.suppliers import SupplierExport, SupplierImport
from formats.layout import Layout

LAYOUTS: Mapping[str, type[Layout[Any]]] = {
    layout.name: layout
    for layout in (
        SupplierExport,
        SupplierImport,
        AccountImport,
        LookupValueImport,
        LookupValueExport,
        PurchaseOrderExport,
        ReceiptExport,
        ReceiptImport,
        InvoiceImport,
        InvoiceExport,
        InvoiceUpdates,
        InvoicePaymentImport,
        PaymentImport,
        RemitToImport,
        RemitToExport,
    )
}


def documentation() -> str:
    """Return Markdown tables of all layouts' columns, made from the declarations."""
    parts = []
    for name, layout in LAYOUTS.items():
        summary = (layout.__doc__ or "").strip().splitlines()[0]
        parts.append(
            f"## {name}\n\n{summary}\n\n| row | # | column | type | required | field |\n|---|---|---|---|---|---|"
        )
        parts.extend(
            f"| {c.row} | {c.position} | `{c.column}` | {c.kind.replace('|', 'or')} | {'yes' if c.required else ''} "
            f"| {c.field or 'other'} |"
            for c in layout.columns()
        )
        parts.append("")
    return "\n".join(parts)
