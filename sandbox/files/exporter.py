"""Coupa's exporter: it places what was not exported yet into Outgoing/<Object>, then flags it exported.

Orders are exported when issued, invoices when approved, and once more when voided; receipts always. Suppliers have no
flag: those changed since the last supplier file are sent (inferred). Nothing to send means no file. File names of
orders and invoices are Coupa's; those of receipts and suppliers are inferred. Coupa exports every hour.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sandbox.coupa import domain
from sandbox.files.export_rows import Cells, headers, invoice_rows, order_rows, receipt_rows, supplier_rows
from sandbox.files.sheets import write_sheet
from sandbox.store import Json, Store, as_utc

OUTGOING = "Outgoing"
_WATERMARKS = "export_watermarks"


@dataclass(frozen=True, slots=True)
class Export:
    """What goes into one folder: the kind of object, which of them, the layout and the name of the file."""

    kind: str
    clause: str
    layout: str
    file_name: str
    rows: Callable[[Store, Json], Iterator[Cells]]


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
    "Suppliers": Export("suppliers", "updated_at > ?", "suppliers-export", "Supplier", supplier_rows),
}


def run_exporter(store: Store, root: Path) -> list[str]:
    """Write every export that is due below the SFTP root; return the paths of the files, relative to the root."""
    return [path for folder, export in EXPORTS.items() if (path := _export(store, export, root, folder))]


def _export(store: Store, export: Export, root: Path, folder: str) -> str | None:
    values = (_watermark(store),) if export.kind == "suppliers" else ()
    due = list(store.rows(export.kind, export.clause, values))
    if not due:
        return None
    path = _free_name(root / OUTGOING / folder, export.file_name, store.clock())
    rows = [*headers(export.layout), *(row for found in due for row in export.rows(store, found))]
    _place(root, path, write_sheet(rows))
    if export.kind == "suppliers":
        _move_watermark(store, max(str(as_utc(supplier["updated-at"])) for supplier in due))
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


def _watermark(store: Store) -> str:
    return str((store.get(_WATERMARKS, 1) or {}).get("suppliers", ""))


def _move_watermark(store: Store, moment: str) -> None:
    body = {"id": 1, "suppliers": moment}
    (store.save if store.get(_WATERMARKS, 1) else store.insert)(_WATERMARKS, body)
