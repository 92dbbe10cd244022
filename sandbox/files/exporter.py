"""Coupa's exporter: it places what was not exported yet into Outgoing/<Object>, then flags it exported.

Orders are exported when issued, invoices when approved, and once more when voided; receipts always. Suppliers have no
flag: those changed since the last supplier file are sent (inferred). InvoiceUpdates, once they are set up, are the
invoices that changed since the last such file. Nothing to send means no file. File names of
orders and invoices are Coupa's; those of receipts and suppliers are inferred. Coupa exports every hour.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.coupa import domain, setup
from sandbox.files.export_rows import Cells, headers, invoice_rows, order_rows, receipt_rows, supplier_rows
from sandbox.files.sheets import write_sheet
from sandbox.store import Json, Store, as_utc

OUTGOING = "Outgoing"
_WATERMARKS = "export_watermarks"
UPDATED = (
    "updated_at > ? AND status IN "
    "('ap_hold', 'approved', 'disputed', 'on_hold', 'pending_approval', 'pending_receipt', 'voided')"
)


@dataclass(frozen=True, slots=True)
class Export:
    """What goes into one folder: the kind of object, which of them, the layout and the name of the file."""

    kind: str
    clause: str
    layout: str
    file_name: str
    rows: Callable[[Store, Json], Iterator[Cells]]
    by_change: bool = False


EXPORTS = {
    "Invoices": Export(
        "invoices",
        "status IN ('approved', 'voided') AND exported IS NOT 1",
        "invoices-export",
        "InvoiceHeader",
        invoice_rows,
    ),
    "PurchaseOrders": Export(
        "purchase_orders", "status = 'issued' AND exported IS NOT 1", "orders-export", "OrderHeader", order_rows
    ),
    "Receipts": Export(
        "receiving_transactions", "exported IS NOT 1", "receipts-export", "InventoryTransaction", receipt_rows
    ),
    "Suppliers": Export("suppliers", "updated_at > ?", "suppliers-export", "Supplier", supplier_rows, by_change=True),
    "InvoiceUpdates": Export("invoices", UPDATED, "invoices-export", "InvoiceUpdates", invoice_rows, by_change=True),
}


def run_exporter(store: Store, root: Path) -> list[str]:
    """Write every export that is due below the SFTP root; return the paths of the files, relative to the root."""
    return [path for folder, export in EXPORTS.items() if (path := _export(store, export, root, folder))]


def _export(store: Store, export: Export, root: Path, folder: str) -> str | None:
    if folder == "InvoiceUpdates" and not setup.current(store)["invoice-updates"]:
        return None
    values = (_watermark(store, folder),) if export.by_change else ()
    due = list(store.rows(export.kind, export.clause, values))
    if not due:
        return None
    path = _free_name(root / OUTGOING / folder, export.file_name, store.clock())
    rows = [*headers(store, export.layout), *(row for found in due for row in export.rows(store, found))]
    _place(root, path, write_sheet(rows))
    if export.by_change:
        _move_watermark(store, folder, max(str(as_utc(one["updated-at"])) for one in due))
    else:
        for found in due:
            domain.set_exported(store, export.kind, found["id"])
    return str(path.relative_to(root))


def _free_name(folder: Path, name: str, moment: dt.datetime) -> Path:
    """Return the file's name for this moment, or for the next second that is free."""
    path = folder / f"{name}_{moment.astimezone(dt.UTC):%Y%m%d_%H%M%SZ}.csv"
    return path if not path.exists() else _free_name(folder, name, moment + dt.timedelta(seconds=1))


def _place(root: Path, path: Path, content: bytes) -> None:
    """Write under Temp/ and rename, so that nobody fetches half a file."""
    temporary = root / "Temp" / path.name
    temporary.write_bytes(content)
    temporary.replace(path)


def _watermark(store: Store, folder: str) -> str:
    return str((store.get(_WATERMARKS, 1) or {}).get(folder, ""))


def _move_watermark(store: Store, folder: str, moment: str) -> None:
    body = (store.get(_WATERMARKS, 1) or {}) | {"id": 1, folder: moment}
    (store.save if store.get(_WATERMARKS, 1) else store.insert)(_WATERMARKS, body)
